//! The hashes that tie the record of changes together: pure functions of what is stored.

use sha2::{Digest, Sha256};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::id::{AccountId, DeskId, EventId};

/// A SHA-256 hash.
pub type Hash = [u8; 32];

/// What the first batch of a desk follows.
pub const BEGINNING: Hash = [0; 32];

/// An event as it is stored, in the order of its columns.
#[derive(Debug)]
pub struct StoredEvent {
    pub id: EventId,
    pub epoch: i32,
    pub xid: i64,
    pub at: OffsetDateTime,
    pub actor_kind: String,
    pub actor_id: Option<AccountId>,
    pub action: String,
    pub entity: String,
    pub entity_id: Uuid,
    /// The JSON text, to the letter.
    pub details: String,
}

impl StoredEvent {
    /// The hash over all of the event, as a leaf of RFC 6962, section 2.1: behind a zero byte. Every field goes in
    /// behind its length, so that no two events write the same bytes.
    #[must_use]
    pub fn leaf(&self, desk: DeskId) -> Hash {
        let mut hash = Sha256::new_with_prefix([0]);
        let mut field = |bytes: &[u8]| {
            hash.update((bytes.len() as u64).to_be_bytes());
            hash.update(bytes);
        };
        field(desk.uuid().as_bytes());
        field(self.id.uuid().as_bytes());
        field(&self.epoch.to_be_bytes());
        field(&self.xid.to_be_bytes());
        field(&self.at.unix_timestamp_nanos().to_be_bytes());
        field(self.actor_kind.as_bytes());
        field(self.actor_id.map(|id| *id.uuid().as_bytes()).as_ref().map_or(&[], |id| &id[..]));
        field(self.action.as_bytes());
        field(self.entity.as_bytes());
        field(self.entity_id.as_bytes());
        field(self.details.as_bytes());
        hash.finalize().into()
    }
}

/// The root over leaves as RFC 6962, section 2.1, defines it. Of no leaves: the hash of nothing.
#[must_use]
pub fn merkle_root(leaves: &[Hash]) -> Hash {
    match leaves {
        [] => Sha256::digest([]).into(),
        [leaf] => *leaf,
        _ => {
            let half = leaves.len().next_power_of_two() / 2;
            let (left, right) = leaves.split_at(half);
            Sha256::new_with_prefix([1])
                .chain_update(merkle_root(left))
                .chain_update(merkle_root(right))
                .finalize()
                .into()
        }
    }
}

/// One batch of the chain, without its own hash.
#[derive(Clone, Debug)]
pub struct Link {
    pub number: i64,
    pub epoch: i32,
    /// The first transaction that belongs to it.
    pub from_xid: i64,
    /// The first transaction that does not.
    pub to_xid: i64,
    pub event_count: i32,
    pub merkle_root: Hash,
    pub previous_hash: Hash,
    pub sealed_at: OffsetDateTime,
}

impl Link {
    /// The hash that the next batch follows.
    #[must_use]
    pub fn hash(&self, desk: DeskId) -> Hash {
        Sha256::new_with_prefix(b"factdesk seal 1\0")
            .chain_update(desk.uuid().as_bytes())
            .chain_update(self.number.to_be_bytes())
            .chain_update(self.epoch.to_be_bytes())
            .chain_update(self.from_xid.to_be_bytes())
            .chain_update(self.to_xid.to_be_bytes())
            .chain_update(self.event_count.to_be_bytes())
            .chain_update(self.merkle_root)
            .chain_update(self.previous_hash)
            .chain_update(self.sealed_at.unix_timestamp_nanos().to_be_bytes())
            .finalize()
            .into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn leaf(n: u8) -> Hash {
        [n; 32]
    }

    fn node(left: Hash, right: Hash) -> Hash {
        Sha256::new_with_prefix([1]).chain_update(left).chain_update(right).finalize().into()
    }

    #[test]
    fn a_tree_splits_at_the_largest_power_of_two_below_its_size() {
        let leaves = [1, 2, 3, 4, 5].map(leaf);
        let pair = |at: usize| node(leaves[at], leaves[at + 1]);
        assert_eq!(merkle_root(&leaves[..3]), node(pair(0), leaves[2]));
        assert_eq!(merkle_root(&leaves[..4]), node(pair(0), pair(2)));
        assert_eq!(merkle_root(&leaves), node(node(pair(0), pair(2)), leaves[4]));
    }

    #[test]
    fn moving_a_letter_from_one_field_to_the_next_changes_the_hash() {
        let event = |action: &str, entity: &str| StoredEvent {
            id: Uuid::nil().into(),
            epoch: 1,
            xid: 7,
            at: OffsetDateTime::UNIX_EPOCH,
            actor_kind: "system".into(),
            actor_id: None,
            action: action.into(),
            entity: entity.into(),
            entity_id: Uuid::nil(),
            details: "{}".into(),
        };
        let desk = Uuid::nil().into();
        assert_ne!(event("claim.mark", "claim").leaf(desk), event("claim.markc", "laim").leaf(desk));
    }
}
