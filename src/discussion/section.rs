//! The discussion of a claim as a part of pages.

use askama::Template;
use askama::filters::HtmlSafe;
use sqlx::PgConnection;

use super::body::{BODY_MAX, People, Person, Piece, named};
use super::store;
use super::thread::{Comment, Thread};
use crate::auth::Viewer;
use crate::auth::permission::Discuss;
use crate::error::{Error, Result};
use crate::id::{ClaimId, CommentId, EvidenceId};
use crate::web::Shell;
use crate::web::paging::Page;

/// The discussion section of a claim's working page and of its own page: the part `part-discussion`
/// (`docs/design-system.md`, Parts). It is for members only.
#[derive(Debug, Template)]
#[template(path = "discussion/_section.html")]
pub struct Section {
    shell: Shell,
    viewer: Viewer,
    claim: ClaimId,
    /// The evidence that is talked about, when it is only that.
    about: Option<EvidenceId>,
    threads: Page<Thread>,
    people: People,
    /// Whom one can call.
    members: Vec<Person>,
    /// Whether the member may say something.
    may_discuss: bool,
    /// Whether nobody may now.
    paused: bool,
    refused: Option<Refused>,
}

impl HtmlSafe for Section {}

/// A comment that was not taken.
#[derive(Clone, Debug, Default)]
pub struct Refused {
    pub words: String,
    pub typed: String,
    /// The thread it was to answer.
    pub thread: Option<CommentId>,
}

impl Section {
    /// The section for a member of the desk; `before` leads to threads that began earlier.
    ///
    /// # Errors
    /// When PostgreSQL fails; [`Error::NotFound`] for those who are no members.
    pub async fn load(
        conn: &mut PgConnection,
        viewer: &Viewer,
        claim: ClaimId,
        about: Option<EvidenceId>,
        before: Option<CommentId>,
    ) -> Result<Self> {
        if !viewer.is_member() {
            return Err(Error::NotFound("claim"));
        }
        let desk = viewer.desk.id;
        let mut threads = store::threads(conn, desk, claim, about, before).await?;
        threads.rows.sort_by_key(|thread| thread.first.id);
        let texts = threads.rows.iter().flat_map(|thread| {
            std::iter::once(&thread.first).chain(&thread.answers).map(|comment| comment.body.as_str())
        });
        let people = store::called_in(conn, &named(texts)).await?;
        let may_discuss = viewer.may::<Discuss>();
        Ok(Self {
            shell: Shell::new(viewer),
            viewer: viewer.clone(),
            claim,
            about,
            threads,
            people,
            members: if may_discuss { store::members(conn, desk).await? } else { Vec::new() },
            may_discuss,
            paused: store::is_paused(conn, desk, claim).await?,
            refused: None,
        })
    }

    /// The section after something was refused, with what was typed.
    #[must_use]
    pub fn refused(mut self, refused: Refused) -> Self {
        self.refused = Some(refused);
        self
    }

    /// Whether something was refused.
    #[must_use]
    pub fn has_problem(&self) -> bool {
        self.refused.is_some()
    }

    fn open(&self) -> impl Iterator<Item = &Thread> {
        self.threads.rows.iter().filter(|thread| thread.resolved.is_none())
    }

    fn resolved(&self) -> Vec<&Thread> {
        self.threads.rows.iter().filter(|thread| thread.resolved.is_some()).collect()
    }

    fn pieces(&self, comment: &Comment) -> Vec<Piece> {
        comment.pieces(&self.people)
    }

    fn is_me(&self, person: &Person) -> bool {
        self.viewer.person.as_ref().is_some_and(|me| me.account == person.account)
    }

    fn can_speak(&self) -> bool {
        self.may_discuss && !self.paused
    }

    /// What was typed into the form of that thread, or for a new one.
    fn typed(&self, thread: Option<&CommentId>) -> &str {
        match &self.refused {
            Some(refused) if refused.thread.as_ref() == thread => &refused.typed,
            _ => "",
        }
    }

    fn path(&self, rest: &str) -> String {
        format!("/{}/claims/{}{rest}", self.shell.slug(), self.claim)
    }

    fn evidence(&self, id: &EvidenceId, rest: &str) -> String {
        self.path(&format!("/evidence/{id}{rest}"))
    }

    fn comment(&self, id: &CommentId, rest: &str) -> String {
        self.path(&format!("/comments/{id}{rest}"))
    }

    const fn most() -> usize {
        BODY_MAX
    }
}
