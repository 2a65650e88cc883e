//! A round of judging: its kinds and states.

use std::collections::BTreeMap;

use time::OffsetDateTime;

use super::draft::Draft;
use crate::codes::codes;
use crate::id::{AccountId, AssessmentId, EvidenceId, RoundId, ScaleVersionId};
use crate::policies::{Mode, Policy, Rules};

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
        /// Those who assessed differ, and somebody else decides.
        Adjudicating = "adjudicating", "Being adjudicated";
        Approved = "approved", "Approved";
        Published = "published", "Published";
        Void = "void", "Ended without publication";
    }

    /// How a verdict came about.
    Method {
        TwoPerson = "two_person", "Reviewed by two people";
        Single = "single", "Reviewed by one person alone";
        Blind = "blind", "Assessed by several people who did not see each other’s ratings";
        Panel = "panel", "Voted on by a panel";
        Adjudicated = "adjudicated", "Adjudicated after differing assessments";
    }

    /// How a round of several people came to its rating.
    How {
        Unanimous = "unanimous", "all agreed";
        Majority = "majority", "a majority agreed";
        Adjudicated = "adjudicated", "an adjudicator decided";
    }

    /// How sure somebody is of a rating.
    Confidence {
        Low = "low", "Low";
        Medium = "medium", "Medium";
        High = "high", "High";
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

impl CorrectionKind {
    /// Whether readers could take another verdict from it, so that it is judged as a first verdict is.
    #[must_use]
    pub const fn bears_on_the_verdict(self) -> bool {
        matches!(self, Self::Update | Self::Major)
    }
}

/// How a round of this kind is decided under a policy: a retraction, and a correction that leaves the verdict as it is, take
/// a second person where others take several.
#[must_use]
pub fn mode(rules: &Rules, kind: Kind, correction: Option<CorrectionKind>) -> Mode {
    let is_small =
        kind == Kind::Retraction || correction.is_some_and(|correction| !correction.bears_on_the_verdict());
    if rules.mode.is_rated_by_several() && is_small { Mode::SecondPerson } else { rules.mode }
}

/// How many gave which rating, by its code.
pub type Tally = BTreeMap<String, i64>;

/// What a blind round or a panel came to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Outcome {
    /// The code of a value of the round's scale.
    pub rating: String,
    pub how: How,
    pub tally: Tally,
    /// Why an adjudicator decided so.
    pub reason: String,
}

impl Outcome {
    /// The method of a verdict that comes of it.
    #[must_use]
    pub const fn method(&self) -> Method {
        match self.how {
            How::Unanimous => Method::Blind,
            How::Majority => Method::Panel,
            How::Adjudicated => Method::Adjudicated,
        }
    }

    /// How many gave another rating.
    #[must_use]
    pub fn dissent(&self) -> i64 {
        dissent(&self.tally, Some(&self.rating))
    }
}

/// How many of a tally gave another rating than this.
#[must_use]
pub fn dissent(tally: &Tally, rating: Option<&str>) -> i64 {
    tally.iter().filter(|(code, _)| Some(code.as_str()) != rating).map(|(_, times)| times).sum()
}

/// One person's rating in a round.
#[derive(Clone, Debug)]
pub struct Assessment {
    pub id: AssessmentId,
    pub reviewer: AccountId,
    /// The reviewer's name.
    pub by: String,
    /// The code of a value of the round's scale.
    pub rating: String,
    pub rationale: String,
    pub confidence: Confidence,
    /// Which version of the desk's guidelines it goes by, where there are any.
    pub guideline: Option<i32>,
    /// What was looked at.
    pub evidence: Vec<EvidenceId>,
    pub opened_at: Option<OffsetDateTime>,
    /// Seconds of work on the form; nothing when they were not measured.
    pub seconds_active: Option<i32>,
    pub at: OffsetDateTime,
}

/// A round of judging a claim.
#[derive(Clone, Debug)]
pub struct Round {
    pub id: RoundId,
    /// 1, 2, 3 … of the claim.
    pub number: i32,
    pub kind: Kind,
    /// What it began under.
    pub policy: Policy,
    /// How it is decided.
    pub mode: Mode,
    pub state: State,
    /// What several people came to, once they have.
    pub outcome: Option<Outcome>,
    pub scale_version: ScaleVersionId,
    pub draft: Draft,
    /// Which state of the draft this is; what an assessment judges.
    pub draft_version: i32,
    pub created_by: AccountId,
    pub created_at: OffsetDateTime,
}

impl Round {
    /// Whether several people rate the claim now, without the draft being approved yet.
    #[must_use]
    pub fn is_rated(&self) -> bool {
        self.mode.is_rated_by_several() && self.outcome.is_none()
    }

    /// Whether nobody may see what others gave: while a blind round is being assessed.
    #[must_use]
    pub fn is_blind(&self) -> bool {
        self.mode == Mode::Blind && self.outcome.is_none() && self.state == State::InReview
    }

    /// How the verdict comes about that this round leads to.
    #[must_use]
    pub fn method(&self) -> Method {
        match (&self.outcome, self.mode) {
            (Some(outcome), _) => outcome.method(),
            (None, Mode::Single) => Method::Single,
            (None, _) => Method::TwoPerson,
        }
    }

    /// How many have to approve the draft.
    #[must_use]
    pub fn approvals(&self) -> i64 {
        if self.mode == Mode::SecondPerson && self.policy.rules.mode == Mode::SecondPerson {
            self.policy.rules.people.into()
        } else {
            1
        }
    }

    /// Whether the rating is not for the drafter to choose: several people have chosen it, or will, or it is public and
    /// this correction leaves it as it is.
    #[must_use]
    pub fn is_rating_fixed(&self) -> bool {
        self.outcome.is_some()
            || self.mode == Mode::Blind
            || (self.kind == Kind::Correction && self.mode != self.policy.rules.mode)
    }
}
