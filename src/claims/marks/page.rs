//! The page of an article: its text as it should be read, with what is marked in it.

use actix_web::http::{StatusCode, header};
use actix_web::web::{Path, Query};
use actix_web::{HttpRequest, HttpResponse, get};
use askama::Template;
use serde::Deserialize;

use super::drawing::LISTED_MAX;
use super::nearest::nearest;
use super::packing::{self, Part};
use super::read::{self, Look};
use super::sentences;
use super::sheet::{Sheet, Sight, sheet};
use super::tag::{Address, Tag};
use crate::articles::{self, Article};
use crate::auth::Viewer;
use crate::auth::permission::AddArticle;
use crate::auth::session::SessionToken;
use crate::claims::carry::background::{Background, Dated, background};
use crate::db::Pool;
use crate::error::{Error, Result};
use crate::id::{ArticleId, ClaimId, VersionId};
use crate::text::Document;
use crate::text::selector::{Hit, LocateError};
use crate::web::problems::Problems;
use crate::web::{Shell, page};

/// How the article is shown.
#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    /// `sentences` for the list that is marked from without a script, `alone` for the same without what others marked.
    #[serde(default)]
    mode: String,
    /// The claim that the words to be marked make once more.
    claim: Option<ClaimId>,
}

#[derive(Template)]
#[template(path = "claims/article.html")]
struct ArticlePage<'a> {
    shell: Shell,
    look: &'a Look,
    article: &'a Article,
    sheet: &'a Sheet,
    background: Background,
    can_mark: bool,
    can_edit: bool,
    /// How many claims are not in the list under the text.
    more: usize,
    form: QuoteForm,
}

impl ArticlePage<'_> {
    /// The version that the public verdicts are about.
    fn checked(&self) -> Option<Dated> {
        let only = Dated { number: self.look.number, at: self.look.received_at };
        if self.look.latest > 1 { self.background.checked } else { self.sheet.public.then_some(only) }
    }

    /// Whether the way from the checked version to the latest is named already.
    fn shows_change(&self, old: i32, new: i32) -> bool {
        self.background.changed.is_some()
            && new == self.look.latest
            && self.checked().is_some_and(|checked| checked.number == old)
    }

    fn version(&self, number: i32) -> String {
        format!("{}/versions/{number}", articles::path(&self.shell, self.article.id))
    }
}

/// The form "Add a claim by its words".
#[derive(Clone, Debug, Default)]
pub struct QuoteForm {
    pub quote: String,
    pub claim_reviewed: String,
    /// The claim that is made here once more.
    pub claim: Option<ClaimId>,
    /// The places where the quote stands.
    pub hits: Vec<Hit>,
    /// Whether it stands nowhere, and these are only like it.
    pub offered: bool,
    pub problems: Problems,
}

impl QuoteForm {
    /// Asks what is meant by a quote that leads to no passage by itself, and offers places that may be.
    pub fn ask(&mut self, document: &Document, error: LocateError) {
        self.problems.add("quote", error.to_string());
        self.hits = match error {
            LocateError::Ambiguous(hits) => hits,
            LocateError::Absent => {
                self.offered = true;
                nearest(document, &self.quote)
            }
            LocateError::Blank => Vec::new(),
        };
    }
}

#[derive(Template)]
#[template(path = "claims/mark.html")]
struct QuotePage<'a> {
    shell: Shell,
    article: &'a Article,
    version: VersionId,
    form: QuoteForm,
}

/// The article's latest version.
#[get("/{desk}/articles/{article}")]
pub async fn show(
    request: HttpRequest,
    at: Path<(String, ArticleId)>,
    asked: Query<Asked>,
    pool: Pool,
) -> Result<HttpResponse> {
    answer(&request, &pool, &at.0, at.1, None, &asked).await
}

/// One version of the article.
#[get("/{desk}/articles/{article}/versions/{number}")]
pub async fn show_version(
    request: HttpRequest,
    at: Path<(String, ArticleId, i32)>,
    asked: Query<Asked>,
    pool: Pool,
) -> Result<HttpResponse> {
    answer(&request, &pool, &at.0, at.1, Some(at.2), &asked).await
}

