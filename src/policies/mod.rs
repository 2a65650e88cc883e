//! How a desk decides: who has to agree, and what has to be there before. A policy is never changed; the desk goes on
//! with another one, and a round ends under the one it began under.

mod form;
mod pages;
mod store;
mod words;

use serde::Serialize;

use crate::codes::codes;
use crate::id::PolicyId;

pub use pages::routes;
pub use store::{Entry, adopt, find, get, install, list};

codes! {
    /// How a round of judging is decided.
    Mode {
        /// Others approve what one drafted.
        SecondPerson = "second_person", "A second person approves each verdict";
        /// Whoever drafted may approve.
        Single = "single", "One person may decide alone";
        /// Several people rate without seeing each other's ratings.
        Blind = "blind", "Several people assess blindly";
        /// Several people vote on a draft.
        Panel = "panel", "A panel votes";
    }

    /// Whether whoever made a claim is asked for a comment.
    ContactRule {
        Never = "never", "Not asked for";
        Warn = "warn", "Remind, and go on without";
        Block = "block", "No review before it is logged";
    }

    /// Something that can have to be known of a claim.
    RequiredField {
        Speaker = "speaker", "who said it";
        Said = "said", "when it was said";
        Address = "address", "an address where it stands";
        FirstAppearance = "first_appearance", "where it appeared first";
        Language = "language", "its language";
        Topics = "topics", "a topic";
        ClaimTypes = "claim_types", "what type of claim it is";
    }
}

impl Mode {
    /// Whether several people give ratings before the words are approved.
    #[must_use]
    pub const fn is_rated_by_several(self) -> bool {
        matches!(self, Self::Blind | Self::Panel)
    }

    /// The fewest and the most people that it takes.
    #[must_use]
    pub const fn people(self) -> (i16, i16) {
        match self {
            Self::SecondPerson => (1, 5),
            Self::Single => (1, 1),
            Self::Blind => (2, 9),
            Self::Panel => (3, 9),
        }
    }
}

/// The most publishers that a policy can ask for.
pub const SOURCES_MAX: i16 = 9;

/// What a policy says.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Rules {
    pub mode: Mode,
    /// How many approve, assess or vote.
    pub people: i16,
    /// Of a panel: so many equal votes carry.
    pub majority: Option<i16>,
    /// How many different publishers the evidence comes from, unless the draft says why fewer.
    pub min_sources: i16,
    /// Whether every cited address needs a kept copy, unless the draft says why not.
    pub need_archived: bool,
    pub contact_rule: ContactRule,
    pub required_fields: Vec<RequiredField>,
    /// Whether who marked a claim stays out of assessing it blindly.
    pub authors_apart: bool,
    /// Whether readers see the notes of those who rated otherwise; how many there were they see anyway.
    pub dissent_notes: bool,
}

impl Default for Rules {
    /// What a desk begins with: a second person approves.
    fn default() -> Self {
        Self {
            mode: Mode::SecondPerson,
            people: 1,
            majority: None,
            min_sources: 0,
            need_archived: false,
            contact_rule: ContactRule::Never,
            required_fields: Vec::new(),
            authors_apart: true,
            dissent_notes: false,
        }
    }
}

impl Rules {
    /// What a desk of one begins with.
    #[must_use]
    pub fn alone() -> Self {
        Self { mode: Mode::Single, ..Self::default() }
    }
}

/// One state of a desk's policy.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Policy {
    pub id: PolicyId,
    /// 1, 2, 3 … of the desk.
    pub number: i32,
    pub rules: Rules,
}
