//! Changing what is known of an agent, and taking it back.

use actix_web::web::Path;
use actix_web::{HttpRequest, HttpResponse, post};
use serde::Deserialize;
use sqlx::PgConnection;

use super::{address, form};
use crate::agents::{Described, FIELDS, store};
use crate::audit;
use crate::auth::Authorized;
use crate::auth::permission::MarkClaim;
use crate::db::{Pool, unit_of_work};
use crate::editing::{self, Conflict, Pairs, Sent, history};
use crate::error::{Error, Result};
use crate::id::{AgentId, EventId};
use crate::web::problems::Problems;
use crate::web::{Posted, Shell, see_other};

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
    conn: &mut PgConnection,
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
