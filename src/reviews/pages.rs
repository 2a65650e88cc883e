//! The pages and forms of judging. Every form comes back to the claim's page, or, refused, to a page with what was typed.

use actix_web::http::StatusCode;
use actix_web::web::{Path, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse, get, post};
use askama::Template;
use serde::Deserialize;

use super::conflict::conflict;
use super::round::{CorrectionKind, Draft, FIELDS};
use super::section::{JudgingPage, Section, status_of};
use super::store;
use crate::audit;
use crate::auth::permission::{DraftVerdict, Publish, ReadDrafts, ReviewVerdict};
use crate::auth::{Authorized, Permission, Viewer};
use crate::claims::pages::saved;
use crate::db::{Pool, unit_of_work};
use crate::editing::{Pairs, Sent, is_fragment};
use crate::error::{Error, Result};
use crate::id::ClaimId;
use crate::web::problems::Problems;
use crate::web::{Posted, Shell, page, see_other};

type ClaimPath = Path<(String, ClaimId)>;

/// The addresses of judging.
pub(super) fn routes(config: &mut ServiceConfig) {
    config
        .service(show)
        .service(rounds)
        .service(save_draft)
        .service(review_request)
        .service(review_withdrawal)
        .service(assessments)
        .service(publication)
        .service(corrections)
        .service(correction_withdrawal)
        .service(retraction)
        .service(recusal);
}

#[get("/{desk}/claims/{claim}/judging")]
async fn show(member: Authorized<ReadDrafts>, path: ClaimPath, pool: Pool) -> Result<HttpResponse> {
    let section = load(&pool, &member.viewer(), path.1).await?;
    page(StatusCode::OK, &JudgingPage::new(section))
}

#[derive(Template)]
#[template(path = "reviews/rounds.html")]
struct RoundsPage {
    shell: Shell,
    claim: ClaimId,
    claim_reviewed: String,
    rounds: Vec<store::PastRound>,
}

#[get("/{desk}/claims/{claim}/rounds")]
async fn rounds(member: Authorized<ReadDrafts>, path: ClaimPath, pool: Pool) -> Result<HttpResponse> {
    let (claim, conn) = (path.1, &mut *pool.acquire().await?);
    let judging = store::judging(conn, member.desk.id, claim, None).await?;
    let rounds = store::rounds(conn, member.desk.id, claim).await?;
    let shell = Shell::new(&member.viewer());
    page(StatusCode::OK, &RoundsPage { shell, claim, claim_reviewed: judging.claim_reviewed, rounds })
}

#[post("/{desk}/claims/{claim}/draft")]
async fn save_draft(
    request: HttpRequest,
    posted: Posted<DraftVerdict, Pairs>,
    path: ClaimPath,
    pool: Pool,
) -> Result<HttpResponse> {
    let Posted { by, form, submission } = posted;
    let claim = path.1;
    let (then, fields): (Vec<_>, Vec<_>) = form.into_iter().partition(|(name, _)| name == "then");
    let then_review = then.iter().any(|(_, value)| value == "review");
    let sent = Sent::read(&FIELDS, &fields)?;
    let viewer = by.viewer();
    let target = saved(&viewer.desk.slug, claim);
    let (wish, location) = (sent.clone(), target.clone());
    let outcome = unit_of_work(&pool, async move |tx| {
        audit::once(tx, &by, submission.as_ref(), &location).await?;
        store::draft(tx, &by, claim, &wish).await
    })
    .await;
    match outcome {
        Err(error @ (Error::Invalid(_) | Error::Conflict(_) | Error::Barred(_))) => {
            return refused_draft(&request, &pool, &viewer, claim, &sent, error).await;
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
    if is_fragment(&request) {
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
    sent: &Sent,
    error: Error,
) -> Result<HttpResponse> {
    let section = load(pool, viewer, claim).await?;
    let judging = section.judging();
    let theirs = judging.draft().values();
    let by = viewer.clone().authorize::<DraftVerdict>()?;
    let merge = store::merged(&mut *pool.acquire().await?, &by, judging, sent).await?;
    match error {
        Error::Conflict(_) if !merge.conflicts.is_empty() => conflict(request, viewer, judging, sent, &merge),
        Error::Invalid(_) => {
            let wanted = merge.applied(&theirs);
            let problems = Draft::parse(&wanted, judging.kind(), &judging.scale).err().unwrap_or_default();
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

/// A form without fields of its own.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Nothing {}

#[post("/{desk}/claims/{claim}/review-request")]
async fn review_request(
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
async fn review_withdrawal(
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
    decision: super::Decision,
    draft_version: i32,
    #[serde(default)]
    reason: String,
}

#[post("/{desk}/claims/{claim}/assessments")]
async fn assessments(
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
                super::Decision::Approve => store::approve(tx, by, claim, form.draft_version, &reason).await,
                super::Decision::Return => store::send_back(tx, by, claim, form.draft_version, &reason).await,
            }
        },
    )
    .await
}

#[post("/{desk}/claims/{claim}/publication")]
async fn publication(
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
async fn corrections(
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
        async move |tx, by, form| store::correct(tx, by, claim, form.kind, &tidy(&form.public_note)).await,
    )
    .await
}

#[post("/{desk}/claims/{claim}/correction-withdrawal")]
async fn correction_withdrawal(
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
async fn retraction(
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
        async move |tx, by, form| store::retract(tx, by, claim, &tidy(&form.public_note)).await,
    )
    .await
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Recusal {
    reason: String,
}

#[post("/{desk}/claims/{claim}/recusal")]
async fn recusal(
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

/// Does what a form asks for in one unit of work, and answers. `typed` is what must not get lost when it is refused.
async fn take<P, F, W>(
    request: &HttpRequest,
    pool: &Pool,
    posted: Posted<P, F>,
    claim: ClaimId,
    typed: impl Fn(&F) -> String,
    work: W,
) -> Result<HttpResponse>
where
    P: Permission,
    F: 'static,
    W: AsyncFn(&mut sqlx::PgConnection, &Authorized<P>, &F) -> Result<()> + 'static,
{
    let Posted { by, form, submission } = posted;
    let (viewer, typed) = (by.viewer(), typed(&form));
    let location = saved(&viewer.desk.slug, claim);
    let outcome = unit_of_work(pool, async move |tx| {
        audit::once(tx, &by, submission.as_ref(), &location).await?;
        work(tx, &by, &form).await
    })
    .await;
    finish(request, pool, &viewer, claim, outcome, typed).await
}

async fn finish(
    request: &HttpRequest,
    pool: &Pool,
    viewer: &Viewer,
    claim: ClaimId,
    outcome: Result<()>,
    typed: String,
) -> Result<HttpResponse> {
    let error = match outcome {
        Ok(()) => return Ok(see_other(&saved(&viewer.desk.slug, claim))),
        Err(error) => error,
    };
    let Some(status) = status_of(&error) else {
        return Err(error);
    };
    let section = load(pool, viewer, claim).await?.refused(error.to_string(), typed);
    answer(request, status, section)
}

fn answer(request: &HttpRequest, status: StatusCode, section: Section) -> Result<HttpResponse> {
    if is_fragment(request) {
        return page(status, &section.compact());
    }
    page(status, &JudgingPage::new(section))
}

async fn load(pool: &Pool, viewer: &Viewer, claim: ClaimId) -> Result<Section> {
    Section::load(&mut *pool.acquire().await?, viewer, claim)
        .await?
        .ok_or(Error::Forbidden(<ReadDrafts as Permission>::TO))
}

fn tidy(text: &str) -> String {
    text.replace("\r\n", "\n").trim().to_owned()
}
