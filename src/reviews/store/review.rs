//! Reviewing a draft: approving it, and sending it back.

use serde_json::json;
use sqlx::PgConnection;

use super::draft::{no_round, reword, told};
use super::outcome;
use super::read::locked;
use super::round::{Opening, effect, open, set_stage, set_state};
use crate::audit::{self, Change};
use crate::auth::permission::ReviewVerdict;
use crate::auth::{Authorized, Permission};
use crate::claims::Stage;
use crate::db::IfViolates as _;
use crate::error::{Error, Result};
use crate::id::{AccountId, AssessmentId, ClaimId, RoundId};
use crate::policies::Mode;
use crate::reviews::judging::Judging;
use crate::reviews::round::{Decision, Kind, Round, State};
use crate::reviews::stage::Act;

const CHANGED: &str = "The draft was changed since you opened it. Read it again before you judge it.";

/// Approves the state of a draft that the reviewer has read, and makes it the desk's verdict.
///
/// # Errors
/// [`Error::Barred`] for who drafted it or is recused, [`Error::Conflict`] when it was changed or reviewed meanwhile.
pub async fn approve(
    conn: &mut PgConnection,
    by: &Authorized<ReviewVerdict>,
    claim: ClaimId,
    draft_version: i32,
    remark: &str,
) -> Result<()> {
    let judging = locked(conn, by.desk.id, claim, by.person.account).await?;
    let effect = effect(by, &judging, Act::Approve)?;
    let round = judging.round.as_ref().ok_or_else(no_round)?;
    if round.draft_version != draft_version {
        return Err(Error::conflict(CHANGED));
    }
    let mut details = told(&judging, effect.stage);
    details["remark"] = json!(remark);
    let change = audit::record(conn, by, "verdict.approve", "claim", claim, &details).await?;
    assess(conn, &change, &judging, round, Decision::Approve, remark).await?;
    if effect.round != Some(State::Approved) {
        // Others have to approve it, too.
        return Ok(());
    }
    if round.kind != Kind::Retraction {
        let approval = Approval { by: change.by, count: judging.approved + 1 };
        decide(conn, &change, &judging, round, approval).await?;
    }
    set_state(conn, &change, round.id, State::Approved).await?;
    set_stage(conn, &change, claim, effect.stage).await
}

/// Sends a draft back with a reason: one in review, or one that is approved and not public yet.
///
/// # Errors
/// As [`approve`]; [`Error::Invalid`] without a reason.
pub async fn send_back(
    conn: &mut PgConnection,
    by: &Authorized<ReviewVerdict>,
    claim: ClaimId,
    draft_version: i32,
    reason: &str,
) -> Result<()> {
    if reason.is_empty() {
        return Err(Error::invalid("Say why the draft comes back: its drafter has to know what to change."));
    }
    let judging = locked(conn, by.desk.id, claim, by.person.account).await?;
    let effect = effect(by, &judging, Act::Return)?;
    let round = judging.round.as_ref().ok_or_else(no_round)?;
    if round.draft_version != draft_version {
        return Err(Error::conflict(CHANGED));
    }
    let mut details = told(&judging, effect.stage);
    details["reason"] = json!(reason);
    let change = audit::record(conn, by, "verdict.return", "claim", claim, &details).await?;
    if round.state == State::Approved {
        return begin_again(conn, by, &change, &judging, (round, effect.stage), Keep::Outcome).await;
    }
    assess(conn, &change, &judging, round, Decision::Return, reason).await?;
    set_state(conn, &change, round.id, State::Drafting).await?;
    set_stage(conn, &change, claim, effect.stage).await
}

/// Whether what several people came to still stands when a round begins again.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Keep {
    Outcome,
    Nothing,
}

