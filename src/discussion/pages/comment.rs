//! One comment: what it said before, and changing it.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, get, post};
use askama::Template;

use super::{CommentPath, again};
use crate::audit;
use crate::auth::permission::{Discuss, ReadDesk};
use crate::auth::{Authorized, Viewer};
use crate::claims;
use crate::db::{Pool, unit_of_work};
use crate::discussion::body::{Body, People, Person, named, typed};
use crate::discussion::section::Refused;
use crate::discussion::{COMMENT, Comment, address, can_undo, store};
use crate::editing::history::{self, History, Line};
use crate::editing::{self, Conflict, Form, Pairs, Sent};
use crate::error::{Error, Result};
use crate::web::problems::Problems;
use crate::web::{Posted, Shell, page, see_other};

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
pub(super) async fn show(
    member: Authorized<ReadDesk>,
    path: CommentPath,
    pool: Pool,
) -> Result<HttpResponse> {
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
            line.undo = (!paused && can_undo(&viewer, entry)).then_some(entry.id);
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
            versions: None,
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
pub(super) async fn save(
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
                .with_words(|text| typed(text, &people));
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
