//! All SQL of the log of who was asked for comment.

use serde_json::{Value, json};
use sqlx::PgConnection;
use time::{Date, OffsetDateTime};

use super::contact::{CONTACT, Channel, Contact, ContactFields, Outcome};
use crate::audit;
use crate::auth::Authorized;
use crate::auth::permission::LogContact;
use crate::db::IfViolates as _;
use crate::editing::{self, Entry};
use crate::error::{Error, Result};
use crate::id::{ClaimId, ContactId, DeskId};

/// How many entries the log of one claim shows.
const ENTRIES_MAX: i64 = 200;

/// The log of a claim, oldest first; what was removed last.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn of_claim(conn: &mut PgConnection, desk: DeskId, claim: ClaimId) -> Result<Vec<Contact>> {
    read(conn, desk, claim, None).await
}

/// One entry of a claim's log.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn get(conn: &mut PgConnection, desk: DeskId, claim: ClaimId, id: ContactId) -> Result<Contact> {
    read(conn, desk, claim, Some(id)).await?.pop().ok_or(Error::NotFound("entry"))
}

/// Whether the log says that somebody was asked for comment on the claim, or why nobody was.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn is_logged(conn: &mut PgConnection, desk: DeskId, claim: ClaimId) -> Result<bool> {
    Ok(sqlx::query_scalar!(
        r#"
        SELECT EXISTS (SELECT FROM claimant_contacts
                       WHERE desk_id = $1 AND claim_id = $2 AND removed_at IS NULL) AS "logged!"
        "#,
        desk as _,
        claim as _,
    )
    .fetch_one(conn)
    .await?)
}

async fn read(
    conn: &mut PgConnection,
    desk: DeskId,
    claim: ClaimId,
    id: Option<ContactId>,
) -> Result<Vec<Contact>> {
    let rows = sqlx::query!(
        r#"
        SELECT c.id AS "id: ContactId", c.whom, c.channel AS "channel: Channel", c.asked_on AS "asked_on: Date",
               c.deadline AS "deadline: Date", c.outcome AS "outcome: Outcome", c.reason, c.answer, c.note,
               a.display_name, c.removed_at AS "removed_at: OffsetDateTime", c.row_version
        FROM claimant_contacts c
        JOIN accounts a ON a.id = c.created_by
        WHERE c.desk_id = $1 AND c.claim_id = $2 AND ($3::uuid IS NULL OR c.id = $3)
        ORDER BY c.removed_at IS NOT NULL, c.asked_on NULLS LAST, c.id
        LIMIT $4
        "#,
        desk as _,
        claim as _,
        id as _,
        ENTRIES_MAX,
    )
    .fetch_all(conn)
    .await?;
    let contacts = rows.into_iter().map(|row| Contact {
        id: row.id,
        claim,
        fields: ContactFields {
            whom: row.whom,
            outcome: row.outcome,
            channel: row.channel,
            asked_on: row.asked_on,
            deadline: row.deadline,
            answer: row.answer,
            reason: row.reason,
            note: row.note,
        },
        created_by: row.display_name,
        removed_at: row.removed_at,
        row_version: row.row_version,
    });
    Ok(contacts.collect())
}

/// Adds an entry to a claim's log. `details` are those of the event.
///
/// # Errors
/// [`Error::NotFound`] when the desk has no such claim.
pub async fn add(
    conn: &mut PgConnection,
    by: &Authorized<LogContact>,
    claim: ClaimId,
    id: ContactId,
    fields: &ContactFields,
    mut details: Value,
) -> Result<()> {
    details["claim"] = json!(claim);
    let change = audit::record(conn, by, "contact.add", "contact", id, &details).await?;
    sqlx::query!(
        r#"
        INSERT INTO claimant_contacts (desk_id, id, claim_id, whom, channel, asked_on, deadline, outcome, reason, answer,
                                       note, created_by, created_at, event_id)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
        "#,
        change.desk as _,
        id as _,
        claim as _,
        fields.whom,
        fields.channel as _,
        fields.asked_on,
        fields.deadline,
        fields.outcome as _,
        fields.reason,
        fields.answer,
        fields.note,
        change.by as _,
        change.at,
        change.event as _,
    )
    .execute(conn)
    .await
    .if_violates("claimant_contacts_claim", Error::NotFound("claim"))?;
    Ok(())
}

