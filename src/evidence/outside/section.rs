//! Copies outside as a part of a source's page.

use askama::Template;
use askama::filters::HtmlSafe;
use sqlx::PgConnection;

use super::{Archives, OutsideCopy, Provider, State, store};
use crate::auth::Viewer;
use crate::auth::permission::CiteEvidence;
use crate::error::Result;
use crate::id::SourceId;
use crate::web::Shell;
use crate::web::problems::Problems;

/// The section of a source's page, for members.
#[derive(Clone, Debug, Template)]
#[template(path = "evidence/_outside.html")]
pub struct Section {
    shell: Shell,
    source: SourceId,
    copies: Vec<OutsideCopy>,
    removed: Vec<OutsideCopy>,
    /// The archives that can be asked now.
    providers: Vec<Provider>,
    may_cite: bool,
    address: String,
    problems: Problems,
}

impl HtmlSafe for Section {}

impl Section {
    /// The section for a member of the desk.
    ///
    /// # Errors
    /// When PostgreSQL fails.
    pub async fn load(
        conn: &mut PgConnection,
        viewer: &Viewer,
        archives: &Archives,
        source: SourceId,
    ) -> Result<Self> {
        let all = store::of_source(conn, viewer.desk.id, source).await?;
        let may_go = store::what(conn, viewer.desk.id, source).await?.is_some();
        let (copies, removed): (Vec<_>, Vec<_>) = all.into_iter().partition(|copy| copy.removed_at.is_none());
        let is_under_way = |provider: &Provider| {
            copies.iter().any(|copy| copy.provider == *provider && copy.state == State::Pending)
        };
        Ok(Self {
            shell: Shell::new(viewer),
            source,
            providers: archives.providers().filter(|provider| may_go && !is_under_way(provider)).collect(),
            copies,
            removed,
            may_cite: viewer.may::<CiteEvidence>(),
            address: String::new(),
            problems: Problems::default(),
        })
    }

    /// The section with what was typed, and what is wrong with it.
    pub(super) fn with(mut self, address: String, problems: Problems) -> Self {
        self.address = address;
        self.problems = problems;
        self
    }

    fn action(&self) -> String {
        self.shell.path(&format!("/sources/{}/outside-copies", self.source))
    }

    fn path(&self, copy: &OutsideCopy, rest: &str) -> String {
        self.shell.path(&format!("/sources/{}/outside-copies/{}{rest}", self.source, copy.id))
    }
}
