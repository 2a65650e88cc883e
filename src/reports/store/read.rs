//! Reading reports: one of them, those of a claim, and what of them is public.

use std::collections::HashSet;

use sqlx::PgConnection;
use time::OffsetDateTime;

use crate::auth::secret::Secret;
use crate::error::{Error, Result};
use crate::id::{AccountId, ClaimId, DeskId, ReportId};
use crate::reports::report::{Answer, Correction, Finding, Kind, Look, NewReport, Report, State};

/// How many other reports, and how many public answers, a page shows.
const SHOWN: i64 = 50;

/// One report.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn get(conn: &mut PgConnection, desk: DeskId, id: ReportId) -> Result<Report> {
    read(conn, desk, Some(id), None).await
}

/// The report that a reader follows with a secret.
///
/// # Errors
/// [`Error::NotFound`] when there is none.
pub async fn tracked(conn: &mut PgConnection, desk: DeskId, secret: &Secret) -> Result<Report> {
    read(conn, desk, None, Some(secret.hash())).await
}

async fn read(
    conn: &mut PgConnection,
    desk: DeskId,
    id: Option<ReportId>,
    tracking: Option<Vec<u8>>,
) -> Result<Report> {
    let row = sqlx::query!(
        r#"
        SELECT r.id AS "id: ReportId", r.claim_id AS "claim: ClaimId", c.claim_reviewed, r.verdict,
               c.current_verdict AS "current!", c.stage = 'retracted' AS "retracted!", r.kind AS "kind: Kind",
               r.state AS "state: State", r.words, r.links, r.name, r.reach, r.may_publish, r.erased_at, r.created_at,
               a.outcome AS "outcome?: Finding", a.words AS "answer?", a.is_public AS "is_public?",
               a.with_words AS "with_words?", m.display_name AS "answered_by?", a.created_at AS "answered_at?",
               (SELECT o.state FROM report_rounds l
                JOIN rounds o ON o.desk_id = l.desk_id AND o.id = l.round_id
                WHERE l.desk_id = r.desk_id AND l.report_id = r.id
                ORDER BY o.number DESC LIMIT 1) AS round
        FROM reader_reports r
        JOIN claims c ON c.desk_id = r.desk_id AND c.id = r.claim_id
        LEFT JOIN report_answers a ON a.desk_id = r.desk_id AND a.report_id = r.id
        LEFT JOIN accounts m ON m.id = a.answered_by
        WHERE r.desk_id = $1 AND (r.id = $2 OR r.tracking_hash = $3)
        "#,
        desk as _,
        id as _,
        tracking,
    )
    .fetch_optional(&mut *conn)
    .await?
    .ok_or(Error::NotFound("report"))?;
    let looks = sqlx::query_as!(
        Look,
        r#"
        SELECT l.account_id AS "account: AccountId", a.display_name AS by, l.finding AS "finding: Finding", l.note,
               l.created_at AS at
        FROM report_looks l JOIN accounts a ON a.id = l.account_id
        WHERE l.desk_id = $1 AND l.report_id = $2
        ORDER BY l.number
        "#,
        desk as _,
        row.id as _,
    )
    .fetch_all(conn)
    .await?;
    let answer =
        match (row.outcome, row.answer, row.is_public, row.with_words, row.answered_by, row.answered_at) {
            (Some(outcome), Some(words), Some(is_public), Some(with_words), Some(by), Some(at)) => {
                Some(Answer { outcome, words, is_public, with_words, by, at })
            }
            _ => None,
        };
    Ok(Report {
        id: row.id,
        claim: row.claim,
        claim_reviewed: row.claim_reviewed,
        verdict: row.verdict,
        current_verdict: row.current,
        is_retracted: row.retracted,
        kind: row.kind,
        state: row.state,
        sent: NewReport {
            kind: Some(row.kind),
            words: row.words,
            links: row.links,
            name: row.name,
            reach: row.reach,
            may_publish: row.may_publish,
        },
        erased_at: row.erased_at,
        created_at: row.created_at,
        looks,
        answer,
        correction: row.round.map(|state| match state.as_str() {
            "published" => Correction::Published,
            "void" => Correction::Dropped,
            _ => Correction::UnderWay,
        }),
    })
}

/// Whether nobody else at the desk may look at reports.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn is_alone(conn: &mut PgConnection, desk: DeskId, account: Option<AccountId>) -> Result<bool> {
    Ok(sqlx::query_scalar!(
        r#"
        SELECT NOT EXISTS (
            SELECT FROM memberships m
            JOIN accounts a ON a.id = m.account_id
            WHERE m.desk_id = $1 AND m.account_id <> $2 AND a.disabled_at IS NULL
              AND m.roles && ARRAY['fact_checker', 'reviewer', 'editor']) AS "alone!"
        "#,
        desk as _,
        account as _,
    )
    .fetch_one(conn)
    .await?)
}

/// The other reports about the claim of one, newest first: kind and state of each.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn others(
    conn: &mut PgConnection,
    desk: DeskId,
    report: &Report,
) -> Result<Vec<(ReportId, Kind, State, OffsetDateTime)>> {
    let rows = sqlx::query!(
        r#"
        SELECT id AS "id: ReportId", kind AS "kind: Kind", state AS "state: State", created_at FROM reader_reports
        WHERE desk_id = $1 AND claim_id = $2 AND id <> $3
        ORDER BY id DESC
        LIMIT $4
        "#,
        desk as _,
        report.claim as _,
        report.id as _,
        SHOWN,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.kind, row.state, row.created_at)).collect())
}

/// A public answer on a claim's page.
#[derive(Clone, Debug)]
pub struct Published {
    pub kind: Kind,
    pub outcome: Finding,
    pub answer: String,
    pub answered_at: OffsetDateTime,
    /// What the reader wrote, where they allowed it and the desk prints it.
    pub words: Option<String>,
    pub name: Option<String>,
    pub sent_at: OffsetDateTime,
}

/// The public answers about a claim, oldest first.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn published(conn: &mut PgConnection, desk: DeskId, claim: ClaimId) -> Result<Vec<Published>> {
    let rows = sqlx::query!(
        r#"
        SELECT r.kind AS "kind: Kind", a.outcome AS "outcome: Finding", a.words AS answer,
               a.created_at AS "answered_at: OffsetDateTime", a.with_words, r.words, r.name,
               r.created_at AS "sent_at: OffsetDateTime"
        FROM report_answers a
        JOIN reader_reports r ON r.desk_id = a.desk_id AND r.id = a.report_id
        WHERE a.desk_id = $1 AND r.claim_id = $2 AND a.is_public
        ORDER BY a.report_id
        LIMIT $3
        "#,
        desk as _,
        claim as _,
        SHOWN,
    )
    .fetch_all(conn)
    .await?;
    let published = rows.into_iter().map(|row| Published {
        kind: row.kind,
        outcome: row.outcome,
        answer: row.answer,
        answered_at: row.answered_at,
        words: row.with_words.then_some(row.words),
        name: row.name.filter(|_| row.with_words),
        sent_at: row.sent_at,
    });
    Ok(published.collect())
}

/// The verdicts of a claim that were corrected because a reader wrote, by their numbers.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn by_requests(conn: &mut PgConnection, desk: DeskId, claim: ClaimId) -> Result<HashSet<i32>> {
    let rows = sqlx::query_scalar!(
        "SELECT from_verdict FROM corrections WHERE desk_id = $1 AND claim_id = $2 AND requested_by IS NOT NULL",
        desk as _,
        claim as _,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().collect())
}
