//! The SQL of training claims.

use serde_json::json;
use sha2::{Digest, Sha256};
use sqlx::PgConnection;
use time::OffsetDateTime;

use super::form::{AnswerForm, NewTraining};
use super::{Answer, Gold, TrainingClaim};
use crate::audit;
use crate::auth::permission::{Train, WriteGuidelines};
use crate::auth::{Authorized, Secret};
use crate::db::IfViolates as _;
use crate::error::{Error, Result};
use crate::guidelines;
use crate::id::{AccountId, DeskId, ScaleVersionId, TrainingClaimId};
use crate::scales::{self, Scale};

/// How many training claims a desk's list shows.
const LIST_MAX: i64 = 500;

/// A training claim in the list.
#[derive(Clone, Debug)]
pub struct Listed {
    pub id: TrainingClaimId,
    pub claim_reviewed: String,
    pub is_own: bool,
    pub retired: bool,
    /// Whether the reader answered as the desk rates it; nothing before that.
    pub right: Option<bool>,
    /// How many have answered it.
    pub answers: i64,
}

/// A desk's training claims, in the order in which they were written.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn list(conn: &mut PgConnection, desk: DeskId, reader: AccountId) -> Result<Vec<Listed>> {
    Ok(sqlx::query_as!(
        Listed,
        r#"
        SELECT t.id AS "id: TrainingClaimId", t.claim_reviewed, t.created_by = $2 AS "is_own!",
               t.retired_at IS NOT NULL AS "retired!", a.rating_code = t.rating_code AS "right?",
               (SELECT count(*) FROM training_answers o
                WHERE o.desk_id = t.desk_id AND o.training_claim_id = t.id) AS "answers!"
        FROM training_claims t
        LEFT JOIN training_answers a
            ON a.desk_id = t.desk_id AND a.training_claim_id = t.id AND a.account_id = $2
        WHERE t.desk_id = $1
        ORDER BY t.id
        LIMIT $3
        "#,
        desk as _,
        reader as _,
        LIST_MAX,
    )
    .fetch_all(conn)
    .await?)
}

/// How a member did.
#[derive(Clone, Debug)]
pub struct Score {
    pub name: String,
    pub answered: i64,
    /// How often as the desk rates it.
    pub right: i64,
}

/// How all members did who answered, by name.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn scores(conn: &mut PgConnection, desk: DeskId) -> Result<Vec<Score>> {
    Ok(sqlx::query_as!(
        Score,
        r#"
        SELECT p.display_name AS "name!", count(*) AS "answered!",
               count(*) FILTER (WHERE a.rating_code = t.rating_code) AS "right!"
        FROM training_answers a
        JOIN training_claims t ON t.desk_id = a.desk_id AND t.id = a.training_claim_id
        JOIN accounts p ON p.id = a.account_id
        WHERE a.desk_id = $1
        GROUP BY p.id, p.display_name
        ORDER BY p.display_name, p.id
        LIMIT $2
        "#,
        desk as _,
        LIST_MAX,
    )
    .fetch_all(conn)
    .await?)
}

/// The training claim that the reader has not answered and waits longest.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn next(
    conn: &mut PgConnection,
    desk: DeskId,
    reader: AccountId,
) -> Result<Option<TrainingClaimId>> {
    Ok(sqlx::query_scalar!(
        r#"
        SELECT t.id AS "id: TrainingClaimId" FROM training_claims t
        WHERE t.desk_id = $1 AND t.retired_at IS NULL AND t.created_by <> $2
          AND NOT EXISTS (SELECT FROM training_answers a
                          WHERE a.desk_id = t.desk_id AND a.training_claim_id = t.id AND a.account_id = $2)
        ORDER BY t.id
        LIMIT 1
        "#,
        desk as _,
        reader as _,
    )
    .fetch_optional(conn)
    .await?)
}

/// A training claim. How the desk rates it comes along only for those who answered, and for who wrote it.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn get(
    conn: &mut PgConnection,
    desk: DeskId,
    id: TrainingClaimId,
    reader: AccountId,
) -> Result<TrainingClaim> {
    let row = sqlx::query!(
        r#"
        SELECT t.claim_reviewed, t.context, t.evidence, t.scale_version_id AS "scale: ScaleVersionId",
               p.display_name AS written_by, t.created_by = $3 AS "is_own!", t.retired_at AS "retired_at: OffsetDateTime",
               a.rating_code AS "answered?", a.rationale AS "rationale?",
               CASE WHEN a.account_id IS NOT NULL OR t.created_by = $3 THEN t.rating_code END AS gold,
               CASE WHEN a.account_id IS NOT NULL OR t.created_by = $3 THEN t.explanation END AS explanation,
               t.guideline_number
        FROM training_claims t
        JOIN accounts p ON p.id = t.created_by
        LEFT JOIN training_answers a
            ON a.desk_id = t.desk_id AND a.training_claim_id = t.id AND a.account_id = $3
        WHERE t.desk_id = $1 AND t.id = $2
        "#,
        desk as _,
        id as _,
        reader as _,
    )
    .fetch_optional(&mut *conn)
    .await?
    .ok_or(Error::NotFound("training claim"))?;
    let scale = scales::version(conn, desk, row.scale).await?;
    let value = |code: Option<String>| code.and_then(|code| scale.value(&code).cloned());
    let answer = value(row.answered).zip(row.rationale);
    let gold = value(row.gold).zip(row.explanation);
    Ok(TrainingClaim {
        id,
        claim_reviewed: row.claim_reviewed,
        context: row.context,
        evidence: row.evidence,
        written_by: row.written_by,
        is_own: row.is_own,
        retired_at: row.retired_at,
        answer: answer.map(|(rating, rationale)| Answer { rating, rationale }),
        gold: gold.map(|(rating, explanation)| Gold { rating, explanation, guideline: row.guideline_number }),
        scale,
    })
}

