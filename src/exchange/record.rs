//! A claim with everything about it: what every format and every public page is made from. Its JSON is a line of the
//! JSON Lines export; `docs/exports.md` describes each field.

use std::rc::Rc;

use serde::ser::SerializeStruct as _;
use serde::{Serialize, Serializer};
use time::{Date, OffsetDateTime};

use super::grouped::{Copy, EvidenceSet, Place, Question, Quote};
use super::moment::{Day, Instant};
use crate::agents;
use crate::claims::{Attitude, DeclineReason, Medium, Stage};
use crate::evidence::{Access, Independence, SourceClass, SourceMedium, Stance};
use crate::id::{AgentId, AppearanceId, ArticleId, ClaimId, CorrectionId, EvidenceId, SourceId, VersionId};
use crate::reviews::{Confidence, CorrectionKind, Kind, Method, State, Tally};
use crate::scales::{RatingValue, Scale};
use crate::text::dates::PartialDate;

/// A statement, where it was made, what bears on it, and what was decided.
#[derive(Debug, Serialize)]
pub struct ClaimRecord {
    pub id: ClaimId,
    pub stage: Stage,
    pub claim_reviewed: String,
    /// BCP 47; `und` when not known.
    pub language: String,
    pub claim_types: Vec<String>,
    pub topics: Vec<String>,
    #[serde(serialize_with = "timestamp")]
    pub created_at: OffsetDateTime,
    pub decline_reason: Option<DeclineReason>,
    pub decline_note: Option<String>,
    /// The claim that stands for this one.
    pub duplicate_of: Option<ClaimId>,
    /// The claims that this one stands for. Readers see where those were made among the appearances.
    pub duplicates: Vec<ClaimId>,
    /// The first known one first, then in the order in which they were added.
    pub appearances: Vec<Appearance>,
    pub evidence: Vec<Evidence>,
    /// How many pieces of evidence are from confidential sources, and so not named here.
    pub confidential_evidence: usize,
    /// How many were left out, since they were published after the claim was made.
    pub later_evidence: usize,
    /// Evidence that bears on the claim only together.
    pub evidence_sets: Vec<EvidenceSet>,
    /// What had to be known, in its order, with what the evidence says.
    pub questions: Vec<Question>,
    /// Those that were published, oldest first: the last one counts.
    pub verdicts: Vec<Verdict>,
    /// Oldest first.
    pub corrections: Vec<Correction>,
    /// The round of judging that is under way; for the desk only.
    pub draft: Option<Draft>,
}

impl ClaimRecord {
    /// The verdict that counts: none before the first publication. A retracted claim keeps the one that was withdrawn.
    #[must_use]
    pub fn verdict(&self) -> Option<&Verdict> {
        self.verdicts.last()
    }

    /// When the claim became public.
    #[must_use]
    pub fn first_published(&self) -> Option<OffsetDateTime> {
        self.verdicts.first().map(|verdict| verdict.published_at)
    }

    /// When what is public changed last.
    #[must_use]
    pub fn last_changed(&self) -> Option<OffsetDateTime> {
        let published = self.verdicts.iter().map(|verdict| verdict.published_at);
        published.chain(self.corrections.iter().map(|correction| correction.at)).max()
    }

    /// The appearance that says who made the claim, when and where: the first one with a speaker, or else the first.
    #[must_use]
    pub fn origin(&self) -> Option<&Appearance> {
        let spoken = self.appearances.iter().find(|appearance| !appearance.speakers.is_empty());
        spoken.or(self.appearances.first())
    }

    /// Whether the review was withdrawn.
    #[must_use]
    pub fn is_retracted(&self) -> bool {
        self.stage == Stage::Retracted
    }
}

/// One place where the claim was made.
#[derive(Debug, Serialize)]
pub struct Appearance {
    pub id: AppearanceId,
    /// The claim that it was noted for: this one, or one that turned out to say the same.
    pub claim: ClaimId,
    pub is_first_known: bool,
    pub url: Option<String>,
    /// The words in an article; none for a bare address.
    pub mark: Option<Mark>,
    #[serde(serialize_with = "partial")]
    pub said: PartialDate,
    pub place: Option<String>,
    pub medium: Option<Medium>,
    pub event: Option<String>,
    pub attitude: Option<Attitude>,
    pub speakers: Vec<Speaker>,
    #[serde(serialize_with = "timestamp")]
    pub created_at: OffsetDateTime,
}

impl Appearance {
    /// Where it can be read outside: its own address, or the article's.
    #[must_use]
    pub fn address(&self) -> Option<&str> {
        let article = || self.mark.as_ref()?.article.url.as_deref();
        self.url.as_deref().or_else(article)
    }
}

