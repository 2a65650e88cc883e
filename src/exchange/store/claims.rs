//! The claims themselves, and which of them say the same.

use sqlx::PgConnection;
use uuid::Uuid;

use super::{Places, ids};
use crate::claims::{DeclineReason, Stage};
use crate::error::Result;
use crate::exchange::{ClaimRecord, Scope};
use crate::id::{ClaimId, DeskId};

/// The next claims of a range of ids, still without what belongs to them.
pub(super) async fn claims(
    conn: &mut PgConnection,
    desk: DeskId,
    scope: Scope,
    (from, to): (Uuid, Uuid),
    limit: i64,
) -> Result<Vec<ClaimRecord>> {
    let rows = sqlx::query!(
        r#"
        SELECT id AS "id: ClaimId", stage AS "stage: Stage", claim_reviewed, language, claim_types, topics, created_at,
               decline_reason AS "decline_reason: DeclineReason", decline_note, duplicate_of AS "duplicate_of: ClaimId"
        FROM claims
        WHERE desk_id = $1 AND id BETWEEN $2 AND $3 AND ($4 OR stage IN ('published', 'retracted'))
        ORDER BY id
        LIMIT $5
        "#,
        desk as _,
        from,
        to,
        scope == Scope::Desk,
        limit,
    )
    .fetch_all(conn)
    .await?;
    let records = rows.into_iter().map(|row| ClaimRecord {
        id: row.id,
        stage: row.stage,
        claim_reviewed: row.claim_reviewed,
        language: row.language,
        claim_types: row.claim_types,
        topics: row.topics,
        created_at: row.created_at,
        decline_reason: row.decline_reason,
        decline_note: row.decline_note,
        duplicate_of: row.duplicate_of,
        duplicates: Vec::new(),
        appearances: Vec::new(),
        evidence: Vec::new(),
        confidential_evidence: 0,
        later_evidence: 0,
        evidence_sets: Vec::new(),
        questions: Vec::new(),
        verdicts: Vec::new(),
        corrections: Vec::new(),
        draft: None,
    });
    Ok(records.collect())
}

/// Finds the claims that say the same as those of a batch. For readers they have no record of their own: where they were
/// made belongs to the claim that stands for them.
pub(super) async fn duplicates(
    conn: &mut PgConnection,
    desk: DeskId,
    scope: Scope,
    places: &mut Places,
    records: &mut [ClaimRecord],
) -> Result<()> {
    let found = sqlx::query!(
        r#"
        SELECT id AS "id: ClaimId", duplicate_of AS "of!"
        FROM claims
        WHERE desk_id = $1 AND duplicate_of = ANY($2)
        ORDER BY id
        "#,
        desk as _,
        &ids(places),
    )
    .fetch_all(conn)
    .await?;
    for duplicate in found {
        let place = places[&duplicate.of];
        match scope {
            Scope::Desk => records[place].duplicates.push(duplicate.id),
            Scope::Public => {
                places.insert(duplicate.id.uuid(), place);
            }
        }
    }
    Ok(())
}
