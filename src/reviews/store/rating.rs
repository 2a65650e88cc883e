//! Rating a claim with others: blindly, or in a panel; and deciding where they differ.

use ring::rand::{SecureRandom as _, SystemRandom};
use serde_json::json;
use sha2::{Digest as _, Sha256};
use sqlx::PgConnection;
use time::OffsetDateTime;

use super::draft::{no_round, told};
use super::outcome;
use super::precedents::depart_in_assessment;
use super::read::locked;
use super::review::{Approval, decide};
use super::round::{effect, set_judged, set_stage, set_state};
use crate::audit::{self, Change};
use crate::auth::Authorized;
use crate::auth::permission::ReviewVerdict;
use crate::db::IfViolates as _;
use crate::error::{Error, Result};
use crate::id::{AccountId, AssessmentId, ClaimId, DeskId, EvidenceId, RoundId};
use crate::policies::Mode;
use crate::reviews::judging::Judging;
use crate::reviews::places;
use crate::reviews::round::{Assessment, Confidence, How, Outcome, Round, State};
use crate::reviews::stage::{Act, Effect, Settled, settle};

/// How many assessments of a round are shown: more than any policy asks for, with all that were superseded.
const ROWS_MAX: i64 = 200;

/// A rating that is about to be given.
#[derive(Clone, Debug)]
pub struct NewRating {
    /// Which state of the draft the person has read.
    pub draft_version: i32,
    pub rating: String,
    pub rationale: String,
    pub confidence: Confidence,
    pub guideline: Option<i32>,
    pub evidence: Vec<EvidenceId>,
    pub opened_at: Option<OffsetDateTime>,
    pub seconds_active: Option<i32>,
    /// Why the rating is another one than that of a claim which says nearly the same.
    pub departure: String,
}

/// How long a rationale may be, in characters.
pub const RATIONALE_MAX: usize = 20_000;

/// Gives a rating, or replaces the one that the person gave in this round. The last one that was waited for decides what
/// becomes of the round.
///
/// # Errors
/// [`Error::Barred`] for drafters, recused people and, in a blind round, who marked the claim; [`Error::Conflict`] when it
/// is not the time for it; [`Error::Invalid`] with what is missing.
pub async fn assess(
    conn: &mut PgConnection,
    by: &Authorized<ReviewVerdict>,
    claim: ClaimId,
    new: &NewRating,
) -> Result<AssessmentId> {
    let judging = locked(conn, by.desk.id, claim, by.person.account).await?;
    effect(by, &judging, Act::Assess)?;
    let round = judging.round.as_ref().ok_or_else(no_round)?;
    if round.draft_version != new.draft_version {
        return Err(Error::conflict(
            "The draft was changed since you opened it. Read it again before you judge it.",
        ));
    }
    if judging.scale.value(&new.rating).is_none() {
        return Err(Error::invalid("Choose one of the ratings."));
    }
    if new.rationale.is_empty() || new.rationale.chars().count() > RATIONALE_MAX {
        return Err(Error::invalid("Say why, in at most 20000 characters."));
    }
    if !judging.standing.assessed {
        // Whoever has none takes a place, so that no more people work on it than are needed.
        places::take(conn, by, round.id).await?;
    }
    let before = own(conn, by.desk.id, round.id, by).await?;
    let id = AssessmentId::new();
    give(conn, by, &judging, round, (id, new, before)).await?;
    settle_round(conn, by, &judging, round).await?;
    Ok(id)
}

