//! HTML to blocks: what a browser would show of a page, without anything that could run or be fetched.

mod article;
mod element;
mod head;
mod hints;
mod outline;
mod overheard;
mod reader;
mod references;
mod stack;
mod styles;
mod titling;
mod token;
mod visible;

#[cfg(test)]
mod pages;
#[cfg(test)]
mod tests;

use super::draft::Draft;
use super::{ImportError, Imported, MARKUP_BYTES_MAX};
use crate::text::address::SafeUrl;
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
    let mut reader = Reader::new(&mut draft, page);
    reader.read(html);
    let (outline, head, overheard) = reader.end();
    let mut found = head.found(page, &overheard);
    found.language = found.language.or_else(|| draft.language());
    let document = draft.finish(found.language.clone())?;
    let (surroundings, title) = article::surroundings(&document, &outline, &head.claims(&found));
    visible::fill(&mut found, &document, &surroundings, title);
    Ok(Imported { document, found, surroundings })
}

/// Writes a piece of HTML that stands in another format (Markdown) to a draft.
pub(super) fn write_fragment(html: &str, draft: &mut Draft) {
    draft.end_block();
    let mut reader = Reader::new(draft, None);
    reader.read(html);
    reader.end();
}
