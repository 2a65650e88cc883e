//! The pages and forms of a discussion. A form comes back to the claim's page, or, refused, to a page of the discussion with
//! what was typed.

use actix_web::http::StatusCode;
use actix_web::web::{Path, Query, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse, get, post};
use askama::Template;
use serde::Deserialize;
use sqlx::PgConnection;

use super::body::{Body, People, Person, named};
use super::section::{Refused, Section};
use super::store::{self, Opening};
use super::{COMMENT, Comment, address};
use crate::audit;
use crate::auth::permission::{Discuss, ReadDesk};
use crate::auth::{Authorized, Viewer};
use crate::claims;
use crate::db::{Pool, unit_of_work};
use crate::editing::history::{self, History, Line};
use crate::editing::{self, Conflict, Form, Pairs, Sent, is_fragment};
use crate::error::{Error, Result};
use crate::evidence::{self, Access, Evidence};
use crate::id::{ClaimId, CommentId, EvidenceId};
use crate::web::problems::Problems;
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
        .service(show)
        .service(save)
        .service(removal)
        .service(restoration)
        .service(resolution)
        .service(reopening);
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

#[derive(Template)]
#[template(path = "discussion/comment.html")]
struct CommentPage {
    shell: Shell,
    back: String,
    claim_reviewed: String,
    comment: Comment,
    /// What it says.
    typed: String,
    paused: bool,
    /// For whoever may change it now.
    form: Option<Form>,
    members: Vec<Person>,
    history: History,
}

#[get("/{desk}/claims/{claim}/comments/{comment}")]
async fn show(member: Authorized<ReadDesk>, path: CommentPath, pool: Pool) -> Result<HttpResponse> {
    let (_, claim, id) = path.into_inner();
    let (viewer, desk) = (member.viewer(), member.desk.id);
    let conn = &mut *pool.acquire().await?;
    let comment = store::get(conn, desk, claim, id).await?;
    let people = store::called_in(conn, &named(std::iter::once(comment.body.as_str()))).await?;
    let paused = store::is_paused(conn, desk, claim).await?;
    let mut entries = history::of(conn, desk, &[id.uuid()], None, history::PAGE).await?;
    store::readable(conn, &mut entries).await?;
    let shell = Shell::new(&viewer);
    let lines = entries
        .iter()
        .map(|entry| {
            let mut line = Line::new(entry, did(&entry.action).to_owned(), &COMMENT);
            line.undo = (!paused && super::can_undo(&viewer, entry)).then_some(entry.id);
            line
        })
        .collect();
    let form = (!paused && comment.may_edit(&viewer)).then(|| form(&shell, &viewer, &comment, &people));
    let whole = CommentPage {
        back: address(&viewer.desk.slug, claim, id),
        claim_reviewed: claims::store::get(conn, desk, claim).await?.claim_reviewed,
        typed: comment.typed(&people),
        members: if form.is_some() { store::members(conn, desk).await? } else { Vec::new() },
        history: History {
            lines,
            csrf: shell.csrf().to_owned(),
            undo: format!("{}/undo", claims::address(&viewer.desk.slug, claim)),
        },
        shell,
        comment,
        paused,
        form,
    };
    page(StatusCode::OK, &whole)
}

/// What was done to a comment, in words that go after a name.
fn did(action: &str) -> &'static str {
    match action {
        "comment.add" => "wrote it",
        "comment.edit" => "changed it",
        "comment.remove" => "removed it",
        "comment.restore" => "brought it back",
        "comment.resolve" => "resolved the thread",
        "comment.reopen" => "reopened the thread",
        _ => "did something to it",
    }
}

fn form(shell: &Shell, viewer: &Viewer, comment: &Comment, people: &People) -> Form {
    let action = format!("{}/comments/{}", claims::address(&viewer.desk.slug, comment.claim), comment.id);
    let values = [("body", comment.typed(people))].into();
    Form::new(shell, "comment-edit", action, &COMMENT, &["body"], &values)
}

