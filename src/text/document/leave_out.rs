//! Leaving blocks out of a text that comes in: a site's menu lines at the top, a list of further reading at the end.

use std::collections::BTreeSet;

use super::{BLOCK_SEPARATOR, Block, Document, Shape};
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::import::from_plain;

    const PASTED: &str = "- Category\n- Latest news\n\n“We will never 🌍,” she said in an interview on Monday.\n\nAnd that was that. Or so it seemed to everybody.";

    #[test]
    fn the_rest_is_a_document_of_its_own() {
        let document = from_plain(PASTED).unwrap().document;
        let left = leave_out(document.clone(), &BTreeSet::from([0, 1])).unwrap();
        assert!(left.text().starts_with("“We will never 🌍,”"));
        assert_eq!(left.blocks().len(), 2);
        let second = &left.blocks()[1];
        assert_eq!(left.slice(second.sentences[0]).unwrap().trim(), "And that was that.");
        assert_eq!(left, leave_out(left.clone(), &BTreeSet::new()).unwrap());
        assert_eq!(leave_out(document, &BTreeSet::from([0, 1, 2, 3])), None);
    }
}
