//! Precedents, and why a rating departs from one.

use serde_json::json;
use sqlx::PgConnection;

use super::draft::no_round;
use super::read::locked;
use crate::audit::{self, Change};
use crate::auth::Authorized;
use crate::auth::permission::DraftVerdict;
use crate::claims::store::similar::{LIKENESS, any_of, likeness, words};
use crate::error::{Error, Result};
use crate::id::{AssessmentId, ClaimId, DeskId, RoundId, ScaleId};
use crate::reviews::judging::Judging;
use crate::reviews::precedents::{CLOSE, Departure, NOTE_MAX, Precedent, UNSAID, departed};
use crate::reviews::round::Round;
use crate::scales::Badge;

/// How many claims are compared, and how many shown.
const COMPARED: i64 = 60;
const SHOWN: usize = 5;

/// The published claims on a scale that are most like one, the closest first. Those that somebody found to be others are
/// left out.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn precedents(
    conn: &mut PgConnection,
    desk: DeskId,
    to: (ClaimId, &str),
    scale: ScaleId,
) -> Result<Vec<Precedent>> {
    let (claim, claim_reviewed) = to;
    let mine = words(claim_reviewed);
    let Some(query) = any_of(&mine) else { return Ok(Vec::new()) };
    let rows = sqlx::query!(
        r#"
        SELECT c.id AS "claim: ClaimId", c.claim_reviewed, v.number, v.rating_code AS "rating!", v.one_line, r.label,
               r.shape, r.colour
        FROM claims c
        JOIN verdicts v ON v.desk_id = c.desk_id AND v.claim_id = c.id AND v.number = c.current_verdict
        JOIN scale_versions s ON s.desk_id = v.desk_id AND s.id = v.scale_version_id AND s.scale_id = $4
        JOIN rating_values r
            ON r.desk_id = v.desk_id AND r.scale_version_id = v.scale_version_id AND r.code = v.rating_code
        WHERE c.desk_id = $1 AND c.id <> $2 AND c.stage = 'published' AND c.search @@ to_tsquery('simple', $3)
          AND NOT EXISTS (
                SELECT FROM claim_distinctions x
                WHERE x.desk_id = c.desk_id AND x.claim_id = least(c.id, $2) AND x.other_id = greatest(c.id, $2))
        ORDER BY ts_rank(c.search, to_tsquery('simple', $3)) DESC, c.id
        LIMIT $5
        "#,
        desk as _,
        claim as _,
        query,
        scale as _,
        COMPARED,
    )
    .fetch_all(conn)
    .await?;
    let mut found: Vec<(usize, Precedent)> = rows
        .into_iter()
        .filter_map(|row| {
            let score = likeness(&mine, &words(&row.claim_reviewed));
            let badge = Badge::of(Some(row.label), Some(&row.shape), Some(&row.colour))?;
            let precedent = Precedent {
                claim: row.claim,
                claim_reviewed: row.claim_reviewed,
                verdict: row.number,
                rating: row.rating,
                badge,
                one_line: row.one_line,
                is_close: score >= CLOSE,
            };
            (score >= LIKENESS).then_some((score, precedent))
        })
        .collect();
    found.sort_by_key(|(score, precedent)| (std::cmp::Reverse(*score), precedent.claim));
    found.truncate(SHOWN);
    Ok(found.into_iter().map(|(_, precedent)| precedent).collect())
}

/// Whether a round has a sentence for each precedent that its drafted rating departs from.
pub(super) async fn is_explained(
    conn: &mut PgConnection,
    desk: DeskId,
    (claim, claim_reviewed, scale): (ClaimId, &str, ScaleId),
    round: &Round,
) -> Result<bool> {
    let Some(rating) = round.draft.rating.as_deref() else { return Ok(true) };
    let precedents = precedents(conn, desk, (claim, claim_reviewed), scale).await?;
    for precedent in departed(&precedents, rating) {
        if note(conn, desk, round.id, rating, precedent).await?.is_none() {
            return Ok(false);
        }
    }
    Ok(true)
}

/// The newest sentence why a rating departs from a precedent in a round.
async fn note(
    conn: &mut PgConnection,
    desk: DeskId,
    round: RoundId,
    rating: &str,
    precedent: &Precedent,
) -> Result<Option<String>> {
    Ok(sqlx::query_scalar!(
        r#"
        SELECT note FROM departures
        WHERE desk_id = $1 AND round_id = $2 AND rating_code = $3 AND precedent_id = $4
        ORDER BY id DESC LIMIT 1
        "#,
        desk as _,
        round as _,
        rating,
        precedent.claim as _,
    )
    .fetch_optional(conn)
    .await?)
}

/// The sentence that stands with the draft of a round, for the rating that it has now.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn drafted_departure(
    conn: &mut PgConnection,
    desk: DeskId,
    round: &Round,
) -> Result<Option<String>> {
    Ok(sqlx::query_scalar!(
        r#"
        SELECT note FROM departures
        WHERE desk_id = $1 AND round_id = $2 AND rating_code = $3 AND assessment_id IS NULL
        ORDER BY id DESC LIMIT 1
        "#,
        desk as _,
        round.id as _,
        round.draft.rating.as_deref(),
    )
    .fetch_optional(conn)
    .await?)
}

