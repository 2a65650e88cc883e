//! What stands inside a block: sentences, spans, marks and their references.

use std::fmt::{self, Write};

use super::Mark;
use super::escape::{escape_attribute, escape_lines, escape_text, number};
use crate::text::address::Href;
use crate::text::document::Style;
use crate::text::offsets::Extent;
use crate::text::segments::Piece;

/// How many marks over one another look different; more look like this many.
const DEPTH_MAX: usize = 4;

const TAGS: [(&str, &str); Style::COUNT] = [
    ("", "</a>"),
    ("<strong>", "</strong>"),
    ("<em>", "</em>"),
    ("<s>", "</s>"),
    ("<sup>", "</sup>"),
    ("<sub>", "</sub>"),
    ("<code>", "</code>"),
];

/// Writes pieces and knows which elements are open.
pub(super) struct Inline<'a> {
    marks: &'a [Mark<'a>],
    sentence: Option<Extent>,
    /// The orders of the open styles, from the outside in.
    open: [u8; Style::COUNT],
    depth: usize,
}

impl<'a> Inline<'a> {
    pub(super) const fn new(marks: &'a [Mark<'a>]) -> Self {
        Self { marks, sentence: None, open: [0; Style::COUNT], depth: 0 }
    }

    pub(super) fn write<W: Write + ?Sized>(
        &mut self,
        piece: &Piece<'_>,
        words: &str,
        preformatted: bool,
        out: &mut W,
    ) -> fmt::Result {
        if self.sentence != piece.sentence {
            self.close(out)?;
            if let Some(sentence) = piece.sentence {
                self.sentence = Some(sentence);
                out.write_str("<span class=\"s\" data-s=\"")?;
                number(sentence.start, out)?;
                out.write_str("\" data-e=\"")?;
                number(sentence.end, out)?;
                out.write_str("\">")?;
            }
        }
        self.change_styles(piece.styles, piece.begins, piece.link, out)?;
        if !piece.marks.is_empty() {
            self.open_mark(piece.marks, out)?;
        }
        if preformatted {
            escape_text(words, out)?;
        } else {
            escape_lines(words, out)?;
        }
        if !piece.marks.is_empty() {
            out.write_str("</mark>")?;
        }
        if !piece.ends.is_empty() {
            self.close_styles(0, out)?;
            for mark in piece.ends {
                reference(&self.marks[*mark as usize], out)?;
            }
        }
        Ok(())
    }

    /// Closes all that is open in the block.
    pub(super) fn close<W: Write + ?Sized>(&mut self, out: &mut W) -> fmt::Result {
        self.close_styles(0, out)?;
        if self.sentence.take().is_some() {
            out.write_str("</span>")?;
        }
        Ok(())
    }

    fn change_styles<W: Write + ?Sized>(
        &mut self,
        wanted: u8,
        begins: u8,
        link: Option<&Href>,
        out: &mut W,
    ) -> fmt::Result {
        // A span that begins here is another element than one of the same style that is open.
        let stays = wanted & !begins;
        let kept = self.open[..self.depth].iter().position(|order| stays & (1 << order) == 0);
        if let Some(kept) = kept {
            self.close_styles(kept, out)?;
        }
        let open = self.open[..self.depth].iter().fold(0, |open, order| open | 1 << order);
        let mut missing = wanted & !open;
        while missing != 0 {
            let order = missing.trailing_zeros() as usize;
            missing &= missing - 1;
            if let (Style::LINK, Some(link)) = (order, link) {
                out.write_str("<a href=\"")?;
                escape_attribute(link.as_str(), out)?;
                out.write_str("\" rel=\"nofollow noopener noreferrer\">")?;
            } else {
                out.write_str(TAGS[order].0)?;
            }
            self.open[self.depth] = u8::try_from(order).expect("there are seven styles");
            self.depth += 1;
        }
        Ok(())
    }

    fn close_styles<W: Write + ?Sized>(&mut self, kept: usize, out: &mut W) -> fmt::Result {
        while self.depth > kept {
            self.depth -= 1;
            out.write_str(TAGS[usize::from(self.open[self.depth])].1)?;
        }
        Ok(())
    }

    fn open_mark<W: Write + ?Sized>(&self, covering: &[u32], out: &mut W) -> fmt::Result {
        out.write_str("<mark data-c=\"")?;
        for (place, mark) in covering.iter().enumerate() {
            if place > 0 {
                out.write_char(' ')?;
            }
            number(self.marks[*mark as usize].number, out)?;
        }
        out.write_str("\" class=\"n")?;
        let depth = covering.len().min(DEPTH_MAX);
        number(u32::try_from(depth).expect("at most four"), out)?;
        let class = covering
            .iter()
            .map(|mark| &self.marks[*mark as usize])
            .max_by_key(|mark| (mark.start, std::cmp::Reverse(mark.end)))
            .map_or("", |innermost| innermost.class);
        if !class.is_empty() {
            out.write_char(' ')?;
            escape_attribute(class, out)?;
        }
        out.write_str("\">")
    }
}

fn reference<W: Write + ?Sized>(mark: &Mark<'_>, out: &mut W) -> fmt::Result {
    out.write_str("<a class=\"ref")?;
    if !mark.class.is_empty() {
        out.write_char(' ')?;
        escape_attribute(mark.class, out)?;
    }
    out.write_str("\" id=\"r")?;
    number(mark.number, out)?;
    out.write_str("\" href=\"")?;
    escape_attribute(mark.href, out)?;
    out.write_str("\" aria-label=\"")?;
    escape_attribute(mark.label, out)?;
    if !mark.appearance.is_empty() {
        out.write_str("\" data-a=\"")?;
        escape_attribute(mark.appearance, out)?;
    }
    out.write_str("\">")?;
    number(mark.number, out)?;
    out.write_str("</a>")
}
