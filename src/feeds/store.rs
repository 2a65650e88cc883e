//! All SQL of feeds.

use std::collections::BTreeSet;

use sha2::{Digest, Sha256};
use sqlx::{PgConnection, PgPool};
use time::OffsetDateTime;

use super::{FEEDS_MAX, Item};
use crate::audit::Change;
use crate::auth::Authorized;
use crate::auth::permission::AddArticle;
use crate::error::{Error, Result};
use crate::id::{DeskId, FeedId};
use crate::jobs::{self, Progress};
use crate::text::address::{SafeUrl, url_key};

/// A feed that a desk follows, or did.
#[derive(Clone, Debug)]
pub struct Feed {
    pub id: FeedId,
    pub address: SafeUrl,
    pub title: Option<String>,
    pub is_followed: bool,
    /// Whether it was read before.
    pub is_known: bool,
}

/// A line of the list of feeds.
#[derive(Clone, Debug)]
pub struct Listed {
    pub id: FeedId,
    pub address: String,
    pub title: Option<String>,
    pub followed_by: String,
    pub followed_at: OffsetDateTime,
    pub progress: Progress,
    /// How many of its items were seen.
    pub items: i64,
}

/// A feed of a desk.
///
/// # Errors
/// [`Error::NotFound`] when the desk has none with that id.
pub async fn get(pool: &PgPool, desk: DeskId, id: FeedId) -> Result<Feed> {
    let row = sqlx::query!(
        r#"
        SELECT f.address, f.title, f.stopped_at IS NULL AS "is_followed!",
               EXISTS (SELECT FROM feed_items i WHERE i.desk_id = f.desk_id AND i.feed_id = f.id) AS "is_known!"
        FROM feeds f WHERE f.desk_id = $1 AND f.id = $2
        "#,
        desk as _,
        id as _,
    )
    .fetch_optional(pool)
    .await?
    .ok_or(Error::NotFound("feed"))?;
    Ok(Feed {
        id,
        address: SafeUrl::parse(&row.address).map_err(Error::internal)?,
        title: row.title,
        is_followed: row.is_followed,
        is_known: row.is_known,
    })
}

/// The feeds that a desk follows, the newest first.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn list(pool: &PgPool, desk: DeskId) -> Result<Vec<Listed>> {
    let rows = sqlx::query!(
        r#"
        SELECT f.id AS "id: FeedId", f.address, f.title, a.display_name AS followed_by, f.followed_at,
               j.state AS "state: jobs::State", j.step AS "step: jobs::Step", j.attempts, j.reason, j.due_at, j.checked_at,
               n.items AS "items!"
        FROM feeds f
        JOIN accounts a ON a.id = f.followed_by
        JOIN jobs j ON j.desk_id = f.desk_id AND j.kind = 'feed' AND j.subject_id = f.id
        CROSS JOIN LATERAL (
            SELECT count(*) AS items FROM feed_items i WHERE i.desk_id = f.desk_id AND i.feed_id = f.id
        ) n
        WHERE f.desk_id = $1 AND f.stopped_at IS NULL
        ORDER BY f.followed_at DESC, f.id
        LIMIT $2
        "#,
        desk as _,
        i64::try_from(FEEDS_MAX).unwrap_or(i64::MAX),
    )
    .fetch_all(pool)
    .await?;
    let rows = rows.into_iter().map(|row| Listed {
        id: row.id,
        address: row.address,
        title: row.title,
        followed_by: row.followed_by,
        followed_at: row.followed_at,
        progress: Progress {
            state: row.state,
            step: row.step,
            attempts: row.attempts,
            reason: row.reason,
            due_at: row.due_at,
            checked_at: row.checked_at,
        },
        items: row.items,
    });
    Ok(rows.collect())
}

/// The feed of a desk that has this address, if there is one.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn find(
    conn: &mut PgConnection,
    desk: DeskId,
    address: &SafeUrl,
) -> Result<Option<(FeedId, bool)>> {
    let row = sqlx::query!(
        r#"
        SELECT id AS "id: FeedId", stopped_at IS NULL AS "is_followed!" FROM feeds WHERE desk_id = $1 AND address_key = $2
        "#,
        desk as _,
        url_key(address).key,
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(|row| (row.id, row.is_followed)))
}

