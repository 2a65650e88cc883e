//! All SQL of the record's chain.

use futures_util::TryStreamExt as _;
use sqlx::{PgConnection, PgPool};
use time::OffsetDateTime;

use super::chain::{Hash, Link, StoredEvent};
use super::verify::Told;
use crate::error::Result;
use crate::id::{AccountId, DeskId, EventId};

/// The end of a desk's chain.
#[derive(Debug)]
pub struct Head {
    pub number: i64,
    pub hash: Vec<u8>,
    pub epoch: i32,
    pub through_xid: i64,
}

/// A batch as it is stored.
#[derive(Debug)]
pub struct StoredSeal {
    pub number: i64,
    pub epoch: i32,
    pub from_xid: i64,
    pub to_xid: i64,
    pub event_count: i32,
    pub leaf_hashes: Vec<u8>,
    /// 16 bytes an event; nothing in batches from before they were noted.
    pub event_ids: Vec<u8>,
    pub merkle_root: Vec<u8>,
    pub previous_hash: Vec<u8>,
    pub hash: Vec<u8>,
    pub sealed_at: OffsetDateTime,
}

impl StoredSeal {
    /// The batch as it is hashed, with what it should follow and hold.
    #[must_use]
    pub fn link(&self, previous_hash: Hash, merkle_root: Hash) -> Link {
        Link {
            number: self.number,
            epoch: self.epoch,
            from_xid: self.from_xid,
            to_xid: self.to_xid,
            event_count: self.event_count,
            merkle_root,
            previous_hash,
            sealed_at: self.sealed_at,
        }
    }
}

/// An event as far as the chain goes: where it stands, and its hash.
#[derive(Clone, Copy, Debug)]
pub struct Seen {
    pub id: EventId,
    pub xid: i64,
    pub leaf: Hash,
}

/// Gives this transaction the time that a long record takes.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn allow_time(conn: &mut PgConnection) -> Result<()> {
    sqlx::query!(
        r#"
        SELECT set_config('statement_timeout', '5min', true) AS statements,
               set_config('idle_in_transaction_session_timeout', '5min', true) AS pauses
        "#
    )
    .fetch_one(conn)
    .await?;
    Ok(())
}

/// The desks whose record has events past the end of their chain. Of all desks: the sealer serves every one.
pub async fn desks_to_seal(pool: &PgPool) -> Result<Vec<DeskId>> {
    Ok(sqlx::query_scalar!(
        r#"
        SELECT d.id AS "id: DeskId"
        FROM desks d
        LEFT JOIN event_chains c ON c.desk_id = d.id
        WHERE EXISTS (
            SELECT FROM events e
            WHERE e.desk_id = d.id AND (e.epoch, e.xid) >= (coalesce(c.epoch, 1), coalesce(c.through_xid, 0))
        )
        ORDER BY d.id
        LIMIT 1000
        "#
    )
    .fetch_all(pool)
    .await?)
}

/// Begins a new epoch of events when the database was restored and counts its transactions anew.
pub async fn begin_epoch_if_restored(pool: &PgPool) -> Result<bool> {
    Ok(sqlx::query_scalar!(r#"SELECT begin_event_epoch_if_restored() AS "begun!""#).fetch_one(pool).await?)
}

/// Makes sure that the desk has a chain.
pub async fn begin_chain(conn: &mut PgConnection, desk: DeskId) -> Result<()> {
    sqlx::query!("INSERT INTO event_chains (desk_id) VALUES ($1) ON CONFLICT DO NOTHING", desk as _)
        .execute(conn)
        .await?;
    Ok(())
}

/// Takes the lease on a desk's chain; nothing when another sealer has it.
pub async fn lease(conn: &mut PgConnection, desk: DeskId) -> Result<Option<Head>> {
    Ok(sqlx::query_as!(
        Head,
        "SELECT number, hash, epoch, through_xid FROM event_chains WHERE desk_id = $1 FOR UPDATE SKIP LOCKED",
        desk as _,
    )
    .fetch_optional(conn)
    .await?)
}

/// The end of the chain, to be shown.
pub async fn head(conn: &mut PgConnection, desk: DeskId) -> Result<Option<Head>> {
    Ok(sqlx::query_as!(
        Head,
        "SELECT number, hash, epoch, through_xid FROM event_chains WHERE desk_id = $1",
        desk as _,
    )
    .fetch_optional(conn)
    .await?)
}

/// The latest epoch of the desk's events, and the first transaction that is still under way.
pub async fn horizon(conn: &mut PgConnection, desk: DeskId) -> Result<(i32, i64)> {
    let row = sqlx::query!(
        r#"
        SELECT coalesce((SELECT epoch FROM events WHERE desk_id = $1 ORDER BY epoch DESC LIMIT 1), 1) AS "epoch!",
               pg_snapshot_xmin(pg_current_snapshot())::text::bigint AS "xmin!"
        "#,
        desk as _,
    )
    .fetch_one(conn)
    .await?;
    Ok((row.epoch, row.xmin))
}

/// Events of one epoch in the order of the chain, from one transaction up to, without, another: hashed as they come, so
/// that any number of them takes little memory.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn seen(
    conn: &mut PgConnection,
    desk: DeskId,
    epoch: i32,
    from_xid: i64,
    to_xid: i64,
    limit: i64,
) -> Result<Vec<Seen>> {
    Ok(sqlx::query_as!(
        StoredEvent,
        r#"
        SELECT id AS "id: EventId", epoch, xid, at, actor_kind, actor_id AS "actor_id: AccountId", action, entity,
               entity_id, details::text AS "details!"
        FROM events
        WHERE desk_id = $1 AND epoch = $2 AND xid >= $3 AND xid < $4
        ORDER BY xid, id
        LIMIT $5
        "#,
        desk as _,
        epoch,
        from_xid,
        to_xid,
        limit,
    )
    .fetch(conn)
    .map_ok(|event| Seen { id: event.id, xid: event.xid, leaf: event.leaf(desk) })
    .try_collect()
    .await?)
}

/// What an event says of itself.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn told(conn: &mut PgConnection, desk: DeskId, event: EventId) -> Result<Told> {
    Ok(sqlx::query_as!(
        Told,
        r#"SELECT id AS "id: EventId", action, entity, entity_id, at FROM events WHERE desk_id = $1 AND id = $2"#,
        desk as _,
        event as _,
    )
    .fetch_one(conn)
    .await?)
}

