//! Where the words of a quote and of its neighbourhood are in the new text.

use std::ops::Range;

use super::part::Part;
use crate::text::diff::align::Alignment;
use crate::text::diff::tokens::{Break, Token};
use crate::text::offsets::Extent;

/// How many words on each side of a quote are looked at.
const NEIGHBOURS: usize = 8;

/// How many tokens off its place a neighbour may be, beside twice its distance.
const OFF: usize = 12;

/// How much more of the quote must be there in another order, from 0 to 1.
const REORDERED: f32 = 0.15;

/// How many tokens may stand for those of a quote's edge that are gone, beside twice as many.
const PUT_IN: usize = 4;

/// How many marks of punctuation may stand between a quote and its neighbour.
const MARKS_MAX: usize = 8;

/// How many tokens may stand in the place of a quote, beside four times as many as it has.
const BETWEEN_MIN: usize = 64;

/// How many tokens are looked through for the neighbours of a quote.
const REACH: usize = 64;

/// How few words say nothing about a text that was cut short.
const SHARE_WORDS_MIN: u32 = 4;

/// What the comparison of two texts says about one quote.
#[derive(Debug)]
pub(super) struct Image<'a> {
    alignment: &'a Alignment,
    quote: Range<usize>,
    /// The first and last token of the quote's weightiest part that stayed together.
    kept: Option<(usize, usize)>,
    /// What the quote's words weigh.
    pub(super) weight: u32,
    /// How much of the quote's words that part holds, from 0 to 1.
    pub(super) coverage: f32,
    /// How much of the words around the quote is around that part, or around the gap where it was, from 0 to 1.
    pub(super) support: f32,
    pub(super) words: usize,
    /// All that stands between the quote's neighbours, where that holds more of it.
    reordered: Option<Range<usize>>,
}

impl<'a> Image<'a> {
    pub(super) fn of(alignment: &'a Alignment, quote: Range<usize>) -> Self {
        let tokens = &alignment.old[quote.clone()];
        let words = tokens.iter().filter(|token| token.is_word).count();
        let worth = |token: &Token| if token.is_word || words == 0 { u32::from(token.weight) } else { 0 };
        let total: u32 = tokens.iter().map(worth).sum();
        let pairs =
            quote.clone().filter_map(|at| Some((at, alignment.to(at)?, worth(&tokens[at - quote.start]))));
        let part = Part::best(pairs, |old, new| {
            let breaks = |tokens: &[Token]| tokens.iter().any(|token| token.before > Break::Nothing);
            breaks(&alignment.new[new]) && !breaks(&alignment.old[old])
        });
        let kept = part.as_ref().map(|part| (part.first.0, part.last.0));
        let coverage = ratio(part.map_or(0, |part| part.weight), total);
        let mut image =
            Self { alignment, quote, kept, weight: total, coverage, support: 0.0, words, reordered: None };
        image.support = image.supported();
        if image.whole().is_some() && (coverage >= 0.5 || image.support >= 0.5) {
            image.coverage = 1.0;
        }
        image.reorder();
        image
    }

    /// Takes all that stands between the quote's neighbours for it if its words are there in another order.
    fn reorder(&mut self) {
        let Some(between) = self.between_neighbours() else { return };
        let own = between.clone().filter(|&at| self.alignment.from(at).is_some());
        let weight = own.map(|at| &self.alignment.new[at]).filter(|token| token.is_word || self.words == 0);
        let coverage = self.part(weight.map(|token| u32::from(token.weight)).sum());
        if coverage > self.coverage + REORDERED {
            self.coverage = coverage;
            self.reordered = Some(between);
        }
    }

    /// The tokens around the part that stayed, if they read like the quote as a whole. The comparison may have paired
    /// its edges with equal words beside it.
    fn whole(&self) -> Option<Range<usize>> {
        let (first, _) = self.kept?;
        let start = self.alignment.to(first)?.checked_sub(first - self.quote.start)?;
        let range = start..start + self.quote.len();
        let (old, new) = (&self.alignment.old[self.quote.clone()], self.alignment.new.get(range.clone())?);
        old.iter().zip(new).all(|(one, other)| one.id == other.id).then_some(range)
    }

