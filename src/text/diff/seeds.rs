//! Runs of tokens that stand exactly once on either side: what two texts surely have in common.

use std::collections::HashMap;
use std::ops::Range;

use super::tokens::Token;

/// Tokens that read alike, from these places on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Run {
    pub(super) old: usize,
    pub(super) new: usize,
    pub(super) length: usize,
}

/// Hashes of any run of tokens in constant time.
#[derive(Debug)]
pub(super) struct Hashes {
    prefix: Vec<u64>,
}

const BASE: u64 = 0x9E37_79B9_7F4A_7C15;

impl Hashes {
    pub(super) fn new(tokens: &[Token]) -> Self {
        let mut prefix = Vec::with_capacity(tokens.len() + 1);
        let mut hash = 0_u64;
        prefix.push(hash);
        for token in tokens {
            hash = hash.wrapping_mul(BASE).wrapping_add(scatter(u64::from(token.id)));
            prefix.push(hash);
        }
        Self { prefix }
    }

    fn of(&self, start: usize, length: usize, power: u64) -> u64 {
        self.prefix[start + length].wrapping_sub(self.prefix[start].wrapping_mul(power))
    }
}

/// Spreads small numbers over all bits (`SplitMix64`, <https://prng.di.unimi.it/splitmix64.c>).
const fn scatter(number: u64) -> u64 {
    let mixed = number.wrapping_add(BASE);
    let mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    mixed ^ (mixed >> 31)
}

/// One of the two sides: its tokens, their hashes, and where to look.
#[derive(Clone, Copy)]
pub(super) struct Side<'a> {
    pub(super) tokens: &'a [Token],
    pub(super) hashes: &'a Hashes,
    /// How many tokens from each place on are free.
    pub(super) room: &'a [u32],
}

impl Side<'_> {
    fn places(&self, within: Range<usize>, length: usize) -> impl Iterator<Item = usize> {
        let last = within.end.saturating_sub(length - 1);
        (within.start..last.max(within.start)).filter(move |&at| self.room[at] as usize >= length)
    }
}

/// The runs of at least `length` free tokens that stand once in either range, in the order of the old text.
pub(super) fn unique_runs(
    old: Side<'_>,
    new: Side<'_>,
    (old_range, new_range): (Range<usize>, Range<usize>),
    length: usize,
) -> Vec<Run> {
    const MANY: usize = usize::MAX;
    const NONE: usize = usize::MAX - 1;
    let power = (0..length).fold(1_u64, |power, _| power.wrapping_mul(BASE));
    let mut seen: HashMap<u64, (usize, usize)> = HashMap::with_capacity(old_range.len());
    for at in old.places(old_range.clone(), length) {
        seen.entry(old.hashes.of(at, length, power)).and_modify(|seen| seen.0 = MANY).or_insert((at, NONE));
    }
    for at in new.places(new_range, length) {
        if let Some(seen) = seen.get_mut(&new.hashes.of(at, length, power)) {
            seen.1 = if seen.1 == NONE { at } else { MANY };
        }
    }
    let mut seeds: Vec<(usize, usize)> =
        seen.into_values().filter(|&(old, new)| old != MANY && new < NONE).collect();
    seeds.sort_unstable();
    let mut runs: Vec<Run> = Vec::new();
    for (old_at, new_at) in seeds {
        if let Some(last) = runs.last_mut()
            && old_at <= last.old + last.length
            && new_at.checked_sub(last.new) == Some(old_at - last.old)
        {
            last.length = old_at + length - last.old;
            continue;
        }
        let alike = (0..length).all(|step| old.tokens[old_at + step].id == new.tokens[new_at + step].id);
        if alike {
            runs.push(Run { old: old_at, new: new_at, length });
        }
    }
    runs
}

/// The heaviest of the runs that stand in the same order on both sides, which come in the order of the old text.
/// O(n log n).
pub(super) fn chain(runs: &[Run]) -> Vec<Run> {
    let mut by_new: Vec<usize> = (0..runs.len()).collect();
    by_new.sort_unstable_by_key(|&index| runs[index].new);
    let mut rank = vec![0; runs.len()];
    for (place, &index) in by_new.iter().enumerate() {
        rank[index] = place;
    }
    // The heaviest chain that ends at or before a rank: (weight, run), in a Fenwick tree.
    let mut tree = vec![(0_usize, usize::MAX); runs.len() + 1];
    let mut previous = vec![usize::MAX; runs.len()];
    for (index, run) in runs.iter().enumerate() {
        let mut best = (0, usize::MAX);
        let mut node = rank[index];
        while node > 0 {
            best = heavier(best, tree[node]);
            node &= node - 1;
        }
        previous[index] = best.1;
        let reached = (best.0 + run.length, index);
        let mut node = rank[index] + 1;
        while node < tree.len() {
            tree[node] = heavier(tree[node], reached);
            node += node & node.wrapping_neg();
        }
    }
    let mut best = (0, usize::MAX);
    let mut node = runs.len();
    while node > 0 {
        best = heavier(best, tree[node]);
        node &= node - 1;
    }
    let mut chain = Vec::new();
    let mut at = best.1;
    while at != usize::MAX {
        chain.push(runs[at]);
        at = previous[at];
    }
    chain.reverse();
    chain
}

fn heavier(one: (usize, usize), other: (usize, usize)) -> (usize, usize) {
    if other.0 > one.0 { other } else { one }
}
