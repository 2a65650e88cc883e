//! A block as the search for the article sees it.

use crate::text::document::{Block, Document, Kind, Style};
use crate::text::import::html::outline::Outline;
use crate::text::offsets::Cursor;

#[derive(Debug)]
pub(super) struct Piece<'a> {
    pub(super) text: &'a str,
    pub(super) block: &'a Block,
    /// The innermost element around it.
    pub(super) part: u32,
    /// How much there is to read: code points, and a Chinese or Japanese one for two.
    pub(super) weight: u32,
    /// How much of that is linked.
    pub(super) linked: u32,
    /// Whether it is no part of the article.
    pub(super) struck: bool,
}

impl<'a> Piece<'a> {
    pub(super) fn all(document: &'a Document, outline: &Outline) -> Vec<Self> {
        let mut cursor = Cursor::new(document.text());
        let mut pieces: Vec<Self> = document
            .blocks()
            .iter()
            .map(|block| {
                let text = &document.text()[cursor.advance_to(block.start)..cursor.advance_to(block.end)];
                let wide = text.chars().filter(|character| is_wide(*character)).count();
                let length = block.end - block.start;
                let links = block.spans.iter().filter(|span| matches!(span.style, Style::Link(_)));
                let linked: u32 = links.map(|span| span.end - span.start).sum();
                let weight = length + u32::try_from(wide).unwrap_or(u32::MAX);
                let share = u64::from(linked) * u64::from(weight) / u64::from(length.max(1));
                let linked = u32::try_from(share).unwrap_or(weight);
                Self { text, block, part: 0, weight, linked, struck: false }
            })
            .collect();
        for (place, part) in (0..).zip(&outline.parts) {
            for piece in &mut pieces[part.blocks.start as usize..part.blocks.end as usize] {
                piece.part = place;
            }
        }
        pieces
    }

    pub(super) fn is_heading(&self) -> bool {
        matches!(self.block.kind, Kind::Heading(_))
    }

    pub(super) fn is_mostly_linked(&self) -> bool {
        self.linked * 2 > self.weight
    }

    /// Whether a sentence ends at its end.
    pub(super) fn ends_sentence(&self) -> bool {
        let words = self.text.trim_end_matches(['"', '”', '’', '»', '“', ')', ']', '」', '』', '\'', '*']);
        words.ends_with(['.', '!', '?', '…', '。', '！', '？', '؟', '۔', '।', ':', '：', ';'])
    }

    /// Whether it reads as part of an article: sentences, and few links.
    pub(super) fn is_prose(&self) -> bool {
        !self.is_heading()
            && !matches!(self.block.kind, Kind::Image(_) | Kind::Caption)
            && !self.is_mostly_linked()
            && (self.weight >= 120 || self.weight >= 40 && self.ends_sentence())
    }

    /// How much prose it has, for comparing parts of a page; one long block does not outweigh everything.
    pub(super) fn prose(&self) -> u32 {
        if self.struck || !self.is_prose() { 0 } else { (self.weight - self.linked).min(800) }
    }
}

/// Whether a character says about as much as two letters.
const fn is_wide(character: char) -> bool {
    matches!(character, '\u{1100}'..='\u{11FF}' | '\u{2E80}'..='\u{9FFF}' | '\u{AC00}'..='\u{D7A3}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}')
}
