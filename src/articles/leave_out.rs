//! Leaving blocks out of a text that comes in: a site's menu lines at the top, a list of further reading at the end.

use std::collections::BTreeSet;

use crate::text::Document;
use crate::text::document::{BLOCK_SEPARATOR, Block, Kind, Shape};
use crate::text::offsets::{Cursor, code_points};

/// The document without the blocks of these numbers; `None` when nothing would be left.
///
/// # Panics
/// Never: what is cut from a document at its blocks is a document.
#[must_use]
pub fn leave_out(document: Document, left_out: &BTreeSet<usize>) -> Option<Document> {
    if left_out.is_empty() {
        return Some(document);
    }
    let (text, shape) = document.into_parts();
    let mut cursor = Cursor::new(&text);
    let mut words = String::with_capacity(text.len());
    let mut blocks = Vec::with_capacity(shape.blocks.len());
    let mut length = 0;
    for (number, mut block) in shape.blocks.into_iter().enumerate() {
        let bytes = cursor.advance_to(block.start)..cursor.advance_to(block.end);
        if left_out.contains(&number) {
            continue;
        }
        if !words.is_empty() {
            words.push_str(BLOCK_SEPARATOR);
            length += code_points(BLOCK_SEPARATOR);
        }
        words.push_str(&text[bytes]);
        shift(&mut block, length);
        length = block.end;
        blocks.push(block);
    }
    if blocks.is_empty() {
        return None;
    }
    let shape = Shape { blocks, ..shape };
    Some(Document::new(words, shape).expect("whole blocks of a document are a document"))
}

fn shift(block: &mut Block, start: u32) {
    let back = block.start - start;
    block.start -= back;
    block.end -= back;
    for span in &mut block.spans {
        span.start -= back;
        span.end -= back;
    }
    for sentence in &mut block.sentences {
        sentence.start -= back;
        sentence.end -= back;
    }
}

/// At most this many blocks at the top are taken for a menu.
const MENU_MAX: usize = 40;
/// A menu's line has at most so many code points.
const LINE_MAX: u32 = 28;

/// How many blocks at the top look like a site's menu: short lines without an end of a sentence, before anything longer.
/// Only a suggestion, for a person to look at.
#[must_use]
pub fn menu_lines(document: &Document) -> usize {
    let is_line = |block: &Block| {
        let words = document.slice(block.extent()).unwrap_or_default();
        !matches!(block.kind, Kind::Heading(_) | Kind::Cell(_))
            && block.extent().len() <= LINE_MAX
            && !words.ends_with(['.', '!', '?', ':', '"', '”', '»', '。', '؟'])
    };
    let lines = document.blocks().iter().take_while(|block| is_line(block)).count();
    // A text of nothing but short lines is a poem or a list, not a menu.
    if lines == document.blocks().len() || lines > MENU_MAX { 0 } else { lines }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::import::from_plain;

    const PASTED: &str = "- Category\n- Latest news\n\n“We will never 🌍,” she said in an interview on Monday.\n\nAnd that was that. Or so it seemed to everybody.";

    #[test]
    fn the_rest_is_a_document_of_its_own() {
        let document = from_plain(PASTED).unwrap().document;
        assert_eq!(menu_lines(&document), 2);
        let left = leave_out(document.clone(), &BTreeSet::from([0, 1])).unwrap();
        assert!(left.text().starts_with("“We will never 🌍,”"));
        assert_eq!(left.blocks().len(), 2);
        let second = &left.blocks()[1];
        assert_eq!(left.slice(second.sentences[0]).unwrap().trim(), "And that was that.");
        assert_eq!(left, leave_out(left.clone(), &BTreeSet::new()).unwrap());
        assert_eq!(leave_out(document, &BTreeSet::from([0, 1, 2, 3])), None);
    }

    #[test]
    fn a_poem_is_no_menu() {
        let document = from_plain("Roses\n\nViolets\n\nSugar").unwrap().document;
        assert_eq!(menu_lines(&document), 0);
    }
}
