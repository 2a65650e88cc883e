//! The rows of sets, questions and answers.

use sqlx::PgConnection;
use uuid::Uuid;

use crate::audit::Change;
use crate::db::IfViolates as _;
use crate::error::{Error, Result};
use crate::evidence::groups::piece::{Fields, Kind, Piece};
use crate::id::{ClaimId, EvidenceId, QuestionId};

/// Stores a new one.
pub(super) async fn insert(
    conn: &mut PgConnection,
    change: &Change,
    claim: ClaimId,
    question: Option<QuestionId>,
    id: Uuid,
    fields: &Fields,
) -> Result<()> {
    let (desk, by, at, event) = (change.desk, change.by, change.at, change.event);
    match fields {
        Fields::Set(set) => {
            sqlx::query!(
                r#"
                INSERT INTO evidence_sets (desk_id, id, claim_id, label, note, created_by, created_at, event_id)
                VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
                "#,
                desk as _,
                id,
                claim as _,
                set.label,
                set.note,
                by as _,
                at,
                event as _,
            )
            .execute(&mut *conn)
            .await
            .if_violates("evidence_sets_claim", Error::NotFound("claim"))?;
        }
        Fields::Question(asked) => {
            sqlx::query!(
                r#"
                INSERT INTO questions (desk_id, id, claim_id, position, question, created_by, created_at, event_id)
                VALUES ($1, $2, $3, (SELECT coalesce(max(q.position), 0) + 1 FROM questions q
                                     WHERE q.desk_id = $1 AND q.claim_id = $3), $4, $5, $6, $7)
                "#,
                desk as _,
                id,
                claim as _,
                asked.question,
                by as _,
                at,
                event as _,
            )
            .execute(&mut *conn)
            .await
            .if_violates("questions_claim", Error::NotFound("claim"))?;
        }
        Fields::Answer(answer) => {
            sqlx::query!(
                r#"
                INSERT INTO answers (desk_id, id, claim_id, question_id, kind, answer, is_yes, explanation, created_by,
                                     created_at, event_id)
                VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
                "#,
                desk as _,
                id,
                claim as _,
                question as _,
                answer.kind as _,
                answer.answer.as_deref(),
                answer.is_yes,
                answer.explanation,
                by as _,
                at,
                event as _,
            )
            .execute(&mut *conn)
            .await
            .if_violates("answers_question", Error::NotFound("question"))?;
        }
    }
    members(conn, change, claim, id, fields).await
}

/// Stores the fields of one, if nobody changed it since `was` was read; whether nobody did.
pub(super) async fn update(
    conn: &mut PgConnection,
    change: &Change,
    was: &Piece,
    to: &Fields,
) -> Result<bool> {
    let (desk, event) = (change.desk, change.event);
    let updated = match to {
        Fields::Set(set) => {
            sqlx::query!(
                r#"
                UPDATE evidence_sets SET label = $4, note = $5, row_version = row_version + 1, event_id = $6
                WHERE desk_id = $1 AND id = $2 AND row_version = $3 AND removed_at IS NULL
                "#,
                desk as _,
                was.id,
                was.row_version,
                set.label,
                set.note,
                event as _,
            )
            .execute(&mut *conn)
            .await?
        }
        Fields::Question(asked) => {
            sqlx::query!(
                r#"
                UPDATE questions SET question = $4, row_version = row_version + 1, event_id = $5
                WHERE desk_id = $1 AND id = $2 AND row_version = $3 AND removed_at IS NULL
                "#,
                desk as _,
                was.id,
                was.row_version,
                asked.question,
                event as _,
            )
            .execute(&mut *conn)
            .await?
        }
        Fields::Answer(answer) => {
            sqlx::query!(
                r#"
                UPDATE answers
                SET kind = $4, answer = $5, is_yes = $6, explanation = $7, row_version = row_version + 1, event_id = $8
                WHERE desk_id = $1 AND id = $2 AND row_version = $3 AND removed_at IS NULL
                "#,
                desk as _,
                was.id,
                was.row_version,
                answer.kind as _,
                answer.answer.as_deref(),
                answer.is_yes,
                answer.explanation,
                event as _,
            )
            .execute(&mut *conn)
            .await?
        }
    };
    if updated.rows_affected() == 0 {
        return Ok(false);
    }
    members(conn, change, was.claim, was.id, to).await?;
    Ok(true)
}

