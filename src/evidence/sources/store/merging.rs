//! Sources that are one document: merged, and parted again.

use serde::{Deserialize, Serialize};
use serde_json::json;
use sqlx::PgConnection;
use uuid::Uuid;

use super::doubles::{Decision, Why, decide, lock};
use super::source::{source, those};
use crate::audit::{self, Change};
use crate::auth::Authorized;
use crate::auth::permission::CiteEvidence;
use crate::db::IfViolates as _;
use crate::error::{Error, Result};
use crate::evidence::sources::Source;
use crate::id::{DeskId, SourceId};

/// What a merger did: the details of its event, and what parting takes back.
#[derive(Debug, Serialize, Deserialize)]
struct Merger {
    into: Into,
    why: Why,
    /// Sources that were merged into this one before.
    sources: Vec<Uuid>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Into {
    before: Option<String>,
    after: String,
    id: SourceId,
}

/// Which of the two goes, and which stands for both: the one that has a copy, or else the older one.
pub(super) async fn survivor(
    conn: &mut PgConnection,
    desk: DeskId,
    one: SourceId,
    other: SourceId,
) -> Result<(SourceId, SourceId)> {
    let (older, newer) = if one < other { (one, other) } else { (other, one) };
    let kept = sqlx::query_scalar!(
        r#"
        SELECT source_id AS "id: SourceId" FROM source_archives
        WHERE desk_id = $1 AND source_id IN ($2, $3) AND copy_id IS NOT NULL
        "#,
        desk as _,
        older as _,
        newer as _,
    )
    .fetch_all(conn)
    .await?;
    Ok(if kept == [newer] { (older, newer) } else { (newer, older) })
}

/// Lets another source stand for this one: what cites this one cites the other from now on.
///
/// # Errors
/// [`Error::Invalid`] for one and the same, [`Error::Conflict`] when one of them is merged already.
pub async fn merge(
    conn: &mut PgConnection,
    by: &Authorized<CiteEvidence>,
    double: SourceId,
    into: SourceId,
    why: Why,
) -> Result<()> {
    if double == into {
        return Err(Error::invalid("This is the same source. Give another one."));
    }
    lock(conn, by, &[double, into]).await?;
    let (double, into) = (source(conn, by.desk.id, double).await?, source(conn, by.desk.id, into).await?);
    if double.merged_into.is_some() || into.merged_into.is_some() {
        return Err(Error::conflict("One of the two has been merged meanwhile."));
    }
    let merger = Merger {
        into: Into { before: None, after: into.name().to_owned(), id: into.id },
        why,
        sources: sqlx::query_scalar!(
            "SELECT id FROM sources WHERE desk_id = $1 AND merged_into = $2 ORDER BY id",
            by.desk.id as _,
            double.id as _,
        )
        .fetch_all(&mut *conn)
        .await?,
    };
    let change = audit::record(conn, by, "source.merge", "source", double.id, &merger).await?;
    point(conn, &change, &merger.sources, Some(into.id)).await?;
    point(conn, &change, &[double.id.uuid()], Some(into.id)).await?;
    decide(conn, &change, (double.id, into.id), why, Decision::Merged).await
}

/// Makes a source that was merged stand for itself again, and remembers that the two are different documents.
///
/// # Errors
/// [`Error::Conflict`] when it is not merged, or the other one was merged in turn.
pub async fn part(conn: &mut PgConnection, by: &Authorized<CiteEvidence>, id: SourceId) -> Result<()> {
    let desk = by.desk.id;
    lock(conn, by, &[id]).await?;
    let was = source(conn, desk, id).await?;
    let details = sqlx::query_scalar!(
        r#"
        SELECT details::text AS "details!" FROM events
        WHERE desk_id = $1 AND entity_id = $2 AND action = 'source.merge'
        ORDER BY id DESC
        LIMIT 1
        "#,
        desk as _,
        id as _,
    )
    .fetch_optional(&mut *conn)
    .await?;
    let (Some(into), Some(details)) = (was.merged_into, details) else {
        return Err(Error::conflict("This source is not merged with another."));
    };
    let merger: Merger = serde_json::from_str(&details).map_err(Error::internal)?;
    if merger.into.id != into {
        return Err(Error::conflict(
            "The source it was merged into has been merged in turn. Part those two first.",
        ));
    }
    lock(conn, by, &[into]).await?;
    let details = json!({"into": {"before": merger.into.after, "after": null}});
    let change = audit::record(conn, by, "source.part", "source", id, &details).await?;
    point(conn, &change, &[id.uuid()], None).await?;
    // What had been merged into this one before comes back to it, unless it was parted meanwhile.
    let back = sqlx::query_scalar!(
        "SELECT id FROM sources WHERE desk_id = $1 AND id = ANY($2) AND merged_into = $3",
        desk as _,
        &merger.sources,
        into as _,
    )
    .fetch_all(&mut *conn)
    .await?;
    point(conn, &change, &back, Some(id)).await?;
    decide(conn, &change, (id, into), merger.why, Decision::Apart).await
}

async fn point(
    conn: &mut PgConnection,
    change: &Change,
    sources: &[Uuid],
    to: Option<SourceId>,
) -> Result<()> {
    sqlx::query!(
        r#"
        UPDATE sources SET merged_into = $3, row_version = row_version + 1, event_id = $4
        WHERE desk_id = $1 AND id = ANY($2)
        "#,
        change.desk as _,
        sources,
        to as _,
        change.event as _,
    )
    .execute(conn)
    .await
    .if_violates("sources_merged_once", Error::conflict("One of the two has been merged meanwhile."))?;
    Ok(())
}

/// The sources that were merged into this one, oldest first.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn merged(conn: &mut PgConnection, desk: DeskId, id: SourceId) -> Result<Vec<Source>> {
    let ids = sqlx::query_scalar!(
        "SELECT id FROM sources WHERE desk_id = $1 AND merged_into = $2 ORDER BY id LIMIT 100",
        desk as _,
        id as _,
    )
    .fetch_all(&mut *conn)
    .await?;
    let mut merged = those(conn, desk, &ids).await?;
    Ok(ids.into_iter().filter_map(|id| merged.remove(&SourceId::from(id))).collect())
}
