//! Merging doubles, and parting them again.

use serde::{Deserialize, Serialize};
use sqlx::PgConnection;
use uuid::Uuid;

use super::{Name, find, get};
use crate::audit;
use crate::auth::Authorized;
use crate::auth::permission::SortClaim;
use crate::error::{Error, Result};
use crate::id::{AgentId, AppearanceId, EventId};

/// What a merger moved: the details of its event, and what parting moves back.
#[derive(Debug, Serialize, Deserialize)]
struct Moved {
    into: Into,
    speakers: Vec<Speaker>,
    articles: Vec<Uuid>,
    sources: Vec<Uuid>,
    /// Agents that were merged into this one before.
    agents: Vec<Uuid>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Into {
    before: Option<String>,
    after: String,
    id: AgentId,
}

#[derive(Debug, Serialize, Deserialize)]
struct Speaker {
    appearance: AppearanceId,
    position: i16,
    office: Option<String>,
    /// Both spoke in the same appearance, so that one of the two entries went away.
    dropped: bool,
}

/// Lets another agent, known by `name`, stand for this one: everything this one said or published is the other's now.
///
/// # Errors
/// [`Error::Invalid`] when there is no other agent of that name, [`Error::Conflict`] when this one is merged already.
pub async fn merge(
    conn: &mut PgConnection,
    by: &Authorized<SortClaim>,
    double: AgentId,
    name: &Name,
) -> Result<AgentId> {
    let desk = by.desk.id;
    let into = find(conn, desk, name, None)
        .await?
        .filter(|found| *found != double)
        .ok_or_else(|| Error::invalid(format!("There is no other speaker or publisher called “{name}”.")))?;
    lock(conn, by, &[double, into]).await?;
    let (double, into) = (get(conn, desk, double).await?, get(conn, desk, into).await?);
    if double.merged_into.is_some() || into.merged_into.is_some() {
        return Err(Error::conflict("One of the two has been merged meanwhile."));
    }
    let moved = Moved {
        into: Into { before: None, after: into.name.clone(), id: into.id },
        speakers: sqlx::query_as!(
            Speaker,
            r#"
            SELECT s.appearance_id AS "appearance: AppearanceId", s.position, s.office,
                   EXISTS (SELECT FROM appearance_speakers o WHERE o.desk_id = s.desk_id
                           AND o.appearance_id = s.appearance_id AND o.agent_id = $3) AS "dropped!"
            FROM appearance_speakers s
            WHERE s.desk_id = $1 AND s.agent_id = $2
            ORDER BY s.appearance_id
            "#,
            desk as _,
            double.id as _,
            into.id as _,
        )
        .fetch_all(&mut *conn)
        .await?,
        articles: sqlx::query_scalar!(
            "SELECT id FROM articles WHERE desk_id = $1 AND publisher_id = $2 ORDER BY id",
            desk as _,
            double.id as _,
        )
        .fetch_all(&mut *conn)
        .await?,
        sources: sqlx::query_scalar!(
            "SELECT id FROM sources WHERE desk_id = $1 AND publisher_id = $2 ORDER BY id",
            desk as _,
            double.id as _,
        )
        .fetch_all(&mut *conn)
        .await?,
        agents: sqlx::query_scalar!(
            "SELECT id FROM agents WHERE desk_id = $1 AND merged_into = $2 ORDER BY id",
            desk as _,
            double.id as _,
        )
        .fetch_all(&mut *conn)
        .await?,
    };
    let change = audit::record(conn, by, "agent.merge", "agent", double.id, &moved).await?;
    move_all(conn, by, &moved, double.id, into.id, change.event).await?;
    let mut merged = moved.agents;
    merged.push(double.id.uuid());
    point(conn, by, &merged, Some(into.id), change.event).await?;
    Ok(into.id)
}

/// Makes an agent that was merged stand for itself again. What was moved then and has not changed since goes back to
/// it; what was added to the other one later stays there.
///
/// # Errors
/// [`Error::Conflict`] when it is not merged, or the other one was merged in turn.
pub async fn part(conn: &mut PgConnection, by: &Authorized<SortClaim>, id: AgentId) -> Result<()> {
    let desk = by.desk.id;
    lock(conn, by, &[id]).await?;
    let agent = get(conn, desk, id).await?;
    let details = sqlx::query_scalar!(
        r#"
        SELECT details::text AS "details!" FROM events
        WHERE desk_id = $1 AND entity_id = $2 AND action = 'agent.merge'
        ORDER BY id DESC
        LIMIT 1
        "#,
        desk as _,
        id as _,
    )
    .fetch_optional(&mut *conn)
    .await?;
    let (Some(into), Some(details)) = (agent.merged_into, details) else {
        return Err(Error::conflict("This one is not merged with another."));
    };
    let moved: Moved = serde_json::from_str(&details).map_err(Error::internal)?;
    if moved.into.id != into {
        return Err(Error::conflict(
            "The one it was merged into has been merged in turn. Part those two first.",
        ));
    }
    lock(conn, by, &[into]).await?;
    let details = serde_json::json!({"into": {"before": moved.into.after, "after": null}});
    let change = audit::record(conn, by, "agent.part", "agent", id, &details).await?;
    move_all(conn, by, &moved, into, id, change.event).await?;
    restore_dropped(conn, by, &moved, id).await?;
    point(conn, by, &[id.uuid()], None, change.event).await?;
    point(conn, by, &moved.agents, Some(id), change.event).await
}

/// Takes the agents for oneself, in one order, so that two mergers never wait for each other.
async fn lock(conn: &mut PgConnection, by: &Authorized<SortClaim>, agents: &[AgentId]) -> Result<()> {
    let ids: Vec<Uuid> = agents.iter().map(|id| id.uuid()).collect();
    let locked = sqlx::query_scalar!(
        r#"SELECT id AS "id: AgentId" FROM agents WHERE desk_id = $1 AND id = ANY($2) ORDER BY id FOR UPDATE"#,
        by.desk.id as _,
        &ids,
    )
    .fetch_all(conn)
    .await?;
    if locked.len() == agents.len() { Ok(()) } else { Err(Error::NotFound("agent")) }
}

/// Gives what `from` said and published to `to`.
async fn move_all(
    conn: &mut PgConnection,
    by: &Authorized<SortClaim>,
    moved: &Moved,
    from: AgentId,
    to: AgentId,
    event: EventId,
) -> Result<()> {
    let desk = by.desk.id;
    let appearances: Vec<Uuid> = moved.speakers.iter().map(|speaker| speaker.appearance.uuid()).collect();
    let kept: Vec<Uuid> = moved
        .speakers
        .iter()
        .filter(|speaker| !speaker.dropped)
        .map(|speaker| speaker.appearance.uuid())
        .collect();
    sqlx::query!(
        r#"
        UPDATE appearance_speakers s SET agent_id = $4
        WHERE s.desk_id = $1 AND s.agent_id = $3 AND s.appearance_id = ANY($2)
          AND NOT EXISTS (SELECT FROM appearance_speakers o WHERE o.desk_id = s.desk_id
                          AND o.appearance_id = s.appearance_id AND o.agent_id = $4)
        "#,
        desk as _,
        &kept,
        from as _,
        to as _,
    )
    .execute(&mut *conn)
    .await?;
    // What is left of the one merged spoke beside the other in the same place.
    let dropped: Vec<Uuid> = moved
        .speakers
        .iter()
        .filter(|speaker| speaker.dropped)
        .map(|speaker| speaker.appearance.uuid())
        .collect();
    if to == moved.into.id {
        sqlx::query!(
            "DELETE FROM appearance_speakers WHERE desk_id = $1 AND agent_id = $2 AND appearance_id = ANY($3)",
            desk as _,
            from as _,
            &dropped,
        )
        .execute(&mut *conn)
        .await?;
    }
    sqlx::query!(
        "UPDATE appearances SET row_version = row_version + 1, event_id = $3 WHERE desk_id = $1 AND id = ANY($2)",
        desk as _,
        &appearances,
        event as _,
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query!(
        r#"
        UPDATE articles SET publisher_id = $4, row_version = row_version + 1, event_id = $5
        WHERE desk_id = $1 AND id = ANY($2) AND publisher_id = $3
        "#,
        desk as _,
        &moved.articles,
        from as _,
        to as _,
        event as _,
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query!(
        r#"
        UPDATE sources SET publisher_id = $4, row_version = row_version + 1, event_id = $5
        WHERE desk_id = $1 AND id = ANY($2) AND publisher_id = $3
        "#,
        desk as _,
        &moved.sources,
        from as _,
        to as _,
        event as _,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Puts back the entries that a merger dropped, each at its old place or, when that is taken, at the end.
async fn restore_dropped(
    conn: &mut PgConnection,
    by: &Authorized<SortClaim>,
    moved: &Moved,
    to: AgentId,
) -> Result<()> {
    for speaker in moved.speakers.iter().filter(|speaker| speaker.dropped) {
        sqlx::query!(
            r#"
            INSERT INTO appearance_speakers (desk_id, appearance_id, agent_id, position, office)
            SELECT $1, $2, $3,
                   CASE WHEN EXISTS (SELECT FROM appearance_speakers s WHERE s.desk_id = $1 AND s.appearance_id = $2 AND s.position = $4)
                        THEN (SELECT max(s.position) + 1 FROM appearance_speakers s WHERE s.desk_id = $1 AND s.appearance_id = $2)
                        ELSE $4 END,
                   $5
            ON CONFLICT DO NOTHING
            "#,
            by.desk.id as _,
            speaker.appearance as _,
            to as _,
            speaker.position,
            speaker.office,
        )
        .execute(&mut *conn)
        .await?;
    }
    Ok(())
}

/// Notes which agent stands for these.
async fn point(
    conn: &mut PgConnection,
    by: &Authorized<SortClaim>,
    agents: &[Uuid],
    to: Option<AgentId>,
    event: EventId,
) -> Result<()> {
    sqlx::query!(
        r#"
        UPDATE agents SET merged_into = $3, row_version = row_version + 1, event_id = $4
        WHERE desk_id = $1 AND id = ANY($2)
        "#,
        by.desk.id as _,
        agents,
        to as _,
        event as _,
    )
    .execute(conn)
    .await?;
    Ok(())
}
