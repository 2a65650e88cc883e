//! What the page of captures sends.

use actix_multipart::Multipart;
use actix_web::HttpRequest;
use actix_web::dev::Payload;
use actix_web::web::Bytes;
use futures_util::{StreamExt as _, stream};
use serde::Deserialize;
use sha2::{Digest, Sha256};

use super::{AROUND_MAX, SELECTED_MAX};
use crate::error::{Error, Result};
use crate::text::address::SafeUrl;
use crate::text::import::MARKUP_BYTES_MAX;
use crate::web::body;
use crate::web::form::Fields;

/// The most that the form may have: the longest page that is read, and what is sent beside it.
pub(super) const LIMIT: usize = MARKUP_BYTES_MAX + body::FORM_LIMIT;
/// The parser of parts takes what it is given in pieces of at most this size.
const CHUNK: usize = 16 * 1024;

/// What was sent, before it is known who sent it.
#[derive(Debug)]
pub(super) struct Sent {
    pub(super) fields: Fields,
    page: Vec<u8>,
}

/// A page as a browser saw it.
#[derive(Clone, Debug)]
pub(super) struct Captured {
    /// Its markup in UTF-8.
    pub(super) page: Bytes,
    /// Where the browser had it; `None` for a file or something else that others cannot open.
    pub(super) address: Option<SafeUrl>,
    /// What the browser called it.
    pub(super) title: String,
    /// The words that were selected.
    pub(super) selected: Option<Selected>,
}

/// Words that were selected on a page, and those around them.
#[derive(Clone, Debug)]
pub(super) struct Selected {
    pub(super) exact: String,
    pub(super) before: String,
    pub(super) after: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Form {
    address: String,
    title: String,
    exact: String,
    before: String,
    after: String,
    /// SHA-256 of the page.
    #[serde(rename = "hash")]
    _hash: String,
}

impl Sent {
    /// The page in the form.
    ///
    /// # Errors
    /// [`Error::Malformed`] when it has other fields.
    pub(super) fn captured(self) -> Result<Captured> {
        let form: Form = self.fields.parse()?;
        let around = |words: String| words.chars().take(AROUND_MAX).collect();
        let is_statement = !form.exact.trim().is_empty() && form.exact.chars().count() <= SELECTED_MAX;
        let selected = is_statement.then(|| Selected {
            exact: form.exact.replace("\r\n", "\n"),
            before: around(form.before),
            after: around(form.after),
        });
        let address = SafeUrl::parse(&form.address).ok();
        Ok(Captured { page: self.page.into(), address, title: form.title, selected })
    }
}

/// Reads the form.
///
/// # Errors
/// When it is something else, too large, too slow, or from another site.
pub(super) async fn read(request: &HttpRequest, payload: &mut Payload) -> Result<Sent> {
    if !body::is(request, "multipart/form-data") {
        let fields = Fields::read(request, payload, LIMIT).await?;
        return Ok(Sent { fields, page: Vec::new() });
    }
    body::same_origin(request)?;
    let bytes = Bytes::from(body::read(payload, LIMIT).await?);
    let pieces =
        (0..bytes.len()).step_by(CHUNK).map(|start| Ok(bytes.slice(start..bytes.len().min(start + CHUNK))));
    let pieces: Vec<_> = pieces.collect();
    let mut parts = Multipart::new(request.headers(), stream::iter(pieces));
    let mut pairs = Vec::new();
    let mut page = Vec::new();
    while let Some(part) = parts.next().await {
        let mut part = part.map_err(broken)?;
        let name = part.name().unwrap_or_default().to_owned();
        let mut content = Vec::new();
        while let Some(chunk) = part.next().await {
            content.extend_from_slice(&chunk.map_err(broken)?);
        }
        if name == "page" {
            page = content;
        } else {
            pairs.push((name, String::from_utf8(content).map_err(broken)?));
        }
    }
    // A repeated sending is one of the same page.
    let hash = Sha256::digest(&page).iter().fold(String::new(), |text, byte| format!("{text}{byte:02x}"));
    pairs.push(("hash".to_owned(), hash));
    Ok(Sent { fields: Fields::new(request, pairs)?, page })
}

fn broken(_: impl std::fmt::Debug) -> Error {
    Error::Malformed("This form cannot be read. Open the page again and send it from there.".into())
}
