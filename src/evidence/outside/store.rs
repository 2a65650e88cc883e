//! All SQL of copies in archives outside.

use std::collections::HashMap;

use serde_json::json;
use sqlx::PgConnection;
use time::OffsetDateTime;

use super::{OutsideCopy, Provider, State, Why};
use crate::audit;
use crate::auth::Authorized;
use crate::auth::permission::CiteEvidence;
use crate::error::{Error, Result};
use crate::id::{ClaimId, DeskId, OutsideCopyId, SourceId};
use crate::jobs::Kind;
use crate::jobs::store::{self as queue, Order};
use crate::text::address::SafeUrl;

/// How many copies of one source a page shows.
const SHOWN: i64 = 100;

/// The copies of a source, the newest first; removed ones, too.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn of_source(conn: &mut PgConnection, desk: DeskId, source: SourceId) -> Result<Vec<OutsideCopy>> {
    Ok(sqlx::query_as!(
        OutsideCopy,
        r#"
        SELECT o.id AS "id: OutsideCopyId", o.source_id AS "source: SourceId", o.provider AS "provider: Provider",
               o.state AS "state: State", o.receipt, o.address, o.reason, a.display_name AS created_by, o.created_at,
               o.removed_at
        FROM outside_copies o
        JOIN accounts a ON a.id = o.created_by
        WHERE o.desk_id = $1 AND o.source_id = $2
        ORDER BY o.id DESC
        LIMIT $3
        "#,
        desk as _,
        source as _,
        SHOWN,
    )
    .fetch_all(conn)
    .await?)
}

/// A copy of a desk.
///
/// # Errors
/// [`Error::NotFound`] when the desk has none with that id.
pub async fn get(conn: &mut PgConnection, desk: DeskId, id: OutsideCopyId) -> Result<OutsideCopy> {
    sqlx::query_as!(
        OutsideCopy,
        r#"
        SELECT o.id AS "id: OutsideCopyId", o.source_id AS "source: SourceId", o.provider AS "provider: Provider",
               o.state AS "state: State", o.receipt, o.address, o.reason, a.display_name AS created_by, o.created_at,
               o.removed_at
        FROM outside_copies o
        JOIN accounts a ON a.id = o.created_by
        WHERE o.desk_id = $1 AND o.id = $2
        "#,
        desk as _,
        id as _,
    )
    .fetch_optional(conn)
    .await?
    .ok_or(Error::NotFound("copy"))
}

/// Where the sources of a claim can be read in archives outside, by the source that evidence names; nothing of confidential
/// ones.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn of_claim(
    conn: &mut PgConnection,
    desk: DeskId,
    claim: ClaimId,
) -> Result<HashMap<SourceId, Vec<(Provider, String)>>> {
    let rows = sqlx::query!(
        r#"
        SELECT DISTINCT c.id AS "named: SourceId", s.id AS "source: SourceId", o.id AS copy, o.provider AS "provider: Provider",
               o.address AS "address!"
        FROM evidence e
        JOIN sources c ON c.desk_id = e.desk_id AND c.id = e.source_id AND c.access <> 'confidential'
        JOIN sources s ON s.desk_id = c.desk_id AND s.id = coalesce(c.merged_into, c.id) AND s.access <> 'confidential'
        JOIN outside_copies o ON o.desk_id = s.desk_id AND o.source_id = s.id AND o.state = 'kept' AND o.removed_at IS NULL
        WHERE e.desk_id = $1 AND e.claim_id = $2 AND e.removed_at IS NULL
        ORDER BY o.id
        LIMIT 2000
        "#,
        desk as _,
        claim as _,
    )
    .fetch_all(conn)
    .await?;
    let mut found: HashMap<SourceId, Vec<(Provider, String)>> = HashMap::new();
    for row in rows {
        // Evidence names a source, or, after a merger, the page shows the one that it was merged into.
        let one = found.entry(row.named).or_default();
        one.push((row.provider, row.address.clone()));
        if row.source != row.named {
            let other = found.entry(row.source).or_default();
            if !other.iter().any(|(_, address)| *address == row.address) {
                other.push((row.provider, row.address));
            }
        }
    }
    Ok(found)
}

