//! Sets, questions and answers, as members see them.

use sqlx::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

use crate::error::{Error, Result};
use crate::evidence::groups::fields::{AnswerFields, AnswerKind, QuestionFields, SetFields};
use crate::evidence::groups::piece::{Fields, Kind, Piece};
use crate::id::{ClaimId, DeskId, EvidenceId, QuestionId};

/// How many of each kind a claim's page shows.
const PIECES_MAX: i64 = 500;

/// Everything of a claim that puts evidence together, also what was removed: its sets as they were added, its questions
/// in their order, and their answers as they were added.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn of_claim(conn: &mut PgConnection, desk: DeskId, claim: ClaimId) -> Result<Vec<Piece>> {
    let mut pieces = sets(conn, desk, claim, None).await?;
    pieces.extend(questions(conn, desk, claim, None).await?);
    pieces.extend(answers(conn, desk, claim, None).await?);
    Ok(pieces)
}

/// One of them.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn get(
    conn: &mut PgConnection,
    desk: DeskId,
    claim: ClaimId,
    kind: Kind,
    id: Uuid,
) -> Result<Piece> {
    let mut found = match kind {
        Kind::Set => sets(conn, desk, claim, Some(id)).await?,
        Kind::Question => questions(conn, desk, claim, Some(id)).await?,
        Kind::Answer => answers(conn, desk, claim, Some(id)).await?,
    };
    found.pop().ok_or(Error::NotFound(kind.entity()))
}

async fn sets(conn: &mut PgConnection, desk: DeskId, claim: ClaimId, id: Option<Uuid>) -> Result<Vec<Piece>> {
    let rows = sqlx::query!(
        r#"
        SELECT s.id, s.label, s.note, a.display_name, s.removed_at AS "removed_at: OffsetDateTime", s.row_version,
               ARRAY(SELECT m.evidence_id FROM evidence_set_members m
                     WHERE m.desk_id = s.desk_id AND m.set_id = s.id
                     ORDER BY m.evidence_id) AS "evidence!: Vec<EvidenceId>"
        FROM evidence_sets s
        JOIN accounts a ON a.id = s.created_by
        WHERE s.desk_id = $1 AND s.claim_id = $2 AND ($3::uuid IS NULL OR s.id = $3)
        ORDER BY s.id
        LIMIT $4
        "#,
        desk as _,
        claim as _,
        id,
        PIECES_MAX,
    )
    .fetch_all(conn)
    .await?;
    let pieces = rows.into_iter().map(|row| Piece {
        id: row.id,
        claim,
        question: None,
        position: 0,
        fields: Fields::Set(SetFields { label: row.label, note: row.note, evidence: row.evidence }),
        created_by: row.display_name,
        removed_at: row.removed_at,
        row_version: row.row_version,
    });
    Ok(pieces.collect())
}

async fn questions(
    conn: &mut PgConnection,
    desk: DeskId,
    claim: ClaimId,
    id: Option<Uuid>,
) -> Result<Vec<Piece>> {
    let rows = sqlx::query!(
        r#"
        SELECT q.id, q.position, q.question, a.display_name, q.removed_at AS "removed_at: OffsetDateTime", q.row_version
        FROM questions q
        JOIN accounts a ON a.id = q.created_by
        WHERE q.desk_id = $1 AND q.claim_id = $2 AND ($3::uuid IS NULL OR q.id = $3)
        ORDER BY q.position, q.id
        LIMIT $4
        "#,
        desk as _,
        claim as _,
        id,
        PIECES_MAX,
    )
    .fetch_all(conn)
    .await?;
    let pieces = rows.into_iter().map(|row| Piece {
        id: row.id,
        claim,
        question: None,
        position: row.position,
        fields: Fields::Question(QuestionFields { question: row.question }),
        created_by: row.display_name,
        removed_at: row.removed_at,
        row_version: row.row_version,
    });
    Ok(pieces.collect())
}

async fn answers(
    conn: &mut PgConnection,
    desk: DeskId,
    claim: ClaimId,
    id: Option<Uuid>,
) -> Result<Vec<Piece>> {
    let rows = sqlx::query!(
        r#"
        SELECT n.id, n.question_id AS "question: QuestionId", n.kind AS "kind: AnswerKind", n.answer, n.is_yes, n.explanation,
               a.display_name, n.removed_at AS "removed_at: OffsetDateTime", n.row_version,
               ARRAY(SELECT m.evidence_id FROM answer_evidence m
                     WHERE m.desk_id = n.desk_id AND m.answer_id = n.id
                     ORDER BY m.evidence_id) AS "evidence!: Vec<EvidenceId>"
        FROM answers n
        JOIN accounts a ON a.id = n.created_by
        WHERE n.desk_id = $1 AND n.claim_id = $2 AND ($3::uuid IS NULL OR n.id = $3)
        ORDER BY n.id
        LIMIT $4
        "#,
        desk as _,
        claim as _,
        id,
        PIECES_MAX,
    )
    .fetch_all(conn)
    .await?;
    let pieces = rows.into_iter().map(|row| Piece {
        id: row.id,
        claim,
        question: Some(row.question),
        position: 0,
        fields: Fields::Answer(AnswerFields {
            kind: row.kind,
            answer: row.answer,
            is_yes: row.is_yes,
            explanation: row.explanation,
            evidence: row.evidence,
        }),
        created_by: row.display_name,
        removed_at: row.removed_at,
        row_version: row.row_version,
    });
    Ok(pieces.collect())
}
