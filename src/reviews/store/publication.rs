//! Publishing, correcting and retracting.

use serde_json::json;
use sqlx::PgConnection;

use super::draft::{no_round, told};
use super::read::locked;
use super::round::{Opening, effect, open, set_state};
use crate::audit::{self, Change};
use crate::auth::Authorized;
use crate::auth::permission::Publish;
use crate::claims::{Stage, carry};
use crate::db::IfViolates as _;
use crate::error::{Error, Result};
use crate::id::{AccountId, ClaimId, CorrectionId, DeskId, RoundId};
use crate::reviews::draft::{Draft, NOTE_MAX};
use crate::reviews::judging::Judging;
use crate::reviews::round::{CorrectionKind, Kind, Round, State};
use crate::reviews::stage::Act;

/// Makes what was approved public: the first verdict, one that replaces another, or the retraction.
///
/// # Errors
/// When nothing is approved, or there is neither evidence nor a reason why.
pub async fn publish(conn: &mut PgConnection, by: &Authorized<Publish>, claim: ClaimId) -> Result<()> {
    let judging = locked(conn, by.desk.id, claim, by.person.account).await?;
    let effect = effect(by, &judging, Act::Publish)?;
    let round = judging.round.as_ref().ok_or_else(no_round)?;
    let action = match round.kind {
        Kind::Initial => "verdict.publish",
        Kind::Correction => "verdict.correct",
        Kind::Retraction => "verdict.retract",
    };
    let number = verdict_of(conn, by.desk.id, round.id).await?;
    let mut details = told(&judging, effect.stage);
    details["verdict"] = json!({"before": judging.current_verdict, "after": number});
    details["public_note"] = json!(round.draft.public_note);
    let change = audit::record(conn, by, action, "claim", claim, &details).await?;
    if let (Some(from), Some(kind)) = (judging.current_verdict, round.draft.correction_kind) {
        correction(conn, &change, &judging, round, (from, number, kind)).await?;
    }
    if let Some(number) = number {
        publication(conn, &change, claim, number).await?;
    }
    set_verdict(conn, &change, claim, number.or(judging.current_verdict), effect.stage).await?;
    set_state(conn, &change, round.id, State::Published).await
}

/// Begins the correction of a published verdict, with its words as the draft. Readers see the old one until the new one is
/// published.
///
/// # Errors
/// When the verdict is not public, or a correction is open already.
pub async fn correct(
    conn: &mut PgConnection,
    by: &Authorized<Publish>,
    claim: ClaimId,
    kind: CorrectionKind,
    public_note: &str,
) -> Result<RoundId> {
    if kind == CorrectionKind::Retraction {
        return Err(Error::invalid("A retraction replaces nothing. Retract the verdict instead."));
    }
    if public_note.chars().count() > NOTE_MAX {
        return Err(Error::invalid("The public note has at most 2000 characters."));
    }
    let mut judging = locked(conn, by.desk.id, claim, by.person.account).await?;
    effect(by, &judging, Act::Correct)?;
    let current = judging.current_verdict.ok_or_else(no_round)?;
    let mut draft = words_of(conn, &mut judging, by.desk.id, current).await?;
    draft.correction_kind = Some(kind);
    public_note.clone_into(&mut draft.public_note);
    begin(conn, by, &judging, "correction.begin", Kind::Correction, &draft).await
}

/// Asks that a published verdict be retracted; a second person has to approve it.
///
/// # Errors
/// [`Error::Invalid`] without a public note; as [`correct`].
pub async fn retract(
    conn: &mut PgConnection,
    by: &Authorized<Publish>,
    claim: ClaimId,
    public_note: &str,
) -> Result<RoundId> {
    if public_note.is_empty() || public_note.chars().count() > NOTE_MAX {
        return Err(Error::invalid("Tell readers in at most 2000 characters why the verdict is retracted."));
    }
    let judging = locked(conn, by.desk.id, claim, by.person.account).await?;
    effect(by, &judging, Act::Retract)?;
    let draft = Draft {
        correction_kind: Some(CorrectionKind::Retraction),
        public_note: public_note.to_owned(),
        ..Draft::default()
    };
    let round = begin(conn, by, &judging, "retraction.begin", Kind::Retraction, &draft).await?;
    let judging = super::read::judging(conn, by.desk.id, claim, Some(by.person.account)).await?;
    let mut details = told(&judging, judging.stage);
    details["draft"] = json!(draft.values());
    let change = audit::record(conn, by, "verdict.submit", "claim", claim, &details).await?;
    set_state(conn, &change, round, State::InReview).await?;
    Ok(round)
}

/// Ends a correction or retraction that is not approved; the published verdict stays as it is.
///
/// # Errors
/// When none is open.
pub async fn abandon(conn: &mut PgConnection, by: &Authorized<Publish>, claim: ClaimId) -> Result<()> {
    let judging = locked(conn, by.desk.id, claim, by.person.account).await?;
    effect(by, &judging, Act::Abandon)?;
    let round = judging.round.as_ref().ok_or_else(no_round)?;
    let mut details = told(&judging, judging.stage);
    details["draft"] = json!(round.draft.values());
    let change = audit::record(conn, by, "correction.abandon", "claim", claim, &details).await?;
    set_state(conn, &change, round.id, State::Void).await
}

