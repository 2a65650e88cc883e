//! Cuts a document where marks, spans and sentences begin and end, so that overlapping marks can be drawn.

mod spans;

#[cfg(test)]
mod tests;

use std::ops::Range;

use super::address::Href;
use super::document::{Block, Document};
use super::offsets::{Cursor, Extent};
use spans::Spans;

/// Words of one block that are all alike: covered by the same marks, in the same styles and sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece<'p> {
    /// Which block of the document.
    pub block: usize,
    pub extent: Extent,
    /// The same range in bytes of the document's text.
    pub bytes: Range<usize>,
    /// The marks that cover it, by their place in the list that was given, in that order.
    pub marks: &'p [u32],
    /// Those of them that have no later piece.
    pub ends: &'p [u32],
    /// One bit for each style, by [`Style::order`](super::document::Style::order).
    pub styles: u8,
    /// Those styles whose span begins here.
    pub begins: u8,
    pub link: Option<&'p Href>,
    /// The sentence it belongs to; `None` for the space between two, or when sentences do not cut.
    pub sentence: Option<Extent>,
}

/// Goes through a document from piece to piece, in order: O(n log n) for the marks and O(1) for each covering of a piece.
///
/// Marks may overlap, nest, be equal, cross blocks or lie outside the text. What covers no words (an empty range, the
/// space between blocks) has no piece.
#[derive(Debug)]
pub struct Pieces<'a> {
    blocks: &'a [Block],
    by_sentence: bool,
    cursor: Cursor<'a>,
    block: usize,
    at: u32,
    /// The marks' ranges, cut to where words are.
    marks: Vec<Extent>,
    /// The marks by start, and by end.
    starts: Vec<u32>,
    ends: Vec<u32>,
    next_start: usize,
    next_end: usize,
    covering: Vec<u32>,
    ended: Vec<u32>,
    spans: Spans<'a>,
    sentence: usize,
}

impl<'a> Pieces<'a> {
    /// Plans the pieces of a document under marks; `by_sentence` cuts at the edges of sentences, too.
    #[must_use]
    pub fn new(document: &'a Document, marks: impl IntoIterator<Item = Extent>, by_sentence: bool) -> Self {
        let marks: Vec<Extent> = marks.into_iter().map(|mark| fit(document, mark)).collect();
        let mut starts: Vec<u32> =
            (0_u32..).zip(&marks).filter(|(_, mark)| !mark.is_empty()).map(|(n, _)| n).collect();
        let mut ends = starts.clone();
        starts.sort_by_key(|mark| marks[*mark as usize].start);
        ends.sort_by_key(|mark| marks[*mark as usize].end);
        Self {
            blocks: document.blocks(),
            by_sentence,
            cursor: Cursor::new(document.text()),
            block: 0,
            at: 0,
            marks,
            starts,
            ends,
            next_start: 0,
            next_end: 0,
            covering: Vec::new(),
            ended: Vec::new(),
            spans: Spans::default(),
            sentence: 0,
        }
    }

    /// The next piece; `None` after the last one.
    pub fn advance(&mut self) -> Option<Piece<'_>> {
        for ended in self.ended.drain(..) {
            self.covering.retain(|mark| *mark != ended);
        }
        let mut block = self.blocks.get(self.block)?;
        if self.at == block.end {
            self.block += 1;
            block = self.blocks.get(self.block)?;
            self.at = block.start;
            self.spans = Spans::default();
            self.sentence = 0;
        }
        let start = self.at;
        while let Some(mark) = self.starting_at(start) {
            let place = self.covering.partition_point(|covering| *covering < mark);
            self.covering.insert(place, mark);
        }
        let mut end = block.end;
        if let Some(mark) = self.starts.get(self.next_start) {
            end = end.min(self.marks[*mark as usize].start);
        }
        if let Some(mark) = self.ends.get(self.next_end) {
            end = end.min(self.marks[*mark as usize].end);
        }
        let begins = self.spans.begin(block, start);
        end = end.min(self.spans.next_edge(block, start));
        let mut sentence = None;
        if self.by_sentence {
            if block.sentences.get(self.sentence).is_some_and(|sentence| sentence.end <= start) {
                self.sentence += 1;
            }
            match block.sentences.get(self.sentence) {
                Some(found) if found.start <= start => {
                    sentence = Some(*found);
                    end = end.min(found.end);
                }
                Some(found) => end = end.min(found.start),
                None => {}
            }
        }
        while let Some(mark) =
            self.ends.get(self.next_end).filter(|mark| self.marks[**mark as usize].end == end)
        {
            self.ended.push(*mark);
            self.next_end += 1;
        }
        self.ended.sort_unstable();
        self.at = end;
        Some(Piece {
            block: self.block,
            extent: Extent::new(start, end),
            bytes: self.cursor.advance_to(start)..self.cursor.advance_to(end),
            marks: &self.covering,
            ends: &self.ended,
            styles: self.spans.styles(),
            begins,
            link: self.spans.link,
            sentence,
        })
    }

    fn starting_at(&mut self, at: u32) -> Option<u32> {
        let mark = *self.starts.get(self.next_start)?;
        (self.marks[mark as usize].start == at).then(|| {
            self.next_start += 1;
            mark
        })
    }
}

/// Moves a mark's edges that lie between two blocks to where words are.
fn fit(document: &Document, mark: Extent) -> Extent {
    let blocks = document.blocks();
    let end = mark.end.min(document.length());
    if mark.start >= end {
        return Extent::new(0, 0);
    }
    let first = document.block_at(mark.start);
    let start = if mark.start < blocks[first].end {
        mark.start
    } else {
        blocks.get(first + 1).map_or(end, |block| block.start)
    };
    let end = end.min(blocks[document.block_at(end - 1)].end);
    Extent::new(start, end)
}
