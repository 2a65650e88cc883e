//! Changing appearances and their speakers.

use std::collections::HashMap;

use sqlx::PgConnection;
use uuid::Uuid;

use crate::agents::{self, Kind, key};
use crate::audit::Change;
use crate::auth::Authorized;
use crate::auth::permission::MarkClaim;
use crate::claims::appearance::{Appearance, Described};
use crate::claims::speakers::Speaker;
use crate::db::IfViolates as _;
use crate::editing;
use crate::error::{Error, Result};
use crate::id::{AgentId, AppearanceId, ClaimId};

/// Adds an appearance at an address, outside of any article.
///
/// # Errors
/// [`Error::Conflict`] when it cannot be the first known one, in words.
pub async fn insert_address(
    conn: &mut PgConnection,
    by: &Authorized<MarkClaim>,
    change: &Change,
    claim: ClaimId,
    id: AppearanceId,
    described: &Described,
) -> Result<()> {
    let (from, to, precision) = described.said.columns();
    let inserted = sqlx::query!(
        r#"
        INSERT INTO appearances (desk_id, id, claim_id, url, said_from, said_to, said_precision, place, medium, event,
                                 attitude, is_first_known, created_by, created_at, event_id)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
        "#,
        by.desk.id as _,
        id as _,
        claim as _,
        described.url,
        from,
        to,
        precision.as_str(),
        described.place,
        described.medium as _,
        described.event,
        described.attitude as _,
        described.is_first_known,
        change.by as _,
        change.at,
        change.event as _,
    )
    .execute(&mut *conn)
    .await;
    not_the_first(inserted)?;
    set_speakers(conn, by, id, described, &[]).await
}

/// Stores an appearance's fields, if nobody changed it since it was read.
///
/// # Errors
/// [`Error::Conflict`] when somebody did; [`Error::Invalid`] when it cannot be the first known one, in words.
pub async fn update_appearance(
    conn: &mut PgConnection,
    by: &Authorized<MarkClaim>,
    change: &Change,
    was: &Appearance,
    to: &Described,
) -> Result<()> {
    let (from, until, precision) = to.said.columns();
    let updated = sqlx::query!(
        r#"
        UPDATE appearances
        SET url = $4, said_from = $5, said_to = $6, said_precision = $7, place = $8, medium = $9, event = $10,
            attitude = $11, is_first_known = $12, row_version = row_version + 1, event_id = $13
        WHERE desk_id = $1 AND id = $2 AND row_version = $3
        "#,
        by.desk.id as _,
        was.id as _,
        was.row_version,
        to.url,
        from,
        until,
        precision.as_str(),
        to.place,
        to.medium as _,
        to.event,
        to.attitude as _,
        to.is_first_known,
        change.event as _,
    )
    .execute(&mut *conn)
    .await;
    if not_the_first(updated)?.rows_affected() != 1 {
        return Err(editing::stale());
    }
    set_speakers(conn, by, was.id, to, &was.speakers).await
}

fn not_the_first<T>(outcome: Result<T, sqlx::Error>) -> Result<T> {
    outcome
        .if_violates(
            "appearances_one_first_known",
            Error::invalid("Another appearance is said to be the first known one. Untick it there first."),
        )
        .if_violates(
            "appearances_none_before_first_known",
            Error::invalid("The dates do not fit: an appearance is earlier than the first known one."),
        )
}

/// Names the speakers of an appearance, in this order. Who spoke there already keeps to be the same one, whoever else
/// has the name.
async fn set_speakers(
    conn: &mut PgConnection,
    by: &Authorized<MarkClaim>,
    appearance: AppearanceId,
    described: &Described,
    were: &[Speaker],
) -> Result<()> {
    let known: HashMap<String, AgentId> =
        were.iter().map(|speaker| (key(&speaker.name), speaker.agent)).collect();
    let mut agents: Vec<Uuid> = Vec::new();
    let mut offices = Vec::new();
    for speaker in &described.speakers {
        let agent = match known.get(&speaker.name.key()) {
            Some(agent) => *agent,
            None => agents::store::find_or_create(conn, by, &speaker.name, Kind::Person).await?,
        };
        agents.push(agent.uuid());
        offices.push(speaker.office.clone());
    }
    let same = were.len() == agents.len()
        && were
            .iter()
            .zip(&agents)
            .zip(&offices)
            .all(|((was, agent), office)| was.agent.uuid() == *agent && was.office == *office);
    if same {
        return Ok(());
    }
    sqlx::query!(
        "DELETE FROM appearance_speakers WHERE desk_id = $1 AND appearance_id = $2",
        by.desk.id as _,
        appearance as _,
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query!(
        r#"
        INSERT INTO appearance_speakers (desk_id, appearance_id, agent_id, position, office)
        SELECT $1, $2, named.agent, named.position::smallint, named.office
        FROM unnest($3::uuid[], $4::text[]) WITH ORDINALITY AS named (agent, office, position)
        "#,
        by.desk.id as _,
        appearance as _,
        &agents,
        &offices as &[Option<String>],
    )
    .execute(conn)
    .await
    .if_violates(
        "appearance_speakers_pkey",
        Error::invalid("Two of these names belong to the same speaker."),
    )?;
    Ok(())
}

/// Takes an appearance away, or brings it back; its marks go and come with it, in every version where they stand.
///
/// # Errors
/// [`Error::Conflict`] when somebody did so before; [`Error::Invalid`] when it cannot come back as the first known one.
pub async fn set_removed(
    conn: &mut PgConnection,
    by: &Authorized<MarkClaim>,
    change: &Change,
    appearance: &Appearance,
    removed: bool,
) -> Result<()> {
    let updated = sqlx::query!(
        r#"
        UPDATE appearances SET removed_at = CASE WHEN $3 THEN $4::timestamptz END, row_version = row_version + 1, event_id = $5
        WHERE desk_id = $1 AND id = $2 AND (removed_at IS NULL) = $3
        "#,
        by.desk.id as _,
        appearance.id as _,
        removed,
        change.at,
        change.event as _,
    )
    .execute(&mut *conn)
    .await;
    if not_the_first(updated)?.rows_affected() != 1 {
        return Err(Error::conflict("Somebody did this before."));
    }
    sqlx::query!(
        r#"
        UPDATE anchors a
        SET removed = $4 OR NOT (a.version_id = p.version_id OR EXISTS (
                SELECT FROM reanchorings r
                WHERE r.desk_id = a.desk_id AND r.version_id = a.version_id AND r.appearance_id = a.appearance_id
                  AND r.start_at = a.start_at AND r.end_at = a.end_at)),
            drawn = drawn + 1
        FROM appearances p
        WHERE p.desk_id = $1 AND p.id = $3 AND a.desk_id = p.desk_id AND a.claim_id = $2 AND a.appearance_id = p.id
        "#,
        by.desk.id as _,
        appearance.claim as _,
        appearance.id as _,
        removed,
    )
    .execute(conn)
    .await?;
    Ok(())
}
