//! Which blocks of a page are its article.
//!
//! The page is read as its blocks and the elements around them. First what its markup calls something else is struck
//! out, then the innermost element that holds most of the remaining prose is taken, then its pieces are tidied.

mod container;
mod piece;
mod strike;
mod tidy;

use std::collections::BTreeSet;

use super::outline::Outline;
use crate::text::document::Document;
use piece::Piece;

/// What a page says about its article, by which its words can be told apart.
#[derive(Debug, Default)]
pub(super) struct Claims {
    /// Titles it gives itself, best first.
    pub(super) titles: Vec<String>,
}

/// The numbers of the blocks that are no part of the article; never all of them.
pub(super) fn surroundings(document: &Document, outline: &Outline, claims: &Claims) -> BTreeSet<usize> {
    let mut pieces = Piece::all(document, outline);
    strike::by_markup(&mut pieces, outline);
    let container = container::find(&pieces, outline);
    strike::by_links(&mut pieces, outline, container.clone());
    tidy::tidy(&mut pieces, container, claims);
    let left_out: BTreeSet<usize> =
        pieces.iter().enumerate().filter(|(_, piece)| piece.struck).map(|(number, _)| number).collect();
    if left_out.len() == pieces.len() { BTreeSet::new() } else { left_out }
}
