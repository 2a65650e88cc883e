//! Where the judging of a claim stands, and where whoever looks stands to it.

use crate::claims::Stage;
use crate::id::{AccountId, ClaimId};

use super::draft::Draft;
use super::round::{CorrectionKind, Kind, Policy, Round, State};
use crate::scales::{Kind as ScaleKind, Scale};

/// Everything that decides what can be done next.
#[derive(Clone, Debug)]
pub struct Judging {
    pub claim: ClaimId,
    /// The claim in plain words.
    pub claim_reviewed: String,
    pub stage: Stage,
    /// The number of the verdict that is public.
    pub current_verdict: Option<i32>,
    /// The open round.
    pub round: Option<Round>,
    /// What a new round begins with: the words of one that ended when the claim was put aside, or nothing.
    pub seed: Draft,
    /// The scale of the open round, or the one that a new round takes.
    pub scale: Scale,
    /// How many pieces of evidence the claim has.
    pub evidence: i64,
    pub standing: Standing,
}

/// What somebody has to do with a claim.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Standing {
    /// Nobody's, for a reader.
    pub account: Option<AccountId>,
    /// Whether the person wrote some of the open round's draft.
    pub drafted: bool,
    /// Whether the person must not judge the claim.
    pub recused: bool,
}

/// Something that a draft still needs, and the field it goes into.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Missing {
    pub field: &'static str,
    pub words: &'static str,
}

impl Judging {
    /// The state of the open round.
    #[must_use]
    pub fn state(&self) -> Option<State> {
        self.round.as_ref().map(|round| round.state)
    }

    /// What the open round decides about; a new one would be the first.
    #[must_use]
    pub fn kind(&self) -> Kind {
        self.round.as_ref().map_or(Kind::Initial, |round| round.kind)
    }

    /// The words as they stand.
    #[must_use]
    pub fn draft(&self) -> &Draft {
        self.round.as_ref().map_or(&self.seed, |round| &round.draft)
    }

    /// Whether one person may decide the open round alone.
    #[must_use]
    pub fn is_single(&self) -> bool {
        self.round.as_ref().is_some_and(|round| round.policy == Policy::Single)
    }

    /// What the draft needs before somebody can review it.
    #[must_use]
    pub fn missing(&self) -> Vec<Missing> {
        let Some(round) = &self.round else {
            return vec![Missing { field: "one_line", words: "Draft the verdict first." }];
        };
        let draft = &round.draft;
        let mut missing = Vec::new();
        let mut need = |field, words, there: bool| {
            if !there {
                missing.push(Missing { field, words });
            }
        };
        if round.kind != Kind::Retraction {
            need("rating", "Choose a rating.", self.scale.kind == ScaleKind::None || draft.rating.is_some());
            need("one_line", "Say it in one line.", !draft.one_line.is_empty());
            need("rationale", "Say in the rationale how you know.", !draft.rationale.is_empty());
            need("as_of", "Give the day up to which facts were looked at.", draft.as_of.is_some());
            need(
                "no_evidence_reason",
                "Add evidence, or say why nothing could be found.",
                self.is_grounded(),
            );
        }
        if round.kind != Kind::Initial {
            let noted = draft.correction_kind == Some(CorrectionKind::Typo) || !draft.public_note.is_empty();
            need("public_note", "Tell readers in the public note what changed, and why.", noted);
        }
        missing
    }

    /// Whether there is evidence, or a reason why there is none.
    #[must_use]
    pub fn is_grounded(&self) -> bool {
        self.evidence > 0 || self.round.as_ref().is_some_and(|round| round.draft.no_evidence_reason.is_some())
    }
}
