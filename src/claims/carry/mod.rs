//! Carrying marks over to a new version of an article: what says the same goes by itself, all else waits for a person.

pub mod background;
pub mod compare;
pub mod decide;
mod find;
pub mod list;
pub mod notices;
mod pages;
pub mod store;

use actix_web::web;
use compare::{Extents, compare};
use sqlx::PgConnection;

use crate::articles::store::hash;
use crate::articles::versions::{self, NewVersion};
use crate::audit;
use crate::auth::Authorized;
use crate::auth::permission::AddArticle;
use crate::codes::codes;
use crate::error::{Error, Result};
use crate::id::{ArticleId, VersionId};
use crate::text::Document;

pub use pages::routes;

codes! {
    /// What is decided about a mark in a new version.
    Decision {
        /// By itself, because the words are the same.
        Carried = "carried", "carried over";
        Pending = "pending", "waits for a look";
        Confirmed = "confirmed", "confirmed";
        Moved = "moved", "moved";
        Orphaned = "orphaned", "left without a place";
        /// Nobody looked before a newer version came.
        Superseded = "superseded", "a newer version came";
    }
}

/// What became of a text that came in again.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Added {
    /// It is the next version.
    Version {
        id: VersionId,
        number: i32,
        /// How many marks went over by themselves.
        carried: usize,
        /// How many wait for a person.
        waiting: usize,
    },
    /// It is the text of the latest version, whose number this is: nothing was stored.
    Unchanged { number: i32 },
}

/// Stores a text as the next version of an article and carries its marks over, removed ones included, so that they can
/// come back. Everything that brings a text in again calls this, inside its own unit of work. It records
/// `article.revise` itself, unless the text is unchanged.
///
/// Until the transaction ends, nobody marks words in the article or adds another version of it.
///
/// # Errors
/// [`Error::NotFound`](crate::error::Error::NotFound) when the desk has no such article.
pub async fn add_version(
    conn: &mut PgConnection,
    by: &Authorized<AddArticle>,
    article: ArticleId,
    new: &NewVersion,
) -> Result<Added> {
    let desk = by.desk.id;
    let latest = versions::store::hold_latest(conn, desk, article).await?;
    if latest.hash == hash(new.document.text()) {
        return Ok(Added::Unchanged { number: latest.number });
    }
    let marks = store::standing(conn, desk, article).await?;
    let texts = versions::store::bodies(conn, desk, &find::versions(&marks)).await?;
    let findings = find::all(texts, new.document.text().to_owned(), marks).await?;
    let carried = findings.iter().filter(|finding| finding.exact.is_some()).count();
    let waiting = findings.iter().filter(|finding| finding.waits()).count();
    let number = latest.number + 1;
    let changed = changed(conn, by, latest.id, &new.document).await?;
    let event = new.event(number, changed, carried, waiting);
    let change = audit::record(conn, by, "article.revise", "article", article, &event).await?;
    versions::store::insert(conn, by, &change, article, number, new).await?;
    store::supersede(conn, &change, article, new.id).await?;
    store::insert(conn, &change, article, new.id, &findings).await?;
    Ok(Added::Version { id: new.id, number, carried, waiting })
}

/// How much the new text differs from the one before.
async fn changed(
    conn: &mut PgConnection,
    by: &Authorized<AddArticle>,
    latest: VersionId,
    new: &Document,
) -> Result<Extents> {
    let old = versions::store::document(conn, by.desk.id, latest).await?;
    let new = new.clone();
    web::block(move || Extents::of(&compare(&old, &new), &old, &new)).await.map_err(Error::internal)
}
