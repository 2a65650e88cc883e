//! The SQL of versions.

use sqlx::PgConnection;
use sqlx::types::Json;
use time::OffsetDateTime;

use super::{Bytes, NewVersion};
use crate::articles::intake::How;
use crate::articles::snapshots;
use crate::articles::store::hash;
use crate::audit::Change;
use crate::auth::Authorized;
use crate::auth::permission::AddArticle;
use crate::error::{Error, Result};
use crate::id::{ArticleId, DeskId, VersionId};
use crate::text::Document;
use crate::text::document::Shape;
use crate::text::offsets::integer;
use crate::web::paging;

/// The version of an article that is the latest until the transaction ends.
#[derive(Clone, Debug)]
pub struct Latest {
    pub id: VersionId,
    pub number: i32,
    /// What its text is found again by.
    pub hash: Vec<u8>,
}

/// Holds the latest version of an article: until the transaction ends, nobody adds another one or marks words in it.
///
/// # Errors
/// [`Error::NotFound`] when the desk has no such article.
pub async fn hold_latest(conn: &mut PgConnection, desk: DeskId, article: ArticleId) -> Result<Latest> {
    let latest = sqlx::query_as!(
        Latest,
        r#"
        SELECT id AS "id!: VersionId", number AS "number!", body_sha256 AS "hash!"
        FROM hold_latest_version($1, $2)
        "#,
        desk as _,
        article as _,
    )
    .fetch_optional(conn)
    .await?;
    latest.ok_or(Error::NotFound("article"))
}

/// Stores a text as the version of that number. The change is `article.revise`, see [`NewVersion::event`].
///
/// # Errors
/// When PostgreSQL fails.
pub async fn insert(
    conn: &mut PgConnection,
    by: &Authorized<AddArticle>,
    change: &Change,
    article: ArticleId,
    number: i32,
    new: &NewVersion,
) -> Result<()> {
    let text = new.document.text();
    let snapshot = match &new.bytes {
        None => None,
        Some(Bytes::Kept(snapshot)) => Some(*snapshot),
        Some(Bytes::Received(received)) => Some(snapshots::keep(conn, by, change, received).await?),
    };
    sqlx::query!(
        r#"
        INSERT INTO article_versions (desk_id, id, article_id, number, body, body_length, body_sha256, blocks, format,
                                      file_name, charset, snapshot_id, created_by, created_at, event_id)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
        "#,
        change.desk as _,
        new.id as _,
        article as _,
        number,
        text,
        integer(new.document.length()),
        hash(text),
        Json(new.document.shape()) as _,
        new.format.as_str(),
        new.file_name,
        new.charset,
        snapshot as _,
        change.by as _,
        change.at,
        change.event as _,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The texts of versions of a desk, for comparing.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn bodies(
    conn: &mut PgConnection,
    desk: DeskId,
    versions: &[VersionId],
) -> Result<Vec<(VersionId, String)>> {
    let rows = sqlx::query!(
        r#"
        SELECT id AS "id: VersionId", body FROM article_versions WHERE desk_id = $1 AND id = ANY($2)
        ORDER BY id LIMIT 10000
        "#,
        desk as _,
        versions as _,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.body)).collect())
}

/// The latest version of an article.
///
/// # Errors
/// [`Error::NotFound`] when the desk has no such article.
pub async fn latest(conn: &mut PgConnection, desk: DeskId, article: ArticleId) -> Result<Latest> {
    let latest = sqlx::query_as!(
        Latest,
        r#"
        SELECT id AS "id: VersionId", number, body_sha256 AS hash FROM article_versions
        WHERE desk_id = $1 AND article_id = $2
        ORDER BY number DESC
        LIMIT 1
        "#,
        desk as _,
        article as _,
    )
    .fetch_optional(conn)
    .await?;
    latest.ok_or(Error::NotFound("article"))
}

/// A version that is asked for by its number.
#[derive(Clone, Debug)]
pub struct Numbered {
    pub id: VersionId,
    pub number: i32,
    pub at: OffsetDateTime,
}

/// The version of that number.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn numbered(
    conn: &mut PgConnection,
    desk: DeskId,
    article: ArticleId,
    number: i32,
) -> Result<Numbered> {
    let version = sqlx::query_as!(
        Numbered,
        r#"
        SELECT id AS "id: VersionId", number, created_at AS at FROM article_versions
        WHERE desk_id = $1 AND article_id = $2 AND number = $3
        "#,
        desk as _,
        article as _,
        number,
    )
    .fetch_optional(conn)
    .await?;
    version.ok_or(Error::NotFound("version"))
}

/// The text of a version, read in the transaction one is in.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn document(conn: &mut PgConnection, desk: DeskId, version: VersionId) -> Result<Document> {
    let row = sqlx::query!(
        r#"SELECT body, blocks AS "blocks: Json<Shape>" FROM article_versions WHERE desk_id = $1 AND id = $2"#,
        desk as _,
        version as _,
    )
    .fetch_optional(conn)
    .await?
    .ok_or(Error::NotFound("version"))?;
    Document::stored(row.body, row.blocks.0).map_err(Error::internal)
}

/// A line of the list of versions.
#[derive(Clone, Debug)]
pub struct Line {
    pub number: i32,
    pub at: OffsetDateTime,
    pub added_by: String,
    pub how: How,
    /// How many code points the text has.
    pub length: i32,
    /// How many words came and went, and how many paragraphs moved; nothing for the first version.
    pub added: Option<i32>,
    pub removed: Option<i32>,
    pub moved: Option<i32>,
}

/// The versions of an article, the newest first: a page and one more.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn list(
    conn: &mut PgConnection,
    desk: DeskId,
    article: ArticleId,
    before: Option<i32>,
) -> Result<Vec<Line>> {
    let lines = sqlx::query_as!(
        Line,
        r#"
        SELECT v.number, v.created_at AS at, c.display_name AS added_by,
               coalesce(s.how, CASE WHEN v.file_name IS NULL THEN 'paste' ELSE 'file' END) AS "how!: How",
               v.body_length AS length, (e.details->'changed'->>'added')::integer AS added,
               (e.details->'changed'->>'removed')::integer AS removed, (e.details->'changed'->>'moved')::integer AS moved
        FROM article_versions v
        JOIN accounts c ON c.id = v.created_by
        LEFT JOIN snapshots s ON s.desk_id = v.desk_id AND s.id = v.snapshot_id
        LEFT JOIN events e ON e.desk_id = v.desk_id AND e.id = v.event_id AND e.action = 'article.revise'
        WHERE v.desk_id = $1 AND v.article_id = $2 AND ($3::integer IS NULL OR v.number < $3)
        ORDER BY v.number DESC
        LIMIT $4
        "#,
        desk as _,
        article as _,
        before,
        paging::limit(),
    )
    .fetch_all(conn)
    .await?;
    Ok(lines)
}
