//! Browsers that an account has signed in with.

use sqlx::PgConnection;
use time::OffsetDateTime;

use crate::accounts::device::KNOWN_FOR;
use crate::accounts::names::Handle;
use crate::auth::Secret;
use crate::error::Result;
use crate::id::AccountId;

/// Whether the account has signed in with this browser lately.
pub async fn knows(
    conn: &mut PgConnection,
    device: &Secret,
    handle: &Handle,
    now: OffsetDateTime,
) -> Result<bool> {
    Ok(sqlx::query_scalar!(
        r#"
        SELECT EXISTS (
            SELECT FROM known_devices d JOIN accounts a ON a.id = d.account_id
            WHERE d.token_hash = $1 AND a.handle = $2 AND d.last_used_at > $3
        ) AS "known!"
        "#,
        device.hash(),
        handle.as_str(),
        now - KNOWN_FOR,
    )
    .fetch_one(conn)
    .await?)
}

/// Remembers a browser.
pub async fn remember(
    conn: &mut PgConnection,
    device: &Secret,
    account: AccountId,
    now: OffsetDateTime,
) -> Result<()> {
    sqlx::query!(
        r#"
        INSERT INTO known_devices (token_hash, account_id, created_at, last_used_at) VALUES ($1, $2, $3, $3)
        ON CONFLICT (token_hash, account_id) DO UPDATE SET last_used_at = excluded.last_used_at
        "#,
        device.hash(),
        account as _,
        now,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Forgets the account's browsers, except perhaps one.
pub async fn forget(conn: &mut PgConnection, account: AccountId, except: Option<&Secret>) -> Result<()> {
    sqlx::query!(
        "DELETE FROM known_devices WHERE account_id = $1 AND token_hash IS DISTINCT FROM $2",
        account as _,
        except.map(Secret::hash),
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Forgets browsers that were not used for long.
pub async fn sweep(conn: &mut PgConnection, now: OffsetDateTime) -> Result<()> {
    sqlx::query!("DELETE FROM known_devices WHERE last_used_at < $1", now - KNOWN_FOR).execute(conn).await?;
    Ok(())
}