/// Removes one or brings it back; whether it was in the other state.
pub(super) async fn set_removed(
    conn: &mut PgConnection,
    change: &Change,
    claim: ClaimId,
    kind: Kind,
    id: Uuid,
    removed: bool,
) -> Result<bool> {
    let (desk, event, at) = (change.desk, change.event, removed.then_some(change.at));
    let updated = match kind {
        Kind::Set => {
            sqlx::query!(
                r#"
                UPDATE evidence_sets SET removed_at = $4, row_version = row_version + 1, event_id = $5
                WHERE desk_id = $1 AND claim_id = $2 AND id = $3
                  AND (removed_at IS NULL) = ($4::timestamptz IS NOT NULL)
                "#,
                desk as _,
                claim as _,
                id,
                at,
                event as _,
            )
            .execute(conn)
            .await?
        }
        Kind::Question => {
            sqlx::query!(
                r#"
                UPDATE questions SET removed_at = $4, row_version = row_version + 1, event_id = $5
                WHERE desk_id = $1 AND claim_id = $2 AND id = $3
                  AND (removed_at IS NULL) = ($4::timestamptz IS NOT NULL)
                "#,
                desk as _,
                claim as _,
                id,
                at,
                event as _,
            )
            .execute(conn)
            .await?
        }
        Kind::Answer => {
            sqlx::query!(
                r#"
                UPDATE answers SET removed_at = $4, row_version = row_version + 1, event_id = $5
                WHERE desk_id = $1 AND claim_id = $2 AND id = $3
                  AND (removed_at IS NULL) = ($4::timestamptz IS NOT NULL)
                "#,
                desk as _,
                claim as _,
                id,
                at,
                event as _,
            )
            .execute(conn)
            .await?
        }
    };
    Ok(updated.rows_affected() == 1)
}

/// Makes the evidence that one names what its fields say.
async fn members(
    conn: &mut PgConnection,
    change: &Change,
    claim: ClaimId,
    id: Uuid,
    fields: &Fields,
) -> Result<()> {
    const FOREIGN: &str = "Choose evidence of this claim.";
    let named: Vec<EvidenceId> = fields.evidence().to_vec();
    match fields {
        Fields::Question(_) => {}
        Fields::Set(_) => {
            sqlx::query!(
                r#"
                DELETE FROM evidence_set_members
                WHERE desk_id = $1 AND set_id = $2 AND NOT evidence_id = ANY($3)
                "#,
                change.desk as _,
                id,
                &named as _,
            )
            .execute(&mut *conn)
            .await?;
            sqlx::query!(
                r#"
                INSERT INTO evidence_set_members (desk_id, claim_id, set_id, evidence_id)
                SELECT $1, $2, $3, e FROM unnest($4::uuid[]) AS e
                ON CONFLICT DO NOTHING
                "#,
                change.desk as _,
                claim as _,
                id,
                &named as _,
            )
            .execute(conn)
            .await
            .if_violates("evidence_set_members_evidence", Error::invalid(FOREIGN))?;
        }
        Fields::Answer(_) => {
            sqlx::query!(
                r#"
                DELETE FROM answer_evidence
                WHERE desk_id = $1 AND answer_id = $2 AND NOT evidence_id = ANY($3)
                "#,
                change.desk as _,
                id,
                &named as _,
            )
            .execute(&mut *conn)
            .await?;
            sqlx::query!(
                r#"
                INSERT INTO answer_evidence (desk_id, claim_id, answer_id, evidence_id)
                SELECT $1, $2, $3, e FROM unnest($4::uuid[]) AS e
                ON CONFLICT DO NOTHING
                "#,
                change.desk as _,
                claim as _,
                id,
                &named as _,
            )
            .execute(conn)
            .await
            .if_violates("answer_evidence_evidence", Error::invalid(FOREIGN))?;
        }
    }
    Ok(())
}
