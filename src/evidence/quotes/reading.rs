//! Copies as they are read: their text, and the quotations in it.

use sqlx::PgConnection;
use sqlx::types::Json;
use time::OffsetDateTime;

use crate::auth::Viewer;
use crate::error::{Error, Result};
use crate::evidence::kinds::Stance;
use crate::id::{ClaimId, CopyId, DeskId, EvidenceId, SourceId};
use crate::text::Document;
use crate::text::document::Shape;
use crate::text::quote::QuoteCheck;

/// How many quotations are drawn in a copy.
const QUOTATIONS_MAX: i64 = 500;

/// How many claims are offered to cite for.
const CLAIMS_MAX: i64 = 50;

/// A copy of a source, for reading.
#[derive(Debug)]
pub struct Read {
    pub id: CopyId,
    /// The source that it is of, or the one that stands for it.
    pub source: SourceId,
    pub name: String,
    pub url: Option<String>,
    /// 1, 2, 3 … of its source.
    pub number: i32,
    pub media_type: String,
    pub received_at: OffsetDateTime,
    /// Nothing where it has none.
    pub document: Option<Document>,
}

/// A quotation that stands in a copy.
#[derive(Debug)]
pub struct Quotation {
    pub id: EvidenceId,
    pub claim: ClaimId,
    pub claim_reviewed: String,
    pub stance: Stance,
    pub check: QuoteCheck,
    pub exact: String,
    pub start: i32,
    pub end: i32,
}

/// A copy that the viewer may read: members all of them; readers those that the desk shows them, of sources that a public
/// claim cites and that are not confidential.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn copy(conn: &mut PgConnection, viewer: &Viewer, source: SourceId, id: CopyId) -> Result<Read> {
    let row = sqlx::query!(
        r#"
        SELECT s.id AS "source: SourceId", s.title, s.url, p.number, p.media_type,
               n.received_at AS "received_at: OffsetDateTime", p.body, p.blocks AS "blocks: Json<Shape>"
        FROM source_copies p
        JOIN sources o ON o.desk_id = p.desk_id AND o.id = p.source_id
        JOIN sources s ON s.desk_id = o.desk_id AND s.id = coalesce(o.merged_into, o.id)
        JOIN sources c ON c.desk_id = s.desk_id AND coalesce(c.merged_into, c.id) = s.id
        JOIN snapshots n ON n.desk_id = p.desk_id AND n.id = p.snapshot_id
        WHERE p.desk_id = $1 AND p.id = $2 AND c.id = $3
          AND ($4 OR s.access <> 'confidential'
                     AND EXISTS (SELECT FROM source_settings t WHERE t.desk_id = p.desk_id AND t.copies_public)
                     AND EXISTS (SELECT FROM evidence e
                                 JOIN sources x ON x.desk_id = e.desk_id AND x.id = e.source_id
                                 JOIN claims k ON k.desk_id = e.desk_id AND k.id = e.claim_id
                                 WHERE e.desk_id = p.desk_id AND coalesce(x.merged_into, x.id) = s.id
                                   AND e.removed_at IS NULL AND k.stage IN ('published', 'retracted')))
        "#,
        viewer.desk.id as _,
        id as _,
        source as _,
        viewer.is_member(),
    )
    .fetch_optional(conn)
    .await?
    .ok_or(Error::NotFound("copy"))?;
    let document = match row.body.zip(row.blocks) {
        Some((body, Json(shape))) => Some(Document::new(body, shape).map_err(Error::internal)?),
        None => None,
    };
    Ok(Read {
        id,
        source: row.source,
        name: row.title.or_else(|| row.url.clone()).unwrap_or_else(|| "Source without a title".to_owned()),
        url: row.url,
        number: row.number,
        media_type: row.media_type,
        received_at: row.received_at,
        document,
    })
}

/// The quotations that stand in a copy, be it nearly, in the order of its text: of public claims alone, unless the viewer is a
/// member.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn quotations(conn: &mut PgConnection, viewer: &Viewer, copy: CopyId) -> Result<Vec<Quotation>> {
    Ok(sqlx::query_as!(
        Quotation,
        r#"
        SELECT e.id AS "id: EvidenceId", e.claim_id AS "claim: ClaimId", k.claim_reviewed, e.stance AS "stance: Stance",
               e.quote_check AS "check!: QuoteCheck", e.exact AS "exact!", e.start_at AS "start!", e.end_at AS "end!"
        FROM evidence e JOIN claims k ON k.desk_id = e.desk_id AND k.id = e.claim_id
        WHERE e.desk_id = $1 AND e.copy_id = $2 AND e.start_at IS NOT NULL AND e.removed_at IS NULL
          AND ($3 OR k.stage IN ('published', 'retracted'))
        ORDER BY e.start_at, e.id
        LIMIT $4
        "#,
        viewer.desk.id as _,
        copy as _,
        viewer.is_member(),
        QUOTATIONS_MAX,
    )
    .fetch_all(conn)
    .await?)
}

/// The claims that cite a source, newest first, for choosing the one that words are cited for.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn claims(
    conn: &mut PgConnection,
    desk: DeskId,
    source: SourceId,
) -> Result<Vec<(ClaimId, String)>> {
    let rows = sqlx::query!(
        r#"
        SELECT k.id AS "id: ClaimId", k.claim_reviewed
        FROM claims k
        WHERE k.desk_id = $1 AND EXISTS (
            SELECT FROM evidence e JOIN sources s ON s.desk_id = e.desk_id AND s.id = e.source_id
            WHERE e.desk_id = k.desk_id AND e.claim_id = k.id AND e.removed_at IS NULL
              AND coalesce(s.merged_into, s.id) = $2)
        ORDER BY k.id DESC
        LIMIT $3
        "#,
        desk as _,
        source as _,
        CLAIMS_MAX,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.claim_reviewed)).collect())
}

/// Evidence of a claim that cites the source as a whole: what is filled in when its words are selected.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn without_words(
    conn: &mut PgConnection,
    desk: DeskId,
    claim: ClaimId,
    source: SourceId,
) -> Result<Option<EvidenceId>> {
    Ok(sqlx::query_scalar!(
        r#"
        SELECT e.id AS "id: EvidenceId"
        FROM evidence e JOIN sources s ON s.desk_id = e.desk_id AND s.id = e.source_id
        WHERE e.desk_id = $1 AND e.claim_id = $2 AND coalesce(s.merged_into, s.id) = $3
          AND e.exact IS NULL AND e.removed_at IS NULL
        ORDER BY e.id
        LIMIT 1
        "#,
        desk as _,
        claim as _,
        source as _,
    )
    .fetch_optional(conn)
    .await?)
}
