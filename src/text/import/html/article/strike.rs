//! Striking out whole elements.

use std::collections::HashMap;
use std::ops::Range;

use super::container::sums;
use super::piece::Piece;
use crate::text::document::Kind;
use crate::text::import::html::hints::Hints;
use crate::text::import::html::outline::Outline;

/// How much prose a page must have outside its comments, notices and small print for those to be what they say, however
/// long they are.
const OUTSIDE: u64 = 140;

/// Strikes elements whose markup says that they are something else. `title` is the block with the article's title.
pub(super) fn by_markup(pieces: &mut [Piece<'_>], outline: &Outline, title: Option<u32>) {
    let whole: u64 = pieces.iter().map(|piece| u64::from(piece.prose())).sum();
    for trust in [CREDULOUS, WARY] {
        let said = said_of(pieces, outline, title, &trust);
        let left: u64 = pieces
            .iter()
            .zip(&said)
            .filter(|(_, said)| !**said)
            .map(|(piece, _)| u64::from(piece.prose()))
            .sum();
        if left * 100 >= whole * trust.left {
            for (piece, said) in pieces.iter_mut().zip(said) {
                piece.struck = said;
            }
            return;
        }
    }
}

/// How far names of elements are trusted; shares of the page's prose in percent.
struct Trust {
    /// An element with more than this is not what its names say.
    alone: u64,
    /// Nor are elements that are said to be the same and have more than this together.
    together: u64,
    /// This must be left of the page, or the names are wrong.
    left: u64,
}

const CREDULOUS: Trust = Trust { alone: 60, together: 75, left: 20 };
const WARY: Trust = Trust { alone: 30, together: 50, left: 0 };

/// For each piece, whether the elements around it say that it is no part of the article.
fn said_of(pieces: &[Piece<'_>], outline: &Outline, title: Option<u32>, trust: &Trust) -> Vec<bool> {
    let sums = sums(pieces);
    let whole = sums[pieces.len()];
    let is_trusted = |hints: Hints, prose: u64, percent: u64, has_title: bool| {
        let is_long = hints.has_any(LONG) && !has_title && prose + OUTSIDE <= whole;
        let percent = if has_title { percent.min(WARY.alone) } else { percent };
        is_long || prose * 100 <= whole * percent
    };
    let mut around: Vec<Hints> = Vec::with_capacity(outline.parts.len());
    for part in &outline.parts {
        let prose = sums[part.blocks.end as usize] - sums[part.blocks.start as usize];
        let has_title = title.is_some_and(|title| part.blocks.contains(&title));
        let mut said = said(part.hints);
        if !is_trusted(said, prose, trust.alone, has_title) {
            said = Hints::default();
        }
        around.push(said.with(around.get(part.parent as usize).copied().unwrap_or_default()));
    }
    let mut trusted = Hints::default();
    for hint in Hints::SURROUNDINGS.each() {
        let said = pieces.iter().filter(|piece| around[piece.part as usize].has_any(hint));
        let prose: u64 = said.map(|piece| u64::from(piece.prose())).sum();
        if is_trusted(hint, prose, trust.together, false) {
            trusted = trusted.with(hint);
        }
    }
    pieces.iter().map(|piece| around[piece.part as usize].has_any(trusted)).collect()
}

const LONG: Hints = Hints::COMMENTS.with(Hints::FOOTER).with(Hints::NOTICE);

/// What an element says it is, if not the article. On an `article` most class names are about it.
fn said(hints: Hints) -> Hints {
    let said = if hints.has_any(Hints::ARTICLE.with(Hints::MAIN)) {
        Hints::RELATED.with(Hints::COMMENTS).with(Hints::ADVERT).with(Hints::JOIN).with(Hints::NOTICE)
    } else {
        Hints::SURROUNDINGS
    };
    hints.only(said)
}

fn strike(pieces: &mut [Piece<'_>], blocks: &Range<u32>) {
    for piece in &mut pieces[blocks.start as usize..blocks.end as usize] {
        piece.struck = true;
    }
}

/// A linked line that is longer is a sentence of the text.
const LINE_MAX: u64 = 60;

/// Strikes elements in the article's that are mostly links.
pub(super) fn by_links(pieces: &mut [Piece<'_>], outline: &Outline, container: Range<usize>) {
    let mut linked = vec![0_u64];
    let mut weight = vec![0_u64];
    for piece in pieces.iter() {
        let counts = !piece.struck;
        linked.push(linked[linked.len() - 1] + if counts { u64::from(piece.linked) } else { 0 });
        weight.push(weight[weight.len() - 1] + if counts { u64::from(piece.weight) } else { 0 });
    }
    for part in &outline.parts {
        let (start, end) = (part.blocks.start as usize, part.blocks.end as usize);
        if start < container.start || end > container.end || end - start == container.len() {
            continue;
        }
        let (linked, weight) = (linked[end] - linked[start], weight[end] - weight[start]);
        let is_heading = end - start == 1 && pieces[start].is_heading();
        let is_sentence = end - start == 1 && !part.is_box && weight > LINE_MAX;
        if weight > 0 && linked * 2 > weight && !is_heading && !is_sentence {
            strike(pieces, &part.blocks);
        }
    }
}

/// How much of the article's prose elements that look alike must have not to be insets, in percent.
const INSET: u64 = 10;
/// Blocks of this weight are no inset's.
const INSET_BLOCK_MAX: u32 = 130;

/// Strikes what is set into the article's text in boxes of its own, if it is short: pictures' captions, offers, hints at
/// other articles.
pub(super) fn insets(pieces: &mut [Piece<'_>], outline: &Outline, article: Range<usize>) {
    let sums = sums(pieces);
    let prose = |blocks: &Range<u32>| sums[blocks.end as usize] - sums[blocks.start as usize];
    let whole = sums[article.end] - sums[article.start];
    let inside = |blocks: &Range<u32>| {
        blocks.start as usize >= article.start
            && blocks.end as usize <= article.end
            && blocks.len() < article.len()
    };
    let boxes = || outline.parts.iter().filter(|part| part.is_box && inside(&part.blocks));
    let mut alike: HashMap<u64, u64> = HashMap::new();
    for part in boxes() {
        *alike.entry(part.likeness).or_default() += prose(&part.blocks);
    }
    let first =
        pieces[article.clone()].iter().position(|piece| piece.prose() > 0).unwrap_or(0) + article.start;
    for part in boxes() {
        let own = &pieces[part.blocks.start as usize..part.blocks.end as usize];
        let is_first = (part.blocks.start as usize..part.blocks.end as usize).contains(&first);
        let is_small = |piece: &Piece<'_>| {
            piece.struck
                || piece.weight < INSET_BLOCK_MAX
                    && !matches!(piece.block.kind, Kind::ListItem(_) | Kind::Cell(_))
        };
        let is_heading = own.iter().all(|piece| piece.struck || piece.is_heading());
        if alike[&part.likeness] * 100 < whole * INSET && !is_first && !is_heading && own.iter().all(is_small)
        {
            strike(pieces, &part.blocks);
        }
    }
}
