//! All SQL of watching articles.

use sqlx::{PgConnection, PgPool};
use time::OffsetDateTime;

use crate::audit::Change;
use crate::auth::Authorized;
use crate::auth::permission::AddArticle;
use crate::error::Result;
use crate::id::{ArticleId, DeskId, SnapshotId, VersionId};

/// Who watches an article, and since when.
#[derive(Clone, Debug)]
pub struct Watch {
    pub by: String,
    pub since: OffsetDateTime,
}

/// Whoever watches an article of a desk.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn find(pool: &PgPool, desk: DeskId, article: ArticleId) -> Result<Option<Watch>> {
    let watch = sqlx::query_as!(
        Watch,
        r#"
        SELECT a.display_name AS by, w.watched_at AS since
        FROM watches w JOIN accounts a ON a.id = w.watched_by
        WHERE w.desk_id = $1 AND w.article_id = $2 AND w.stopped_at IS NULL
        "#,
        desk as _,
        article as _,
    )
    .fetch_optional(pool)
    .await?;
    Ok(watch)
}

/// How many articles a desk watches.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn count(conn: &mut PgConnection, desk: DeskId) -> Result<i64> {
    let count = sqlx::query_scalar!(
        r#"SELECT count(*) AS "count!" FROM watches WHERE desk_id = $1 AND stopped_at IS NULL"#,
        desk as _,
    )
    .fetch_one(conn)
    .await?;
    Ok(count)
}

/// Watches an article, in place of whoever did before. The change is `article.watch`.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn begin(
    conn: &mut PgConnection,
    _by: &Authorized<AddArticle>,
    change: &Change,
    article: ArticleId,
) -> Result<()> {
    sqlx::query!(
        r#"
        INSERT INTO watches (desk_id, article_id, watched_by, watched_at, event_id) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (desk_id, article_id) DO UPDATE
        SET watched_by = excluded.watched_by, watched_at = excluded.watched_at, stopped_at = NULL,
            event_id = excluded.event_id
        "#,
        change.desk as _,
        article as _,
        change.by as _,
        change.at,
        change.event as _,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Watches an article no longer; `false` when nobody does. The change is `article.unwatch`.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn end(
    conn: &mut PgConnection,
    _by: &Authorized<AddArticle>,
    change: &Change,
    article: ArticleId,
) -> Result<bool> {
    let ended = sqlx::query!(
        "UPDATE watches SET stopped_at = $3, event_id = $4 WHERE desk_id = $1 AND article_id = $2 AND stopped_at IS NULL",
        change.desk as _,
        article as _,
        change.at,
        change.event as _,
    )
    .execute(conn)
    .await?;
    Ok(ended.rows_affected() == 1)
}

/// The bytes that a version was read from, where they are kept.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn snapshot(pool: &PgPool, desk: DeskId, version: VersionId) -> Result<Option<SnapshotId>> {
    let snapshot = sqlx::query_scalar!(
        r#"SELECT snapshot_id AS "id: SnapshotId" FROM article_versions WHERE desk_id = $1 AND id = $2"#,
        desk as _,
        version as _,
    )
    .fetch_optional(pool)
    .await?;
    Ok(snapshot.flatten())
}
