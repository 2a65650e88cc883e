//! The throw-away server of `factdesk demo`, whose desk is filled with sample content.
//!
//! Everything goes through the functions that pages use, as the accounts that are named, so that the record of changes tells
//! how the desk came to be as it is.

pub mod content;
mod course;
mod steps;
mod team;
mod typed;

use std::sync::Arc;

use sqlx::PgPool;
use time::{Duration, OffsetDateTime};

use self::content::{Account, CONTENT};
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

/// Serves a desk full of sample content until told to stop; then nothing is left of it.
///
/// # Errors
/// [`DemoError`].
pub async fn run(config: &Config) -> Result<(), DemoError> {
    demo_mode::turn_on();
    let address = BaseUrl::new(&config.base_url()).join(&format!("/{}", CONTENT.desk.slug));
    serve(config, Source::Throwaway, async |db: &Db| {
        fill(db.pool(), OffsetDateTime::now_utc()).await.map_err(DemoError::Fill)?;
        let accounts = Account::ALL.map(Account::handle).join(", ");
        announce(&format!(
            "The demo is at {address}. It holds nothing after it stops.\n\
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
    let steps = course(&CONTENT, now);
    let begun = steps.first().map_or(now, |(first, _)| *first);
    let team = team::found(pool, &CONTENT.desk, begun - Duration::days(14)).await?;
    let book = Arc::new(Book::new(&CONTENT, team, &steps)?);
    for (at, step) in steps {
        let book = book.clone();
        unit_of_work(pool, async move |tx| book.take(tx, at, step).await).await?;
    }
    Ok(())
}
