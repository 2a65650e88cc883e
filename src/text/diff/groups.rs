//! Which blocks of two documents belong together.

use std::collections::HashMap;
use std::ops::Range;

use super::align::Alignment;
use super::seeds::Run;
use super::tokens::Token;
use crate::text::document::Block;

/// How much of the smaller of two blocks must be in the other, in hundredths, for them to be the same paragraph …
const SHARE: u32 = 40;
/// … and how much of a block must be in another for it to be a part that was split off.
const PART: u32 = 60;

/// Blocks that stand for each other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Group {
    pub(super) old: Range<usize>,
    pub(super) new: Range<usize>,
    weight: u32,
}

impl Group {
    /// What [`chain`](super::seeds::chain) orders.
    pub(super) fn as_run(&self) -> Run {
        Run { old: self.old.start, new: self.new.start, length: self.weight as usize }
    }
}

/// Groups in the order of the old document; each block is in one at most.
pub(super) fn groups(old: &[Block], new: &[Block], alignment: &Alignment) -> Vec<Group> {
    let (old_blocks, old_weights) = blocks_of(&alignment.old, old);
    let (new_blocks, new_weights) = blocks_of(&alignment.new, new);
    let mut shared: HashMap<(usize, usize), u32> = HashMap::new();
    for (at, token) in alignment.old.iter().enumerate() {
        if let Some(new_at) = alignment.to(at) {
            *shared.entry((old_blocks[at], new_blocks[new_at])).or_default() += u32::from(token.weight);
        }
    }
    let (mut best_of_old, mut best_of_new) =
        (vec![(0, usize::MAX); old.len()], vec![(0, usize::MAX); new.len()]);
    let mut shared: Vec<((usize, usize), u32)> = shared.into_iter().collect();
    shared.sort_unstable();
    for ((old_block, new_block), weight) in shared {
        best_of_old[old_block] = best_of_old[old_block].max((weight, new_block));
        best_of_new[new_block] = best_of_new[new_block].max((weight, old_block));
    }
    let mut groups: Vec<Group> = Vec::new();
    let mut group_of_new = vec![usize::MAX; new.len()];
    for (old_block, &(weight, new_block)) in best_of_old.iter().enumerate() {
        let is_mutual = weight > 0 && best_of_new[new_block].1 == old_block;
        let smaller = old_weights[old_block].min(*new_weights.get(new_block).unwrap_or(&0));
        if is_mutual && weight * 100 >= smaller * SHARE {
            group_of_new[new_block] = groups.len();
            groups.push(Group { old: old_block..old_block + 1, new: new_block..new_block + 1, weight });
        }
    }
    join_parts(&mut groups, (&best_of_old, &old_weights), (&best_of_new, &new_weights), &group_of_new);
    groups
}

type Bests<'a> = (&'a [(u32, usize)], &'a [u32]);

/// Takes in the neighbours of each group's blocks that are parts of what it has on the other side.
fn join_parts(groups: &mut [Group], old: Bests<'_>, new: Bests<'_>, group_of_new: &[usize]) {
    let mut old_is_taken = vec![false; old.0.len()];
    let mut new_is_taken: Vec<bool> = group_of_new.iter().map(|&group| group != usize::MAX).collect();
    for group in groups.iter() {
        old_is_taken[group.old.start] = true;
    }
    for group in groups {
        let (old_block, new_block) = (group.old.start, group.new.start);
        widen(&mut group.new, &mut new_is_taken, |block| is_part(new, block, old_block));
        if group.new.len() == 1 {
            widen(&mut group.old, &mut old_is_taken, |block| is_part(old, block, new_block));
        }
    }
}

fn is_part((best, weights): Bests<'_>, block: usize, whole: usize) -> bool {
    let (weight, of) = best[block];
    of == whole && weight > 0 && weight * 100 >= weights[block] * PART
}

fn widen(range: &mut Range<usize>, is_taken: &mut [bool], belongs: impl Fn(usize) -> bool) {
    while range.start > 0 && !is_taken[range.start - 1] && belongs(range.start - 1) {
        range.start -= 1;
        is_taken[range.start] = true;
    }
    while range.end < is_taken.len() && !is_taken[range.end] && belongs(range.end) {
        is_taken[range.end] = true;
        range.end += 1;
    }
}

/// The block of each token, and what all tokens of each block weigh.
fn blocks_of(tokens: &[Token], blocks: &[Block]) -> (Vec<usize>, Vec<u32>) {
    let mut weights = vec![0; blocks.len()];
    let mut block = 0;
    let mut places = Vec::with_capacity(tokens.len());
    for token in tokens {
        while block + 1 < blocks.len() && blocks[block + 1].start <= token.start {
            block += 1;
        }
        weights[block] += u32::from(token.weight);
        places.push(block);
    }
    (places, weights)
}