/// What is handed on: the address, and what it is called. `None` for a source that must not be, or cannot.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn what(
    conn: &mut PgConnection,
    desk: DeskId,
    source: SourceId,
) -> Result<Option<(String, Option<String>)>> {
    let row = sqlx::query!(
        r#"
        SELECT url AS "url!", title FROM sources
        WHERE desk_id = $1 AND id = $2 AND url IS NOT NULL AND access <> 'confidential'
        "#,
        desk as _,
        source as _,
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(|row| (row.url, row.title)))
}

/// Has a source handed to an archive by a job. What is on its way there already is not sent again.
///
/// # Errors
/// [`Error::NotFound`] when the desk has no such source; [`Error::Invalid`] when it must not be handed on, or cannot.
pub async fn hand_on(
    conn: &mut PgConnection,
    by: &Authorized<CiteEvidence>,
    source: SourceId,
    provider: Provider,
) -> Result<()> {
    let found = sqlx::query!(
        r#"
        SELECT s.url IS NOT NULL AND s.access <> 'confidential' AS "may_go!",
               EXISTS (SELECT FROM outside_copies o
                       WHERE o.desk_id = s.desk_id AND o.source_id = s.id AND o.provider = $3 AND o.state = 'pending'
                         AND o.removed_at IS NULL) AS "is_under_way!"
        FROM sources s WHERE s.desk_id = $1 AND s.id = $2
        FOR UPDATE
        "#,
        by.desk.id as _,
        source as _,
        provider as _,
    )
    .fetch_optional(&mut *conn)
    .await?
    .ok_or(Error::NotFound("source"))?;
    if !found.may_go {
        return Err(Error::invalid("A source that is confidential or has no address is not handed on."));
    }
    if found.is_under_way {
        return Ok(());
    }
    let id = OutsideCopyId::new();
    let details = json!({ "source": source, "provider": provider });
    let change = audit::record(conn, by, "outside.hand", "outside_copy", id, &details).await?;
    insert(conn, &change, id, source, provider, None).await?;
    let order = Order {
        desk: change.desk,
        kind: Kind::Outside,
        subject: id.uuid(),
        account: change.by,
        every_s: None,
    };
    queue::order(conn, order, change.at).await
}

/// Hands a source that was just kept to the archives that the desk has chosen, once to each.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn hand_on_kept(
    conn: &mut PgConnection,
    by: &Authorized<CiteEvidence>,
    source: SourceId,
) -> Result<()> {
    let chosen = sqlx::query_scalar!(
        r#"
        SELECT p.provider AS "provider!: Provider"
        FROM source_settings t
        CROSS JOIN unnest(t.hand_to) AS p (provider)
        JOIN sources s ON s.desk_id = t.desk_id AND s.id = $2 AND s.url IS NOT NULL AND s.access <> 'confidential'
        WHERE t.desk_id = $1
          AND NOT EXISTS (SELECT FROM outside_copies o
                          WHERE o.desk_id = t.desk_id AND o.source_id = s.id AND o.provider = p.provider
                            AND o.state <> 'failed')
        ORDER BY p.provider
        "#,
        by.desk.id as _,
        source as _,
    )
    .fetch_all(&mut *conn)
    .await?;
    for provider in chosen {
        hand_on(conn, by, source, provider).await?;
    }
    Ok(())
}

