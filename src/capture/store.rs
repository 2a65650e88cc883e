//! All SQL of captures.

use sqlx::{PgConnection, PgPool};

use crate::claims::marks::NewMark;
use crate::error::{Error, Result};
use crate::id::{ArticleId, DeskId, VersionId};

/// The latest version of an article.
///
/// # Errors
/// [`Error::NotFound`] when the desk has no such article.
pub(super) async fn latest(pool: &PgPool, desk: DeskId, article: ArticleId) -> Result<VersionId> {
    let latest = sqlx::query_scalar!(
        r#"
        SELECT id AS "id: VersionId" FROM article_versions
        WHERE desk_id = $1 AND article_id = $2
        ORDER BY number DESC
        LIMIT 1
        "#,
        desk as _,
        article as _,
    )
    .fetch_optional(pool)
    .await?;
    latest.ok_or(Error::NotFound("article"))
}

/// Whether just these words of that version are marked already.
///
/// # Errors
/// When PostgreSQL fails.
pub(super) async fn is_marked(conn: &mut PgConnection, desk: DeskId, mark: &NewMark) -> Result<bool> {
    let is_marked = sqlx::query_scalar!(
        r#"
        SELECT EXISTS (
            SELECT FROM anchors n
            JOIN appearances a ON a.desk_id = n.desk_id AND a.id = n.appearance_id AND a.removed_at IS NULL
            WHERE n.desk_id = $1 AND n.version_id = $2 AND n.start_at = $3 AND n.end_at = $4
        ) AS "is_marked!"
        "#,
        desk as _,
        mark.version as _,
        mark.selector.start,
        mark.selector.end,
    )
    .fetch_one(conn)
    .await?;
    Ok(is_marked)
}
