//! A claim's life: the stages, and every way from one to another. Pure: who may go a way and what has to hold is
//! written here once, `reviews::stage` checks it and takes the step, pages ask it what to offer.

use crate::auth::permission::{DraftVerdict, Publish, ReviewVerdict, SortClaim};
use crate::auth::{Permission, Role};
use crate::codes::codes;

codes! {
    /// How far the work on a claim has come. What was found out is the verdict's matter, not the stage's.
    Stage {
        /// Somebody wants it checked.
        Marked = "marked", "Marked";
        /// Somebody looks for evidence and drafts a verdict.
        Researching = "researching", "Researching";
        /// A draft waits for a second person.
        InReview = "in_review", "In review";
        /// The draft is approved and waits for publication.
        Decided = "decided", "Decided";
        /// The verdict is public.
        Published = "published", "Published";
        /// It will not be checked.
        Declined = "declined", "Declined";
        /// Another claim says the same and stands for it.
        Duplicate = "duplicate", "Duplicate";
        /// Its verdict was withdrawn; the page says so.
        Retracted = "retracted", "Retracted";
    }

    /// What can be done with a claim that brings it to another stage.
    Step {
        Research = "research", "Start research";
        Release = "release", "Put back";
        Submit = "submit", "Send for review";
        Return = "return", "Return with a reason";
        Approve = "approve", "Approve";
        Reopen = "reopen", "Reopen";
        Publish = "publish", "Publish";
        Retract = "retract", "Retract";
        Decline = "decline", "Decline";
        Join = "join", "Same as another claim";
    }

    /// What has to hold before a step, besides the permission.
    Guard {
        /// The draft has its rating (where the scale has ratings), one line, rationale and date.
        DraftComplete = "draft_complete", "the draft of the verdict is complete";
        /// There is evidence, or the draft says why there is none.
        EvidenceOrReason = "evidence_or_reason", "there is evidence, or a reason why there is none";
        /// Whoever goes on has not drafted the verdict (unless the desk works alone) and is not recused.
        NotTheDrafter = "not_the_drafter", "somebody else than the drafter does it";
        /// As many have approved as the round's policy asks for.
        PolicyMet = "policy_met", "enough people have approved";
        /// Why, in words.
        ReasonGiven = "reason_given", "a reason is given";
        /// The claim pointed at is no duplicate itself, and nothing points at this one.
        TargetIsNoDuplicate = "target_is_no_duplicate", "the other claim is no duplicate itself";
        /// A correction of the kind retraction, approved by a second person.
        RetractionApproved = "retraction_approved", "a second person has approved the retraction";
    }
}

impl Stage {
    /// Whether readers may see the claim.
    #[must_use]
    pub const fn is_public(self) -> bool {
        matches!(self, Self::Published | Self::Retracted)
    }

    /// Whether work on it has ended without a verdict.
    #[must_use]
    pub const fn is_aside(self) -> bool {
        matches!(self, Self::Declined | Self::Duplicate)
    }
}

/// One way from a stage to another.
#[derive(Clone, Copy, Debug)]
pub struct Transition {
    pub step: Step,
    pub from: Stage,
    pub to: Stage,
    /// Who may.
    pub roles: &'static [Role],
    pub guards: &'static [Guard],
}

const fn way<P: Permission>(step: Step, from: Stage, to: Stage, guards: &'static [Guard]) -> Transition {
    Transition { step, from, to, roles: P::ROLES, guards }
}

use Guard::{
    DraftComplete, EvidenceOrReason, NotTheDrafter, PolicyMet, ReasonGiven, RetractionApproved,
    TargetIsNoDuplicate,
};
use Stage::{Decided, Declined, Duplicate, InReview, Marked, Published, Researching, Retracted};

