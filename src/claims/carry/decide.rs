//! Deciding about a mark that did not go over by itself, and taking the decision back.

use serde::Serialize;
use sqlx::PgConnection;
use time::OffsetDateTime;

use super::{Decision, store};
use crate::articles::versions;
use crate::audit::{self, Change};
use crate::auth::Authorized;
use crate::auth::permission::{MarkClaim, Publish};
use crate::claims::Stage;
use crate::error::{Error, Result};
use crate::id::{AppearanceId, ArticleId, DeskId, VersionId};
use crate::text::selector::Passage;

/// What a person says of a mark in the new version.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Choice {
    /// It stands where it was found.
    Confirm,
    /// It stands on these words.
    Move(Passage),
    /// It stands nowhere in this version.
    Orphan,
}

/// The mark that is decided on, as the person saw it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Seen {
    pub article: ArticleId,
    pub version: VersionId,
    pub appearance: AppearanceId,
    pub row_version: i32,
}

/// What is stored of a mark in a version.
#[derive(Clone, Debug)]
pub(super) struct Held {
    pub stage: Stage,
    pub removed: bool,
    pub decision: Decision,
    pub outcome: String,
    pub found_start: Option<i32>,
    pub found_end: Option<i32>,
    pub start: Option<i32>,
    pub end: Option<i32>,
    pub exact: Option<String>,
    /// The words that were looked for.
    pub sought: String,
    pub verdict: Option<i32>,
    pub row_version: i32,
}

impl Held {
    fn place(&self) -> Option<(i32, i32)> {
        self.found_start.zip(self.found_end)
    }
}

/// What the record says of a decision; the history of the claim shows `place`.
#[derive(Serialize)]
struct Details<'a> {
    version: VersionId,
    outcome: &'a str,
    start: Option<i32>,
    end: Option<i32>,
    place: Words<'a>,
}

#[derive(Serialize)]
struct Words<'a> {
    before: Option<&'a str>,
    after: Option<&'a str>,
}

/// Decides about a mark that waits in the latest version of its article. To put the mark of a public claim on other words
/// takes the right to publish, because they are public at once.
///
/// # Errors
/// [`Error::Conflict`] when somebody decided before, or a newer version came; [`Error::Invalid`] when there is nothing to
/// confirm; [`Error::Forbidden`].
pub async fn decide(
    conn: &mut PgConnection,
    by: &Authorized<MarkClaim>,
    seen: Seen,
    choice: &Choice,
) -> Result<()> {
    let row = hold(conn, by.desk.id, seen).await?;
    if row.decision != Decision::Pending || row.row_version != seen.row_version {
        return Err(Error::conflict("Somebody decided this a moment ago."));
    }
    if *choice != Choice::Orphan && row.stage.is_public() {
        by.and::<Publish>()?;
    }
    let (decision, action, place) = match choice {
        Choice::Confirm => {
            let place = row.place().ok_or(Error::invalid("There are no words to confirm."))?;
            (Decision::Confirmed, "appearance.confirm", Some(place))
        }
        Choice::Move(passage) => (Decision::Moved, "appearance.move", Some((passage.start(), passage.end()))),
        Choice::Orphan => (Decision::Orphaned, "appearance.orphan", None),
    };
    let words = match place {
        Some((start, end)) => Some(store::words(conn, by.desk.id, seen.version, start, end).await?),
        None => None,
    };
    let (start, end) = place.unzip();
    let place = Words { before: Some(&row.sought), after: words.as_deref() };
    let details = Details { version: seen.version, outcome: &row.outcome, start, end, place };
    let change = audit::record(conn, by, action, "appearance", seen.appearance, &details).await?;
    let decided =
        Decided { decision, start, end, exact: words.as_deref(), by: true, seen: row.verdict.is_some() };
    store::decide(conn, &change, seen, &decided).await?;
    if decided.exact.is_some() {
        store::draw(conn, &change, seen.version, Some(seen.appearance)).await?;
    }
    Ok(())
}

/// Takes a decision back: the mark waits again.
///
/// # Errors
/// As [`decide`].
pub async fn reconsider(conn: &mut PgConnection, by: &Authorized<MarkClaim>, seen: Seen) -> Result<()> {
    let row = hold(conn, by.desk.id, seen).await?;
    if row.row_version != seen.row_version
        || !matches!(row.decision, Decision::Confirmed | Decision::Moved | Decision::Orphaned)
    {
        return Err(Error::conflict("Somebody changed this a moment ago."));
    }
    if row.exact.is_some() && row.stage.is_public() {
        by.and::<Publish>()?;
    }
    let place = Words { before: row.exact.as_deref(), after: None };
    let details = Details { version: seen.version, outcome: &row.outcome, start: None, end: None, place };
    let change =
        audit::record(conn, by, "appearance.reconsider", "appearance", seen.appearance, &details).await?;
    if let Some((start, end)) = row.start.zip(row.end) {
        store::erase(conn, &change, seen, start, end).await?;
    }
    let again =
        Decided { decision: Decision::Pending, start: None, end: None, exact: None, by: false, seen: false };
    store::decide(conn, &change, seen, &again).await
}

/// What is stored of a decision.
#[derive(Debug)]
pub(super) struct Decided<'a> {
    pub decision: Decision,
    pub start: Option<i32>,
    pub end: Option<i32>,
    pub exact: Option<&'a str>,
    /// Whether it says who decided, and when.
    pub by: bool,
    /// Whether somebody has looked after the verdict with that.
    pub seen: bool,
}

impl Decided<'_> {
    /// Who decided, and when.
    pub(super) fn decider(&self, change: &Change) -> (Option<crate::id::AccountId>, Option<OffsetDateTime>) {
        if self.by { (Some(change.by), Some(change.at)) } else { (None, None) }
    }
}

/// Holds the article's latest version, so that no other comes meanwhile, and the mark in it.
async fn hold(conn: &mut PgConnection, desk: DeskId, seen: Seen) -> Result<Held> {
    let latest = versions::store::hold_latest(conn, desk, seen.article).await?;
    if latest.id != seen.version {
        return Err(Error::conflict("A newer version of the article came meanwhile."));
    }
    let row = store::held(conn, desk, seen).await?;
    if row.removed {
        return Err(Error::conflict("Somebody removed this mark meanwhile."));
    }
    Ok(row)
}
