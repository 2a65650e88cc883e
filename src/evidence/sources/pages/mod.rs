//! The list of sources, and one source.

use actix_web::http::StatusCode;
use actix_web::web::{Path, Query, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse, get, post};
use askama::Template;
use serde::Deserialize;
use uuid::Uuid;

use crate::audit;
use crate::auth::Authorized;
use crate::auth::permission::{CiteEvidence, ReadDesk};
use crate::db::{Pool, unit_of_work};
use crate::editing::history::{self, History, Line};
use crate::editing::{self, Conflict, Form, Pairs, Sent, Values};
use crate::error::{Error, Result};
use crate::evidence::sources::store::{self, Listed, Use};
use crate::evidence::sources::{Access, SOURCE, Source, SourceFields, address};
use crate::id::{EventId, SourceId};
use crate::web::paging::Page;
use crate::web::problems::Problems;
use crate::web::{Posted, Shell, page, see_other};

/// The addresses of these pages. Fixed words come before ids.
pub(super) fn routes(config: &mut ServiceConfig) {
    config.service(list).service(new).service(create).service(show).service(save).service(undo);
}

const ALL: [&str; 9] =
    ["url", "title", "publisher", "authors", "published", "class", "medium", "access", "description"];

/// What the list is asked for.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListQuery {
    #[serde(default)]
    pub q: String,
    pub after: Option<Uuid>,
}

#[derive(Template)]
#[template(path = "evidence/sources/list.html")]
struct ListPage {
    shell: Shell,
    q: String,
    sources: Page<Listed>,
}

#[get("/{desk}/sources")]
async fn list(member: Authorized<ReadDesk>, query: Query<ListQuery>, pool: Pool) -> Result<HttpResponse> {
    let sources = store::list(&mut *pool.acquire().await?, member.desk.id, &query.q, query.after).await?;
    let shell = Shell::new(&member.viewer());
    page(StatusCode::OK, &ListPage { shell, q: query.into_inner().q, sources })
}

#[derive(Template)]
#[template(path = "evidence/sources/new.html")]
struct NewPage {
    shell: Shell,
    form: Form,
}

fn blank(shell: &Shell) -> Form {
    let action = shell.path("/sources");
    let values = Values::from([("access", Access::Open.as_str().to_owned())]);
    Form::new(shell, "source", action, &SOURCE, &ALL, &values).button("Add the source")
}

#[get("/{desk}/sources/new")]
async fn new(by: Authorized<CiteEvidence>) -> Result<HttpResponse> {
    let shell = Shell::new(&by.viewer());
    let form = blank(&shell);
    page(StatusCode::OK, &NewPage { shell, form })
}

#[post("/{desk}/sources")]
async fn create(
    request: HttpRequest,
    posted: Posted<CiteEvidence, Pairs>,
    pool: Pool,
) -> Result<HttpResponse> {
    let Posted { by, form, submission } = posted;
    let sent = Sent::first(&SOURCE, &form)?;
    let fields = match SourceFields::parse(&sent.mine()) {
        Ok(fields) => fields,
        Err(problems) => {
            let shell = Shell::new(&by.viewer());
            let form = blank(&shell).refused(&sent, &problems);
            let back = shell.path("/sources");
            return editing::problems(&request, shell, "New source", back, form);
        }
    };
    let (slug, id) = (by.desk.slug.clone(), SourceId::new());
    let id = unit_of_work(&pool, async move |tx| {
        audit::once(tx, &by, submission.as_ref(), &address(&by.desk.slug, id)).await?;
        store::create(tx, &by, id, &fields).await
    })
    .await?;
    Ok(see_other(&address(&slug, id)))
}

#[derive(Template)]
#[template(path = "evidence/sources/show.html")]
struct SourcePage {
    shell: Shell,
    source: Source,
    /// The tracking parameters that were cut from its address.
    cut: Vec<String>,
    uses: Vec<Use>,
    /// For those who may edit.
    form: Option<Form>,
    history: History,
}

