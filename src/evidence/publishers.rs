//! How many publishers stand behind what is cited, and how many of them found out for themselves.

use std::collections::HashSet;
use std::fmt;

use serde::Serialize;

use super::kinds::Independence;
use crate::id::AgentId;

/// The publishers that are known of what a claim cites: as the guard of the review stage counts them (`claim_facts`).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize)]
pub struct Publishers {
    pub known: usize,
    /// Those of at least one piece that neither repeats another source nor is a party's own word.
    pub independent: usize,
}

impl Publishers {
    /// Counts the publishers of pieces of evidence.
    #[must_use]
    pub fn of(cited: impl Iterator<Item = (Option<AgentId>, Option<Independence>)>) -> Self {
        let (mut known, mut independent) = (HashSet::new(), HashSet::new());
        for (publisher, how) in cited {
            let Some(publisher) = publisher else { continue };
            known.insert(publisher);
            if how.unwrap_or(Independence::Independent) == Independence::Independent {
                independent.insert(publisher);
            }
        }
        Self { known: known.len(), independent: independent.len() }
    }
}

impl fmt::Display for Publishers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.known, self.independent) {
            (0, _) => f.write_str("No publisher is known"),
            (1, 0) => f.write_str("1 publisher, not independent"),
            (1, _) => f.write_str("1 publisher, independent"),
            (known, 0) => write!(f, "{known} publishers, none of them independent"),
            (known, independent) if known == independent => write!(f, "{known} publishers, all independent"),
            (known, independent) => write!(f, "{known} publishers, {independent} of them independent"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_publisher_counts_once_and_as_independent_if_any_of_its_pieces_is() {
        let (one, other, third) = (AgentId::new(), AgentId::new(), AgentId::new());
        let counted = Publishers::of(
            [
                (Some(one), None),
                (Some(one), Some(Independence::Party)),
                (Some(other), Some(Independence::SameOrigin)),
                (Some(third), Some(Independence::Independent)),
                (None, None),
            ]
            .into_iter(),
        );
        assert_eq!(counted, Publishers { known: 3, independent: 2 });
    }

    #[test]
    fn the_count_is_told_in_words() {
        let words = |known, independent| Publishers { known, independent }.to_string();
        assert_eq!(words(3, 2), "3 publishers, 2 of them independent");
        assert_eq!(words(2, 2), "2 publishers, all independent");
        assert_eq!(words(2, 0), "2 publishers, none of them independent");
        assert_eq!(words(1, 1), "1 publisher, independent");
        assert_eq!(words(1, 0), "1 publisher, not independent");
        assert_eq!(words(0, 0), "No publisher is known");
    }
}
