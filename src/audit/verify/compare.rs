//! How the events of a batch differ from what was sealed.

use std::collections::HashSet;

use sqlx::PgConnection;

use super::fault::{Fault, Told};
use crate::audit::chain::Hash;
use crate::audit::store::{self, Seen};
use crate::error::Result;
use crate::id::{DeskId, EventId};

/// One difference between the events of a batch and its leaves.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Difference {
    /// The event is not what was sealed in its place.
    Changed(EventId),
    /// The event was not there when the batch was sealed.
    Added(EventId),
    /// What was sealed at this place, counted from 1, is gone.
    Gone { place: usize, id: Option<EventId>, after: Option<EventId> },
}

impl Difference {
    /// The fault that it is, with what stands there now.
    pub async fn told(self, conn: &mut PgConnection, desk: DeskId, seal: i64) -> Result<Fault> {
        Ok(match self {
            Self::Changed(event) => Fault::Changed { event: told(conn, desk, event).await?, seal },
            Self::Added(event) => Fault::Added { event: told(conn, desk, event).await?, seal },
            Self::Gone { place, id, after } => Fault::Gone { seal, place, id, after },
        })
    }
}

async fn told(conn: &mut PgConnection, desk: DeskId, event: EventId) -> Result<Told> {
    store::told(conn, desk, event).await
}

/// Every difference, in order. `ids` says which events the leaves are of, as far as that is known.
pub fn compare(leaves: &[Hash], ids: &[[u8; 16]], seen: &[Seen]) -> Vec<Difference> {
    if leaves.len() == seen.len() && leaves.iter().zip(seen).all(|(leaf, event)| *leaf == event.leaf) {
        return Vec::new();
    }
    let sealed: HashSet<&Hash> = leaves.iter().collect();
    let there: HashSet<&Hash> = seen.iter().map(|event| &event.leaf).collect();
    let mut differences = Vec::new();
    let mut seen = seen.iter().peekable();
    let mut after = None;
    for (at, leaf) in leaves.iter().enumerate() {
        let id = ids.get(at).map(|id| EventId::from(uuid::Uuid::from_bytes(*id)));
        let gone = Difference::Gone { place: at + 1, id, after };
        if there.contains(leaf) {
            // What stands before it and was not sealed came in between.
            while let Some(event) = seen.next_if(|event| event.leaf != *leaf) {
                let is_known = sealed.contains(&event.leaf);
                differences.push(if is_known {
                    Difference::Changed(event.id)
                } else {
                    Difference::Added(event.id)
                });
            }
            after = seen.next().map(|event| event.id).or(after);
        } else if let Some(event) =
            seen.next_if(|event| !sealed.contains(&event.leaf) && id.is_none_or(|id| id == event.id))
        {
            differences.push(Difference::Changed(event.id));
            after = Some(event.id);
        } else {
            differences.push(gone);
        }
    }
    differences.extend(seen.map(|event| Difference::Added(event.id)));
    differences
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;

    fn event(n: u8, leaf: u8) -> Seen {
        Seen { id: Uuid::from_bytes([n; 16]).into(), xid: i64::from(n), leaf: [leaf; 32] }
    }

    fn id(n: u8) -> EventId {
        Uuid::from_bytes([n; 16]).into()
    }

    /// Three events as they were sealed.
    fn sealed() -> ([Hash; 3], [[u8; 16]; 3]) {
        ([1, 2, 3].map(|n| [n; 32]), [1, 2, 3].map(|n| [n; 16]))
    }

    fn found(seen: &[Seen]) -> Vec<Difference> {
        let (leaves, ids) = sealed();
        compare(&leaves, &ids, seen)
    }

    #[test]
    fn each_kind_of_difference_is_told_apart() {
        assert_eq!(found(&[event(1, 1), event(2, 2), event(3, 3)]), []);
        assert_eq!(found(&[event(1, 1), event(2, 9), event(3, 3)]), [Difference::Changed(id(2))]);
        assert_eq!(found(&[event(1, 1), event(7, 9), event(2, 2), event(3, 3)]), [Difference::Added(id(7))]);
        assert_eq!(found(&[event(1, 1), event(2, 2), event(3, 3), event(7, 9)]), [Difference::Added(id(7))]);
        let gone = |n, after| Difference::Gone { place: usize::from(n), id: Some(id(n)), after };
        assert_eq!(found(&[event(2, 2), event(3, 3)]), [gone(1, None)]);
        assert_eq!(found(&[event(1, 1), event(3, 3)]), [gone(2, Some(id(1)))]);
        assert_eq!(found(&[event(1, 1), event(2, 2)]), [gone(3, Some(id(2)))]);
        assert_eq!(found(&[]), [gone(1, None), gone(2, None), gone(3, None)]);
    }

    #[test]
    fn two_that_took_each_others_place_are_both_named() {
        // The place is part of what is hashed, so neither is what was sealed.
        assert_eq!(
            found(&[event(1, 1), event(2, 8), event(3, 9)]),
            [Difference::Changed(id(2)), Difference::Changed(id(3))]
        );
        // In place of one stands another: the one is gone, the other was added.
        let gone = Difference::Gone { place: 2, id: Some(id(2)), after: Some(id(1)) };
        assert_eq!(found(&[event(1, 1), event(7, 9), event(3, 3)]), [gone, Difference::Added(id(7))]);
    }

    #[test]
    fn a_batch_without_a_list_of_its_events_is_judged_by_its_leaves() {
        let (leaves, _) = sealed();
        let seen = [event(1, 1), event(3, 3)];
        let gone = Difference::Gone { place: 2, id: None, after: Some(id(1)) };
        assert_eq!(compare(&leaves, &[], &seen), [gone]);
    }

    proptest! {
        #[test]
        fn nothing_is_found_exactly_where_nothing_was_done(leaves in prop::collection::vec(1..9_u8, 0..6)) {
            let seen: Vec<Seen> = leaves.iter().zip(1..).map(|(leaf, n)| event(n, *leaf)).collect();
            let same = seen.len() == 3 && leaves == [1, 2, 3];
            prop_assert_eq!(found(&seen).is_empty(), same);
        }
    }
}
