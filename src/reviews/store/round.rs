//! The rows that every step of a round changes: the round itself, its drafters, the claim's stage.

use sqlx::PgConnection;

use crate::audit::Change;
use crate::auth::{Authorized, Permission};
use crate::claims::Stage;
use crate::db::IfViolates as _;
use crate::error::{Error, Result};
use crate::id::{AccountId, ClaimId, RoundId};
use crate::policies::{self, Mode};
use crate::reviews::draft::Draft;
use crate::reviews::judging::Judging;
use crate::reviews::round::{Kind, State, mode};
use crate::reviews::stage::{Act, Effect, check};

/// What becomes of the claim when the member does this now.
///
/// # Errors
/// Why it cannot be done, in words.
pub(super) fn effect<P: Permission>(by: &Authorized<P>, judging: &Judging, act: Act) -> Result<Effect> {
    Ok(check(&by.roles, judging, act)?)
}

/// A round that is about to begin.
pub(super) struct Opening<'a> {
    pub id: RoundId,
    pub kind: Kind,
    pub draft: &'a Draft,
    /// Who wrote the first words of its draft.
    pub created_by: AccountId,
}

/// Begins a round under the policy that the desk has now, and with the scale that `judging` names. Who wrote the words that
/// it takes over from an earlier round counts as its drafter, too; who begins one without words is none.
///
/// # Errors
/// [`Error::Conflict`] when another one is open.
pub(super) async fn open(
    conn: &mut PgConnection,
    change: &Change,
    judging: &Judging,
    opening: Opening<'_>,
) -> Result<()> {
    let policy = policies::find(conn, change.desk).await?.ok_or(Error::NotFound("policy"))?;
    let mode = mode(&policy.rules, opening.kind, opening.draft.correction_kind);
    let wordless;
    let draft = if mode == Mode::Blind {
        wordless = opening.draft.without_words();
        &wordless
    } else {
        opening.draft
    };
    sqlx::query!(
        r#"
        INSERT INTO rounds (desk_id, id, claim_id, number, kind, policy_id, mode, scale_version_id, rating_code, one_line,
                            rationale, no_evidence_reason, sole_source_reason, unarchived_reason, as_of,
                            correction_kind, public_note, created_by, created_at, event_id)
        SELECT $1, $2, $3, 1 + coalesce(max(r.number), 0), $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17,
               $18, $19
        FROM rounds r WHERE r.desk_id = $1 AND r.claim_id = $3
        "#,
        change.desk as _,
        opening.id as _,
        judging.claim as _,
        opening.kind as _,
        policy.id as _,
        mode as _,
        judging.scale.version as _,
        draft.rating.as_deref(),
        draft.one_line,
        draft.rationale,
        draft.no_evidence_reason.as_deref(),
        draft.sole_source_reason.as_deref(),
        draft.unarchived_reason.as_deref(),
        draft.as_of,
        draft.correction_kind as _,
        draft.public_note,
        opening.created_by as _,
        change.at,
        change.event as _,
    )
    .execute(&mut *conn)
    .await
    .if_violates("rounds_one_open", Error::conflict("Somebody else began to draft at the same time."))?;
    sqlx::query!(
        r#"
        INSERT INTO round_drafters (desk_id, round_id, account_id)
        SELECT $1::uuid, $2::uuid, d.account_id
        FROM rounds r JOIN round_drafters d ON d.desk_id = r.desk_id AND d.round_id = r.id
        WHERE r.desk_id = $1 AND r.claim_id = $3 AND r.state = 'void' AND r.kind = $4
          AND r.number > coalesce((SELECT max(p.number) FROM rounds p
                                   WHERE p.desk_id = $1 AND p.claim_id = $3 AND p.state = 'published'), 0)
        UNION
        SELECT $1::uuid, $2::uuid, $5::uuid WHERE $6
        "#,
        change.desk as _,
        opening.id as _,
        judging.claim as _,
        opening.kind as _,
        opening.created_by as _,
        mode != Mode::Blind || *draft != Draft::default(),
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Notes that somebody wrote some of a round's draft.
pub(super) async fn add_drafter(
    conn: &mut PgConnection,
    change: &Change,
    round: RoundId,
    account: AccountId,
) -> Result<()> {
    sqlx::query!(
        "INSERT INTO round_drafters (desk_id, round_id, account_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
        change.desk as _,
        round as _,
        account as _,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Moves a round on. Going back to drafting counts as another state of the draft: the next review judges it anew.
pub(super) async fn set_state(
    conn: &mut PgConnection,
    change: &Change,
    round: RoundId,
    state: State,
) -> Result<()> {
    sqlx::query!(
        r#"
        UPDATE rounds
        SET state = $3, row_version = row_version + 1, event_id = $4,
            draft_version = draft_version + CASE WHEN $3 = 'drafting' THEN 1 ELSE 0 END
        WHERE desk_id = $1 AND id = $2
        "#,
        change.desk as _,
        round as _,
        state as _,
        change.event as _,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Moves a claim on, when it is not there yet.
pub(super) async fn set_stage(
    conn: &mut PgConnection,
    change: &Change,
    claim: ClaimId,
    stage: Stage,
) -> Result<()> {
    sqlx::query!(
        r#"
        UPDATE claims SET stage = $3, row_version = row_version + 1, event_id = $4
        WHERE desk_id = $1 AND id = $2 AND stage <> $3
        "#,
        change.desk as _,
        claim as _,
        stage as _,
        change.event as _,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Moves a round on whose rating is decided now: `rating` is what it came to.
pub(super) async fn set_judged(
    conn: &mut PgConnection,
    change: &Change,
    round: RoundId,
    rating: &str,
    state: State,
) -> Result<()> {
    sqlx::query!(
        r#"
        UPDATE rounds
        SET state = $3, judged = true, rating_code = $4, row_version = row_version + 1, event_id = $5,
            draft_version = draft_version + CASE WHEN $3 = 'drafting' THEN 1 ELSE 0 END
        WHERE desk_id = $1 AND id = $2
        "#,
        change.desk as _,
        round as _,
        state as _,
        rating,
        change.event as _,
    )
    .execute(conn)
    .await?;
    Ok(())
}
