//! What members do with a report: look at it, answer it, correct because of it.

use serde_json::json;
use sqlx::PgConnection;

use crate::audit;
use crate::auth::Authorized;
use crate::auth::permission::{LookAtReports, Publish};
use crate::db::IfViolates as _;
use crate::error::{Error, Result};
use crate::id::{DeskId, ReportId, RoundId};
use crate::reports::report::{Finding, Report, WORDS_MAX};

const MEANWHILE: &str = "Somebody else was quicker. Read the report again.";

/// Notes what a member found, as the first of two or as the second.
///
/// # Errors
/// [`Error::Barred`] for who looked at it already or is recused from the claim, [`Error::Conflict`] when two have looked,
/// [`Error::Invalid`] when the note is too long.
pub async fn look(
    conn: &mut PgConnection,
    by: &Authorized<LookAtReports>,
    id: ReportId,
    (seen, finding): (i16, Finding),
    note: &str,
) -> Result<()> {
    if note.chars().count() > WORDS_MAX {
        return Err(Error::invalid("The note has at most 5000 characters."));
    }
    let claim = claim(conn, by.desk.id, id).await?;
    let details = json!({"claim": claim, "look": seen + 1, "finding": finding});
    let change = audit::record(conn, by, "report.look", "report", id, &details).await?;
    sqlx::query!(
        r#"
        INSERT INTO report_looks (desk_id, report_id, number, account_id, finding, note, created_at, event_id)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
        "#,
        change.desk as _,
        id as _,
        seen + 1,
        change.by as _,
        finding as _,
        note,
        change.at,
        change.event as _,
    )
    .execute(conn)
    .await
    .if_violates("report_looks_in_order", Error::conflict(MEANWHILE))
    .if_violates("report_looks_two", Error::conflict(MEANWHILE))
    .if_violates(
        "report_looks_by_two",
        Error::Barred("You have looked at it. Somebody else looks a second time."),
    )
    .if_violates(
        "report_looks_not_by_recused",
        Error::Barred("You recused yourself from this claim, so others look at what readers write about it."),
    )?;
    Ok(())
}

/// What the reader is to be told.
#[derive(Clone, Debug)]
pub struct NewAnswer {
    pub outcome: Finding,
    pub words: String,
    pub is_public: bool,
    pub with_words: bool,
}

/// Answers a report that two members have looked at.
///
/// # Errors
/// [`Error::Invalid`] when something is missing or does not fit, [`Error::Conflict`] when it is not the time for it.
pub async fn answer(
    conn: &mut PgConnection,
    by: &Authorized<Publish>,
    id: ReportId,
    answer: &NewAnswer,
) -> Result<()> {
    if answer.words.is_empty() || answer.words.chars().count() > WORDS_MAX {
        return Err(Error::invalid("Answer in at most 5000 characters: the reader waits for words."));
    }
    let claim = claim(conn, by.desk.id, id).await?;
    let details = json!({
        "claim": claim,
        "outcome": answer.outcome,
        "is_public": answer.is_public,
        "with_words": answer.with_words,
    });
    let change = audit::record(conn, by, "report.answer", "report", id, &details).await?;
    sqlx::query!(
        r#"
        INSERT INTO report_answers (desk_id, report_id, outcome, words, is_public, with_words, answered_by, created_at,
                                    event_id)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
        "#,
        change.desk as _,
        id as _,
        answer.outcome as _,
        answer.words,
        answer.is_public,
        answer.with_words,
        change.by as _,
        change.at,
        change.event as _,
    )
    .execute(conn)
    .await
    .if_violates("report_answers_after_two_looks", Error::conflict("Two people look at a report before it is answered."))
    .if_violates("report_answers_pkey", Error::conflict(MEANWHILE))
    .if_violates("report_answers_spam_is_private", Error::invalid("What is spam or abuse is not answered in public."))
    .if_violates(
        "report_answers_words_in_public",
        Error::invalid("The reader’s words stand beside a public answer only."),
    )
    .if_violates(
        "report_answers_words_if_allowed",
        Error::invalid("The reader did not allow that their words are published."),
    )?;
    Ok(())
}

/// Notes that a correction or retraction, just begun, comes from a report.
///
/// # Errors
/// [`Error::Conflict`] when two have not looked at it yet.
pub async fn correct(
    conn: &mut PgConnection,
    by: &Authorized<Publish>,
    report: &Report,
    round: RoundId,
) -> Result<()> {
    let details = json!({"claim": report.claim, "round": round});
    let change = audit::record(conn, by, "report.correct", "report", report.id, &details).await?;
    sqlx::query!(
        r#"
        INSERT INTO report_rounds (desk_id, round_id, claim_id, report_id, event_id) VALUES ($1, $2, $3, $4, $5)
        "#,
        change.desk as _,
        round as _,
        report.claim as _,
        report.id as _,
        change.event as _,
    )
    .execute(conn)
    .await
    .if_violates(
        "report_rounds_fit",
        Error::conflict("Two people look at a report before a correction comes of it."),
    )?;
    Ok(())
}

async fn claim(conn: &mut PgConnection, desk: DeskId, id: ReportId) -> Result<crate::id::ClaimId> {
    sqlx::query_scalar!(
        r#"SELECT claim_id AS "claim: crate::id::ClaimId" FROM reader_reports WHERE desk_id = $1 AND id = $2"#,
        desk as _,
        id as _,
    )
    .fetch_optional(conn)
    .await?
    .ok_or(Error::NotFound("report"))
}
