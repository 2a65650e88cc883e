//! Evidence on a claim: added, edited, removed, restored.

use serde_json::json;
use sqlx::PgConnection;
use time::{Date, OffsetDateTime};

use super::sources::{create, published};
use crate::audit;
use crate::auth::Authorized;
use crate::auth::permission::CiteEvidence;
use crate::db::IfViolates as _;
use crate::editing;
use crate::error::{Error, Result};
use crate::evidence::cited::{Added, Evidence, EvidenceFields};
use crate::evidence::kinds::{Access, SourceClass, SourceMedium, Stance};
use crate::evidence::pasted::Pasted;
use crate::evidence::source::{Source, SourceFields};
use crate::id::{AgentId, ClaimId, DeskId, EventId, EvidenceId, SourceId};

/// How much evidence a claim's page shows.
const EVIDENCE_MAX: i64 = 500;

const STILL: &str = "What is cited stands still while it is in review and once it is public. Take the draft back, or begin a correction, to change it.";

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

/// What is cited: addresses, each found or made a source; a source that the desk has; or a new one without address.
#[derive(Clone, Debug)]
pub enum Cite {
    Pasted(Pasted),
    Known(SourceId),
    New(Box<SourceFields>),
}

/// Adds evidence: one piece for each source that is cited. What the claim cites already is not added again.
///
/// # Errors
/// [`Error::NotFound`] when the desk has no such claim or source.
pub async fn add(
    conn: &mut PgConnection,
    by: &Authorized<CiteEvidence>,
    claim: ClaimId,
    cite: &Cite,
    fields: &EvidenceFields,
) -> Result<Added> {
    let mut added = Added::default();
    let mut sources = Vec::new();
    match cite {
        Cite::Known(source) => sources.push(super::source(conn, by.desk.id, *source).await?.id),
        Cite::New(fields) => sources.push(create(conn, by, SourceId::new(), fields).await?),
        Cite::Pasted(pasted) => {
            for address in pasted.addresses() {
                sources.push(create(conn, by, SourceId::new(), &SourceFields::at(address.clone())).await?);
            }
            added.cut = pasted.cut();
        }
    }
    for source in sources {
        if cites(conn, by.desk.id, claim, source, fields.exact.as_deref()).await? {
            continue;
        }
        let id = EvidenceId::new();
        insert(conn, by, claim, source, id, fields).await?;
        added.evidence.push(id);
        added.sources.push(source);
    }
    Ok(added)
}

async fn cites(
    conn: &mut PgConnection,
    desk: DeskId,
    claim: ClaimId,
    source: SourceId,
    exact: Option<&str>,
) -> Result<bool> {
    Ok(sqlx::query_scalar!(
        r#"
        SELECT EXISTS (SELECT FROM evidence
                       WHERE desk_id = $1 AND claim_id = $2 AND source_id = $3 AND removed_at IS NULL
                         AND exact IS NOT DISTINCT FROM $4) AS "cites!"
        "#,
        desk as _,
        claim as _,
        source as _,
        exact,
    )
    .fetch_one(conn)
    .await?)
}

async fn insert(
    conn: &mut PgConnection,
    by: &Authorized<CiteEvidence>,
    claim: ClaimId,
    source: SourceId,
    id: EvidenceId,
    fields: &EvidenceFields,
) -> Result<()> {
    let details = json!({
        "claim": claim,
        "source": source,
        "stance": {"before": null, "after": fields.stance},
        "exact": {"before": null, "after": fields.exact},
        "locator": {"before": null, "after": fields.locator},
        "note": {"before": null, "after": Some(&fields.note).filter(|note| !note.is_empty())},
    });
    let change = audit::record(conn, by, "evidence.add", "evidence", id, &details).await?;
    sqlx::query!(
        r#"
        INSERT INTO evidence (desk_id, id, claim_id, source_id, stance, exact, locator, note, created_by, created_at,
                              event_id)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
        "#,
        change.desk as _,
        id as _,
        claim as _,
        source as _,
        fields.stance as _,
        fields.exact.as_deref(),
        fields.locator.as_deref(),
        fields.note,
        change.by as _,
        change.at,
        change.event as _,
    )
    .execute(conn)
    .await
    .if_violates("evidence_claim", Error::NotFound("claim"))?;
    Ok(())
}

