//! The page that a browser hands another page to.

use actix_web::http::{StatusCode, header};
use actix_web::web::{Path, Query};
use actix_web::{HttpResponse, get};
use askama::Template;
use serde::Deserialize;

use super::SELECTED_MAX;
use crate::accounts::names::Slug;
use crate::accounts::store::desks::{self, Listed};
use crate::auth::{Person, Visitor};
use crate::db::Pool;
use crate::error::{Error, Result};
use crate::text::import::MARKUP_BYTES_MAX;
use crate::web::{Shell, page, see_other};

/// Lets a page that is open in another window talk to this one; every other page of ours refuses that
/// (<https://html.spec.whatwg.org/multipage/browsers.html#cross-origin-opener-policies>).
const OPENER_POLICY: (&str, &str) = ("Cross-Origin-Opener-Policy", "unsafe-none");

#[derive(Template)]
#[template(path = "capture/page.html")]
struct CapturePage {
    shell: Shell,
    /// The desks to which the person may add articles, the one that was asked for first.
    desks: Vec<Listed>,
    /// Why what was sent could not be taken.
    problem: Option<String>,
    /// Where to come back to after signing in.
    here: String,
}

impl CapturePage {
    /// How much of a page is taken, in bytes.
    fn most() -> usize {
        MARKUP_BYTES_MAX
    }

    /// How long the selected words may be, in characters.
    fn longest() -> usize {
        SELECTED_MAX
    }

    /// Where a page can be uploaded or pasted instead.
    fn instead(&self) -> String {
        self.desks.first().map_or_else(|| "/".to_owned(), |desk| format!("/{}/articles/new", desk.slug))
    }
}

#[derive(Deserialize)]
pub(super) struct Asked {
    /// The desk that is offered first.
    #[serde(default)]
    desk: String,
}

/// Waits for what another window or the extension hands over. It shows that to whoever opened it, signed in or not.
#[get("/capture")]
pub(super) async fn show(visitor: Visitor, asked: Query<Asked>, pool: Pool) -> Result<HttpResponse> {
    answer(&pool, StatusCode::OK, visitor.person, &asked.desk, None).await
}

/// The same for those who begin at a desk.
#[get("/{desk}/capture")]
pub(super) async fn show_at(desk: Path<String>) -> HttpResponse {
    see_other(&format!("/capture?desk={}", Slug::parse(&desk).as_ref().map_or("", Slug::as_str)))
}

/// The page, perhaps with why what was sent could not be taken: the browser still has that.
///
/// # Errors
/// When PostgreSQL or the template fails.
pub(super) async fn answer(
    pool: &Pool,
    status: StatusCode,
    person: Option<Person>,
    first: &str,
    problem: Option<String>,
) -> Result<HttpResponse> {
    let mut desks = match &person {
        Some(person) => desks::of_account(&mut *pool.acquire().await?, person.account).await?,
        None => Vec::new(),
    };
    desks.retain(Listed::may_add_articles);
    desks.sort_by_key(|desk| desk.slug != first);
    let here = match Slug::parse(first) {
        Some(desk) => format!("/capture?desk={}", desk.as_str()),
        None => "/capture".to_owned(),
    };
    let shell = Shell::outside(person);
    let mut answer = page(status, &CapturePage { shell, desks, problem, here })?;
    let (name, value) = OPENER_POLICY;
    let name = header::HeaderName::try_from(name).map_err(Error::internal)?;
    answer.headers_mut().insert(name, header::HeaderValue::from_static(value));
    Ok(answer)
}