#[get("/{desk}/sources/{source}")]
async fn show(
    member: Authorized<ReadDesk>,
    path: Path<(String, SourceId)>,
    pool: Pool,
) -> Result<HttpResponse> {
    let conn = &mut *pool.acquire().await?;
    let (desk, id) = (member.desk.id, path.1);
    let viewer = member.viewer();
    let shell = Shell::new(&viewer);
    let source = store::source(conn, desk, id).await?;
    let form = viewer.may::<CiteEvidence>().then(|| form(&shell, &source));
    let entries = history::of(conn, desk, &[id.uuid()], None, history::PAGE).await?;
    let line = |entry: &editing::Entry| {
        let did = if entry.action == "source.create" { "added it" } else { "changed it" };
        let mut line = Line::new(entry, did.to_owned(), &SOURCE);
        line.undo = (form.is_some() && entry.action == "source.edit").then_some(entry.id);
        line
    };
    let history = History {
        lines: entries.iter().map(line).collect(),
        csrf: shell.csrf().to_owned(),
        undo: format!("{}/undo", address(shell.slug(), id)),
        versions: None,
    };
    let cut = store::cut(conn, desk, id).await?;
    let uses = store::uses(conn, desk, id).await?;
    page(StatusCode::OK, &SourcePage { shell, source, cut, uses, form, history })
}

fn form(shell: &Shell, source: &Source) -> Form {
    Form::new(shell, "source", address(shell.slug(), source.id), &SOURCE, &ALL, &source.values())
}

#[post("/{desk}/sources/{source}")]
async fn save(
    request: HttpRequest,
    posted: Posted<CiteEvidence, Pairs>,
    path: Path<(String, SourceId)>,
    pool: Pool,
) -> Result<HttpResponse> {
    let sent = Sent::read(&SOURCE, &posted.form)?;
    apply(&request, posted, path.1, &sent, &pool).await
}

/// The change to take back.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Undo {
    pub event: EventId,
}

#[post("/{desk}/sources/{source}/undo")]
async fn undo(
    request: HttpRequest,
    posted: Posted<CiteEvidence, Undo>,
    path: Path<(String, SourceId)>,
    pool: Pool,
) -> Result<HttpResponse> {
    let entry = history::get(&mut *pool.acquire().await?, posted.by.desk.id, posted.form.event).await?;
    let sent = (entry.action == "source.edit" && entry.entity_id == path.1.uuid())
        .then(|| entry.undo(&SOURCE))
        .flatten()
        .ok_or(Error::NotFound("change"))?;
    apply(&request, posted, path.1, &sent, &pool).await
}

async fn apply<F>(
    request: &HttpRequest,
    posted: Posted<CiteEvidence, F>,
    id: SourceId,
    sent: &Sent,
    pool: &Pool,
) -> Result<HttpResponse> {
    let Posted { by, submission, .. } = posted;
    let shell = Shell::new(&by.viewer());
    let location = address(&by.desk.slug, id);
    for _ in 0..editing::TRIES {
        let mut conn = pool.acquire().await?;
        let source = store::source(&mut conn, by.desk.id, id).await?;
        let (theirs, title) = (source.values(), source.name().to_owned());
        let merge = editing::merge(&mut conn, &by, id.uuid(), sent, &theirs).await?;
        drop(conn);
        if !merge.conflicts.is_empty() {
            let conflict = Conflict::new(&shell, "source", &location, sent, &merge);
            return editing::conflict(request, shell, title, location, conflict);
        }
        if merge.is_unchanged() {
            return Ok(see_other(&location));
        }
        let form = form(&shell, &source);
        let refused = |problems: &Problems| {
            let form = form.clone().refused(sent, problems);
            editing::problems(request, shell.clone(), title.clone(), location.clone(), form)
        };
        let fields = match SourceFields::parse(&merge.applied(&theirs)) {
            Ok(fields) => fields,
            Err(problems) => return refused(&problems),
        };
        let (details, to) = (merge.details(), location.clone());
        let (by, submission) = (by.clone(), submission.clone());
        let saved = unit_of_work(pool, async move |tx| {
            audit::once(tx, &by, submission.as_ref(), &to).await?;
            store::edit(tx, &by, &source, &fields, &details).await
        })
        .await;
        if let Err(Error::Invalid(words)) = saved {
            let mut problems = Problems::default();
            problems.add("url", words);
            return refused(&problems);
        }
        if !editing::is_stale(&saved) {
            return saved.map(|()| see_other(&location));
        }
    }
    Err(editing::stale())
}
