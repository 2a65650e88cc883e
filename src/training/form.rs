//! What is typed about training claims.

use serde::Deserialize;

use crate::claims::fields::WORDS_MAX;
use crate::scales::Scale;
use crate::web::problems::Problems;

const CONTEXT_MAX: usize = 2_000;
const LONG_MAX: usize = 20_000;
const RATIONALE_MAX: usize = 5_000;

/// A new training claim.
#[derive(Clone, PartialEq, Eq, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewTraining {
    pub claim_reviewed: String,
    #[serde(default)]
    pub context: String,
    pub evidence: String,
    #[serde(default)]
    pub rating: String,
    pub explanation: String,
}

impl NewTraining {
    /// The same in one spelling.
    #[must_use]
    pub fn tidy(self) -> Self {
        Self {
            claim_reviewed: self.claim_reviewed.split_whitespace().collect::<Vec<_>>().join(" "),
            context: tidy(&self.context),
            evidence: tidy(&self.evidence),
            rating: self.rating,
            explanation: tidy(&self.explanation),
        }
    }

    /// What is wrong with which field.
    #[must_use]
    pub fn problems(&self, scale: &Scale) -> Problems {
        let mut problems = Problems::default();
        if !(1..=WORDS_MAX).contains(&length(&self.claim_reviewed)) {
            problems
                .add("claim_reviewed", format!("Say what is claimed, in at most {WORDS_MAX} characters."));
        }
        if length(&self.context) > CONTEXT_MAX {
            problems.add("context", "This is longer than 2,000 characters.");
        }
        if !(1..=LONG_MAX).contains(&length(&self.evidence)) {
            problems.add("evidence", "Say what is known of it, in at most 20,000 characters.");
        }
        if scale.value(&self.rating).is_none() {
            problems.add("rating", "Choose the rating that the desk agreed on.");
        }
        if !(1..=LONG_MAX).contains(&length(&self.explanation)) {
            problems.add("explanation", "Explain the rating, in at most 20,000 characters.");
        }
        problems
    }
}

/// How somebody rates a training claim.
#[derive(Clone, PartialEq, Eq, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AnswerForm {
    #[serde(default)]
    pub rating: String,
    #[serde(default)]
    pub rationale: String,
}

impl AnswerForm {
    /// The same in one spelling.
    #[must_use]
    pub fn tidy(self) -> Self {
        Self { rating: self.rating, rationale: tidy(&self.rationale) }
    }

    /// What is wrong with which field.
    #[must_use]
    pub fn problems(&self, scale: &Scale) -> Problems {
        let mut problems = Problems::default();
        if scale.value(&self.rating).is_none() {
            problems.add("rating", "Choose a rating.");
        }
        if !(1..=RATIONALE_MAX).contains(&length(&self.rationale)) {
            problems.add("rationale", "Say why, in at most 5,000 characters.");
        }
        problems
    }
}

fn tidy(text: &str) -> String {
    text.replace("\r\n", "\n").trim().to_owned()
}

fn length(text: &str) -> usize {
    text.chars().count()
}
