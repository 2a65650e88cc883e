//! What readers do: send a report, and take it back.

use serde_json::json;
use sqlx::PgConnection;
use time::OffsetDateTime;

use crate::accounts::throttle::{Bucket, take_within};
use crate::audit;
use crate::auth::secret::Secret;
use crate::db::IfViolates as _;
use crate::error::{Error, Result};
use crate::id::{ClaimId, DeskId, ReportId};
use crate::reports::report::{Kind, NewReport, Report, State};
use crate::reports::ticket::{Key, Ticket};

const REPEATED: &str = "This form was sent before.";
const SAME_WORDS: &str =
    "The desk has these very words about this claim already. If there is more to say, add it.";

/// The claim that somebody writes about.
#[derive(Clone, Debug)]
pub struct Subject {
    pub claim: ClaimId,
    pub claim_reviewed: String,
    /// The number of the verdict that is public.
    pub verdict: i32,
}

/// The key that forms of reports are signed with.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn key(conn: &mut PgConnection) -> Result<Key> {
    let bytes =
        sqlx::query_scalar!("SELECT key FROM form_keys WHERE purpose = 'report'").fetch_one(conn).await?;
    Ok(Key::new(&bytes))
}

/// A claim that readers can write about.
///
/// # Errors
/// [`Error::NotFound`] when the claim is not public.
pub async fn subject(conn: &mut PgConnection, desk: DeskId, claim: ClaimId) -> Result<Subject> {
    let row = sqlx::query!(
        r#"
        SELECT claim_reviewed, current_verdict AS "verdict!" FROM claims
        WHERE desk_id = $1 AND id = $2 AND stage IN ('published', 'retracted')
        "#,
        desk as _,
        claim as _,
    )
    .fetch_optional(conn)
    .await?
    .ok_or(Error::NotFound("claim"))?;
    Ok(Subject { claim, claim_reviewed: row.claim_reviewed, verdict: row.verdict })
}

/// Keeps a report. Only what is kept takes a try from the network's bucket.
///
/// # Errors
/// A failure that [`is_repeat`] knows when the form was sent before; [`Error::Conflict`] when somebody sent the same words;
/// [`Error::TooMany`].
pub async fn receive(
    conn: &mut PgConnection,
    desk: DeskId,
    about: &Subject,
    (ticket, secret): (&Ticket, &Secret),
    report: &NewReport,
    (bucket, now): (&Bucket, OffsetDateTime),
) -> Result<ReportId> {
    let id = ReportId::new();
    let mut salt = [0; 16];
    getrandom::fill(&mut salt).map_err(|error| Error::internal(error.to_string()))?;
    let digest = report.digest(&salt);
    let kind = report.kind.ok_or_else(|| Error::invalid("Choose what it is about."))?;
    let told = digest.iter().fold(String::new(), |text, byte| format!("{text}{byte:02x}"));
    let details = json!({"claim": about.claim, "verdict": about.verdict, "kind": kind, "sha256": told});
    let event = audit::record_by_reader(conn, desk, now, "report.receive", "report", id, &details).await?;
    sqlx::query!(
        r#"
        INSERT INTO reader_reports (desk_id, id, claim_id, verdict, kind, words, links, name, reach, may_publish, digest,
                                    salt, words_hash, form_key, tracking_hash, created_at, event_id)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
        "#,
        desk as _,
        id as _,
        about.claim as _,
        about.verdict,
        kind as _,
        report.words,
        &report.links,
        report.name.as_deref(),
        report.reach.as_deref(),
        report.may_publish,
        digest,
        &salt[..],
        report.words_hash(),
        ticket.form(),
        secret.hash(),
        now,
        event as _,
    )
    .execute(&mut *conn)
    .await
    .if_violates("reader_reports_form_once", Error::conflict(REPEATED))
    .if_violates("reader_reports_tracking_unique", Error::conflict(REPEATED))
    .if_violates("reader_reports_words_once", Error::conflict(SAME_WORDS))
    .if_violates(
        "reader_reports_about_what_is_public",
        Error::conflict("The verdict was changed a moment ago. Read it again, then send this if it still holds."),
    )?;
    take_within(conn, bucket, now).await?;
    Ok(id)
}

/// Whether a report was refused because its form was sent before.
#[must_use]
pub fn is_repeat<T>(outcome: &Result<T>) -> bool {
    matches!(outcome, Err(Error::Conflict(words)) if words == REPEATED)
}

/// What was sent with a form before.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn sent_before(
    conn: &mut PgConnection,
    desk: DeskId,
    ticket: &Ticket,
) -> Result<Option<NewReport>> {
    let row = sqlx::query!(
        r#"
        SELECT kind AS "kind: Kind", words, links, name, reach, may_publish FROM reader_reports
        WHERE desk_id = $1 AND form_key = $2
        "#,
        desk as _,
        ticket.form(),
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(|row| NewReport {
        kind: Some(row.kind),
        words: row.words,
        links: row.links,
        name: row.name,
        reach: row.reach,
        may_publish: row.may_publish,
    }))
}

/// Takes a report back, for the reader who sent it: before it is answered nothing of it is left, afterwards nobody's name.
///
/// # Errors
/// [`Error::Conflict`] when that was done already.
pub async fn withdraw(
    conn: &mut PgConnection,
    desk: DeskId,
    report: &Report,
    now: OffsetDateTime,
) -> Result<()> {
    let action = if report.state.is_open() { "report.withdraw" } else { "report.erase" };
    let details = json!({"claim": report.claim});
    let event = audit::record_by_reader(conn, desk, now, action, "report", report.id, &details).await?;
    let withdrawn = report.state.is_open();
    let updated = sqlx::query!(
        r#"
        UPDATE reader_reports
        SET name = NULL, reach = NULL, erased_at = $4, row_version = row_version + 1, event_id = $5,
            state = CASE WHEN $6 THEN 'withdrawn' ELSE state END,
            words = CASE WHEN $6 THEN '' ELSE words END,
            links = CASE WHEN $6 THEN '{}' ELSE links END,
            words_hash = CASE WHEN $6 THEN NULL ELSE words_hash END
        WHERE desk_id = $1 AND id = $2 AND state = $3 AND erased_at IS NULL
        "#,
        desk as _,
        report.id as _,
        report.state as State as _,
        now,
        event as _,
        withdrawn,
    )
    .execute(conn)
    .await?;
    if updated.rows_affected() == 1 {
        return Ok(());
    }
    Err(Error::conflict("Something happened to it meanwhile. Look at the page again."))
}
