//! The steps that a verdict goes: reviewed, published, corrected, retracted.

use actix_web::{HttpRequest, HttpResponse, post};
use serde::Deserialize;

use super::{ClaimPath, take, tidy};
use crate::auth::permission::{DraftVerdict, Publish, ReviewVerdict};
use crate::db::Pool;
use crate::error::Result;
use crate::reviews::store;
use crate::reviews::{CorrectionKind, Decision};
use crate::web::Posted;

/// A form without fields of its own.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Nothing {}

#[post("/{desk}/claims/{claim}/review-request")]
pub(super) async fn review_request(
    request: HttpRequest,
    posted: Posted<DraftVerdict, Nothing>,
    path: ClaimPath,
    pool: Pool,
) -> Result<HttpResponse> {
    let claim = path.1;
    take(
        &request,
        &pool,
        posted,
        claim,
        |_| String::new(),
        async move |tx, by, _| store::submit(tx, by, claim).await,
    )
    .await
}

#[post("/{desk}/claims/{claim}/review-withdrawal")]
pub(super) async fn review_withdrawal(
    request: HttpRequest,
    posted: Posted<DraftVerdict, Nothing>,
    path: ClaimPath,
    pool: Pool,
) -> Result<HttpResponse> {
    let claim = path.1;
    take(
        &request,
        &pool,
        posted,
        claim,
        |_| String::new(),
        async move |tx, by, _| store::withdraw(tx, by, claim).await,
    )
    .await
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Assessment {
    decision: Decision,
    draft_version: i32,
    #[serde(default)]
    reason: String,
}

#[post("/{desk}/claims/{claim}/assessments")]
pub(super) async fn assessments(
    request: HttpRequest,
    posted: Posted<ReviewVerdict, Assessment>,
    path: ClaimPath,
    pool: Pool,
) -> Result<HttpResponse> {
    let claim = path.1;
    take(
        &request,
        &pool,
        posted,
        claim,
        |form| form.reason.clone(),
        async move |tx, by, form| {
            let reason = tidy(&form.reason);
            match form.decision {
                Decision::Approve => store::approve(tx, by, claim, form.draft_version, &reason).await,
                Decision::Return => store::send_back(tx, by, claim, form.draft_version, &reason).await,
            }
        },
    )
    .await
}

#[post("/{desk}/claims/{claim}/publication")]
pub(super) async fn publication(
    request: HttpRequest,
    posted: Posted<Publish, Nothing>,
    path: ClaimPath,
    pool: Pool,
) -> Result<HttpResponse> {
    let claim = path.1;
    take(
        &request,
        &pool,
        posted,
        claim,
        |_| String::new(),
        async move |tx, by, _| store::publish(tx, by, claim).await,
    )
    .await
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct NewCorrection {
    kind: CorrectionKind,
    #[serde(default)]
    public_note: String,
}

#[post("/{desk}/claims/{claim}/corrections")]
pub(super) async fn corrections(
    request: HttpRequest,
    posted: Posted<Publish, NewCorrection>,
    path: ClaimPath,
    pool: Pool,
) -> Result<HttpResponse> {
    let claim = path.1;
    take(
        &request,
        &pool,
        posted,
        claim,
        |form| form.public_note.clone(),
        async move |tx, by, form| {
            store::correct(tx, by, claim, form.kind, &tidy(&form.public_note)).await.map(drop)
        },
    )
    .await
}

#[post("/{desk}/claims/{claim}/correction-withdrawal")]
pub(super) async fn correction_withdrawal(
    request: HttpRequest,
    posted: Posted<Publish, Nothing>,
    path: ClaimPath,
    pool: Pool,
) -> Result<HttpResponse> {
    let claim = path.1;
    take(
        &request,
        &pool,
        posted,
        claim,
        |_| String::new(),
        async move |tx, by, _| store::abandon(tx, by, claim).await,
    )
    .await
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Retraction {
    public_note: String,
}

#[post("/{desk}/claims/{claim}/retraction")]
pub(super) async fn retraction(
    request: HttpRequest,
    posted: Posted<Publish, Retraction>,
    path: ClaimPath,
    pool: Pool,
) -> Result<HttpResponse> {
    let claim = path.1;
    take(
        &request,
        &pool,
        posted,
        claim,
        |form| form.public_note.clone(),
        async move |tx, by, form| store::retract(tx, by, claim, &tidy(&form.public_note)).await.map(drop),
    )
    .await
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Recusal {
    reason: String,
}

#[post("/{desk}/claims/{claim}/recusal")]
pub(super) async fn recusal(
    request: HttpRequest,
    posted: Posted<ReviewVerdict, Recusal>,
    path: ClaimPath,
    pool: Pool,
) -> Result<HttpResponse> {
    let claim = path.1;
    take(
        &request,
        &pool,
        posted,
        claim,
        |form| form.reason.clone(),
        async move |tx, by, form| store::recuse(tx, by, claim, &tidy(&form.reason)).await,
    )
    .await
}
