//! The pages of speakers and publishers.

use actix_web::http::StatusCode;
use actix_web::web::{Path, Query};
use actix_web::{HttpRequest, HttpResponse, get, post};
use askama::Template;
use serde::Deserialize;
use uuid::Uuid;

use super::store::{self, Listed, Saying};
use super::{Agent, Described, FIELDS, Name};
use crate::audit;
use crate::auth::permission::{MarkClaim, ReadDesk, SortClaim};
use crate::auth::{Authorized, Viewer};
use crate::claims::Stage;
use crate::db::{Pool, unit_of_work};
use crate::editing::history::{self, History, Line};
use crate::editing::{self, Conflict, Form, Pairs, Sent};
use crate::error::{Error, Result};
use crate::id::{AgentId, EventId};
use crate::web::paging::Page;
use crate::web::problems::Problems;
use crate::web::{Posted, Shell, page, see_other};

/// What a list is asked for.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListQuery {
    #[serde(default)]
    pub q: String,
    pub after: Option<Uuid>,
}

#[derive(Template)]
#[template(path = "agents/list.html")]
struct ListPage {
    shell: Shell,
    q: String,
    agents: Page<Listed>,
}

/// The desk's speakers and publishers, by name.
#[get("/{desk}/agents")]
pub async fn list(member: Authorized<ReadDesk>, query: Query<ListQuery>, pool: Pool) -> Result<HttpResponse> {
    let agents = store::list(&mut *pool.acquire().await?, member.desk.id, &query.q, query.after).await?;
    let shell = Shell::new(&member.viewer());
    page(StatusCode::OK, &ListPage { shell, q: query.into_inner().q, agents })
}

#[derive(Template)]
#[template(path = "agents/show.html")]
struct ShowPage {
    shell: Shell,
    agent: Agent,
    sayings: Page<Saying>,
    /// For those who may edit.
    form: Option<Form>,
    /// For those who may merge: the names they can merge it into.
    names: Option<Vec<String>>,
    /// What is wrong with the merger they asked for.
    problem: Option<String>,
    /// For members.
    history: Option<History>,
}

/// What a page of a list begins after.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Before {
    pub before: Option<Uuid>,
}

/// What one speaker or publisher said.
#[get("/{desk}/agents/{agent}")]
pub async fn show(
    viewer: Viewer,
    path: Path<(String, AgentId)>,
    query: Query<Before>,
    pool: Pool,
) -> Result<HttpResponse> {
    let conn = &mut *pool.acquire().await?;
    let agent = store::get(conn, viewer.desk.id, path.1).await?;
    if !viewer.is_member() {
        let public = agent.merged_into.unwrap_or(agent.id);
        if !store::is_public(conn, viewer.desk.id, public).await? {
            return Err(Error::NotFound("agent"));
        }
        if public != agent.id {
            return Ok(see_other(&address(&viewer.desk.slug, public)));
        }
    }
    let shown = shown(conn, &viewer, agent, query.before, None).await?;
    page(StatusCode::OK, &shown)
}

async fn shown(
    conn: &mut sqlx::PgConnection,
    viewer: &Viewer,
    agent: Agent,
    before: Option<Uuid>,
    problem: Option<String>,
) -> Result<ShowPage> {
    let shell = Shell::new(viewer);
    let sayings = store::sayings(conn, viewer, agent.id, before).await?;
    let form = (viewer.may::<MarkClaim>() && agent.merged_into.is_none()).then(|| form(&shell, &agent));
    let names =
        if viewer.may::<SortClaim>() { Some(store::recent_names(conn, viewer.desk.id).await?) } else { None };
    let history = if viewer.is_member() {
        let entries = history::of(conn, viewer.desk.id, &[agent.id.uuid()], None, history::PAGE).await?;
        let may_undo = form.is_some();
        let line = |entry: &editing::Entry| {
            let did = match &*entry.action {
                "agent.create" => "named it for the first time",
                "agent.merge" => "merged it into another",
                "agent.part" => "parted it from the other again",
                _ => "changed it",
            };
            let mut line = Line::new(entry, did.to_owned(), &FIELDS);
            line.undo = (may_undo && entry.action == "agent.edit").then_some(entry.id);
            line
        };
        Some(History {
            lines: entries.iter().map(line).collect(),
            csrf: shell.csrf().to_owned(),
            undo: format!("{}/undo", address(&viewer.desk.slug, agent.id)),
        })
    } else {
        None
    };
    Ok(ShowPage { shell, agent, sayings, form, names, problem, history })
}

fn form(shell: &Shell, agent: &Agent) -> Form {
    let action = address(shell.slug(), agent.id);
    Form::new(shell, "agent", action, &FIELDS, &["name", "kind", "description", "same_as"], &agent.values())
}

/// The page of an agent.
#[must_use]
pub fn address(desk: &str, agent: AgentId) -> String {
    format!("/{desk}/agents/{agent}")
}

/// Saves what was changed of an agent.
#[post("/{desk}/agents/{agent}")]
pub async fn save(
    request: HttpRequest,
    posted: Posted<MarkClaim, Pairs>,
    path: Path<(String, AgentId)>,
    pool: Pool,
) -> Result<HttpResponse> {
    let sent = Sent::read(&FIELDS, &posted.form)?;
    apply(&request, posted, path.1, &sent, &pool).await
}

