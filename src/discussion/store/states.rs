//! What becomes of a comment as a whole: removed and brought back, resolved and reopened.

use serde_json::json;
use sqlx::PgConnection;

use super::read::{PAUSED, get};
use crate::audit;
use crate::auth::Authorized;
use crate::auth::permission::Discuss;
use crate::db::IfViolates as _;
use crate::editing;
use crate::error::{Error, Result};
use crate::id::{ClaimId, CommentId};

/// Removes a comment: what it said is in its history.
///
/// # Errors
/// [`Error::Barred`] when it is somebody else's; [`Error::Conflict`] when it is removed already.
pub async fn remove(
    conn: &mut PgConnection,
    by: &Authorized<Discuss>,
    claim: ClaimId,
    id: CommentId,
) -> Result<()> {
    let comment = get(conn, by.desk.id, claim, id).await?;
    if comment.removed.is_some() {
        return Err(Error::conflict("This comment is removed already."));
    }
    if !comment.may_remove(&by.viewer()) {
        return Err(Error::Barred("Whoever wrote a comment removes it, or an admin of the desk."));
    }
    set_removed(conn, by, id, true).await
}

/// Brings a removed comment back.
///
/// # Errors
/// [`Error::Barred`] when somebody else removed it; [`Error::Conflict`] when it is not removed.
pub async fn restore(
    conn: &mut PgConnection,
    by: &Authorized<Discuss>,
    claim: ClaimId,
    id: CommentId,
) -> Result<()> {
    let comment = get(conn, by.desk.id, claim, id).await?;
    if comment.removed.is_none() {
        return Err(Error::conflict("This comment is not removed."));
    }
    if !comment.may_restore(&by.viewer()) {
        return Err(Error::Barred("Whoever removed a comment brings it back, or an admin of the desk."));
    }
    set_removed(conn, by, id, false).await
}

async fn set_removed(
    conn: &mut PgConnection,
    by: &Authorized<Discuss>,
    id: CommentId,
    removed: bool,
) -> Result<()> {
    let action = if removed { "comment.remove" } else { "comment.restore" };
    let change = audit::record(conn, by, action, "comment", id, &json!({})).await?;
    let changed = sqlx::query!(
        r#"
        UPDATE comments
        SET removed_by = CASE WHEN $3 THEN $4::uuid END, removed_at = CASE WHEN $3 THEN $5::timestamptz END,
            row_version = row_version + 1, event_id = $6
        WHERE desk_id = $1 AND id = $2 AND (removed_at IS NULL) = $3
        "#,
        change.desk as _,
        id as _,
        removed,
        change.by as _,
        change.at,
        change.event as _,
    )
    .execute(conn)
    .await
    .if_violates("comments_wait_for_blind_rounds", Error::conflict(PAUSED))?;
    if changed.rows_affected() == 1 { Ok(()) } else { Err(editing::stale()) }
}

/// Resolves a thread: it was dealt with.
///
/// # Errors
/// [`Error::Conflict`] when it is resolved already; [`Error::NotFound`] when no thread begins with that comment.
pub async fn resolve(
    conn: &mut PgConnection,
    by: &Authorized<Discuss>,
    claim: ClaimId,
    id: CommentId,
) -> Result<()> {
    set_resolved(conn, by, claim, id, true).await
}

/// Reopens a resolved thread.
///
/// # Errors
/// [`Error::Conflict`] when it is open; [`Error::NotFound`] when no thread begins with that comment.
pub async fn reopen(
    conn: &mut PgConnection,
    by: &Authorized<Discuss>,
    claim: ClaimId,
    id: CommentId,
) -> Result<()> {
    set_resolved(conn, by, claim, id, false).await
}

async fn set_resolved(
    conn: &mut PgConnection,
    by: &Authorized<Discuss>,
    claim: ClaimId,
    id: CommentId,
    resolved: bool,
) -> Result<()> {
    if get(conn, by.desk.id, claim, id).await?.thread.is_some() {
        return Err(Error::NotFound("thread"));
    }
    let action = if resolved { "comment.resolve" } else { "comment.reopen" };
    let change = audit::record(conn, by, action, "comment", id, &json!({})).await?;
    let changed = sqlx::query!(
        r#"
        UPDATE comments
        SET resolved_by = CASE WHEN $3 THEN $4::uuid END, resolved_at = CASE WHEN $3 THEN $5::timestamptz END,
            row_version = row_version + 1, event_id = $6
        WHERE desk_id = $1 AND id = $2 AND (resolved_at IS NULL) = $3
        "#,
        change.desk as _,
        id as _,
        resolved,
        change.by as _,
        change.at,
        change.event as _,
    )
    .execute(conn)
    .await
    .if_violates("comments_wait_for_blind_rounds", Error::conflict(PAUSED))?;
    if changed.rows_affected() == 1 {
        return Ok(());
    }
    Err(Error::conflict(if resolved {
        "Somebody resolved this thread already."
    } else {
        "This thread is open already."
    }))
}