#[post("/{desk}/claims/{claim}/comments/{comment}")]
async fn save(
    request: HttpRequest,
    posted: Posted<Discuss, Pairs>,
    path: CommentPath,
    pool: Pool,
) -> Result<HttpResponse> {
    let (_, claim, id) = path.into_inner();
    let Posted { by, form: pairs, submission } = posted;
    let sent = Sent::read(&COMMENT, &pairs)?;
    let viewer = by.viewer();
    let (title, location) = ("Change a comment", address(&viewer.desk.slug, claim, id));
    for _ in 0..editing::TRIES {
        let mut conn = pool.acquire().await?;
        let comment = store::get(&mut conn, by.desk.id, claim, id).await?;
        if !comment.may_edit(&viewer) && comment.removed.is_none() {
            return Err(Error::Barred("Only whoever wrote a comment changes it."));
        }
        let shell = Shell::new(&viewer);
        let (kept, merge, people) = store::merged(&mut conn, &by, &comment, &sent).await?;
        if !merge.conflicts.is_empty() {
            let action = request.path().to_owned();
            let conflict = Conflict::new(&shell, "comment-edit", &action, &kept, &merge)
                .with_words(|text| super::body::typed(text, &people));
            return editing::conflict(&request, shell, title, location, conflict);
        }
        if merge.is_unchanged() {
            return Ok(see_other(&location));
        }
        drop(conn);
        let body = match Body::parse(&merge.result["body"], &people) {
            Ok(body) => body,
            Err(words) => {
                let mut problems = Problems::default();
                problems.add("body", words);
                let form = form(&shell, &viewer, &comment, &people).refused(&sent, &problems);
                return editing::problems(&request, shell, title, location, form);
            }
        };
        let (details, to) = (merge.details(), location.clone());
        let (by, submission) = (by.clone(), submission.clone());
        let saved = unit_of_work(&pool, async move |tx| {
            audit::once(tx, &by, submission.as_ref(), &to).await?;
            store::edit(tx, &by, &comment, &body, &details).await
        })
        .await;
        if editing::is_stale(&saved) {
            continue;
        }
        return match saved {
            Ok(()) => Ok(see_other(&location)),
            Err(Error::Conflict(words)) => {
                let refused =
                    Refused { words: words.into_owned(), typed: sent.mine()["body"].clone(), thread: None };
                again(&request, &pool, StatusCode::CONFLICT, &viewer, (claim, None), refused).await
            }
            Err(error) => Err(error),
        };
    }
    Err(editing::stale())
}

/// A form without fields of its own.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Nothing {}

#[post("/{desk}/claims/{claim}/comments/{comment}/removal")]
async fn removal(
    request: HttpRequest,
    posted: Posted<Discuss, Nothing>,
    path: CommentPath,
    pool: Pool,
) -> Result<HttpResponse> {
    change(&request, posted, (path.1, path.2), &pool, async |tx, by, claim, id| {
        store::remove(tx, by, claim, id).await
    })
    .await
}

#[post("/{desk}/claims/{claim}/comments/{comment}/restoration")]
async fn restoration(
    request: HttpRequest,
    posted: Posted<Discuss, Nothing>,
    path: CommentPath,
    pool: Pool,
) -> Result<HttpResponse> {
    change(&request, posted, (path.1, path.2), &pool, async |tx, by, claim, id| {
        store::restore(tx, by, claim, id).await
    })
    .await
}

#[post("/{desk}/claims/{claim}/comments/{comment}/resolution")]
async fn resolution(
    request: HttpRequest,
    posted: Posted<Discuss, Nothing>,
    path: CommentPath,
    pool: Pool,
) -> Result<HttpResponse> {
    change(&request, posted, (path.1, path.2), &pool, async |tx, by, claim, id| {
        store::resolve(tx, by, claim, id).await
    })
    .await
}

#[post("/{desk}/claims/{claim}/comments/{comment}/reopening")]
async fn reopening(
    request: HttpRequest,
    posted: Posted<Discuss, Nothing>,
    path: CommentPath,
    pool: Pool,
) -> Result<HttpResponse> {
    change(&request, posted, (path.1, path.2), &pool, async |tx, by, claim, id| {
        store::reopen(tx, by, claim, id).await
    })
    .await
}

async fn change<W>(
    request: &HttpRequest,
    posted: Posted<Discuss, Nothing>,
    (claim, id): (ClaimId, CommentId),
    pool: &Pool,
    work: W,
) -> Result<HttpResponse>
where
    W: AsyncFn(&mut PgConnection, &Authorized<Discuss>, ClaimId, CommentId) -> Result<()> + 'static,
{
    let Posted { by, submission, .. } = posted;
    let viewer = by.viewer();
    let location = address(&viewer.desk.slug, claim, id);
    let to = location.clone();
    let done = unit_of_work(pool, async move |tx| {
        audit::once(tx, &by, submission.as_ref(), &to).await?;
        work(tx, &by, claim, id).await
    })
    .await;
    match done {
        Ok(()) => Ok(see_other(&location)),
        Err(Error::Conflict(words)) => {
            let refused = Refused { words: words.into_owned(), ..Refused::default() };
            again(request, pool, StatusCode::CONFLICT, &viewer, (claim, None), refused).await
        }
        Err(error) => Err(error),
    }
}
