//! The pages of speakers and publishers.

mod edit;
mod merging;

use actix_web::http::StatusCode;
use actix_web::web::{Path, Query};
use actix_web::{HttpResponse, get};
use askama::Template;
use serde::Deserialize;
use uuid::Uuid;

use super::store::{self, Listed, Saying};
use super::{Agent, FIELDS};
use crate::auth::permission::{MarkClaim, ReadDesk, SortClaim};
use crate::auth::{Authorized, Viewer};
use crate::claims::Stage;
use crate::db::Pool;
use crate::editing::history::{self, History, Line};
use crate::editing::{self, Form};
use crate::error::{Error, Result};
use crate::id::AgentId;
use crate::web::paging::Page;
use crate::web::{Shell, page, see_other};

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
                "agent.recuse" => "recused themselves from judging it",
                "agent.end_recusal" => "ended somebody's recusal from judging it",
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
            versions: None,
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

pub use edit::{save, undo};
pub use merging::{merger, separation};
