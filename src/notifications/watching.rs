//! Whether one is told of what happens to a claim, as a part of its page.

use askama::Template;
use askama::filters::HtmlSafe;
use sqlx::PgConnection;

use super::store;
use crate::auth::Viewer;
use crate::error::Result;
use crate::id::ClaimId;
use crate::web::Shell;

/// The part `part-watching`, for members.
#[derive(Clone, Debug, Template)]
#[template(path = "notifications/_watching.html")]
pub struct Watching {
    shell: Shell,
    claim: ClaimId,
    /// Whether the viewer is told.
    told: bool,
}

impl HtmlSafe for Watching {}

impl Watching {
    /// Whether the viewer watches that claim.
    ///
    /// # Errors
    /// When PostgreSQL fails.
    pub async fn load(conn: &mut PgConnection, viewer: &Viewer, claim: ClaimId) -> Result<Self> {
        let told = match &viewer.person {
            Some(person) => store::is_watching(conn, viewer.desk.id, person.account, claim).await?,
            None => false,
        };
        Ok(Self { shell: Shell::new(viewer), claim, told })
    }
}
