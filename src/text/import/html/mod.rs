//! HTML to blocks: what a browser would show of a page, without anything that could run or be fetched.

mod element;
mod head;
mod overheard;
mod reader;
mod references;
mod regions;
mod stack;
mod styles;
mod token;

#[cfg(test)]
mod tests;

use super::draft::Draft;
use super::{ImportError, Imported, MARKUP_BYTES_MAX};
use crate::text::address::SafeUrl;
use reader::Reader;

/// Imports the article of a page: if the page marks one as `article` or `main` and most of the text stands in it, only
/// that; else the whole page without its menus. `page` is the page's address, for links that are relative to it.
///
/// # Errors
/// [`ImportError`] when there is no text or one of the limits is passed.
pub fn from_html(html: &str, page: Option<&SafeUrl>) -> Result<Imported, ImportError> {
    import(html, page, false)
}

/// Imports all that a page shows, with menus and surroundings.
///
/// # Errors
/// [`ImportError`] when there is no text or one of the limits is passed.
pub fn from_whole_html(html: &str, page: Option<&SafeUrl>) -> Result<Imported, ImportError> {
    import(html, page, true)
}

fn import(html: &str, page: Option<&SafeUrl>, whole: bool) -> Result<Imported, ImportError> {
    if html.len() > MARKUP_BYTES_MAX {
        return Err(ImportError::TooMuchMarkup);
    }
    let html = &super::line_feeds(html);
    let mut draft = Draft::default();
    let mut reader = Reader::new(&mut draft, page, whole);
    reader.read(html);
    let (regions, head) = reader.end();
    let left_out = !whole && regions.keep_article(&mut draft);
    let mut found = head.found(page, &regions.overheard);
    found.surroundings_left_out = left_out || regions.menu_left_out;
    let document = draft.finish(found.language.clone())?;
    Ok(Imported { document, found })
}

/// Writes a piece of HTML that stands in another format (Markdown) to a draft.
pub(super) fn write_fragment(html: &str, draft: &mut Draft) {
    draft.end_block();
    let mut reader = Reader::new(draft, None, false);
    reader.read(html);
    reader.end();
}
