//! The tables of what puts evidence together.

use crate::exchange::{Answer, ClaimRecord, EvidenceSet, Question};
use crate::id::EvidenceId;

pub(super) const SETS: [&str; 6] = ["claim_id", "id", "label", "note", "evidence_ids", "confidential_count"];

pub(super) const QUESTIONS: [&str; 11] = [
    "claim_id",
    "id",
    "position",
    "question",
    "answer_id",
    "kind",
    "answer",
    "is_yes",
    "explanation",
    "evidence_ids",
    "confidential_count",
];

pub(super) fn set(record: &ClaimRecord, set: &EvidenceSet) -> [String; SETS.len()] {
    [
        record.id.to_string(),
        set.id.to_string(),
        set.label.clone(),
        set.note.clone(),
        listed(&set.evidence),
        set.confidential_evidence.to_string(),
    ]
}

/// A row for each answer; one without an answer for a question that has none.
pub(super) fn answers(record: &ClaimRecord, asked: &Question) -> Vec<[String; QUESTIONS.len()]> {
    let position = record.questions.iter().position(|other| other.id == asked.id).map_or(0, |at| at + 1);
    let row = |answer: Option<&Answer>| {
        let of = |text: fn(&Answer) -> String| answer.map(text).unwrap_or_default();
        [
            record.id.to_string(),
            asked.id.to_string(),
            position.to_string(),
            asked.question.clone(),
            of(|answer| answer.id.to_string()),
            of(|answer| answer.kind.as_str().to_owned()),
            of(|answer| answer.answer.clone().unwrap_or_default()),
            of(|answer| answer.is_yes.map(|is_yes| is_yes.to_string()).unwrap_or_default()),
            of(|answer| answer.explanation.clone()),
            of(|answer| listed(&answer.evidence)),
            of(|answer| answer.confidential_evidence.to_string()),
        ]
    };
    if asked.answers.is_empty() {
        return vec![row(None)];
    }
    asked.answers.iter().map(|answer| row(Some(answer))).collect()
}

fn listed(evidence: &[EvidenceId]) -> String {
    evidence.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}
