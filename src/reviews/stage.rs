//! What can be done next with a verdict: who may, what has to hold, what becomes of it. Pages ask it what to offer, and
//! every change asks it again, with the claim's row locked.

use crate::auth::permission::{DraftVerdict, Publish, ReviewVerdict, allows};
use crate::auth::{Permission, Role};
use crate::claims::Stage;
use crate::codes::codes;
use crate::error::Error;

use super::judging::{Judging, Missing};
use super::round::{How, Kind, Round, State, Tally};
use crate::policies::Mode;

codes! {
    /// Something that is done with a verdict.
    Act {
        Draft = "draft", "Draft the verdict";
        Submit = "submit", "Ask for review";
        Withdraw = "withdraw", "Take back to change it";
        Approve = "approve", "Approve";
        Return = "return", "Return with a reason";
        Assess = "assess", "Assess";
        Adjudicate = "adjudicate", "Decide between the ratings";
        Publish = "publish", "Publish";
        Correct = "correct", "Correct";
        Retract = "retract", "Retract";
        Abandon = "abandon", "Drop this";
        Recuse = "recuse", "Recuse yourself";
    }
}

/// What becomes of the claim and its open round.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Effect {
    pub stage: Stage,
    pub round: Option<State>,
}

/// Why something cannot be done.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Refusal {
    /// The person's roles do not allow it; completes "Your role does not allow you to …".
    Role(&'static str),
    /// It is not the time for it.
    Moment(&'static str),
    /// Somebody else has to do it.
    Person(&'static str),
    /// The draft is not complete.
    Incomplete(Vec<Missing>),
}

/// Something that a page offers.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Offer {
    pub act: Act,
    /// What has to be there first; empty when it can be done at once.
    pub missing: Vec<Missing>,
}

/// What can be done now by somebody with these roles, also what only lacks something in the draft.
#[must_use]
pub fn offers(roles: &[Role], judging: &Judging) -> Vec<Offer> {
    let offer = |act: &Act| match check(roles, judging, *act) {
        Ok(_) => Some(Offer { act: *act, missing: Vec::new() }),
        Err(Refusal::Incomplete(missing)) => Some(Offer { act: *act, missing }),
        Err(_) => None,
    };
    Act::ALL.iter().filter_map(offer).collect()
}

/// Whether somebody with these roles can do it now, and what becomes of the claim then.
///
/// # Errors
/// Why not.
pub fn check(roles: &[Role], judging: &Judging, act: Act) -> Result<Effect, Refusal> {
    act.role(roles)?;
    let effect = act.effect(judging)?;
    if let Some(words) = barred(judging, act) {
        return Err(Refusal::Person(words));
    }
    let missing = match act {
        Act::Submit => judging.missing(),
        // A precedent that came up since the draft was sent for review does not hold it up.
        Act::Approve => judging.missing().into_iter().filter(|need| need.field != "departure").collect(),
        Act::Publish => {
            judging.missing().into_iter().filter(|need| OF_THE_CLAIM.contains(&need.field)).collect()
        }
        _ => Vec::new(),
    };
    if missing.is_empty() { Ok(effect) } else { Err(Refusal::Incomplete(missing)) }
}

/// What the claim itself has to have, also when its draft is approved.
const OF_THE_CLAIM: [&str; 6] =
    ["no_evidence_reason", "quotes", "sole_source_reason", "unarchived_reason", "claim", "contact"];

/// Why somebody else has to do it.
fn barred(judging: &Judging, act: Act) -> Option<&'static str> {
    let standing = judging.standing;
    let blind = judging.mode() == Mode::Blind && judging.is_rated();
    let judges = act.is_judgement(judging);
    if standing.recused {
        Some("You recused yourself from this claim, so others judge it.")
    } else if judges && standing.drafted && !judging.is_single() {
        Some("You wrote part of this draft, so somebody else has to review it.")
    } else if judges && blind && standing.marked && judging.policy.rules.authors_apart {
        Some("You marked this claim, so others assess it.")
    } else if act == Act::Adjudicate && standing.assessed {
        Some("You assessed this claim, so somebody else decides between the ratings.")
    } else if act == Act::Approve && standing.approved {
        Some("You have approved this draft. Others have to, too.")
    } else if act == Act::Withdraw && !standing.drafted && !standing.began {
        Some("Only those who drafted it take it back. You can return it with a reason.")
    } else {
        None
    }
}

/// What the ratings of a round come to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Settled {
    /// Others have to assess, too.
    Waiting,
    /// They differ: an adjudicator decides.
    Split(Effect),
    /// They agree, or a majority does.
    Agreed { how: How, rating: String, effect: Effect },
}

/// What becomes of a round in which these ratings were given, one by each person.
#[must_use]
pub fn settle(judging: &Judging, tally: &Tally) -> Settled {
    let Some(round) = judging.round.as_ref().filter(|round| round.is_rated()) else {
        return Settled::Waiting;
    };
    let rules = &round.policy.rules;
    if tally.values().sum::<i64>() < rules.people.into() {
        return Settled::Waiting;
    }
    let needed = i64::from(rules.carries());
    let Some((rating, _)) = tally.iter().find(|(_, times)| **times >= needed) else {
        return Settled::Split(Effect { stage: judging.stage, round: Some(State::Adjudicating) });
    };
    let how = if round.mode == Mode::Panel { How::Majority } else { How::Unanimous };
    let is_as_drafted = round.mode == Mode::Panel && round.draft.rating.as_ref() == Some(rating);
    let (then, of_round) =
        if is_as_drafted { (Stage::Decided, State::Approved) } else { (Stage::Researching, State::Drafting) };
    let effect = Effect { stage: while_judging(judging, then), round: Some(of_round) };
    Settled::Agreed { how, rating: rating.clone(), effect }
}