async fn begin(
    conn: &mut PgConnection,
    by: &Authorized<Publish>,
    judging: &Judging,
    action: &str,
    kind: Kind,
    draft: &Draft,
) -> Result<RoundId> {
    let id = RoundId::new();
    let details = json!({"kind": draft.correction_kind, "public_note": draft.public_note});
    let change = audit::record(conn, by, action, "claim", judging.claim, &details).await?;
    let opening = Opening { id, kind, draft, created_by: change.by };
    open(conn, &change, judging, opening).await?;
    // Whoever corrects or retracts has seen that the words changed.
    carry::store::see(conn, &change, judging.claim).await?;
    Ok(id)
}

/// The words of a verdict as a draft. `judging` gets the scale that the verdict was given on, so that its rating fits; an
/// update of the scale is for claims that are judged from now on.
async fn words_of(
    conn: &mut PgConnection,
    judging: &mut Judging,
    desk: DeskId,
    number: i32,
) -> Result<Draft> {
    let verdict = sqlx::query!(
        r#"
        SELECT scale_version_id AS "scale_version: crate::id::ScaleVersionId", rating_code, one_line, rationale,
               no_evidence_reason, as_of AS "as_of: time::Date"
        FROM verdicts WHERE desk_id = $1 AND claim_id = $2 AND number = $3
        "#,
        desk as _,
        judging.claim as _,
        number,
    )
    .fetch_one(&mut *conn)
    .await?;
    judging.scale = crate::scales::version(conn, desk, verdict.scale_version).await?;
    Ok(Draft {
        rating: verdict.rating_code,
        one_line: verdict.one_line,
        rationale: verdict.rationale,
        no_evidence_reason: verdict.no_evidence_reason,
        as_of: Some(verdict.as_of),
        ..Draft::default()
    })
}

/// The number of the verdict that a round came to; a retraction comes to none.
async fn verdict_of(conn: &mut PgConnection, desk: DeskId, round: RoundId) -> Result<Option<i32>> {
    Ok(sqlx::query_scalar!(
        "SELECT number FROM verdicts WHERE desk_id = $1 AND round_id = $2",
        desk as _,
        round as _,
    )
    .fetch_optional(conn)
    .await?)
}

async fn correction(
    conn: &mut PgConnection,
    change: &Change,
    judging: &Judging,
    round: &Round,
    (from, to, kind): (i32, Option<i32>, CorrectionKind),
) -> Result<()> {
    let approved_by = sqlx::query_scalar!(
        r#"
        SELECT reviewer_id AS "by: AccountId" FROM assessments
        WHERE desk_id = $1 AND round_id = $2 AND draft_version = $3 AND (decision = 'approve' OR rating_code = $4)
        ORDER BY id LIMIT 1
        "#,
        change.desk as _,
        round.id as _,
        round.draft_version,
        round.draft.rating.as_deref(),
    )
    .fetch_one(&mut *conn)
    .await?;
    sqlx::query!(
        r#"
        INSERT INTO corrections (desk_id, id, claim_id, from_verdict, to_verdict, kind, public_note, created_by,
                                 approved_by, created_at, event_id)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
        "#,
        change.desk as _,
        CorrectionId::new() as _,
        judging.claim as _,
        from,
        to,
        kind as _,
        round.draft.public_note,
        round.created_by as _,
        approved_by as _,
        change.at,
        change.event as _,
    )
    .execute(conn)
    .await?;
    Ok(())
}

async fn publication(conn: &mut PgConnection, change: &Change, claim: ClaimId, number: i32) -> Result<()> {
    sqlx::query!(
        r#"
        INSERT INTO publications (desk_id, claim_id, number, published_by, published_at, event_id)
        VALUES ($1, $2, $3, $4, $5, $6)
        "#,
        change.desk as _,
        claim as _,
        number,
        change.by as _,
        change.at,
        change.event as _,
    )
    .execute(conn)
    .await
    .if_violates(
        "publications_with_evidence",
        Error::invalid("Add evidence, or say why nothing could be found, before it is published."),
    )?;
    Ok(())
}

async fn set_verdict(
    conn: &mut PgConnection,
    change: &Change,
    claim: ClaimId,
    number: Option<i32>,
    stage: Stage,
) -> Result<()> {
    sqlx::query!(
        r#"
        UPDATE claims SET current_verdict = $3, stage = $4, row_version = row_version + 1, event_id = $5
        WHERE desk_id = $1 AND id = $2
        "#,
        change.desk as _,
        claim as _,
        number,
        stage as _,
        change.event as _,
    )
    .execute(conn)
    .await?;
    Ok(())
}
