//! The element that holds the article.

use std::ops::Range;

use super::piece::Piece;
use crate::text::import::html::hints::Hints;
use crate::text::import::html::outline::{Outline, Part};

/// Which share of an element's prose one of the elements in it must have to be looked at instead, in percent.
const SHARE: u64 = 55;

/// The same for an `article` with the title in it: others may stand below it.
const TITLED_SHARE: u64 = 15;

/// The blocks of the innermost element that holds most of the prose, with its neighbours that look alike.
pub(super) fn find(pieces: &[Piece<'_>], outline: &Outline, title: Option<u32>) -> Range<usize> {
    let sums = sums(pieces);
    let prose = |blocks: &Range<u32>| sums[blocks.end as usize] - sums[blocks.start as usize];
    let mut best = outline.parts[0].blocks.clone();
    let mut place = 0_usize;
    'descend: loop {
        let whole = prose(&best);
        let end = outline.parts[place].blocks.end;
        let inside = outline.parts[place + 1..].iter().take_while(|part| part.blocks.start < end);
        let is_titled = |part: &Part| {
            part.hints.has_any(Hints::ARTICLE) && title.is_some_and(|title| part.blocks.contains(&title))
        };
        let heir = inside.clone().position(|part| {
            let share = if is_titled(part) { TITLED_SHARE } else { SHARE };
            part.parent as usize == place && prose(&part.blocks) * 100 > whole * share
        });
        let Some(heir) = heir.map(|at| place + 1 + at) else { break 'descend };
        let alike = |part: &&Part| {
            part.parent as usize == place
                && part.likeness == outline.parts[heir].likeness
                && !part.hints.has_any(Hints::ARTICLE)
        };
        let mut range = outline.parts[heir].blocks.clone();
        let mut others = 0;
        for part in inside.filter(alike) {
            let here = prose(&part.blocks);
            if here > 0 {
                others += 1;
                range = range.start.min(part.blocks.start)..range.end.max(part.blocks.end);
            }
        }
        best = range;
        place = heir;
        if others > 1 {
            break;
        }
    }
    widen(pieces, outline, place, best)
}

/// Takes in what stands around the article in the elements that hold it, as long as most of that is prose.
fn widen(pieces: &[Piece<'_>], outline: &Outline, place: usize, mut best: Range<u32>) -> Range<usize> {
    let mut at = place;
    while at > 0 {
        let part = &outline.parts[at];
        if part.hints.has_any(Hints::MAIN) {
            break;
        }
        let (mut prose, mut weight) = (0, 0);
        let around = (part.blocks.start..best.start).chain(best.end..part.blocks.end);
        for piece in around.map(|block| &pieces[block as usize]).filter(|piece| !piece.struck) {
            prose += piece.prose();
            weight += piece.weight;
        }
        if prose * 10 >= weight * WIDENED {
            best = part.blocks.start.min(best.start)..part.blocks.end.max(best.end);
        }
        if part.hints.has_any(Hints::ARTICLE) {
            break;
        }
        at = part.parent as usize;
    }
    best.start as usize..best.end as usize
}

/// Which tenths of what an element adds must be prose.
const WIDENED: u32 = 6;

/// How much prose stands before each block, and at the end.
pub(super) fn sums(pieces: &[Piece<'_>]) -> Vec<u64> {
    let mut sums = Vec::with_capacity(pieces.len() + 1);
    let mut sum = 0;
    sums.push(0);
    for piece in pieces {
        sum += u64::from(piece.prose());
        sums.push(sum);
    }
    sums
}
