//! Which blocks stand in which elements: all of a page's tree that finding its article needs.

use std::ops::Range;

use super::hints::Hints;
use super::token::Tag;

/// An element that holds at least one block.
#[derive(Debug)]
pub(super) struct Part {
    /// The element around it, by its place in the outline; the first part is its own.
    pub(super) parent: u32,
    pub(super) blocks: Range<u32>,
    pub(super) hints: Hints,
    /// Whether it only holds others: no paragraph, heading, list, quotation or table.
    pub(super) is_box: bool,
    /// Alike for elements with the same name and classes.
    pub(super) likeness: u64,
}

/// The elements of a page that hold blocks, each after the one around it. The first is the page itself.
#[derive(Debug)]
pub(super) struct Outline {
    pub(super) parts: Vec<Part>,
    open: u32,
}

impl Default for Outline {
    fn default() -> Self {
        Self {
            parts: vec![Part { parent: 0, blocks: 0..0, hints: Hints::default(), is_box: true, likeness: 0 }],
            open: 0,
        }
    }
}

impl Outline {
    /// Opens an element; `blocks` are finished before it. Gives its place, for closing it.
    pub(super) fn open(&mut self, tag: &Tag<'_>, blocks: usize) -> u32 {
        let blocks = number(blocks);
        let place = number(self.parts.len());
        let (hints, likeness) = Hints::of(tag);
        let is_box = matches!(
            &*tag.name,
            "div"
                | "section"
                | "article"
                | "aside"
                | "header"
                | "footer"
                | "center"
                | "details"
                | "main"
                | "form"
                | "fieldset"
        );
        self.parts.push(Part { parent: self.open, blocks: blocks..blocks, hints, is_box, likeness });
        self.open = place;
        place
    }

    /// Closes an element and all that is open in it. One that holds nothing is forgotten.
    pub(super) fn close(&mut self, place: u32, blocks: usize) {
        let blocks = number(blocks);
        while self.open >= place && self.open > 0 {
            let at = self.open as usize;
            self.open = self.parts[at].parent;
            self.parts[at].blocks.end = blocks;
            if self.parts[at].blocks.is_empty() {
                self.parts.truncate(at);
            }
        }
    }

    /// Closes the page.
    pub(super) fn end(&mut self, blocks: usize) {
        self.close(1, blocks);
        self.parts[0].blocks.end = number(blocks);
    }
}

/// A count of elements or blocks: a page of 8 MB has fewer.
fn number(count: usize) -> u32 {
    u32::try_from(count).expect("a page is short")
}
