//! Atom feeds (RFC 4287): what was published, and what was corrected.

use actix_web::http::header;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get};
use askama::Template;
use time::OffsetDateTime;
use time::macros::datetime;

use super::store::{self, Corrected, Published};
use crate::base_url::BaseUrl;
use crate::claims::Stage;
use crate::db::Pool;
use crate::editing::diff::Piece;
use crate::error::{Error, Result};
use crate::exchange::Site;
use crate::exchange::claimreview::method;
use crate::exchange::store::{State, site, state};
use crate::reviews::Method;
use crate::web::{cache, clock};

/// How many entries a feed has.
const ENTRIES: i64 = 50;
/// When a feed was changed that never had an entry.
const NEVER: OffsetDateTime = datetime!(2000-01-01 0:00 UTC);

#[derive(Template)]
#[template(path = "publish/feed.xml")]
struct PublishedFeed<'a> {
    site: &'a Site,
    updated: OffsetDateTime,
    claims: &'a [Published],
}

#[derive(Template)]
#[template(path = "publish/corrections.xml")]
struct CorrectionsFeed<'a> {
    site: &'a Site,
    updated: OffsetDateTime,
    corrections: &'a [Corrected],
}

/// The claims that were published last.
#[get("/{desk}/feed.atom")]
pub(super) async fn published(
    request: HttpRequest,
    slug: actix_web::web::Path<String>,
    base: Data<BaseUrl>,
    pool: Pool,
) -> Result<HttpResponse> {
    let mut conn = pool.acquire().await?;
    let site = site(&mut conn, &base, &slug).await?;
    let state = state(&mut conn, site.desk).await?;
    if cache::is_known(&request, &etag(&request, &state)) {
        return Ok(cache::unchanged(&etag(&request, &state)));
    }
    let claims = store::latest(&mut conn, site.desk, true, ENTRIES).await?;
    let updated = claims.iter().map(Published::updated).max().unwrap_or(NEVER);
    answer(&request, &state, &PublishedFeed { site: &site, updated, claims: &claims })
}

/// What was corrected last.
#[get("/{desk}/corrections.atom")]
pub(super) async fn corrections(
    request: HttpRequest,
    slug: actix_web::web::Path<String>,
    base: Data<BaseUrl>,
    pool: Pool,
) -> Result<HttpResponse> {
    let mut conn = pool.acquire().await?;
    let site = site(&mut conn, &base, &slug).await?;
    let state = state(&mut conn, site.desk).await?;
    if cache::is_known(&request, &etag(&request, &state)) {
        return Ok(cache::unchanged(&etag(&request, &state)));
    }
    let corrections = store::corrections(&mut conn, site.desk, None, None, ENTRIES).await?;
    let updated = corrections.iter().map(|correction| correction.at).max().unwrap_or(NEVER);
    answer(&request, &state, &CorrectionsFeed { site: &site, updated, corrections: &corrections })
}

fn etag(request: &HttpRequest, state: &State) -> String {
    cache::etag([request.path(), env!("CARGO_PKG_VERSION"), &state.name])
}

fn answer(request: &HttpRequest, state: &State, feed: &impl Template) -> Result<HttpResponse> {
    let mut answer = HttpResponse::Ok();
    cache::keep(&mut answer, &etag(request, state), state.changed);
    Ok(answer
        .insert_header((header::CONTENT_TYPE, "application/atom+xml; charset=utf-8"))
        .insert_header((header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"))
        .insert_header(("Cross-Origin-Resource-Policy", "cross-origin"))
        .body(allowed(feed.render().map_err(Error::internal)?)))
}

/// XML 1.0 has no place for most control characters, not even escaped (<https://www.w3.org/TR/xml/#charsets>).
fn allowed(xml: String) -> String {
    let is_forbidden =
        |c: char| matches!(c, '\0'..='\x08' | '\x0B' | '\x0C' | '\x0E'..='\x1F' | '\u{FFFE}' | '\u{FFFF}');
    if xml.contains(is_forbidden) { xml.replace(is_forbidden, "\u{FFFD}") } else { xml }
}

impl Published {
    /// When what is public of it changed last.
    fn updated(&self) -> OffsetDateTime {
        self.corrected.as_ref().map_or(self.at, |note| self.at.max(note.at))
    }

    fn is_retracted(&self) -> bool {
        self.stage == Stage::Retracted
    }

    fn is_alone(&self) -> bool {
        self.method == Method::Single
    }

    fn paragraphs(&self) -> impl Iterator<Item = &str> {
        self.rationale.split("\n\n").map(str::trim).filter(|paragraph| !paragraph.is_empty())
    }
}

#[cfg(test)]
mod tests;
