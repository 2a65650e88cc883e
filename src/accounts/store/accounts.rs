//! Accounts, their passwords and their sessions.

use sqlx::PgConnection;
use time::OffsetDateTime;

use crate::accounts::names::{Handle, Name};
use crate::db::IfViolates as _;
use crate::error::{Error, Result};
use crate::id::{AccountId, DeskId};

/// What is said when a name for signing in is another's.
pub const HANDLE_TAKEN: &str = "Somebody else signs in with this name. Take another.";

/// Makes an account with a password.
///
/// # Errors
/// [`Error::Conflict`] when the handle is another's.
pub async fn insert(
    conn: &mut PgConnection,
    id: AccountId,
    handle: &Handle,
    name: &Name,
    password_hash: &str,
    now: OffsetDateTime,
) -> Result<()> {
    sqlx::query!(
        "INSERT INTO accounts (id, handle, display_name, created_at) VALUES ($1, $2, $3, $4)",
        id as _,
        handle.as_str(),
        name.as_str(),
        now,
    )
    .execute(&mut *conn)
    .await
    .if_violates("accounts_handle_unique", Error::conflict(HANDLE_TAKEN))?;
    sqlx::query!(
        "INSERT INTO credentials (account_id, password_hash, changed_at) VALUES ($1, $2, $3)",
        id as _,
        password_hash,
        now,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Whether there is any account.
pub async fn exist(conn: &mut PgConnection) -> Result<bool> {
    Ok(sqlx::query_scalar!(r#"SELECT EXISTS (SELECT FROM accounts) AS "exist!""#).fetch_one(conn).await?)
}

/// The account that signs in with that name, when it is not disabled, and the hash of its password.
pub async fn credential(conn: &mut PgConnection, handle: &Handle) -> Result<Option<(AccountId, String)>> {
    let row = sqlx::query!(
        r#"
        SELECT a.id AS "id: AccountId", c.password_hash
        FROM accounts a JOIN credentials c ON c.account_id = a.id
        WHERE a.handle = $1 AND a.disabled_at IS NULL
        "#,
        handle.as_str(),
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(|row| (row.id, row.password_hash)))
}

/// The account of that name, disabled or not.
pub async fn find(conn: &mut PgConnection, handle: &Handle) -> Result<Option<AccountId>> {
    Ok(sqlx::query_scalar!(
        r#"SELECT id AS "id: AccountId" FROM accounts WHERE handle = $1"#,
        handle.as_str()
    )
    .fetch_optional(conn)
    .await?)
}

/// Stores another password.
pub async fn set_password(
    conn: &mut PgConnection,
    account: AccountId,
    password_hash: &str,
    now: OffsetDateTime,
) -> Result<()> {
    sqlx::query!(
        r#"
        INSERT INTO credentials (account_id, password_hash, changed_at) VALUES ($1, $2, $3)
        ON CONFLICT (account_id)
        DO UPDATE SET password_hash = excluded.password_hash, changed_at = excluded.changed_at
        "#,
        account as _,
        password_hash,
        now,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Gives the account another name for others to see.
pub async fn rename(conn: &mut PgConnection, account: AccountId, name: &Name) -> Result<()> {
    sqlx::query!("UPDATE accounts SET display_name = $2 WHERE id = $1", account as _, name.as_str())
        .execute(conn)
        .await?;
    Ok(())
}

/// Disables an account, or lets it in again.
pub async fn set_disabled(
    conn: &mut PgConnection,
    account: AccountId,
    disabled_at: Option<OffsetDateTime>,
) -> Result<()> {
    sqlx::query!("UPDATE accounts SET disabled_at = $2 WHERE id = $1", account as _, disabled_at)
        .execute(conn)
        .await?;
    Ok(())
}

/// The desks whose record an account's name stands in.
pub async fn desks_of(conn: &mut PgConnection, account: AccountId) -> Result<Vec<DeskId>> {
    Ok(sqlx::query_scalar!(
        r#"SELECT desk_id AS "desk_id: DeskId" FROM memberships WHERE account_id = $1 ORDER BY desk_id LIMIT 1000"#,
        account as _,
    )
    .fetch_all(conn)
    .await?)
}

/// A session, for the person whose it is.
#[derive(Debug)]
pub struct Session {
    pub token_hash: Vec<u8>,
    pub created_at: OffsetDateTime,
    pub last_seen_at: OffsetDateTime,
    pub user_agent: String,
}

/// The account's sessions that have not ended, latest first.
pub async fn sessions(
    conn: &mut PgConnection,
    account: AccountId,
    now: OffsetDateTime,
) -> Result<Vec<Session>> {
    Ok(sqlx::query_as!(
        Session,
        r#"
        SELECT token_hash, created_at, last_seen_at, user_agent
        FROM sessions
        WHERE account_id = $1 AND ends_at > $2 AND idle_until > $2
        ORDER BY last_seen_at DESC, token_hash
        LIMIT 50
        "#,
        account as _,
        now,
    )
    .fetch_all(conn)
    .await?)
}

/// Forgets sessions that have ended.
pub async fn sweep_sessions(conn: &mut PgConnection, now: OffsetDateTime) -> Result<()> {
    sqlx::query!("DELETE FROM sessions WHERE ends_at < $1 OR idle_until < $1", now).execute(conn).await?;
    Ok(())
}
