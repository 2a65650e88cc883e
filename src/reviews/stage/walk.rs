//! Walks every order in which three people can do anything with a claim, under every way of deciding, until nothing new is
//! reached; and looks after each step whether somebody got around a guard.

use std::collections::{HashSet, VecDeque};

use super::tests::{judging as judging_of, round_under, rules as rules_of};
use super::*;
use crate::policies::Rules;
use crate::reviews::round::Outcome;

const PEOPLE: u8 = 3;
const RATINGS: [&str; 2] = ["true", "false"];

/// A claim and its open round, as far as the rules look at them. Sets of people are bits; person 0 marked the claim.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
struct World {
    stage: Stage,
    evidence: bool,
    recused: u8,
    round: Option<Open>,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
struct Open {
    state: State,
    words: bool,
    rating: Option<u8>,
    outcome: Option<u8>,
    began: u8,
    drafters: u8,
    ratings: [Option<u8>; PEOPLE as usize],
    approved: u8,
}

/// Something that somebody tries.
#[derive(Clone, Copy, Debug)]
enum Try {
    Act(Act, u8, u8),
    Evidence,
}

fn has(set: u8, person: u8) -> bool {
    set & (1 << person) != 0
}

impl World {
    fn tally(&self) -> Tally {
        let mut tally = Tally::new();
        for person in (0..PEOPLE).filter(|person| !has(self.recused, *person)) {
            if let Some(rating) = self.round.and_then(|open| open.ratings[usize::from(person)]) {
                *tally.entry(RATINGS[usize::from(rating)].to_owned()).or_default() += 1;
            }
        }
        tally
    }

    /// What the rules are asked about, for a person.
    fn judging(&self, rules: &Rules, person: u8) -> Judging {
        let mut judging = judging_of(self.stage, None);
        judging.policy.rules = rules.clone();
        judging.facts.evidence = i64::from(self.evidence);
        judging.given = self.tally().values().sum();
        judging.standing.marked = person == 0;
        judging.standing.recused = has(self.recused, person);
        let Some(open) = self.round else { return judging };
        judging.approved = i64::from((open.approved & !self.recused).count_ones());
        judging.standing.drafted = has(open.drafters, person);
        judging.standing.began = open.began == person;
        judging.standing.assessed = open.ratings[usize::from(person)].is_some();
        judging.standing.approved = has(open.approved, person);
        let mut round = round_under(Kind::Initial, open.state, rules.clone());
        round.draft.rating = open.rating.map(|rating| RATINGS[usize::from(rating)].to_owned());
        round.outcome = open.outcome.map(|rating| Outcome {
            rating: RATINGS[usize::from(rating)].to_owned(),
            how: How::Unanimous,
            tally: Tally::new(),
            reason: String::new(),
        });
        if !open.words {
            round.draft.one_line.clear();
            round.draft.rationale.clear();
        }
        judging.round = Some(round);
        judging
    }

    /// The world after somebody did this, or nothing when it is refused.
    fn after(&self, rules: &Rules, tried: Try) -> Option<Self> {
        let mut next = self.clone();
        let Try::Act(act, person, rating) = tried else {
            next.evidence = !self.evidence;
            return Some(next);
        };
        let judging = self.judging(rules, person);
        let effect = check(&[Role::Editor], &judging, act).ok()?;
        if self.round.is_none() && matches!(act, Act::Draft | Act::Submit) {
            next.round = Some(Open {
                state: State::Drafting,
                words: false,
                rating: None,
                outcome: None,
                began: person,
                drafters: 0,
                ratings: [None; PEOPLE as usize],
                approved: 0,
            });
        }
        next.stage = effect.stage;
        let Some(open) = &mut next.round else {
            if act == Act::Recuse {
                next.recused |= 1 << person;
            }
            return Some(next);
        };
        let before = *open;
        if let Some(state) = effect.round {
            open.state = state;
        }
        match act {
            Act::Draft if !judging.is_wordless() => {
                open.words = true;
                open.drafters |= 1 << person;
                open.rating = before.outcome.or(Some(rating));
            }
            Act::Withdraw => open.approved = 0,
            Act::Return => {
                open.approved = 0;
                if before.outcome.is_none() {
                    open.ratings = [None; PEOPLE as usize];
                }
            }
            Act::Approve => open.approved |= 1 << person,
            Act::Assess => {
                open.ratings[usize::from(person)] = Some(rating);
                next.settle(rules, person);
            }
            Act::Adjudicate => {
                assert!(before.ratings[usize::from(person)].is_none(), "who assessed adjudicates: {self:?}");
                assert!(!has(before.drafters, person));
                (open.outcome, open.rating, open.approved) = (Some(rating), Some(rating), 0);
            }
            Act::Recuse => {
                next.recused |= 1 << person;
                next.step_back(rules, person);
            }
            _ => {}
        }
        Some(next)
    }

