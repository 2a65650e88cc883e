//! Reviewing a draft: approving it, sending it back, and leaving it to others.

use serde_json::json;
use sqlx::PgConnection;

use super::draft::{no_round, policy, told};
use super::read::locked;
use super::round::{Opening, effect, open, set_stage, set_state};
use crate::audit::{self, Change};
use crate::auth::Authorized;
use crate::auth::permission::ReviewVerdict;
use crate::claims::Stage;
use crate::db::IfViolates as _;
use crate::error::{Error, Result};
use crate::id::{AccountId, AssessmentId, ClaimId, RoundId};
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
    if round.kind != Kind::Retraction {
        decide(conn, &change, &judging, round).await?;
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
        return begin_again(conn, by, &change, &judging, round, effect.stage).await;
    }
    assess(conn, &change, &judging, round, Decision::Return, reason).await?;
    set_state(conn, &change, round.id, State::Drafting).await?;
    set_stage(conn, &change, claim, effect.stage).await
}

/// Ends an approved round and begins another with its words: what was decided stays on record, and is not published.
async fn begin_again(
    conn: &mut PgConnection,
    by: &Authorized<ReviewVerdict>,
    change: &Change,
    judging: &Judging,
    round: &Round,
    stage: Stage,
) -> Result<()> {
    set_state(conn, change, round.id, State::Void).await?;
    let opening =
        Opening { id: RoundId::new(), kind: round.kind, draft: &round.draft, created_by: round.created_by };
    open(conn, policy(by), change, judging, opening).await?;
    set_stage(conn, change, judging.claim, stage).await
}

/// Leaves the judging of a claim to others, because of a conflict of interest. An approval that the person gave and that is
/// not public yet does not stand.
///
/// # Errors
/// [`Error::Invalid`] without a reason; when the person is recused already, or the claim is not judged any more.
pub async fn recuse(
    conn: &mut PgConnection,
    by: &Authorized<ReviewVerdict>,
    claim: ClaimId,
    reason: &str,
) -> Result<()> {
    if reason.is_empty() || reason.chars().count() > 1000 {
        return Err(Error::invalid("Say why, in at most 1000 characters: it stays on record."));
    }
    let judging = locked(conn, by.desk.id, claim, by.person.account).await?;
    effect(by, &judging, Act::Recuse)?;
    let change = audit::record(conn, by, "claim.recuse", "claim", claim, &json!({"reason": reason})).await?;
    sqlx::query!(
        r#"
        INSERT INTO recusals (desk_id, claim_id, account_id, reason, created_at, event_id)
        VALUES ($1, $2, $3, $4, $5, $6)
        "#,
        change.desk as _,
        claim as _,
        change.by as _,
        reason,
        change.at,
        change.event as _,
    )
    .execute(&mut *conn)
    .await?;
    match &judging.round {
        Some(round) if round.state == State::Approved && approved(conn, &change, round).await? => {
            let stage = if round.kind == Kind::Initial { Stage::Researching } else { judging.stage };
            begin_again(conn, by, &change, &judging, round, stage).await
        }
        _ => Ok(()),
    }
}

async fn approved(conn: &mut PgConnection, change: &Change, round: &Round) -> Result<bool> {
    Ok(sqlx::query_scalar!(
        r#"
        SELECT EXISTS (SELECT FROM assessments
                       WHERE desk_id = $1 AND round_id = $2 AND draft_version = $3 AND reviewer_id = $4
                         AND decision = 'approve') AS "approved!"
        "#,
        change.desk as _,
        round.id as _,
        round.draft_version,
        change.by as _,
    )
    .fetch_one(conn)
    .await?)
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

/// Makes the approved draft the desk's verdict.
async fn decide(conn: &mut PgConnection, change: &Change, judging: &Judging, round: &Round) -> Result<()> {
    let draft = &round.draft;
    let by: AccountId = drafter(conn, change, round).await?;
    sqlx::query!(
        r#"
        INSERT INTO verdicts (desk_id, claim_id, number, round_id, scale_version_id, rating_code, one_line, rationale,
                              no_evidence_reason, as_of, method, drafted_by, approved_by, approvals, created_at,
                              event_id)
        SELECT $1, $2, 1 + coalesce(max(v.number), 0), $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 1, $13, $14
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
        round.policy.method() as _,
        by as _,
        change.by as _,
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
        SELECT actor_id AS "by!: AccountId" FROM events
        WHERE desk_id = $1 AND entity_id = $2 AND action = 'verdict.draft'
        ORDER BY id DESC LIMIT 1
        "#,
        change.desk as _,
        round.id.uuid(),
    )
    .fetch_optional(conn)
    .await?;
    Ok(last.unwrap_or(round.created_by))
}
