//! Where the words of a quote and of its neighbourhood are in the new text.

use std::ops::Range;

use crate::text::diff::align::Alignment;
use crate::text::diff::tokens::{Break, Token};
use crate::text::offsets::Extent;

/// How many words on each side of a quote are looked at.
const NEIGHBOURS: usize = 8;

/// How many tokens may be put in between two that stay together, beside twice as many as the quote has.
const PUT_IN: usize = 12;

/// What the comparison of two texts says about one quote.
#[derive(Debug)]
pub(super) struct Image<'a> {
    alignment: &'a Alignment,
    quote: Range<usize>,
    /// The first and last token of the quote's weightiest part that stayed together.
    kept: Option<(usize, usize)>,
    /// How much of the quote's words that part holds, from 0 to 1.
    pub(super) coverage: f32,
    /// How much of the words around the quote is around that part, or around the gap where it was, from 0 to 1.
    pub(super) support: f32,
    pub(super) words: usize,
}

impl<'a> Image<'a> {
    pub(super) fn of(alignment: &'a Alignment, quote: Range<usize>) -> Self {
        let tokens = &alignment.old[quote.clone()];
        let words = tokens.iter().filter(|token| token.is_word).count();
        let worth = |token: &Token| if token.is_word || words == 0 { u32::from(token.weight) } else { 0 };
        let total: u32 = tokens.iter().map(worth).sum();
        let (mut part, mut best) = ((0, 0, 0), None);
        let mut last_new: Option<usize> = None;
        for at in quote.clone() {
            let Some(new) = alignment.to(at) else { continue };
            let weight = worth(&alignment.old[at]);
            let follows = last_new.is_some_and(|last| new > last && new - last <= PUT_IN + 2 * quote.len());
            part = if follows { (part.0 + weight, part.1, at) } else { (weight, at, at) };
            last_new = Some(new);
            best = best.max(Some(part));
        }
        let kept = best.map(|(_, first, last)| (first, last));
        let coverage = ratio(best.map_or(0, |(weight, _, _)| weight), total);
        let mut image = Self { alignment, quote, kept, coverage, support: 0.0, words };
        image.support = image.supported();
        image
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
                let reach = 2 * distance + PUT_IN;
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
        let before = (0..self.quote.start).rev().filter(is_word).take(NEIGHBOURS).collect();
        let after = (self.quote.end..self.alignment.old.len()).filter(is_word).take(NEIGHBOURS).collect();
        (before, after)
    }

    /// The tokens of the new text that stand for the quote: the part that stayed, and on either side what stands
    /// between it and the quote's neighbour if the quote's edge has no partner.
    pub(super) fn range(&self) -> Option<Range<usize>> {
        let (first, last) = self.kept?;
        let (mut start, mut end) = (self.alignment.to(first)?, self.alignment.to(last)? + 1);
        let (old, new) = (&self.alignment.old, &self.alignment.new);
        let missing = first - self.quote.start;
        if missing > 0 {
            let neighbour = self.quote.start.checked_sub(1).and_then(|at| self.alignment.to(at));
            let limit = neighbour.filter(|&at| at < start).map_or(start.saturating_sub(missing), |at| at + 1);
            let limit = limit.max(start.saturating_sub(2 * missing + 4));
            let mut stays_in = old[self.quote.start + 1..=first].iter().map(|token| token.before).max();
            stays_in = stays_in.max(Some(Break::Nothing));
            while start > limit
                && self.alignment.from(start - 1).is_none()
                && Some(new[start].before) <= stays_in
            {
                start -= 1;
            }
        }
        let missing = self.quote.end - 1 - last;
        if missing > 0 {
            let neighbour = self.alignment.to(self.quote.end);
            let limit = neighbour.filter(|&at| at >= end).unwrap_or(end + missing);
            let limit = limit.min(end + 2 * missing + 4).min(new.len());
            let mut stays_in = old[last + 1..self.quote.end].iter().map(|token| token.before).max();
            stays_in = stays_in.max(Some(Break::Nothing));
            while end < limit && self.alignment.from(end).is_none() && Some(new[end].before) <= stays_in {
                end += 1;
            }
        }
        Some(start..end)
    }

    /// What stands in the new text between the neighbours of a quote that has no partner.
    pub(super) fn between_neighbours(&self) -> Option<Range<usize>> {
        let old = &self.alignment.old;
        let is_skipped = |at: usize| !old[at].is_word && self.alignment.to(at).is_none();
        let mut before = self.quote.start.checked_sub(1)?;
        while before > 0 && is_skipped(before) {
            before -= 1;
        }
        let mut after = self.quote.end;
        while after + 1 < old.len() && is_skipped(after) {
            after += 1;
        }
        let between = self.alignment.to(before)? + 1..self.alignment.to(after)?;
        let is_free = between.clone().all(|at| self.alignment.from(at).is_none());
        let has_words = between.clone().any(|at| self.alignment.new[at].is_word);
        (is_free && has_words).then_some(between)
    }

    /// The code points of tokens of the new text.
    pub(super) fn extent(&self, tokens: Range<usize>) -> Extent {
        Extent::new(self.alignment.new[tokens.start].start, self.alignment.new[tokens.end - 1].end)
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

fn ratio(part: u32, whole: u32) -> f32 {
    let thousandths = u64::from(part) * 1000 / u64::from(whole.max(1));
    f32::from(u16::try_from(thousandths).unwrap_or(1000)) / 1000.0
}
