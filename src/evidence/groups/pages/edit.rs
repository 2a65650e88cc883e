//! One set, question or answer: edited, removed, brought back, put in its place.

use actix_web::http::StatusCode;
use actix_web::web::Path;
use actix_web::{HttpRequest, HttpResponse, get, post};
use askama::Template;
use serde::Deserialize;
use uuid::Uuid;

use super::{address, form, new_form, offers};
use crate::audit;
use crate::auth::Authorized;
use crate::auth::permission::{CiteEvidence, ReadDesk};
use crate::claims::{self, pages::saved};
use crate::db::{Pool, unit_of_work};
use crate::editing::history::{self, History, Line};
use crate::editing::{self, Conflict, Form, Pairs, Sent};
use crate::error::Result;
use crate::evidence;
use crate::evidence::groups::piece::{Kind, Piece};
use crate::evidence::groups::store;
use crate::id::{ClaimId, QuestionId};
use crate::web::{Posted, Shell, page, see_other};

type PiecePath = Path<(String, ClaimId, Uuid)>;

/// A form without fields of its own.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Nothing {}

#[derive(Template)]
#[template(path = "evidence/groups/edit.html")]
struct EditPage {
    shell: Shell,
    back: String,
    piece: Piece,
    /// Where it is edited.
    address: String,
    /// The question that an answer is to.
    to: Option<Piece>,
    /// What it holds, in words.
    held: Vec<(&'static str, String)>,
    /// Of a question: its answers.
    answers: Vec<Piece>,
    /// For those who may edit, when it can be changed now.
    form: Option<Form>,
    new_answer: Option<Form>,
    history: History,
}

impl EditPage {
    fn path(&self, answer: &Piece) -> String {
        address(&self.shell, answer.claim, Kind::Answer, answer.id)
    }
}

#[get("/{desk}/claims/{claim}/sets/{set}")]
pub(super) async fn show_set(
    member: Authorized<ReadDesk>,
    path: PiecePath,
    pool: Pool,
) -> Result<HttpResponse> {
    show(&member, path, Kind::Set, &pool).await
}

#[get("/{desk}/claims/{claim}/questions/{question}")]
pub(super) async fn show_question(
    member: Authorized<ReadDesk>,
    path: PiecePath,
    pool: Pool,
) -> Result<HttpResponse> {
    show(&member, path, Kind::Question, &pool).await
}

#[get("/{desk}/claims/{claim}/answers/{answer}")]
pub(super) async fn show_answer(
    member: Authorized<ReadDesk>,
    path: PiecePath,
    pool: Pool,
) -> Result<HttpResponse> {
    show(&member, path, Kind::Answer, &pool).await
}

async fn show(
    member: &Authorized<ReadDesk>,
    path: PiecePath,
    kind: Kind,
    pool: &Pool,
) -> Result<HttpResponse> {
    let (_, claim, id) = path.into_inner();
    let (viewer, desk) = (member.viewer(), member.desk.id);
    let conn = &mut *pool.acquire().await?;
    let piece = store::get(conn, desk, claim, kind, id).await?;
    let to = match piece.question {
        Some(question) => Some(store::get(conn, desk, claim, Kind::Question, question.uuid()).await?),
        None => None,
    };
    let answers = if kind == Kind::Question {
        let all = store::of_claim(conn, desk, claim).await?;
        let is_answer =
            |other: &Piece| other.question.map(Uuid::from) == Some(id) && other.removed_at.is_none();
        all.into_iter().filter(is_answer).collect()
    } else {
        Vec::new()
    };
    let still = evidence::store::stands_still(conn, desk, claim).await?;
    let may = viewer.may::<CiteEvidence>() && !still && piece.removed_at.is_none();
    let offers = offers(conn, desk, claim).await?;
    let mut entries = history::of(conn, desk, &[id], None, history::PAGE).await?;
    store::name_entries(conn, desk, claim, &mut entries).await?;
    let shell = Shell::new(&viewer);
    let back = claims::address(&viewer.desk.slug, claim);
    let names = store::names(conn, desk, claim).await?;
    let values = piece.fields.values();
    let held = kind.fields().iter().filter_map(|field| {
        let text = values.get(field.name).filter(|text| !text.is_empty())?;
        let text = if field.name == "evidence" { store::named(&names, text) } else { field.words(text) };
        Some((field.label, text))
    });
    let whole = EditPage {
        address: address(&shell, claim, kind, id),
        held: held.collect(),
        form: may.then(|| form(&shell, &piece, &offers)),
        new_answer: (may && kind == Kind::Question)
            .then(|| new_form(&shell, claim, Kind::Answer, Some(id.into()), &offers)),
        history: History {
            lines: entries.iter().map(|entry| line(entry, kind, may)).collect(),
            csrf: shell.csrf().to_owned(),
            undo: format!("{back}/undo"),
            versions: None,
        },
        shell,
        back,
        piece,
        to,
        answers,
    };
    page(StatusCode::OK, &whole)
}

fn line(entry: &editing::Entry, kind: Kind, may: bool) -> Line {
    let did = match entry.action.split_once('.').map_or("", |(_, did)| did) {
        "add" => "added it",
        "remove" => "removed it",
        "restore" => "restored it",
        "move" => "moved it",
        _ => "changed it",
    };
    let mut line = Line::new(entry, did.to_owned(), kind.fields());
    line.undo =
        (may && entry.action.split_once('.').is_some_and(|(_, did)| did == "edit")).then_some(entry.id);
    line
}

#[post("/{desk}/claims/{claim}/sets/{set}")]
pub(super) async fn save_set(
    request: HttpRequest,
    posted: Posted<CiteEvidence, Pairs>,
    path: PiecePath,
    pool: Pool,
) -> Result<HttpResponse> {
    save(&request, posted, path, Kind::Set, &pool).await
}

#[post("/{desk}/claims/{claim}/questions/{question}")]
pub(super) async fn save_question(
    request: HttpRequest,
    posted: Posted<CiteEvidence, Pairs>,
    path: PiecePath,
    pool: Pool,
) -> Result<HttpResponse> {
    save(&request, posted, path, Kind::Question, &pool).await
}

#[post("/{desk}/claims/{claim}/answers/{answer}")]
pub(super) async fn save_answer(
    request: HttpRequest,
    posted: Posted<CiteEvidence, Pairs>,
    path: PiecePath,
    pool: Pool,
) -> Result<HttpResponse> {
    save(&request, posted, path, Kind::Answer, &pool).await
}

async fn save(
    request: &HttpRequest,
    posted: Posted<CiteEvidence, Pairs>,
    path: PiecePath,
    kind: Kind,
    pool: &Pool,
) -> Result<HttpResponse> {
    let Posted { by, form: pairs, submission } = posted;
    let (_, claim, id) = path.into_inner();
    let sent = Sent::read(kind.fields(), &pairs)?;
    let shell = Shell::new(&by.viewer());
    let back = claims::address(&by.desk.slug, claim);
    for _ in 0..editing::TRIES {
        let mut conn = pool.acquire().await?;
        let was = store::get(&mut conn, by.desk.id, claim, kind, id).await?;
        let theirs = was.fields.values();
        let merge = editing::merge(&mut conn, &by, id, &sent, &theirs).await?;
        if !merge.conflicts.is_empty() {
            let names = store::names(&mut conn, by.desk.id, claim).await?;
            let (form, action) = (format!("edit-{}", kind.entity()), address(&shell, claim, kind, id));
            let conflict = Conflict::new(&shell, &form, &action, &sent, &merge).with_names(names);
            return editing::conflict(request, shell, kind.title(), back, conflict);
        }
        let location = saved(&by.desk.slug, claim);
        if merge.is_unchanged() {
            return Ok(see_other(&location));
        }
        let fields = match kind.parse(&merge.applied(&theirs)) {
            Ok(fields) => fields,
            Err(problems) => {
                let offers = offers(&mut conn, by.desk.id, claim).await?;
                let form = form(&shell, &was, &offers).refused(&sent, &problems);
                return editing::problems(request, shell, kind.title(), back, form);
            }
        };
        drop(conn);
        let (details, to) = (merge.details(), location.clone());
        let (by, submission) = (by.clone(), submission.clone());
        let saved = unit_of_work(pool, async move |tx| {
            audit::once(tx, &by, submission.as_ref(), &to).await?;
            store::update(tx, &by, &was, &fields, &details).await
        })
        .await;
        if !editing::is_stale(&saved) {
            return store::refused(saved).map(|()| see_other(&location));
        }
    }
    Err(editing::stale())
}

#[post("/{desk}/claims/{claim}/sets/{set}/removal")]
pub(super) async fn remove_set(
    posted: Posted<CiteEvidence, Nothing>,
    path: PiecePath,
    pool: Pool,
) -> Result<HttpResponse> {
    set_removed(posted, path, Kind::Set, true, &pool).await
}

#[post("/{desk}/claims/{claim}/questions/{question}/removal")]
pub(super) async fn remove_question(
    posted: Posted<CiteEvidence, Nothing>,
    path: PiecePath,
    pool: Pool,
) -> Result<HttpResponse> {
    set_removed(posted, path, Kind::Question, true, &pool).await
}

#[post("/{desk}/claims/{claim}/answers/{answer}/removal")]
pub(super) async fn remove_answer(
    posted: Posted<CiteEvidence, Nothing>,
    path: PiecePath,
    pool: Pool,
) -> Result<HttpResponse> {
    set_removed(posted, path, Kind::Answer, true, &pool).await
}

#[post("/{desk}/claims/{claim}/sets/{set}/restoration")]
pub(super) async fn restore_set(
    posted: Posted<CiteEvidence, Nothing>,
    path: PiecePath,
    pool: Pool,
) -> Result<HttpResponse> {
    set_removed(posted, path, Kind::Set, false, &pool).await
}

#[post("/{desk}/claims/{claim}/questions/{question}/restoration")]
pub(super) async fn restore_question(
    posted: Posted<CiteEvidence, Nothing>,
    path: PiecePath,
    pool: Pool,
) -> Result<HttpResponse> {
    set_removed(posted, path, Kind::Question, false, &pool).await
}

#[post("/{desk}/claims/{claim}/answers/{answer}/restoration")]
pub(super) async fn restore_answer(
    posted: Posted<CiteEvidence, Nothing>,
    path: PiecePath,
    pool: Pool,
) -> Result<HttpResponse> {
    set_removed(posted, path, Kind::Answer, false, &pool).await
}

async fn set_removed(
    posted: Posted<CiteEvidence, Nothing>,
    path: PiecePath,
    kind: Kind,
    removed: bool,
    pool: &Pool,
) -> Result<HttpResponse> {
    let Posted { by, submission, .. } = posted;
    let (_, claim, id) = path.into_inner();
    let location = saved(&by.desk.slug, claim);
    let to = location.clone();
    let done = unit_of_work(pool, async move |tx| {
        audit::once(tx, &by, submission.as_ref(), &to).await?;
        store::set_removed(tx, &by, claim, kind, id, removed).await
    })
    .await;
    store::refused(done).map(|()| see_other(&location))
}

/// Where a question goes.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Place {
    to: Direction,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Direction {
    Up,
    Down,
}

#[post("/{desk}/claims/{claim}/questions/{question}/position")]
pub(super) async fn place(
    posted: Posted<CiteEvidence, Place>,
    path: Path<(String, ClaimId, QuestionId)>,
    pool: Pool,
) -> Result<HttpResponse> {
    let Posted { by, form, submission } = posted;
    let (_, claim, question) = path.into_inner();
    let location = saved(&by.desk.slug, claim);
    let to = location.clone();
    unit_of_work(&pool, async move |tx| {
        audit::once(tx, &by, submission.as_ref(), &to).await?;
        store::reorder(tx, &by, claim, question, form.to == Direction::Up).await
    })
    .await?;
    Ok(see_other(&location))
}
