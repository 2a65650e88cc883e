//! Looks for a quote all over the new text, among the words that are nobody else's.

use std::collections::HashMap;
use std::ops::Range;

use super::part::Part;
use crate::text::diff::align::Alignment;
use crate::text::diff::gap::{CELLS_MAX, SMALL_GAP, pair};
use crate::text::diff::tokens::Token;

/// How often a word may stand in the new text to lead to a place.
const PLACES_MAX: usize = 64;

/// How many places of the same words are listed.
const LISTED_MAX: usize = 8;

/// How many stretches of the new text are compared with the quote.
const WINDOWS: usize = 6;

/// Longer quotes than this, in tokens, are led by the comparison only.
const TOKENS_MAX: usize = 128;

/// Where each word of the new text stands.
#[derive(Debug)]
pub(super) struct Index {
    /// Places of tokens, by the token's number, then in order.
    places: Vec<u32>,
    /// Where the places of each number begin.
    starts: Vec<u32>,
}

/// A place that is like the quote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Likeness {
    pub(super) tokens: Range<usize>,
    /// What the words weigh that it has in common with the quote.
    pub(super) weight: u32,
}

impl Index {
    pub(super) fn new(tokens: &[Token]) -> Self {
        let count = tokens.iter().map(|token| token.id as usize + 1).max().unwrap_or(0);
        let mut starts = vec![0; count + 1];
        for token in tokens {
            starts[token.id as usize + 1] += 1;
        }
        for id in 0..count {
            starts[id + 1] += starts[id];
        }
        let mut next = starts.clone();
        let mut places = vec![0; tokens.len()];
        for (place, token) in (0..).zip(tokens) {
            places[next[token.id as usize] as usize] = place;
            next[token.id as usize] += 1;
        }
        Self { places, starts }
    }

    fn places(&self, id: u32) -> &[u32] {
        let id = id as usize;
        match (self.starts.get(id), self.starts.get(id + 1)) {
            (Some(&start), Some(&end)) => &self.places[start as usize..end as usize],
            _ => &[],
        }
    }

    /// Where the very words stand, whosever they are; up to [`LISTED_MAX`], and none when they are all too frequent.
    pub(super) fn equal(&self, quote: &[Token], text: &[Token]) -> Vec<Range<usize>> {
        let rarest = (0..quote.len()).min_by_key(|&at| self.places(quote[at].id).len());
        let Some(rarest) = rarest.filter(|_| quote.len() <= TOKENS_MAX) else { return Vec::new() };
        let places = self.places(quote[rarest].id);
        let starts = places.iter().take(PLACES_MAX).filter_map(|&place| (place as usize).checked_sub(rarest));
        let is_equal = |start: &usize| {
            text.get(*start..start + quote.len())
                .is_some_and(|found| found.iter().zip(quote).all(|(one, other)| one.id == other.id))
        };
        starts.filter(is_equal).take(LISTED_MAX).map(|start| start..start + quote.len()).collect()
    }

    /// The two places most like a quote among words that are nobody else's, the better first.
    pub(super) fn alike(&self, quote: &[Token], alignment: &Alignment) -> Vec<Likeness> {
        if quote.len() > TOKENS_MAX {
            return Vec::new();
        }
        let mut votes: HashMap<usize, u32> = HashMap::new();
        for (at, token) in quote.iter().enumerate().filter(|(_, token)| token.is_word) {
            let places = self.places(token.id);
            if places.len() > PLACES_MAX {
                continue;
            }
            for &place in places.iter().filter(|&&place| alignment.from(place as usize).is_none()) {
                // Where the quote would begin, in steps of its length.
                let step = (place as usize).saturating_sub(at) / quote.len();
                *votes.entry(step).or_default() += u32::from(token.weight);
            }
        }
        let mut steps: Vec<(u32, usize)> = votes.into_iter().map(|(step, weight)| (weight, step)).collect();
        steps.sort_unstable_by(|one, other| other.cmp(one));
        let mut found: Vec<Likeness> = Vec::new();
        for &(_, step) in steps.iter().take(WINDOWS) {
            let first = (step * quote.len()).saturating_sub(quote.len());
            let window = first..((step + 3) * quote.len()).min(alignment.new.len());
            let Some(likeness) = likeness(quote, alignment, window) else { continue };
            let overlaps = |other: &Likeness| {
                other.tokens.start < likeness.tokens.end && likeness.tokens.start < other.tokens.end
            };
            match found.iter_mut().find(|other| overlaps(other)) {
                Some(other) if other.weight < likeness.weight => *other = likeness,
                Some(_) => {}
                None => found.push(likeness),
            }
        }
        found.sort_by_key(|likeness| std::cmp::Reverse(likeness.weight));
        found.truncate(2);
        found
    }
}

/// The best part of a stretch of the new text.
fn likeness(quote: &[Token], alignment: &Alignment, window: Range<usize>) -> Option<Likeness> {
    let free: Vec<usize> = window.filter(|&at| alignment.from(at).is_none()).collect();
    if free.len() * quote.len() > CELLS_MAX {
        return None;
    }
    let tokens: Vec<Token> = free.iter().map(|&at| alignment.new[at]).collect();
    let pairs = pair(quote, &tokens, SMALL_GAP);
    let weighed = pairs.into_iter().map(|(old, new)| {
        let weight = if quote[old].is_word { u32::from(quote[old].weight) } else { 0 };
        (old, free[new], weight)
    });
    let part = Part::best(weighed, |_, _| false)?;
    Some(Likeness { tokens: part.first.1..part.last.1 + 1, weight: part.weight })
}
