//! One-time links that make an account and its desk.

use sqlx::PgConnection;
use time::{Duration, OffsetDateTime};

use crate::auth::Secret;
use crate::error::{Error, Result};

/// A link is good for a day.
pub const GOOD_FOR: Duration = Duration::hours(24);

/// Makes a link.
pub async fn insert(conn: &mut PgConnection, secret: &Secret, now: OffsetDateTime) -> Result<()> {
    sqlx::query!(
        "INSERT INTO setup_links (token_hash, created_at, expires_at) VALUES ($1, $2, $3)",
        secret.hash(),
        now,
        now + GOOD_FOR,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Whether the link can be used.
pub async fn is_good(conn: &mut PgConnection, secret: &Secret, now: OffsetDateTime) -> Result<bool> {
    Ok(sqlx::query_scalar!(
        r#"
        SELECT EXISTS (
            SELECT FROM setup_links WHERE token_hash = $1 AND used_at IS NULL AND expires_at > $2
        ) AS "good!"
        "#,
        secret.hash(),
        now,
    )
    .fetch_one(conn)
    .await?)
}

/// Uses the link up, and all others with it: the server that was started several times has printed several.
///
/// # Errors
/// [`Error::NotFound`] when it cannot be used, or was meanwhile.
pub async fn redeem(conn: &mut PgConnection, secret: &Secret, now: OffsetDateTime) -> Result<()> {
    let used = sqlx::query!(
        "UPDATE setup_links SET used_at = $2 WHERE token_hash = $1 AND used_at IS NULL AND expires_at > $2",
        secret.hash(),
        now,
    )
    .execute(&mut *conn)
    .await?;
    if used.rows_affected() == 0 {
        return Err(Error::NotFound("link, or it was used or has expired"));
    }
    sqlx::query!("UPDATE setup_links SET used_at = $1 WHERE used_at IS NULL", now).execute(conn).await?;
    Ok(())
}
