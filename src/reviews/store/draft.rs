//! Drafting a verdict, asking for its review, and taking it back.

use serde_json::json;
use sqlx::PgConnection;

use super::read::locked;
use super::round::{Opening, add_drafter, effect, open, set_stage, set_state};
use crate::audit::{self, Change};
use crate::auth::Authorized;
use crate::auth::permission::DraftVerdict;
use crate::claims::Stage;
use crate::editing::{self, Merge, Sent};
use crate::error::{Error, Result};
use crate::id::{ClaimId, RoundId};
use crate::reviews::draft::Draft;
use crate::reviews::judging::Judging;
use crate::reviews::round::{Kind, mode};
use crate::reviews::stage::Act;

/// Changes the draft of a claim's verdict, and begins the first round when there is none. Whoever does so is one of its
/// drafters from then on.
///
/// # Errors
/// [`Error::Conflict`] when somebody else changed the same field in another way, [`Error::Invalid`] when it breaks a
/// rule: what to decide, and what is wrong, is to be read again outside of the transaction.
pub async fn draft(
    conn: &mut PgConnection,
    by: &Authorized<DraftVerdict>,
    claim: ClaimId,
    sent: &Sent,
) -> Result<()> {
    let judging = locked(conn, by.desk.id, claim, by.person.account).await?;
    let effect = effect(by, &judging, Act::Draft)?;
    let theirs = judging.draft().values();
    let merge = merged(conn, by, &judging, sent).await?;
    if !merge.conflicts.is_empty() {
        return Err(Error::conflict("Somebody else changed this draft while you were writing."));
    }
    let draft = Draft::parse(&merge.applied(&theirs), judging.kind(), &judging.scale)?;
    fixed(&judging, &draft)?;
    if merge.is_unchanged() && judging.stage == effect.stage {
        return Ok(());
    }
    let round = judging.round.as_ref().map_or_else(RoundId::new, |round| round.id);
    let mut details = merge.details();
    details["claim"] = json!(claim);
    let change = audit::record(conn, by, "verdict.draft", "round", round, &details).await?;
    if judging.round.is_some() {
        if !merge.is_unchanged() {
            reword(conn, &change, round, &draft).await?;
            add_drafter(conn, &change, round, change.by).await?;
        }
    } else {
        let opening = Opening { id: round, kind: Kind::Initial, draft: &draft, created_by: change.by };
        open(conn, &change, &judging, opening).await?;
    }
    set_stage(conn, &change, claim, effect.stage).await
}

/// What was sent, merged with the draft as it stands.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn merged(
    conn: &mut PgConnection,
    by: &Authorized<DraftVerdict>,
    judging: &Judging,
    sent: &Sent,
) -> Result<Merge> {
    let theirs = judging.draft().values();
    if let Some(round) = &judging.round {
        return editing::merge(conn, by, round.id.uuid(), sent, &theirs).await;
    }
    // Nothing is saved yet: what a new round begins with is nobody's change.
    let mut merge = sent.merge(&theirs);
    merge.conflicts.clear();
    Ok(merge)
}

/// Asks for the review of a draft.
///
/// # Errors
/// [`Error::Invalid`] with what is missing; and when it is not the time for it.
pub async fn submit(conn: &mut PgConnection, by: &Authorized<DraftVerdict>, claim: ClaimId) -> Result<()> {
    let judging = locked(conn, by.desk.id, claim, by.person.account).await?;
    if judging.round.is_none() && effect(by, &judging, Act::Submit).is_ok() {
        // What is assessed without words needs no draft.
        let round = RoundId::new();
        let change = audit::record(conn, by, "round.begin", "round", round, &json!({"claim": claim})).await?;
        let opening = Opening { id: round, kind: Kind::Initial, draft: &judging.seed, created_by: change.by };
        open(conn, &change, &judging, opening).await?;
        set_stage(conn, &change, claim, Stage::Researching).await?;
    }
    step(conn, by, claim, Act::Submit, "verdict.submit").await
}

/// Takes a draft back from review, to change it.
///
/// # Errors
/// When it is not in review any more, or somebody else's.
pub async fn withdraw(conn: &mut PgConnection, by: &Authorized<DraftVerdict>, claim: ClaimId) -> Result<()> {
    step(conn, by, claim, Act::Withdraw, "verdict.withdraw").await
}

async fn step(
    conn: &mut PgConnection,
    by: &Authorized<DraftVerdict>,
    claim: ClaimId,
    act: Act,
    action: &str,
) -> Result<()> {
    let judging = locked(conn, by.desk.id, claim, by.person.account).await?;
    let effect = effect(by, &judging, act)?;
    let (round, state) = judging.round.as_ref().zip(effect.round).ok_or_else(no_round)?;
    let mut details = told(&judging, effect.stage);
    // What is reviewed can be read later, also when the draft goes on from there.
    details["draft"] = json!(round.draft.values());
    let change = audit::record(conn, by, action, "claim", claim, &details).await?;
    set_state(conn, &change, round.id, state).await?;
    set_stage(conn, &change, claim, effect.stage).await
}

/// Refuses a draft that changes what is not the drafter's to choose.
fn fixed(judging: &Judging, draft: &Draft) -> Result<()> {
    let before = judging.draft();
    if judging.is_wordless() && *draft != draft.without_words() {
        return Err(Error::conflict("Several people assess this claim first; then its words are written."));
    }
    let Some(round) = &judging.round else { return Ok(()) };
    if round.is_rating_fixed() && draft.rating != before.rating {
        return Err(Error::conflict(if round.outcome.is_some() {
            "Its rating is decided: those who judged it came to it together."
        } else {
            "Such a correction leaves the rating as it is. Drop it, and begin an update or a correction of the verdict."
        }));
    }
    let now = mode(&round.policy.rules, round.kind, draft.correction_kind);
    if now != round.mode {
        return Err(Error::conflict(
            "Another kind of correction is judged in another way. Drop this one, and begin one of that kind.",
        ));
    }
    Ok(())
}

/// What the event of a step tells: the round, which state of its draft, and the claim's way.
pub(super) fn told(judging: &Judging, stage: Stage) -> serde_json::Value {
    let mut details = json!({
        "round": judging.round.as_ref().map(|round| round.number),
        "draft_version": judging.round.as_ref().map(|round| round.draft_version),
    });
    if stage != judging.stage {
        details["stage"] = json!({"before": judging.stage, "after": stage});
    }
    details
}

/// `effect` has found one.
pub(super) fn no_round() -> Error {
    Error::conflict("There is no draft any more.")
}

pub(super) async fn reword(
    conn: &mut PgConnection,
    change: &Change,
    round: RoundId,
    draft: &Draft,
) -> Result<()> {
    sqlx::query!(
        r#"
        UPDATE rounds
        SET rating_code = $3, one_line = $4, rationale = $5, no_evidence_reason = $6, sole_source_reason = $7,
            unarchived_reason = $8, as_of = $9, correction_kind = $10, public_note = $11,
            draft_version = draft_version + 1, row_version = row_version + 1, event_id = $12
        WHERE desk_id = $1 AND id = $2
        "#,
        change.desk as _,
        round as _,
        draft.rating.as_deref(),
        draft.one_line,
        draft.rationale,
        draft.no_evidence_reason.as_deref(),
        draft.sole_source_reason.as_deref(),
        draft.unarchived_reason.as_deref(),
        draft.as_of,
        draft.correction_kind as _,
        draft.public_note,
        change.event as _,
    )
    .execute(conn)
    .await?;
    Ok(())
}
