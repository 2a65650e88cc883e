use proptest::prelude::*;
use proptest::sample::select;
use time::OffsetDateTime;

use super::*;
use crate::claims::stage::{Step, transition};
use crate::id::{AccountId, ClaimId, PolicyId, RoundId, ScaleId, ScaleVersionId};
use crate::policies::{Policy, Rules};
use crate::reviews::draft::Draft;
use crate::reviews::judging::{Facts, Standing};
use crate::reviews::round::{CorrectionKind, mode};
use crate::scales::{Colour, Kind as ScaleKind, RatingValue, Scale, Shape};

const EDITOR: [Role; 1] = [Role::Editor];

fn draft() -> Draft {
    Draft {
        one_line: "It is so.".into(),
        rationale: "We looked.".into(),
        rating: Some("true".into()),
        as_of: Some(OffsetDateTime::UNIX_EPOCH.date()),
        ..Draft::default()
    }
}

pub fn rules(mode: Mode) -> Rules {
    let (people, majority) = match mode {
        Mode::SecondPerson | Mode::Single => (1, None),
        Mode::Blind => (2, None),
        Mode::Panel => (3, Some(2)),
    };
    Rules { mode, people, majority, ..Rules::default() }
}

fn policy(rules: Rules) -> Policy {
    Policy { id: PolicyId::new(), number: 1, rules }
}

fn round(kind: Kind, state: State, policy_mode: Mode) -> Round {
    round_under(kind, state, rules(policy_mode))
}

pub fn round_under(kind: Kind, state: State, rules: Rules) -> Round {
    let correction_kind = match kind {
        Kind::Initial => None,
        Kind::Correction => Some(CorrectionKind::Update),
        Kind::Retraction => Some(CorrectionKind::Retraction),
    };
    Round {
        id: RoundId::new(),
        number: 1,
        kind,
        mode: mode(&rules, kind, correction_kind),
        policy: policy(rules),
        state,
        outcome: None,
        scale_version: ScaleVersionId::new(),
        draft: Draft { correction_kind, public_note: "What changed.".into(), ..draft() },
        draft_version: 1,
        created_by: AccountId::new(),
        created_at: OffsetDateTime::UNIX_EPOCH,
    }
}

/// A claim on a scale of two values, with one evidence.
pub fn judging(stage: Stage, round: Option<Round>) -> Judging {
    let value = |code: &str| RatingValue {
        code: code.into(),
        label: code.into(),
        definition: code.into(),
        shape: Shape::Tick,
        colour: Colour::Green,
        numbers: None,
        averitec: None,
    };
    Judging {
        claim: ClaimId::new(),
        claim_reviewed: "It is so".into(),
        stage,
        current_verdict: None,
        policy: round.as_ref().map_or_else(|| policy(Rules::default()), |round| round.policy.clone()),
        round,
        seed: Draft::default(),
        scale: Scale {
            id: ScaleId::new(),
            name: "Two".into(),
            kind: ScaleKind::Nominal,
            version: ScaleVersionId::new(),
            number: 1,
            description: String::new(),
            values: vec![value("true"), value("false")],
        },
        facts: Facts { evidence: 1, ..Facts::default() },
        given: 0,
        approved: 0,
        standing: Standing::default(),
    }
}

fn initial(stage: Stage, of_round: State) -> Judging {
    judging(stage, Some(round(Kind::Initial, of_round, Mode::SecondPerson)))
}

#[test]
fn a_first_verdict_goes_the_ways_that_claims_go() {
    for (act, step, from, state) in [
        (Act::Submit, Step::Submit, Stage::Researching, State::Drafting),
        (Act::Return, Step::Return, Stage::InReview, State::InReview),
        (Act::Return, Step::Return, Stage::Decided, State::Approved),
        (Act::Approve, Step::Approve, Stage::InReview, State::InReview),
        (Act::Publish, Step::Publish, Stage::Decided, State::Approved),
    ] {
        let way = transition(from, step).unwrap();
        for role in Role::ALL {
            let may = check(&[role], &initial(from, state), act);
            assert_eq!(may.is_ok(), way.roles.contains(&role), "{act:?} {role}: {may:?}");
        }
        assert_eq!(check(&EDITOR, &initial(from, state), act).unwrap().stage, way.to);
    }
    let begun = check(&EDITOR, &judging(Stage::Marked, None), Act::Draft).unwrap();
    assert_eq!(Some(begun.stage), transition(Stage::Marked, Step::Research).map(|way| way.to));
}

