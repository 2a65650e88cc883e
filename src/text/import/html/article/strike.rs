//! Striking out whole elements.

use std::collections::HashMap;
use std::ops::Range;

use super::container::sums;
use super::piece::Piece;
use crate::text::import::html::hints::Hints;
use crate::text::import::html::outline::{Outline, Part};

/// An element with more of the page's prose than this, in percent, is not what its class name says.
const TRUSTED: u64 = 30;

/// Strikes elements whose markup says that they are something else.
pub(super) fn by_markup(pieces: &mut [Piece<'_>], outline: &Outline) {
    let sums = sums(pieces);
    let whole = sums[pieces.len()].max(1);
    let prose = |part: &Part| sums[part.blocks.end as usize] - sums[part.blocks.start as usize];
    let suspects = || {
        outline
            .parts
            .iter()
            .filter(|part| part.hints.has_any(Hints::SURROUNDINGS) && !part.hints.has_any(Hints::BODY))
    };
    // Paragraphs that are each marked as something else are so together.
    let mut alike: HashMap<u64, u64> = HashMap::new();
    for part in suspects() {
        *alike.entry(part.likeness).or_default() += prose(part);
    }
    for part in suspects() {
        let limit = if part.hints.has_any(Hints::COMMENTS) { 80 } else { TRUSTED };
        let together = alike.get(&part.likeness).copied().unwrap_or_default();
        if together * 100 <= whole * limit {
            strike(pieces, &part.blocks);
        }
    }
}

fn strike(pieces: &mut [Piece<'_>], blocks: &Range<u32>) {
    for piece in &mut pieces[blocks.start as usize..blocks.end as usize] {
        piece.struck = true;
    }
}

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
        if weight > 0 && linked * 2 > weight {
            strike(pieces, &part.blocks);
        }
    }
}
