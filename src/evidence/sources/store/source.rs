//! Sources: found again by their address, made, edited.

use serde_json::json;
use sqlx::PgConnection;
use time::{Date, OffsetDateTime};

use crate::agents::{self, Kind};
use crate::audit;
use crate::auth::Authorized;
use crate::auth::permission::CiteEvidence;
use crate::db::IfViolates as _;
use crate::editing;
use crate::error::{Error, Result};
use crate::evidence::sources::{Access, Source, SourceClass, SourceFields, SourceMedium};
use crate::id::{AgentId, DeskId, EventId, SourceId};
use crate::text::address::url_key;
use crate::text::dates::{PartialDate, Precision};

/// One source.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn source(conn: &mut PgConnection, desk: DeskId, id: SourceId) -> Result<Source> {
    let row = sqlx::query!(
        r#"
        SELECT s.url, s.title, s.publisher_id AS "publisher: AgentId", g.name AS "publisher_name?", s.authors,
               s.published_from AS "from: Date", s.published_to AS "to: Date", s.published_precision,
               s.class AS "class: SourceClass", s.medium AS "medium: SourceMedium", s.access AS "access: Access", s.description,
               a.display_name AS "created_by!", s.created_at AS "created_at: OffsetDateTime", s.row_version,
               s.event_id AS "event: EventId"
        FROM sources s
        JOIN accounts a ON a.id = s.created_by
        LEFT JOIN agents g ON g.desk_id = s.desk_id AND g.id = s.publisher_id
        WHERE s.desk_id = $1 AND s.id = $2
        "#,
        desk as _,
        id as _,
    )
    .fetch_optional(conn)
    .await?
    .ok_or(Error::NotFound("source"))?;
    Ok(Source {
        id,
        url: row.url,
        title: row.title,
        publisher: row.publisher.zip(row.publisher_name),
        authors: row.authors,
        published: published(row.from, row.to, &row.published_precision)?,
        class: row.class,
        medium: row.medium,
        access: row.access,
        description: row.description,
        created_by: row.created_by,
        created_at: row.created_at,
        row_version: row.row_version,
        event: row.event,
    })
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

/// The source with that key of an address.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn find(conn: &mut PgConnection, desk: DeskId, key: &str) -> Result<Option<SourceId>> {
    Ok(sqlx::query_scalar!(
        r#"SELECT id AS "id: SourceId" FROM sources WHERE desk_id = $1 AND url_key = $2"#,
        desk as _,
        key,
    )
    .fetch_optional(conn)
    .await?)
}

/// The source with these fields: the one that the desk has at this address, or a new one. Tracking parameters are cut from
/// the address, and the record says so.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn create(
    conn: &mut PgConnection,
    by: &Authorized<CiteEvidence>,
    id: SourceId,
    fields: &SourceFields,
) -> Result<SourceId> {
    let key = fields.url.as_ref().map(url_key);
    if let Some(key) = &key {
        if let Some(known) = find(conn, by.desk.id, &key.key).await? {
            return Ok(known);
        }
        // Two people who cite the same new address at once wait for each other here, and nobody else does.
        sqlx::query!(
            r#"SELECT pg_advisory_xact_lock(hashtextextended($1, 1))::text AS "locked""#,
            format!("{} {}", by.desk.id, key.key),
        )
        .fetch_one(&mut *conn)
        .await?;
        if let Some(known) = find(conn, by.desk.id, &key.key).await? {
            return Ok(known);
        }
    }
    let publisher = publisher(conn, by, fields).await?;
    let address = key.as_ref().map(|key| key.address.as_str());
    let details = json!({
        "url": {"before": null, "after": address},
        "title": {"before": null, "after": fields.title},
        "cut": key.as_ref().map(|key| &key.stripped),
    });
    let change = audit::record(conn, by, "source.create", "source", id, &details).await?;
    let (from, to, precision) = fields.published.columns();
    sqlx::query!(
        r#"
        INSERT INTO sources (desk_id, id, url, url_key, title, publisher_id, authors, published_from, published_to,
                             published_precision, class, medium, access, description, created_by, created_at, event_id)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
        "#,
        change.desk as _,
        id as _,
        address,
        key.as_ref().map(|key| key.key.as_str()),
        fields.title.as_deref(),
        publisher as _,
        &fields.authors,
        from,
        to,
        precision.as_str(),
        fields.class as _,
        fields.medium as _,
        fields.access as _,
        fields.description,
        change.by as _,
        change.at,
        change.event as _,
    )
    .execute(conn)
    .await?;
    Ok(id)
}

/// Stores a source's fields, if nobody changed it since `was` was read. `details` are those of the event.
///
/// # Errors
/// [`Error::Conflict`] when somebody did; [`Error::Invalid`] when another source has the address.
pub async fn edit(
    conn: &mut PgConnection,
    by: &Authorized<CiteEvidence>,
    was: &Source,
    to: &SourceFields,
    details: &serde_json::Value,
) -> Result<()> {
    let publisher = publisher(conn, by, to).await?;
    let change = audit::record(conn, by, "source.edit", "source", was.id, details).await?;
    let key = to.url.as_ref().map(url_key);
    let (from, until, precision) = to.published.columns();
    let updated = sqlx::query!(
        r#"
        UPDATE sources
        SET url = $4, url_key = $5, title = $6, publisher_id = $7, authors = $8, published_from = $9, published_to = $10,
            published_precision = $11, class = $12, medium = $13, access = $14, description = $15,
            row_version = row_version + 1, event_id = $16
        WHERE desk_id = $1 AND id = $2 AND row_version = $3
        "#,
        change.desk as _,
        was.id as _,
        was.row_version,
        key.as_ref().map(|key| key.address.as_str()),
        key.as_ref().map(|key| key.key.as_str()),
        to.title.as_deref(),
        publisher as _,
        &to.authors,
        from,
        until,
        precision.as_str(),
        to.class as _,
        to.medium as _,
        to.access as _,
        to.description,
        change.event as _,
    )
    .execute(conn)
    .await
    .if_violates(
        "sources_url_unique",
        Error::invalid("The desk has another source with this address. Cite that one instead."),
    )?;
    if updated.rows_affected() == 1 {
        return Ok(());
    }
    Err(editing::stale())
}

async fn publisher(
    conn: &mut PgConnection,
    by: &Authorized<CiteEvidence>,
    fields: &SourceFields,
) -> Result<Option<AgentId>> {
    match &fields.publisher {
        None => Ok(None),
        Some(name) => Ok(Some(agents::store::find_or_create(conn, by, name, Kind::Outlet).await?)),
    }
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
