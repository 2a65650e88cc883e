//! The stream's address.

use actix_web::http::header::{self, ContentEncoding};
use actix_web::web::{Data, Path, Query};
use actix_web::{HttpRequest, HttpResponse, get};
use futures_util::stream::unfold;
use serde::Deserialize;

use super::feed::Feed;
use super::store;
use crate::auth::Viewer;
use crate::auth::session::SessionToken;
use crate::db::Pool;
use crate::error::{Error, Result};
use crate::id::ArticleId;
use crate::web::drain::Drain;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    /// The first transaction that the page does not know: what it was printed with.
    after: Option<i64>,
    /// The number of the version that is read; the latest when there is none.
    version: Option<i32>,
}

/// Server-sent events: which blocks of an article to print anew, as others change its marks.
#[get("/{desk}/articles/{article}/live")]
pub async fn stream(
    request: HttpRequest,
    path: Path<(String, ArticleId)>,
    asked: Query<Asked>,
    viewer: Viewer,
    pool: Pool,
    drain: Data<Drain>,
) -> Result<HttpResponse> {
    let (slug, article) = path.into_inner();
    let version = store::version(&pool, viewer.desk.id, article, asked.version)
        .await?
        .ok_or(Error::NotFound("article"))?;
    let resumed = request.headers().get("last-event-id").and_then(|id| id.to_str().ok()?.parse().ok());
    let next_xid = match resumed.or(asked.after) {
        Some(xid) => xid,
        None => store::horizon(&pool).await?,
    };
    let token = SessionToken::of(&request);
    let feed = Feed::new((*pool).clone(), slug, token, viewer, version, next_xid, drain);
    Ok(HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, "text/event-stream; charset=utf-8"))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        // Named so that nothing compresses the stream, and with that holds it back.
        .insert_header(ContentEncoding::Identity)
        .insert_header(("X-Accel-Buffering", "no"))
        .streaming(unfold(feed, Feed::next)))
}
