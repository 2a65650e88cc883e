//! A set, a question or an answer: three things that are added, edited, removed and brought back alike.

use time::OffsetDateTime;
use uuid::Uuid;

use super::fields::{ANSWER, AnswerFields, QUESTION, QuestionFields, SET, SetFields};
use crate::editing::{Field, Values};
use crate::id::{ClaimId, EvidenceId, QuestionId};
use crate::web::problems::Problems;

/// What it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// Evidence that bears on the claim only together.
    Set,
    /// What has to be known to judge the claim.
    Question,
    /// What evidence says to a question.
    Answer,
}

impl Kind {
    /// Its name in the record of changes.
    #[must_use]
    pub const fn entity(self) -> &'static str {
        match self {
            Self::Set => "set",
            Self::Question => "question",
            Self::Answer => "answer",
        }
    }

    /// The one with that name in the record of changes.
    #[must_use]
    pub fn of(entity: &str) -> Option<Self> {
        [Self::Set, Self::Question, Self::Answer].into_iter().find(|kind| kind.entity() == entity)
    }

    /// What can be edited of it.
    #[must_use]
    pub fn fields(self) -> &'static [Field] {
        match self {
            Self::Set => &SET,
            Self::Question => &QUESTION,
            Self::Answer => &ANSWER,
        }
    }

    /// Reads its fields.
    ///
    /// # Errors
    /// What is wrong with which field.
    pub fn parse(self, values: &Values) -> Result<Fields, Problems> {
        match self {
            Self::Set => SetFields::parse(values).map(Fields::Set),
            Self::Question => QuestionFields::parse(values).map(Fields::Question),
            Self::Answer => AnswerFields::parse(values).map(Fields::Answer),
        }
    }

    /// The word for several of them in addresses.
    pub(super) const fn path(self) -> &'static str {
        match self {
            Self::Set => "sets",
            Self::Question => "questions",
            Self::Answer => "answers",
        }
    }

    /// The title of the page that edits it.
    pub(super) const fn title(self) -> &'static str {
        match self {
            Self::Set => "Evidence that counts together",
            Self::Question => "Question",
            Self::Answer => "Answer",
        }
    }
}

/// The fields of any of them.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Fields {
    Set(SetFields),
    Question(QuestionFields),
    Answer(AnswerFields),
}

impl Fields {
    /// What they are of.
    #[must_use]
    pub const fn kind(&self) -> Kind {
        match self {
            Self::Set(_) => Kind::Set,
            Self::Question(_) => Kind::Question,
            Self::Answer(_) => Kind::Answer,
        }
    }

    /// The fields as texts.
    #[must_use]
    pub fn values(&self) -> Values {
        match self {
            Self::Set(fields) => fields.values(),
            Self::Question(fields) => fields.values(),
            Self::Answer(fields) => fields.values(),
        }
    }

    /// The evidence that is named.
    #[must_use]
    pub fn evidence(&self) -> &[EvidenceId] {
        match self {
            Self::Set(fields) => &fields.evidence,
            Self::Question(_) => &[],
            Self::Answer(fields) => &fields.evidence,
        }
    }

    /// What to call it.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Set(fields) => &fields.label,
            Self::Question(fields) => &fields.question,
            Self::Answer(fields) => fields.words(),
        }
    }
}

/// One of them on a claim.
#[derive(Clone, Debug)]
pub struct Piece {
    pub id: Uuid,
    pub claim: ClaimId,
    /// Of an answer: what it answers.
    pub question: Option<QuestionId>,
    /// Of a question: where it stands among the others.
    pub position: i32,
    pub fields: Fields,
    pub created_by: String,
    pub removed_at: Option<OffsetDateTime>,
    pub row_version: i32,
}

impl Piece {
    /// What it is.
    #[must_use]
    pub const fn kind(&self) -> Kind {
        self.fields.kind()
    }
}