/// Writes the rating and its event, which says of a blind one only that it was given, with a hash that proves what.
async fn give(
    conn: &mut PgConnection,
    by: &Authorized<ReviewVerdict>,
    judging: &Judging,
    round: &Round,
    (id, new, before): (AssessmentId, &NewRating, Option<AssessmentId>),
) -> Result<()> {
    let content = json!({
        "assessment": id,
        "rating": new.rating,
        "rationale": new.rationale,
        "confidence": new.confidence,
        "guideline": new.guideline,
        "evidence": new.evidence,
        "departure": new.departure,
    });
    let mut details = json!({"round": round.number, "draft_version": round.draft_version});
    let mut salt = None;
    if round.mode == Mode::Blind {
        let mut bytes = [0; 32];
        SystemRandom::new().fill(&mut bytes).map_err(|_| Error::internal("no randomness"))?;
        let hash = Sha256::new().chain_update(bytes).chain_update(content.to_string()).finalize();
        details["sha256"] = json!(hash.iter().fold(String::new(), |text, byte| format!("{text}{byte:02x}")));
        salt = Some(bytes.to_vec());
    } else {
        details["assessment"] = content;
    }
    let action = if before.is_some() { "assessment.replace" } else { "assessment.give" };
    let change = audit::record(conn, by, action, "claim", judging.claim, &details).await?;
    sqlx::query!(
        r#"
        INSERT INTO assessments (desk_id, id, round_id, claim_id, draft_version, reviewer_id, kind, scale_version_id,
                                 rating_code, rationale, confidence, guideline_number, supersedes, salt, opened_at,
                                 seconds_active, created_at, event_id)
        VALUES ($1, $2, $3, $4, $5, $6, 'rating', $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
        "#,
        change.desk as _,
        id as _,
        round.id as _,
        judging.claim as _,
        round.draft_version,
        change.by as _,
        round.scale_version as _,
        new.rating,
        new.rationale,
        new.confidence as _,
        new.guideline,
        before as _,
        salt,
        new.opened_at.filter(|opened| *opened <= change.at),
        new.seconds_active,
        change.at,
        change.event as _,
    )
    .execute(&mut *conn)
    .await
    .if_violates("assessments_not_too_many", Error::conflict("As many as the policy asks for have assessed it."))
    .if_violates("assessments_one_live", Error::conflict("You have assessed it already, in another window."))
    .if_violates("assessments_superseded_once", Error::conflict("You have changed it already, in another window."))
    .if_violates("assessments_guideline", Error::invalid("There is no such version of the guidelines."))?;
    let evidence: Vec<uuid::Uuid> = new.evidence.iter().map(|id| id.uuid()).collect();
    sqlx::query!(
        r#"
        INSERT INTO assessment_evidence (desk_id, assessment_id, evidence_id)
        SELECT $1, $2, e FROM unnest($3::uuid[]) AS e
        ON CONFLICT DO NOTHING
        "#,
        change.desk as _,
        id as _,
        &evidence,
    )
    .execute(&mut *conn)
    .await
    .if_violates(
        "assessment_evidence_of_the_claim",
        Error::invalid("Only evidence about this claim is considered."),
    )?;
    depart_in_assessment(conn, &change, judging, (round.id, id, &new.rating), &new.departure).await
}

/// Moves the round on when all that were waited for have rated.
async fn settle_round(
    conn: &mut PgConnection,
    by: &Authorized<ReviewVerdict>,
    judging: &Judging,
    round: &Round,
) -> Result<()> {
    let tally = outcome::tally(conn, by.desk.id, round.id).await?;
    match settle(judging, &tally) {
        Settled::Waiting => Ok(()),
        Settled::Split(effect) => {
            let details = json!({"round": round.number, "tally": tally});
            let change = audit::record(conn, by, "judgement.split", "claim", judging.claim, &details).await?;
            set_state(conn, &change, round.id, State::Adjudicating).await?;
            set_stage(conn, &change, judging.claim, effect.stage).await
        }
        Settled::Agreed { how, rating, effect } => {
            let outcome = Outcome { rating, how, tally, reason: String::new() };
            judge(conn, by, judging, round, ("judgement.agree", &outcome, effect)).await
        }
    }
}

/// Decides between differing ratings.
///
/// # Errors
/// [`Error::Barred`] for who assessed, drafted or is recused; [`Error::Invalid`] without a rating or a reason.
pub async fn adjudicate(
    conn: &mut PgConnection,
    by: &Authorized<ReviewVerdict>,
    claim: ClaimId,
    rating: &str,
    reason: &str,
) -> Result<()> {
    let judging = locked(conn, by.desk.id, claim, by.person.account).await?;
    let effect = effect(by, &judging, Act::Adjudicate)?;
    let round = judging.round.as_ref().ok_or_else(no_round)?;
    if judging.scale.value(rating).is_none() {
        return Err(Error::invalid("Choose one of the ratings."));
    }
    if reason.is_empty() || reason.chars().count() > RATIONALE_MAX {
        return Err(Error::invalid("Say why you decide so, in at most 20000 characters."));
    }
    let tally = outcome::tally(conn, by.desk.id, round.id).await?;
    let outcome =
        Outcome { rating: rating.to_owned(), how: How::Adjudicated, tally, reason: reason.to_owned() };
    judge(conn, by, &judging, round, ("judgement.adjudicate", &outcome, effect)).await
}

/// Keeps what a round came to, and moves it on.
async fn judge(
    conn: &mut PgConnection,
    by: &Authorized<ReviewVerdict>,
    judging: &Judging,
    round: &Round,
    (action, outcome, effect): (&str, &Outcome, Effect),
) -> Result<()> {
    let mut details = told(judging, effect.stage);
    details["rating"] = json!(outcome.rating);
    details["how"] = json!(outcome.how);
    details["tally"] = json!(outcome.tally);
    if !outcome.reason.is_empty() {
        details["reason"] = json!(outcome.reason);
    }
    let change = audit::record(conn, by, action, "claim", judging.claim, &details).await?;
    outcome::keep(conn, &change, judging, round, outcome).await?;
    let state = effect.round.unwrap_or(State::Drafting);
    if state == State::Approved {
        let voter = carrier(conn, by.desk.id, round.id, &outcome.rating).await?;
        let count = outcome.tally.get(&outcome.rating).copied().unwrap_or_default();
        let round = Round { outcome: Some(outcome.clone()), ..round.clone() };
        set_judged_and_decide(conn, &change, judging, &round, Approval { by: voter, count }).await?;
    } else {
        set_judged(conn, &change, round.id, &outcome.rating, state).await?;
    }
    set_stage(conn, &change, judging.claim, effect.stage).await
}

/// A panel has read the draft it votes on: what carries it approves it.
async fn set_judged_and_decide(
    conn: &mut PgConnection,
    change: &Change,
    judging: &Judging,
    round: &Round,
    approval: Approval,
) -> Result<()> {
    let rating = round.draft.rating.as_deref().unwrap_or_default();
    set_judged(conn, change, round.id, rating, State::Approved).await?;
    decide(conn, change, judging, round, approval).await
}

/// Who of those that gave the rating that carried was first.
async fn carrier(conn: &mut PgConnection, desk: DeskId, round: RoundId, rating: &str) -> Result<AccountId> {
    Ok(sqlx::query_scalar!(
        r#"
        SELECT reviewer_id AS "by!: AccountId" FROM counted_assessments($1, $2)
        WHERE rating_code = $3 ORDER BY id LIMIT 1
        "#,
        desk as _,
        round as _,
        rating,
    )
    .fetch_one(conn)
    .await?)
}

/// What the person has given in a round so far, that counts.
async fn own(
    conn: &mut PgConnection,
    desk: DeskId,
    round: RoundId,
    by: &Authorized<ReviewVerdict>,
) -> Result<Option<AssessmentId>> {
    Ok(sqlx::query_scalar!(
        r#"
        SELECT id AS "id!: AssessmentId" FROM counted_assessments($1, $2) WHERE reviewer_id = $3
        "#,
        desk as _,
        round as _,
        by.person.account as _,
    )
    .fetch_optional(conn)
    .await?)
}

/// The ratings of a round that count and that somebody may read: while it is assessed blindly, their own.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn ratings(
    conn: &mut PgConnection,
    desk: DeskId,
    round: RoundId,
    reader: Option<AccountId>,
) -> Result<Vec<Assessment>> {
    let rows = sqlx::query!(
        r#"
        SELECT a.id AS "id!: AssessmentId", a.reviewer_id AS "reviewer!: AccountId", p.display_name AS by,
               a.rating_code AS "rating!", a.rationale AS "rationale!", a.confidence AS "confidence!: Confidence",
               a.guideline_number, a.opened_at AS "opened_at: OffsetDateTime", a.seconds_active,
               a.created_at AS "at!: OffsetDateTime",
               ARRAY(SELECT e.evidence_id FROM assessment_evidence e
                     WHERE e.desk_id = a.desk_id AND e.assessment_id = a.id ORDER BY e.evidence_id)
                   AS "evidence!: Vec<EvidenceId>"
        FROM readable_assessments($1, $3) a JOIN accounts p ON p.id = a.reviewer_id
        WHERE a.round_id = $2 AND a.kind = 'rating'
          AND NOT EXISTS (SELECT FROM assessments b WHERE b.desk_id = a.desk_id AND b.supersedes = a.id)
        ORDER BY a.id
        LIMIT $4
        "#,
        desk as _,
        round as _,
        reader as _,
        ROWS_MAX,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| Assessment {
            id: row.id,
            reviewer: row.reviewer,
            by: row.by,
            rating: row.rating,
            rationale: row.rationale,
            confidence: row.confidence,
            guideline: row.guideline_number,
            evidence: row.evidence,
            opened_at: row.opened_at,
            seconds_active: row.seconds_active,
            at: row.at,
        })
        .collect())
}
