//! Cuts a document where marks, spans and sentences begin and end, so that overlapping marks can be drawn.

use std::ops::Range;

use super::document::{Block, Document, Style};
use super::offsets::{Cursor, Extent};
use crate::text::address::Href;

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
    /// One bit for each style, by [`Style::order`].
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

/// The spans of one block that are open.
#[derive(Debug, Default)]
struct Spans<'a> {
    next: usize,
    /// Where the open span of each style ends; 0 for none.
    ends: [u32; Style::COUNT],
    open: u8,
    link: Option<&'a Href>,
}

impl<'a> Spans<'a> {
    /// Ends and begins spans at a place; says which begin.
    fn begin(&mut self, block: &'a Block, at: u32) -> u8 {
        if self.open != 0 {
            for (order, end) in self.ends.iter_mut().enumerate() {
                if *end != 0 && *end <= at {
                    *end = 0;
                    self.open &= !(1 << order);
                }
            }
            if self.open & 1 == 0 {
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

    fn next_edge(&self, block: &Block, at: u32) -> u32 {
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

    const fn styles(&self) -> u8 {
        self.open
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::text::import::from_html;

    fn document(html: &str) -> Document {
        from_html(html, None).unwrap().document
    }

    /// Each piece as `words[marks]`, with `!` after a mark that ends.
    fn drawn(document: &Document, marks: &[(u32, u32)]) -> Vec<String> {
        let marks = marks.iter().map(|(start, end)| Extent::new(*start, *end));
        let mut pieces = Pieces::new(document, marks, false);
        let mut drawn = Vec::new();
        while let Some(piece) = pieces.advance() {
            let keys: Vec<String> = piece
                .marks
                .iter()
                .map(|mark| format!("{mark}{}", if piece.ends.contains(mark) { "!" } else { "" }))
                .collect();
            drawn.push(format!("{}[{}]", &document.text()[piece.bytes.clone()], keys.join(" ")));
        }
        drawn
    }

    #[test]
    fn overlapping_nested_and_equal_marks_are_cut_at_every_edge() {
        let document = document("<p>abcdef<p>ghi");
        assert_eq!(drawn(&document, &[]), ["abcdef[]", "ghi[]"]);
        assert_eq!(drawn(&document, &[(0, 4), (2, 5)]), ["ab[0]", "cd[0! 1]", "e[1!]", "f[]", "ghi[]"]);
        assert_eq!(drawn(&document, &[(1, 3), (1, 3)]), ["a[]", "bc[0! 1!]", "def[]", "ghi[]"]);
        assert_eq!(drawn(&document, &[(4, 10)]), ["abcd[]", "ef[0]", "gh[0!]", "i[]"]);
    }

    #[test]
    fn edges_between_blocks_and_outside_the_text_are_fitted() {
        let document = document("<p>abc<p>def");
        assert_eq!(drawn(&document, &[(1, 4), (4, 6)]), ["a[]", "bc[0!]", "d[1!]", "ef[]"]);
        assert_eq!(drawn(&document, &[(3, 5), (4, 4), (8, 8), (9, 20), (7, 2)]), ["abc[]", "def[]"]);
        assert_eq!(drawn(&document, &[(7, 99)]), ["abc[]", "de[]", "f[0!]"]);
    }

    #[test]
    fn spans_and_sentences_cut_as_well() {
        let document = document("<p>One <b>two. Three</b> <a href=https://e.example/>fo<i>ur</i></a>.");
        let mut pieces = Pieces::new(&document, [], true);
        let mut seen = Vec::new();
        while let Some(piece) = pieces.advance() {
            let words = document.text()[piece.bytes.clone()].to_owned();
            seen.push((
                words,
                piece.styles,
                piece.link.is_some(),
                piece.sentence.map(|sentence| sentence.start),
            ));
        }
        let expected = [
            ("One ", 0, false, Some(0)),
            ("two.", 0b10, false, Some(0)),
            (" ", 0b10, false, None),
            ("Three", 0b10, false, Some(9)),
            (" ", 0, false, Some(9)),
            ("fo", 0b1, true, Some(9)),
            ("ur", 0b101, true, Some(9)),
            (".", 0, false, Some(9)),
        ];
        assert_eq!(
            seen,
            expected.map(|(words, styles, link, sentence)| (words.to_owned(), styles, link, sentence))
        );
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(10_000))]
        #[test]
        fn pieces_join_to_the_blocks_and_to_each_quote(
            shape in 0_usize..4,
            marks in proptest::collection::vec((0_u32..130, 0_u32..130), 0..12),
            by_sentence: bool,
        ) {
            thread_local! {
                static DOCUMENTS: [Document; 4] = [
                    "<h1>T</h1><p>One two. <b>Thr<i>ee</i></b><i>!</i> Four 🌍 fi\u{301}ve.<p>Six <a href=https://e.example/>seven</a>.",
                    "<ul><li>אחת שתיים. שלוש<li>b<sup>2</sup></ul><table><tr><td>c<td>d e</table><pre>f\n\n  g</pre>",
                    "<blockquote>x<p>y z</blockquote>e\u{301}\u{327}🏳️‍🌈&nbsp;k<br>l",
                    "<p>a",
                ].map(document);
            }
            DOCUMENTS.with(|documents| {
                let document = &documents[shape];
                let marks: Vec<Extent> = marks.into_iter().map(Extent::from).collect();
                let mut blocks = vec![String::new(); document.blocks().len()];
                let mut quotes = vec![String::new(); marks.len()];
                let mut ended = vec![0; marks.len()];
                let mut pieces = Pieces::new(document, marks.clone(), by_sentence);
                while let Some(piece) = pieces.advance() {
                    let words = &document.text()[piece.bytes.clone()];
                    prop_assert!(!words.is_empty());
                    prop_assert_eq!(document.slice(piece.extent), Some(words));
                    blocks[piece.block].push_str(words);
                    prop_assert!(piece.marks.is_sorted());
                    for mark in piece.marks {
                        prop_assert_eq!(ended[*mark as usize], 0);
                        quotes[*mark as usize].push_str(words);
                    }
                    for mark in piece.ends {
                        ended[*mark as usize] += 1;
                    }
                }
                prop_assert_eq!(blocks.join("\n\n"), document.text());
                let offsets = document.offsets();
                for (index, mark) in marks.into_iter().enumerate() {
                    // The quote without what stands between blocks.
                    let quote: String = document
                        .blocks()
                        .iter()
                        .filter_map(|block| {
                            let end = mark.end.min(block.end);
                            offsets.slice(Extent::new(mark.start.max(block.start), end))
                        })
                        .collect();
                    prop_assert_eq!(ended[index], i32::from(!quote.is_empty()));
                    prop_assert_eq!(&quotes[index], &quote);
                }
                Ok(())
            })?;
        }
    }
}
