//! The throw-away server of `factdesk demo`, whose desks are filled with sample content.
//!
//! Everything goes through the functions that pages use, as the accounts that are named, so that the record of changes tells
//! how a desk came to be as it is.

pub mod content;
mod copies;
mod course;
mod steps;
mod team;
mod typed;

use std::sync::Arc;

use sqlx::PgPool;
use time::{Duration, OffsetDateTime};

use self::content::{Account, CONTENT, DATASET};
use self::course::course;
use self::steps::Book;
use crate::base_url::BaseUrl;
use crate::config::Config;
use crate::db::{Db, unit_of_work};
use crate::error::Error;
use crate::log::announce;
use crate::serve::{ServeError, Source, serve};
use crate::web::demo_mode;

pub use team::PASSWORD;

/// Why the demo does not run.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// The server does not.
    #[error(transparent)]
    Serve(#[from] ServeError),
    /// The desk could not be filled.
    #[error("Cannot fill the demo's desk: {0:?}.")]
    Fill(#[source] Error),
}

/// Serves two desks full of sample content until told to stop; then nothing is left of it.
///
/// # Errors
/// [`DemoError`].
pub async fn run(config: &Config) -> Result<(), DemoError> {
    demo_mode::turn_on();
    let base = BaseUrl::new(&config.base_url());
    let [address, dataset] =
        [&CONTENT, &DATASET].map(|content| base.join(&format!("/{}", content.desk.slug)));
    serve(config, Source::Throwaway, async |db: &Db| {
        fill(db.pool(), OffsetDateTime::now_utc()).await.map_err(DemoError::Fill)?;
        let accounts = Account::ALL.map(Account::handle).join(", ");
        announce(&format!(
            "The demo is at {address}. It holds nothing after it stops.\n\
             A second desk, which makes a dataset from blind assessments, is at {dataset}.\n\
             Sign in there with one click, or as one of {accounts}, with the password {PASSWORD}."
        ));
        Ok(())
    })
    .await
}

/// Fills an empty database with the sample content, as if it had come about until `now`.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn fill(pool: &PgPool, now: OffsetDateTime) -> Result<(), Error> {
    let courses = [&*CONTENT, &*DATASET].map(|content| (content, course(content, now)));
    let firsts = courses.iter().filter_map(|(_, steps)| steps.first().map(|(first, _)| *first));
    let people = team::arrive(pool, firsts.min().unwrap_or(now) - Duration::days(15)).await?;
    for (content, steps) in courses {
        let begun = steps.first().map_or(now, |(first, _)| *first);
        let team = team::found(pool, &content.desk, &people, begun - Duration::days(14)).await?;
        let book = Arc::new(Book::new(content, team, &steps)?);
        for (at, step) in steps {
            let book = book.clone();
            unit_of_work(pool, async move |tx| book.take(tx, at, step).await).await?;
        }
    }
    Ok(())
}
