//! All SQL of addresses for mail. They are a person's own, of no desk, so no desk's record tells of them.

use sqlx::PgConnection;
use time::{Duration, OffsetDateTime};

use crate::auth::Secret;
use crate::error::{Error, Result};
use crate::id::{AccountId, DeskId};
use crate::notifications::Kind;

/// How long a link that confirms an address holds.
pub const CONFIRM_WITHIN: Duration = Duration::DAY;

/// What a person chose about mail.
#[derive(Clone, Debug, Default)]
pub struct Choice {
    /// Where mail goes; nowhere before it is confirmed.
    pub address: Option<String>,
    /// What is to be confirmed.
    pub pending: Option<String>,
    kinds: Vec<String>,
}

impl Choice {
    /// Whether that is mailed.
    #[must_use]
    pub fn has(&self, kind: Kind) -> bool {
        self.kinds.iter().any(|chosen| chosen == kind.as_str())
    }
}

/// What a person chose about mail.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn get(conn: &mut PgConnection, account: AccountId) -> Result<Choice> {
    let choice = sqlx::query_as!(
        Choice,
        "SELECT address, pending, kinds FROM mail_addresses WHERE account_id = $1",
        account as _,
    )
    .fetch_optional(conn)
    .await?;
    Ok(choice.unwrap_or_default())
}

/// Notes an address that is to be confirmed. The one before stays until then.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn ask(
    conn: &mut PgConnection,
    account: AccountId,
    address: &str,
    now: OffsetDateTime,
) -> Result<()> {
    sqlx::query!(
        r#"
        INSERT INTO mail_addresses (account_id, pending, pending_since) VALUES ($1, $2, $3)
        ON CONFLICT (account_id)
        DO UPDATE SET pending = excluded.pending, pending_since = excluded.pending_since, token_hash = NULL
        "#,
        account as _,
        address,
        now,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Notes the secret that a letter to the address in question carries, and says where it goes; nothing when none is in
/// question any more.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn begin_confirmation(
    conn: &mut PgConnection,
    account: AccountId,
    secret: &Secret,
) -> Result<Option<String>> {
    Ok(sqlx::query_scalar!(
        r#"
        UPDATE mail_addresses SET token_hash = $2 WHERE account_id = $1 AND pending IS NOT NULL
        RETURNING pending AS "pending!"
        "#,
        account as _,
        secret.hash(),
    )
    .fetch_optional(conn)
    .await?)
}

/// The address that a secret confirms, while it holds.
///
/// # Errors
/// [`Error::NotFound`] when it confirms none.
pub async fn in_question(conn: &mut PgConnection, secret: &Secret, now: OffsetDateTime) -> Result<String> {
    sqlx::query_scalar!(
        r#"SELECT pending AS "pending!" FROM mail_addresses WHERE token_hash = $1 AND pending_since > $2"#,
        secret.hash(),
        now - CONFIRM_WITHIN,
    )
    .fetch_optional(conn)
    .await?
    .ok_or(Error::NotFound("link"))
}

/// Confirms the address of a secret: from now on mail goes there.
///
/// # Errors
/// [`Error::NotFound`] when it confirms none.
pub async fn confirm(conn: &mut PgConnection, secret: &Secret, now: OffsetDateTime) -> Result<()> {
    let confirmed = sqlx::query!(
        r#"
        UPDATE mail_addresses SET address = pending, pending = NULL, pending_since = NULL, token_hash = NULL
        WHERE token_hash = $1 AND pending_since > $2
        "#,
        secret.hash(),
        now - CONFIRM_WITHIN,
    )
    .execute(conn)
    .await?;
    if confirmed.rows_affected() == 1 { Ok(()) } else { Err(Error::NotFound("link")) }
}

/// Notes what is mailed.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn choose(conn: &mut PgConnection, account: AccountId, kinds: &[Kind]) -> Result<()> {
    let kinds: Vec<String> = kinds.iter().map(|kind| kind.as_str().to_owned()).collect();
    sqlx::query!("UPDATE mail_addresses SET kinds = $2 WHERE account_id = $1", account as _, &kinds)
        .execute(conn)
        .await?;
    Ok(())
}

/// Forgets a person's address, and what was chosen.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn forget(conn: &mut PgConnection, account: AccountId) -> Result<()> {
    sqlx::query!("DELETE FROM mail_addresses WHERE account_id = $1", account as _).execute(conn).await?;
    Ok(())
}

/// A desk of the person, through which letters about the account itself are queued.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn any_desk(conn: &mut PgConnection, account: AccountId) -> Result<Option<DeskId>> {
    Ok(sqlx::query_scalar!(
        r#"
        SELECT desk_id AS "desk_id: DeskId" FROM memberships WHERE account_id = $1 AND roles <> '{}'
        ORDER BY created_at, desk_id LIMIT 1
        "#,
        account as _,
    )
    .fetch_optional(conn)
    .await?)
}
