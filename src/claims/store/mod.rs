//! All SQL about claims and appearances.

mod appearances;
mod edit;
mod list;
mod places;
mod plan;
mod restore;
pub mod similar;
mod sort;

use sqlx::PgConnection;
use uuid::Uuid;

use super::{Claim, ClaimType, DeclineReason, Plan, Priority, Stage};
use crate::auth::Viewer;
use crate::error::{Error, Result};
use crate::id::{AccountId, ClaimId, DeskId, EventId};

pub use appearances::{insert_address, set_removed, update_appearance};
pub use edit::{create, give, update};
pub use list::{Counts, Filter, Listed, counts, list, topics};
pub use places::{appearance, appearances, latest_articles, latest_version};
pub use plan::{assignable, plan};
pub use restore::{remove as remove_appearance, restore, restore_appearance};
pub use similar::{Similar, distinguish, similar};
pub use sort::{Outcome, decline, join, reopen};

/// The claim with that id.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn get(conn: &mut PgConnection, desk: DeskId, id: ClaimId) -> Result<Claim> {
    let row = sqlx::query!(
        r#"
        SELECT c.claim_reviewed, c.language, c.claim_types, c.topics, c.stage AS "stage: Stage",
               c.decline_reason AS "decline_reason: DeclineReason", c.decline_note, c.duplicate_of AS "duplicate_of: ClaimId",
               c.assignee_id AS "assignee_id: AccountId", a.display_name AS "assignee?", c.current_verdict,
               c.priority AS "priority: Priority", c.due_on,
               b.display_name AS created_by, c.created_at, c.row_version, c.event_id AS "event: EventId"
        FROM claims c
        JOIN accounts b ON b.id = c.created_by
        LEFT JOIN accounts a ON a.id = c.assignee_id
        WHERE c.desk_id = $1 AND c.id = $2
        "#,
        desk as _,
        id as _,
    )
    .fetch_optional(conn)
    .await?
    .ok_or(Error::NotFound("claim"))?;
    Ok(Claim {
        id,
        claim_reviewed: row.claim_reviewed,
        language: Some(row.language).filter(|code| code != "und"),
        claim_types: row.claim_types.iter().filter_map(|code| ClaimType::parse(code)).collect(),
        topics: row.topics,
        stage: row.stage,
        declined: row.decline_reason.map(|reason| (reason, row.decline_note)),
        duplicate_of: row.duplicate_of,
        assignee: row.assignee_id.zip(row.assignee),
        plan: Plan { priority: row.priority, due_on: row.due_on },
        current_verdict: row.current_verdict,
        created_by: row.created_by,
        created_at: row.created_at,
        row_version: row.row_version,
        event: row.event,
    })
}

/// The claim, if the viewer may see it.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn visible(conn: &mut PgConnection, viewer: &Viewer, id: ClaimId) -> Result<Claim> {
    let claim = get(conn, viewer.desk.id, id).await?;
    if viewer.is_member() || claim.stage.is_public() { Ok(claim) } else { Err(Error::NotFound("claim")) }
}

/// The claims that are duplicates of this one: id and words.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn duplicates(
    conn: &mut PgConnection,
    desk: DeskId,
    of: ClaimId,
) -> Result<Vec<(ClaimId, String)>> {
    let rows = sqlx::query!(
        r#"
        SELECT id AS "id: ClaimId", claim_reviewed FROM claims
        WHERE desk_id = $1 AND duplicate_of = $2
        ORDER BY id
        LIMIT 200
        "#,
        desk as _,
        of as _,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.claim_reviewed)).collect())
}

/// Everything that belongs to a claim and has changes of its own: the claim, its appearances, its evidence and
/// what puts it together, its rounds.
/// Its history is made of their events.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn records(conn: &mut PgConnection, desk: DeskId, claim: ClaimId) -> Result<Vec<Uuid>> {
    let ids = sqlx::query_scalar!(
        r#"
        SELECT $2::uuid AS "id!"
        UNION ALL SELECT id FROM appearances WHERE desk_id = $1 AND claim_id = $2
        UNION ALL SELECT id FROM evidence WHERE desk_id = $1 AND claim_id = $2
        UNION ALL SELECT id FROM evidence_sets WHERE desk_id = $1 AND claim_id = $2
        UNION ALL SELECT id FROM questions WHERE desk_id = $1 AND claim_id = $2
        UNION ALL SELECT id FROM answers WHERE desk_id = $1 AND claim_id = $2
        UNION ALL SELECT id FROM claimant_contacts WHERE desk_id = $1 AND claim_id = $2
        UNION ALL SELECT id FROM rounds WHERE desk_id = $1 AND claim_id = $2
        UNION ALL SELECT id FROM comments WHERE desk_id = $1 AND claim_id = $2
        "#,
        desk as _,
        claim as _,
    )
    .fetch_all(conn)
    .await?;
    Ok(ids)
}
