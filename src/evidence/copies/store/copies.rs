//! Copies: kept, found again, read.

use serde_json::json;
use sqlx::PgConnection;
use sqlx::types::Json;
use time::OffsetDateTime;

use super::archives::hold;
use crate::articles::intake::Received;
use crate::articles::snapshots;
use crate::audit;
use crate::auth::Authorized;
use crate::auth::permission::{AddArticle, CiteEvidence};
use crate::blobs;
use crate::error::{Error, Result};
use crate::evidence::copies::{Copy, Link, NoText, READER, Reading};
use crate::id::{CopyId, DeskId, SnapshotId, SourceId};
use crate::text::Document;
use crate::text::document::Shape;

/// Keeps a copy of a source: the bytes as they came, and what was read out of them. The same bytes as those of the newest
/// copy are not kept again; then the id is that one's, and the second value `false`. `link` says what the address shows:
/// nothing for a copy that a member gave.
///
/// # Errors
/// When PostgreSQL fails; [`Error::NotFound`] when the desk has no such source.
pub async fn add(
    conn: &mut PgConnection,
    by: &Authorized<CiteEvidence>,
    source: SourceId,
    received: &Received,
    reading: &Reading,
    link: Option<Link>,
) -> Result<(CopyId, bool)> {
    // Two copies of one source get their numbers one after the other.
    sqlx::query_scalar!(
        r#"SELECT 1 AS "one!" FROM sources WHERE desk_id = $1 AND id = $2 FOR NO KEY UPDATE"#,
        by.desk.id as _,
        source as _,
    )
    .fetch_optional(&mut *conn)
    .await?
    .ok_or(Error::NotFound("source"))?;
    let sha256 = blobs::hash(&received.bytes);
    let newest = newest(conn, by.desk.id, source).await?;
    let details = json!({
        "bytes": received.bytes.len(),
        "sha256": crate::articles::hex(&sha256),
        "media_type": reading.media_type,
        "final_address": received.final_address,
        "how": received.how,
        "link": link,
    });
    let change = audit::record(conn, by, "source.keep", "source", source, &details).await?;
    if let Some(same) = newest.as_ref().filter(|newest| newest.sha256 == sha256) {
        hold(conn, by, &change, source, same.id, link).await?;
        return Ok((same.id, false));
    }
    let keeps: Authorized<AddArticle> = by.and()?;
    let snapshot = snapshots::keep(conn, &keeps, &change, received).await?;
    let id = CopyId::new();
    let (text, no_text) = match &reading.text {
        Ok(document) => (Some(document), None),
        Err(no_text) => (None, Some(*no_text)),
    };
    let length = text.map(|text| i32::try_from(text.length())).transpose().map_err(Error::internal)?;
    sqlx::query!(
        r#"
        INSERT INTO source_copies (desk_id, id, source_id, number, snapshot_id, media_type, body, body_length, body_sha256,
                                   blocks, no_text, reader, created_by, created_at, event_id)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
        "#,
        change.desk as _,
        id as _,
        source as _,
        newest.map_or(1, |newest| newest.number + 1),
        snapshot as _,
        reading.media_type,
        text.map(Document::text),
        length,
        text.map(|text| blobs::hash(text.text().as_bytes())),
        text.map(|text| Json(text.shape())) as _,
        no_text as _,
        READER,
        change.by as _,
        change.at,
        change.event as _,
    )
    .execute(&mut *conn)
    .await?;
    hold(conn, by, &change, source, id, link).await?;
    Ok((id, true))
}

struct Row {
    id: CopyId,
    source: SourceId,
    number: i32,
    snapshot: SnapshotId,
    media_type: String,
    length: Option<i32>,
    no_text: Option<NoText>,
    received_at: OffsetDateTime,
    address: Option<String>,
    file_name: Option<String>,
    sha256: Vec<u8>,
    size: i32,
    created_by: String,
}

impl From<Row> for Copy {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            source: row.source,
            number: row.number,
            snapshot: row.snapshot,
            media_type: row.media_type,
            length: row.length,
            no_text: row.no_text,
            received_at: row.received_at,
            address: row.address,
            file_name: row.file_name,
            sha256: row.sha256,
            size: row.size,
            created_by: row.created_by,
        }
    }
}

