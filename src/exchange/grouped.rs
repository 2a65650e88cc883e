//! What is known of evidence besides its words: where they stand in which copy, and what puts it together.

use serde::Serialize;
use time::OffsetDateTime;

use super::record::{ClaimRecord, timestamp};
use crate::evidence::Publishers;
use crate::evidence::groups::AnswerKind;
use crate::id::{AnswerId, CopyId, EvidenceId, EvidenceSetId, QuestionId};
use crate::text::dates::PartialDate;

/// What came of looking for the quoted words in a copy.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Quote {
    /// `stands`, `nearly` (other words stand there) or `missing`.
    pub check: String,
    /// The copy's own words, and what stands around them; none where they are missing.
    pub found: Option<String>,
    pub prefix: Option<String>,
    pub suffix: Option<String>,
    /// Half-open, in code points of the copy's text.
    pub start: Option<i32>,
    pub end: Option<i32>,
    /// Why the words are cited although they do not stand there so.
    pub reason: Option<String>,
}

/// Where in a document something stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize)]
pub struct Place {
    /// Of a PDF.
    pub page: Option<i32>,
    /// In audio or video.
    pub time_from_ms: Option<i64>,
    pub time_to_ms: Option<i64>,
    /// Which table of the document, which row and which column, each from 1.
    pub cell: Option<Cell>,
}

/// A cell of a table.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
pub struct Cell {
    pub table: i32,
    pub row: i32,
    pub column: i32,
}

/// A kept copy of a source: the one in which the words were looked for, or else the newest one.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Copy {
    pub id: CopyId,
    /// 1, 2, 3 … of its source.
    pub number: i32,
    pub media_type: String,
    #[serde(serialize_with = "timestamp")]
    pub received_at: OffsetDateTime,
    /// Of the bytes as they came, in hex.
    pub sha256: String,
    /// Of the text that was read out of them, in UTF-8, in hex; none where there is none.
    pub text_sha256: Option<String>,
}

/// Evidence that bears on the claim only together.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct EvidenceSet {
    pub id: EvidenceSetId,
    /// Empty for readers when a confidential source belongs to it; so is the note.
    pub label: String,
    pub note: String,
    pub evidence: Vec<EvidenceId>,
    /// How many more pieces, from confidential sources, belong to it.
    pub confidential_evidence: usize,
}

/// What had to be known to judge the claim.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Question {
    pub id: QuestionId,
    pub question: String,
    pub answers: Vec<Answer>,
}

/// What evidence says to a question. Of an answer that rests on a confidential source, readers learn its kind.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Answer {
    pub id: AnswerId,
    pub kind: AnswerKind,
    pub answer: Option<String>,
    pub is_yes: Option<bool>,
    pub explanation: String,
    pub evidence: Vec<EvidenceId>,
    /// How many more pieces, from confidential sources, it rests on.
    pub confidential_evidence: usize,
}

impl Answer {
    /// The answer in words, as far as it is told.
    #[must_use]
    pub fn words(&self) -> &str {
        if self.confidential_evidence > 0 && self.answer.is_none() && self.is_yes.is_none() {
            return "The answer rests on a confidential source.";
        }
        crate::evidence::groups::answer_words(self.kind, self.answer.as_deref(), self.is_yes)
    }
}

impl ClaimRecord {
    /// When the claim was made: at the place that is known to be the first, or else at the earliest one. Places of claims
    /// that turned out to say the same do not count.
    #[must_use]
    pub fn made(&self) -> PartialDate {
        let own = self.appearances.iter().filter(|made| made.claim == self.id && made.said.is_known());
        let earliest = own.min_by_key(|made| {
            let (from, to, _) = made.said.columns();
            (!made.is_first_known, from, to, made.id)
        });
        earliest.map_or(PartialDate::Unknown, |made| made.said)
    }

    /// Who stands behind what is cited.
    #[must_use]
    pub fn publishers(&self) -> Publishers {
        Publishers::of(self.evidence.iter().map(|evidence| {
            let publisher = evidence.source.publisher.as_ref().map(|agent| agent.id);
            (publisher, evidence.independence)
        }))
    }

    /// How many pieces of evidence were published after the claim was made.
    #[must_use]
    pub fn later(&self) -> usize {
        self.evidence.iter().filter(|evidence| evidence.published_after_claim == Some(true)).count()
    }

    /// Leaves out what was certainly published after the claim was made, and what holds only with it: sets that it
    /// belongs to, and answers that rest on nothing else.
    pub fn keep_as_of_claim(&mut self) {
        self.later_evidence = self.later();
        if self.later_evidence == 0 {
            return;
        }
        let is_later = |evidence: &super::Evidence| evidence.published_after_claim == Some(true);
        let gone: Vec<_> =
            self.evidence.iter().filter(|evidence| is_later(evidence)).map(|evidence| evidence.id).collect();
        self.evidence.retain(|evidence| !is_later(evidence));
        self.evidence_sets.retain(|set| set.evidence.iter().all(|id| !gone.contains(id)));
        for question in &mut self.questions {
            for answer in &mut question.answers {
                answer.evidence.retain(|id| !gone.contains(id));
            }
            question.answers.retain(|answer| {
                answer.kind == AnswerKind::Unanswerable
                    || !answer.evidence.is_empty()
                    || answer.confidential_evidence > 0
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    #[test]
    fn a_claim_was_made_where_it_is_known_to_have_come_from() {
        let mut record = sample::record();
        assert_eq!(record.made(), "2026-09".parse().unwrap());
        record.appearances[1].said = "2020-01-01".parse().unwrap();
        assert_eq!(record.made(), "2026-09".parse().unwrap(), "the first known place counts");
        record.appearances[0].is_first_known = false;
        assert_eq!(record.made(), "2020-01-01".parse().unwrap(), "or else the earliest one");
        record.appearances[1].claim = crate::id::ClaimId::new();
        assert_eq!(record.made(), "2026-09".parse().unwrap(), "of this claim");
        record.appearances.clear();
        assert_eq!(record.made(), PartialDate::Unknown);
    }

    #[test]
    fn as_of_the_claims_date_goes_what_came_later_and_what_rests_on_it_alone() {
        let mut record = sample::record();
        let whole = sample::record();
        record.keep_as_of_claim();
        assert_eq!(record.evidence.len(), whole.evidence.len(), "nothing is certainly later");

        let mut later = sample::record().evidence.remove(0);
        (later.id, later.published_after_claim) = (sample::id(42), Some(true));
        record.evidence.push(later);
        record.evidence_sets[0].evidence.push(sample::id(42));
        record.questions[0].answers[0].evidence.push(sample::id(42));
        record.keep_as_of_claim();
        assert_eq!(record.later_evidence, 1);
        assert_eq!(
            record.evidence.iter().map(|evidence| evidence.id).collect::<Vec<_>>(),
            [whole.evidence[0].id]
        );
        assert!(record.evidence_sets.is_empty(), "half of a set is none");
        let answers = &record.questions[0].answers;
        assert_eq!(answers.len(), 2);
        assert_eq!(answers[0].evidence, [whole.evidence[0].id]);
        assert_eq!(answers[1].kind, AnswerKind::Unanswerable);
    }
}
