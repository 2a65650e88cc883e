//! The last look at single blocks of the article.

use std::ops::Range;

use super::Claims;
use super::piece::Piece;
use crate::text::document::Kind;

pub(super) fn tidy(pieces: &mut [Piece<'_>], container: Range<usize>, claims: &Claims) {
    for (number, piece) in pieces.iter_mut().enumerate() {
        let is_aside = matches!(piece.block.kind, Kind::Image(_) | Kind::Caption);
        piece.struck |= !container.contains(&number) || is_aside;
    }
    let titles: Vec<String> = claims.titles.iter().map(|title| letters(title)).collect();
    for piece in pieces[container.clone()].iter_mut() {
        if piece.weight < 300 {
            let words = letters(piece.text);
            if !words.is_empty() && titles.contains(&words) {
                piece.struck = true;
            }
        }
        if let Kind::Heading(1) = piece.block.kind {
            piece.struck = true;
        }
    }
    // What stands before the first prose is a kicker, a byline or a date.
    let first = pieces[container.clone()].iter().position(|piece| piece.prose() > 0).unwrap_or(0);
    for piece in &mut pieces[container.start..container.start + first] {
        if !piece.is_heading() {
            piece.struck = true;
        }
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

/// The letters and digits of a line, in lower case.
pub(super) fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}