    /// The quote's tokens.
    pub(super) fn tokens(&self) -> &'a [Token] {
        &self.alignment.old[self.quote.clone()]
    }

    /// How much of the quote's words something weighs, from 0 to 1.
    pub(super) fn part(&self, weight: u32) -> f32 {
        ratio(weight, self.weight)
    }

    /// How much of the quote's words and of those that stand for them is in both, from 0 to 1 (Dice's coefficient).
    pub(super) fn likeness(&self) -> f32 {
        let Some(range) = self.range() else { return 0.0 };
        let words = self.alignment.new[range].iter().filter(|token| token.is_word);
        let there: u32 = words.map(|token| u32::from(token.weight)).sum();
        2.0 * self.coverage * ratio(self.weight, self.weight + there)
    }

    /// How much of the words that stand between the quote's neighbours comes from it, from 0 to 1: how well a text that
    /// was cut short is known.
    pub(super) fn share(&self) -> f32 {
        let Some(between) = self.between_neighbours() else { return 0.0 };
        let (mut kept, mut all, mut words) = (0, 0, 0);
        for at in between.filter(|&at| self.alignment.new[at].is_word) {
            let weight = u32::from(self.alignment.new[at].weight);
            all += weight;
            if self.alignment.from(at).is_some() {
                kept += weight;
                words += 1;
            }
        }
        if words < SHARE_WORDS_MIN { 0.0 } else { ratio(kept, all) }
    }

    fn supported(&self) -> f32 {
        let (before, after) = self.neighbours();
        let partner = |&at: &usize| self.alignment.to(at);
        let ends = match self.kept {
            Some((first, last)) => partner(&first).zip(partner(&last)),
            None => before.iter().find_map(partner).zip(after.iter().find_map(partner)),
        };
        let Some((start, end)) = ends.filter(|(start, end)| start <= end) else { return 0.0 };
        let (mut there, mut all) = (0, 0);
        for (words, is_before) in [(before, true), (after, false)] {
            for (distance, at) in words.iter().enumerate() {
                let worth = 840 / u32::try_from(distance + 2).unwrap_or(u32::MAX);
                let reach = 2 * distance + OFF;
                let is_near = partner(at).is_some_and(|new| {
                    let off = if is_before { start.checked_sub(new) } else { new.checked_sub(end) };
                    off.is_some_and(|off| off <= reach)
                });
                all += worth;
                there += if is_near { worth } else { 0 };
            }
        }
        if all == 0 { 1.0 } else { ratio(there, all) }
    }

    /// The words before and behind the quote, nearest first.
    fn neighbours(&self) -> (Vec<usize>, Vec<usize>) {
        let is_word = |&at: &usize| self.alignment.old[at].is_word;
        let before = (0..self.quote.start).rev().take(REACH).filter(is_word).take(NEIGHBOURS).collect();
        let after =
            (self.quote.end..self.alignment.old.len()).take(REACH).filter(is_word).take(NEIGHBOURS).collect();
        (before, after)
    }

    /// The tokens of the new text that stand for the quote: the part that stayed, and on either side what stands
    /// between it and the quote's neighbour if the quote's edge has no partner.
    pub(super) fn range(&self) -> Option<Range<usize>> {
        if let Some(range) = self.reordered.clone().or_else(|| self.whole()) {
            return Some(range);
        }
        let (first, last) = self.kept?;
        let (mut start, mut end) = (self.alignment.to(first)?, self.alignment.to(last)? + 1);
        let (old, new) = (&self.alignment.old, &self.alignment.new);
        let missing = first - self.quote.start;
        if missing > 0 {
            let neighbour = self.quote.start.checked_sub(1).and_then(|at| self.alignment.to(at));
            let limit = neighbour.filter(|&at| at < start).map_or(start.saturating_sub(missing), |at| at + 1);
            let limit = limit.max(start.saturating_sub(2 * missing + PUT_IN));
            let stays_in = strongest(&old[self.quote.start + 1..=first]);
            while start > limit && self.is_own(start - 1) && new[start].before <= stays_in {
                start -= 1;
            }
        }
        let missing = self.quote.end - 1 - last;
        if missing > 0 {
            let neighbour = self.alignment.to(self.quote.end);
            let limit = neighbour.filter(|&at| at >= end).unwrap_or(end + missing);
            let limit = limit.min(end + 2 * missing + PUT_IN).min(new.len());
            let stays_in = strongest(&old[last + 1..self.quote.end]);
            while end < limit && self.is_own(end) && new[end].before <= stays_in {
                end += 1;
            }
        }
        Some(start..end)
    }

    /// Whether a token of the new text is new or comes from the quote.
    fn is_own(&self, new: usize) -> bool {
        self.alignment.from(new).is_none_or(|old| self.quote.contains(&old))
    }

    /// What stands in the new text between the neighbours of the quote, if nothing of it comes from elsewhere.
    pub(super) fn between_neighbours(&self) -> Option<Range<usize>> {
        let old = &self.alignment.old;
        let is_passed = |at: &usize| !old[*at].is_word && self.alignment.to(*at).is_none();
        let before = (0..self.quote.start).rev().take(MARKS_MAX).find(|at| !is_passed(at))?;
        let after = (self.quote.end..old.len()).take(MARKS_MAX).find(|at| !is_passed(at))?;
        let between = self.alignment.to(before)? + 1..self.alignment.to(after)?;
        let is_long = between.len() > BETWEEN_MIN + 4 * self.quote.len();
        let is_own = !is_long && between.clone().all(|at| self.is_own(at));
        let has_words = between.clone().any(|at| self.alignment.new[at].is_word);
        (is_own && has_words).then_some(between)
    }

    /// The code points of tokens of the new text.
    pub(super) fn extent(&self, tokens: Range<usize>) -> Extent {
        Extent::new(self.alignment.new[tokens.start].start, self.alignment.new[tokens.end - 1].end)
    }

    /// How many code points at a quote's edges belong to no token: spaces, and what shows nothing.
    pub(super) fn margins(&self, quote: Extent) -> (u32, u32) {
        let (first, last) = (self.alignment.old[self.quote.start], self.alignment.old[self.quote.end - 1]);
        (first.start.saturating_sub(quote.start), quote.end.saturating_sub(last.end))
    }

    /// The code points of those tokens that stand for a quote; one that begins or ends inside a word does so again.
    pub(super) fn place(&self, quote: Extent, tokens: Range<usize>) -> Extent {
        let whole = self.extent(tokens.clone());
        let (old, new) = (&self.alignment.old, &self.alignment.new);
        let is_same =
            |one: Token, other: Token| one.id == other.id && one.end - one.start == other.end - other.start;
        let (old_first, new_first) = (old[self.quote.start], new[tokens.start]);
        let (old_last, new_last) = (old[self.quote.end - 1], new[tokens.end - 1]);
        let cut_before =
            if is_same(old_first, new_first) { quote.start.saturating_sub(old_first.start) } else { 0 };
        let cut_after = if is_same(old_last, new_last) { old_last.end.saturating_sub(quote.end) } else { 0 };
        let start = whole.start + cut_before;
        Extent::new(start, (whole.end - cut_after).max(start + 1))
    }
}

/// The strongest break that lies between tokens.
fn strongest(tokens: &[Token]) -> Break {
    tokens.iter().map(|token| token.before).max().unwrap_or(Break::Nothing)
}

fn ratio(part: u32, whole: u32) -> f32 {
    let thousandths = u64::from(part) * 1000 / u64::from(whole.max(1));
    f32::from(u16::try_from(thousandths).unwrap_or(1000)) / 1000.0
}
