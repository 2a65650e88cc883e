//! HTML to blocks: what a browser would show of a page, without anything that could run or be fetched.

mod article;
mod element;
mod head;
mod hints;
mod linked_body;
mod outline;
mod overheard;
mod reader;
mod references;
mod signs;
mod stack;
mod styles;
mod titling;
mod token;
mod visible;

#[cfg(test)]
mod pages;
#[cfg(test)]
mod tests;

pub use signs::{Signs, signs};

use super::draft::Draft;
use super::{ImportError, Imported, MARKUP_BYTES_MAX};
use crate::text::address::SafeUrl;
use head::Head;
use outline::Outline;
use overheard::Overheard;
use reader::Reader;

/// Imports all that a page shows, and says which blocks surround the article. `page` is the page's address, for links
/// that are relative to it.
///
/// # Errors
/// [`ImportError`] when there is no text or one of the limits is passed.
pub fn from_html(html: &str, page: Option<&SafeUrl>) -> Result<Imported, ImportError> {
    if html.len() > MARKUP_BYTES_MAX {
        return Err(ImportError::TooMuchMarkup);
    }
    let html = &super::line_feeds(html);
    let mut draft = Draft::default();
    let (outline, head, overheard) = read(html, page, &mut draft);
    let mut found = head.found(page, &overheard);
    found.language = found.language.or_else(|| draft.language());
    let claims = head.claims(&found);
    let document = match draft.finish(found.language.clone()) {
        Err(ImportError::Empty) if linked_body::is_missing(&claims.body, 0) => {
            return linked_body::import(html, page, found, &claims.body);
        }
        document => document?,
    };
    let (surroundings, title) = article::surroundings(&document, &outline, &claims);
    visible::fill(&mut found, &document, &surroundings, title);
    let imported = Imported { document, found, surroundings };
    if linked_body::is_missing(&claims.body, linked_body::kept(&imported)) {
        return Ok(linked_body::import(html, page, imported.found.clone(), &claims.body).unwrap_or(imported));
    }
    Ok(imported)
}

/// Writes all that a page shows to a draft.
fn read(html: &str, page: Option<&SafeUrl>, draft: &mut Draft) -> (Outline, Head, Overheard) {
    let mut reader = Reader::new(draft, page);
    reader.read(html);
    reader.end()
}

/// Writes a piece of HTML that stands in another format (Markdown) to a draft.
pub(super) fn write_fragment(html: &str, draft: &mut Draft) {
    draft.end_block();
    let mut reader = Reader::new(draft, None);
    reader.read(html);
    reader.end();
}
