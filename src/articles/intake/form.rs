//! The form that an article comes in with, with or without files.

use std::collections::BTreeSet;

use actix_multipart::Multipart;
use actix_web::HttpRequest;
use actix_web::dev::Payload;
use actix_web::web::Bytes;
use futures_util::{StreamExt as _, stream};
use serde::Deserialize;
use time::OffsetDateTime;

use super::sniff::{Kind, sniff};
use super::{How, Received, guess, tidy};
use crate::articles::Format;
use crate::auth::Viewer;
use crate::auth::permission::AddArticle;
use crate::auth::session::SessionToken;
use crate::blobs;
use crate::db::Pool;
use crate::editing::Values;
use crate::error::{Error, Result};
use crate::text::import::{MARKUP_BYTES_MAX, decode};
use crate::web::body;
use crate::web::form::Fields;

/// The most that the form may have: the longest page that is read, and what is typed beside it.
const LIMIT: usize = MARKUP_BYTES_MAX + body::FORM_LIMIT;
/// How much all files of one sending may have, in bytes.
pub const UPLOAD_BYTES_MAX: usize = 30_000_000;
/// How many files may be sent at once.
pub const FILES_MAX: usize = 50;
/// The parser of parts takes what it is given in pieces of at most this size.
const CHUNK: usize = 16 * 1024;

/// What was sent, before it is known who sent it.
#[derive(Debug)]
pub struct Sent {
    pub fields: Fields,
    /// The files, as they came.
    pub files: Vec<Received>,
}

/// An article as it comes in.
#[derive(Clone, Debug, Default)]
pub struct Intake {
    /// What is known about it, as it was typed.
    pub details: Values,
    pub text: String,
    /// The name of the file it was in.
    pub file_name: Option<String>,
    /// The encoding of the file.
    pub charset: Option<String>,
    /// The format that was chosen; `None` leaves it to us.
    pub chosen: Option<Format>,
    /// The blocks that are left out, by their numbers.
    pub left_out: BTreeSet<usize>,
    /// The blocks that were ticked as the article's.
    kept: BTreeSet<usize>,
    /// As what the text was shown for checking before; empty when it was not.
    pub seen: String,
    /// Whether the text is to be shown for checking now.
    pub preview: bool,
    /// Whether it is wanted although the same is here.
    pub again: bool,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Form {
    #[serde(default)]
    title: String,
    #[serde(default)]
    url: String,
    #[serde(default)]
    publisher: String,
    #[serde(default)]
    author: String,
    #[serde(default)]
    published: String,
    #[serde(default)]
    language: String,
    #[serde(default)]
    text: String,
    /// The same words as a browser's clipboard had them: with their markup.
    #[serde(default)]
    html: String,
    /// What files there were, when the form is sent again without them.
    #[serde(default, rename = "upload")]
    _upload: Vec<String>,
    #[serde(default)]
    file_name: String,
    #[serde(default)]
    charset: String,
    #[serde(default)]
    format: String,
    #[serde(default)]
    keep: Vec<usize>,
    #[serde(default)]
    seen: String,
    #[serde(default)]
    again: Option<String>,
    #[serde(default)]
    step: String,
}

impl Sent {
    /// The article in the form.
    ///
    /// # Errors
    /// [`Error::Malformed`] when it has other fields.
    pub fn intake(&self) -> Result<Intake> {
        let form: Form = self.fields.parse()?;
        let optional = |text: String| (!text.trim().is_empty()).then_some(text);
        let details = [
            ("title", form.title),
            ("url", form.url),
            ("publisher", form.publisher),
            ("author", form.author),
            ("published", form.published),
            ("language", form.language),
        ];
        let chosen = Format::parse(&form.format).filter(|format| format.is_text());
        let (mut file_name, mut charset) = (optional(form.file_name), optional(form.charset));
        let (text, chosen) = match (self.files.first(), optional(form.html)) {
            (Some(file), _) if form.text.trim().is_empty() => {
                let (text, found) = decode(&file.bytes, file.charset.as_deref());
                (file_name, charset) = (file.file_name.clone(), Some(found.to_owned()));
                (text, chosen)
            }
            (None, Some(html)) if chosen.is_none_or(|chosen| chosen == Format::Html) => {
                (html, Some(Format::Html))
            }
            _ => (form.text, chosen),
        };
        let mut intake = Intake {
            details: tidy(&details.into()),
            text,
            file_name,
            charset,
            chosen,
            left_out: BTreeSet::new(),
            kept: form.keep.into_iter().collect(),
            seen: form.seen,
            preview: form.step == "preview",
            again: form.again.is_some(),
        };
        if !intake.seen.is_empty() && intake.look_again() {
            intake.preview = true;
        }
        Ok(intake)
    }

    /// What keeps the files from being read as one pasted text, in words: that there are none any more, that a text was
    /// pasted beside them, or that they are no text.
    #[must_use]
    pub fn refused(&self) -> Option<&'static str> {
        let Some(file) = self.files.first() else { return self.files_are_lost() };
        if let Some(words) = self.is_pasted_too() {
            return Some(words);
        }
        match sniff(&file.bytes, &file.said()) {
            Ok(Kind::Text) => None,
            Ok(_) => Some(
                "Choose this file under “Add an article”. It is found to be this article by its address, and offered as its next version.",
            ),
            Err(refused) => Some(refused.label()),
        }
    }

