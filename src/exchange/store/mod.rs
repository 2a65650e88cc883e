//! All SQL of what leaves the desk. Claims are read in the order of their ids, a batch at a time; what belongs to them is
//! fetched for the batch and put in its place here, which costs PostgreSQL less than one statement with many joins.

mod claims;
mod desk;
mod evidence;
mod parts;
mod shared;

use std::collections::HashMap;

use sqlx::PgConnection;
use uuid::Uuid;

pub use self::desk::{Head, State, Totals, allow_time, claim_of, head, set_licence, site, state, totals};
use self::shared::Shared;
use super::{ClaimRecord, Scope};
use crate::error::Result;
use crate::evidence::AsOf;
use crate::id::{ClaimId, DeskId};

/// How many claims are read at once: more take more memory and hardly less time.
const BATCH: i64 = 400;

/// Reads claims with everything about them, on a connection that sees one snapshot.
#[derive(Debug)]
pub struct Loader {
    desk: DeskId,
    scope: Scope,
    as_of: AsOf,
    /// The lowest and highest id that are still to be read.
    next: Option<(Uuid, Uuid)>,
    /// Whether the desk has articles in several versions, so that marks stand in more than one.
    reanchored: Option<bool>,
    shared: Shared,
}

impl Loader {
    /// Reads all claims of the desk.
    #[must_use]
    pub fn all(desk: DeskId, scope: Scope) -> Self {
        Self::between(desk, scope, Uuid::nil(), Uuid::max())
    }

    /// Reads one claim.
    #[must_use]
    pub fn one(desk: DeskId, scope: Scope, claim: ClaimId) -> Self {
        Self::between(desk, scope, claim.uuid(), claim.uuid())
    }

    /// The same with the evidence that counts then.
    #[must_use]
    pub fn as_of(mut self, as_of: AsOf) -> Self {
        self.as_of = as_of;
        self
    }

    fn between(desk: DeskId, scope: Scope, from: Uuid, to: Uuid) -> Self {
        Self {
            desk,
            scope,
            as_of: AsOf::Now,
            next: Some((from, to)),
            reanchored: None,
            shared: Shared::default(),
        }
    }

    /// The next claims; none when all were read.
    ///
    /// # Errors
    /// When PostgreSQL fails.
    pub async fn batch(&mut self, conn: &mut PgConnection) -> Result<Vec<ClaimRecord>> {
        let Some((from, to)) = self.next else { return Ok(Vec::new()) };
        let mut records = claims::claims(conn, self.desk, self.scope, (from, to), BATCH).await?;
        let last = records.last().map(|record| record.id.uuid());
        self.next = last.filter(|last| *last < to).map(|last| (Uuid::from_u128(last.as_u128() + 1), to));
        if records.is_empty() {
            return Ok(records);
        }
        let mut places: Places =
            records.iter().zip(0..).map(|(record, place)| (record.id.uuid(), place)).collect();
        claims::duplicates(conn, self.desk, self.scope, &mut places, &mut records).await?;
        self.appearances(conn, &places, &mut records).await?;
        self.evidence(conn, &places, &mut records).await?;
        if self.as_of == AsOf::Claim {
            records.iter_mut().for_each(ClaimRecord::keep_as_of_claim);
        }
        self.verdicts(conn, &places, &mut records).await?;
        if self.scope == Scope::Desk {
            self.drafts(conn, &places, &mut records).await?;
        }
        Ok(records)
    }
}

/// Which record of a batch a claim's rows belong to.
type Places = HashMap<Uuid, usize>;

/// The ids of a batch's claims, as statements take them.
fn ids(places: &Places) -> Vec<Uuid> {
    places.keys().copied().collect()
}