/// Words in a version of an article, as a W3C selector; offsets are code points of that version's text.
#[derive(Debug, Serialize)]
pub struct Mark {
    #[serde(serialize_with = "shared")]
    pub article: Rc<Article>,
    pub exact: String,
    pub prefix: String,
    pub suffix: String,
    pub start: i32,
    pub end: i32,
    /// Where the words stand in the other versions of the article.
    pub anchors: Vec<Anchor>,
}

/// Where marked words stand in another version of the article.
#[derive(Debug, Serialize)]
pub struct Anchor {
    pub version: i32,
    /// `located`, `drifted` (found, changed) or `orphaned` (not found: the place is the last one known).
    pub state: String,
    pub exact: String,
    pub start: i32,
    pub end: i32,
}

/// An article in the version that was marked.
#[derive(Debug, Serialize)]
pub struct Article {
    pub id: ArticleId,
    pub url: Option<String>,
    pub title: Option<String>,
    pub byline: Option<String>,
    #[serde(serialize_with = "shared_option")]
    pub publisher: Option<Rc<Agent>>,
    pub language: String,
    #[serde(serialize_with = "partial")]
    pub published: PartialDate,
    pub version_id: VersionId,
    /// 1, 2, 3 …
    pub version: i32,
    /// Of the version's text in UTF-8, in hex.
    pub sha256: String,
}

/// Somebody who speaks or publishes.
#[derive(Debug, Serialize)]
pub struct Agent {
    pub id: AgentId,
    pub kind: agents::Kind,
    pub name: String,
    pub description: String,
    pub same_as: Vec<String>,
}

/// Who made a claim.
#[derive(Debug, Serialize)]
pub struct Speaker {
    #[serde(serialize_with = "shared")]
    pub agent: Rc<Agent>,
    /// Role or office at that time.
    pub office: Option<String>,
}

/// A passage of a source that bears on the claim.
#[derive(Debug, Serialize)]
pub struct Evidence {
    pub id: EvidenceId,
    pub stance: Stance,
    pub exact: Option<String>,
    pub locator: Option<String>,
    pub note: String,
    /// Whether what it says is its own finding; nothing when that is not known.
    pub independence: Option<Independence>,
    /// Whether its source was published after the claim was made; nothing when the dates do not tell.
    pub published_after_claim: Option<bool>,
    /// What came of looking for its words in a copy; nothing when nobody could look.
    pub quote: Option<Quote>,
    pub place: Place,
    /// The kept copy of its source.
    pub copy: Option<Copy>,
    #[serde(serialize_with = "shared")]
    pub source: Rc<Source>,
    #[serde(serialize_with = "timestamp")]
    pub created_at: OffsetDateTime,
}

/// A document that is cited.
#[derive(Debug, Serialize)]
pub struct Source {
    pub id: SourceId,
    pub url: Option<String>,
    pub title: Option<String>,
    #[serde(serialize_with = "shared_option")]
    pub publisher: Option<Rc<Agent>>,
    pub authors: Vec<String>,
    #[serde(serialize_with = "partial")]
    pub published: PartialDate,
    /// When it was last changed.
    #[serde(serialize_with = "partial")]
    pub modified: PartialDate,
    pub language: Option<String>,
    pub doi: Option<String>,
    pub isbn: Option<String>,
    /// The address that it calls its own.
    pub canonical_url: Option<String>,
    pub class: Option<SourceClass>,
    pub medium: Option<SourceMedium>,
    pub access: Access,
    /// On whom it depends, in words.
    pub independence: String,
    /// What whoever made it has to gain, in words.
    pub interest: String,
    pub description: String,
}

impl Source {
    /// What it is called: its title, or its address.
    #[must_use]
    pub fn name(&self) -> &str {
        self.title.as_deref().or(self.url.as_deref()).unwrap_or_default()
    }
}

/// A decision of the desk, as it was published.
#[derive(Debug, Serialize)]
pub struct Verdict {
    /// 1, 2, 3 … of the claim. One that was decided but never published leaves a gap.
    pub number: i32,
    pub rating: Rating,
    pub one_line: String,
    pub rationale: String,
    pub no_evidence_reason: Option<String>,
    #[serde(serialize_with = "day")]
    pub as_of: Date,
    pub method: Method,
    pub approvals: i32,
    /// How many gave which rating, by its code, where several people rated.
    pub tally: Option<Tally>,
    /// How many of them gave another rating than this.
    pub dissent: i64,
    /// The notes of those, where the desk gives them away.
    pub dissent_notes: Vec<DissentNote>,
    /// What each of them gave, under a pseudonym; for the desk only.
    pub assessments: Option<Vec<Assessed>>,
    /// Account names; for the desk only.
    pub drafted_by: Option<String>,
    pub approved_by: Option<String>,
    #[serde(serialize_with = "timestamp")]
    pub decided_at: OffsetDateTime,
    #[serde(serialize_with = "timestamp")]
    pub published_at: OffsetDateTime,
}