/// Writes a training claim. The record says what is claimed, and of the answer only a hash, so that nobody reads it there.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn create(
    conn: &mut PgConnection,
    by: &Authorized<WriteGuidelines>,
    id: TrainingClaimId,
    scale: &Scale,
    new: &NewTraining,
) -> Result<()> {
    let salt = Secret::new()?.hash();
    let hash = Sha256::new()
        .chain_update(&salt)
        .chain_update(&new.rating)
        .chain_update([0])
        .chain_update(&new.explanation)
        .finalize();
    let answer_sha256 = hash.iter().fold(String::new(), |text, byte| format!("{text}{byte:02x}"));
    let details = json!({"claim_reviewed": new.claim_reviewed, "answer_sha256": answer_sha256});
    let guideline = guidelines::current_number(conn, by.desk.id).await?;
    let change = audit::record(conn, by, "training.create", "training_claim", id, &details).await?;
    sqlx::query!(
        r#"
        INSERT INTO training_claims (desk_id, id, claim_reviewed, context, evidence, scale_version_id, rating_code,
                                     explanation, guideline_number, salt, created_by, created_at, event_id)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
        "#,
        change.desk as _,
        id as _,
        new.claim_reviewed,
        new.context,
        new.evidence,
        scale.version as _,
        new.rating,
        new.explanation,
        guideline,
        salt,
        change.by as _,
        change.at,
        change.event as _,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Keeps how the member rates a training claim.
///
/// # Errors
/// [`Error::Conflict`] when it was answered before, or is not asked any more; [`Error::Barred`] for who wrote it.
pub async fn answer(
    conn: &mut PgConnection,
    by: &Authorized<Train>,
    claim: &TrainingClaim,
    form: &AnswerForm,
) -> Result<()> {
    let change = audit::record(conn, by, "training.answer", "training_claim", claim.id, &json!({})).await?;
    sqlx::query!(
        r#"
        INSERT INTO training_answers (desk_id, training_claim_id, account_id, scale_version_id, rating_code, rationale,
                                      created_at, event_id)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
        "#,
        change.desk as _,
        claim.id as _,
        change.by as _,
        claim.scale.version as _,
        form.rating,
        form.rationale,
        change.at,
        change.event as _,
    )
    .execute(conn)
    .await
    .if_violates(
        "training_answers_pkey",
        Error::conflict("You have answered this already: the first answer stands."),
    )
    .if_violates(
        "training_answers_not_by_writer",
        Error::Barred("You wrote this training claim, so you know the answer."),
    )
    .if_violates(
        "training_answers_while_asked",
        Error::conflict("This training claim is not asked any more."),
    )?;
    Ok(())
}

/// Stops asking a training claim, or asks it again.
///
/// # Errors
/// [`Error::Conflict`] when it is so already.
pub async fn set_retired(
    conn: &mut PgConnection,
    by: &Authorized<WriteGuidelines>,
    id: TrainingClaimId,
    retired: bool,
) -> Result<()> {
    sqlx::query_scalar!(
        r#"SELECT 1 AS "one!" FROM training_claims WHERE desk_id = $1 AND id = $2"#,
        by.desk.id as _,
        id as _,
    )
    .fetch_optional(&mut *conn)
    .await?
    .ok_or(Error::NotFound("training claim"))?;
    let action = if retired { "training.retire" } else { "training.restore" };
    let change = audit::record(conn, by, action, "training_claim", id, &json!({})).await?;
    let changed = sqlx::query!(
        r#"
        UPDATE training_claims
        SET retired_at = CASE WHEN $3 THEN $4::timestamptz END, row_version = row_version + 1, event_id = $5
        WHERE desk_id = $1 AND id = $2 AND (retired_at IS NULL) = $3
        "#,
        change.desk as _,
        id as _,
        retired,
        change.at,
        change.event as _,
    )
    .execute(conn)
    .await?;
    if changed.rows_affected() == 1 {
        Ok(())
    } else {
        Err(Error::conflict("Somebody else has done that already."))
    }
}
