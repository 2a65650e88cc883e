//! Who works on a claim just now: one person, until a minute after they were last heard of. It warns others and stops nobody.

mod pages;
mod store;

use askama::Template;
use askama::filters::HtmlSafe;
use sqlx::PgConnection;
use time::{Duration, OffsetDateTime};

use super::history;
use crate::auth::permission::MarkClaim;
use crate::auth::{Member, Viewer};
use crate::claims::Claim;
use crate::editing::Entry;
use crate::error::Result;
use crate::id::ClaimId;
use crate::web::{Shell, clock};

pub use pages::{end, say};
pub use store::{Standing, on};

/// How long somebody counts as being on a claim after the last sign of them.
pub const LEASE: Duration = Duration::seconds(60);

/// How long ago a change by somebody else is worth a warning.
const LATELY: Duration = Duration::minutes(5);

/// Notes that the member is on a claim; whether nobody else was. Where several assess blindly, everybody may be.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn claim(conn: &mut PgConnection, member: &Member, claim: ClaimId) -> Result<bool> {
    let standing = store::be(conn, member.desk.id, claim, member.person.account, false, member.now).await?;
    Ok(!matches!(standing, Standing::Theirs { .. }))
}

/// Who else works on the claim, on its working page.
#[derive(Clone, Debug, Template)]
#[template(path = "workbench/_presence.html")]
pub struct Presence {
    shell: Shell,
    claim: Claim,
    standing: Standing,
    /// Somebody else's change of just now, when nobody is known to be there.
    changed: Option<Entry>,
    now: OffsetDateTime,
}

impl HtmlSafe for Presence {}

impl Presence {
    /// What those are told who may work on the claim; nothing for others. `entries` are its latest changes.
    ///
    /// # Errors
    /// When PostgreSQL fails.
    pub async fn load(
        conn: &mut PgConnection,
        viewer: &Viewer,
        shell: &Shell,
        claim: &Claim,
        entries: &[Entry],
    ) -> Result<Option<Self>> {
        let Some(me) = viewer.person.as_ref().filter(|_| viewer.may::<MarkClaim>()) else {
            return Ok(None);
        };
        let standing = store::standing(conn, viewer.desk.id, claim.id, me.account, viewer.now).await?;
        let changed = entries
            .iter()
            .filter(|_| matches!(standing, Standing::Free))
            .find(|entry| entry.account.is_some_and(|account| account != me.account))
            .filter(|entry| viewer.now - entry.at < LATELY);
        Ok(Some(Self {
            shell: shell.clone(),
            claim: claim.clone(),
            standing,
            changed: changed.cloned(),
            now: viewer.now,
        }))
    }

    fn did(entry: &Entry) -> String {
        history::did(&entry.action)
    }

    fn hour(at: &OffsetDateTime) -> String {
        clock::hour(*at)
    }

    fn age(&self, at: &OffsetDateTime) -> String {
        clock::age(*at, self.now)
    }

    fn path(&self, what: &str) -> String {
        self.shell.path(&format!("/claims/{}/presence{what}", self.claim.id))
    }
}
