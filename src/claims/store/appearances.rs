//! Appearances and their speakers.

use std::collections::HashMap;

use sqlx::PgConnection;
use uuid::Uuid;

use crate::agents::{self, Kind, key};
use crate::audit::Change;
use crate::auth::Authorized;
use crate::auth::permission::MarkClaim;
use crate::claims::appearance::{Appearance, Described, Mark};
use crate::claims::speakers::Speaker;
use crate::claims::{Attitude, Medium};
use crate::db::IfViolates as _;
use crate::editing;
use crate::error::{Error, Result};
use crate::id::{AgentId, AppearanceId, ArticleId, ClaimId, DeskId, EventId, VersionId};
use crate::text::dates::{PartialDate, Precision};

/// The appearances of a claim: those there are, then the removed ones, each in the order in which they were added.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn appearances(conn: &mut PgConnection, desk: DeskId, claim: ClaimId) -> Result<Vec<Appearance>> {
    read(conn, desk, claim, None).await
}

/// One appearance of a claim.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn appearance(
    conn: &mut PgConnection,
    desk: DeskId,
    claim: ClaimId,
    id: AppearanceId,
) -> Result<Appearance> {
    read(conn, desk, claim, Some(id)).await?.pop().ok_or(Error::NotFound("appearance"))
}

async fn read(
    conn: &mut PgConnection,
    desk: DeskId,
    claim: ClaimId,
    id: Option<AppearanceId>,
) -> Result<Vec<Appearance>> {
    let mut speakers = speakers(conn, desk, claim).await?;
    let rows = sqlx::query!(
        r#"
        SELECT p.id AS "id: AppearanceId", p.article_id AS "article: ArticleId", p.version_id AS "version: VersionId",
               p.exact, p.prefix, p.suffix, p.start_at, p.end_at, p.url, p.said_from, p.said_to, p.said_precision,
               p.place, p.medium AS "medium: Medium", p.event, p.attitude AS "attitude: Attitude", p.is_first_known,
               p.removed_at, p.row_version, p.event_id AS "changed_by: EventId",
               r.title AS "title?", r.url AS "article_url?", g.name AS "publisher?"
        FROM appearances p
        LEFT JOIN articles r ON r.desk_id = p.desk_id AND r.id = p.article_id
        LEFT JOIN agents g ON g.desk_id = r.desk_id AND g.id = r.publisher_id
        WHERE p.desk_id = $1 AND p.claim_id = $2 AND ($3::uuid IS NULL OR p.id = $3)
        ORDER BY p.removed_at IS NOT NULL, p.id
        LIMIT 1000
        "#,
        desk as _,
        claim as _,
        id as _,
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter()
        .map(|row| {
            let mark = match (row.article, row.version, row.exact, row.start_at, row.end_at) {
                (Some(article), Some(version), Some(exact), Some(start), Some(end)) => Some(Mark {
                    article,
                    version,
                    exact,
                    prefix: row.prefix.unwrap_or_default(),
                    suffix: row.suffix.unwrap_or_default(),
                    start,
                    end,
                    title: row.title,
                    publisher: row.publisher,
                    url: row.article_url,
                }),
                _ => None,
            };
            Ok(Appearance {
                id: row.id,
                claim,
                mark,
                url: row.url,
                said: said(row.said_from, row.said_to, &row.said_precision)?,
                place: row.place,
                medium: row.medium,
                event: row.event,
                attitude: row.attitude,
                is_first_known: row.is_first_known,
                speakers: speakers.remove(&row.id).unwrap_or_default(),
                removed_at: row.removed_at,
                row_version: row.row_version,
                changed_by: row.changed_by,
            })
        })
        .collect()
}

async fn speakers(
    conn: &mut PgConnection,
    desk: DeskId,
    claim: ClaimId,
) -> Result<HashMap<AppearanceId, Vec<Speaker>>> {
    let rows = sqlx::query!(
        r#"
        SELECT s.appearance_id AS "appearance: AppearanceId", s.agent_id AS "agent: AgentId", g.name, s.office
        FROM appearances p
        JOIN appearance_speakers s ON s.desk_id = p.desk_id AND s.appearance_id = p.id
        JOIN agents g ON g.desk_id = s.desk_id AND g.id = s.agent_id
        WHERE p.desk_id = $1 AND p.claim_id = $2
        ORDER BY s.appearance_id, s.position
        "#,
        desk as _,
        claim as _,
    )
    .fetch_all(conn)
    .await?;
    let mut speakers: HashMap<_, Vec<Speaker>> = HashMap::new();
    for row in rows {
        let speaker = Speaker { agent: row.agent, name: row.name, office: row.office };
        speakers.entry(row.appearance).or_default().push(speaker);
    }
    Ok(speakers)
}

fn said(from: Option<time::Date>, to: Option<time::Date>, precision: &str) -> Result<PartialDate> {
    let precision: Precision = precision.parse().map_err(Error::internal)?;
    PartialDate::from_columns(from, to, precision).map_err(Error::internal)
}

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

/// Takes an appearance away, or brings it back; its marks go and come with it.
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
        UPDATE anchors SET removed = $4, drawn = drawn + 1
        WHERE desk_id = $1 AND claim_id = $2 AND appearance_id = $3
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
