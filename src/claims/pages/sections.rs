//! The parts of a claim's working page that are about the claim itself. The page puts them together.

use askama::Template;
use askama::filters::HtmlSafe;
use sqlx::PgConnection;

use super::speakers::SpeakersForm;
use super::{appearances, edit, quotation, sort};
use crate::agents;
use crate::auth::Viewer;
use crate::auth::permission::SortClaim;
use crate::claims::stage::{Step, transition};
use crate::claims::store::{self, Similar};
use crate::claims::{Appearance, Claim};
use crate::editing::Form;
use crate::error::Result;
use crate::id::ClaimId;
use crate::web::Shell;

/// What the claim says.
#[derive(Clone, Debug, Template)]
#[template(path = "claims/_described.html")]
pub struct DescribedSection {
    claim: Claim,
    /// For those who may edit.
    forms: Option<(Form, Form)>,
    topics: Vec<String>,
    claims_path: String,
}

impl HtmlSafe for DescribedSection {}

impl DescribedSection {
    /// Reads what it shows.
    ///
    /// # Errors
    /// When PostgreSQL fails.
    pub async fn load(
        conn: &mut PgConnection,
        viewer: &Viewer,
        shell: &Shell,
        claim: &Claim,
    ) -> Result<Self> {
        let may_edit = super::may_edit(viewer, claim);
        let topics = if may_edit { store::topics(conn, viewer.desk.id, true).await? } else { Vec::new() };
        Ok(Self {
            forms: may_edit.then(|| (edit::words_form(shell, claim), edit::details_form(shell, claim))),
            claim: claim.clone(),
            topics,
            claims_path: shell.path("/claims"),
        })
    }
}

/// Where the claim was made.
#[derive(Clone, Debug, Template)]
#[template(path = "claims/_appearances.html")]
pub struct AppearancesSection {
    shell: Shell,
    claim: ClaimId,
    places: Vec<Place>,
    removed: Vec<Appearance>,
    /// For those who may edit: a place in an article, a place elsewhere.
    new: Option<(Form, Form)>,
    /// Address and name of articles to choose from.
    articles: Vec<(String, String)>,
    /// Names to choose from.
    names: Vec<String>,
}

#[derive(Clone, Debug)]
struct Place {
    appearance: Appearance,
    forms: Option<(SpeakersForm, Form)>,
}

impl HtmlSafe for AppearancesSection {}

impl AppearancesSection {
    /// Reads what it shows.
    ///
    /// # Errors
    /// When PostgreSQL fails.
    pub async fn load(
        conn: &mut PgConnection,
        viewer: &Viewer,
        shell: &Shell,
        claim: &Claim,
    ) -> Result<Self> {
        let may_edit = super::may_edit(viewer, claim);
        let all = store::appearances(conn, viewer.desk.id, claim.id).await?;
        let (there, removed): (Vec<_>, Vec<_>) =
            all.into_iter().partition(|appearance| appearance.removed_at.is_none());
        let places = there
            .into_iter()
            .map(|appearance| Place {
                forms: may_edit
                    .then(|| (SpeakersForm::new(shell, &appearance), appearances::form(shell, &appearance))),
                appearance,
            })
            .collect();
        Ok(Self {
            shell: shell.clone(),
            claim: claim.id,
            places,
            removed,
            new: may_edit.then(|| (quotation::form(shell, claim.id), appearances::new_form(shell, claim.id))),
            articles: if may_edit { quotation::choices(conn, shell).await? } else { Vec::new() },
            names: if may_edit {
                agents::store::recent_names(conn, viewer.desk.id).await?
            } else {
                Vec::new()
            },
        })
    }

    fn path(&self, appearance: &Appearance, what: &str) -> String {
        self.shell.path(&format!("/claims/{}/appearances/{}/{what}", self.claim, appearance.id))
    }
}

/// Whether it has been checked already, and what else can be done with it besides checking.
#[derive(Clone, Debug, Template)]
#[template(path = "claims/_sorting.html")]
pub struct SortingSection {
    shell: Shell,
    claim: Claim,
    /// The words of the claim that stands for it.
    stands_for: Option<String>,
    duplicates: Vec<(ClaimId, String)>,
    similar: Vec<Similar>,
    /// For those who may: decline it, join it with another.
    forms: Option<(Form, Form)>,
    may_sort: bool,
}

impl HtmlSafe for SortingSection {}

impl SortingSection {
    /// Reads what it shows.
    ///
    /// # Errors
    /// When PostgreSQL fails.
    pub async fn load(
        conn: &mut PgConnection,
        viewer: &Viewer,
        shell: &Shell,
        claim: &Claim,
    ) -> Result<Self> {
        let desk = viewer.desk.id;
        let stands_for = match claim.duplicate_of {
            Some(other) => Some(store::get(conn, desk, other).await?.claim_reviewed),
            None => None,
        };
        let similar = if claim.stage.is_aside() {
            Vec::new()
        } else {
            store::similar(conn, desk, claim.id, &claim.claim_reviewed).await?
        };
        let may_sort = viewer.may::<SortClaim>();
        let can_decline = transition(claim.stage, Step::Decline).is_some();
        Ok(Self {
            shell: shell.clone(),
            stands_for,
            duplicates: store::duplicates(conn, desk, claim.id).await?,
            similar,
            forms: (may_sort && can_decline)
                .then(|| (sort::decline_form(shell, claim.id), sort::join_form(shell, claim.id))),
            may_sort,
            claim: claim.clone(),
        })
    }

    fn path(&self, what: &str) -> String {
        self.shell.path(&format!("/claims/{}/{what}", self.claim.id))
    }
}
