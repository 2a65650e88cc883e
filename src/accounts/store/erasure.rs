//! Taking from an account what says who it was.

use sqlx::PgConnection;
use time::OffsetDateTime;

use crate::accounts::names::{Handle, Name};
use crate::accounts::throttle::Bucket;
use crate::error::{Error, Result};
use crate::id::{AccountId, DeskId};

/// A desk that the account belongs to, or did.
#[derive(Debug)]
pub struct Membership {
    pub desk: DeskId,
    pub roles: Vec<String>,
    /// Whether others work there, and none of them could manage it.
    pub is_last_admin: bool,
}

/// The account's memberships. The admins of its desks are locked first, so that two who leave at once do not both count
/// on the other.
pub async fn lock_memberships(conn: &mut PgConnection, account: AccountId) -> Result<Vec<Membership>> {
    sqlx::query!(
        r#"
        SELECT m.account_id FROM memberships m
        WHERE 'admin' = ANY (m.roles)
          AND m.desk_id IN (SELECT own.desk_id FROM memberships own WHERE own.account_id = $1)
        ORDER BY m.desk_id, m.account_id
        FOR NO KEY UPDATE
        "#,
        account as _,
    )
    .fetch_all(&mut *conn)
    .await?;
    Ok(sqlx::query_as!(
        Membership,
        r#"
        SELECT m.desk_id AS "desk: DeskId", m.roles,
               'admin' = ANY (m.roles)
               AND EXISTS (
                   SELECT FROM memberships o JOIN accounts a ON a.id = o.account_id
                   WHERE o.desk_id = m.desk_id AND o.account_id <> $1 AND o.roles <> '{}' AND a.disabled_at IS NULL
               )
               AND NOT EXISTS (
                   SELECT FROM memberships o JOIN accounts a ON a.id = o.account_id
                   WHERE o.desk_id = m.desk_id AND o.account_id <> $1 AND 'admin' = ANY (o.roles)
                     AND a.disabled_at IS NULL
               ) AS "is_last_admin!"
        FROM memberships m
        WHERE m.account_id = $1
        ORDER BY m.desk_id
        "#,
        account as _,
    )
    .fetch_all(conn)
    .await?)
}

/// Takes the account's roles at a desk away, and the invitations that it made there.
pub async fn leave(
    conn: &mut PgConnection,
    desk: DeskId,
    account: AccountId,
    now: OffsetDateTime,
) -> Result<()> {
    sqlx::query!(
        "UPDATE memberships SET roles = '{}', row_version = row_version + 1 WHERE desk_id = $1 AND account_id = $2",
        desk as _,
        account as _,
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query!(
        r#"
        UPDATE invitations
        SET withdrawn_at = CASE WHEN created_by = $2 AND accepted_at IS NULL THEN coalesce(withdrawn_at, $3) ELSE withdrawn_at END,
            note = CASE WHEN accepted_by = $2 THEN '' ELSE note END
        WHERE desk_id = $1 AND (created_by = $2 OR accepted_by = $2)
        "#,
        desk as _,
        account as _,
        now,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Puts the pseudonym in place of the names, and takes away the password, the address for mail and what was not sent yet.
///
/// # Errors
/// [`Error::Conflict`] when it was erased before.
pub async fn forget(
    conn: &mut PgConnection,
    account: AccountId,
    handle: &Handle,
    (new_handle, new_name): (&Handle, &Name),
    now: OffsetDateTime,
) -> Result<()> {
    sqlx::query!("DELETE FROM credentials WHERE account_id = $1", account as _).execute(&mut *conn).await?;
    sqlx::query!("DELETE FROM mail_addresses WHERE account_id = $1", account as _)
        .execute(&mut *conn)
        .await?;
    sqlx::query!("DELETE FROM drafts WHERE account_id = $1", account as _).execute(&mut *conn).await?;
    let bucket = Bucket::account(handle);
    sqlx::query!("DELETE FROM throttles WHERE bucket = $1", bucket.key()).execute(&mut *conn).await?;
    let erased = sqlx::query!(
        r#"
        UPDATE accounts
        SET handle = $2, display_name = $3, disabled_at = coalesce(disabled_at, $4), erased_at = $4
        WHERE id = $1 AND erased_at IS NULL
        "#,
        account as _,
        new_handle.as_str(),
        new_name.as_str(),
        now,
    )
    .execute(conn)
    .await?;
    if erased.rows_affected() == 1 { Ok(()) } else { Err(Error::conflict("This account was erased before.")) }
}

/// The name that others see.
pub async fn name(conn: &mut PgConnection, account: AccountId) -> Result<String> {
    Ok(sqlx::query_scalar!("SELECT display_name FROM accounts WHERE id = $1", account as _)
        .fetch_one(conn)
        .await?)
}