/// How many feeds a desk follows.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn count(conn: &mut PgConnection, desk: DeskId) -> Result<usize> {
    let count = sqlx::query_scalar!(
        r#"SELECT count(*) AS "count!" FROM feeds WHERE desk_id = $1 AND stopped_at IS NULL"#,
        desk as _,
    )
    .fetch_one(conn)
    .await?;
    usize::try_from(count).map_err(Error::internal)
}

/// Follows a feed, perhaps once more. The change is `feed.follow`.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn follow(
    conn: &mut PgConnection,
    _by: &Authorized<AddArticle>,
    change: &Change,
    id: FeedId,
    address: &SafeUrl,
) -> Result<()> {
    sqlx::query!(
        r#"
        INSERT INTO feeds (desk_id, id, address, address_key, followed_by, followed_at, event_id)
        VALUES ($1, $2, $3, $4, $5, $6, $7)
        ON CONFLICT (desk_id, address_key) DO UPDATE
        SET followed_by = excluded.followed_by, followed_at = excluded.followed_at, stopped_at = NULL,
            event_id = excluded.event_id
        "#,
        change.desk as _,
        id as _,
        address.as_str(),
        url_key(address).key,
        change.by as _,
        change.at,
        change.event as _,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Follows a feed no longer; `false` when nobody does. The change is `feed.end`.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn end(
    conn: &mut PgConnection,
    _by: &Authorized<AddArticle>,
    change: &Change,
    id: FeedId,
) -> Result<bool> {
    let ended = sqlx::query!(
        "UPDATE feeds SET stopped_at = $3, event_id = $4 WHERE desk_id = $1 AND id = $2 AND stopped_at IS NULL",
        change.desk as _,
        id as _,
        change.at,
        change.event as _,
    )
    .execute(conn)
    .await?;
    Ok(ended.rows_affected() == 1)
}

/// Calls a feed what it calls itself. The change is `feed.look`.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn rename(
    conn: &mut PgConnection,
    _by: &Authorized<AddArticle>,
    change: &Change,
    id: FeedId,
    title: &str,
) -> Result<()> {
    sqlx::query!(
        "UPDATE feeds SET title = $3, event_id = $4 WHERE desk_id = $1 AND id = $2",
        change.desk as _,
        id as _,
        title,
        change.event as _,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// What an item is known by.
fn key(item: &Item) -> Vec<u8> {
    Sha256::digest(url_key(&item.address).key).to_vec()
}

/// The items that the feed did not have before, each once, in their order.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn unknown(
    conn: &mut PgConnection,
    desk: DeskId,
    feed: FeedId,
    items: &[Item],
) -> Result<Vec<Item>> {
    let keys: Vec<Vec<u8>> = items.iter().map(key).collect();
    let known = sqlx::query_scalar!(
        "SELECT key_sha256 FROM feed_items WHERE desk_id = $1 AND feed_id = $2 AND key_sha256 = ANY ($3)",
        desk as _,
        feed as _,
        &keys,
    )
    .fetch_all(conn)
    .await?;
    let mut known: BTreeSet<Vec<u8>> = known.into_iter().collect();
    Ok(items.iter().zip(keys).filter_map(|(item, key)| known.insert(key).then(|| item.clone())).collect())
}

/// Remembers items. The change is `feed.look`.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn remember(
    conn: &mut PgConnection,
    _by: &Authorized<AddArticle>,
    change: &Change,
    feed: FeedId,
    items: &[Item],
) -> Result<()> {
    let keys: Vec<Vec<u8>> = items.iter().map(key).collect();
    sqlx::query!(
        r#"
        INSERT INTO feed_items (desk_id, feed_id, key_sha256, event_id)
        SELECT $1, $2, k.key, $4 FROM unnest($3::bytea[]) k (key)
        ON CONFLICT DO NOTHING
        "#,
        change.desk as _,
        feed as _,
        &keys,
        change.event as _,
    )
    .execute(conn)
    .await?;
    Ok(())
}
