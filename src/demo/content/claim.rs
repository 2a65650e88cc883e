//! A claim of the sample content, from where it was made to what became of its verdict.

use serde::Deserialize;
use time::Date;

use super::{Account, Dated, EvidenceSet, Question, iso_date};
use crate::claims::{Attitude, ClaimType, DeclineReason, Medium};
use crate::reviews::Confidence;

/// A claim, with everything that is known about it and has happened to it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Claim {
    pub key: String,
    pub claim_reviewed: String,
    pub language: String,
    pub types: Vec<ClaimType>,
    pub topics: Vec<String>,
    pub marked_by: Account,
    /// The first one is there when the claim is made, the others are added.
    pub appearances: Vec<Appearance>,
    /// Attached by the claim's drafter, before the draft.
    pub evidence: Vec<Evidence>,
    /// What was asked and answered once the evidence was there.
    #[serde(default)]
    pub questions: Vec<Question>,
    /// Evidence that counts together.
    #[serde(default)]
    pub sets: Vec<EvidenceSet>,
    pub stage: Stage,
}

/// One place where a claim was made.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Appearance {
    pub at: At,
    /// Who made the statement here; where it is passed on, first who passes it on, then whose it is.
    pub speakers: Vec<Speaker>,
    pub said: Dated,
    pub place: Option<String>,
    pub medium: Medium,
    pub event: Option<String>,
    pub attitude: Attitude,
    pub first_known: bool,
}

/// Where an appearance stands.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum At {
    Passage(Quote),
    Url(String),
}

/// Words of an imported article.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Quote {
    /// The key of an article.
    pub article: String,
    #[serde(rename = "quote")]
    pub exact: String,
    /// Which of the places is meant where the words stand several times; 1 is the first.
    #[serde(default = "once")]
    pub nth: usize,
    /// How many times the words stand in the article.
    #[serde(default = "once")]
    pub of: usize,
}

fn once() -> usize {
    1
}

/// Who speaks, and as what.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Speaker {
    /// The key of an agent.
    pub agent: String,
    pub office: Option<String>,
}

/// A source's passage that bears on the claim.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Evidence {
    /// The key of a source.
    pub source: String,
    pub passage: String,
    pub locator: String,
    pub stance: String,
    pub note: String,
    /// Whether it found out for itself; not said where it is not known.
    #[serde(default)]
    pub independence: Option<String>,
}

/// How far a claim has come, and who brought it there.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Stage {
    Marked,
    Researching {
        by: Account,
        returned: Option<Box<Returned>>,
    },
    InReview {
        draft: Draft,
    },
    Assessed(Box<Assessed>),
    Decided {
        draft: Draft,
        approved_by: Account,
    },
    Published(Box<Publication>),
    Declined {
        by: Account,
        reason: DeclineReason,
        note: String,
    },
    /// `of` is the key of another claim.
    Duplicate {
        by: Account,
        of: String,
    },
}

/// A claim that several people assess, each without seeing what the others say.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Assessed {
    /// Who gathered the evidence and opened it for assessment.
    pub opened_by: Account,
    /// In the order in which they came in.
    pub ratings: Vec<Rating>,
    pub adjudication: Option<Adjudication>,
    pub verdict: Option<Verdict>,
}

/// How one person rates a claim.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rating {
    pub by: Account,
    /// The `code` of one of the scale's values.
    pub rating: String,
    pub confidence: Confidence,
    pub rationale: String,
}

/// What somebody decided where ratings differ.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Adjudication {
    pub by: Account,
    pub rating: String,
    pub reason: String,
}

/// A verdict as it was drafted.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Draft {
    pub by: Account,
    /// The `code` of one of the scale's values.
    pub rating: String,
    #[serde(with = "iso_date")]
    pub as_of: Date,
    pub one_line: String,
    /// Paragraphs, parted by an empty line.
    pub rationale: String,
}

/// A draft which a second person sent back.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Returned {
    pub draft: Draft,
    pub by: Account,
    pub reason: String,
}

/// A verdict which went all the way.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Verdict {
    pub draft: Draft,
    pub approved_by: Account,
    pub published_by: Account,
}

/// A published verdict, and what became of it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Publication {
    pub verdict: Verdict,
    pub correction: Option<Correction>,
    pub retraction: Option<Retraction>,
}

/// Why a verdict was replaced, and by which.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Correction {
    pub kind: String,
    pub public_note: String,
    /// What is cited in addition.
    pub evidence: Vec<Evidence>,
    pub verdict: Verdict,
}

/// Why a verdict was taken back.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Retraction {
    pub by: Account,
    pub approved_by: Account,
    pub public_note: String,
}
