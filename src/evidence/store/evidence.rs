//! Evidence on a claim, as members see it.

use sqlx::PgConnection;
use time::{Date, OffsetDateTime};
use uuid::Uuid;

use crate::error::{Error, Result};
use crate::evidence::cited::Evidence;
use crate::evidence::kinds::{Independence, Stance};
use crate::evidence::quotes::{CellPlace, Locators, Quoted, Time};
use crate::evidence::sources;
use crate::evidence::sources::store::published;
use crate::id::{ClaimId, CopyId, DeskId, EventId, EvidenceId, SourceId};
use crate::text::dates::PartialDate;
use crate::text::quote::QuoteCheck;
use crate::text::selector::Selector;

/// How much evidence a claim's page shows.
const EVIDENCE_MAX: i64 = 500;

/// The evidence of a claim, in the order in which it was added; the removed last.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn of_claim(conn: &mut PgConnection, desk: DeskId, claim: ClaimId) -> Result<Vec<Evidence>> {
    read(conn, desk, claim, None).await
}

/// One piece of evidence of a claim.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn get(conn: &mut PgConnection, desk: DeskId, claim: ClaimId, id: EvidenceId) -> Result<Evidence> {
    read(conn, desk, claim, Some(id)).await?.pop().ok_or(Error::NotFound("evidence"))
}

async fn read(
    conn: &mut PgConnection,
    desk: DeskId,
    claim: ClaimId,
    id: Option<EvidenceId>,
) -> Result<Vec<Evidence>> {
    let rows = sqlx::query!(
        r#"
        SELECT e.id AS "id: EvidenceId", coalesce(s.merged_into, s.id) AS "source!: SourceId", e.stance AS "stance: Stance",
               e.exact, e.locator, e.note, b.display_name AS "added_by!", e.removed_at AS "removed_at: OffsetDateTime",
               e.row_version, e.event_id AS "event: EventId", e.independence AS "independence: Independence",
               e.page, e.time_from_ms, e.time_to_ms, e.cell_table, e.cell_row, e.cell_column,
               e.copy_id AS "copy: CopyId", e.quote_check AS "check: QuoteCheck", e.start_at, e.end_at, e.found, e.prefix,
               e.suffix, e.quote_reason, r.display_name AS "reason_by?"
        FROM evidence e
        JOIN sources s ON s.desk_id = e.desk_id AND s.id = e.source_id
        JOIN accounts b ON b.id = e.created_by
        LEFT JOIN accounts r ON r.id = e.quote_reason_by
        WHERE e.desk_id = $1 AND e.claim_id = $2 AND ($3::uuid IS NULL OR e.id = $3)
        ORDER BY e.removed_at IS NOT NULL, e.id
        LIMIT $4
        "#,
        desk as _,
        claim as _,
        id as _,
        EVIDENCE_MAX,
    )
    .fetch_all(&mut *conn)
    .await?;
    // A source that was merged is cited as the one that stands for it.
    let ids: Vec<Uuid> = rows.iter().map(|row| row.source.uuid()).collect();
    let sources = sources::store::those(conn, desk, &ids).await?;
    rows.into_iter()
        .map(|row| {
            let place = match (row.found, row.prefix, row.suffix, row.start_at, row.end_at) {
                (Some(exact), Some(prefix), Some(suffix), Some(start), Some(end)) => {
                    Some(Selector { exact, prefix, suffix, start, end })
                }
                _ => None,
            };
            let cell = match (row.cell_table, row.cell_row, row.cell_column) {
                (Some(table), Some(row), Some(column)) => Some(CellPlace { table, row, column }),
                _ => None,
            };
            let time = row.time_from_ms.map(|from_ms| Time { from_ms, to_ms: row.time_to_ms });
            Ok(Evidence {
                id: row.id,
                claim,
                source: sources.get(&row.source).cloned().ok_or(Error::NotFound("source"))?,
                locators: Locators { page: row.page, time, cell },
                quoted: row.copy.zip(row.check).map(|(copy, check)| Quoted {
                    copy,
                    check,
                    place,
                    reason: row.quote_reason.zip(row.reason_by),
                }),
                stance: row.stance,
                exact: row.exact,
                locator: row.locator,
                note: row.note,
                independence: row.independence,
                created_by: row.added_by,
                removed_at: row.removed_at,
                row_version: row.row_version,
                event: row.event,
            })
        })
        .collect()
}

/// Whether what the claim cites cannot be changed now: it is reviewed, decided or public, and no correction is drafted.
///
/// # Errors
/// [`Error::NotFound`] when the desk has no such claim.
pub async fn stands_still(conn: &mut PgConnection, desk: DeskId, claim: ClaimId) -> Result<bool> {
    sqlx::query_scalar!(
        r#"
        SELECT NOT (c.stage IN ('marked', 'researching')
                    OR c.stage = 'published' AND EXISTS (
                        SELECT FROM rounds r
                        WHERE r.desk_id = c.desk_id AND r.claim_id = c.id AND r.state = 'drafting')) AS "still!"
        FROM claims c WHERE c.desk_id = $1 AND c.id = $2
        "#,
        desk as _,
        claim as _,
    )
    .fetch_optional(conn)
    .await?
    .ok_or(Error::NotFound("claim"))
}

/// When the claim was made: at the place that is known to be the first, or else at the earliest one. Places of claims that
/// turned out to say the same do not count.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn made(conn: &mut PgConnection, desk: DeskId, claim: ClaimId) -> Result<PartialDate> {
    let row = sqlx::query!(
        r#"
        SELECT said_from AS "from: Date", said_to AS "to: Date", said_precision
        FROM appearances
        WHERE desk_id = $1 AND claim_id = $2 AND removed_at IS NULL AND said_precision <> 'unknown'
        ORDER BY is_first_known DESC, said_from, said_to, id
        LIMIT 1
        "#,
        desk as _,
        claim as _,
    )
    .fetch_optional(conn)
    .await?;
    row.map_or(Ok(PartialDate::Unknown), |row| published(row.from, row.to, &row.said_precision))
}
