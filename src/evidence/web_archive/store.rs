//! All SQL of web archives. Copies of confidential sources are never in one.

use futures_util::{Stream, StreamExt as _};
use sqlx::PgConnection;
use sqlx::types::Json;
use time::OffsetDateTime;
use uuid::Uuid;

use super::record::{Copy, Earlier};
use crate::error::{Error, Result};
use crate::id::{ClaimId, DeskId, SnapshotId, SourceId};

/// Whose copies are taken.
#[derive(Clone, Copy, Debug)]
pub enum Of {
    Source(SourceId),
    /// All copies of all sources that the claim cites.
    Claim(ClaimId),
    Desk,
}

/// Who takes them, which says what there is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum For {
    Members,
    /// Readers get copies where a desk gives them out, of what public claims cite.
    Readers,
}

/// What an archive is called, if there is something for whoever asks.
///
/// # Errors
/// [`Error::NotFound`] when there is no such source or claim for them.
pub async fn title(conn: &mut PgConnection, desk: DeskId, of: Of, whom: For) -> Result<String> {
    let (source, claim) = of.ids();
    sqlx::query_scalar!(
        r#"
        SELECT CASE
            WHEN $2::uuid IS NOT NULL THEN (
                SELECT coalesce(s.title, s.url, 'Source without a title') FROM sources s
                WHERE s.desk_id = d.id AND s.id = $2 AND s.merged_into IS NULL AND s.access <> 'confidential' AND ($4 OR EXISTS (
                    SELECT FROM sources o
                    JOIN evidence e ON e.desk_id = o.desk_id AND e.source_id = o.id AND e.removed_at IS NULL
                    JOIN claims k ON k.desk_id = e.desk_id AND k.id = e.claim_id AND k.stage IN ('published', 'retracted')
                    WHERE o.desk_id = s.desk_id AND (o.id = s.id OR o.merged_into = s.id) AND o.access <> 'confidential')))
            WHEN $3::uuid IS NOT NULL THEN (
                SELECT k.claim_reviewed FROM claims k
                WHERE k.desk_id = d.id AND k.id = $3 AND ($4 OR k.stage IN ('published', 'retracted')))
            ELSE d.name END AS title
        FROM desks d
        LEFT JOIN source_settings t ON t.desk_id = d.id
        WHERE d.id = $1 AND ($4 OR coalesce(t.copies_public, false))
        "#,
        desk as _,
        source as _,
        claim as _,
        whom == For::Members,
    )
    .fetch_optional(conn)
    .await?
    .flatten()
    .ok_or(Error::NotFound("archive"))
}

/// The copies, in the order in which they were taken; those for readers are copies of sources that a public claim cites. They
/// come as they are read, however many there are.
pub fn copies(
    conn: &mut PgConnection,
    desk: DeskId,
    of: Of,
    whom: For,
) -> impl Stream<Item = Result<(Copy, SnapshotId)>> + '_ {
    let (source, claim) = of.ids();
    let rows = sqlx::query!(
        r#"
        WITH wanted AS (
            SELECT c.id, s.title, s.url, c.media_type, n.id AS snapshot, n.sha256, n.final_address, n.address, n.status,
                   n.headers, n.received_at, n.how
            FROM source_copies c
            JOIN snapshots n ON n.desk_id = c.desk_id AND n.id = c.snapshot_id
            JOIN sources o ON o.desk_id = c.desk_id AND o.id = c.source_id
            JOIN sources s ON s.desk_id = o.desk_id AND s.id = coalesce(o.merged_into, o.id)
            WHERE c.desk_id = $1 AND s.access <> 'confidential' AND o.access <> 'confidential'
              AND ($2::uuid IS NULL OR s.id = $2)
              AND ($3::uuid IS NULL AND $4 OR EXISTS (
                  SELECT FROM sources b
                  JOIN evidence e ON e.desk_id = b.desk_id AND e.source_id = b.id AND e.removed_at IS NULL
                  JOIN claims k ON k.desk_id = e.desk_id AND k.id = e.claim_id
                  WHERE b.desk_id = s.desk_id AND (b.id = s.id OR b.merged_into = s.id) AND b.access <> 'confidential'
                    AND ($3::uuid IS NULL OR k.id = $3) AND ($4 OR k.stage IN ('published', 'retracted'))))
        ), numbered AS (
            SELECT w.*,
                   first_value(w.id) OVER same AS first_id,
                   first_value(coalesce(w.final_address, w.address, w.url)) OVER same AS first_address,
                   first_value(w.received_at) OVER same AS first_at
            FROM wanted w
            WINDOW same AS (PARTITION BY w.sha256 ORDER BY w.id)
        )
        SELECT id AS "id!", title, coalesce(final_address, address, url) AS address, media_type AS "media_type!",
               snapshot AS "snapshot!: SnapshotId", sha256 AS "sha256!", status, headers AS "headers: Json<Vec<(String, String)>>",
               received_at AS "received_at!: OffsetDateTime", first_id AS "first_id!", first_address,
               first_at AS "first_at!: OffsetDateTime"
        FROM numbered
        ORDER BY id
        "#,
        desk as _,
        source as _,
        claim as _,
        whom == For::Members,
    )
    .fetch(conn);
    rows.map(|row| {
        let row = row?;
        let named = |address: Option<String>, id: Uuid| address.unwrap_or_else(|| format!("urn:uuid:{id}"));
        let same_as = (row.first_id != row.id).then(|| Earlier {
            id: row.first_id,
            address: named(row.first_address, row.first_id),
            received_at: row.first_at,
        });
        let copy = Copy {
            id: row.id,
            address: named(row.address, row.id),
            status: row.status.and_then(|status| u16::try_from(status).ok()),
            headers: row.headers.map(|headers| headers.0).unwrap_or_default(),
            media_type: row.media_type,
            received_at: row.received_at,
            sha256: row.sha256,
            title: row.title,
            same_as,
        };
        Ok((copy, row.snapshot))
    })
}

impl Of {
    fn ids(self) -> (Option<Uuid>, Option<Uuid>) {
        match self {
            Self::Source(source) => (Some(source.uuid()), None),
            Self::Claim(claim) => (None, Some(claim.uuid())),
            Self::Desk => (None, None),
        }
    }
}
