//! From what people paste and upload to documents.

mod decode;
mod docx;
mod draft;
mod email;
mod error;
pub mod html;
mod linked_data;
mod markdown;
mod menu;
mod names;
mod origin;
mod pdf;
mod plain;
mod sheet;

pub use decode::decode;
pub use docx::from_docx;
pub use email::{from_email, is_email};
pub use error::ImportError;
pub use html::from_html;
pub use markdown::from_markdown;
pub use origin::{Genre, Origin};
pub use pdf::{PDF_PAGES_MAX, from_pdf};
pub use plain::from_plain;
pub use sheet::from_csv;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::address::SafeUrl;
use super::dates::PartialDate;
use super::document::{Document, Kind, leave_out};
use super::identifiers::{Doi, Isbn};

/// How much markup an import reads, in bytes of UTF-8. Pages carry up to ten times their text in scripts and styles.
pub const MARKUP_BYTES_MAX: usize = 8_000_000;

/// An article as it came in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Imported {
    /// All that the source shows.
    pub document: Document,
    pub found: Found,
    /// The numbers of the blocks that are no part of the article: menus, notices, lists of other articles. Suggested for
    /// leaving out; never all of them.
    pub surroundings: BTreeSet<usize>,
}

impl Imported {
    /// Takes the headline for a part of the text, which it is where it was selected with it, or is quoted.
    pub fn keep_headline(&mut self) {
        let blocks = self.document.blocks();
        self.surroundings.retain(|number| blocks[*number].kind != Kind::Heading(1));
    }

    /// The document without its surroundings.
    #[must_use]
    pub fn article(&self) -> Document {
        leave_out(self.document.clone(), &self.surroundings).unwrap_or_else(|| self.document.clone())
    }
}

/// What a source says about itself. Hints for a form: none of it is known until a person says so.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Found {
    pub title: Option<String>,
    /// Whoever is named as writing it, several separated by commas.
    pub author: Option<String>,
    /// The same one by one, each as it is written there.
    pub authors: Vec<String>,
    /// The name of the site or publisher.
    pub site: Option<String>,
    pub published: PartialDate,
    /// The moment of that, where the source is so precise.
    pub published_at: Option<OffsetDateTime>,
    /// When it was last changed.
    pub modified: PartialDate,
    pub modified_at: Option<OffsetDateTime>,
    /// The address that the page calls its own.
    pub address: Option<SafeUrl>,
    /// A BCP 47 tag.
    pub language: Option<String>,
    /// The picture that the source shows with it.
    pub lead_image: Option<SafeUrl>,
    pub doi: Option<Doi>,
    pub isbn: Option<Isbn>,
    pub genre: Option<Genre>,
    /// Where it says so, by the names of these fields. What is not named here stands in the file itself.
    pub origins: BTreeMap<String, Origin>,
}

impl Found {
    /// Where the source says this; `field` is one of the names above.
    #[must_use]
    pub fn origin(&self, field: &str) -> Origin {
        self.origins.get(field).copied().unwrap_or(Origin::File)
    }
}

/// The text with LF for every line break of Windows and old Macintoshes.
fn line_feeds(text: &str) -> Cow<'_, str> {
    if text.contains('\r') {
        Cow::Owned(text.replace("\r\n", "\n").replace('\r', "\n"))
    } else {
        Cow::Borrowed(text)
    }
}

/// A name or title on one line, composed, at most 500 characters; `None` when nothing is left.
fn line(text: &str) -> Option<String> {
    use super::document::normal::{Admitted, admit, compose, is_blank};

    let admitted: String = text
        .chars()
        .filter_map(|character| match admit(character) {
            Admitted::Kept(character) => Some(character),
            Admitted::Space | Admitted::Break => Some(' '),
            Admitted::Dropped => None,
        })
        .collect();
    let words: Vec<&str> = admitted.split_whitespace().collect();
    let (line, _) = compose(&words.join(" "));
    let line: String = line.chars().take(500).collect();
    (!is_blank(&line)).then_some(line)
}

/// A language tag if it looks like one (<https://www.rfc-editor.org/info/bcp47>).
fn language_tag(text: &str) -> Option<String> {
    let tag = text.trim().replace('_', "-");
    let plausible = (2..=35).contains(&tag.len())
        && tag
            .split('-')
            .all(|part| (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric()))
        && tag
            .split('-')
            .next()
            .is_some_and(|first| first.len() <= 3 && first.bytes().all(|b| b.is_ascii_alphabetic()));
    plausible.then_some(tag)
}
