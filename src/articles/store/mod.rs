//! All SQL of articles and their versions.

mod list;

use sha2::{Digest, Sha256};
use sqlx::types::Json;
use sqlx::{PgConnection, PgPool};
use time::Date;

use super::{Article, Known, NewArticle};
use crate::audit::Change;
use crate::auth::Authorized;
use crate::auth::permission::AddArticle;
use crate::error::{Error, Result};
use crate::id::{AgentId, ArticleId, DeskId, EventId, VersionId};
use crate::text::Document;
use crate::text::address::{SafeUrl, url_key};
use crate::text::dates::PartialDate;
use crate::text::document::Shape;
use crate::text::offsets::integer;

pub use list::{Listed, list};

/// What a text is found again by: SHA-256 of its UTF-8 bytes.
#[must_use]
pub fn hash(text: &str) -> Vec<u8> {
    Sha256::digest(text.as_bytes()).to_vec()
}

/// Stores an article and its first version. The change is `article.add`, see [`NewArticle::event`].
///
/// # Errors
/// When PostgreSQL fails.
pub async fn create(
    conn: &mut PgConnection,
    _by: &Authorized<AddArticle>,
    change: &Change,
    new: &NewArticle,
) -> Result<()> {
    let known = &new.known;
    let (from, to, precision) = known.published.columns();
    sqlx::query!(
        r#"
        INSERT INTO articles (desk_id, id, url, url_key, title, byline, publisher_id, language, published_from,
                              published_to, published_precision, created_by, created_at, event_id)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
        "#,
        change.desk as _,
        new.id as _,
        known.url.as_ref().map(SafeUrl::as_str),
        known.url.as_ref().map(|url| url_key(url).key),
        known.title,
        known.byline,
        known.publisher as _,
        known.language,
        from,
        to,
        precision.as_str(),
        change.by as _,
        change.at,
        change.event as _,
    )
    .execute(&mut *conn)
    .await?;
    let text = new.document.text();
    sqlx::query!(
        r#"
        INSERT INTO article_versions (desk_id, id, article_id, number, body, body_length, body_sha256, blocks, format,
                                      file_name, charset, snapshot_id, created_by, created_at, event_id)
        VALUES ($1, $2, $3, 1, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
        "#,
        change.desk as _,
        new.version as _,
        new.id as _,
        text,
        integer(new.document.length()),
        hash(text),
        Json(new.document.shape()) as _,
        new.format.as_str(),
        new.file_name,
        new.charset,
        new.snapshot as _,
        change.by as _,
        change.at,
        change.event as _,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Replaces what is known about an article; `false` when somebody changed it since `row_version`.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn update(
    conn: &mut PgConnection,
    _by: &Authorized<AddArticle>,
    change: &Change,
    article: ArticleId,
    row_version: i32,
    known: &Known,
) -> Result<bool> {
    let (from, to, precision) = known.published.columns();
    let updated = sqlx::query!(
        r#"
        UPDATE articles
        SET url = $4, url_key = $5, title = $6, byline = $7, publisher_id = $8, language = $9, published_from = $10,
            published_to = $11, published_precision = $12, event_id = $13, row_version = row_version + 1
        WHERE desk_id = $1 AND id = $2 AND row_version = $3
        "#,
        change.desk as _,
        article as _,
        row_version,
        known.url.as_ref().map(SafeUrl::as_str),
        known.url.as_ref().map(|url| url_key(url).key),
        known.title,
        known.byline,
        known.publisher as _,
        known.language,
        from,
        to,
        precision.as_str(),
        change.event as _,
    )
    .execute(conn)
    .await?;
    Ok(updated.rows_affected() == 1)
}

/// An article of a desk.
///
/// # Errors
/// [`Error::NotFound`] when the desk has none with that id.
pub async fn get(pool: &PgPool, desk: DeskId, id: ArticleId) -> Result<Article> {
    let row = sqlx::query!(
        r#"
        SELECT a.url, a.title, a.byline, a.publisher_id AS "publisher_id: AgentId", a.language, a.published_from,
               a.published_to, a.published_precision, a.created_at, a.row_version,
               a.event_id AS "event: EventId", g.name AS "publisher_name?"
        FROM articles a
        LEFT JOIN agents g ON g.desk_id = a.desk_id AND g.id = a.publisher_id
        WHERE a.desk_id = $1 AND a.id = $2
        "#,
        desk as _,
        id as _,
    )
    .fetch_optional(pool)
    .await?
    .ok_or(Error::NotFound("article"))?;
    let known = Known {
        url: url(row.url.as_deref())?,
        title: row.title,
        byline: row.byline,
        publisher: row.publisher_id,
        language: row.language,
        published: published(row.published_from, row.published_to, &row.published_precision)?,
    };
    Ok(Article {
        id,
        known,
        publisher_name: row.publisher_name,
        created_at: row.created_at,
        row_version: row.row_version,
        event: row.event,
    })
}

/// An address that the database holds.
///
/// # Errors
/// [`Error::Internal`] when it is none.
pub fn url(text: Option<&str>) -> Result<Option<SafeUrl>> {
    text.map(SafeUrl::parse).transpose().map_err(Error::internal)
}

/// A date that the database holds in three columns.
///
/// # Errors
/// [`Error::Internal`] when they do not fit each other.
pub fn published(from: Option<Date>, to: Option<Date>, precision: &str) -> Result<PartialDate> {
    let precision = precision.parse().map_err(Error::internal)?;
    PartialDate::from_columns(from, to, precision).map_err(Error::internal)
}

/// The text of a version.
///
/// # Errors
/// [`Error::NotFound`] when the desk has none with that id.
pub async fn document(pool: &PgPool, desk: DeskId, version: VersionId) -> Result<Document> {
    let row = sqlx::query!(
        r#"SELECT body, blocks AS "blocks: Json<Shape>" FROM article_versions WHERE desk_id = $1 AND id = $2"#,
        desk as _,
        version as _,
    )
    .fetch_optional(pool)
    .await?
    .ok_or(Error::NotFound("version"))?;
    Document::stored(row.body, row.blocks.0).map_err(Error::internal)
}

/// An article that is here already.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Twin {
    pub id: ArticleId,
    pub title: Option<String>,
    /// Whether the text is the same, character for character; else only the address is.
    pub same_text: bool,
}

/// The article that has the same text or the same address.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn find_twin(
    pool: &PgPool,
    desk: DeskId,
    text: &str,
    address: Option<&SafeUrl>,
) -> Result<Option<Twin>> {
    let found = sqlx::query_as!(
        Twin,
        r#"
        SELECT a.id AS "id!: ArticleId", a.title, twin.same_text AS "same_text!"
        FROM (
            SELECT v.article_id AS id, true AS same_text FROM article_versions v
            WHERE v.desk_id = $1 AND v.body_sha256 = $2
            UNION ALL
            SELECT u.id, false FROM articles u WHERE u.desk_id = $1 AND u.url_key = $3
        ) twin
        JOIN articles a ON a.desk_id = $1 AND a.id = twin.id
        ORDER BY twin.same_text DESC, a.id
        LIMIT 1
        "#,
        desk as _,
        hash(text),
        address.map(|address| url_key(address).key),
    )
    .fetch_optional(pool)
    .await?;
    Ok(found)
}
