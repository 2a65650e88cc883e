//! The spans that are open while a block is gone through.

use crate::text::address::Href;
use crate::text::document::{Block, Style};

/// The spans of one block that are open.
#[derive(Debug, Default)]
pub(super) struct Spans<'a> {
    next: usize,
    /// Where the open span of each style ends; 0 for none.
    ends: [u32; Style::COUNT],
    open: u8,
    pub(super) link: Option<&'a Href>,
}

impl<'a> Spans<'a> {
    /// Ends and begins spans at a place; says which begin.
    pub(super) fn begin(&mut self, block: &'a Block, at: u32) -> u8 {
        if self.open != 0 {
            for (order, end) in self.ends.iter_mut().enumerate() {
                if *end != 0 && *end <= at {
                    *end = 0;
                    self.open &= !(1 << order);
                }
            }
            if self.open & (1 << Style::LINK) == 0 {
                self.link = None;
            }
        }
        let mut begins = 0;
        while let Some(span) = block.spans.get(self.next).filter(|span| span.start == at) {
            let order = span.style.order();
            self.ends[order] = span.end;
            self.open |= 1 << order;
            begins |= 1 << order;
            if let Style::Link(href) = &span.style {
                self.link = Some(href);
            }
            self.next += 1;
        }
        begins
    }

    pub(super) fn next_edge(&self, block: &Block, at: u32) -> u32 {
        let mut edge = block.spans.get(self.next).map_or(block.end, |span| span.start);
        if self.open != 0 {
            for end in self.ends {
                if end > at {
                    edge = edge.min(end);
                }
            }
        }
        edge
    }

    pub(super) const fn styles(&self) -> u8 {
        self.open
    }
}
