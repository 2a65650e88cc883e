//! Speakers and publishers as JSON.

use actix_web::http::StatusCode;
use actix_web::web::{Path, Query};
use actix_web::{HttpResponse, get};
use serde::Serialize;

use super::pages::ListQuery;
use super::{Agent, Kind, store};
use crate::auth::permission::ReadDesk;
use crate::auth::{Authorized, Viewer};
use crate::db::Pool;
use crate::error::{Error, Result};
use crate::id::AgentId;
use crate::web::json::answer;

#[derive(Serialize)]
struct Suggestions {
    agents: Vec<Suggestion>,
    /// What `after` takes to go on.
    next: Option<uuid::Uuid>,
}

#[derive(Serialize)]
struct Suggestion {
    id: AgentId,
    name: String,
    kind: Kind,
    description: String,
}

/// Agents with a word that begins like `q`, to choose from while typing.
#[get("/api/v1/desks/{desk}/agents")]
pub async fn list(member: Authorized<ReadDesk>, query: Query<ListQuery>, pool: Pool) -> Result<HttpResponse> {
    let page = store::list(&mut *pool.acquire().await?, member.desk.id, &query.q, query.after).await?;
    let agents = page
        .rows
        .into_iter()
        .map(|agent| Suggestion {
            id: agent.id,
            name: agent.name,
            kind: agent.kind,
            description: agent.description,
        })
        .collect();
    Ok(answer(StatusCode::OK, &Suggestions { agents, next: page.next }))
}

#[derive(Serialize)]
struct Described {
    id: AgentId,
    kind: Kind,
    name: String,
    description: String,
    same_as: Vec<String>,
    merged_into: Option<AgentId>,
    row_version: i32,
}

impl From<Agent> for Described {
    fn from(agent: Agent) -> Self {
        Self {
            id: agent.id,
            kind: agent.kind,
            name: agent.name,
            description: agent.description,
            same_as: agent.same_as,
            merged_into: agent.merged_into,
            row_version: agent.row_version,
        }
    }
}

/// One agent.
#[get("/api/v1/desks/{desk}/agents/{agent}")]
pub async fn show(viewer: Viewer, path: Path<(String, AgentId)>, pool: Pool) -> Result<HttpResponse> {
    let conn = &mut *pool.acquire().await?;
    let agent = store::get(conn, viewer.desk.id, path.1).await?;
    if !viewer.is_member() && !store::is_public(conn, viewer.desk.id, agent.id).await? {
        return Err(Error::NotFound("agent"));
    }
    Ok(answer(StatusCode::OK, &Described::from(agent)))
}
