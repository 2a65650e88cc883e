//! The form of a draft.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, post};

use super::{ClaimPath, answer, finish, load, tidy};
use crate::audit;
use crate::auth::Viewer;
use crate::auth::permission::DraftVerdict;
use crate::claims::pages::saved;
use crate::db::{Pool, unit_of_work};
use crate::editing::{Pairs, Sent, is_panel};
use crate::error::{Error, Result};
use crate::id::ClaimId;
use crate::reviews::conflict::conflict;
use crate::reviews::section::status_of;
use crate::reviews::store;
use crate::reviews::{Draft, FIELDS};
use crate::web::problems::Problems;
use crate::web::{Posted, page, see_other};

#[post("/{desk}/claims/{claim}/draft")]
pub(super) async fn save(
    request: HttpRequest,
    posted: Posted<DraftVerdict, Pairs>,
    path: ClaimPath,
    pool: Pool,
) -> Result<HttpResponse> {
    let Posted { by, form, submission } = posted;
    let claim = path.1;
    let (then, fields): (Vec<_>, Vec<_>) = form.into_iter().partition(|(name, _)| name == "then");
    let (typed, fields): (Vec<_>, Vec<_>) = fields.into_iter().partition(|(name, _)| name == "departure");
    let departure = typed.first().map_or_else(String::new, |(_, text)| tidy(text));
    let then_review = then.iter().any(|(_, value)| value == "review");
    let sent = Sent::read(&FIELDS, &fields)?;
    let viewer = by.viewer();
    let target = saved(&viewer.desk.slug, claim);
    let (wish, location, sentence) = (sent.clone(), target.clone(), departure.clone());
    let outcome = unit_of_work(&pool, async move |tx| {
        audit::once(tx, &by, submission.as_ref(), &location).await?;
        store::draft(tx, &by, claim, &wish).await?;
        store::depart(tx, &by, claim, &sentence).await
    })
    .await;
    match outcome {
        Err(error @ (Error::Invalid(_) | Error::Conflict(_) | Error::Barred(_))) => {
            return refused_draft(&request, &pool, &viewer, claim, (&sent, departure), error).await;
        }
        Err(error) => return Err(error),
        Ok(()) => {}
    }
    if then_review {
        let by = viewer.clone().authorize::<DraftVerdict>()?;
        let outcome = unit_of_work(&pool, async move |tx| store::submit(tx, &by, claim).await).await;
        return match outcome {
            Err(Error::Invalid(_)) => {
                let section = load(&pool, &viewer, claim).await?.incomplete();
                answer(&request, StatusCode::UNPROCESSABLE_ENTITY, section)
            }
            outcome => finish(&request, &pool, &viewer, claim, outcome, String::new()).await,
        };
    }
    if is_panel(&request) {
        let section = load(&pool, &viewer, claim).await?.compact();
        return page(StatusCode::OK, &section);
    }
    Ok(see_other(&target))
}

/// Answers a draft that was not taken: with what is wrong, with both texts, or with what was typed.
async fn refused_draft(
    request: &HttpRequest,
    pool: &Pool,
    viewer: &Viewer,
    claim: ClaimId,
    (sent, departure): (&Sent, String),
    error: Error,
) -> Result<HttpResponse> {
    let section = load(pool, viewer, claim).await?.with_departure(departure);
    let judging = section.judging();
    let theirs = judging.draft().values();
    let by = viewer.clone().authorize::<DraftVerdict>()?;
    let merge = store::merged(&mut *pool.acquire().await?, &by, judging, sent).await?;
    match error {
        Error::Conflict(_) if !merge.conflicts.is_empty() => conflict(request, viewer, judging, sent, &merge),
        error @ Error::Invalid(_) => {
            let wanted = merge.applied(&theirs);
            let mut problems =
                Draft::parse(&wanted, judging.kind(), &judging.scale).err().unwrap_or_default();
            if problems.is_empty() {
                problems.add("departure", error.to_string());
            }
            answer(request, StatusCode::UNPROCESSABLE_ENTITY, section.with_draft(sent.mine(), problems))
        }
        error => {
            let status = status_of(&error).unwrap_or(StatusCode::CONFLICT);
            let section = section
                .with_draft(sent.mine(), Problems::default())
                .refused(error.to_string(), String::new());
            answer(request, status, section)
        }
    }
}
