//! Taking back any change of a claim and of what belongs to it.

use actix_web::web::Path;
use actix_web::{HttpRequest, HttpResponse, post};
use serde::Deserialize;

use crate::audit;
use crate::auth::Viewer;
use crate::auth::permission::{CiteEvidence, Discuss, DraftVerdict, LogContact, MarkClaim};
use crate::claims::{self, Claim};
use crate::contacts;
use crate::db::{Pool, unit_of_work};
use crate::discussion;
use crate::editing::{Entry, history};
use crate::error::{Error, Result};
use crate::evidence;
use crate::id::{ClaimId, EventId, RoundId};
use crate::reviews;
use crate::web::{Posted, see_other};

/// Whether the viewer can take this change back.
#[must_use]
pub fn can(viewer: &Viewer, claim: &Claim, entry: &Entry) -> bool {
    match &*entry.action {
        "verdict.draft" => {
            viewer.may::<DraftVerdict>()
                && matches!(claim.stage, claims::Stage::Researching)
                && entry.undo(&reviews::FIELDS).is_some()
        }
        "evidence.acknowledge"
        | "evidence.add"
        | "evidence.edit"
        | "evidence.remove"
        | "evidence.restore"
        | "set.add"
        | "set.edit"
        | "set.remove"
        | "set.restore"
        | "question.add"
        | "question.edit"
        | "question.move"
        | "question.remove"
        | "question.restore"
        | "answer.add"
        | "answer.edit"
        | "answer.remove"
        | "answer.restore" => {
            viewer.may::<CiteEvidence>()
                && matches!(claim.stage, claims::Stage::Marked | claims::Stage::Researching)
        }
        "contact.add" | "contact.edit" | "contact.remove" | "contact.restore" => viewer.may::<LogContact>(),
        action if action.starts_with("comment.") => discussion::can_undo(viewer, entry),
        _ => claims::pages::can_undo(viewer, claim, entry),
    }
}

/// The change to take back.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Undo {
    event: EventId,
}

/// Takes a change back, which is an ordinary new one.
#[post("/{desk}/claims/{claim}/undo")]
pub async fn undo(
    request: HttpRequest,
    posted: Posted<MarkClaim, Undo>,
    path: Path<(String, ClaimId)>,
    pool: Pool,
) -> Result<HttpResponse> {
    let Posted { by, form, submission } = posted;
    let claim = path.1;
    let mut conn = pool.acquire().await?;
    let entry = history::get(&mut conn, by.desk.id, form.event).await?;
    let belongs = claims::store::records(&mut conn, by.desk.id, claim).await?.contains(&entry.entity_id);
    drop(conn);
    if !belongs {
        return Err(Error::NotFound("change"));
    }
    if entry.entity == "evidence" || evidence::groups::Kind::of(&entry.entity).is_some() {
        let by = by.and::<CiteEvidence>()?;
        let to = claims::pages::saved(&by.desk.slug, claim);
        let location = to.clone();
        let undone = unit_of_work(&pool, async move |tx| {
            audit::once(tx, &by, submission.as_ref(), &to).await?;
            if entry.entity == "evidence" {
                evidence::store::take_back(tx, &by, claim, &entry).await
            } else {
                evidence::groups::store::take_back(tx, &by, claim, &entry).await
            }
        })
        .await;
        return evidence::groups::store::refused(undone).map(|()| see_other(&location));
    }
    if entry.entity == "comment" {
        let by = by.and::<Discuss>()?;
        let to = claims::pages::saved(&by.desk.slug, claim);
        let location = to.clone();
        unit_of_work(&pool, async move |tx| {
            audit::once(tx, &by, submission.as_ref(), &to).await?;
            discussion::take_back(tx, &by, claim, &entry).await
        })
        .await?;
        return Ok(see_other(&location));
    }
    if entry.entity == "contact" {
        let by = by.and::<LogContact>()?;
        let to = claims::pages::saved(&by.desk.slug, claim);
        let location = to.clone();
        unit_of_work(&pool, async move |tx| {
            audit::once(tx, &by, submission.as_ref(), &to).await?;
            contacts::store::take_back(tx, &by, claim, &entry).await
        })
        .await?;
        return Ok(see_other(&location));
    }
    if entry.action != "verdict.draft" {
        return claims::pages::undo(&request, by, submission, claim, &entry, &pool).await;
    }
    let sent = entry.undo(&reviews::FIELDS).ok_or(Error::NotFound("change"))?;
    let by = by.and::<DraftVerdict>()?;
    let to = claims::pages::saved(&by.desk.slug, claim);
    let location = to.clone();
    unit_of_work(&pool, async move |tx| {
        audit::once(tx, &by, submission.as_ref(), &to).await?;
        let judging = reviews::store::judging(tx, by.desk.id, claim, None).await?;
        let open = judging.round.map(|round| round.id);
        if open != Some(RoundId::from(entry.entity_id)) {
            return Err(Error::conflict("That draft is not open any more, so its changes stay."));
        }
        reviews::store::draft(tx, &by, claim, &sent).await
    })
    .await?;
    Ok(see_other(&location))
}
