//! Sources as they are, and found again by their addresses and numbers.

use std::collections::HashMap;

use sqlx::PgConnection;
use time::{Date, OffsetDateTime};
use uuid::Uuid;

use super::warned::reasons;
use crate::error::{Error, Result};
use crate::evidence::sources::warned::domains;
use crate::evidence::sources::{Access, Source, SourceClass, SourceFields, SourceMedium};
use crate::id::{AgentId, DeskId, EventId, SourceId};
use crate::text::address::url_key;
use crate::text::dates::{PartialDate, Precision};
use crate::text::identifiers::{Doi, Isbn};

/// One source, merged or not.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn source(conn: &mut PgConnection, desk: DeskId, id: SourceId) -> Result<Source> {
    those(conn, desk, &[id.uuid()]).await?.remove(&id).ok_or(Error::NotFound("source"))
}

/// The source that stands for this one: itself, unless it was merged.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn standing(conn: &mut PgConnection, desk: DeskId, id: SourceId) -> Result<Source> {
    let found = source(conn, desk, id).await?;
    match found.merged_into {
        Some(into) => source(conn, desk, into).await,
        None => Ok(found),
    }
}

/// These sources, each by its id.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn those(conn: &mut PgConnection, desk: DeskId, ids: &[Uuid]) -> Result<HashMap<SourceId, Source>> {
    let rows = sqlx::query!(
        r#"
        SELECT s.id AS "id: SourceId", s.url, s.title, g.id AS "publisher?: AgentId", g.name AS "publisher_name?",
               s.authors, s.published_from AS "from: Date", s.published_to AS "to: Date", s.published_precision,
               s.modified_from AS "modified_from: Date", s.modified_to AS "modified_to: Date", s.modified_precision,
               s.language, s.doi, s.isbn, s.canonical_url, s.class AS "class: SourceClass",
               s.medium AS "medium: SourceMedium", s.access AS "access: Access", s.independence, s.interest, s.description,
               s.origins::text AS "origins!", s.found::text AS "found!", s.merged_into AS "merged_into: SourceId",
               a.display_name AS "created_by!", s.created_at AS "created_at: OffsetDateTime", s.row_version,
               s.event_id AS "event: EventId"
        FROM sources s
        JOIN accounts a ON a.id = s.created_by
        LEFT JOIN agents p ON p.desk_id = s.desk_id AND p.id = s.publisher_id
        LEFT JOIN agents g ON g.desk_id = p.desk_id AND g.id = coalesce(p.merged_into, p.id)
        WHERE s.desk_id = $1 AND s.id = ANY($2)
        "#,
        desk as _,
        ids,
    )
    .fetch_all(&mut *conn)
    .await?;
    let at: HashMap<SourceId, Vec<String>> =
        rows.iter().map(|row| (row.id, row.url.as_deref().map(domains).unwrap_or_default())).collect();
    let every: Vec<String> = at.values().flatten().cloned().collect();
    let reasons = reasons(conn, desk, &every).await?;
    rows.into_iter()
        .map(|row| {
            let source = Source {
                id: row.id,
                url: row.url,
                title: row.title,
                publisher: row.publisher.zip(row.publisher_name),
                authors: row.authors,
                published: published(row.from, row.to, &row.published_precision)?,
                modified: published(row.modified_from, row.modified_to, &row.modified_precision)?,
                language: row.language,
                doi: row.doi,
                isbn: row.isbn,
                canonical_url: row.canonical_url,
                class: row.class,
                medium: row.medium,
                access: row.access,
                independence: row.independence,
                interest: row.interest,
                description: row.description,
                origins: serde_json::from_str(&row.origins).map_err(Error::internal)?,
                found: serde_json::from_str(&row.found).map_err(Error::internal)?,
                warning: at[&row.id].iter().find_map(|domain| reasons.get(domain).cloned()),
                merged_into: row.merged_into,
                created_by: row.created_by,
                created_at: row.created_at,
                row_version: row.row_version,
                event: row.event,
            };
            Ok((source.id, source))
        })
        .collect()
}

/// The date that three columns hold.
pub(in crate::evidence) fn published(
    from: Option<Date>,
    to: Option<Date>,
    precision: &str,
) -> Result<PartialDate> {
    let precision: Precision = precision.parse().map_err(Error::internal)?;
    PartialDate::from_columns(from, to, precision).map_err(Error::internal)
}

/// The source that stands for whatever has that key of an address: its own, or one at which it was found.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn find(conn: &mut PgConnection, desk: DeskId, key: &str) -> Result<Option<SourceId>> {
    Ok(sqlx::query_scalar!(
        r#"
        SELECT coalesce(s.merged_into, s.id) AS "id!: SourceId"
        FROM (SELECT o.id FROM sources o WHERE o.desk_id = $1 AND o.url_key = $2
              UNION ALL
              SELECT a.source_id FROM source_addresses a WHERE a.desk_id = $1 AND a.url_key = $2) AS k
        JOIN sources s ON s.desk_id = $1 AND s.id = k.id
        LIMIT 1
        "#,
        desk as _,
        key,
    )
    .fetch_optional(conn)
    .await?)
}

/// The source that stands for whatever is at this address, or has this DOI or ISBN; the oldest one, should there be
/// several.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn find_again(
    conn: &mut PgConnection,
    desk: DeskId,
    fields: &SourceFields,
) -> Result<Option<SourceId>> {
    if let Some(url) = &fields.url
        && let Some(known) = find(conn, desk, &url_key(url).key).await?
    {
        return Ok(Some(known));
    }
    Ok(sqlx::query_scalar!(
        r#"
        SELECT coalesce(s.merged_into, s.id) AS "id!: SourceId"
        FROM (SELECT o.id FROM sources o WHERE o.desk_id = $1 AND o.doi = $2
              UNION ALL
              SELECT o.id FROM sources o WHERE o.desk_id = $1 AND o.isbn = $3) AS k
        JOIN sources s ON s.desk_id = $1 AND s.id = k.id
        ORDER BY s.merged_into IS NOT NULL, s.id
        LIMIT 1
        "#,
        desk as _,
        fields.doi.as_ref().map(Doi::as_str),
        fields.isbn.as_ref().map(Isbn::as_str),
    )
    .fetch_optional(conn)
    .await?)
}

/// Further addresses at which a source was found, its doubles' among them, in the order of their letters.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn addresses(conn: &mut PgConnection, desk: DeskId, id: SourceId) -> Result<Vec<String>> {
    Ok(sqlx::query_scalar!(
        r#"
        SELECT a.url AS "url!" FROM source_addresses a WHERE a.desk_id = $1 AND a.source_id = $2
        UNION
        SELECT s.url FROM sources s WHERE s.desk_id = $1 AND s.merged_into = $2 AND s.url IS NOT NULL
        ORDER BY 1
        LIMIT 100
        "#,
        desk as _,
        id as _,
    )
    .fetch_all(conn)
    .await?)
}

/// The tracking parameters that were cut from a source's address when it came in.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn cut(conn: &mut PgConnection, desk: DeskId, id: SourceId) -> Result<Vec<String>> {
    let names = sqlx::query_scalar!(
        r#"
        SELECT c.name AS "name!"
        FROM events e, json_array_elements_text(e.details->'cut') AS c (name)
        WHERE e.desk_id = $1 AND e.entity_id = $2 AND e.action = 'source.create' AND json_typeof(e.details->'cut') = 'array'
        LIMIT 100
        "#,
        desk as _,
        id.uuid(),
    )
    .fetch_all(conn)
    .await?;
    Ok(names)
}
