//! Where the judging of a claim stands, and where whoever looks stands to it.

use std::borrow::Cow;

use super::draft::Draft;
use super::precedents;
use super::round::{CorrectionKind, Kind, Round, State};
use crate::claims::Stage;
use crate::id::{AccountId, ClaimId};
use crate::policies::{ContactRule, Mode, Policy, RequiredField};
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
    /// The policy that the open round began under, or that a new one would begin under.
    pub policy: Policy,
    /// What a policy can ask of the claim.
    pub facts: Facts,
    /// How many ratings count in the open round.
    pub given: i64,
    /// How many have approved the draft as it stands.
    pub approved: i64,
    pub standing: Standing,
}

/// What a policy can ask of a claim.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Facts {
    /// How many pieces of evidence it has.
    pub evidence: i64,
    /// From how many publishers, of those that are known, without what merely repeats another source or is a party's own
    /// word.
    pub independent: i64,
    /// How many cited addresses have no kept copy.
    pub unarchived: i64,
    /// How many quotations do not stand in the copy of their source, and nobody said why they are cited so.
    pub misquoted: i64,
    /// What is known of the claim.
    pub known: Vec<RequiredField>,
    /// Whether the log says who was asked for a comment, or why nobody was.
    pub contacted: bool,
    /// Whether the drafted rating departs from a precedent without a word.
    pub departs_unsaid: bool,
}

/// What somebody has to do with a claim.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a rule of its own, and all of them can hold")]
pub struct Standing {
    /// Nobody's, for a reader.
    pub account: Option<AccountId>,
    /// Whether the person wrote some of the open round's draft.
    pub drafted: bool,
    /// Whether the person began the open round.
    pub began: bool,
    /// Whether the person marked the claim.
    pub marked: bool,
    /// Whether the person must not judge the claim.
    pub recused: bool,
    /// Whether the person has given a rating in the open round.
    pub assessed: bool,
    /// Whether the person has approved the draft as it stands.
    pub approved: bool,
}

/// Something that a draft still needs, and the field it goes into.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Missing {
    pub field: &'static str,
    pub words: Cow<'static, str>,
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

    /// How the open round is decided; a new one would be so.
    #[must_use]
    pub fn mode(&self) -> Mode {
        self.round.as_ref().map_or(self.policy.rules.mode, |round| round.mode)
    }

    /// Whether one person may decide the open round alone.
    #[must_use]
    pub fn is_single(&self) -> bool {
        self.round.as_ref().is_some_and(|round| round.mode == Mode::Single)
    }

    /// Whether several people have to rate before words are approved.
    #[must_use]
    pub fn is_rated(&self) -> bool {
        self.round.as_ref().map_or(self.policy.rules.mode.is_rated_by_several(), Round::is_rated)
    }

    /// Whether there are no words yet: they come after several people have rated without them.
    #[must_use]
    pub fn is_wordless(&self) -> bool {
        self.mode() == Mode::Blind && self.is_rated()
    }

    /// What the draft needs before somebody can review it, or people can assess the claim.
    #[must_use]
    pub fn missing(&self) -> Vec<Missing> {
        if self.round.is_none() && !self.is_wordless() {
            return vec![Missing { field: "one_line", words: "Draft the verdict first.".into() }];
        }
        let draft = self.draft();
        let mut missing = Vec::new();
        let mut need = |field, words: &'static str, there: bool| {
            if !there {
                missing.push(Missing { field, words: words.into() });
            }
        };
        if self.kind() != Kind::Retraction {
            if !self.is_wordless() {
                need(
                    "rating",
                    "Choose a rating.",
                    self.scale.kind == ScaleKind::None || draft.rating.is_some(),
                );
                need("one_line", "Say it in one line.", !draft.one_line.is_empty());
                need("rationale", "Say in the rationale how you know.", !draft.rationale.is_empty());
                need("as_of", "Give the day up to which facts were looked at.", draft.as_of.is_some());
                need("departure", precedents::UNSAID, !self.facts.departs_unsaid);
            }
            if self.is_rated() {
                let words = "This desk compares ratings: its scale has to have some.";
                need("rating", words, self.scale.kind != ScaleKind::None);
            }
            let words = "Add evidence, or say why nothing could be found.";
            need("no_evidence_reason", words, self.is_grounded());
        }
        if self.kind() != Kind::Initial {
            let noted = draft.correction_kind == Some(CorrectionKind::Typo) || !draft.public_note.is_empty();
            need("public_note", "Tell readers in the public note what changed, and why.", noted);
        }
        if self.kind() != Kind::Retraction {
            missing.extend(self.misquoted());
            missing.extend(self.asked_by_policy());
        }
        missing
    }

    /// What is wrong with quotations.
    fn misquoted(&self) -> Option<Missing> {
        let words = match self.facts.misquoted {
            ..=0 => return None,
            1 => "A quotation does not stand so in the copy of its source. Mend it, or say there why it is cited so.".into(),
            count => format!(
                "{count} quotations do not stand so in the copies of their sources. Mend them, or say there why they are cited so."
            )
            .into(),
        };
        Some(Missing { field: "quotes", words })
    }

    /// What the policy asks for besides.
    fn asked_by_policy(&self) -> Vec<Missing> {
        let (rules, facts, draft) = (&self.policy.rules, &self.facts, self.draft());
        let mut missing = Vec::new();
        let mut need = |field, words| missing.push(Missing { field, words });
        let few = facts.evidence > 0 && facts.independent < rules.min_sources.into();
        if few && draft.sole_source_reason.is_none() {
            let words = match (rules.min_sources, facts.independent) {
                (2, 1) => "Needs a second source from another publisher, or a reason.".into(),
                (1, _) => "Needs a source whose publisher is known, or a reason.".into(),
                (wanted, has) => {
                    format!("Needs sources from {wanted} different publishers, now {has}, or a reason.")
                        .into()
                }
            };
            need("sole_source_reason", words);
        }
        if rules.need_archived && facts.unarchived > 0 && draft.unarchived_reason.is_none() {
            let words = match facts.unarchived {
                1 => "Needs a kept copy of a cited address, or a reason.".into(),
                count => format!("Needs kept copies of {count} cited addresses, or a reason.").into(),
            };
            need("unarchived_reason", words);
        }
        for field in rules.required_fields.iter().filter(|field| !facts.known.contains(field)) {
            need("claim", format!("Note of the claim {}.", field.label()).into());
        }
        if rules.contact_rule == ContactRule::Block && !facts.contacted {
            let words = "Log whom you asked for a comment, or why nobody was asked.";
            need("contact", words.into());
        }
        missing
    }

    /// What the policy reminds of without insisting.
    #[must_use]
    pub fn reminder(&self) -> Option<&'static str> {
        (self.policy.rules.contact_rule == ContactRule::Warn
            && !self.facts.contacted
            && self.kind() != Kind::Retraction
            && matches!(self.state(), Some(State::Drafting | State::InReview)))
        .then_some("Nobody was asked for a comment so far. This desk would like to log whom you asked.")
    }

    /// Whether there is evidence, or a reason why there is none.
    #[must_use]
    pub fn is_grounded(&self) -> bool {
        self.facts.evidence > 0 || self.draft().no_evidence_reason.is_some()
    }
}
