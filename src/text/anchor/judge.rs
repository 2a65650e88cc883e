//! Decides what became of a quote.

use std::ops::Range;

use super::image::Image;
use super::{Found, Outcome, Revision};
use crate::text::diff::align::Alignment;
use crate::text::offsets::{Extent, Offsets};
use crate::text::selector::fold::{Folded, Folding};

/// A word or two are found when the words around them are: they are too common to speak for themselves.
const FEW_WORDS: usize = 2;
const FEW_SUPPORT: f32 = 0.35;

/// Up to so many words may be replaced and still have a place: what stands between the words that were around them.
const REPLACED_WORDS: usize = 3;
const REPLACED_SUPPORT: f32 = 0.5;

/// How much of the words stays where a quote is found, and how much of its neighbourhood.
const COVERAGE: f32 = 0.4;
const SHORT_WORDS: usize = 7;
const SHORT_COVERAGE: f32 = 0.5;
const SHORT_SUPPORT: f32 = 0.2;
/// The same where the words just before and behind it stayed.
const ENCLOSED_COVERAGE: f32 = 0.3;
/// How alike the words must be where nothing around them stayed.
const ALONE_LIKENESS: f32 = 0.55;
const WHOLE_COVERAGE: f32 = 0.9;
/// How much of what is there now comes from the quote where most of it was left out.
const SHARE: f32 = 0.6;

/// How many words a quote has that is looked for all over the text.
const ALONE_WORDS: usize = 4;
/// The same in weight: four words that are not frequent, or more that are.
const ALONE_WEIGHT: u32 = 40;
/// The same for one that was edited, how much of its words must be there, and how much more than anywhere else.
const LIKE_WORDS: usize = 6;
const LIKE_COVERAGE: f32 = 0.6;
const LIKE_AHEAD: f32 = 0.15;

/// What became of a quote that stands in this range of the old text.
pub(super) fn follow(revision: &Revision<'_>, quote: Extent) -> Found {
    let exact = Found { outcome: Outcome::Exact, score: 1.0, place: Some(quote), candidates: vec![quote] };
    let Some(alignment) = &revision.alignment else { return exact };
    if is_untouched(revision, quote) {
        return exact;
    }
    let first = alignment.old.partition_point(|token| token.end <= quote.start);
    let end = alignment.old.partition_point(|token| token.start < quote.end);
    if first >= end {
        return Found::nowhere();
    }
    judge(revision, quote, alignment, &Image::of(alignment, first..end))
}

/// Whether the text is the same from its beginning to the end of the quote, and no word goes on there that ended.
fn is_untouched(revision: &Revision<'_>, quote: Extent) -> bool {
    let until = Extent::new(0, quote.end);
    let Some(old) = revision.old.slice(until) else { return false };
    let next = |offsets: &Offsets<'_>| offsets.text()[old.len()..].chars().next();
    revision.new.slice(until) == Some(old) && {
        let (before, now) = (next(&revision.old), next(&revision.new));
        now == before || now.is_none_or(char::is_whitespace)
    }
}

fn judge(revision: &Revision<'_>, quote: Extent, alignment: &Alignment, image: &Image<'_>) -> Found {
    let score = f32::midpoint(image.coverage, image.support);
    if is_kept(image)
        && let Some(tokens) = image.range()
    {
        return found(revision, quote, image, tokens, score);
    }
    if let Some(found) = moved_alone(revision, quote, alignment, image) {
        return found;
    }
    let between = image.between_neighbours().map(|tokens| image.extent(tokens));
    let equal = revision.index(alignment).equal(image.tokens(), &alignment.new);
    let mut candidates: Vec<Extent> =
        between.into_iter().chain(equal.into_iter().map(|tokens| image.extent(tokens))).collect();
    candidates.dedup();
    let is_known = image.words <= REPLACED_WORDS && image.support >= REPLACED_SUPPORT;
    let outcome = if between.is_some() { Outcome::Changed } else { Outcome::Lost };
    Found { outcome, score, place: between.filter(|_| is_known), candidates }
}

/// Whether the words stayed together, be it with changes.
fn is_kept(image: &Image<'_>) -> bool {
    match image.words {
        0..=FEW_WORDS => image.coverage > 0.5 && image.support >= FEW_SUPPORT,
        3..=SHORT_WORDS => {
            image.coverage >= WHOLE_COVERAGE
                || (image.coverage >= SHORT_COVERAGE && image.support >= SHORT_SUPPORT)
                || (image.coverage >= ENCLOSED_COVERAGE
                    && image.support >= REPLACED_SUPPORT
                    && image.between_neighbours().is_some())
        }
        _ => {
            image.coverage >= COVERAGE
                && (image.support >= SHORT_SUPPORT || image.likeness() >= ALONE_LIKENESS)
                || (image.share() >= SHARE && image.support >= REPLACED_SUPPORT)
        }
    }
}

/// The quote at another place, without its neighbourhood; only words that are nobody else's.
fn moved_alone(
    revision: &Revision<'_>,
    quote: Extent,
    alignment: &Alignment,
    image: &Image<'_>,
) -> Option<Found> {
    if image.words < ALONE_WORDS || image.weight < ALONE_WEIGHT {
        return None;
    }
    let index = revision.index(alignment);
    let is_free = |tokens: &Range<usize>| tokens.clone().all(|at| alignment.from(at).is_none());
    let equal: Vec<Range<usize>> =
        index.equal(image.tokens(), &alignment.new).into_iter().filter(is_free).collect();
    let several = |places: Vec<Extent>, score| {
        Some(Found { outcome: Outcome::Ambiguous, score, place: None, candidates: places })
    };
    match equal.as_slice() {
        [] => {}
        [tokens] => {
            return Some(found(revision, quote, image, tokens.clone(), 0.5));
        }
        places => return several(places.iter().map(|tokens| image.extent(tokens.clone())).collect(), 0.5),
    }
    let alike = index.alike(image.tokens(), alignment);
    let best = alike.first()?;
    let coverage = image.part(best.weight);
    if image.words < LIKE_WORDS || coverage < LIKE_COVERAGE {
        return None;
    }
    let score = coverage / 2.0;
    if let Some(second) = alike.get(1).filter(|second| image.part(second.weight) > coverage - LIKE_AHEAD) {
        return several(vec![image.extent(best.tokens.clone()), image.extent(second.tokens.clone())], score);
    }
    let place = image.extent(best.tokens.clone());
    Some(Found { outcome: Outcome::Edited, score, place: Some(place), candidates: vec![place] })
}

/// The outcome at a place, by whether the same words stand there.
fn found(
    revision: &Revision<'_>,
    quote: Extent,
    image: &Image<'_>,
    tokens: Range<usize>,
    score: f32,
) -> Found {
    let old = revision.old.slice(quote).unwrap_or_default();
    let place = image.place(quote, tokens);
    let (leading, trailing) = image.margins(quote);
    let whole = Extent::new(place.start.saturating_sub(leading), place.end + trailing);
    let is_whole = revision.new.slice(whole) == Some(old);
    let place = if is_whole { whole } else { place };
    let evened = |text| Folded::new(text, Folding::Evened).text;
    let outcome = if is_whole && place == quote {
        Outcome::Exact
    } else if is_whole || evened(old).trim() == evened(revision.new.slice(place).unwrap_or_default()).trim() {
        Outcome::Shifted
    } else {
        Outcome::Edited
    };
    Found { outcome, score, place: Some(place), candidates: vec![place] }
}
