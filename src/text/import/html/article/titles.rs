//! Telling the title from the text.

use super::Claims;
use super::piece::Piece;
use crate::text::document::Kind;

/// The titles that a page gives itself, as their words.
pub(super) struct Titles(Vec<Vec<String>>);

impl Titles {
    pub(super) fn new(claims: &Claims) -> Self {
        Self(claims.titles.iter().map(|title| words(title)).filter(|title| !title.is_empty()).collect())
    }

    /// The block that is the article's title: a heading with its words, or else the first heading of level 1. The page's
    /// only heading of level 1 goes before what stands below it, which may lead to the same article in other words.
    pub(super) fn find(&self, pieces: &[Piece<'_>]) -> Option<u32> {
        let headings = || (0..).zip(pieces).filter(|(_, piece)| piece.is_heading());
        let named = |(_, piece): &(u32, &Piece<'_>)| self.have(piece.text) || self.resemble(piece.text);
        let level_one = |(_, piece): &(u32, &Piece<'_>)| piece.block.kind == Kind::Heading(1);
        let first = headings().find(level_one).map(|(number, _)| number);
        let is_only = headings().filter(level_one).count() == 1;
        let named = headings().find(named).map(|(number, _)| number);
        match (named, first) {
            (Some(named), Some(first)) if is_only => Some(named.min(first)),
            _ => named.or(first),
        }
    }

    /// Whether a text is one of them, word for word.
    pub(super) fn have(&self, text: &str) -> bool {
        let own = words(text);
        self.0.contains(&own)
    }

    /// Whether a text has most words of one of them.
    pub(super) fn resemble(&self, text: &str) -> bool {
        let own = words(text);
        own.len() > 3
            && self.0.iter().any(|title| {
                let common = own.iter().filter(|word| title.contains(word)).count();
                common * 5 >= own.len().max(title.len()) * 4
            })
    }
}

/// The words of a line in lower case, without marks.
fn words(text: &str) -> Vec<String> {
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect()
}
