//! What people paste and upload, read as a document.

mod apart;
mod form;
mod guess;
mod reading;
mod received;
mod sniff;

pub use apart::{answer, read_apart};
pub use form::{FILES_MAX, Intake, Sent, UPLOAD_BYTES_MAX, bare_name, read as read_form};
pub use guess::guess;
pub use reading::{Reading, look_over, read, read_bytes};
pub use received::{FILE_BYTES_MAX, How, Received, Said};

pub use crate::text::import::ImportError as Refused;

use std::collections::BTreeSet;

use actix_web::web;

use super::{Format, details};
use crate::editing::Values;
use crate::error::{Error, Result};
use crate::text::Document;
use crate::text::address::SafeUrl;
use crate::text::import::{ImportError, Imported, from_html, from_markdown, from_plain};

/// Reads a text in a format.
///
/// # Errors
/// [`ImportError`], in words for the person who sent it.
pub fn import(text: &str, format: Format, page: Option<&SafeUrl>) -> Result<Imported, ImportError> {
    match format {
        Format::Markdown => from_markdown(text),
        Format::Html => from_html(text, page),
        // The words of a file that is no text itself, once they are pasted.
        Format::Text | Format::Pdf | Format::Docx | Format::Email => from_plain(text),
    }
}

impl Intake {
    /// Reads what came in, and fills what was left empty with what it says about itself.
    ///
    /// # Errors
    /// [`Error::Internal`] when reading it fails; what the person can mend is in the inner result.
    pub async fn import(&mut self) -> Result<Result<Imported, ImportError>> {
        let (text, format) = (self.text.clone(), self.format());
        let page = details::address(&self.details);
        // A large page takes a tenth of a second: not on the thread that answers others.
        let read = move || {
            let mut imported = import(&text, format, page.as_ref())?;
            if is_selection(&text) {
                imported.keep_headline();
            }
            Ok(imported)
        };
        let imported = web::block(read).await.map_err(Error::internal)?;
        Ok(imported.inspect(|imported| {
            self.settle(imported.document.blocks().len());
            if self.seen.is_empty() {
                let headline = self.preview;
                fill(&mut self.details, imported, headline);
            }
        }))
    }

    /// What came in as it was pasted, for keeping.
    #[must_use]
    pub fn received(&self, at: time::OffsetDateTime) -> Received {
        let mut received = Received::new(How::Paste, self.text.clone().into_bytes(), at);
        let media_type = match self.format() {
            Format::Html => "text/html",
            Format::Markdown => "text/markdown",
            _ => "text/plain",
        };
        received.media_type = Some(media_type.to_owned());
        received.charset = Some("utf-8".to_owned());
        received.file_name.clone_from(&self.file_name);
        received.address = details::address(&self.details);
        received
    }
}

/// Whether HTML is what somebody selected, and not a page with all that is around its article.
fn is_selection(html: &str) -> bool {
    let html = html.to_ascii_lowercase();
    let whole = ["<head>", "<head ", "<body>", "<body ", "<title"];
    html.contains("<!--startfragment-->") || !whole.iter().any(|tag| html.contains(tag))
}

/// Fills what was left empty with what the source says about itself. A line of a plain text that only looks like a title
/// is taken for one where a person looks at it.
pub fn fill(values: &mut Values, imported: &Imported, headline_too: bool) {
    let document = &imported.document;
    let guess = || if headline_too { headline(document, &imported.surroundings) } else { None };
    let heading = first_heading(document).or_else(guess);
    details::fill(values, &imported.found);
    let title = values.entry("title").or_default();
    if title.is_empty() {
        *title = heading.unwrap_or_default();
    }
}

/// The first line of a plain text, without what looks like a site's menu, if it could stand above the rest: short, and no
/// whole sentence.
fn headline(document: &Document, surroundings: &BTreeSet<usize>) -> Option<String> {
    let at = (0..document.blocks().len()).find(|number| !surroundings.contains(number))?;
    let [line, next, ..] = document.blocks().get(at..)? else { return None };
    let words = document.slice(line.extent())?;
    let is_sentence =
        words.trim_end_matches(['”', '"', '»', '’', ')']).ends_with(['.', ',', ':', ';', '…', '。']);
    let is_above = line.extent().len() <= 160 && line.extent().len() < next.extent().len();
    (is_above && !is_sentence && !words.contains('\n')).then(|| words.to_owned())
}

/// The first heading of the highest level: mostly the title, where a source names none.
fn first_heading(document: &Document) -> Option<String> {
    use crate::text::document::Kind;

    let headings = document.blocks().iter().filter_map(|block| match block.kind {
        Kind::Heading(level) => Some((level, block)),
        _ => None,
    });
    let (_, block) = headings.min_by_key(|(level, block)| (*level, block.start))?;
    let words = document.slice(block.extent())?.split_whitespace().collect::<Vec<_>>().join(" ");
    (words.chars().count() <= details::TITLE_MAX).then_some(words)
}

/// The fields of the form about the article, one spelling each.
#[must_use]
pub fn tidy(values: &Values) -> Values {
    details::FIELDS
        .iter()
        .map(|field| (field.name, field.tidy(values.get(field.name).map_or("", String::as_str))))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_highest_heading_is_the_title() {
        let document = from_markdown("## Kicker\n\n# The bridge\n\nText.\n\n# Another\n").unwrap().document;
        assert_eq!(first_heading(&document).as_deref(), Some("The bridge"));
        assert_eq!(first_heading(&from_plain("Only words.").unwrap().document), None);
    }

    #[test]
    fn what_is_copied_from_a_page_is_no_page() {
        assert!(is_selection("<meta charset='utf-8'><header><h1>The bridge</h1></header><p>Text.</p>"));
        assert!(is_selection(
            "<html>\r\n<body>\r\n<!--StartFragment--><h1>The bridge</h1><!--EndFragment-->"
        ));
        assert!(!is_selection("<!doctype html><HEAD><meta charset='utf-8'></HEAD><h1>The bridge</h1>"));
        assert!(!is_selection("<body class='a'><h1>The bridge</h1>"));
    }

    #[test]
    fn the_line_above_a_plain_text_is_its_title() {
        let title = |text: &str| {
            let imported = from_plain(text).unwrap();
            headline(&imported.document, &imported.surroundings)
        };
        let text = "- Category\n- News\n“We Will Never,” She Responds to Calls\n\nShe said so on Monday, at length and more than once.";
        assert_eq!(title(text).as_deref(), Some("“We Will Never,” She Responds to Calls"));
        assert_eq!(title("She said so.\n\nAnd then she said it again, at length."), None);
        assert_eq!(title("Only one line"), None);
    }
}
