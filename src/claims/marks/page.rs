//! The page of an article: its text as it should be read, with what is marked in it.

use std::sync::LazyLock;

use actix_web::http::{StatusCode, header};
use actix_web::web::{Path, Query};
use actix_web::{HttpRequest, HttpResponse, get};
use askama::Template;
use serde::Deserialize;
use sha2::{Digest, Sha256};

use super::drawing::LISTED_MAX;
use super::packing::{self, Part};
use super::read::{self, Look};
use super::sheet::{Sheet, Sight, sheet};
use crate::articles::{self, Article, texts};
use crate::auth::permission::AddArticle;
use crate::auth::session::SessionToken;
use crate::db::Pool;
use crate::error::{Error, Result};
use crate::id::{ArticleId, ClaimId, VersionId};
use crate::text::render::{SentenceItem, sentence_list};
use crate::text::selector::Hit;
use crate::web::problems::Problems;
use crate::web::{Shell, assets, page};

/// How the article is shown.
#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    /// `sentences` for the list that is marked from without a script.
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
    can_mark: bool,
    can_edit: bool,
    /// How many claims are not in the list under the text.
    more: usize,
    form: QuoteForm,
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

#[derive(Template)]
#[template(path = "claims/sentences.html")]
struct SentencesPage<'a> {
    shell: Shell,
    article: &'a Article,
    version: VersionId,
    claim: Option<ClaimId>,
    direction: &'static str,
    sentences: Vec<Sentence<'a>>,
}

/// A sentence that can be marked, and what is marked of it.
struct Sentence<'a> {
    item: SentenceItem<'a>,
    /// The end of the next one, when it is in the same block.
    next_end: Option<i32>,
    marks: Vec<(u32, ClaimId)>,
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
    let look = read::look(pool, slug, token.as_ref(), article, number).await?;
    let can_mark = Sight::of(&look).can_mark();
    if asked.mode == "sentences" && can_mark {
        return sentences(pool, &look, asked.claim).await;
    }
    let etag = etag(&look, asked.claim);
    let caching = if look.viewer.person.is_some() { "private, no-cache" } else { "public, max-age=10" };
    let known = request.headers().get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok());
    if known.is_some_and(|known| known.split(',').any(|one| one.trim() == etag)) {
        return Ok(HttpResponse::NotModified()
            .insert_header((header::ETAG, etag))
            .insert_header((header::CACHE_CONTROL, caching))
            .insert_header((header::VARY, "Cookie, Accept-Encoding"))
            .finish());
    }
    let sheet = sheet(pool, &look).await?;
    let page = ArticlePage {
        shell: Shell::new(&look.viewer),
        look: &look,
        article: &look.article,
        sheet: &sheet,
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
        .insert_header((header::ETAG, etag))
        .insert_header((header::CACHE_CONTROL, caching))
        .insert_header((header::VARY, "Cookie, Accept-Encoding"));
    Ok(if takes_gzip(request) {
        response.insert_header((header::CONTENT_ENCODING, "gzip")).body(packing::gzip(&parts))
    } else {
        response.body(packing::plain(&parts))
    })
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

/// The look of pages that are made by another release is another one.
static FRAME: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let mut hash = Sha256::new();
    for part in [
        include_str!("../../../templates/base.html"),
        include_str!("../../../templates/web/_header.html"),
        include_str!("../../../templates/web/_footer.html"),
        include_str!("../../../templates/web/_demo_banner.html"),
        include_str!("../../../templates/claims/article.html"),
        include_str!("../../../templates/claims/_items.html"),
        include_str!("../../../templates/claims/_quote.html"),
        include_str!("../../../templates/claims/_mark_bar.html"),
        assets::digest(),
    ] {
        hash.update(part);
    }
    hash.finalize().to_vec()
});

/// Names all that the page shows to this viewer. Weak, because the same page is sent plain and compressed.
fn etag(look: &Look, claim: Option<ClaimId>) -> String {
    use std::fmt::Write as _;

    let mut hash = Sha256::new();
    hash.update(&*FRAME);
    let viewer = &look.viewer;
    let mut seen = format!(
        "{} {} {} {:?} {:?} {:?} {:?} {} {} {:?}",
        look.version,
        look.number,
        look.latest,
        look.state,
        look.sums,
        look.scale,
        claim,
        viewer.desk.name,
        viewer.desk.language,
        viewer.roles,
    );
    if let Some(person) = &viewer.person {
        // The page carries what proves that its forms are of this session.
        let _ = write!(seen, " {} {}", person.name, person.csrf);
    }
    hash.update(seen);
    let mut etag = String::with_capacity(36);
    etag.push_str("W/\"");
    for byte in &hash.finalize()[..16] {
        let _ = write!(etag, "{byte:02x}");
    }
    etag.push('"');
    etag
}

async fn sentences(pool: &Pool, look: &Look, claim: Option<ClaimId>) -> Result<HttpResponse> {
    let desk = look.viewer.desk.id;
    let document = texts::get(pool, desk, look.version).await?;
    let marks = read::drawn(pool, desk, look.version, true).await?;
    let items = sentence_list(&document);
    let mut next = 0;
    let mut open: Vec<&super::Mark> = Vec::new();
    let sentences = items.iter().enumerate().map(|(place, item)| {
        // Marks come by their start, sentences too: each is looked at once, and as long as it goes on.
        while let Some(mark) = marks.get(next).filter(|mark| mark.start < item.end) {
            open.push(mark);
            next += 1;
        }
        open.retain(|mark| mark.end > item.start);
        let block = |at: i32| document.block_at(at.unsigned_abs());
        let next_end = items
            .get(place + 1)
            .filter(|following| block(following.start) == block(item.start))
            .map(|following| following.end);
        Sentence { item: *item, next_end, marks: open.iter().map(|mark| (mark.number, mark.claim)).collect() }
    });
    let page_of_sentences = SentencesPage {
        shell: Shell::new(&look.viewer),
        article: &look.article,
        version: look.version,
        claim,
        direction: document.direction().as_str(),
        sentences: sentences.collect(),
    };
    page(StatusCode::OK, &page_of_sentences)
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
