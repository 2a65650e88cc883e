//! The form that an article comes in with, with or without a file.

use std::collections::BTreeSet;

use actix_multipart::Multipart;
use actix_web::HttpRequest;
use actix_web::dev::Payload;
use actix_web::web::Bytes;
use futures_util::{StreamExt as _, stream};
use serde::Deserialize;

use super::{guess, tidy};
use crate::articles::Format;
use crate::editing::Values;
use crate::error::{Error, Result};
use crate::text::import::{MARKUP_BYTES_MAX, decode};
use crate::web::body;
use crate::web::form::Fields;

/// The most that the form may have: the longest page that is read, and what is typed beside it.
const LIMIT: usize = MARKUP_BYTES_MAX + body::FORM_LIMIT;
/// The parser of parts takes what it is given in pieces of at most this size.
const CHUNK: usize = 16 * 1024;

/// What was sent, before it is known who sent it.
#[derive(Debug)]
pub struct Sent {
    pub fields: Fields,
    /// Why the file cannot be read.
    pub refused: Option<&'static str>,
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
    #[serde(default)]
    upload: String,
    #[serde(default)]
    file_name: String,
    #[serde(default)]
    charset: String,
    #[serde(default)]
    format: String,
    #[serde(default)]
    leave: Vec<usize>,
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
        let (text, chosen) = match (optional(form.upload), optional(form.html)) {
            (Some(upload), _) if form.text.trim().is_empty() => (upload, chosen),
            (None, Some(html)) if chosen.is_none_or(|chosen| chosen == Format::Html) => {
                (html, Some(Format::Html))
            }
            _ => (form.text, chosen),
        };
        let mut intake = Intake {
            details: tidy(&details.into()),
            text,
            file_name: optional(form.file_name),
            charset: optional(form.charset),
            chosen,
            left_out: form.leave.into_iter().collect(),
            seen: form.seen,
            preview: form.step == "preview",
            again: form.again.is_some(),
        };
        if !intake.seen.is_empty() && intake.look_again() {
            intake.left_out.clear();
            intake.preview = true;
        }
        Ok(intake)
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

    /// Whether the text has not been looked at in this reading.
    #[must_use]
    pub fn look_again(&self) -> bool {
        self.seen != self.reading()
    }
}

/// Reads the form, URL-encoded or in parts. A file becomes text here, so that it can be kept when the form cannot be
/// taken.
///
/// # Errors
/// When it is something else, too large, too slow, or from another site.
pub async fn read(request: &HttpRequest, payload: &mut Payload) -> Result<Sent> {
    if !body::is(request, "multipart/form-data") {
        let fields = Fields::read(request, payload, LIMIT).await?;
        return Ok(Sent { fields, refused: None });
    }
    body::same_origin(request)?;
    let bytes = Bytes::from(body::read(payload, LIMIT).await?);
    let pieces =
        (0..bytes.len()).step_by(CHUNK).map(|start| Ok(bytes.slice(start..bytes.len().min(start + CHUNK))));
    let pieces: Vec<_> = pieces.collect();
    let mut parts = Multipart::new(request.headers(), stream::iter(pieces));
    let mut pairs = Vec::new();
    let mut refused = None;
    while let Some(part) = parts.next().await {
        let mut part = part.map_err(broken)?;
        let name = part.name().unwrap_or_default().to_owned();
        let file_name = part.content_disposition().and_then(|found| found.get_filename()).map(str::to_owned);
        let charset =
            part.content_type().and_then(|kind| kind.get_param("charset")).map(|value| value.to_string());
        let mut content = Vec::new();
        while let Some(chunk) = part.next().await {
            content.extend_from_slice(&chunk.map_err(broken)?);
        }
        let Some(file_name) = file_name else {
            pairs.push((name, String::from_utf8(content).map_err(broken)?));
            continue;
        };
        if content.is_empty() {
            continue;
        }
        refused = unreadable(&content);
        if refused.is_none() {
            let (text, charset) = decode(&content, charset.as_deref());
            pairs.push(("upload".to_owned(), text));
            pairs.push(("charset".to_owned(), charset.to_owned()));
        }
        // A browser of old sends the whole path.
        let file_name = file_name.rsplit(['/', '\\']).next().unwrap_or_default();
        pairs.push((
            "file_name".to_owned(),
            file_name.chars().filter(|c| !c.is_control()).take(200).collect(),
        ));
    }
    let has = |name: &str| pairs.iter().any(|(field, value)| field == name && !value.trim().is_empty());
    if refused.is_none() && has("upload") && has("text") {
        refused = Some("You pasted a text and chose a file. Empty the text, or choose no file.");
    }
    Ok(Sent { fields: Fields::new(request, pairs)?, refused })
}

fn broken(_: impl std::fmt::Debug) -> Error {
    Error::Malformed("This form cannot be read. Open the page again and send it from there.".into())
}

/// What to say about a file that holds no text, by the bytes that such files begin with.
fn unreadable(content: &[u8]) -> Option<&'static str> {
    const KINDS: [(&[u8], &str); 8] = [
        (b"%PDF", "This is a PDF file. Copy its text and paste it, or save it as text."),
        (b"PK\x03\x04", "This is a Word, OpenDocument or zip file. Save it as a web page or as text first."),
        (b"\xD0\xCF\x11\xE0", "This is an old Word file. Save it as a web page or as text first."),
        (b"{\\rtf", "This is an RTF file. Save it as a web page or as text first."),
        (b"\x89PNG", "This is a picture. Only text can be checked."),
        (b"GIF8", "This is a picture. Only text can be checked."),
        (b"\xFF\xD8\xFF", "This is a picture. Only text can be checked."),
        (b"\x1F\x8B", "This is a compressed file. Unpack it first."),
    ];
    KINDS.iter().find(|(start, _)| content.starts_with(start)).map(|(_, words)| *words)
}
