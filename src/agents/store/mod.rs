//! All SQL about agents.

mod merge;
mod sayings;

use serde_json::json;
use sqlx::PgConnection;
use uuid::Uuid;

use super::{Agent, Described, Kind, Name, NamesAgents};
use crate::audit::{self, Change};
use crate::auth::Authorized;
use crate::auth::permission::MarkClaim;
use crate::editing;
use crate::error::{Error, Result};
use crate::id::{AgentId, DeskId, EventId};
use crate::web::paging::{self, Page};

pub use merge::{merge, part};
pub use sayings::{Saying, is_public, sayings};

/// The agent with that id, merged or not.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn get(conn: &mut PgConnection, desk: DeskId, id: AgentId) -> Result<Agent> {
    sqlx::query_as!(
        Agent,
        r#"
        SELECT id AS "id: AgentId", kind AS "kind: Kind", name, description, same_as,
               merged_into AS "merged_into: AgentId", row_version, event_id AS "event: EventId"
        FROM agents
        WHERE desk_id = $1 AND id = $2
        "#,
        desk as _,
        id as _,
    )
    .fetch_optional(conn)
    .await?
    .ok_or(Error::NotFound("agent"))
}

/// The agent that is known by that name: one of that kind first, and the one that stands for it when it was merged.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn find(
    conn: &mut PgConnection,
    desk: DeskId,
    name: &Name,
    kind: Option<Kind>,
) -> Result<Option<AgentId>> {
    let found = sqlx::query_scalar!(
        r#"
        SELECT coalesce(merged_into, id) AS "id!: AgentId"
        FROM agents
        WHERE desk_id = $1 AND name_key = $2
        ORDER BY (merged_into IS NULL) DESC, (kind = $3) IS TRUE DESC, id
        LIMIT 1
        "#,
        desk as _,
        name.key(),
        kind as _,
    )
    .fetch_optional(conn)
    .await?;
    Ok(found)
}

/// The agent of that name, created with that kind when the desk does not know it yet.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn find_or_create<P: NamesAgents>(
    conn: &mut PgConnection,
    by: &Authorized<P>,
    name: &Name,
    kind: Kind,
) -> Result<AgentId> {
    let desk = by.desk.id;
    if let Some(known) = find(conn, desk, name, Some(kind)).await? {
        return Ok(known);
    }
    // Two people who name the same new speaker at once wait for each other here, and nobody else does.
    sqlx::query!(
        r#"SELECT pg_advisory_xact_lock(hashtextextended($1, 0))::text AS "locked""#,
        format!("{desk} {}", name.key()),
    )
    .fetch_one(&mut *conn)
    .await?;
    if let Some(known) = find(conn, desk, name, Some(kind)).await? {
        return Ok(known);
    }
    let id = AgentId::new();
    let details = json!({
        "name": {"before": null, "after": name.as_str()},
        "kind": {"before": null, "after": kind},
    });
    let change = audit::record(conn, by, "agent.create", "agent", id, &details).await?;
    sqlx::query!(
        r#"
        INSERT INTO agents (desk_id, id, kind, name, name_key, created_by, created_at, event_id)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
        "#,
        desk as _,
        id as _,
        kind as _,
        name.as_str(),
        name.key(),
        change.by as _,
        change.at,
        change.event as _,
    )
    .execute(conn)
    .await?;
    Ok(id)
}

/// Stores an agent's fields, if nobody changed it since `row_version`.
///
/// # Errors
/// [`Error::Conflict`] when somebody did.
pub async fn update(
    conn: &mut PgConnection,
    by: &Authorized<MarkClaim>,
    change: &Change,
    id: AgentId,
    row_version: i32,
    to: &Described,
) -> Result<()> {
    let updated = sqlx::query!(
        r#"
        UPDATE agents
        SET name = $4, name_key = $5, kind = $6, description = $7, same_as = $8, row_version = row_version + 1,
            event_id = $9
        WHERE desk_id = $1 AND id = $2 AND row_version = $3 AND merged_into IS NULL
        "#,
        by.desk.id as _,
        id as _,
        row_version,
        to.name.as_str(),
        to.name.key(),
        to.kind as _,
        to.description,
        &to.same_as,
        change.event as _,
    )
    .execute(conn)
    .await?;
    if updated.rows_affected() == 1 {
        return Ok(());
    }
    Err(editing::stale())
}

/// An agent in a list.
#[derive(Clone, Debug)]
pub struct Listed {
    pub id: AgentId,
    pub kind: Kind,
    pub name: String,
    pub description: String,
    /// In how many places the desk has heard from it.
    pub appearances: i64,
}

/// The desk's agents in the order of their names: all, or those with a word that begins with `part`; from the one
/// after `after` on.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn list(
    conn: &mut PgConnection,
    desk: DeskId,
    part: &str,
    after: Option<Uuid>,
) -> Result<Page<Listed>> {
    let rows = sqlx::query_as!(
        Listed,
        r#"
        SELECT a.id AS "id: AgentId", a.kind AS "kind: Kind", a.name, a.description,
               (SELECT count(*) FROM appearance_speakers s JOIN appearances p ON p.desk_id = s.desk_id AND p.id = s.appearance_id
                WHERE s.desk_id = a.desk_id AND s.agent_id = a.id AND p.removed_at IS NULL) AS "appearances!"
        FROM agents a
        WHERE a.desk_id = $1 AND a.merged_into IS NULL
          AND ($2 = '' OR a.name_key LIKE $2 || '%' OR a.name_key LIKE '% ' || $2 || '%')
          AND ($3::uuid IS NULL OR (a.name_key, a.id) > (
                SELECT k.name_key, k.id FROM agents k WHERE k.desk_id = $1 AND k.id = $3))
        ORDER BY a.name_key, a.id
        LIMIT $4
        "#,
        desk as _,
        // A key holds letters, digits and blanks only: nothing that LIKE would take for a pattern.
        super::key(part),
        after,
        paging::limit(),
    )
    .fetch_all(conn)
    .await?;
    Ok(Page::of(rows, |agent| agent.id.uuid()))
}

/// The names that the desk used last, for the suggestions of a form.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn recent_names(conn: &mut PgConnection, desk: DeskId) -> Result<Vec<String>> {
    let names = sqlx::query_scalar!(
        "SELECT name FROM agents WHERE desk_id = $1 AND merged_into IS NULL ORDER BY event_id DESC, id DESC LIMIT 200",
        desk as _,
    )
    .fetch_all(conn)
    .await?;
    Ok(names)
}
