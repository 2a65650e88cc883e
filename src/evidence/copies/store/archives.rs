//! How far the keeping of a source is: ordered, ended, ordered again.

use sqlx::PgConnection;
use time::{Duration, OffsetDateTime};

use crate::audit::{self, Change};
use crate::auth::Authorized;
use crate::auth::permission::CiteEvidence;
use crate::error::{Error, Result};
use crate::evidence::copies::{LOOK_S, Link, Why};
use crate::evidence::sources::Access;
use crate::id::{CopyId, DeskId, EventId, SourceId};
use crate::jobs::{self, Kind, store::Order};

/// Has a source archived, unless it was before, or there is nothing to fetch: it has no address, or is confidential. The
/// change is the one that made or cited it.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn begin(
    conn: &mut PgConnection,
    by: &Authorized<CiteEvidence>,
    change: &Change,
    source: SourceId,
) -> Result<()> {
    let begun = sqlx::query_scalar!(
        r#"
        INSERT INTO source_archives (desk_id, source_id, state, event_id)
        SELECT s.desk_id, s.id, 'pending', $3
        FROM sources c JOIN sources s ON s.desk_id = c.desk_id AND s.id = coalesce(c.merged_into, c.id)
        WHERE c.desk_id = $1 AND c.id = $2 AND s.url IS NOT NULL AND s.access <> 'confidential'
        ON CONFLICT DO NOTHING
        RETURNING source_id AS "source: SourceId"
        "#,
        change.desk as _,
        source as _,
        change.event as _,
    )
    .fetch_optional(&mut *conn)
    .await?;
    match begun {
        Some(source) => order(conn, by, source, change.at).await,
        None => Ok(()),
    }
}

/// Has a source archived once more.
///
/// # Errors
/// [`Error::NotFound`] when the desk has no such source; [`Error::Conflict`] when there is nothing to fetch.
pub async fn again(conn: &mut PgConnection, by: &Authorized<CiteEvidence>, source: SourceId) -> Result<()> {
    let wanted = wanted(conn, by.desk.id, source).await?;
    if wanted.url.is_none() {
        return Err(Error::conflict("This source has no address. Add it first, or give a copy by hand."));
    }
    if wanted.access == Access::Confidential {
        return Err(Error::conflict("A confidential source is not fetched. Give a copy by hand."));
    }
    let change = audit::record(conn, by, "source.archive", "source", wanted.id, &()).await?;
    sqlx::query!(
        r#"
        INSERT INTO source_archives AS a (desk_id, source_id, state, event_id) VALUES ($1, $2, 'pending', $3)
        ON CONFLICT (desk_id, source_id) DO UPDATE
        SET state = 'pending', reason = NULL, row_version = a.row_version + 1, event_id = excluded.event_id
        "#,
        change.desk as _,
        wanted.id as _,
        change.event as _,
    )
    .execute(&mut *conn)
    .await?;
    order(conn, by, wanted.id, change.at).await
}

async fn order(
    conn: &mut PgConnection,
    by: &Authorized<CiteEvidence>,
    source: SourceId,
    at: OffsetDateTime,
) -> Result<()> {
    let order = Order {
        desk: by.desk.id,
        kind: Kind::Archive,
        subject: source.uuid(),
        account: by.person.account,
        every_s: None,
    };
    jobs::store::order(conn, order, at).await
}

/// A source as far as keeping it depends on it.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// The one that stands for it, when it was merged.
    pub id: SourceId,
    pub url: Option<String>,
    pub access: Access,
}

/// What is to be kept of a source.
///
/// # Errors
/// [`Error::NotFound`] when the desk has no such source.
pub async fn wanted(conn: &mut PgConnection, desk: DeskId, source: SourceId) -> Result<Wanted> {
    sqlx::query_as!(
        Wanted,
        r#"
        SELECT s.id AS "id: SourceId", s.url, s.access AS "access: Access"
        FROM sources c JOIN sources s ON s.desk_id = c.desk_id AND s.id = coalesce(c.merged_into, c.id)
        WHERE c.desk_id = $1 AND c.id = $2
        "#,
        desk as _,
        source as _,
    )
    .fetch_optional(conn)
    .await?
    .ok_or(Error::NotFound("source"))
}

/// Says that a source was not kept, and why. The event is `source.miss`. Copies from before stay, and one that was given by
/// hand meanwhile is enough.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn miss(
    conn: &mut PgConnection,
    desk: DeskId,
    event: EventId,
    source: SourceId,
    why: Why,
) -> Result<()> {
    sqlx::query!(
        r#"
        UPDATE source_archives SET state = $4, reason = $5, row_version = row_version + 1, event_id = $3
        WHERE desk_id = $1 AND source_id = $2 AND state = 'pending'
        "#,
        desk as _,
        source as _,
        event as _,
        why.state() as _,
        why as _,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Says that the newest copy of a source is this one, and that its address shows just that. Looks at the address are
/// ordered from now on.
///
/// # Errors
/// When PostgreSQL fails.
pub(super) async fn hold(
    conn: &mut PgConnection,
    by: &Authorized<CiteEvidence>,
    change: &Change,
    source: SourceId,
    copy: CopyId,
    link: Option<Link>,
) -> Result<()> {
    sqlx::query!(
        r#"
        INSERT INTO source_archives AS a (desk_id, source_id, state, copy_id, link, link_since, looked_at, event_id)
        VALUES ($1, $2, 'kept', $3, coalesce($4, 'unknown'), CASE WHEN $4::text IS NULL THEN NULL ELSE $5::timestamptz END,
                CASE WHEN $4::text IS NULL THEN NULL ELSE $5::timestamptz END, $6)
        ON CONFLICT (desk_id, source_id) DO UPDATE
        SET state = 'kept', reason = NULL, copy_id = $3, link = coalesce($4, a.link),
            link_reason = CASE WHEN $4::text IS NULL THEN a.link_reason END,
            link_since = CASE WHEN $4::text IS NULL OR $4 = a.link THEN a.link_since ELSE $5 END,
            looked_at = CASE WHEN $4::text IS NULL THEN a.looked_at ELSE $5 END,
            row_version = a.row_version + 1, event_id = $6
        "#,
        change.desk as _,
        source as _,
        copy as _,
        link as _,
        change.at,
        change.event as _,
    )
    .execute(&mut *conn)
    .await?;
    if link.is_none() {
        return Ok(());
    }
    let order = Order {
        desk: change.desk,
        kind: Kind::Link,
        subject: source.uuid(),
        account: by.person.account,
        every_s: Some(LOOK_S.0),
    };
    jobs::store::order(conn, order, change.at + Duration::seconds(LOOK_S.0.into())).await
}

/// Says what a source's address shows now, and for a dead one why. The event is `source.look`.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn looked(
    conn: &mut PgConnection,
    desk: DeskId,
    event: EventId,
    at: OffsetDateTime,
    source: SourceId,
    (link, why): (Link, Option<Why>),
) -> Result<()> {
    sqlx::query!(
        r#"
        UPDATE source_archives
        SET link = $4, link_reason = $5, link_since = CASE WHEN link = $4 THEN link_since ELSE $6 END, looked_at = $6,
            row_version = row_version + 1, event_id = $3
        WHERE desk_id = $1 AND source_id = $2
        "#,
        desk as _,
        source as _,
        event as _,
        link as _,
        why as _,
        at,
    )
    .execute(conn)
    .await?;
    Ok(())
}
