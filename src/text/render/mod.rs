//! An article as HTML: blocks, spans, sentences and marks, written in one pass.
//!
//! What is written:
//! - Every block has `id="b<index>"` (from 0) and `data-s="<start>"`, the block's first code point. Headings are one level
//!   lower than in the article, because the page's `h1` is its title. `dir="auto"` stands where the first letter runs
//!   against the document's direction.
//! - Sentences, if asked for: `<span class="s" data-s="…" data-e="…">`. Everything below nests inside them.
//! - Marks: `<mark data-c="<numbers>" class="n<depth> <class of the innermost>">`, never nested, cut at every edge.
//! - Behind a mark's last piece: `<a class="ref <class>" id="r<number>" href="…" aria-label="…">number</a>`, never inside
//!   one of the article's own links.
//! - A picture is its description and an empty `<a class="picture">` that leads to it; nothing is fetched.
//! - Without the `ref` links, the text content of all that is written equals the document's text, character for character.

mod escape;
mod inline;
mod structure;

#[cfg(test)]
mod tests;

pub use escape::{escape_attribute, escape_text};

use std::fmt;

use super::document::{Document, Kind};
use super::offsets::Extent;
use super::segments::Pieces;
use inline::Inline;
use structure::Structure;

/// A mark as the article page shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Mark<'a> {
    /// Where it begins, in code points of the document's text.
    pub start: i32,
    /// Where it ends.
    pub end: i32,
    /// Its number on this page, from 1; marks are given in the order of their numbers.
    pub number: u32,
    /// Where its reference leads.
    pub href: &'a str,
    /// What a screen reader says for the reference: "Claim 12: False, 2 sources".
    pub label: &'a str,
    /// The class of its verdict, empty for none.
    pub class: &'a str,
    /// The appearance's id for scripts (`data-a` of the reference), empty for none.
    pub appearance: &'a str,
}

/// How an article is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Options {
    /// Wraps every sentence, for those who may mark.
    pub sentences: bool,
}

/// An article with its marks. Displays as HTML, and stands in a template as it is: `{{ article }}`.
#[derive(Debug, Clone, Copy)]
pub struct Article<'a> {
    pub document: &'a Document,
    pub marks: &'a [Mark<'a>],
    pub options: Options,
}

impl Article<'_> {
    /// Writes the HTML.
    ///
    /// # Errors
    /// Only what `out` fails with; a `String` never does.
    pub fn write<W: fmt::Write + ?Sized>(&self, out: &mut W) -> fmt::Result {
        self.write_blocks(|_| true, out)
    }

    /// Writes the HTML of some blocks, each in what it stands in.
    fn write_blocks<W: fmt::Write + ?Sized>(
        &self,
        wanted: impl Fn(usize) -> bool,
        out: &mut W,
    ) -> fmt::Result {
        let text = self.document.text();
        let extents = self.marks.iter().map(|mark| extent(mark.start, mark.end));
        let mut pieces = Pieces::new(self.document, extents, self.options.sentences);
        let mut structure = Structure::new(self.document);
        let mut inline = Inline::new(self.marks);
        let mut current = None;
        while let Some(piece) = pieces.advance() {
            if !wanted(piece.block) {
                continue;
            }
            let block = &self.document.blocks()[piece.block];
            let words = &text[piece.bytes.clone()];
            if current != Some(piece.block) {
                if current.is_some() {
                    inline.close(out)?;
                    structure.leave(out)?;
                }
                current = Some(piece.block);
                structure.enter(piece.block, block, &text[piece.bytes.start..], out)?;
            }
            inline.write(&piece, words, block.kind == Kind::Preformatted, out)?;
        }
        inline.close(out)?;
        structure.leave(out)?;
        structure.close(out)
    }

    /// The HTML as a string.
    ///
    /// # Panics
    /// Never: a string takes all that is written to it.
    #[must_use]
    pub fn to_html(&self) -> String {
        let mut html = String::with_capacity(self.document.text().len() * 2 + self.marks.len() * 192);
        let _ = self.write(&mut html);
        html
    }

    /// The HTML of those blocks that are `true`, each in what it stands in: for showing them anew.
    #[must_use]
    pub fn blocks_to_html(&self, wanted: &[bool]) -> String {
        let mut html = String::new();
        let _ = self.write_blocks(|block| wanted.get(block) == Some(&true), &mut html);
        html
    }
}

fn extent(start: i32, end: i32) -> Extent {
    Extent::new(u32::try_from(start).unwrap_or(0), u32::try_from(end).unwrap_or(0))
}

impl fmt::Display for Article<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write(f)
    }
}

impl askama::FastWritable for Article<'_> {
    fn write_into(&self, out: &mut dyn fmt::Write, _: &dyn askama::Values) -> askama::Result<()> {
        Ok(self.write(out)?)
    }
}

/// Everything that is written is escaped here.
impl askama::filters::HtmlSafe for Article<'_> {}

/// One line of the list of sentences that marks without a script.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SentenceItem<'a> {
    pub start: i32,
    pub end: i32,
    pub text: &'a str,
}

/// All sentences of a document, in order.
#[must_use]
pub fn sentence_list(document: &Document) -> Vec<SentenceItem<'_>> {
    let offsets = document.offsets();
    let sentences = document.blocks().iter().flat_map(|block| &block.sentences);
    sentences
        .filter_map(|sentence| {
            let (start, end) = sentence.as_integers();
            Some(SentenceItem { start, end, text: offsets.slice(*sentence)? })
        })
        .collect()
}