    /// What is wrong when a text was pasted and files were chosen.
    #[must_use]
    pub fn is_pasted_too(&self) -> Option<&'static str> {
        let pasted = !self.files.is_empty() && self.fields.has("text");
        pasted.then_some("You pasted a text and chose a file. Empty the text, or choose no file.")
    }

    /// What is wrong when the form was sent again, after signing in, and browsers do not send files twice.
    #[must_use]
    pub fn files_are_lost(&self) -> Option<&'static str> {
        let lost = self.files.is_empty() && self.fields.has("upload");
        lost.then_some("Choose the file once more: a browser does not send it twice by itself.")
    }
}

impl Intake {
    /// The format that was chosen, or else the likeliest one.
    #[must_use]
    pub fn format(&self) -> Format {
        self.chosen.unwrap_or_else(|| guess(&self.text, self.file_name.as_deref()))
    }

    /// Whether the person chose the format of that code.
    #[must_use]
    pub fn has_chosen(&self, code: &str) -> bool {
        self.chosen.is_some_and(|chosen| chosen.as_str() == code)
    }

    /// As what the text is read: what was left out by number is so in the same reading only.
    #[must_use]
    pub fn reading(&self) -> &'static str {
        self.format().as_str()
    }

    /// What a browser keeps words typed about this text under, so that they do not come back with another one.
    #[must_use]
    pub fn draft_key(&self) -> String {
        let hash = crate::articles::store::hash(&self.text);
        let part = hash.iter().take(8).fold(0_u64, |part, byte| part << 8 | u64::from(*byte));
        format!("article-{part:016x}")
    }

    /// Takes over which of so many blocks were ticked, when they were shown.
    pub(super) fn settle(&mut self, blocks: usize) {
        if !self.look_again() {
            self.left_out = (0..blocks).filter(|number| !self.kept.contains(number)).collect();
        }
    }

    /// Whether the text has not been looked at in this reading.
    #[must_use]
    pub fn look_again(&self) -> bool {
        self.seen != self.reading()
    }
}

/// Reads the form, URL-encoded or in parts.
///
/// # Errors
/// When it is something else, too large, too slow, or from another site.
pub async fn read(request: &HttpRequest, payload: &mut Payload) -> Result<Sent> {
    if !body::is(request, "multipart/form-data") {
        let fields = Fields::read(request, payload, LIMIT).await?;
        return Ok(Sent { fields, files: Vec::new() });
    }
    body::same_origin(request)?;
    // Who may not add articles cannot make the server hold large files either.
    let limit = if may_add(request).await { UPLOAD_BYTES_MAX + body::FORM_LIMIT } else { LIMIT };
    let bytes = Bytes::from(body::read(payload, limit).await?);
    let pieces =
        (0..bytes.len()).step_by(CHUNK).map(|start| Ok(bytes.slice(start..bytes.len().min(start + CHUNK))));
    let pieces: Vec<_> = pieces.collect();
    let mut parts = Multipart::new(request.headers(), stream::iter(pieces));
    let mut pairs = Vec::new();
    let mut files = Vec::new();
    let now = OffsetDateTime::now_utc();
    while let Some(part) = parts.next().await {
        let mut part = part.map_err(broken)?;
        let name = part.name().unwrap_or_default().to_owned();
        let file_name = part.content_disposition().and_then(|found| found.get_filename()).map(str::to_owned);
        let kind = part.content_type().cloned();
        let mut content = Vec::new();
        while let Some(chunk) = part.next().await {
            content.extend_from_slice(&chunk.map_err(broken)?);
        }
        let Some(file_name) = file_name else {
            pairs.push((name, String::from_utf8(content).map_err(broken)?));
            continue;
        };
        // What a browser sends where no file was chosen.
        if content.is_empty() && file_name.is_empty() {
            continue;
        }
        if files.len() == FILES_MAX {
            return Err(Error::TooLarge(format!("choose at most {FILES_MAX} files at once.").into()));
        }
        let file_name = bare_name(&file_name);
        let hash = crate::articles::hex(&blobs::hash(&content));
        pairs.push(("upload".to_owned(), format!("{file_name} {hash}")));
        let mut file = Received::new(How::File, content, now);
        file.file_name = Some(file_name);
        file.media_type = kind.as_ref().map(|kind| kind.essence_str().to_owned());
        file.charset =
            kind.as_ref().and_then(|kind| kind.get_param("charset")).map(|value| value.to_string());
        files.push(file);
    }
    Ok(Sent { fields: Fields::new(request, pairs)?, files })
}

/// Whether whoever asks may add articles here.
async fn may_add(request: &HttpRequest) -> bool {
    let Ok(pool) = Pool::of(request) else { return false };
    let slug = request.match_info().get("desk").unwrap_or_default();
    Viewer::of(&pool, slug, SessionToken::of(request)).await.is_ok_and(|viewer| viewer.may::<AddArticle>())
}

/// The name of a file without its folders: a browser of old sends the whole path.
#[must_use]
pub fn bare_name(path: &str) -> String {
    let name = path.rsplit(['/', '\\']).next().unwrap_or_default();
    let name: String = name.chars().filter(|character| !character.is_control()).take(200).collect();
    if name.trim().is_empty() { "file".to_owned() } else { name.trim().to_owned() }
}

fn broken(_: impl std::fmt::Debug) -> Error {
    Error::Malformed("This form cannot be read. Open the page again and send it from there.".into())
}