    fn settle(&mut self, rules: &Rules, person: u8) {
        let judging = self.judging(rules, person);
        let tally = self.tally();
        let Some(open) = &mut self.round else { return };
        match settle(&judging, &tally) {
            Settled::Waiting => {}
            Settled::Split(effect) => open.state = effect.round.unwrap(),
            Settled::Agreed { rating, effect, .. } => {
                assert_eq!(tally.values().sum::<i64>(), i64::from(rules.people));
                let rating =
                    RATINGS.iter().position(|code| *code == rating).and_then(|at| u8::try_from(at).ok());
                (open.outcome, open.rating, open.state) = (rating, rating, effect.round.unwrap());
                self.stage = effect.stage;
            }
        }
    }

    /// As `store::recusal` does: what the person gave to what is decided falls.
    fn step_back(&mut self, rules: &Rules, person: u8) {
        let Some(open) = &mut self.round else { return };
        let rated = open.ratings[usize::from(person)].is_some()
            && (open.state != State::InReview || open.outcome.is_some());
        let approved = open.state == State::Approved && has(open.approved, person);
        if !rated && !approved {
            return;
        }
        open.state = State::Drafting;
        open.approved = 0;
        if rated {
            open.outcome = None;
            open.ratings = [None; PEOPLE as usize];
            if rules.mode == Mode::Blind {
                (open.words, open.rating) = (false, None);
            }
        }
        self.stage = Stage::Researching;
    }

    /// Fails when the world is one that no order of steps may lead to.
    fn look(&self, rules: &Rules) {
        let Some(open) = self.round else {
            assert!(matches!(self.stage, Stage::Marked | Stage::Researching), "{self:?}");
            return;
        };
        let rated = open.ratings.iter().flatten().count();
        assert!(rated <= usize::from(PEOPLE));
        if rules.mode == Mode::Blind {
            let apart = open.ratings[0].is_none() || !rules.authors_apart;
            assert!(apart, "who marked the claim assessed it: {self:?}");
            assert!(!open.words || open.outcome.is_some(), "words before the rating: {self:?}");
        }
        if open.outcome.is_some() {
            assert_eq!(open.rating, open.outcome, "another rating than was decided: {self:?}");
        }
        if matches!(open.state, State::Approved | State::Published) {
            assert!(open.words, "{self:?}");
            let approvals = (open.approved & !self.recused).count_ones();
            match rules.mode {
                Mode::Single => assert_eq!(approvals, 1),
                Mode::SecondPerson => {
                    assert_eq!(open.approved & open.drafters, 0, "a drafter approved: {self:?}");
                    assert!(approvals >= u32::from(rules.people.unsigned_abs()), "{self:?}");
                }
                Mode::Blind => {
                    assert!(open.outcome.is_some() && approvals == 1, "{self:?}");
                    assert_eq!(open.approved & open.drafters, 0, "a drafter approved: {self:?}");
                }
                Mode::Panel => assert!(open.outcome.is_some(), "{self:?}"),
            }
        }
        let follows = match self.stage {
            Stage::InReview => matches!(open.state, State::InReview | State::Adjudicating),
            Stage::Decided => open.state == State::Approved,
            Stage::Published => open.state == State::Published,
            Stage::Marked | Stage::Researching => open.state == State::Drafting,
            _ => false,
        };
        assert!(follows, "the stage does not follow the round: {self:?}");
    }
}

fn tries() -> Vec<Try> {
    let mut tries = vec![Try::Evidence];
    for act in Act::ALL {
        for person in 0..PEOPLE {
            for rating in 0..2 {
                if rating == 0 || matches!(act, Act::Draft | Act::Assess | Act::Adjudicate) {
                    tries.push(Try::Act(*act, person, rating));
                }
            }
        }
    }
    tries
}

fn walk(rules: &Rules) -> HashSet<World> {
    let start = World { stage: Stage::Researching, evidence: true, recused: 0, round: None };
    let mut known = HashSet::from([start.clone()]);
    let mut waiting = VecDeque::from([start]);
    let tries = tries();
    while let Some(world) = waiting.pop_front() {
        // Once it is public, other rounds begin.
        if world.stage == Stage::Published {
            continue;
        }
        for tried in &tries {
            let Some(next) = world.after(rules, *tried) else { continue };
            next.look(rules);
            if next.stage == Stage::Published {
                assert!(world.evidence && world.stage == Stage::Decided, "{world:?} {tried:?}");
            }
            if known.insert(next.clone()) {
                waiting.push_back(next);
            }
        }
    }
    known
}

#[test]
fn no_order_of_steps_leads_around_a_guard() {
    for rules in [
        rules_of(Mode::SecondPerson),
        Rules { people: 2, ..rules_of(Mode::SecondPerson) },
        rules_of(Mode::Single),
        rules_of(Mode::Blind),
        Rules { authors_apart: false, ..rules_of(Mode::Blind) },
        // As many as there are besides the drafter.
        Rules { people: 2, majority: Some(2), ..rules_of(Mode::Panel) },
    ] {
        let known = walk(&rules);
        let reached = |stage: Stage| known.iter().any(|world| world.stage == stage);
        assert!(reached(Stage::InReview) && reached(Stage::Published), "{rules:?}: {} worlds", known.len());
        let decided =
            known.iter().filter_map(|world| world.round).any(|open| open.state == State::Adjudicating);
        assert_eq!(decided, rules.mode.is_rated_by_several(), "{rules:?}");
    }
}