/// Why somebody rated otherwise than the desk did.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct DissentNote {
    /// The rating's code.
    pub rating: String,
    pub note: String,
}

/// What one of several people gave.
#[derive(Clone, Debug, Serialize)]
pub struct Assessed {
    /// The same for all that a person gives at this desk.
    pub pseudonym: String,
    pub rating: String,
    pub confidence: Confidence,
    pub rationale: String,
    /// The version of the desk's guidelines that it goes by.
    pub guideline: Option<i32>,
    /// Seconds of work on it; nothing when they were not measured.
    pub seconds_active: Option<i32>,
    #[serde(serialize_with = "timestamp")]
    pub at: OffsetDateTime,
}

/// A value of a scale, as the scale was when it was given; without a value on a scale that has none.
#[derive(Debug)]
pub struct Rating {
    pub scale: Rc<Scale>,
    pub code: Option<String>,
}

impl Rating {
    /// The value of the scale.
    #[must_use]
    pub fn value(&self) -> Option<&RatingValue> {
        self.scale.value(self.code.as_deref()?)
    }

    /// The rating in words, where there is one.
    #[must_use]
    pub fn label(&self) -> Option<&str> {
        self.value().map(|value| value.label.as_str())
    }
}

impl Serialize for Rating {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let value = self.value();
        let numbers = value.and_then(|value| value.numbers);
        let mut rating = serializer.serialize_struct("Rating", 10)?;
        rating.serialize_field("code", &self.code)?;
        rating.serialize_field("label", &value.map(|value| &value.label))?;
        rating.serialize_field("definition", &value.map(|value| &value.definition))?;
        rating.serialize_field("shape", &value.map(|value| value.shape))?;
        rating.serialize_field("value", &numbers.map(|numbers| numbers.value))?;
        rating.serialize_field("best", &numbers.map(|numbers| numbers.best))?;
        rating.serialize_field("worst", &numbers.map(|numbers| numbers.worst))?;
        rating.serialize_field("averitec", &value.and_then(|value| value.averitec.as_ref()))?;
        rating.serialize_field("scale", &self.scale.name)?;
        rating.serialize_field("scale_version", &self.scale.number)?;
        rating.end()
    }
}

/// Why a published verdict was replaced or withdrawn.
#[derive(Debug, Serialize)]
pub struct Correction {
    pub id: CorrectionId,
    pub kind: CorrectionKind,
    pub public_note: String,
    pub from_verdict: i32,
    /// None when the verdict was withdrawn.
    pub to_verdict: Option<i32>,
    #[serde(serialize_with = "timestamp")]
    pub at: OffsetDateTime,
}

/// A round of judging that is under way.
#[derive(Debug, Serialize)]
pub struct Draft {
    pub kind: Kind,
    pub state: State,
    pub rating: Rating,
    pub one_line: String,
    pub rationale: String,
    pub no_evidence_reason: Option<String>,
    #[serde(serialize_with = "day_option")]
    pub as_of: Option<Date>,
    pub correction_kind: Option<CorrectionKind>,
    pub public_note: String,
}

fn shared<T: Serialize, S: Serializer>(value: &Rc<T>, serializer: S) -> Result<S::Ok, S::Error> {
    value.serialize(serializer)
}

#[expect(clippy::ref_option, reason = "serde gives the field as it is")]
fn shared_option<T: Serialize, S: Serializer>(
    value: &Option<Rc<T>>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    value.as_deref().serialize(serializer)
}

/// A point in time with its zone, as in `2026-10-02T09:00:00Z`.
pub(super) fn timestamp<S: Serializer>(at: &OffsetDateTime, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(&Instant(*at))
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde gives the field as it is")]
fn day<S: Serializer>(day: &Date, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(&Day(*day))
}

#[expect(clippy::ref_option, clippy::trivially_copy_pass_by_ref, reason = "serde gives the field as it is")]
fn day_option<S: Serializer>(day: &Option<Date>, serializer: S) -> Result<S::Ok, S::Error> {
    day.map(Day).serialize(serializer)
}

/// A date as precisely as it is known: what is known of it in ISO 8601, and how much that is.
fn partial<S: Serializer>(date: &PartialDate, serializer: S) -> Result<S::Ok, S::Error> {
    let mut both = serializer.serialize_struct("PartialDate", 2)?;
    both.serialize_field("date", &date.to_iso())?;
    both.serialize_field("precision", date.columns().2.as_str())?;
    both.end()
}
