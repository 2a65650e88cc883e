//! The evidence of a claim as a part of pages.

use std::collections::HashMap;

use askama::Template;
use askama::filters::HtmlSafe;
use sqlx::PgConnection;

use super::as_of::AsOf;
use super::cited::Evidence;
use super::copies::{self, Kept, Link};
use super::kinds::{Independence, Stance};
use super::outside::{self, Provider};
use super::publishers::Publishers;
use super::sources::Access;
use super::store;
use crate::auth::Viewer;
use crate::auth::permission::CiteEvidence;
use crate::editing::Values;
use crate::error::Result;
use crate::id::{ClaimId, CopyId, EvidenceId, SourceId};
use crate::text::dates::PartialDate;
use crate::web::Shell;
use crate::web::problems::Problems;

/// The evidence section of a claim's working page, and, compact, of the panel beside an article: the part `part-evidence`
/// (`docs/design-system.md`, Parts). It is for members; readers get [`store::public`].
#[derive(Clone, Debug, Template)]
#[template(path = "evidence/_section.html")]
pub struct Section {
    shell: Shell,
    claim: ClaimId,
    /// Whether there is little room.
    compact: bool,
    evidence: Vec<Evidence>,
    removed: Vec<Evidence>,
    /// How far the keeping of their sources is.
    kept: HashMap<SourceId, Kept>,
    /// When the claim was made.
    made: PartialDate,
    /// Which evidence is shown.
    as_of: AsOf,
    /// How many pieces were published after the claim was made.
    later: usize,
    /// Whether the member may add, edit and remove.
    may_cite: bool,
    /// Whether what is there cannot be changed now.
    still: bool,
    /// What was typed into the form.
    values: Values,
    problems: Problems,
    refused: Option<String>,
    /// Where what is cited can be read in archives outside.
    outside: HashMap<SourceId, Vec<(Provider, String)>>,
}

impl HtmlSafe for Section {}

impl Section {
    /// The section for a member of the desk.
    ///
    /// # Errors
    /// [`crate::error::Error::NotFound`] when the desk has no such claim.
    pub async fn load(conn: &mut PgConnection, viewer: &Viewer, claim: ClaimId) -> Result<Self> {
        let still = store::stands_still(conn, viewer.desk.id, claim).await?;
        let all = store::of_claim(conn, viewer.desk.id, claim).await?;
        let sources: Vec<SourceId> = all.iter().map(|evidence| evidence.source.id).collect();
        let kept = copies::store::of_sources(conn, viewer.desk.id, &sources).await?;
        let (evidence, removed): (Vec<_>, _) =
            all.into_iter().partition(|evidence: &Evidence| evidence.removed_at.is_none());
        let made = store::made(conn, viewer.desk.id, claim).await?;
        let later = evidence.iter().filter(|item| is_later(item, made)).count();
        let outside = outside::store::of_claim(conn, viewer.desk.id, claim).await?;
        Ok(Self {
            shell: Shell::new(viewer),
            claim,
            compact: false,
            evidence,
            removed,
            kept,
            made,
            as_of: AsOf::Now,
            later,
            may_cite: viewer.may::<CiteEvidence>(),
            still,
            values: Values::new(),
            problems: Problems::default(),
            refused: None,
            outside,
        })
    }

    /// The section where there is little room.
    #[must_use]
    pub fn compact(mut self) -> Self {
        self.compact = true;
        self
    }

    /// The section with the evidence that counts then.
    #[must_use]
    pub fn as_of(mut self, as_of: AsOf) -> Self {
        self.as_of = as_of;
        if as_of == AsOf::Claim {
            let made = self.made;
            self.evidence.retain(|item| !is_later(item, made));
        }
        self
    }

    /// The evidence that is shown.
    #[must_use]
    pub fn items(&self) -> &[Evidence] {
        &self.evidence
    }

    /// Whether what is there cannot be changed now.
    #[must_use]
    pub fn stands_still(&self) -> bool {
        self.still
    }

    /// How many pieces of evidence there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.evidence.len()
    }

    /// The section with what was typed, and what is wrong with it.
    pub(super) fn with(mut self, values: Values, problems: Problems) -> Self {
        self.values = values;
        self.problems = problems;
        self
    }

    /// The section after something was refused.
    pub(super) fn refused(mut self, words: String) -> Self {
        self.refused = Some(words);
        self
    }

    pub(super) fn has_problem(&self) -> bool {
        !self.problems.is_empty() || self.refused.is_some()
    }

    fn kept(&self, source: &SourceId) -> Option<&Kept> {
        self.kept.get(source)
    }

    /// Who stands behind what is cited.
    fn publishers(&self) -> Publishers {
        let publisher = |item: &Evidence| item.source.publisher.as_ref().map(|(id, _)| *id);
        Publishers::of(self.evidence.iter().map(|item| (publisher(item), item.independence)))
    }

    fn is_later(&self, item: &Evidence) -> bool {
        is_later(item, self.made)
    }

    fn is_independence(&self, how: Independence) -> bool {
        self.value("independence") == how.as_str()
    }

    /// Where a source can be read in archives outside.
    fn outside(&self, item: &Evidence) -> &[(Provider, String)] {
        self.outside.get(&item.source.id).map_or(&[], Vec::as_slice)
    }

    /// The newest copy of a source, if its words can be shown.
    fn copy_with_text(&self, source: &SourceId) -> Option<CopyId> {
        self.kept(source)?.copy.as_ref().filter(|copy| copy.length.is_some()).map(|copy| copy.id)
    }

    fn value(&self, name: &str) -> &str {
        self.values.get(name).map_or("", String::as_str)
    }

    fn is_stance(&self, stance: Stance) -> bool {
        match self.value("stance") {
            "" => stance == Stance::Context,
            code => code == stance.as_str(),
        }
    }

    fn path(&self, id: &EvidenceId, rest: &str) -> String {
        format!("/{}/claims/{}/evidence/{id}{rest}", self.shell.slug(), self.claim)
    }
}

/// Whether the source was certainly published after the claim was made.
fn is_later(item: &Evidence, made: PartialDate) -> bool {
    item.source.published.is_after(made) == Some(true)
}
