//! How the places of a claim's open round stand, on its pages.

use askama::Template;
use askama::filters::HtmlSafe;
use sqlx::PgConnection;
use time::OffsetDateTime;

use super::store::{self, Standing};
use crate::auth::Viewer;
use crate::auth::permission::{DraftVerdict, ReadDrafts};
use crate::error::Result;
use crate::id::{AccountId, ClaimId};
use crate::web::{Shell, clock};

/// How many have rated, how many places are free, and what to do about one's own.
#[derive(Clone, Debug, Template)]
#[template(path = "reviews/_places.html")]
pub struct PlacesSection {
    shell: Shell,
    claim: ClaimId,
    standing: Standing,
    /// Whom a place can be given, for those who give them.
    members: Vec<(AccountId, String)>,
    /// Whether it stands beside the form already.
    assessing: bool,
}

impl HtmlSafe for PlacesSection {}

impl PlacesSection {
    /// What members are told who may read drafts, while people rate a claim; nothing at other times.
    ///
    /// # Errors
    /// When PostgreSQL fails.
    pub async fn load(
        conn: &mut PgConnection,
        viewer: &Viewer,
        shell: &Shell,
        claim: ClaimId,
    ) -> Result<Option<Self>> {
        let Some(reader) = viewer.person.as_ref().filter(|_| viewer.may::<ReadDrafts>()) else {
            return Ok(None);
        };
        let standing = store::standing(conn, viewer.desk.id, claim, reader.account, viewer.now).await?;
        let Some(standing) = standing else { return Ok(None) };
        let gives = viewer.may::<DraftVerdict>() && standing.left > 0;
        let members =
            if gives { store::assignable(conn, viewer.desk.id, standing.round).await? } else { Vec::new() };
        Ok(Some(Self { shell: shell.clone(), claim, standing, members, assessing: false }))
    }

    /// The section beside the form of an assessment: it does not lead there, nor to other people's places.
    #[must_use]
    pub fn while_assessing(mut self) -> Self {
        self.members.clear();
        self.assessing = true;
        self
    }

    fn path(&self, what: &str) -> String {
        self.shell.path(&format!("/claims/{}/places{what}", self.claim))
    }

    /// Where an open page says that its reader is there, which keeps the place.
    fn presence(&self) -> String {
        self.shell.path(&format!("/claims/{}/presence", self.claim))
    }

    fn form(&self) -> String {
        super::pages::address(self.shell.slug(), self.claim)
    }

    /// Until when the reader's place is kept, while it is not used.
    fn kept(&self) -> Option<OffsetDateTime> {
        self.standing.own.filter(|_| !self.standing.rated)
    }

    fn may_take(&self) -> bool {
        self.standing.may && self.standing.left > 0 && !self.standing.rated && self.standing.own.is_none()
    }

    fn iso(at: &OffsetDateTime) -> String {
        clock::iso(*at)
    }

    fn moment(at: &OffsetDateTime) -> String {
        clock::moment(*at)
    }
}
