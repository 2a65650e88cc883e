//! Taking back a change of a claim or of one of its appearances.

use actix_web::{HttpRequest, HttpResponse};

use super::{appearances, edit, plan, sort};
use crate::audit::Submission;
use crate::auth::permission::MarkClaim;
use crate::auth::{Authorized, Viewer};
use crate::claims::appearance::FIELDS;
use crate::claims::{CLAIM, Claim, PLAN, Stage, store};
use crate::db::Pool;
use crate::editing::Entry;
use crate::error::{Error, Result};
use crate::id::{AppearanceId, ClaimId};

/// Whether the viewer can take this change back.
#[must_use]
pub fn can_undo(viewer: &Viewer, claim: &Claim, entry: &Entry) -> bool {
    match &*entry.action {
        "claim.edit" => super::may_edit(viewer, claim) && entry.undo(&CLAIM).is_some(),
        "appearance.edit" => super::may_edit(viewer, claim) && entry.undo(&FIELDS).is_some(),
        "appearance.add" | "appearance.mark" | "appearance.remove" | "appearance.restore" => {
            super::may_edit(viewer, claim)
        }
        // Until it is given to somebody else.
        "claim.assign" => super::plan::can_plan(viewer, claim) && sort::still_has(claim, entry),
        "claim.mark" => super::may_edit(viewer, claim) && claim.stage == Stage::Marked,
        "claim.plan" => super::plan::can_plan(viewer, claim) && entry.undo(&PLAN).is_some(),
        "claim.decline" | "claim.join" => {
            claim.stage.is_aside() && viewer.may::<crate::auth::permission::SortClaim>()
        }
        _ => false,
    }
}

/// Takes a change of a claim or of one of its appearances back: fields go from what they became to what they were, unless
/// somebody changed them since, what was removed comes back, what was set aside is taken up again.
///
/// # Errors
/// [`Error::NotFound`] when the change is none of this claim, or cannot be taken back.
pub async fn undo(
    request: &HttpRequest,
    by: Authorized<MarkClaim>,
    submission: Option<Submission>,
    claim: ClaimId,
    entry: &Entry,
    pool: &Pool,
) -> Result<HttpResponse> {
    let not_found = || Error::NotFound("change");
    let appearance = AppearanceId::from(entry.entity_id);
    match (&*entry.entity, &*entry.action) {
        ("claim", _) if entry.entity_id != claim.uuid() => Err(not_found()),
        ("claim", "claim.edit") => {
            let sent = entry.undo(&CLAIM).ok_or_else(not_found)?;
            edit::apply(request, &by, submission.as_ref(), claim, &sent, pool).await
        }
        ("claim", "claim.plan") => {
            let sent = entry.undo(&PLAN).ok_or_else(not_found)?;
            plan::apply(request, &by.and()?, submission.as_ref(), claim, &sent, pool).await
        }
        ("claim", "claim.assign") => sort::give_back(by.and()?, submission, claim, entry, pool).await,
        ("claim", "claim.decline" | "claim.join") => sort::take_up(by.and()?, submission, claim, pool).await,
        ("appearance", "appearance.edit") => {
            let sent = entry.undo(&FIELDS).ok_or_else(not_found)?;
            appearances::apply(request, &by, submission.as_ref(), (claim, appearance), &sent, pool).await
        }
        ("appearance", "appearance.remove") => {
            appearances::set_removed(by, submission, (claim, appearance), false, pool).await
        }
        ("appearance", "appearance.add" | "appearance.mark" | "appearance.restore") => {
            appearances::set_removed(by, submission, (claim, appearance), true, pool).await
        }
        ("claim", "claim.mark") => {
            let mut conn = pool.acquire().await?;
            let first = store::appearances(&mut conn, by.desk.id, claim).await?.into_iter().next();
            drop(conn);
            let first = first.ok_or_else(not_found)?.id;
            appearances::set_removed(by, submission, (claim, first), true, pool).await
        }
        _ => Err(not_found()),
    }
}
