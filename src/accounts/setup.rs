//! The first account: made through a link that only who started the server has seen.

use sqlx::PgPool;
use time::OffsetDateTime;

use super::store;
use crate::auth::Secret;
use crate::base_url::BaseUrl;
use crate::db::unit_of_work;
use crate::error::Result;

/// A one-time link that makes the first account and its desk, good for a day; nothing once there is an account.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn link(pool: &PgPool, base: &BaseUrl) -> Result<Option<String>> {
    if store::accounts::exist(&mut *pool.acquire().await?).await? {
        return Ok(None);
    }
    another_link(pool, base).await.map(Some)
}

/// A one-time link that makes an account and its desk, whatever accounts there are.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn another_link(pool: &PgPool, base: &BaseUrl) -> Result<String> {
    let secret = Secret::new()?;
    let link = base.join(&format!("/setup/{}", secret.expose()));
    let now = OffsetDateTime::now_utc();
    unit_of_work(pool, async move |tx| store::setup::insert(tx, &secret, now).await).await?;
    Ok(link)
}