#[test]
fn drafters_judge_only_where_one_person_decides_alone() {
    for (policy, allowed) in [(Mode::SecondPerson, false), (Mode::Single, true)] {
        let mut own = judging(Stage::InReview, Some(round(Kind::Initial, State::InReview, policy)));
        own.standing.drafted = true;
        for act in [Act::Approve, Act::Return] {
            assert_eq!(check(&EDITOR, &own, act).is_ok(), allowed, "{policy:?} {act:?}");
        }
        assert!(check(&EDITOR, &own, Act::Withdraw).is_ok());
    }
}

#[test]
fn what_is_missing_is_said_and_offered_all_the_same() {
    let mut bare = initial(Stage::Researching, State::Drafting);
    bare.facts.evidence = 0;
    bare.round.as_mut().unwrap().draft.one_line.clear();
    let offers = offers(&EDITOR, &bare);
    let submit = offers.iter().find(|offer| offer.act == Act::Submit).unwrap();
    let fields: Vec<_> = submit.missing.iter().map(|need| need.field).collect();
    assert_eq!(fields, ["one_line", "no_evidence_reason"]);
    bare.round.as_mut().unwrap().draft.no_evidence_reason = Some("The archive burned down.".into());
    assert!(bare.is_grounded());
}

#[test]
fn only_a_typing_error_is_corrected_without_a_note() {
    let mut correcting =
        judging(Stage::Published, Some(round(Kind::Correction, State::Drafting, Mode::SecondPerson)));
    let draft = &mut correcting.round.as_mut().unwrap().draft;
    draft.public_note.clear();
    assert!(matches!(check(&EDITOR, &correcting, Act::Submit), Err(Refusal::Incomplete(_))));
    correcting.round.as_mut().unwrap().draft.correction_kind = Some(CorrectionKind::Typo);
    assert!(check(&EDITOR, &correcting, Act::Submit).is_ok());
}

#[test]
fn what_is_not_public_has_nothing_to_correct() {
    for kind in [Kind::Correction, Kind::Retraction] {
        for stage in Stage::ALL.iter().filter(|stage| !stage.is_public()) {
            for state in State::ALL {
                let judging = judging(*stage, Some(round(kind, *state, Mode::Single)));
                assert!(offers(&Role::ALL, &judging).is_empty(), "{stage} {kind} {state}");
            }
        }
    }
}

fn any_judging() -> impl Strategy<Value = Judging> {
    let round = (select(Kind::ALL), select(State::ALL), select(Mode::ALL))
        .prop_map(|(kind, state, policy)| round(kind, state, policy));
    (select(Stage::ALL), prop::option::of(round), 0..2_i64, any::<bool>(), any::<bool>()).prop_map(
        |(stage, round, evidence, drafted, recused)| Judging {
            facts: Facts { evidence, ..Facts::default() },
            standing: Standing { drafted, recused, ..Standing::default() },
            ..judging(stage, round)
        },
    )
}

proptest! {
    #[test]
    fn admins_annotators_and_auditors_are_offered_nothing(judging in any_judging()) {
        prop_assert!(offers(&[Role::Admin, Role::Auditor, Role::Annotator], &judging).is_empty());
    }

    #[test]
    fn who_is_recused_is_offered_nothing(mut judging in any_judging()) {
        judging.standing.recused = true;
        prop_assert!(offers(&Role::ALL, &judging).is_empty());
    }

    #[test]
    fn a_correction_never_takes_the_claim_out_of_the_public(judging in any_judging(), act in select(Act::ALL)) {
        if judging.stage.is_public()
            && judging.kind() != Kind::Initial
            && let Ok(effect) = check(&Role::ALL, &judging, act)
        {
            prop_assert!(effect.stage.is_public());
            prop_assert!(effect.stage != Stage::Retracted || act == Act::Publish || judging.stage == Stage::Retracted);
        }
    }

    #[test]
    fn only_publishing_makes_public(judging in any_judging(), act in select(Act::ALL)) {
        if !judging.stage.is_public() && let Ok(effect) = check(&Role::ALL, &judging, act) {
            prop_assert!(!effect.stage.is_public() || (act == Act::Publish && judging.is_grounded()));
        }
    }
}
