//! Putting claims aside and taking them up again: declined, duplicate, reopened.

use serde_json::json;
use sqlx::PgConnection;

use super::get;
use crate::audit;
use crate::auth::Authorized;
use crate::auth::permission::SortClaim;
use crate::claims::stage::{Step, transition};
use crate::claims::{Claim, DeclineReason, Stage};
use crate::db::IfViolates as _;
use crate::error::{Error, Result};
use crate::id::ClaimId;

/// Which claim became the duplicate of which.
#[derive(Clone, Copy, Debug)]
pub struct Outcome {
    pub duplicate: ClaimId,
    pub of: ClaimId,
}

/// Declines a claim.
///
/// # Errors
/// [`Error::Conflict`] when it is too far for that.
pub async fn decline(
    conn: &mut PgConnection,
    by: &Authorized<SortClaim>,
    id: ClaimId,
    reason: DeclineReason,
    note: Option<&str>,
) -> Result<()> {
    let claim = locked(conn, by, id).await?;
    let to = step(&claim, Step::Decline)?;
    let details = json!({
        "stage": {"before": claim.stage, "after": to},
        "decline_reason": {"before": null, "after": reason},
        "decline_note": {"before": null, "after": note},
    });
    let change = audit::record(conn, by, "claim.decline", "claim", id, &details).await?;
    sqlx::query!(
        r#"
        UPDATE claims SET stage = $3, decline_reason = $4, decline_note = $5, row_version = row_version + 1, event_id = $6
        WHERE desk_id = $1 AND id = $2
        "#,
        by.desk.id as _,
        id as _,
        to as _,
        reason as _,
        note,
        change.event as _,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Takes up again what was declined or a duplicate.
///
/// # Errors
/// [`Error::Conflict`] when it is neither.
pub async fn reopen(conn: &mut PgConnection, by: &Authorized<SortClaim>, id: ClaimId) -> Result<()> {
    let claim = locked(conn, by, id).await?;
    let to = step(&claim, Step::Reopen)?;
    let mut details = json!({"stage": {"before": claim.stage, "after": to}});
    if let Some((reason, note)) = &claim.declined {
        details["decline_reason"] = json!({"before": reason, "after": null});
        details["decline_note"] = json!({"before": note, "after": null});
    }
    if let Some(other) = claim.duplicate_of {
        details["duplicate_of"] =
            json!({"before": get(conn, by.desk.id, other).await?.claim_reviewed, "after": null});
    }
    let change = audit::record(conn, by, "claim.reopen", "claim", id, &details).await?;
    sqlx::query!(
        r#"
        UPDATE claims
        SET stage = $3, decline_reason = NULL, decline_note = NULL, duplicate_of = NULL, row_version = row_version + 1,
            event_id = $4
        WHERE desk_id = $1 AND id = $2
        "#,
        by.desk.id as _,
        id as _,
        to as _,
        change.event as _,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Notes that two claims say the same. The first one becomes the duplicate, unless it is public already: then the other
/// one does. What pointed at the duplicate points at the claim that stays, and so does the duplicate when the claim
/// it should point at is itself one.
///
/// # Errors
/// [`Error::Conflict`] when both are public, or the same already; [`Error::NotFound`] when one is of another desk.
pub async fn join(
    conn: &mut PgConnection,
    by: &Authorized<SortClaim>,
    one: ClaimId,
    other: ClaimId,
) -> Result<Outcome> {
    let desk = by.desk.id;
    let other = get(conn, desk, other).await?;
    let other = other.duplicate_of.unwrap_or(other.id);
    if one == other {
        return Err(Error::conflict("These two are the same claim already."));
    }
    // In one order, so that two who join the same claims never wait for each other.
    let (first, second) = (locked(conn, by, one.min(other)).await?, locked(conn, by, one.max(other)).await?);
    let (one, other) = if first.id == one { (first, second) } else { (second, first) };
    if other.duplicate_of.is_some() {
        return Err(Error::conflict("The other claim has become a duplicate meanwhile. Look at it again."));
    }
    let (duplicate, of) = if transition(one.stage, Step::Join).is_some() {
        (one, other)
    } else if one.stage.is_public() && transition(other.stage, Step::Join).is_some() {
        (other, one)
    } else if one.stage.is_public() {
        return Err(Error::conflict(
            "Both are public, and what was published stays. Retract one of them first.",
        ));
    } else {
        return Err(Error::conflict("This claim is set aside. Reopen it first."));
    };
    let followers = super::duplicates(conn, desk, duplicate.id).await?;
    for (id, _) in &followers {
        let details =
            json!({"duplicate_of": {"before": duplicate.claim_reviewed, "after": of.claim_reviewed}});
        let change = audit::record(conn, by, "claim.join", "claim", *id, &details).await?;
        point(conn, by, *id, of.id, change.event).await?;
    }
    let details = json!({
        "stage": {"before": duplicate.stage, "after": Stage::Duplicate},
        "duplicate_of": {"before": null, "after": of.claim_reviewed},
    });
    let change = audit::record(conn, by, "claim.join", "claim", duplicate.id, &details).await?;
    point(conn, by, duplicate.id, of.id, change.event).await?;
    Ok(Outcome { duplicate: duplicate.id, of: of.id })
}

async fn point(
    conn: &mut PgConnection,
    by: &Authorized<SortClaim>,
    duplicate: ClaimId,
    of: ClaimId,
    event: crate::id::EventId,
) -> Result<()> {
    sqlx::query!(
        r#"
        UPDATE claims SET stage = 'duplicate', duplicate_of = $3, row_version = row_version + 1, event_id = $4
        WHERE desk_id = $1 AND id = $2
        "#,
        by.desk.id as _,
        duplicate as _,
        of as _,
        event as _,
    )
    .execute(conn)
    .await
    .if_violates(
        "claims_duplicate_is_flat",
        Error::conflict("The other claim has become a duplicate meanwhile. Look at it again."),
    )?;
    Ok(())
}

async fn locked(conn: &mut PgConnection, by: &Authorized<SortClaim>, id: ClaimId) -> Result<Claim> {
    sqlx::query!(
        r#"SELECT row_version FROM claims WHERE desk_id = $1 AND id = $2 FOR UPDATE"#,
        by.desk.id as _,
        id as _,
    )
    .fetch_optional(&mut *conn)
    .await?;
    get(conn, by.desk.id, id).await
}

fn step(claim: &Claim, step: Step) -> Result<Stage> {
    let way = transition(claim.stage, step).ok_or_else(|| {
        let words = match step {
            Step::Decline if claim.stage.is_public() => {
                "What is public is not declined: it is corrected or retracted."
            }
            Step::Decline => "This claim is set aside already.",
            _ => "This claim is not set aside any more.",
        };
        Error::conflict(words)
    })?;
    Ok(way.to)
}