/// Every way there is. The database knows the same ones (`claims_check_stage`).
pub const TRANSITIONS: &[Transition] = &[
    way::<DraftVerdict>(Step::Research, Marked, Researching, &[]),
    way::<DraftVerdict>(Step::Release, Researching, Marked, &[]),
    way::<DraftVerdict>(Step::Submit, Researching, InReview, &[DraftComplete, EvidenceOrReason]),
    way::<ReviewVerdict>(Step::Return, InReview, Researching, &[ReasonGiven]),
    way::<ReviewVerdict>(Step::Approve, InReview, Decided, &[NotTheDrafter, PolicyMet]),
    way::<ReviewVerdict>(Step::Return, Decided, Researching, &[ReasonGiven]),
    way::<Publish>(Step::Publish, Decided, Published, &[EvidenceOrReason, PolicyMet]),
    way::<Publish>(Step::Retract, Published, Retracted, &[ReasonGiven, RetractionApproved]),
    way::<SortClaim>(Step::Decline, Marked, Declined, &[]),
    way::<SortClaim>(Step::Decline, Researching, Declined, &[]),
    way::<SortClaim>(Step::Decline, InReview, Declined, &[]),
    way::<SortClaim>(Step::Decline, Decided, Declined, &[]),
    way::<SortClaim>(Step::Join, Marked, Duplicate, &[TargetIsNoDuplicate]),
    way::<SortClaim>(Step::Join, Researching, Duplicate, &[TargetIsNoDuplicate]),
    way::<SortClaim>(Step::Join, InReview, Duplicate, &[TargetIsNoDuplicate]),
    way::<SortClaim>(Step::Join, Decided, Duplicate, &[TargetIsNoDuplicate]),
    way::<SortClaim>(Step::Reopen, Declined, Marked, &[]),
    way::<SortClaim>(Step::Reopen, Duplicate, Marked, &[]),
];

/// The way that `step` goes from a stage.
#[must_use]
pub fn transition(from: Stage, step: Step) -> Option<&'static Transition> {
    TRANSITIONS.iter().find(|way| way.from == from && way.step == step)
}

/// The ways from a stage that these roles may go; guards are not looked at.
pub fn offered(from: Stage, roles: &[Role]) -> impl Iterator<Item = &'static Transition> {
    TRANSITIONS
        .iter()
        .filter(move |way| way.from == from && way.roles.iter().any(|role| roles.contains(role)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use proptest::sample::select;

    use super::*;

    fn step() -> impl Strategy<Value = Step> {
        select(Step::ALL)
    }

    fn walk(steps: &[Step]) -> Vec<Stage> {
        let mut stages = vec![Marked];
        for step in steps {
            if let Some(way) = transition(*stages.last().expect("it starts somewhere"), *step) {
                stages.push(way.to);
            }
        }
        stages
    }

    #[test]
    fn a_step_from_a_stage_leads_to_one_stage() {
        for way in TRANSITIONS {
            assert_eq!(transition(way.from, way.step).map(|way| way.to), Some(way.to));
            assert_ne!(way.from, way.to);
        }
    }

    #[test]
    fn admins_and_auditors_take_no_step() {
        for stage in Stage::ALL {
            assert_eq!(offered(*stage, &[Role::Admin, Role::Auditor]).count(), 0);
        }
    }

    #[test]
    fn every_stage_can_be_reached() {
        let mut reached = vec![Marked];
        while let Some(way) =
            TRANSITIONS.iter().find(|way| reached.contains(&way.from) && !reached.contains(&way.to))
        {
            reached.push(way.to);
        }
        assert_eq!(reached.len(), Stage::ALL.len());
    }

    #[test]
    fn the_database_knows_the_same_ways() {
        let sql = include_str!("../../migrations/20261125180300_keep_claims.sql");
        for way in TRANSITIONS {
            let pair = format!("'{}>{}'", way.from.as_str(), way.to.as_str());
            assert!(sql.contains(&pair), "{pair}");
        }
    }

    proptest! {
        #[test]
        fn nothing_is_published_that_was_not_reviewed_and_decided(steps in prop::collection::vec(step(), 0..40)) {
            let stages = walk(&steps);
            if let Some(published) = stages.iter().position(|stage| *stage == Published) {
                prop_assert_eq!(stages[published - 1], Decided);
                prop_assert_eq!(stages[published - 2], InReview);
            }
        }

        #[test]
        fn what_was_public_stays_public(steps in prop::collection::vec(step(), 0..40)) {
            let stages = walk(&steps);
            let first = stages.iter().position(|stage| stage.is_public()).unwrap_or(stages.len());
            prop_assert!(stages[first..].iter().all(|stage| stage.is_public()));
        }

        #[test]
        fn what_is_aside_can_be_reopened(steps in prop::collection::vec(step(), 0..40)) {
            let stages = walk(&steps);
            let last = *stages.last().expect("it starts somewhere");
            prop_assert!(!last.is_aside() || transition(last, Step::Reopen).is_some());
        }
    }
}