async fn answer(
    request: &HttpRequest,
    pool: &Pool,
    slug: &str,
    article: ArticleId,
    number: Option<i32>,
    asked: &Asked,
) -> Result<HttpResponse> {
    let token = SessionToken::of(request);
    let known = request.headers().get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok());
    let known = known.and_then(|known| known.split(',').find_map(Tag::parse));
    let address = Address { article, number, claim: asked.claim };
    if let Some(known) = known
        && asked.mode.is_empty()
    {
        let (viewer, last) = read::standing(pool, slug, token.as_ref()).await?;
        if known.stands(&viewer, address, last) {
            return Ok(unchanged(&viewer, known));
        }
    }
    let look = read::look(pool, slug, token.as_ref(), article, number).await?;
    // Words are marked where they stand now: an older version is for reading.
    let can_mark = Sight::of(&look).can_mark() && look.number == look.latest;
    if let Some(sight) = sentences::Sight::parse(&asked.mode).filter(|_| can_mark) {
        return sentences::show(pool, &look, sight, asked.claim).await;
    }
    let background = if look.latest > 1 {
        let conn = &mut *pool.acquire().await?;
        let member = look.viewer.is_member();
        Some(background(conn, look.viewer.desk.id, article, look.version, member).await?)
    } else {
        None
    };
    let tag = Tag::of(&look, background.as_ref(), address);
    if known.is_some_and(|known| known.is_same_page(&tag)) {
        return Ok(unchanged(&look.viewer, tag));
    }
    let sheet = sheet(pool, &look).await?;
    let page = ArticlePage {
        shell: Shell::new(&look.viewer),
        look: &look,
        article: &look.article,
        sheet: &sheet,
        background: background.unwrap_or_default(),
        can_mark,
        can_edit: look.viewer.may::<AddArticle>(),
        more: sheet.marks.saturating_sub(LISTED_MAX),
        form: QuoteForm { claim: asked.claim, ..QuoteForm::default() },
    };
    let frame = page.render().map_err(Error::internal)?;
    let parts = [Part::Kept(&sheet.text), Part::Kept(&sheet.items)];
    let parts = fill(&frame, parts)?;
    let mut response = crate::web::page::html(StatusCode::OK);
    response
        .insert_header((header::ETAG, tag.to_string()))
        .insert_header((header::CACHE_CONTROL, caching(&look.viewer)))
        .insert_header((header::VARY, VARY));
    Ok(if takes_gzip(request) {
        response.insert_header((header::CONTENT_ENCODING, "gzip")).body(packing::gzip(&parts))
    } else {
        response.body(packing::plain(&parts))
    })
}

/// Answers that the page is the one that the browser has.
fn unchanged(viewer: &Viewer, tag: Tag) -> HttpResponse {
    HttpResponse::NotModified()
        .insert_header((header::ETAG, tag.to_string()))
        .insert_header((header::CACHE_CONTROL, caching(viewer)))
        .insert_header((header::VARY, VARY))
        .finish()
}

/// What the page depends on besides its address.
const VARY: &str = "Cookie, Accept-Encoding";

/// Readers' pages may be kept by anybody for a moment; a member's by the member's browser, which asks each time.
const fn caching(viewer: &Viewer) -> &'static str {
    if viewer.person.is_some() { "private, no-cache" } else { "public, max-age=10" }
}

/// Where the frame has room for the text and for the claims: no text in a page holds this, because `<` is escaped.
const ROOM: &str = "<!--sheet-->";

fn fill<'a>(frame: &'a str, sheets: [Part<'a>; 2]) -> Result<[Part<'a>; 5]> {
    let room = || Error::internal("the page has no room for its text");
    let (before, rest) = frame.split_once(ROOM).ok_or_else(room)?;
    let (between, after) = rest.split_once(ROOM).ok_or_else(room)?;
    let [text, items] = sheets;
    Ok([Part::Fresh(before), text, Part::Fresh(between), items, Part::Fresh(after)])
}

fn takes_gzip(request: &HttpRequest) -> bool {
    let accepted = request.headers().get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok());
    accepted.unwrap_or_default().split(',').any(|one| {
        let mut parts = one.split(';');
        let is_gzip = parts.next().is_some_and(|name| name.trim().eq_ignore_ascii_case("gzip"));
        is_gzip && parts.all(|weight| !matches!(weight.trim(), "q=0" | "q=0.0" | "q=0.00" | "q=0.000"))
    })
}

/// The form "Add a claim by its words" on a page of its own, with what is to be decided or mended.
///
/// # Errors
/// When PostgreSQL or the template fails.
pub async fn quote_page(
    pool: &Pool,
    viewer: &crate::auth::Viewer,
    article: ArticleId,
    version: VersionId,
    form: QuoteForm,
) -> Result<HttpResponse> {
    let article = &articles::store::get(pool, viewer.desk.id, article).await?;
    let shell = Shell::new(viewer);
    page(StatusCode::UNPROCESSABLE_ENTITY, &QuotePage { shell, article, version, form })
}
