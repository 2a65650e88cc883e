//! Evidence on a claim, as members see it.

use sqlx::PgConnection;
use time::{Date, OffsetDateTime};

use crate::error::{Error, Result};
use crate::evidence::cited::Evidence;
use crate::evidence::kinds::Stance;
use crate::evidence::sources::store::published;
use crate::evidence::sources::{Access, Source, SourceClass, SourceMedium};
use crate::id::{AgentId, ClaimId, DeskId, EventId, EvidenceId, SourceId};

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
        SELECT e.id AS "id: EvidenceId", e.stance AS "stance: Stance", e.exact, e.locator, e.note,
               b.display_name AS "added_by!", e.removed_at AS "removed_at: OffsetDateTime", e.row_version,
               e.event_id AS "event: EventId",
               s.id AS "source: SourceId", s.url, s.title, s.publisher_id AS "publisher: AgentId",
               g.name AS "publisher_name?", s.authors, s.published_from AS "from: Date", s.published_to AS "to: Date",
               s.published_precision, s.class AS "class: SourceClass", s.medium AS "medium: SourceMedium",
               s.access AS "access: Access", s.description, a.display_name AS "created_by!",
               s.created_at AS "created_at: OffsetDateTime", s.row_version AS source_version,
               s.event_id AS "source_event: EventId"
        FROM evidence e
        JOIN sources s ON s.desk_id = e.desk_id AND s.id = e.source_id
        JOIN accounts a ON a.id = s.created_by
        JOIN accounts b ON b.id = e.created_by
        LEFT JOIN agents g ON g.desk_id = s.desk_id AND g.id = s.publisher_id
        WHERE e.desk_id = $1 AND e.claim_id = $2 AND ($3::uuid IS NULL OR e.id = $3)
        ORDER BY e.removed_at IS NOT NULL, e.id
        LIMIT $4
        "#,
        desk as _,
        claim as _,
        id as _,
        EVIDENCE_MAX,
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(Evidence {
                id: row.id,
                claim,
                source: Source {
                    id: row.source,
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
                    row_version: row.source_version,
                    event: row.source_event,
                },
                stance: row.stance,
                exact: row.exact,
                locator: row.locator,
                note: row.note,
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
