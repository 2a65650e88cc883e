//! The last look at single blocks of the article.

use std::collections::HashSet;
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
    end(&mut pieces[container.clone()]);
    repeated(&mut pieces[container.clone()]);
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

/// What may stand below a heading that ends the article, in percent of the prose.
const BELOW_END: u32 = 20;

/// Strikes a heading that says that other things come, and all below it, unless the text goes on there: two paragraphs
/// that follow each other are more than a list of other articles has.
fn end(article: &mut [Piece<'_>]) {
    let whole: u32 = article.iter().map(Piece::prose).sum();
    let mut above = 0;
    for number in 0..article.len() {
        let piece = &article[number];
        let is_late = (whole - above) * 100 <= whole * BELOW_END;
        if is_late && piece.is_heading() && phrases::ends_article(piece) {
            let mut left =
                article[number..].iter().filter(|piece| !piece.struck).map(|piece| piece.prose() > 0);
            let mut was_prose = false;
            let goes_on = left.any(|is_prose| std::mem::replace(&mut was_prose, is_prose) && is_prose);
            if !goes_on {
                article[number..].iter_mut().for_each(|piece| piece.struck = true);
            }
            return;
        }
        above += piece.prose();
    }
}

/// Blocks of less weight may be said twice.
const REPEATED_MIN: u32 = 100;

/// Strikes paragraphs that stood before, word for word: pages hold some once for each width of screen.
fn repeated(article: &mut [Piece<'_>]) {
    let mut seen = HashSet::new();
    for piece in article {
        let is_paragraph = piece.block.kind == Kind::Paragraph;
        if is_paragraph && !piece.struck && piece.weight >= REPEATED_MIN && !seen.insert(piece.text) {
            piece.struck = true;
        }
    }
}
