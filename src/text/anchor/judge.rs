//! Decides what became of a quote.

use super::image::Image;
use super::{Found, Outcome, Revision};
use crate::text::offsets::Extent;
use crate::text::selector::Selector;
use crate::text::selector::fold::{Folded, Folding};

/// A word or two are found when the words around them are: they are too common to speak for themselves.
const FEW_WORDS: usize = 2;
const FEW_SUPPORT: f32 = 0.35;

/// Up to so many words may be replaced and still have a place: what stands between the words that were around them.
const REPLACED_WORDS: usize = 3;
const REPLACED_SUPPORT: f32 = 0.5;

/// How many words stay, of those there were or of those there are, where a quote is found.
const COVERAGE: f32 = 0.4;
/// The same for less than eight words.
const SHORT_COVERAGE: f32 = 0.5;
const SHORT_SUPPORT: f32 = 0.2;
/// Enough even where nothing around them stayed.
const WHOLE_COVERAGE: f32 = 0.9;

pub(super) fn locate(revision: &Revision<'_>, selector: &Selector) -> Found {
    let nowhere = Found { outcome: Outcome::Lost, score: 0.0, place: None, candidates: Vec::new() };
    let (Ok(start), Ok(end)) = (u32::try_from(selector.start), u32::try_from(selector.end)) else {
        return nowhere;
    };
    let quote = Extent::new(start, end);
    if revision.old.slice(quote) != Some(selector.exact.as_str()) {
        return nowhere;
    }
    let Some(alignment) = &revision.alignment else {
        return Found { outcome: Outcome::Exact, score: 1.0, place: Some(quote), candidates: vec![quote] };
    };
    let first = alignment.old.partition_point(|token| token.end <= quote.start);
    let last = alignment.old.partition_point(|token| token.start < quote.end);
    if first >= last {
        return nowhere;
    }
    judge(revision, quote, &Image::of(alignment, first..last))
}

fn judge(revision: &Revision<'_>, quote: Extent, image: &Image<'_>) -> Found {
    let score = f32::midpoint(image.coverage, image.support);
    let is_found = match image.words {
        0..=FEW_WORDS => image.coverage > 0.5 && image.support >= FEW_SUPPORT,
        3..=7 => {
            image.coverage >= WHOLE_COVERAGE
                || (image.coverage >= SHORT_COVERAGE && image.support >= SHORT_SUPPORT)
        }
        _ => image.coverage >= COVERAGE,
    };
    if is_found && let Some(tokens) = image.range() {
        let place = image.place(quote, tokens);
        let outcome = compared(revision, quote, place);
        return Found { outcome, score, place: Some(place), candidates: vec![place] };
    }
    if let Some(tokens) = image.between_neighbours() {
        let place = image.extent(tokens);
        let is_known = image.words <= REPLACED_WORDS && image.support >= REPLACED_SUPPORT;
        return Found {
            outcome: Outcome::Changed,
            score,
            place: is_known.then_some(place),
            candidates: vec![place],
        };
    }
    Found { outcome: Outcome::Lost, score, place: None, candidates: Vec::new() }
}

fn compared(revision: &Revision<'_>, quote: Extent, place: Extent) -> Outcome {
    let (Some(old), Some(new)) = (revision.old.slice(quote), revision.new.slice(place)) else {
        return Outcome::Edited;
    };
    if old == new {
        return if quote == place { Outcome::Exact } else { Outcome::Shifted };
    }
    let evened = |text| Folded::new(text, Folding::Evened).text;
    if evened(old).trim() == evened(new).trim() { Outcome::Shifted } else { Outcome::Edited }
}
