//! The sealer: takes the events whose transactions are certainly over and chains them, in batches.
//!
//! Writers never wait for it. Whoever gets the lease on a desk's chain (a row lock) extends it; any number of
//! servers may try.

use std::time::Duration;

use sqlx::{PgConnection, PgPool};
use time::OffsetDateTime;

use super::chain::{Hash, Link, merkle_root};
use super::store::{self, Seen};
use crate::db;
use crate::error::{Error, Result};
use crate::id::DeskId;

/// How long events gather before they are sealed.
const GATHER: Duration = Duration::from_millis(300);
/// How often to look for events that another server left unsealed.
const LOOK: Duration = Duration::from_secs(5);
/// Events a batch, unless one transaction has more.
const BATCH: i64 = 4_000;

/// Seals for as long as the server runs.
pub async fn run(pool: PgPool) {
    if let Err(error) = store::begin_epoch_if_restored(&pool).await {
        tracing::error!(%error, "cannot tell whether the database was restored");
    }
    let mut commits = db::commits();
    loop {
        if let Err(error) = pass(&pool).await {
            tracing::warn!(%error, "sealing the record failed; it is tried again");
        }
        // Whether something was committed here or the time is up: look again.
        let _ = tokio::time::timeout(LOOK, commits.changed()).await;
        tokio::time::sleep(GATHER).await;
    }
}

/// Seals what can be sealed at every desk.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn pass(pool: &PgPool) -> Result<()> {
    for desk in store::desks_to_seal(pool).await? {
        while db::unit_of_work_quietly(pool, async move |tx| next(tx, desk).await).await? {}
    }
    Ok(())
}

/// Seals the next batch of one desk; says whether there may be more.
async fn next(conn: &mut PgConnection, desk: DeskId) -> Result<bool> {
    store::begin_chain(conn, desk).await?;
    let Some(head) = store::lease(conn, desk).await? else { return Ok(false) };
    let (latest_epoch, horizon) = store::horizon(conn, desk).await?;
    // Every transaction of an earlier epoch is over.
    let end = if head.epoch == latest_epoch { horizon } else { i64::MAX };
    let mut events = store::seen(conn, desk, head.epoch, head.through_xid, end, BATCH + 1).await?;
    let Some(last) = events.last().map(|event| event.xid) else {
        if head.epoch < latest_epoch {
            store::enter_epoch(conn, desk, head.epoch + 1).await?;
            return Ok(true);
        }
        return Ok(false);
    };
    let more = i64::try_from(events.len()).is_ok_and(|count| count > BATCH);
    // A transaction is sealed whole: the one that the limit cut waits for the next batch, or is read to its end.
    let to_xid = match (more, events.first().map(|event| event.xid)) {
        (false, _) => end.min(horizon.max(last + 1)),
        (true, Some(first)) if first < last => {
            events.retain(|event| event.xid < last);
            last
        }
        (true, _) => {
            store::allow_time(conn).await?;
            events = store::seen(conn, desk, head.epoch, last, last + 1, i64::MAX).await?;
            last + 1
        }
    };
    append(conn, desk, &head, &events, to_xid).await?;
    Ok(more)
}

async fn append(
    conn: &mut PgConnection,
    desk: DeskId,
    head: &store::Head,
    events: &[Seen],
    to_xid: i64,
) -> Result<()> {
    let leaves: Vec<Hash> = events.iter().map(|event| event.leaf).collect();
    let previous_hash = head.hash.as_slice().try_into().map_err(Error::internal)?;
    let link = Link {
        number: head.number + 1,
        epoch: head.epoch,
        from_xid: head.through_xid,
        to_xid,
        event_count: i32::try_from(events.len()).map_err(Error::internal)?,
        merkle_root: merkle_root(&leaves),
        previous_hash,
        // PostgreSQL keeps microseconds; what is hashed is what can be read back.
        sealed_at: whole_microseconds(OffsetDateTime::now_utc()),
    };
    let hash = link.hash(desk);
    store::append(conn, desk, &link, events, &hash).await
}

fn whole_microseconds(time: OffsetDateTime) -> OffsetDateTime {
    time.replace_nanosecond(time.microsecond() * 1_000).unwrap_or(time)
}
