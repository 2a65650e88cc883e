//! Where a selector's words stand in the old text, also when its offsets do not say so.

use super::judge::follow;
use super::{Found, Outcome, Revision};
use crate::text::offsets::Extent;
use crate::text::selector::{LocateError, Selector, locate as locate_quote};

/// How many places of the words are compared with the selector's prefix and suffix.
const PLACES_MAX: usize = 1_000;

/// How many of several equal places are followed.
const FOLLOWED_MAX: usize = 8;

/// How many words speak for themselves in a text that they do not come from.
const WORDS_MIN: usize = 4;

pub(super) fn locate(revision: &Revision<'_>, selector: &Selector) -> Found {
    let offsets = u32::try_from(selector.start).ok().zip(u32::try_from(selector.end).ok());
    if let Some(quote) = offsets.map(Extent::from)
        && revision.old.slice(quote) == Some(selector.exact.as_str())
    {
        return follow(revision, quote);
    }
    let places = places(revision, selector);
    match places.as_slice() {
        [] => elsewhere(revision, selector),
        [quote] => follow(revision, *quote),
        several => {
            let followed =
                several.iter().take(FOLLOWED_MAX).filter_map(|&quote| follow(revision, quote).place);
            let candidates: Vec<Extent> = followed.collect();
            Found { outcome: Outcome::Ambiguous, score: 0.0, place: None, candidates }
        }
    }
}

/// The places of the words in the old text whose surroundings are most like the selector's prefix and suffix.
fn places(revision: &Revision<'_>, selector: &Selector) -> Vec<Extent> {
    let text = revision.old.text();
    if selector.exact.is_empty() {
        return Vec::new();
    }
    let mut best = (0, Vec::new());
    for (at, words) in text.match_indices(selector.exact.as_str()).take(PLACES_MAX) {
        let end = at + words.len();
        let before = text[..at].chars().rev().zip(selector.prefix.chars().rev());
        let after = text[end..].chars().zip(selector.suffix.chars());
        let alike = before.take_while(|(one, other)| one == other).count()
            + after.take_while(|(one, other)| one == other).count();
        let place = Extent::new(revision.old.code_point(at), revision.old.code_point(end));
        if alike > best.0 {
            best = (alike, vec![place]);
        } else if alike == best.0 {
            best.1.push(place);
        }
    }
    best.1
}

/// The words in the new text, when the old one does not have them.
fn elsewhere(revision: &Revision<'_>, selector: &Selector) -> Found {
    let hits = match locate_quote(revision.new.text(), &selector.exact) {
        Ok(passage) => {
            let place = passage.extent();
            let speaks = selector.exact.split_whitespace().count() >= WORDS_MIN;
            let (outcome, score) = if speaks { (Outcome::Edited, 0.5) } else { (Outcome::Lost, 0.0) };
            return Found { outcome, score, place: speaks.then_some(place), candidates: vec![place] };
        }
        Err(LocateError::Ambiguous(hits)) => hits,
        Err(LocateError::Absent | LocateError::Blank) => return Found::nowhere(),
    };
    let candidates = hits.iter().take(FOLLOWED_MAX).map(|hit| hit.passage.extent()).collect();
    Found { outcome: Outcome::Ambiguous, score: 0.0, place: None, candidates }
}