/// Ends a round and begins another with its words: what was decided stays on record, and is not published. What several
/// people came to goes along, unless one of them is not to judge any more.
pub(super) async fn begin_again<P: Permission>(
    conn: &mut PgConnection,
    by: &Authorized<P>,
    change: &Change,
    judging: &Judging,
    (round, stage): (&Round, Stage),
    keep: Keep,
) -> Result<()> {
    set_state(conn, change, round.id, State::Void).await?;
    let id = RoundId::new();
    open(
        conn,
        change,
        judging,
        Opening { id, kind: round.kind, draft: &round.draft, created_by: round.created_by },
    )
    .await?;
    set_stage(conn, change, judging.claim, stage).await?;
    let now = super::read::judging(conn, change.desk, judging.claim, None).await?;
    let same_mode = now.round.as_ref().is_some_and(|now| now.mode == round.mode);
    if let (Some(outcome), Keep::Outcome, true) = (&round.outcome, keep, same_mode) {
        let details = json!({"round": round.number + 1, "from": round.number, "rating": outcome.rating});
        let carried = audit::record(conn, by, "judgement.carry", "claim", judging.claim, &details).await?;
        outcome::carry(conn, &carried, judging, (round.id, id), outcome).await?;
        if round.mode == Mode::Blind {
            let details = json!({"claim": judging.claim});
            let reworded = audit::record(conn, by, "verdict.resume", "round", id, &details).await?;
            reword(conn, &reworded, id, &round.draft).await?;
        }
    }
    Ok(())
}

/// Keeps what a reviewer says of the draft. The database refuses drafters and recused people, too.
async fn assess(
    conn: &mut PgConnection,
    change: &Change,
    judging: &Judging,
    round: &Round,
    decision: Decision,
    reason: &str,
) -> Result<()> {
    sqlx::query!(
        r#"
        INSERT INTO assessments (desk_id, id, round_id, claim_id, draft_version, reviewer_id, decision, reason,
                                 created_at, event_id)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
        "#,
        change.desk as _,
        AssessmentId::new() as _,
        round.id as _,
        judging.claim as _,
        round.draft_version,
        change.by as _,
        decision as _,
        reason,
        change.at,
        change.event as _,
    )
    .execute(conn)
    .await
    .if_violates(
        "assessments_not_by_drafter",
        Error::Barred("You wrote part of this draft, so somebody else has to review it."),
    )
    .if_violates(
        "assessments_not_by_recused",
        Error::Barred("You recused yourself from this claim, so others judge it."),
    )
    .if_violates("assessments_one_live", Error::conflict("You have judged this draft already."))
    .if_violates("assessments_of_the_draft_in_review", Error::conflict(CHANGED))?;
    Ok(())
}

/// Who approved a draft, and how many did.
#[derive(Clone, Copy, Debug)]
pub(super) struct Approval {
    pub by: AccountId,
    pub count: i64,
}

/// Makes the approved draft the desk's verdict.
pub(super) async fn decide(
    conn: &mut PgConnection,
    change: &Change,
    judging: &Judging,
    round: &Round,
    approval: Approval,
) -> Result<()> {
    let draft = &round.draft;
    let by: AccountId = drafter(conn, change, round).await?;
    sqlx::query!(
        r#"
        INSERT INTO verdicts (desk_id, claim_id, number, round_id, scale_version_id, rating_code, one_line, rationale,
                              no_evidence_reason, as_of, method, tally, drafted_by, approved_by, approvals, created_at,
                              event_id)
        SELECT $1, $2, 1 + coalesce(max(v.number), 0), $3, $4, $5, $6, $7, $8, $9, $10, $11::text::json, $12, $13, $14,
               $15, $16
        FROM verdicts v WHERE v.desk_id = $1 AND v.claim_id = $2
        "#,
        change.desk as _,
        judging.claim as _,
        round.id as _,
        round.scale_version as _,
        draft.rating.as_deref(),
        draft.one_line,
        draft.rationale,
        draft.no_evidence_reason.as_deref(),
        draft.as_of,
        round.method() as _,
        round.outcome.as_ref().map(|outcome| json!(outcome.tally).to_string()),
        by as _,
        approval.by as _,
        i32::try_from(approval.count).map_err(Error::internal)?,
        change.at,
        change.event as _,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Whom a verdict names as its drafter: who changed the draft last, or else who began it.
async fn drafter(conn: &mut PgConnection, change: &Change, round: &Round) -> Result<AccountId> {
    let last = sqlx::query_scalar!(
        r#"
        SELECT d.account_id AS "by!: AccountId"
        FROM round_drafters d
        LEFT JOIN events e ON e.desk_id = d.desk_id AND e.entity_id = d.round_id AND e.action = 'verdict.draft'
                          AND e.actor_id = d.account_id
        WHERE d.desk_id = $1 AND d.round_id = $2
        ORDER BY e.id DESC NULLS LAST, d.account_id = $3 DESC, d.account_id
        LIMIT 1
        "#,
        change.desk as _,
        round.id as _,
        round.created_by as _,
    )
    .fetch_optional(conn)
    .await?;
    Ok(last.unwrap_or(round.created_by))
}
