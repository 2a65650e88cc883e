//! The copies of a source as a part of its page.

use actix_web::http::StatusCode;
use actix_web::web::Path;
use actix_web::{HttpRequest, HttpResponse, get};
use askama::Template;
use askama::filters::HtmlSafe;
use sqlx::PgConnection;

use crate::auth::permission::{CiteEvidence, ReadDesk};
use crate::auth::{Authorized, Viewer};
use crate::db::Pool;
use crate::editing::is_fragment;
use crate::error::Result;
use crate::evidence::copies::{Copy, Kept, Link, State, store};
use crate::evidence::sources::{Access, address};
use crate::id::SourceId;
use crate::web::{Shell, page, see_other};

/// How far the keeping of a source is, its copies, and what can be done: the part `part-copies` of its page.
#[derive(Clone, Debug, Template)]
#[template(path = "evidence/copies/_panel.html")]
pub struct Panel {
    shell: Shell,
    source: SourceId,
    kept: Option<Kept>,
    copies: Vec<Copy>,
    /// Whether there is something to fetch.
    can_be_fetched: bool,
    may_cite: bool,
}

impl HtmlSafe for Panel {}

impl Panel {
    /// The part for a member of the desk.
    ///
    /// # Errors
    /// [`crate::error::Error::NotFound`] when the desk has no such source.
    pub async fn load(conn: &mut PgConnection, viewer: &Viewer, source: SourceId) -> Result<Self> {
        let desk = viewer.desk.id;
        let wanted = store::wanted(conn, desk, source).await?;
        Ok(Self {
            shell: Shell::new(viewer),
            source: wanted.id,
            kept: store::kept(conn, desk, wanted.id).await?,
            copies: store::of_source(conn, desk, wanted.id).await?,
            can_be_fetched: wanted.url.is_some() && wanted.access != Access::Confidential,
            may_cite: viewer.may::<CiteEvidence>(),
        })
    }

    fn path(&self, rest: &str) -> String {
        format!("{}{rest}", address(self.shell.slug(), self.source))
    }
}

/// How far the keeping of a source is, for a page that waits for it.
#[get("/{desk}/sources/{source}/kept")]
pub(super) async fn show(
    request: HttpRequest,
    member: Authorized<ReadDesk>,
    path: Path<(String, SourceId)>,
    pool: Pool,
) -> Result<HttpResponse> {
    let viewer = member.viewer();
    let panel = Panel::load(&mut *pool.acquire().await?, &viewer, path.1).await?;
    if is_fragment(&request) {
        return page(StatusCode::OK, &panel);
    }
    Ok(see_other(&address(&viewer.desk.slug, path.1)))
}
