//! Discussions as JSON, for members only.

use actix_web::http::StatusCode;
use actix_web::web::{Path, Query, ServiceConfig};
use actix_web::{HttpResponse, get, post};
use serde::{Deserialize, Serialize};

use super::address;
use super::body::{Body, People, Person, named};
use super::store::{self, Opening};
use super::thread::{Comment, Thread};
use crate::audit;
use crate::auth::Authorized;
use crate::auth::permission::{Discuss, ReadDesk};
use crate::claims;
use crate::db::{Pool, unit_of_work};
use crate::error::{Error, Result};
use crate::id::{ClaimId, CommentId, EvidenceId};
use crate::web::clock::iso;
use crate::web::json::{Sent, answer};

/// The addresses of discussions.
pub(super) fn routes(config: &mut ServiceConfig) {
    config.service(list).service(add);
}

#[derive(Serialize)]
struct Told {
    id: CommentId,
    author: String,
    created_at: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    edited_at: Option<String>,
    /// Nothing when it was removed.
    body: Option<String>,
    url: String,
}

#[derive(Serialize)]
struct ToldThread {
    #[serde(flatten)]
    first: Told,
    #[serde(skip_serializing_if = "Option::is_none")]
    evidence: Option<EvidenceId>,
    resolved: bool,
    answers: Vec<Told>,
}

#[derive(Serialize)]
struct Listed {
    threads: Vec<ToldThread>,
    next: Option<String>,
}

/// What part of a discussion is asked for.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    evidence: Option<EvidenceId>,
    before: Option<CommentId>,
}

#[get("/api/v1/desks/{desk}/claims/{claim}/comments")]
async fn list(
    member: Authorized<ReadDesk>,
    path: Path<(String, ClaimId)>,
    asked: Query<Asked>,
    pool: Pool,
) -> Result<HttpResponse> {
    let (slug, claim) = path.into_inner();
    let conn = &mut *pool.acquire().await?;
    claims::store::get(conn, member.desk.id, claim).await?;
    let threads = store::threads(conn, member.desk.id, claim, asked.evidence, asked.before).await?;
    let texts = threads.rows.iter().flat_map(|thread| {
        std::iter::once(&thread.first).chain(&thread.answers).map(|comment| comment.body.as_str())
    });
    let people = store::called_in(conn, &named(texts)).await?;
    let told = |comment: &Comment| Told {
        id: comment.id,
        author: comment.author_name.clone(),
        created_at: iso(comment.created_at),
        edited_at: comment.edited_at.map(iso),
        body: comment.removed.is_none().then(|| comment.typed(&people)),
        url: address(&slug, claim, comment.id),
    };
    let told_thread = |thread: &Thread| ToldThread {
        first: told(&thread.first),
        evidence: thread.about.as_ref().map(|(id, _)| *id),
        resolved: thread.resolved.is_some(),
        answers: thread.answers.iter().map(told).collect(),
    };
    let next = threads.next.map(|next| format!("/api/v1/desks/{slug}/claims/{claim}/comments?before={next}"));
    Ok(answer(StatusCode::OK, &Listed { threads: threads.rows.iter().map(told_thread).collect(), next }))
}

/// Something to say.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Said {
    body: String,
    evidence: Option<EvidenceId>,
    /// The comment that began the thread which is answered.
    thread: Option<CommentId>,
}

#[derive(Serialize)]
struct Made {
    id: CommentId,
    url: String,
}

#[post("/api/v1/desks/{desk}/claims/{claim}/comments")]
async fn add(sent: Sent<Discuss, Said>, path: Path<(String, ClaimId)>, pool: Pool) -> Result<HttpResponse> {
    let Sent { by, body: said, submission } = sent;
    let (claim, id) = (path.1, CommentId::new());
    let people: Vec<Person> = store::members(&mut *pool.acquire().await?, by.desk.id).await?;
    let body = Body::parse(&said.body, &People::new(people)).map_err(Error::invalid)?;
    let opening = Opening { claim, about: said.evidence, thread: said.thread };
    let url = address(&by.desk.slug, claim, id);
    let to = url.clone();
    unit_of_work(&pool, async move |tx| {
        audit::once(tx, &by, submission.as_ref(), &to).await?;
        store::add(tx, &by, id, opening, &body).await
    })
    .await?;
    Ok(answer(StatusCode::CREATED, &Made { id, url }))
}
