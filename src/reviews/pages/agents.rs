//! The page of who does not judge what an agent says or publishes.

use actix_web::http::StatusCode;
use actix_web::web::Path;
use actix_web::{HttpResponse, get, post};
use askama::Template;
use serde::Deserialize;

use super::tidy;
use crate::agents;
use crate::audit;
use crate::auth::permission::{ManageDesk, ReadDrafts, ReviewVerdict};
use crate::auth::{Authorized, Viewer};
use crate::db::{Pool, unit_of_work};
use crate::error::Result;
use crate::id::AgentId;
use crate::reviews::section::status_of;
use crate::reviews::store::{self, AgentRecusal};
use crate::web::{Posted, Shell, page, see_other};

type AgentPath = Path<(String, AgentId)>;

#[derive(Template)]
#[template(path = "reviews/agent_recusals.html")]
struct RecusalsPage {
    shell: Shell,
    agent: agents::Agent,
    recusals: Vec<AgentRecusal>,
    /// Whether the viewer could be one of them.
    may_recuse: bool,
    /// Whether the viewer may end those of others.
    may_end: bool,
    handle: String,
    typed: String,
    refused: Option<String>,
}

async fn load(pool: &Pool, viewer: &Viewer, agent: AgentId) -> Result<RecusalsPage> {
    let conn = &mut *pool.acquire().await?;
    let agent = agents::store::get(conn, viewer.desk.id, agent).await?;
    let recusals = store::agent_recusals(conn, viewer.desk.id, agent.id).await?;
    let handle = viewer.person.as_ref().map(|person| person.handle.clone()).unwrap_or_default();
    let own = recusals.iter().any(|recusal| recusal.handle == handle);
    Ok(RecusalsPage {
        shell: Shell::new(viewer),
        may_recuse: viewer.may::<ReviewVerdict>() && !own && agent.merged_into.is_none(),
        may_end: viewer.may::<ManageDesk>(),
        agent,
        recusals,
        handle,
        typed: String::new(),
        refused: None,
    })
}

fn address(desk: &str, agent: AgentId) -> String {
    format!("/{desk}/agents/{agent}/recusals")
}

#[get("/{desk}/agents/{agent}/recusals")]
pub(super) async fn show(
    member: Authorized<ReadDrafts>,
    path: AgentPath,
    pool: Pool,
) -> Result<HttpResponse> {
    page(StatusCode::OK, &load(&pool, &member.viewer(), path.1).await?)
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Recusal {
    reason: String,
}

#[post("/{desk}/agents/{agent}/recusals")]
pub(super) async fn recuse(
    posted: Posted<ReviewVerdict, Recusal>,
    path: AgentPath,
    pool: Pool,
) -> Result<HttpResponse> {
    let Posted { by, form, submission } = posted;
    let (viewer, agent) = (by.viewer(), path.1);
    let location = address(&by.desk.slug, agent);
    let (target, reason) = (location.clone(), tidy(&form.reason));
    let outcome = unit_of_work(&pool, async move |tx| {
        audit::once(tx, &by, submission.as_ref(), &target).await?;
        store::recuse_from_agent(tx, &by, agent, &reason).await
    })
    .await;
    finish(&pool, &viewer, agent, (outcome, form.reason)).await
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct End {
    handle: String,
}

#[post("/{desk}/agents/{agent}/recusals/end")]
pub(super) async fn end(
    posted: Posted<ManageDesk, End>,
    path: AgentPath,
    pool: Pool,
) -> Result<HttpResponse> {
    let Posted { by, form, submission } = posted;
    let (viewer, agent) = (by.viewer(), path.1);
    let location = address(&by.desk.slug, agent);
    let target = location.clone();
    let outcome = unit_of_work(&pool, async move |tx| {
        audit::once(tx, &by, submission.as_ref(), &target).await?;
        store::end_agent_recusal(tx, &by, agent, &form.handle).await
    })
    .await;
    finish(&pool, &viewer, agent, (outcome, String::new())).await
}

async fn finish(
    pool: &Pool,
    viewer: &Viewer,
    agent: AgentId,
    (outcome, typed): (Result<()>, String),
) -> Result<HttpResponse> {
    let error = match outcome {
        Ok(()) => return Ok(see_other(&address(&viewer.desk.slug, agent))),
        Err(error) => error,
    };
    let Some(status) = status_of(&error) else { return Err(error) };
    let shown = load(pool, viewer, agent).await?;
    page(status, &RecusalsPage { typed, refused: Some(error.to_string()), ..shown })
}
