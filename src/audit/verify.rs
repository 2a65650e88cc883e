//! Checking the record: every batch against its events, and every batch against the one before.

use std::fmt;

use sqlx::{Connection as _, PgPool};

use super::chain::{BEGINNING, Hash, Link, merkle_root};
use super::store::{self, StoredSeal};
use crate::error::Result;
use crate::id::{DeskId, EventId};

/// What checking a desk's record found.
#[derive(Debug)]
pub struct Report {
    /// Events that a batch vouches for.
    pub sealed: i64,
    /// Events that are too new to be in a batch.
    pub unsealed: i64,
    /// The last batch, and its hash in hex: note it elsewhere to be able to tell a rewritten record.
    pub head: (i64, String),
    /// The first place where the record is not what it was.
    pub fault: Option<Fault>,
}

/// The first place where a record is not what it was when it was sealed.
#[derive(Debug, PartialEq, Eq)]
pub enum Fault {
    /// This event is not what was sealed: changed, added, or in another's place.
    Event { event: EventId, seal: i64 },
    /// Events that were sealed are gone; this many of the batch are left.
    Missing { seal: i64, after: Option<EventId>, left: usize, sealed: i32 },
    /// The batch itself was changed, or does not follow the one before.
    Seal(i64),
    /// Batches at the end of the chain are gone, or its end was moved.
    End { found: i64, expected: i64 },
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Event { event, seal } => {
                write!(
                    f,
                    "event {event} is not what was sealed in batch {seal}: it was changed, added or swapped"
                )
            }
            Self::Missing { seal, after, left, sealed } => {
                write!(
                    f,
                    "batch {seal} has {left} of its {sealed} events left; the first missing one stood "
                )?;
                match after {
                    Some(event) => write!(f, "after event {event}"),
                    None => f.write_str("at its beginning"),
                }
            }
            Self::Seal(number) => {
                write!(f, "batch {number} was changed, removed, or does not follow the one before it")
            }
            Self::End { found, expected } => {
                write!(f, "the chain ends with batch {found}, but batch {expected} was its end")
            }
        }
    }
}

/// Checks the whole record of a desk, in one snapshot.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn verify(pool: &PgPool, desk: DeskId) -> Result<Report> {
    let mut connection = pool.acquire().await?;
    let mut tx = connection.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await?;
    let (mut sealed, mut previous, mut number): (i64, Hash, i64) = (0, BEGINNING, 0);
    let (mut epoch, mut through) = (1, 0);
    let mut fault = None;
    'chain: loop {
        let seals = store::seals(&mut tx, desk, number, 100).await?;
        if seals.is_empty() {
            break;
        }
        for seal in seals {
            let follows = seal.number == number + 1
                && seal.previous_hash == previous
                && if seal.epoch == epoch {
                    seal.from_xid == through
                } else {
                    seal.epoch > epoch && seal.from_xid == 0
                };
            let leaves: Vec<Hash> = seal.leaf_hashes.as_chunks::<32>().0.to_vec();
            let hash = link(&seal, previous, merkle_root(&leaves)).hash(desk);
            if !follows || seal.hash != hash || seal.merkle_root != merkle_root(&leaves) {
                fault = Some(Fault::Seal(number + 1));
                break 'chain;
            }
            fault = check_events(&mut tx, desk, &seal, &leaves).await?;
            if fault.is_some() {
                break 'chain;
            }
            sealed += i64::from(seal.event_count);
            (previous, number, epoch, through) = (hash, seal.number, seal.epoch, seal.to_xid);
        }
    }
    let head = store::head(&mut tx, desk).await?;
    if let (None, Some(head)) = (&fault, &head)
        && (head.number != number || head.hash != previous)
    {
        fault = Some(Fault::End { found: number, expected: head.number });
    }
    let unsealed = store::count(&mut tx, desk, epoch, through).await?;
    tx.commit().await?;
    let hash = previous.iter().fold(String::new(), |text, byte| format!("{text}{byte:02x}"));
    Ok(Report { sealed, unsealed, head: (number, hash), fault })
}

async fn check_events(
    conn: &mut sqlx::PgConnection,
    desk: DeskId,
    seal: &StoredSeal,
    leaves: &[Hash],
) -> Result<Option<Fault>> {
    let events = store::events(conn, desk, seal.epoch, seal.from_xid, seal.to_xid, i64::MAX).await?;
    let mut after = None;
    for (position, leaf) in leaves.iter().enumerate() {
        let Some(event) = events.get(position) else {
            return Ok(Some(missing(seal, after, events.len())));
        };
        if event.leaf(desk) != *leaf {
            // Shorter by what follows: the event sealed here is gone, and its neighbour moved up.
            let moved_up = events.len() < leaves.len() && leaves[position..].contains(&event.leaf(desk));
            return Ok(Some(if moved_up {
                missing(seal, after, events.len())
            } else {
                Fault::Event { event: event.id, seal: seal.number }
            }));
        }
        after = Some(event.id);
    }
    Ok(events.get(leaves.len()).map(|event| Fault::Event { event: event.id, seal: seal.number }))
}

fn missing(seal: &StoredSeal, after: Option<EventId>, left: usize) -> Fault {
    Fault::Missing { seal: seal.number, after, left, sealed: seal.event_count }
}

fn link(seal: &StoredSeal, previous_hash: Hash, merkle_root: Hash) -> Link {
    Link {
        number: seal.number,
        epoch: seal.epoch,
        from_xid: seal.from_xid,
        to_xid: seal.to_xid,
        event_count: seal.event_count,
        merkle_root,
        previous_hash,
        sealed_at: seal.sealed_at,
    }
}

/// Every desk: its id and its name in addresses.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn desks(pool: &PgPool) -> Result<Vec<(DeskId, String)>> {
    store::desks(pool).await
}