/// A correction leaves the claim as public as it is until it is public itself.
fn while_judging(judging: &Judging, then: Stage) -> Stage {
    if judging.kind() == Kind::Initial { then } else { judging.stage }
}

impl Act {
    fn role(self, roles: &[Role]) -> Result<(), Refusal> {
        fn needs<P: Permission>(roles: &[Role]) -> Result<(), Refusal> {
            if allows::<P>(roles) { Ok(()) } else { Err(Refusal::Role(P::TO)) }
        }
        match self {
            Self::Draft | Self::Submit | Self::Withdraw => needs::<DraftVerdict>(roles),
            Self::Approve | Self::Return | Self::Assess | Self::Adjudicate | Self::Recuse => {
                needs::<ReviewVerdict>(roles)
            }
            Self::Publish | Self::Correct | Self::Retract | Self::Abandon => needs::<Publish>(roles),
        }
    }

    /// Whether it says of a claim what is true, or of a draft whether it is right.
    fn is_judgement(self, judging: &Judging) -> bool {
        match self {
            Self::Assess | Self::Adjudicate => true,
            Self::Approve | Self::Return => judging.state() == Some(State::InReview),
            _ => false,
        }
    }

    fn effect(self, judging: &Judging) -> Result<Effect, Refusal> {
        let now = judging.stage;
        let kind = judging.kind();
        if kind != Kind::Initial && !now.is_public() {
            return Err(Refusal::Moment("Only what is published is corrected or retracted."));
        }
        let while_judging = |then: Stage| while_judging(judging, then);
        let becomes = |stage, round| Ok(Effect { stage, round: Some(round) });
        let rated = judging.is_rated();
        match (self, judging.state()) {
            (Self::Draft, None) if matches!(now, Stage::Marked | Stage::Researching) => {
                becomes(Stage::Researching, State::Drafting)
            }
            (Self::Withdraw, Some(State::InReview)) if rated && judging.given > 0 => {
                Err(Refusal::Moment("Somebody has assessed it already, so the others do, too."))
            }
            (Self::Return, Some(State::InReview)) if rated => {
                Err(Refusal::Moment("This is not returned: say what you think in your assessment."))
            }
            (Self::Draft, Some(State::Drafting))
            | (Self::Withdraw, Some(State::InReview))
            | (Self::Return, Some(State::InReview | State::Approved))
            | (Self::Adjudicate, Some(State::Adjudicating)) => {
                becomes(while_judging(Stage::Researching), State::Drafting)
            }
            // What is assessed without words needs no draft to begin.
            (Self::Submit, None)
                if judging.is_wordless() && matches!(now, Stage::Marked | Stage::Researching) =>
            {
                becomes(Stage::InReview, State::InReview)
            }
            // A claim that was put back is taken up again by drafting.
            (Self::Submit, Some(State::Drafting)) if now != Stage::Marked => {
                becomes(while_judging(Stage::InReview), State::InReview)
            }
            (Self::Assess, Some(State::InReview)) if rated => {
                if judging.given >= judging.policy.rules.people.into() && !judging.standing.assessed {
                    return Err(Refusal::Moment("As many as the policy asks for have assessed it."));
                }
                becomes(now, State::InReview)
            }
            (Self::Approve, Some(State::InReview)) if !rated => {
                let needed = judging.round.as_ref().map_or(1, Round::approvals);
                if judging.approved + 1 < needed {
                    return becomes(now, State::InReview);
                }
                becomes(while_judging(Stage::Decided), State::Approved)
            }
            (Self::Publish, Some(State::Approved)) => {
                let then = if kind == Kind::Retraction { Stage::Retracted } else { Stage::Published };
                becomes(then, State::Published)
            }
            (Self::Correct, None) if now == Stage::Published => becomes(now, State::Drafting),
            (Self::Retract, None) if now == Stage::Published => becomes(now, State::InReview),
            (Self::Abandon, Some(State::Drafting | State::InReview | State::Adjudicating))
                if kind != Kind::Initial =>
            {
                becomes(now, State::Void)
            }
            (Self::Recuse, round) if !now.is_aside() && now != Stage::Retracted => {
                Ok(Effect { stage: now, round })
            }
            (act, _) => Err(Refusal::Moment(act.too_late())),
        }
    }

    fn too_late(self) -> &'static str {
        match self {
            Self::Draft => "The verdict of this claim cannot be drafted at the moment: see how far it is.",
            Self::Submit => "There is no draft to ask a review for.",
            Self::Withdraw => "This draft is not in review any more.",
            Self::Approve | Self::Return => "There is no draft to review, or somebody else has reviewed it.",
            Self::Assess => "This claim is not being assessed at the moment.",
            Self::Adjudicate => "There is nothing to decide between, or somebody else has decided.",
            Self::Publish => "There is no approved verdict to publish, or somebody else has published it.",
            Self::Correct | Self::Retract => {
                "Only a published verdict is corrected or retracted, and only one correction is open at a time."
            }
            Self::Abandon => "There is no open correction to drop.",
            Self::Recuse => "This claim is not judged any more.",
        }
    }
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Role(to) => Self::Forbidden(to),
            Refusal::Moment(words) => Self::conflict(words),
            Refusal::Person(words) => Self::Barred(words),
            Refusal::Incomplete(missing) => {
                let words: Vec<_> = missing.iter().map(|need| &*need.words).collect();
                Self::invalid(words.join(" "))
            }
        }
    }
}

#[cfg(test)]
mod tests;
#[cfg(test)]
mod walk;
