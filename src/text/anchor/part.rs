//! The weightiest part of a quote that stayed together.

use std::ops::Range;

/// How many tokens may be put in between two that stay together at no cost. Each further one costs a tenth of a word, so
/// that a word that is found far off is not taken for the quote's edge.
const PUT_IN: usize = 12;

/// Tokens of a quote and their partners, in order in both texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Part {
    /// The first pair: (quote's token, new text's token).
    pub(super) first: (usize, usize),
    pub(super) last: (usize, usize),
    /// What its tokens weigh.
    pub(super) weight: u32,
}

impl Part {
    /// The best of what pairs (quote's token, new text's token, weight) make, in the order of the quote. One pass: the
    /// sum of weights less what was put in, largest over all stretches (Kadane's algorithm).
    ///
    /// `ends_sentence` says of two stretches, from behind one pair to the next in either text, whether only the new one
    /// has the end of a sentence; then nothing is put in for nothing.
    pub(super) fn best(
        pairs: impl Iterator<Item = (usize, usize, u32)>,
        ends_sentence: impl Fn(Range<usize>, Range<usize>) -> bool,
    ) -> Option<Self> {
        let mut best: Option<(u32, Self)> = None;
        let mut current: Option<(u32, Self)> = None;
        for (old, new, weight) in pairs {
            let extended = current.and_then(|(sum, part)| {
                let (last_old, last_new) = part.last;
                let put_in = new.checked_sub(last_new + 1)?;
                let is_far = put_in > 0 && ends_sentence(last_old + 1..old + 1, last_new + 1..new + 1);
                let put_in = if is_far { put_in } else { put_in.saturating_sub(PUT_IN) };
                let sum = sum.checked_sub(u32::try_from(put_in).ok()?)?;
                Some((sum + weight, Self { last: (old, new), weight: part.weight + weight, ..part }))
            });
            let here = (old, new);
            let reached = extended.unwrap_or((weight, Self { first: here, last: here, weight }));
            current = Some(reached);
            if best.is_none_or(|(sum, _)| reached.0 > sum) {
                best = Some(reached);
            }
        }
        best.map(|(_, part)| part)
    }
}