/// Notes where a member says that a copy is.
///
/// # Errors
/// [`Error::NotFound`] when the desk has no such source.
pub async fn name(
    conn: &mut PgConnection,
    by: &Authorized<CiteEvidence>,
    source: SourceId,
    address: &SafeUrl,
) -> Result<()> {
    crate::evidence::sources::store::source(conn, by.desk.id, source).await?;
    let (id, provider) = (OutsideCopyId::new(), Provider::of(address));
    let details = json!({ "source": source, "provider": provider, "address": address.as_str() });
    let change = audit::record(conn, by, "outside.add", "outside_copy", id, &details).await?;
    insert(conn, &change, id, source, provider, Some(address)).await
}

async fn insert(
    conn: &mut PgConnection,
    change: &audit::Change,
    id: OutsideCopyId,
    source: SourceId,
    provider: Provider,
    address: Option<&SafeUrl>,
) -> Result<()> {
    let state = if address.is_some() { State::Kept } else { State::Pending };
    sqlx::query!(
        r#"
        INSERT INTO outside_copies (desk_id, id, source_id, provider, state, address, created_by, created_at, event_id)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
        "#,
        change.desk as _,
        id as _,
        source as _,
        provider as _,
        state as _,
        address.map(SafeUrl::as_str),
        change.by as _,
        change.at,
        change.event as _,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// What came of handing a source on.
#[derive(Clone, Debug)]
pub enum Came {
    /// The archive works on it, under this number.
    Receipt(String),
    Kept(SafeUrl),
    Failed(Why),
}

/// Notes what an archive answered. A copy that is not on its way any more stays as it is.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn came(
    conn: &mut PgConnection,
    desk: DeskId,
    id: OutsideCopyId,
    came: &Came,
    at: OffsetDateTime,
) -> Result<()> {
    let (state, receipt, address, reason) = match came {
        Came::Receipt(receipt) => (State::Pending, Some(receipt.as_str()), None, None),
        Came::Kept(address) => (State::Kept, None, Some(address.as_str()), None),
        Came::Failed(why) => (State::Failed, None, None, Some(why.as_str())),
    };
    let action = match came {
        Came::Receipt(_) => "outside.accept",
        Came::Kept(_) => "outside.keep",
        Came::Failed(_) => "outside.miss",
    };
    let details = json!({ "receipt": receipt, "address": address, "reason": reason });
    let event = audit::record_by_server(conn, desk, at, action, "outside_copy", id, &details).await?;
    sqlx::query!(
        r#"
        UPDATE outside_copies
        SET state = $3, receipt = coalesce($4, receipt), address = $5, reason = $6, row_version = row_version + 1,
            event_id = $7
        WHERE desk_id = $1 AND id = $2 AND state = 'pending'
        "#,
        desk as _,
        id as _,
        state as _,
        receipt,
        address,
        reason,
        event as _,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Takes a copy off the pages, or brings it back.
///
/// # Errors
/// [`Error::NotFound`] when the desk has no such copy; [`Error::Conflict`] when somebody did it already.
pub async fn set_removed(
    conn: &mut PgConnection,
    by: &Authorized<CiteEvidence>,
    id: OutsideCopyId,
    removed: bool,
) -> Result<()> {
    let was = get(conn, by.desk.id, id).await?;
    if was.removed_at.is_some() == removed {
        return Err(Error::conflict("Somebody was quicker. Nothing was changed now."));
    }
    let action = if removed { "outside.remove" } else { "outside.restore" };
    let change =
        audit::record(conn, by, action, "outside_copy", id, &json!({ "source": was.source })).await?;
    let at: Option<OffsetDateTime> = removed.then_some(change.at);
    let updated = sqlx::query!(
        r#"
        UPDATE outside_copies SET removed_at = $3, row_version = row_version + 1, event_id = $4
        WHERE desk_id = $1 AND id = $2 AND (removed_at IS NULL) = $5
        "#,
        change.desk as _,
        id as _,
        at,
        change.event as _,
        removed,
    )
    .execute(conn)
    .await?;
    if updated.rows_affected() == 1 { Ok(()) } else { Err(Error::conflict("Somebody was quicker.")) }
}
