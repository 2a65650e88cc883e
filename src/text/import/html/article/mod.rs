//! Which blocks of a page are its article.
//!
//! The page is read as its blocks and the elements around them. First what its markup calls something else is struck
//! out, then the innermost element that holds most of the remaining prose is taken, then its pieces are tidied.

mod body;
mod container;
mod phrases;
mod piece;
mod strike;
mod tidy;
mod titles;

use std::collections::BTreeSet;

use super::outline::Outline;
use crate::text::document::Document;
use piece::Piece;
use titles::Titles;

/// What a page says about its article, by which its words can be told apart.
#[derive(Debug, Default)]
pub(super) struct Claims {
    /// Titles it gives itself, best first.
    pub(super) titles: Vec<String>,
    /// The article's words as JSON-LD has them, or nothing.
    pub(super) body: String,
}

/// The numbers of the blocks that are no part of the article, never all of them, and the block with its title.
pub(super) fn surroundings(
    document: &Document,
    outline: &Outline,
    claims: &Claims,
) -> (BTreeSet<usize>, Option<usize>) {
    let mut pieces = Piece::all(document, outline);
    let titles = Titles::new(claims);
    let title = titles.find(&pieces);
    strike::by_markup(&mut pieces, outline, title);
    let container = container::find(&pieces, outline, title);
    let container = tidy::with_introduction(&mut pieces, container, &titles);
    strike::by_links(&mut pieces, outline, container.clone());
    strike::insets(&mut pieces, outline, container.clone());
    tidy::tidy(&mut pieces, container.clone(), &titles);
    body::hold_against(&mut pieces, &claims.body, title);
    let left_out: BTreeSet<usize> =
        pieces.iter().enumerate().filter(|(_, piece)| piece.struck).map(|(number, _)| number).collect();
    let left_out = if left_out.len() == pieces.len() { BTreeSet::new() } else { left_out };
    (left_out, title.map(|title| title as usize))
}
