//! Token buckets.

use sqlx::PgConnection;
use time::OffsetDateTime;

use crate::error::Result;

/// A bucket's tokens and when it was filled; a new one is full. Nobody else takes from it until the transaction ends.
pub async fn lock(
    conn: &mut PgConnection,
    bucket: &str,
    capacity: f64,
    now: OffsetDateTime,
) -> Result<(f64, OffsetDateTime)> {
    sqlx::query!(
        "INSERT INTO throttles (bucket, tokens, filled_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
        bucket,
        capacity,
        now,
    )
    .execute(&mut *conn)
    .await?;
    let row = sqlx::query!("SELECT tokens, filled_at FROM throttles WHERE bucket = $1 FOR UPDATE", bucket)
        .fetch_one(conn)
        .await?;
    Ok((row.tokens, row.filled_at))
}

/// Sets the tokens of a bucket that is locked.
pub async fn set(conn: &mut PgConnection, bucket: &str, tokens: f64, now: OffsetDateTime) -> Result<()> {
    sqlx::query!("UPDATE throttles SET tokens = $2, filled_at = $3 WHERE bucket = $1", bucket, tokens, now)
        .execute(conn)
        .await?;
    Ok(())
}

/// Puts a token back.
pub async fn add(conn: &mut PgConnection, bucket: &str, capacity: f64) -> Result<()> {
    sqlx::query!("UPDATE throttles SET tokens = least(tokens + 1, $2) WHERE bucket = $1", bucket, capacity)
        .execute(conn)
        .await?;
    Ok(())
}

/// Forgets buckets that are full by now: none takes longer than a day.
pub async fn sweep(conn: &mut PgConnection, now: OffsetDateTime) -> Result<()> {
    sqlx::query!("DELETE FROM throttles WHERE filled_at < $1", now - time::Duration::days(1))
        .execute(conn)
        .await?;
    Ok(())
}