/// The first events between two places in the order of the record: epoch and transaction.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn strays(
    conn: &mut PgConnection,
    desk: DeskId,
    (from_epoch, from_xid): (i32, i64),
    (to_epoch, to_xid): (i32, i64),
) -> Result<Vec<Told>> {
    Ok(sqlx::query_as!(
        Told,
        r#"
        SELECT id AS "id: EventId", action, entity, entity_id, at
        FROM events
        WHERE desk_id = $1 AND (epoch, xid) >= ($2, $3) AND (epoch, xid) < ($4, $5)
        ORDER BY epoch, xid, id
        LIMIT 10
        "#,
        desk as _,
        from_epoch,
        from_xid,
        to_epoch,
        to_xid,
    )
    .fetch_all(conn)
    .await?)
}

/// Adds a batch to the chain and moves its end. The lease is held.
pub async fn append(
    conn: &mut PgConnection,
    desk: DeskId,
    link: &Link,
    events: &[Seen],
    hash: &Hash,
) -> Result<()> {
    let leaves: Vec<u8> = events.iter().flat_map(|event| event.leaf).collect();
    let ids: Vec<u8> = events.iter().flat_map(|event| *event.id.uuid().as_bytes()).collect();
    sqlx::query!(
        r#"
        WITH seal AS (
            INSERT INTO event_seals (desk_id, number, epoch, from_xid, to_xid, event_count, leaf_hashes, merkle_root,
                                     previous_hash, hash, sealed_at, event_ids)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
        )
        UPDATE event_chains SET number = $2, hash = $10, epoch = $3, through_xid = $5 WHERE desk_id = $1
        "#,
        desk as _,
        link.number,
        link.epoch,
        link.from_xid,
        link.to_xid,
        link.event_count,
        leaves,
        &link.merkle_root[..],
        &link.previous_hash[..],
        &hash[..],
        link.sealed_at,
        ids,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Lets the chain go on in a later epoch.
pub async fn enter_epoch(conn: &mut PgConnection, desk: DeskId, epoch: i32) -> Result<()> {
    sqlx::query!("UPDATE event_chains SET epoch = $2, through_xid = 0 WHERE desk_id = $1", desk as _, epoch)
        .execute(conn)
        .await?;
    Ok(())
}

/// The next batches after `after`, in order: some eight thousand events, or one batch with more.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn seals(conn: &mut PgConnection, desk: DeskId, after: i64) -> Result<Vec<StoredSeal>> {
    Ok(sqlx::query_as!(
        StoredSeal,
        r#"
        SELECT s.number, s.epoch, s.from_xid, s.to_xid, s.event_count, s.leaf_hashes, s.event_ids, s.merkle_root,
               s.previous_hash, s.hash, s.sealed_at
        FROM (
            SELECT number, sum(event_count) OVER (ORDER BY number) - event_count AS before
            FROM (
                SELECT number, event_count FROM event_seals WHERE desk_id = $1 AND number > $2 ORDER BY number LIMIT 4000
            ) n
        ) w
        JOIN event_seals s ON s.desk_id = $1 AND s.number = w.number
        WHERE w.before < 8000
        ORDER BY s.number
        "#,
        desk as _,
        after,
    )
    .fetch_all(conn)
    .await?)
}

/// One batch's hash and when it was sealed.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn seal(
    conn: &mut PgConnection,
    desk: DeskId,
    number: i64,
) -> Result<Option<(Vec<u8>, OffsetDateTime)>> {
    let row = sqlx::query!(
        "SELECT hash, sealed_at FROM event_seals WHERE desk_id = $1 AND number = $2",
        desk as _,
        number,
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(|row| (row.hash, row.sealed_at)))
}

/// How many events stand from one place in the order of the record on.
pub async fn count(conn: &mut PgConnection, desk: DeskId, epoch: i32, from_xid: i64) -> Result<i64> {
    Ok(sqlx::query_scalar!(
        r#"SELECT count(*) AS "count!" FROM events WHERE desk_id = $1 AND (epoch, xid) >= ($2, $3)"#,
        desk as _,
        epoch,
        from_xid,
    )
    .fetch_one(conn)
    .await?)
}

/// Every desk: its id and its name in addresses.
pub async fn desks(pool: &PgPool) -> Result<Vec<(DeskId, String)>> {
    let rows = sqlx::query!(r#"SELECT id AS "id: DeskId", slug FROM desks ORDER BY slug LIMIT 100000"#)
        .fetch_all(pool)
        .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.slug)).collect())
}
