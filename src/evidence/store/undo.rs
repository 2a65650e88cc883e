//! Taking a change of evidence back.

use serde_json::json;
use sqlx::PgConnection;

use super::changes::{remove, restore, update};
use super::evidence::get;
use crate::auth::Authorized;
use crate::auth::permission::CiteEvidence;
use crate::editing::{self, Entry, Sent};
use crate::error::{Error, Result};
use crate::evidence::cited::{EVIDENCE, EvidenceFields};
use crate::evidence::quotes::store::acknowledge;
use crate::id::{ClaimId, EventId, EvidenceId};

/// Gives evidence the texts that it had at a version, or takes it away when it was not there.
///
/// # Errors
/// [`Error::Conflict`] when what is cited stands still, [`Error::Invalid`] when the texts break a rule.
pub async fn bring_back(
    conn: &mut PgConnection,
    by: &Authorized<CiteEvidence>,
    claim: ClaimId,
    id: EvidenceId,
    to: Option<&Sent>,
    version: EventId,
) -> Result<()> {
    let mut was = get(conn, by.desk.id, claim, id).await?;
    let Some(to) = to else {
        return remove(conn, by, claim, id).await;
    };
    if was.removed_at.is_some() {
        restore(conn, by, claim, id).await?;
        was = get(conn, by.desk.id, claim, id).await?;
    }
    let theirs = was.values();
    let merge = to.merge(&theirs);
    if merge.is_unchanged() {
        return Ok(());
    }
    let fields = EvidenceFields::parse(&merge.applied(&theirs))?;
    let mut details = merge.details();
    details["restored"] = json!(version);
    update(conn, by, &was, &fields, &details).await
}

/// Takes back what an entry of the claim's history did to evidence.
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
    let id = EvidenceId::from(entry.entity_id);
    match &*entry.action {
        "evidence.add" | "evidence.restore" => remove(conn, by, claim, id).await,
        "evidence.remove" => restore(conn, by, claim, id).await,
        "evidence.acknowledge" => {
            let was = get(conn, by.desk.id, claim, id).await?;
            acknowledge(conn, by, &was, None).await
        }
        "evidence.edit" => {
            let sent = entry.undo(&EVIDENCE).ok_or(Error::NotFound("change"))?;
            let was = get(conn, by.desk.id, claim, id).await?;
            let theirs = was.values();
            let merge = editing::merge(conn, by, id.uuid(), &sent, &theirs).await?;
            if !merge.conflicts.is_empty() {
                return Err(Error::conflict("This was changed again since, so the change before it stays."));
            }
            if merge.is_unchanged() {
                return Ok(());
            }
            let to = EvidenceFields::parse(&merge.applied(&theirs))?;
            update(conn, by, &was, &to, &merge.details()).await
        }
        _ => Err(Error::NotFound("change")),
    }
}