/// Stores the fields of evidence, if nobody changed it since `was` was read. `details` are those of the event.
///
/// # Errors
/// [`Error::Conflict`] when somebody did, or what is cited stands still.
pub async fn update(
    conn: &mut PgConnection,
    by: &Authorized<CiteEvidence>,
    was: &Evidence,
    to: &EvidenceFields,
    details: &serde_json::Value,
) -> Result<()> {
    movable(conn, by.desk.id, was.claim).await?;
    let change = audit::record(conn, by, "evidence.edit", "evidence", was.id, details).await?;
    let updated = sqlx::query!(
        r#"
        UPDATE evidence
        SET stance = $4, exact = $5, locator = $6, note = $7, row_version = row_version + 1, event_id = $8
        WHERE desk_id = $1 AND id = $2 AND row_version = $3 AND removed_at IS NULL
        "#,
        change.desk as _,
        was.id as _,
        was.row_version,
        to.stance as _,
        to.exact.as_deref(),
        to.locator.as_deref(),
        to.note,
        change.event as _,
    )
    .execute(conn)
    .await?;
    if updated.rows_affected() == 1 {
        return Ok(());
    }
    Err(editing::stale())
}

/// Removes evidence from its claim. It stays on record and can be restored.
///
/// # Errors
/// [`Error::Conflict`] when what is cited stands still, it is the last of a published verdict, or it is removed already.
pub async fn remove(
    conn: &mut PgConnection,
    by: &Authorized<CiteEvidence>,
    claim: ClaimId,
    id: EvidenceId,
) -> Result<()> {
    set_removed(conn, by, claim, id, true).await
}

/// Restores evidence that was removed.
///
/// # Errors
/// [`Error::Conflict`] when what is cited stands still, or it is not removed.
pub async fn restore(
    conn: &mut PgConnection,
    by: &Authorized<CiteEvidence>,
    claim: ClaimId,
    id: EvidenceId,
) -> Result<()> {
    set_removed(conn, by, claim, id, false).await
}

async fn set_removed(
    conn: &mut PgConnection,
    by: &Authorized<CiteEvidence>,
    claim: ClaimId,
    id: EvidenceId,
    removed: bool,
) -> Result<()> {
    movable(conn, by.desk.id, claim).await?;
    let action = if removed { "evidence.remove" } else { "evidence.restore" };
    let change = audit::record(conn, by, action, "evidence", id, &json!({"claim": claim})).await?;
    let updated = sqlx::query!(
        r#"
        UPDATE evidence SET removed_at = $4, row_version = row_version + 1, event_id = $5
        WHERE desk_id = $1 AND claim_id = $2 AND id = $3 AND (removed_at IS NULL) = ($4::timestamptz IS NOT NULL)
        "#,
        change.desk as _,
        claim as _,
        id as _,
        removed.then_some(change.at),
        change.event as _,
    )
    .execute(conn)
    .await
    .if_violates(
        "evidence_of_published_stays",
        Error::conflict("It is the last evidence of a published verdict. Add another one first."),
    )?;
    if updated.rows_affected() == 1 {
        return Ok(());
    }
    Err(Error::conflict("Somebody else has done this already."))
}

/// Refuses changes while what is cited stands still. The claim's row is locked, so that it cannot begin to meanwhile.
async fn movable(conn: &mut PgConnection, desk: DeskId, claim: ClaimId) -> Result<()> {
    sqlx::query_scalar!(
        r#"SELECT 1 AS "one!" FROM claims WHERE desk_id = $1 AND id = $2 FOR UPDATE"#,
        desk as _,
        claim as _,
    )
    .fetch_optional(&mut *conn)
    .await?;
    if stands_still(conn, desk, claim).await? { Err(Error::conflict(STILL)) } else { Ok(()) }
}
