//! Checking the record: every batch against its events, every batch against the one before, and the whole against heads
//! that were noted elsewhere.

mod compare;
mod fault;

use sqlx::PgPool;

use super::chain::{BEGINNING, Hash, merkle_root};
use super::head::Pin;
use super::store::{self, Seen, StoredSeal};
use crate::db::snapshot;
use crate::error::Result;
use crate::id::DeskId;

pub use fault::{Fault, Told};

/// How many faults are named; more are the work of somebody who wants to be seen.
pub const NAMED_MAX: usize = 50;
/// How many events more than were sealed are read of a few batches at most.
const ADDED_MAX: i64 = 10_000;

/// What checking a desk's record found.
#[derive(Debug)]
pub struct Report {
    /// Events that a batch vouches for.
    pub sealed: i64,
    /// Events that are too new to be in a batch.
    pub unsealed: i64,
    /// The last batch, and its hash: note it elsewhere to be able to tell a rewritten record.
    pub head: Pin,
    /// Where the record is not what it was when it was sealed, in the order of the chain. At most [`NAMED_MAX`].
    pub faults: Vec<Fault>,
    /// How many of the heads that were given are in this chain.
    pub pinned: usize,
}

impl Report {
    /// Whether everything is as it was sealed.
    #[must_use]
    pub fn is_intact(&self) -> bool {
        self.faults.is_empty()
    }
}

/// Checks the whole record of a desk, in one snapshot, and that it goes on from the heads in `pins`.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn verify(pool: &PgPool, desk: DeskId, pins: &[Pin]) -> Result<Report> {
    let mut pins = pins.to_vec();
    pins.sort_unstable_by_key(|pin| pin.number);
    snapshot(pool, async move |conn| {
        store::allow_time(conn).await?;
        let mut walk = Walk::begin(desk, pins);
        walk.strays(conn, (i32::MIN, i64::MIN), (1, 0)).await?;
        while walk.next(conn).await? {}
        walk.end(conn).await
    })
    .await
}

/// How far a chain was followed.
struct Walk {
    desk: DeskId,
    /// What the next batch has to follow.
    number: i64,
    previous: Hash,
    epoch: i32,
    through: i64,
    sealed: i64,
    /// Noted heads that were not reached yet, in order.
    pins: Vec<Pin>,
    pinned: usize,
    faults: Vec<Fault>,
    /// What comes next cannot be judged: a batch does not follow the one before, or holds far too many events.
    is_broken: bool,
}

impl Walk {
    fn begin(desk: DeskId, pins: Vec<Pin>) -> Self {
        let mut walk = Self {
            desk,
            number: 0,
            previous: BEGINNING,
            epoch: 1,
            through: 0,
            sealed: 0,
            pins,
            pinned: 0,
            faults: Vec::new(),
            is_broken: false,
        };
        walk.pass_pins();
        walk
    }

    /// Follows the chain over the next few batches. Says whether it goes on.
    async fn next(&mut self, conn: &mut sqlx::PgConnection) -> Result<bool> {
        let mut seals = store::seals(&mut *conn, self.desk, self.number).await?;
        let Some(epoch) = seals.first().map(|seal| seal.epoch) else { return Ok(false) };
        if epoch > self.epoch {
            self.strays(conn, (self.epoch, self.through), (epoch, 0)).await?;
        }
        // Batches of one epoch stand side by side, so their events are read at once.
        seals.truncate(seals.iter().take_while(|seal| seal.epoch == epoch).count());
        let (from, to) = (self.from(&seals), seals.last().map_or(0, |seal| seal.to_xid));
        let count: i64 = seals.iter().map(|seal| i64::from(seal.event_count)).sum();
        let limit = count + ADDED_MAX;
        let seen = store::seen(&mut *conn, self.desk, epoch, from, to, limit).await?;
        // Then the last batches look as if events of theirs were gone.
        let is_cut = i64::try_from(seen.len()).is_ok_and(|read| read == limit);
        let mut rest = &seen[..];
        for seal in &seals {
            let here;
            (here, rest) = rest.split_at(rest.partition_point(|event| event.xid < seal.to_xid));
            self.follow(conn, seal, here).await?;
            self.is_broken |= is_cut && !self.faults.is_empty();
            if self.is_broken {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn from(&self, seals: &[StoredSeal]) -> i64 {
        seals.first().map_or(self.through, |seal| seal.from_xid)
    }

    /// Judges one batch and its events.
    async fn follow(
        &mut self,
        conn: &mut sqlx::PgConnection,
        seal: &StoredSeal,
        seen: &[Seen],
    ) -> Result<()> {
        let leaves = seal.leaf_hashes.as_chunks::<32>().0;
        let root = merkle_root(leaves);
        let follows_in_time = if seal.epoch == self.epoch {
            seal.from_xid == self.through
        } else {
            seal.epoch > self.epoch && seal.from_xid == 0
        };
        let hash = seal.link(self.previous, root).hash(self.desk);
        let follows = seal.number == self.number + 1
            && seal.previous_hash == self.previous
            && follows_in_time
            && seal.merkle_root == root
            && seal.hash == hash;
        if !follows {
            self.faults.push(Fault::Seal(self.number + 1));
            self.is_broken = true;
            return Ok(());
        }
        for difference in compare::compare(leaves, seal.event_ids.as_chunks::<16>().0, seen) {
            if self.faults.len() < NAMED_MAX {
                self.faults.push(difference.told(conn, self.desk, seal.number).await?);
            }
        }
        self.sealed += i64::from(seal.event_count);
        (self.number, self.previous, self.epoch, self.through) = (seal.number, hash, seal.epoch, seal.to_xid);
        self.pass_pins();
        Ok(())
    }

    /// Compares this batch with the heads that were noted of it.
    fn pass_pins(&mut self) {
        let here = self.pins.partition_point(|pin| pin.number <= self.number);
        for pin in self.pins.drain(..here) {
            if pin.number == self.number && pin.hash == self.previous {
                self.pinned += 1;
            } else {
                let found = Some(Pin { number: self.number, hash: self.previous });
                self.faults.push(Fault::Pinned { noted: pin, found });
            }
        }
    }

    /// Notes events that stand where no batch can vouch for them: between two places of the record's order.
    async fn strays(
        &mut self,
        conn: &mut sqlx::PgConnection,
        from: (i32, i64),
        to: (i32, i64),
    ) -> Result<()> {
        for event in store::strays(conn, self.desk, from, to).await? {
            self.faults.push(Fault::Stray(event));
        }
        Ok(())
    }

    async fn end(mut self, conn: &mut sqlx::PgConnection) -> Result<Report> {
        if !self.is_broken {
            let end = store::head(&mut *conn, self.desk).await?;
            let end = end.map_or((0, BEGINNING.to_vec()), |head| (head.number, head.hash));
            if end.0 != self.number || end.1 != self.previous {
                self.faults.push(Fault::End { found: self.number, expected: end.0 });
            }
            let missed = self.pins.drain(..).map(|noted| Fault::Pinned { noted, found: None });
            self.faults.extend(missed);
        }
        let unsealed = store::count(conn, self.desk, self.epoch, self.through).await?;
        Ok(Report {
            sealed: self.sealed,
            unsealed,
            head: Pin { number: self.number, hash: self.previous },
            faults: self.faults,
            pinned: self.pinned,
        })
    }
}

/// Every desk: its id and its name in addresses.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn desks(pool: &PgPool) -> Result<Vec<(DeskId, String)>> {
    store::desks(pool).await
}
