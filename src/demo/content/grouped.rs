//! What the sample content asks of a claim, and which evidence counts together.

use serde::Deserialize;

/// What had to be known to judge a claim.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Question {
    pub question: String,
    pub answers: Vec<Answer>,
}

/// What the evidence says to it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answer {
    pub kind: String,
    #[serde(default)]
    pub answer: String,
    /// `yes` or `no`, for an answer that is one of these.
    #[serde(default)]
    pub is_yes: String,
    #[serde(default)]
    pub explanation: String,
    /// The numbers of pieces of the claim's evidence; 1 is the first.
    #[serde(default)]
    pub evidence: Vec<usize>,
}

/// Evidence that bears on a claim only together.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EvidenceSet {
    pub label: String,
    pub note: String,
    /// The numbers of pieces of the claim's evidence; 1 is the first.
    pub evidence: Vec<usize>,
}
