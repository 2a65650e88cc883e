//! What can be done next with a verdict: who may, what has to hold, what becomes of it. Pages ask it what to offer, and
//! every change asks it again, with the claim's row locked.

use crate::auth::permission::{DraftVerdict, Publish, ReviewVerdict, allows};
use crate::auth::{Permission, Role};
use crate::claims::Stage;
use crate::codes::codes;
use crate::error::Error;

use super::judging::{Judging, Missing};
use super::round::{Kind, State};

codes! {
    /// Something that is done with a verdict.
    Act {
        Draft = "draft", "Draft the verdict";
        Submit = "submit", "Ask for review";
        Withdraw = "withdraw", "Take back to change it";
        Approve = "approve", "Approve";
        Return = "return", "Return with a reason";
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
    let standing = judging.standing;
    if standing.recused {
        return Err(Refusal::Person("You recused yourself from this claim, so others judge it."));
    }
    if act.is_judgement(judging) && standing.drafted && !judging.is_single() {
        return Err(Refusal::Person("You wrote part of this draft, so somebody else has to review it."));
    }
    if act == Act::Withdraw && !standing.drafted {
        return Err(Refusal::Person(
            "Only those who drafted it take it back. You can return it with a reason.",
        ));
    }
    let missing = match act {
        Act::Submit | Act::Approve => judging.missing(),
        Act::Publish => {
            judging.missing().into_iter().filter(|need| need.field == "no_evidence_reason").collect()
        }
        _ => Vec::new(),
    };
    if missing.is_empty() { Ok(effect) } else { Err(Refusal::Incomplete(missing)) }
}

impl Act {
    fn role(self, roles: &[Role]) -> Result<(), Refusal> {
        fn needs<P: Permission>(roles: &[Role]) -> Result<(), Refusal> {
            if allows::<P>(roles) { Ok(()) } else { Err(Refusal::Role(P::TO)) }
        }
        match self {
            Self::Draft | Self::Submit | Self::Withdraw => needs::<DraftVerdict>(roles),
            Self::Approve | Self::Return | Self::Recuse => needs::<ReviewVerdict>(roles),
            Self::Publish | Self::Correct | Self::Retract | Self::Abandon => needs::<Publish>(roles),
        }
    }

    /// Whether it says of a draft whether it is right.
    fn is_judgement(self, judging: &Judging) -> bool {
        matches!(self, Self::Approve | Self::Return) && judging.state() == Some(State::InReview)
    }

    fn effect(self, judging: &Judging) -> Result<Effect, Refusal> {
        let now = judging.stage;
        let kind = judging.kind();
        if kind != Kind::Initial && !now.is_public() {
            return Err(Refusal::Moment("Only what is published is corrected or retracted."));
        }
        // A correction leaves the claim as public as it is until it is public itself.
        let while_judging = |then: Stage| if kind == Kind::Initial { then } else { now };
        let becomes = |stage, round| Ok(Effect { stage, round: Some(round) });
        match (self, judging.state()) {
            (Self::Draft, None) if matches!(now, Stage::Marked | Stage::Researching) => {
                becomes(Stage::Researching, State::Drafting)
            }
            (Self::Draft, Some(State::Drafting))
            | (Self::Withdraw, Some(State::InReview))
            | (Self::Return, Some(State::InReview | State::Approved)) => {
                becomes(while_judging(Stage::Researching), State::Drafting)
            }
            // A claim that was put back is taken up again by drafting.
            (Self::Submit, Some(State::Drafting)) if now != Stage::Marked => {
                becomes(while_judging(Stage::InReview), State::InReview)
            }
            (Self::Approve, Some(State::InReview)) => becomes(while_judging(Stage::Decided), State::Approved),
            (Self::Publish, Some(State::Approved)) => {
                let then = if kind == Kind::Retraction { Stage::Retracted } else { Stage::Published };
                becomes(then, State::Published)
            }
            (Self::Correct, None) if now == Stage::Published => becomes(now, State::Drafting),
            (Self::Retract, None) if now == Stage::Published => becomes(now, State::InReview),
            (Self::Abandon, Some(State::Drafting | State::InReview)) if kind != Kind::Initial => {
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
                let words: Vec<_> = missing.iter().map(|need| need.words).collect();
                Self::invalid(words.join(" "))
            }
        }
    }
}

#[cfg(test)]
mod tests;
