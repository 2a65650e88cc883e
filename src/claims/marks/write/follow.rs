//! Words that somebody saw in a version of an article to which a newer one came meanwhile.

use actix_web::web;
use sqlx::PgPool;

use super::{Marker, authorize};
use crate::articles::texts;
use crate::claims::marks::NewMark;
use crate::claims::store;
use crate::error::{Error, Result};
use crate::text::anchor::Revision;
use crate::text::offsets::integer;
use crate::text::selector::{Passage, Selector};

/// The same mark in the latest version.
///
/// # Errors
/// [`Error::Conflict`] when the words do not stand there as they did.
pub(super) async fn follow(pool: &PgPool, by: &Marker, mut new: NewMark) -> Result<NewMark> {
    let desk = authorize(pool, by).await?.desk.id;
    let latest = store::latest_version(&mut *pool.acquire().await?, desk, new.article).await?;
    let latest = latest.ok_or(Error::NotFound("article"))?;
    let (old, text) = (texts::get(pool, desk, new.version).await?, texts::get(pool, desk, latest).await?);
    let selector = new.selector.clone();
    let found = web::block(move || {
        let found = Revision::new(old.text(), text.text()).locate(&selector);
        let place = found.place.filter(|_| found.outcome.carries_over())?;
        let passage = Passage::at(text.text(), integer(place.start), integer(place.end)).ok()?;
        Some(Selector::of(text.text(), &passage))
    })
    .await
    .map_err(Error::internal)?;
    new.selector = found.ok_or(Error::conflict(
        "The article has a newer version, and these words do not stand in it as they did. Load the page again and mark them there.",
    ))?;
    new.version = latest;
    Ok(new)
}
