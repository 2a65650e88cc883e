//! The pages and forms of a discussion. A form comes back to the claim's page, or, refused, to a page of the discussion with
//! what was typed.

mod comment;
mod states;

use actix_web::http::StatusCode;
use actix_web::web::{Path, Query, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse, get, post};
use askama::Template;
use serde::Deserialize;
use sqlx::PgConnection;

use super::address;
use super::body::{Body, People};
use super::section::{Refused, Section};
use super::store::{self, Opening};
use crate::audit;
use crate::auth::permission::{Discuss, ReadDesk};
use crate::auth::{Authorized, Viewer};
use crate::claims;
use crate::db::{Pool, unit_of_work};
use crate::editing::is_fragment;
use crate::error::{Error, Result};
use crate::evidence::{self, Access, Evidence};
use crate::id::{ClaimId, CommentId, EvidenceId};
use crate::web::{Posted, Shell, page, see_other};

type ClaimPath = Path<(String, ClaimId)>;
type EvidencePath = Path<(String, ClaimId, EvidenceId)>;
type CommentPath = Path<(String, ClaimId, CommentId)>;

/// The addresses of discussions.
pub(super) fn routes(config: &mut ServiceConfig) {
    config
        .service(discussion)
        .service(add)
        .service(add_about)
        .service(answer)
        .service(comment::show)
        .service(comment::save)
        .service(states::removal)
        .service(states::restoration)
        .service(states::resolution)
        .service(states::reopening);
}

/// What part of a discussion is asked for.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    /// Only about this evidence.
    about: Option<EvidenceId>,
    /// Threads that began before this one.
    before: Option<CommentId>,
}

#[derive(Template)]
#[template(path = "discussion/page.html")]
struct DiscussionPage {
    shell: Shell,
    claim: ClaimId,
    claim_reviewed: String,
    /// The evidence that is talked about.
    item: Option<Evidence>,
    section: Section,
}

#[get("/{desk}/claims/{claim}/discussion")]
async fn discussion(
    member: Authorized<ReadDesk>,
    path: ClaimPath,
    asked: Query<Asked>,
    pool: Pool,
) -> Result<HttpResponse> {
    let (viewer, claim) = (member.viewer(), path.1);
    let conn = &mut *pool.acquire().await?;
    let section = Section::load(conn, &viewer, claim, asked.about, asked.before).await?;
    whole(conn, StatusCode::OK, &viewer, (claim, asked.about), section).await
}

async fn whole(
    conn: &mut PgConnection,
    status: StatusCode,
    viewer: &Viewer,
    (claim, about): (ClaimId, Option<EvidenceId>),
    section: Section,
) -> Result<HttpResponse> {
    let claim_reviewed = claims::store::get(conn, viewer.desk.id, claim).await?.claim_reviewed;
    let item = match about {
        Some(id) => Some(evidence::store::get(conn, viewer.desk.id, claim, id).await?),
        None => None,
    };
    page(status, &DiscussionPage { shell: Shell::new(viewer), claim, claim_reviewed, item, section })
}

/// Something to say.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Said {
    body: String,
}

#[post("/{desk}/claims/{claim}/comments")]
async fn add(
    request: HttpRequest,
    posted: Posted<Discuss, Said>,
    path: ClaimPath,
    pool: Pool,
) -> Result<HttpResponse> {
    say(&request, posted, Opening { claim: path.1, about: None, thread: None }, &pool).await
}

#[post("/{desk}/claims/{claim}/evidence/{evidence}/comments")]
async fn add_about(
    request: HttpRequest,
    posted: Posted<Discuss, Said>,
    path: EvidencePath,
    pool: Pool,
) -> Result<HttpResponse> {
    say(&request, posted, Opening { claim: path.1, about: Some(path.2), thread: None }, &pool).await
}

#[post("/{desk}/claims/{claim}/comments/{comment}/answers")]
async fn answer(
    request: HttpRequest,
    posted: Posted<Discuss, Said>,
    path: CommentPath,
    pool: Pool,
) -> Result<HttpResponse> {
    say(&request, posted, Opening { claim: path.1, about: None, thread: Some(path.2) }, &pool).await
}

async fn say(
    request: &HttpRequest,
    posted: Posted<Discuss, Said>,
    opening: Opening,
    pool: &Pool,
) -> Result<HttpResponse> {
    let Posted { by, form, submission } = posted;
    let viewer = by.viewer();
    let (claim, id) = (opening.claim, CommentId::new());
    let people = People::new(store::members(&mut *pool.acquire().await?, viewer.desk.id).await?);
    let refused = async |status, words| {
        let refused = Refused { words, typed: form.body.clone(), thread: opening.thread };
        again(request, pool, status, &viewer, (claim, opening.about), refused).await
    };
    let body = match Body::parse(&form.body, &people) {
        Ok(body) => body,
        Err(words) => return refused(StatusCode::UNPROCESSABLE_ENTITY, words).await,
    };
    let to = match opening.about {
        Some(evidence) => {
            format!("{}/discussion?about={evidence}#comment-{id}", claims::address(&viewer.desk.slug, claim))
        }
        None => address(&viewer.desk.slug, claim, id),
    };
    let location = to.clone();
    let said = unit_of_work(pool, async move |tx| {
        audit::once(tx, &by, submission.as_ref(), &to).await?;
        store::add(tx, &by, id, opening, &body).await
    })
    .await;
    match said {
        Ok(()) => Ok(see_other(&location)),
        Err(Error::Conflict(words)) => refused(StatusCode::CONFLICT, words.into_owned()).await,
        Err(error) => Err(error),
    }
}

/// The discussion with what was not taken.
async fn again(
    request: &HttpRequest,
    pool: &Pool,
    status: StatusCode,
    viewer: &Viewer,
    (claim, about): (ClaimId, Option<EvidenceId>),
    refused: Refused,
) -> Result<HttpResponse> {
    let conn = &mut *pool.acquire().await?;
    let section = Section::load(conn, viewer, claim, about, None).await?.refused(refused);
    if is_fragment(request) {
        return page(status, &section);
    }
    whole(conn, status, viewer, (claim, about), section).await
}
