//! A round of judging: its kinds and states.

use time::OffsetDateTime;

use super::draft::Draft;
use crate::codes::codes;
use crate::id::{AccountId, RoundId, ScaleVersionId};

codes! {
    /// What a round decides about.
    Kind {
        Initial = "initial", "first verdict";
        Correction = "correction", "correction";
        Retraction = "retraction", "retraction";
    }

    /// How far a round is.
    State {
        Drafting = "drafting", "Being drafted";
        InReview = "in_review", "In review";
        Approved = "approved", "Approved";
        Published = "published", "Published";
        Void = "void", "Ended without publication";
    }

    /// What a decision takes; frozen when the round begins.
    Policy {
        SecondPerson = "second_person", "a second person approves";
        Single = "single", "one person decides alone";
    }

    /// How a verdict came about.
    Method {
        TwoPerson = "two_person", "Reviewed by two people";
        Single = "single", "Reviewed by one person alone";
    }

    /// What a reviewer says of a draft.
    Decision {
        Approve = "approve", "approved it";
        Return = "return", "returned it";
    }

    /// Why a published verdict is replaced or withdrawn.
    CorrectionKind {
        Typo = "typo", "Typing error";
        Clarification = "clarification", "Clarification";
        Update = "update", "Update";
        Minor = "minor", "Minor correction";
        Major = "major", "Correction";
        Retraction = "retraction", "Retraction";
    }
}

impl CorrectionKind {
    /// The kinds that replace a verdict, with what each means.
    pub const REPLACING: &[(Self, &str)] = &[
        (Self::Typo, "spelling or layout only; nothing a reader could take from it changes"),
        (Self::Clarification, "the same said more clearly"),
        (Self::Update, "new facts or events since it was published"),
        (Self::Minor, "a mistake that did not bear on the verdict"),
        (Self::Major, "a mistake that bore on the verdict"),
    ];
}

impl Policy {
    /// The method of a verdict under this policy.
    #[must_use]
    pub const fn method(self) -> Method {
        match self {
            Self::SecondPerson => Method::TwoPerson,
            Self::Single => Method::Single,
        }
    }
}

/// A round of judging a claim.
#[derive(Clone, Debug)]
pub struct Round {
    pub id: RoundId,
    /// 1, 2, 3 … of the claim.
    pub number: i32,
    pub kind: Kind,
    pub policy: Policy,
    pub state: State,
    pub scale_version: ScaleVersionId,
    pub draft: Draft,
    /// Which state of the draft this is; what an assessment judges.
    pub draft_version: i32,
    pub created_by: AccountId,
    pub created_at: OffsetDateTime,
}
