//! Planning the work on a claim.

use sqlx::PgConnection;

use crate::audit::Change;
use crate::claims::Plan;
use crate::editing;
use crate::error::Result;
use crate::id::{AccountId, ClaimId, DeskId};

/// Stores how urgent a claim is and when it is due, if nobody changed it since `row_version`.
///
/// # Errors
/// [`crate::error::Error::Conflict`] when somebody did.
pub async fn plan(
    conn: &mut PgConnection,
    change: &Change,
    id: ClaimId,
    row_version: i32,
    to: &Plan,
) -> Result<()> {
    let updated = sqlx::query!(
        r#"
        UPDATE claims SET priority = $4, due_on = $5, row_version = row_version + 1, event_id = $6
        WHERE desk_id = $1 AND id = $2 AND row_version = $3
        "#,
        change.desk as _,
        id as _,
        row_version,
        to.priority as _,
        to.due_on,
        change.event as _,
    )
    .execute(conn)
    .await?;
    if updated.rows_affected() == 1 { Ok(()) } else { Err(editing::stale()) }
}

/// The members that a claim can be given to, by name: those who have one of these roles.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn assignable(
    conn: &mut PgConnection,
    desk: DeskId,
    roles: &[&str],
) -> Result<Vec<(AccountId, String)>> {
    let roles: Vec<String> = roles.iter().map(|&role| role.to_owned()).collect();
    let members = sqlx::query!(
        r#"
        SELECT a.id AS "id: AccountId", a.display_name FROM memberships m JOIN accounts a ON a.id = m.account_id
        WHERE m.desk_id = $1 AND m.roles && $2
        ORDER BY a.display_name, a.id
        LIMIT 200
        "#,
        desk as _,
        &roles,
    )
    .fetch_all(conn)
    .await?;
    Ok(members.into_iter().map(|member| (member.id, member.display_name)).collect())
}
