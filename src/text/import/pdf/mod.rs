//! PDF to blocks. Its pages stay as locators.
//!
//! The file says where glyphs stand, not what is a word, a line or a paragraph: that is found here from their places.

mod info;
mod lines;
mod paragraphs;
mod running;
mod widths;

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};

use pdf_extract::content::Content;
use pdf_extract::{Document, Object, ObjectId, output_doc_page};

use super::draft::{Context, Draft};
use super::{Found, ImportError, Imported};
use crate::text::document::{Kind as BlockKind, ListItem};
use lines::{Collector, Line};
use paragraphs::Kind;

/// How many pages are read.
pub const PDF_PAGES_MAX: usize = 2_000;

/// Imports a PDF. What runs through all its pages, such as page numbers, is suggested for leaving out.
///
/// # Errors
/// [`ImportError`], which tells a locked file, one of pictures, and a damaged one apart.
pub fn from_pdf(bytes: &[u8]) -> Result<Imported, ImportError> {
    // The library is careful with what is well made, and panics at some of what is not.
    catch_unwind(AssertUnwindSafe(|| read(bytes))).unwrap_or(Err(ImportError::PdfBroken))
}

fn read(bytes: &[u8]) -> Result<Imported, ImportError> {
    let mut document = Document::load_mem(bytes).map_err(|error| match error {
        pdf_extract::Error::Decryption(_) | pdf_extract::Error::InvalidPassword => ImportError::PdfEncrypted,
        _ if names_encryption(bytes) => ImportError::PdfEncrypted,
        _ => ImportError::PdfBroken,
    })?;
    // Many files only forbid printing: they open without a password.
    if document.trailer.has(b"Encrypt") && !document.was_encrypted() && document.decrypt("").is_err() {
        return Err(ImportError::PdfEncrypted);
    }
    let pages = document.get_pages();
    if pages.is_empty() {
        return Err(ImportError::PdfBroken);
    }
    if pages.len() > PDF_PAGES_MAX {
        return Err(ImportError::PdfTooManyPages);
    }
    widths::write_one_by_one(&mut document);
    let has_pictures = keep_only_text(&mut document, pages.values().copied());
    let mut read = Vec::with_capacity(pages.len());
    let (mut mapped, mut unmapped) = (0, 0);
    for page in pages.keys() {
        let collector = lines_of(&document, *page)?;
        mapped += collector.mapped;
        unmapped += collector.unmapped;
        read.push((*page, collector.lines));
    }
    if unmapped > mapped {
        return Err(ImportError::PdfLetters);
    }
    if read.iter().all(|(_, lines)| lines.is_empty()) {
        return Err(if has_pictures { ImportError::PdfPictures } else { ImportError::Empty });
    }
    write(&read, info::found(&document))
}

fn names_encryption(bytes: &[u8]) -> bool {
    bytes.windows(8).any(|window| window == b"/Encrypt")
}

/// The lines of a page.
fn lines_of(document: &Document, page: u32) -> Result<Collector, ImportError> {
    let mut collector = Collector::default();
    let read = catch_unwind(AssertUnwindSafe(|| output_doc_page(document, &mut collector, page)));
    match read {
        Ok(Ok(())) => Ok(collector),
        // A page of a report that cannot be read is not left out without a word.
        _ => Err(ImportError::PdfBroken),
    }
}

/// Takes everything out of the pages that does not write or place text: the colours and paths of real files are what
/// the library fails at. Says whether there were pictures.
fn keep_only_text(document: &mut Document, pages: impl Iterator<Item = ObjectId>) -> bool {
    let mut has_pictures = false;
    for object in document.objects.values_mut() {
        let is_picture = info::is_picture(object);
        has_pictures |= is_picture;
        let Object::Stream(stream) = object else { continue };
        let is_form = stream.dict.get(b"Subtype").and_then(Object::as_name).is_ok_and(|name| name == b"Form");
        if is_picture {
            stream.dict.remove(b"Filter");
            stream.dict.remove(b"DecodeParms");
            stream.set_plain_content(Vec::new());
        } else if is_form {
            let content = stream.decompressed_content().unwrap_or_else(|_| stream.content.clone());
            let (text, drew) = only_text(&content);
            has_pictures |= drew;
            stream.dict.remove(b"Filter");
            stream.dict.remove(b"DecodeParms");
            stream.set_plain_content(text);
        }
    }
    for page in pages {
        let Ok(content) = document.get_page_content(page) else { continue };
        let (text, drew) = only_text(&content);
        has_pictures |= drew;
        // A page that shares its content with others gets one of its own.
        let own = document.add_object(pdf_extract::Stream::new(pdf_extract::Dictionary::new(), text));
        if let Ok(page) = document.get_object_mut(page).and_then(Object::as_dict_mut) {
            page.set("Contents", Object::Reference(own));
        }
    }
    has_pictures
}

/// The operators that write and place text, and whether there were inline pictures.
fn only_text(content: &[u8]) -> (Vec<u8>, bool) {
    const KEPT: [&str; 20] = [
        "BT", "ET", "Tj", "TJ", "'", "\"", "Tc", "Tw", "Tz", "TL", "Tf", "Tr", "Ts", "Td", "TD", "Tm", "T*",
        "q", "Q", "cm",
    ];
    let Ok(mut content) = Content::decode(content) else { return (Vec::new(), false) };
    let drew = content.operations.iter().any(|operation| operation.operator == "BI");
    content
        .operations
        .retain(|operation| operation.operator == "Do" || KEPT.contains(&operation.operator.as_str()));
    (content.encode().unwrap_or_default(), drew)
}

fn write(pages: &[(u32, Vec<Line>)], mut found: Found) -> Result<Imported, ImportError> {
    let running = running::running(pages);
    let mut draft = Draft::default();
    let mut surroundings = BTreeSet::new();
    let mut headline: Option<(u8, String)> = None;
    for paragraph in paragraphs::paragraphs(pages, &running) {
        draft.begin_page(paragraph.page);
        let kind = match paragraph.kind {
            Kind::Body | Kind::Running => BlockKind::Paragraph,
            Kind::Heading(level) => BlockKind::Heading(level),
            Kind::Item => BlockKind::ListItem(ListItem { depth: 0, number: None, continues: false }),
        };
        if let Kind::Heading(level) = paragraph.kind
            && headline.as_ref().is_none_or(|(best, _)| level < *best)
        {
            headline = Some((level, paragraph.text.clone()));
        }
        let number = draft.len();
        draft.write(&paragraph.text, || Context { kind, quote: 0 });
        draft.end_block();
        if paragraph.kind == Kind::Running && draft.len() > number {
            surroundings.insert(number);
        }
        if draft.has_failed() {
            break;
        }
    }
    if surroundings.len() == draft.len() {
        surroundings.clear();
    }
    found.title = found.title.or_else(|| headline.and_then(|(_, text)| super::line(&text)));
    let document = draft.finish(found.language.clone())?;
    Ok(Imported { document, found, surroundings })
}
