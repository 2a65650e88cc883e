//! The last look at single blocks of the article.

use std::ops::Range;

use super::phrases;
use super::piece::Piece;
use super::titles::Titles;
use crate::text::document::Kind;

/// The article with the prose between its title and the rest of it, which often stands in an element of its own.
pub(super) fn with_introduction(
    pieces: &mut [Piece<'_>],
    article: Range<usize>,
    titles: &Titles,
) -> Range<usize> {
    let is_title = |piece: &Piece<'_>| {
        piece.block.kind == Kind::Heading(1)
            || piece.weight < 300 && (titles.have(piece.text) || titles.resemble(piece.text))
    };
    let Some(title) = pieces[..article.start].iter().rposition(is_title) else { return article };
    for piece in &mut pieces[title..article.start] {
        piece.struck |= piece.prose() == 0;
    }
    title..article.end
}

pub(super) fn tidy(pieces: &mut [Piece<'_>], container: Range<usize>, titles: &Titles) {
    for (number, piece) in pieces.iter_mut().enumerate() {
        let is_aside = matches!(piece.block.kind, Kind::Image(_) | Kind::Caption);
        piece.struck |= !container.contains(&number) || is_aside;
    }
    let first =
        pieces[container.clone()].iter().position(|piece| piece.prose() > 0).unwrap_or(0) + container.start;
    for number in container.clone() {
        let piece = &mut pieces[number];
        let is_above = number < first;
        // Above the first prose stand the title, a kicker, a byline, a date.
        piece.struck |= is_above && (!piece.is_heading() || piece.block.kind == Kind::Heading(1));
        piece.struck |= piece.weight < 300
            && (titles.have(piece.text) || number <= first + 3 && titles.resemble(piece.text));
        piece.struck |= phrases::is_surrounding(piece);
    }
    // Headings without anything below them.
    let mut below = false;
    for piece in pieces[container].iter_mut().rev() {
        if piece.struck {
            continue;
        }
        if piece.is_heading() && !below {
            piece.struck = true;
        }
        if !piece.is_heading() {
            below = true;
        }
    }
}