/// A copy of a source, which is the one named or was merged into it.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn get(conn: &mut PgConnection, desk: DeskId, source: SourceId, id: CopyId) -> Result<Copy> {
    let row = sqlx::query_as!(
        Row,
        r#"
        SELECT c.id AS "id: CopyId", c.source_id AS "source: SourceId", c.number, c.snapshot_id AS "snapshot: SnapshotId",
               c.media_type, c.body_length AS length, c.no_text AS "no_text: NoText",
               n.received_at AS "received_at: OffsetDateTime", coalesce(n.final_address, n.address) AS address, n.file_name,
               n.sha256, b.size, a.display_name AS created_by
        FROM source_copies c
        JOIN snapshots n ON n.desk_id = c.desk_id AND n.id = c.snapshot_id
        JOIN blobs b ON b.desk_id = n.desk_id AND b.sha256 = n.sha256
        JOIN accounts a ON a.id = c.created_by
        WHERE c.desk_id = $1 AND c.id = $3
          AND (c.source_id = $2
               OR EXISTS (SELECT FROM sources s WHERE s.desk_id = $1 AND s.id = c.source_id AND s.merged_into = $2))
        "#,
        desk as _,
        source as _,
        id as _,
    )
    .fetch_optional(conn)
    .await?;
    row.map(Into::into).ok_or(Error::NotFound("copy"))
}

/// The newest copy of a source itself.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn newest(conn: &mut PgConnection, desk: DeskId, source: SourceId) -> Result<Option<Copy>> {
    let row = sqlx::query_as!(
        Row,
        r#"
        SELECT c.id AS "id: CopyId", c.source_id AS "source: SourceId", c.number, c.snapshot_id AS "snapshot: SnapshotId",
               c.media_type, c.body_length AS length, c.no_text AS "no_text: NoText",
               n.received_at AS "received_at: OffsetDateTime", coalesce(n.final_address, n.address) AS address, n.file_name,
               n.sha256, b.size, a.display_name AS created_by
        FROM source_copies c
        JOIN snapshots n ON n.desk_id = c.desk_id AND n.id = c.snapshot_id
        JOIN blobs b ON b.desk_id = n.desk_id AND b.sha256 = n.sha256
        JOIN accounts a ON a.id = c.created_by
        WHERE c.desk_id = $1 AND c.source_id = $2
        ORDER BY c.number DESC
        LIMIT 1
        "#,
        desk as _,
        source as _,
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(Into::into))
}

/// The copies of a source, and of those that were merged into it, newest first.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn of_source(conn: &mut PgConnection, desk: DeskId, source: SourceId) -> Result<Vec<Copy>> {
    let rows = sqlx::query_as!(
        Row,
        r#"
        SELECT c.id AS "id: CopyId", c.source_id AS "source: SourceId", c.number, c.snapshot_id AS "snapshot: SnapshotId",
               c.media_type, c.body_length AS length, c.no_text AS "no_text: NoText",
               n.received_at AS "received_at: OffsetDateTime", coalesce(n.final_address, n.address) AS address, n.file_name,
               n.sha256, b.size, a.display_name AS created_by
        FROM source_copies c
        JOIN snapshots n ON n.desk_id = c.desk_id AND n.id = c.snapshot_id
        JOIN blobs b ON b.desk_id = n.desk_id AND b.sha256 = n.sha256
        JOIN accounts a ON a.id = c.created_by
        WHERE c.desk_id = $1
          AND c.source_id IN (SELECT s.id FROM sources s WHERE s.desk_id = $1 AND (s.id = $2 OR s.merged_into = $2))
        ORDER BY c.id DESC
        LIMIT 100
        "#,
        desk as _,
        source as _,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(Into::into).collect())
}

/// The text of a copy, if it has one.
///
/// # Errors
/// [`Error::NotFound`] when the desk has no such copy.
pub async fn document(conn: &mut PgConnection, desk: DeskId, id: CopyId) -> Result<Option<Document>> {
    let row = sqlx::query!(
        r#"SELECT body, blocks AS "blocks: Json<Shape>" FROM source_copies WHERE desk_id = $1 AND id = $2"#,
        desk as _,
        id as _,
    )
    .fetch_optional(conn)
    .await?
    .ok_or(Error::NotFound("copy"))?;
    match (row.body, row.blocks) {
        (Some(body), Some(Json(shape))) => Document::stored(body, shape).map(Some).map_err(Error::internal),
        _ => Ok(None),
    }
}
