//! The element that holds the article.

use std::ops::Range;

use super::piece::Piece;
use crate::text::import::html::outline::{Outline, Part};

/// Which share of an element's prose one of the elements in it must have to be looked at instead, in percent.
const SHARE: u64 = 55;

/// The blocks of the innermost element that holds most of the prose, with its neighbours that look alike.
pub(super) fn find(pieces: &[Piece<'_>], outline: &Outline) -> Range<usize> {
    let sums = sums(pieces);
    let prose = |blocks: &Range<u32>| sums[blocks.end as usize] - sums[blocks.start as usize];
    let mut best = outline.parts[0].blocks.clone();
    let mut place = 0_usize;
    'descend: loop {
        let whole = prose(&best);
        let end = outline.parts[place].blocks.end;
        let inside = outline.parts[place + 1..].iter().take_while(|part| part.blocks.start < end);
        let heir = inside
            .clone()
            .position(|part| part.parent as usize == place && prose(&part.blocks) * 100 > whole * SHARE);
        let Some(heir) = heir.map(|at| place + 1 + at) else { break 'descend };
        let alike =
            |part: &&Part| part.parent as usize == place && part.likeness == outline.parts[heir].likeness;
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
        if others > 1 {
            break;
        }
        place = heir;
    }
    best.start as usize..best.end as usize
}

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
