//! Who judged what, and how far it came.

use std::collections::BTreeMap;

use crate::demo::content::{Account, CONTENT, Claim, DATASET, Draft, Publication, Stage};

#[test]
fn every_stage_is_there() {
    let mut counts = BTreeMap::new();
    for claim in &CONTENT.claims {
        let stage = match &claim.stage {
            Stage::Marked => "marked",
            Stage::Researching { returned: None, .. } => "researching",
            Stage::Researching { returned: Some(_), .. } => "returned",
            Stage::InReview { .. } => "in_review",
            Stage::Assessed(_) => "assessed",
            Stage::Decided { .. } => "decided",
            Stage::Declined { .. } => "declined",
            Stage::Duplicate { .. } => "duplicate",
            Stage::Published(publication) if publication.retraction.is_some() => "retracted",
            Stage::Published(publication) if publication.correction.is_some() => "corrected",
            Stage::Published(_) => "published",
        };
        *counts.entry(stage).or_insert(0) += 1;
    }

    let expected = [
        ("corrected", 1),
        ("decided", 1),
        ("declined", 1),
        ("duplicate", 1),
        ("in_review", 2),
        ("marked", 8),
        ("published", 7),
        ("researching", 1),
        ("retracted", 1),
        ("returned", 1),
    ];
    assert_eq!(counts, BTreeMap::from(expected));
}

#[test]
fn nobody_approves_an_own_draft_and_only_the_editor_publishes() {
    for claim in &CONTENT.claims {
        let decisions: Vec<(&Draft, Account)> = match &claim.stage {
            Stage::Researching { returned: Some(returned), .. } => vec![(&returned.draft, returned.by)],
            Stage::Decided { draft, approved_by } => vec![(draft, *approved_by)],
            Stage::Published(publication) => {
                publication.verdicts().map(|verdict| (&verdict.draft, verdict.approved_by)).collect()
            }
            _ => Vec::new(),
        };
        for (draft, by) in decisions {
            assert_ne!(draft.by, by, "{}", claim.key);
        }
        if let Some(publication) = claim.publication() {
            assert!(
                publication.verdicts().all(|verdict| verdict.published_by == Account::Editor),
                "{}",
                claim.key
            );
            if let Some(retraction) = &publication.retraction {
                assert_eq!(retraction.by, Account::Editor);
                assert_ne!(retraction.approved_by, Account::Editor);
            }
        }
        assert!([Account::Annotator, Account::Checker].contains(&claim.marked_by), "{}", claim.key);
    }
}

#[test]
fn a_draft_has_evidence_and_a_reason() {
    for claim in &CONTENT.claims {
        for draft in claim.drafts() {
            assert!(!claim.evidence.is_empty(), "{}", claim.key);
            assert!(!draft.one_line.is_empty() && !draft.rationale.is_empty(), "{}", claim.key);
        }
    }
}

#[test]
fn what_replaces_or_withdraws_a_verdict_says_why() {
    let content = &*CONTENT;
    let publications: Vec<&Publication> = content.claims.iter().filter_map(Claim::publication).collect();

    let corrections: Vec<_> =
        publications.iter().filter_map(|publication| publication.correction.as_ref()).collect();
    assert!(
        matches!(corrections.as_slice(), [update] if update.kind == "update" && !update.public_note.is_empty())
    );
    let retractions: Vec<_> =
        publications.iter().filter_map(|publication| publication.retraction.as_ref()).collect();
    assert!(matches!(retractions.as_slice(), [retraction] if !retraction.public_note.is_empty()));
}

#[test]
fn a_dataset_shows_each_way_that_blind_assessments_end() {
    let mut ways = BTreeMap::new();
    for claim in &DATASET.claims {
        let Stage::Assessed(assessed) = &claim.stage else { continue };
        let given: Vec<_> = assessed.ratings.iter().map(|rating| &rating.rating).collect();
        let way = match (&assessed.adjudication, given.as_slice()) {
            (Some(_), _) => "adjudicated",
            (None, []) => "open",
            (None, [_, _]) => "open for one more",
            (None, [first, rest @ ..]) if rest.iter().all(|rating| rating == first) => "agreed",
            (None, _) => "differing",
        };
        *ways.entry(way).or_insert(0) += 1;
        let mut people: Vec<_> = assessed.ratings.iter().map(|rating| rating.by).collect();
        people.extend(assessed.adjudication.as_ref().map(|decided| decided.by));
        people.push(assessed.opened_by);
        people.push(claim.marked_by);
        for (at, person) in people.iter().enumerate() {
            assert!(!people[..at].contains(person), "{}: {person:?} twice", claim.key);
        }
    }
    let expected =
        [("adjudicated", 2), ("agreed", 6), ("differing", 1), ("open", 1), ("open for one more", 1)];
    assert_eq!(ways, BTreeMap::from(expected));
}
