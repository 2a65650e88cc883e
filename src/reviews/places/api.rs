//! Drawing, taking and leaving places as JSON, with the same permissions as the forms.

use actix_web::http::StatusCode;
use actix_web::web::Path;
use actix_web::{HttpResponse, delete, post};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::{Place, store};
use crate::audit;
use crate::auth::permission::ReviewVerdict;
use crate::db::{Pool, unit_of_work};
use crate::error::{Error, Result};
use crate::id::{ClaimId, RoundId};
use crate::web::Sent;
use crate::web::json::answer;

#[derive(Debug, Serialize)]
struct Document {
    claim: ClaimId,
    round: RoundId,
    /// How long the place is kept.
    #[serde(with = "time::serde::rfc3339")]
    until: OffsetDateTime,
}

impl From<Place> for Document {
    fn from(place: Place) -> Self {
        Self { claim: place.claim, round: place.round, until: place.until }
    }
}

/// Which place is given back first.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    #[serde(default)]
    skip: Option<RoundId>,
}

#[post("/api/v1/desks/{desk}/places")]
pub(super) async fn draw(sent: Sent<ReviewVerdict, Asked>, pool: Pool) -> Result<HttpResponse> {
    let Sent { by, body, submission } = sent;
    let place = super::draw(&pool, &by, submission.as_ref(), body.skip).await?;
    let place = place.ok_or(Error::NotFound("claim that waits for your assessment"))?;
    Ok(answer(StatusCode::CREATED, &Document::from(place)))
}

/// A document without fields of its own.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Nothing {}

type ClaimPath = Path<(String, ClaimId)>;

fn location(desk: &str, claim: ClaimId) -> String {
    format!("/api/v1/desks/{desk}/claims/{claim}")
}

#[post("/api/v1/desks/{desk}/claims/{claim}/places")]
pub(super) async fn take(
    sent: Sent<ReviewVerdict, Nothing>,
    path: ClaimPath,
    pool: Pool,
) -> Result<HttpResponse> {
    let Sent { by, submission, .. } = sent;
    let claim = path.1;
    let place = unit_of_work(&pool, async move |tx| {
        audit::once(tx, &by, submission.as_ref(), &location(&by.desk.slug, claim)).await?;
        let round = store::open_round(tx, by.desk.id, claim).await?;
        store::take(tx, &by, round).await?;
        let standing = store::standing(tx, by.desk.id, claim, by.person.account, by.now).await?;
        let until = standing.and_then(|standing| standing.own).ok_or(Error::NotFound("place"))?;
        Ok(Place { round, claim, until })
    })
    .await?;
    Ok(answer(StatusCode::CREATED, &Document::from(place)))
}

#[delete("/api/v1/desks/{desk}/claims/{claim}/places")]
pub(super) async fn release(
    sent: Sent<ReviewVerdict, Nothing>,
    path: ClaimPath,
    pool: Pool,
) -> Result<HttpResponse> {
    let Sent { by, submission, .. } = sent;
    let claim = path.1;
    unit_of_work(&pool, async move |tx| {
        audit::once(tx, &by, submission.as_ref(), &location(&by.desk.slug, claim)).await?;
        store::release(tx, &by, claim, by.person.account).await
    })
    .await?;
    Ok(HttpResponse::NoContent().finish())
}
