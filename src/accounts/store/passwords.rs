//! One-time links with which a password is set that was lost.

use sqlx::PgConnection;
use time::{Duration, OffsetDateTime};

use crate::auth::Secret;
use crate::error::{Error, Result};
use crate::id::AccountId;

/// A link is good for an hour.
pub const GOOD_FOR: Duration = Duration::hours(1);

/// Makes a link for an account; older ones of it end.
pub async fn insert(
    conn: &mut PgConnection,
    secret: &Secret,
    account: AccountId,
    now: OffsetDateTime,
) -> Result<()> {
    end_all(conn, account).await?;
    sqlx::query!(
        "INSERT INTO password_links (token_hash, account_id, created_at, expires_at) VALUES ($1, $2, $3, $4)",
        secret.hash(),
        account as _,
        now,
        now + GOOD_FOR,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Whose link it is.
#[derive(Clone, Debug)]
pub struct Owner {
    pub account: AccountId,
    pub handle: String,
    pub display_name: String,
}

/// Whose link it is, when it can be used.
///
/// # Errors
/// [`Error::NotFound`] when it cannot, for whatever reason.
pub async fn owner(conn: &mut PgConnection, secret: &Secret, now: OffsetDateTime) -> Result<Owner> {
    sqlx::query_as!(
        Owner,
        r#"
        SELECT a.id AS "account: AccountId", a.handle, a.display_name
        FROM password_links l JOIN accounts a ON a.id = l.account_id
        WHERE l.token_hash = $1 AND l.expires_at > $2 AND a.disabled_at IS NULL
        "#,
        secret.hash(),
        now,
    )
    .fetch_optional(conn)
    .await?
    .ok_or(Error::NotFound("link, or it was used or has expired"))
}

/// Uses a link up.
///
/// # Errors
/// [`Error::NotFound`] when it was used meanwhile.
pub async fn redeem(conn: &mut PgConnection, secret: &Secret) -> Result<()> {
    let used =
        sqlx::query!("DELETE FROM password_links WHERE token_hash = $1", secret.hash()).execute(conn).await?;
    if used.rows_affected() == 0 {
        return Err(Error::NotFound("link, or it was used or has expired"));
    }
    Ok(())
}

/// Ends all links of an account.
pub async fn end_all(conn: &mut PgConnection, account: AccountId) -> Result<()> {
    sqlx::query!("DELETE FROM password_links WHERE account_id = $1", account as _).execute(conn).await?;
    Ok(())
}
