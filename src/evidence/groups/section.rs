//! Questions, answers and sets as a part of pages.

use std::collections::{HashMap, HashSet};

use askama::Template;
use askama::filters::HtmlSafe;
use sqlx::PgConnection;
use uuid::Uuid;

use super::fields::{AnswerFields, QuestionFields, SetFields};
use super::pages::new_form;
use super::piece::{Fields, Kind, Piece};
use super::store::{self, name};
use crate::auth::Viewer;
use crate::auth::permission::CiteEvidence;
use crate::editing::Form;
use crate::error::Result;
use crate::evidence::Evidence;
use crate::id::{ClaimId, EvidenceId};
use crate::web::Shell;

/// The questions, answers and sets of a claim's working page, and, compact, of the panel beside an article: the part
/// `part-groups` (`docs/design-system.md`, Parts). It is for members; the public page has a list of its own.
#[derive(Clone, Debug, Template)]
#[template(path = "evidence/groups/_section.html")]
pub struct Section {
    shell: Shell,
    claim: ClaimId,
    /// Whether there is little room.
    compact: bool,
    questions: Vec<Asked>,
    sets: Vec<Together>,
    removed: Vec<Removed>,
    /// Whether the member may add, edit and remove now.
    may: bool,
    /// Whether there is enough evidence to put together.
    can_join: bool,
    new_question: Option<Form>,
}

impl HtmlSafe for Section {}

/// A question with its answers.
#[derive(Clone, Debug)]
struct Asked {
    id: Uuid,
    fields: QuestionFields,
    answers: Vec<Answered>,
}

/// An answer with the evidence that gives it.
#[derive(Clone, Debug)]
struct Answered {
    id: Uuid,
    fields: AnswerFields,
    evidence: Vec<(EvidenceId, String)>,
}

/// A set with its evidence.
#[derive(Clone, Debug)]
struct Together {
    id: Uuid,
    fields: SetFields,
    evidence: Vec<(EvidenceId, String)>,
}

/// Something that was removed.
#[derive(Clone, Debug)]
struct Removed {
    kind: Kind,
    id: Uuid,
    name: String,
}

impl Section {
    /// The section for a member of the desk. `evidence` is what the page shows of the claim's; a set that names more, or an
    /// answer that names nothing of it, is not shown.
    ///
    /// # Errors
    /// When PostgreSQL fails.
    pub async fn load(
        conn: &mut PgConnection,
        viewer: &Viewer,
        claim: ClaimId,
        evidence: &[Evidence],
        still: bool,
    ) -> Result<Self> {
        let shell = Shell::new(viewer);
        let may = viewer.may::<CiteEvidence>() && !still;
        let named: HashMap<EvidenceId, String> =
            evidence.iter().map(|item| (item.id, name(item.source.name(), item.exact.as_deref()))).collect();
        let mut section = Self {
            new_question: may.then(|| new_form(&shell, claim, Kind::Question, None, &[])),
            shell,
            claim,
            compact: false,
            questions: Vec::new(),
            sets: Vec::new(),
            removed: Vec::new(),
            may,
            can_join: evidence.len() > 1,
        };
        let pieces = store::of_claim(conn, viewer.desk.id, claim).await?;
        let gone: HashSet<Uuid> =
            pieces.iter().filter(|piece| piece.removed_at.is_some()).map(|piece| piece.id).collect();
        for piece in pieces {
            // What was removed with its question comes back with it.
            if piece.question.is_some_and(|question| gone.contains(&question.uuid())) {
                continue;
            }
            if piece.removed_at.is_some() {
                let name = piece.fields.name().to_owned();
                section.removed.push(Removed { kind: piece.kind(), id: piece.id, name });
            } else {
                section.take(piece, &named);
            }
        }
        Ok(section)
    }

    fn take(&mut self, piece: Piece, named: &HashMap<EvidenceId, String>) {
        let shown: Vec<_> =
            piece.fields.evidence().iter().filter_map(|id| Some((*id, named.get(id)?.clone()))).collect();
        let is_whole = shown.len() == piece.fields.evidence().len();
        let is_empty = shown.is_empty() && !is_whole;
        match piece.fields {
            Fields::Question(fields) => {
                self.questions.push(Asked { id: piece.id, fields, answers: Vec::new() });
            }
            Fields::Set(fields) if shown.len() > 1 => {
                self.sets.push(Together { id: piece.id, fields, evidence: shown });
            }
            Fields::Answer(fields) if !is_empty => {
                let answered = Answered { id: piece.id, fields, evidence: shown };
                let of = piece.question.map(Uuid::from);
                if let Some(asked) = self.questions.iter_mut().find(|asked| Some(asked.id) == of) {
                    asked.answers.push(answered);
                }
            }
            Fields::Set(_) | Fields::Answer(_) => {}
        }
    }

    /// The section where there is little room.
    #[must_use]
    pub fn compact(mut self) -> Self {
        self.compact = true;
        self
    }

    fn path(&self, kind: &str, id: &Uuid, rest: &str) -> String {
        self.shell.path(&format!("/claims/{}/{kind}/{id}{rest}", self.claim))
    }
}
