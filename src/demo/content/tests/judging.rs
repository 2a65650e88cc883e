//! Who judged what, and how far it came.

use std::collections::BTreeMap;

use crate::demo::content::{Account, CONTENT, Claim, Draft, Publication, Stage};

#[test]
fn every_stage_is_there() {
    let mut counts = BTreeMap::new();
    for claim in &CONTENT.claims {
        let stage = match &claim.stage {
            Stage::Marked => "marked",
            Stage::Researching { returned: None, .. } => "researching",
            Stage::Researching { returned: Some(_), .. } => "returned",
            Stage::InReview { .. } => "in_review",
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
