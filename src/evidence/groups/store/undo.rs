//! Taking a change of a set, a question or an answer back.

use serde_json::json;
use sqlx::PgConnection;
use uuid::Uuid;

use super::changes::{reorder, set_removed, update};
use super::read::get;
use crate::auth::Authorized;
use crate::auth::permission::CiteEvidence;
use crate::editing::{self, Entry, Sent};
use crate::error::{Error, Result};
use crate::evidence::groups::piece::Kind;
use crate::id::{ClaimId, EventId};

/// Gives one the texts that it had at a version, or takes it away when it was not there.
///
/// # Errors
/// [`Error::Conflict`] when what is cited stands still, [`Error::Invalid`] when the texts break a rule.
pub async fn bring_back(
    conn: &mut PgConnection,
    by: &Authorized<CiteEvidence>,
    claim: ClaimId,
    (kind, id): (Kind, Uuid),
    to: Option<&Sent>,
    version: EventId,
) -> Result<()> {
    let mut was = get(conn, by.desk.id, claim, kind, id).await?;
    let Some(to) = to else {
        return set_removed(conn, by, claim, kind, id, true).await;
    };
    if was.removed_at.is_some() {
        set_removed(conn, by, claim, kind, id, false).await?;
        was = get(conn, by.desk.id, claim, kind, id).await?;
    }
    let theirs = was.fields.values();
    let merge = to.merge(&theirs);
    if merge.is_unchanged() {
        return Ok(());
    }
    let fields = kind.parse(&merge.applied(&theirs))?;
    let mut details = merge.details();
    details["restored"] = json!(version);
    update(conn, by, &was, &fields, &details).await
}

/// Takes back what an entry of the claim's history did.
///
/// # Errors
/// [`Error::Conflict`] when somebody changed it since, or what is cited stands still; [`Error::NotFound`] when the entry
/// is about something else.
pub async fn take_back(
    conn: &mut PgConnection,
    by: &Authorized<CiteEvidence>,
    claim: ClaimId,
    entry: &Entry,
) -> Result<()> {
    let kind = Kind::of(&entry.entity).ok_or(Error::NotFound("change"))?;
    let id = entry.entity_id;
    match entry.action.split_once('.').map_or("", |(_, did)| did) {
        "add" | "restore" => set_removed(conn, by, claim, kind, id, true).await,
        "remove" => set_removed(conn, by, claim, kind, id, false).await,
        "move" => {
            let place = |side: &str| entry.details["position"][side].as_i64();
            let up = place("after") > place("before");
            reorder(conn, by, claim, id.into(), up).await
        }
        "edit" => {
            let sent = entry.undo(kind.fields()).ok_or(Error::NotFound("change"))?;
            let was = get(conn, by.desk.id, claim, kind, id).await?;
            let theirs = was.fields.values();
            let merge = editing::merge(conn, by, id, &sent, &theirs).await?;
            if !merge.conflicts.is_empty() {
                return Err(Error::conflict("This was changed again since, so the change before it stays."));
            }
            if merge.is_unchanged() {
                return Ok(());
            }
            let to = kind.parse(&merge.applied(&theirs))?;
            update(conn, by, &was, &to, &merge.details()).await
        }
        _ => Err(Error::NotFound("change")),
    }
}
