//! Reading request bodies, with a limit on size and on time.

use std::time::Duration;

use actix_web::HttpRequest;
use actix_web::dev::Payload;
use actix_web::http::header;
use futures_util::StreamExt as _;
use tokio::time::{Instant, timeout_at};

use crate::error::{Error, Result};

/// A form without a file: 512 KiB.
pub const FORM_LIMIT: usize = 512 * 1024;
/// A form that carries an article's text: every byte may be escaped as three, and there is a little around it.
pub const ARTICLE_LIMIT: usize = 6 * 1024 * 1024 + FORM_LIMIT;
/// A body has 10 seconds, and one more for each 100 KB.
const GRACE: Duration = Duration::from_secs(10);
const BYTES_PER_SECOND: usize = 100_000;

/// Reads a body of at most `limit` bytes.
///
/// # Errors
/// [`Error::TooLarge`], [`Error::TooSlow`], or [`Error::Malformed`] when the connection breaks off.
pub async fn read(payload: &mut Payload, limit: usize) -> Result<Vec<u8>> {
    let start = Instant::now();
    let mut body = Vec::new();
    loop {
        let deadline = start + GRACE + Duration::from_secs((body.len() / BYTES_PER_SECOND) as u64);
        match timeout_at(deadline, payload.next()).await {
            Err(_) => return Err(Error::TooSlow),
            Ok(None) => return Ok(body),
            Ok(Some(Err(_))) => return Err(Error::Malformed("The request broke off.".into())),
            Ok(Some(Ok(chunk))) if body.len() + chunk.len() > limit => {
                return Err(too_large(limit));
            }
            Ok(Some(Ok(chunk))) => body.extend_from_slice(&chunk),
        }
    }
}

fn too_large(limit: usize) -> Error {
    Error::TooLarge(format!("at most {} KB fit here.", limit / 1024).into())
}

/// Whether the request says that its body is of that kind.
#[must_use]
pub fn is(request: &HttpRequest, media_type: &str) -> bool {
    request
        .headers()
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split(';').next())
        .is_some_and(|value| value.trim().eq_ignore_ascii_case(media_type))
}

/// Refuses a request that a browser says comes from another site.
///
/// # Errors
/// [`Error::Forged`].
pub fn same_origin(request: &HttpRequest) -> Result<()> {
    let header =
        |name| request.headers().get(name).and_then(|value: &header::HeaderValue| value.to_str().ok());
    if header("sec-fetch-site").is_some_and(|site| !matches!(site, "same-origin" | "none")) {
        return Err(Error::Forged);
    }
    if let Some(origin) = header("origin") {
        let host = header("host").unwrap_or_default();
        let ours = crate::base_url::BaseUrl::of(request).as_str();
        let same = origin == ours || origin.split_once("://").is_some_and(|(_, authority)| authority == host);
        if !same {
            return Err(Error::Forged);
        }
    }
    Ok(())
}
