//! The pages and forms of judging. Every form comes back to the claim's page, or, refused, to a page with what was typed.

mod adjudication;
mod agents;
mod draft;
mod rating;
mod steps;

use actix_web::http::StatusCode;
use actix_web::web::{Path, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse, get};
use askama::Template;

use super::section::{JudgingPage, Section, status_of};
use super::store;
use crate::audit;
use crate::auth::permission::ReadDrafts;
use crate::auth::{Authorized, Permission, Viewer};
use crate::claims::pages::saved;
use crate::db::{Pool, unit_of_work};
use crate::editing::{is_fragment, is_panel};
use crate::error::{Error, Result};
use crate::id::ClaimId;
use crate::web::{Posted, Shell, page, see_other};

type ClaimPath = Path<(String, ClaimId)>;

/// The addresses of judging.
pub(super) fn routes(config: &mut ServiceConfig) {
    config
        .service(show)
        .service(rounds)
        .service(draft::save)
        .service(steps::review_request)
        .service(steps::review_withdrawal)
        .service(steps::assessments)
        .service(steps::publication)
        .service(steps::corrections)
        .service(steps::correction_withdrawal)
        .service(steps::retraction)
        .service(steps::recusal)
        .service(rating::show)
        .service(rating::give)
        .service(adjudication::show)
        .service(adjudication::decide)
        .service(agents::show)
        .service(agents::recuse)
        .service(agents::end);
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
    let rounds = store::rounds(conn, member.desk.id, claim, Some(member.person.account)).await?;
    let shell = Shell::new(&member.viewer());
    page(StatusCode::OK, &RoundsPage { shell, claim, claim_reviewed: judging.claim_reviewed, rounds })
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
    if is_panel(request) {
        return page(status, &section.compact());
    }
    if is_fragment(request) {
        return page(status, &section);
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