/// Keeps the sentence why the drafted rating departs from the precedents that it departs from. Where it departs from none,
/// or the sentence stands there already, nothing changes.
///
/// # Errors
/// [`Error::Invalid`] when it is too long.
pub async fn depart(
    conn: &mut PgConnection,
    by: &Authorized<DraftVerdict>,
    claim: ClaimId,
    sentence: &str,
) -> Result<()> {
    if sentence.is_empty() {
        return Ok(());
    }
    fits(sentence)?;
    let judging = locked(conn, by.desk.id, claim, by.person.account).await?;
    let round = judging.round.as_ref().ok_or_else(no_round)?;
    let Some(rating) = round.draft.rating.as_deref() else { return Ok(()) };
    let from = unsaid(conn, &judging, by.desk.id, (round.id, rating), sentence).await?;
    if from.is_empty() {
        return Ok(());
    }
    let others: Vec<ClaimId> = from.iter().map(|precedent| precedent.claim).collect();
    let details = json!({"claim": claim, "rating": rating, "precedents": others, "note": sentence});
    let change = audit::record(conn, by, "verdict.distinguish", "round", round.id, &details).await?;
    keep(conn, &change, &judging, (round.id, None, rating), &from, sentence).await
}

/// Keeps the sentence that comes with an assessment; its event is the assessment's, which says of a blind one only that it
/// was given.
///
/// # Errors
/// [`Error::Invalid`] when there has to be one and there is none, or it is too long.
pub(super) async fn depart_in_assessment(
    conn: &mut PgConnection,
    change: &Change,
    judging: &Judging,
    (round, assessment, rating): (RoundId, AssessmentId, &str),
    sentence: &str,
) -> Result<()> {
    let to = (judging.claim, judging.claim_reviewed.as_str());
    let all = precedents(conn, change.desk, to, judging.scale.id).await?;
    let from: Vec<Precedent> = departed(&all, rating).cloned().collect();
    if from.is_empty() {
        return Ok(());
    }
    if sentence.is_empty() {
        return Err(Error::invalid(UNSAID));
    }
    fits(sentence)?;
    keep(conn, change, judging, (round, Some(assessment), rating), &from, sentence).await
}

fn fits(sentence: &str) -> Result<()> {
    if sentence.chars().count() > NOTE_MAX {
        return Err(Error::invalid("Say in at most 1000 characters why the rating is another one."));
    }
    Ok(())
}

async fn unsaid(
    conn: &mut PgConnection,
    judging: &Judging,
    desk: DeskId,
    (round, rating): (RoundId, &str),
    sentence: &str,
) -> Result<Vec<Precedent>> {
    let to = (judging.claim, judging.claim_reviewed.as_str());
    let all = precedents(conn, desk, to, judging.scale.id).await?;
    let mut from = Vec::new();
    for precedent in departed(&all, rating) {
        if note(conn, desk, round, rating, precedent).await?.as_deref() != Some(sentence) {
            from.push(precedent.clone());
        }
    }
    Ok(from)
}

async fn keep(
    conn: &mut PgConnection,
    change: &Change,
    judging: &Judging,
    (round, assessment, rating): (RoundId, Option<AssessmentId>, &str),
    from: &[Precedent],
    sentence: &str,
) -> Result<()> {
    for precedent in from {
        sqlx::query!(
            r#"
            INSERT INTO departures (desk_id, id, claim_id, round_id, assessment_id, rating_code, precedent_id,
                                    precedent_verdict, note, created_by, created_at, event_id)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
            "#,
            change.desk as _,
            uuid::Uuid::now_v7(),
            judging.claim as _,
            round as _,
            assessment as _,
            rating,
            precedent.claim as _,
            precedent.verdict,
            sentence,
            change.by as _,
            change.at,
            change.event as _,
        )
        .execute(&mut *conn)
        .await?;
    }
    Ok(())
}

/// What the public verdict of a claim departs from, and why: the newest sentence of its round for each precedent.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn departures(
    conn: &mut PgConnection,
    desk: DeskId,
    claim: ClaimId,
    verdict: i32,
) -> Result<Vec<Departure>> {
    let rows = sqlx::query!(
        r#"
        SELECT DISTINCT ON (d.precedent_id)
               d.precedent_id AS "claim: ClaimId", c.claim_reviewed, d.note, r.label AS "label?", r.shape AS "shape?",
               r.colour AS "colour?"
        FROM verdicts v
        JOIN departures d ON d.desk_id = v.desk_id AND d.round_id = v.round_id AND d.rating_code = v.rating_code
        JOIN claims c ON c.desk_id = d.desk_id AND c.id = d.precedent_id
        JOIN verdicts p
            ON p.desk_id = d.desk_id AND p.claim_id = d.precedent_id AND p.number = d.precedent_verdict
        LEFT JOIN rating_values r
            ON r.desk_id = p.desk_id AND r.scale_version_id = p.scale_version_id AND r.code = p.rating_code
        WHERE v.desk_id = $1 AND v.claim_id = $2 AND v.number = $3 AND d.assessment_id IS NULL
        ORDER BY d.precedent_id, d.id DESC
        LIMIT 20
        "#,
        desk as _,
        claim as _,
        verdict,
    )
    .fetch_all(conn)
    .await?;
    let departures = rows.into_iter().map(|row| Departure {
        claim: row.claim,
        claim_reviewed: row.claim_reviewed,
        badge: Badge::of(row.label, row.shape.as_deref(), row.colour.as_deref()),
        note: row.note,
    });
    Ok(departures.collect())
}