/// The change to take back.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Undo {
    pub event: EventId,
}

/// Takes a change of an agent back.
#[post("/{desk}/agents/{agent}/undo")]
pub async fn undo(
    request: HttpRequest,
    posted: Posted<MarkClaim, Undo>,
    path: Path<(String, AgentId)>,
    pool: Pool,
) -> Result<HttpResponse> {
    let entry = history::get(&mut *pool.acquire().await?, posted.by.desk.id, posted.form.event).await?;
    let sent = (entry.action == "agent.edit" && entry.entity_id == path.1.uuid())
        .then(|| entry.undo(&FIELDS))
        .flatten()
        .ok_or(Error::NotFound("change"))?;
    apply(&request, posted, path.1, &sent, &pool).await
}

async fn apply<F>(
    request: &HttpRequest,
    posted: Posted<MarkClaim, F>,
    id: AgentId,
    sent: &Sent,
    pool: &Pool,
) -> Result<HttpResponse> {
    let Posted { by, submission, .. } = posted;
    for _ in 0..editing::TRIES {
        let mut conn = pool.acquire().await?;
        let agent = store::get(&mut conn, by.desk.id, id).await?;
        let shell = Shell::new(&by.viewer());
        let location = address(&by.desk.slug, id);
        let (theirs, title) = (agent.values(), agent.name.clone());
        let merge = editing::merge(&mut conn, &by, id.uuid(), sent, &theirs).await?;
        if !merge.conflicts.is_empty() {
            let conflict = Conflict::new(&shell, "agent", &location, sent, &merge);
            return editing::conflict(request, shell, title, location, conflict);
        }
        if merge.is_unchanged() {
            return Ok(see_other(&location));
        }
        let described =
            match describe(&mut conn, &by, &merge.applied(&theirs), merge.changes("name").then_some(id))
                .await?
            {
                Ok(described) => described,
                Err(problems) => {
                    let form = form(&shell, &agent).refused(sent, &problems);
                    return editing::problems(request, shell, title, location, form);
                }
            };
        drop(conn);
        let (details, to) = (merge.details(), location.clone());
        let (by, submission) = (by.clone(), submission.clone());
        let saved = unit_of_work(pool, async move |tx| {
            audit::once(tx, &by, submission.as_ref(), &to).await?;
            let change = audit::record(tx, &by, "agent.edit", "agent", id, &details).await?;
            store::update(tx, &by, &change, id, agent.row_version, &described).await
        })
        .await;
        if !editing::is_stale(&saved) {
            return saved.map(|()| see_other(&location));
        }
    }
    Err(editing::stale())
}

/// Reads the fields. Two agents of one name are merged, not made: `renamed` is the agent that gets another name.
async fn describe(
    conn: &mut sqlx::PgConnection,
    by: &Authorized<MarkClaim>,
    values: &editing::Values,
    renamed: Option<AgentId>,
) -> Result<Result<Described, Problems>> {
    let described = match Described::parse(values) {
        Ok(described) => described,
        Err(problems) => return Ok(Err(problems)),
    };
    let known = store::find(conn, by.desk.id, &described.name, Some(described.kind)).await?;
    if renamed.is_none() || known.is_none() || known == renamed {
        return Ok(Ok(described));
    }
    let mut problems = Problems::default();
    problems
        .add("name", "Another speaker or publisher has this name. If they are the same, merge them instead.");
    Ok(Err(problems))
}

/// The agent that shall stand for this one.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Merger {
    pub into: String,
}

/// Lets another agent stand for this one.
#[post("/{desk}/agents/{agent}/merger")]
pub async fn merger(
    posted: Posted<SortClaim, Merger>,
    path: Path<(String, AgentId)>,
    pool: Pool,
) -> Result<HttpResponse> {
    let Posted { by, form, submission } = posted;
    let id = path.1;
    let viewer = by.viewer();
    let to = address(&by.desk.slug, id);
    let merged = match Name::parse(&form.into) {
        Err(error) => Err(Error::invalid(error.to_string())),
        Ok(name) => {
            unit_of_work(&pool, async move |tx| {
                audit::once(tx, &by, submission.as_ref(), &to).await?;
                store::merge(tx, &by, id, &name).await
            })
            .await
        }
    };
    match merged {
        Ok(into) => Ok(see_other(&address(&viewer.desk.slug, into))),
        Err(Error::Invalid(words)) => {
            let conn = &mut *pool.acquire().await?;
            let agent = store::get(conn, viewer.desk.id, id).await?;
            let shown = shown(conn, &viewer, agent, None, Some(words.into_owned())).await?;
            page(StatusCode::UNPROCESSABLE_ENTITY, &shown)
        }
        Err(error) => Err(error),
    }
}

/// A form without fields of its own.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Nothing {}

/// Makes an agent stand for itself again.
#[post("/{desk}/agents/{agent}/separation")]
pub async fn separation(
    posted: Posted<SortClaim, Nothing>,
    path: Path<(String, AgentId)>,
    pool: Pool,
) -> Result<HttpResponse> {
    let Posted { by, submission, .. } = posted;
    let id = path.1;
    let location = address(&by.desk.slug, id);
    let to = location.clone();
    unit_of_work(&pool, async move |tx| {
        audit::once(tx, &by, submission.as_ref(), &to).await?;
        store::part(tx, &by, id).await
    })
    .await?;
    Ok(see_other(&location))
}