/// Stores the fields of an entry, if nobody changed it since `was` was read. `details` are those of the event.
///
/// # Errors
/// [`Error::Conflict`] when somebody did.
pub async fn update(
    conn: &mut PgConnection,
    by: &Authorized<LogContact>,
    was: &Contact,
    to: &ContactFields,
    details: &Value,
) -> Result<()> {
    let change = audit::record(conn, by, "contact.edit", "contact", was.id, details).await?;
    let updated = sqlx::query!(
        r#"
        UPDATE claimant_contacts
        SET whom = $4, channel = $5, asked_on = $6, deadline = $7, outcome = $8, reason = $9, answer = $10, note = $11,
            row_version = row_version + 1, event_id = $12
        WHERE desk_id = $1 AND id = $2 AND row_version = $3 AND removed_at IS NULL
        "#,
        change.desk as _,
        was.id as _,
        was.row_version,
        to.whom,
        to.channel as _,
        to.asked_on,
        to.deadline,
        to.outcome as _,
        to.reason,
        to.answer,
        to.note,
        change.event as _,
    )
    .execute(conn)
    .await?;
    if updated.rows_affected() == 1 { Ok(()) } else { Err(editing::stale()) }
}

/// Removes an entry, or brings it back.
///
/// # Errors
/// [`Error::Conflict`] when that was done already.
pub async fn set_removed(
    conn: &mut PgConnection,
    by: &Authorized<LogContact>,
    claim: ClaimId,
    id: ContactId,
    removed: bool,
) -> Result<()> {
    let action = if removed { "contact.remove" } else { "contact.restore" };
    let change = audit::record(conn, by, action, "contact", id, &json!({"claim": claim})).await?;
    let updated = sqlx::query!(
        r#"
        UPDATE claimant_contacts SET removed_at = $4, row_version = row_version + 1, event_id = $5
        WHERE desk_id = $1 AND claim_id = $2 AND id = $3 AND (removed_at IS NULL) = ($4::timestamptz IS NOT NULL)
        "#,
        change.desk as _,
        claim as _,
        id as _,
        removed.then_some(change.at),
        change.event as _,
    )
    .execute(conn)
    .await?;
    if updated.rows_affected() == 1 {
        return Ok(());
    }
    Err(Error::conflict("Somebody else has done this already."))
}

/// Takes back what an entry of the claim's history did to the log.
///
/// # Errors
/// [`Error::Conflict`] when it was changed again since; [`Error::NotFound`] when the change is about something else.
pub async fn take_back(
    conn: &mut PgConnection,
    by: &Authorized<LogContact>,
    claim: ClaimId,
    entry: &Entry,
) -> Result<()> {
    let id = ContactId::from(entry.entity_id);
    match &*entry.action {
        "contact.add" | "contact.restore" => set_removed(conn, by, claim, id, true).await,
        "contact.remove" => set_removed(conn, by, claim, id, false).await,
        "contact.edit" => {
            let sent = entry.undo(&CONTACT).ok_or(Error::NotFound("change"))?;
            let was = get(conn, by.desk.id, claim, id).await?;
            let theirs = was.fields.values();
            let merge = editing::merge(conn, by, id.uuid(), &sent, &theirs).await?;
            if !merge.conflicts.is_empty() {
                return Err(Error::conflict("This was changed again since, so the change before it stays."));
            }
            if merge.is_unchanged() {
                return Ok(());
            }
            let to = ContactFields::parse(&merge.applied(&theirs))?;
            update(conn, by, &was, &to, &merge.details()).await
        }
        _ => Err(Error::NotFound("change")),
    }
}
