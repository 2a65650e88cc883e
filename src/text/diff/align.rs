//! Which token of one text is which token of the other: in order where the order stayed, and across it where words moved.

use std::collections::HashMap;
use std::ops::Range;

use super::gap::{CELLS_MAX, GAP, SMALL_GAP, pair};
use super::seeds::{Hashes, Run, Side, chain, unique_runs};
use super::tokens::{Break, Token, tokens_of};

/// How long the runs are that pin two texts to each other, in tokens, one pass after the other.
const ORDERED: [usize; 4] = [12, 6, 3, 1];

/// How long a run of free tokens must be to have moved, in tokens, one pass after the other …
const MOVED: [usize; 2] = [8, 4];

/// … and how much its tokens must weigh.
const MOVED_WEIGHT_MIN: u32 = 40;

/// How far from what moved its edited neighbours are looked for, in tokens.
const AROUND: usize = 64;

/// How many tokens of either side of a gap that is too large are paired from each of its ends.
const CORNER: usize = 256;

/// How many tokens are few.
const SMALL: usize = 8;

/// How far words that were left out are moved to where a sentence begins, in tokens.
const SLIDE_MAX: usize = 200;

/// No token.
const NONE: u32 = u32::MAX;

/// Two texts, and which token of the one is which of the other. Each has at most one partner.
#[derive(Debug)]
pub(in crate::text) struct Alignment {
    pub(in crate::text) old: Vec<Token>,
    pub(in crate::text) new: Vec<Token>,
    to: Vec<u32>,
    from: Vec<u32>,
}

impl Alignment {
    /// Takes time and space linear in both texts, but for sorting: what is too much alike or too different to be
    /// paired within that stays unpaired.
    pub(in crate::text) fn of(old: &str, new: &str) -> Self {
        let (old, new) = tokens_of(old, new);
        let (to, from) = (vec![NONE; old.len()], vec![NONE; new.len()]);
        let mut alignment = Self { old, new, to, from };
        let hashes = (Hashes::new(&alignment.old), Hashes::new(&alignment.new));
        let gaps = alignment.pin(&hashes);
        alignment.move_runs(&hashes, MOVED[0]);
        for gap in gaps {
            alignment.fill(gap.0, gap.1);
        }
        alignment.move_runs(&hashes, MOVED[1]);
        alignment.fill_small();
        alignment.slide_all();
        alignment
    }

    /// The partner of a token of the old text.
    pub(in crate::text) fn to(&self, old: usize) -> Option<usize> {
        self.to.get(old).filter(|&&new| new != NONE).map(|&new| new as usize)
    }

    /// The partner of a token of the new text.
    pub(in crate::text) fn from(&self, new: usize) -> Option<usize> {
        self.from.get(new).filter(|&&old| old != NONE).map(|&old| old as usize)
    }

    fn join(&mut self, old: usize, new: usize) {
        self.to[old] = u32::try_from(new).unwrap_or(NONE);
        self.from[new] = u32::try_from(old).unwrap_or(NONE);
    }

    fn are_alike_and_free(&self, old: usize, new: usize) -> bool {
        self.old[old].id == self.new[new].id && self.to[old] == NONE && self.from[new] == NONE
    }

    /// Pairs what is alike at both ends and in runs that stand once, again between those; returns what lies between.
    fn pin(&mut self, hashes: &(Hashes, Hashes)) -> Vec<(Range<usize>, Range<usize>)> {
        let (old_room, new_room) = (descending(self.old.len()), descending(self.new.len()));
        let mut gaps = Vec::new();
        let mut open = vec![(0..self.old.len(), 0..self.new.len(), 0)];
        while let Some((mut old, mut new, pass)) = open.pop() {
            while !old.is_empty() && !new.is_empty() && self.are_alike_and_free(old.start, new.start) {
                self.join(old.start, new.start);
                (old.start, new.start) = (old.start + 1, new.start + 1);
            }
            while !old.is_empty() && !new.is_empty() && self.are_alike_and_free(old.end - 1, new.end - 1) {
                (old.end, new.end) = (old.end - 1, new.end - 1);
                self.join(old.end, new.end);
            }
            if old.is_empty() || new.is_empty() {
                continue;
            }
            let fits = old.len() * new.len() <= CELLS_MAX;
            let Some(&length) = ORDERED.get(pass).filter(|&&length| !fits || length > 3) else {
                gaps.push((old, new));
                continue;
            };
            let sides = (
                Side { tokens: &self.old, hashes: &hashes.0, room: &old_room },
                Side { tokens: &self.new, hashes: &hashes.1, room: &new_room },
            );
            let runs = chain(&unique_runs(sides.0, sides.1, (old.clone(), new.clone()), length));
            let (mut old_from, mut new_from) = (old.start, new.start);
            for Run { old: old_at, new: new_at, length } in runs {
                // Runs of one chain may overlap at their edges.
                let skip = old_from.saturating_sub(old_at).max(new_from.saturating_sub(new_at));
                if skip >= length {
                    continue;
                }
                open.push((old_from..old_at + skip, new_from..new_at + skip, pass + 1));
                for step in skip..length {
                    self.join(old_at + step, new_at + step);
                }
                (old_from, new_from) = (old_at + length, new_at + length);
            }
            open.push((old_from..old.end, new_from..new.end, pass + 1));
        }
        gaps
    }

    /// Pairs the free tokens of a gap.
    fn fill(&mut self, old: Range<usize>, new: Range<usize>) {
        let old: Vec<usize> = old.filter(|&at| self.to[at] == NONE).collect();
        let new: Vec<usize> = new.filter(|&at| self.from[at] == NONE).collect();
        if old.len() * new.len() <= CELLS_MAX {
            self.fill_with(&old, &new, GAP);
        } else {
            let (old_corner, new_corner) = (old.len().min(CORNER), new.len().min(CORNER));
            self.fill_with(&old[..old_corner], &new[..new_corner], GAP);
            let last = |all: &[usize], corner, free: &dyn Fn(usize) -> bool| -> Vec<usize> {
                let taken = all.iter().rposition(|&at| !free(at)).map_or(0, |at| at + 1);
                all[taken.max(all.len() - corner)..].to_vec()
            };
            let old = last(&old, old_corner, &|at| self.to[at] == NONE);
            let new = last(&new, new_corner, &|at| self.from[at] == NONE);
            self.fill_with(&old, &new, GAP);
        }
    }

    fn fill_with(&mut self, old: &[usize], new: &[usize], gap: i32) {
        if old.is_empty() || new.is_empty() {
            return;
        }
        let old_tokens: Vec<Token> = old.iter().map(|&at| self.old[at]).collect();
        let new_tokens: Vec<Token> = new.iter().map(|&at| self.new[at]).collect();
        for (old_at, new_at) in pair(&old_tokens, &new_tokens, gap) {
            self.join(old[old_at], new[new_at]);
        }
    }

    /// Pairs what little reads alike between two pairs that are a few tokens apart on both sides.
    fn fill_small(&mut self) {
        let mut last = None;
        for at in 0..self.old.len() {
            let Some(new) = self.to(at) else { continue };
            if let Some((last_at, last_new)) = last.replace((at, new))
                && (2..=SMALL + 1).contains(&(at - last_at))
                && new > last_new + 1
                && new - last_new <= SMALL + 1
            {
                let free: Vec<usize> = (last_new + 1..new).filter(|&at| self.from[at] == NONE).collect();
                self.fill_with(&(last_at + 1..at).collect::<Vec<_>>(), &free, SMALL_GAP);
            }
        }
    }

    /// Pairs runs of free tokens wherever they stand, and what is around them.
    fn move_runs(&mut self, hashes: &(Hashes, Hashes), length: usize) {
        let (old_room, new_room) = (rooms(&self.to), rooms(&self.from));
        let sides = (
            Side { tokens: &self.old, hashes: &hashes.0, room: &old_room },
            Side { tokens: &self.new, hashes: &hashes.1, room: &new_room },
        );
        let runs = unique_runs(sides.0, sides.1, (0..self.old.len(), 0..self.new.len()), length);
        let mut moved = Vec::new();
        // How far the last run reaches that has the same distance between old and new: it holds later seeds, too.
        let mut reached: HashMap<usize, usize> = HashMap::new();
        for run in runs {
            let reach = reached.entry(self.old.len() + run.new - run.old).or_default();
            if run.old < *reach {
                continue;
            }
            let run = self.widened(run);
            *reach = run.old + run.length;
            let weight =
                (run.old..run.old + run.length).map(|at| u32::from(self.old[at].weight)).sum::<u32>();
            if weight >= MOVED_WEIGHT_MIN {
                moved.push((weight, run));
            }
        }
        moved.sort_by_key(|&(weight, _)| std::cmp::Reverse(weight));
        let mut taken = Vec::new();
        for (_, run) in moved {
            let free = (0..run.length).all(|step| self.are_alike_and_free(run.old + step, run.new + step));
            if free {
                for step in 0..run.length {
                    self.join(run.old + step, run.new + step);
                }
                taken.push(run);
            }
        }
        for run in taken {
            self.grow(run);
        }
    }

    fn widened(&self, mut run: Run) -> Run {
        while run.old > 0 && run.new > 0 && self.are_alike_and_free(run.old - 1, run.new - 1) {
            run = Run { old: run.old - 1, new: run.new - 1, length: run.length + 1 };
        }
        while run.old + run.length < self.old.len()
            && run.new + run.length < self.new.len()
            && self.are_alike_and_free(run.old + run.length, run.new + run.length)
        {
            run.length += 1;
        }
        run
    }

    /// Pairs what stands next to words that moved, up to the next token that has a partner.
    fn grow(&mut self, run: Run) {
        let ahead = |taken: &[u32], from: usize| {
            from..taken[from..].iter().take(AROUND).take_while(|&&at| at == NONE).count() + from
        };
        let behind = |taken: &[u32], to: usize| {
            to - taken[..to].iter().rev().take(AROUND).take_while(|&&at| at == NONE).count()..to
        };
        self.fill(ahead(&self.to, run.old + run.length), ahead(&self.from, run.new + run.length));
        self.fill(behind(&self.to, run.old), behind(&self.from, run.new));
    }

    /// Words that were left out or put in begin at a sentence or line where they can: "a b. a c." → "a c." has lost
    /// its first sentence, not the words "b. a".
    fn slide_all(&mut self) {
        slide(&mut self.to, &mut self.from, &self.old);
        slide(&mut self.from, &mut self.to, &self.new);
    }
}

/// How many tokens from each on have no partner.
fn rooms(partners: &[u32]) -> Vec<u32> {
    let mut rooms = vec![0; partners.len()];
    let mut room = 0;
    for (at, &partner) in partners.iter().enumerate().rev() {
        room = if partner == NONE { room + 1 } else { 0 };
        rooms[at] = room;
    }
    rooms
}

fn descending(count: usize) -> Vec<u32> {
    (1..=u32::try_from(count).unwrap_or(u32::MAX)).rev().collect()
}

/// Moves each stretch of tokens without partners to where it begins best.
fn slide(partners: &mut [u32], reverse: &mut [u32], tokens: &[Token]) {
    let mut start = 0;
    while start < partners.len() {
        if partners[start] != NONE {
            start += 1;
            continue;
        }
        let end = partners[start..]
            .iter()
            .position(|&partner| partner != NONE)
            .map_or(partners.len(), |n| start + n);
        let is_pure =
            start > 0 && end < partners.len() && partners[start - 1].checked_add(1) == Some(partners[end]);
        let Some(best) = is_pure.then(|| best_start(partners, tokens, start, end)) else {
            start = end;
            continue;
        };
        let mut at = start;
        while at > best {
            at -= 1;
            let (from, to) = (at, at + (end - start));
            partners[to] = partners[from];
            partners[from] = NONE;
            reverse[partners[to] as usize] = u32::try_from(to).unwrap_or(NONE);
        }
        while at < best {
            let (from, to) = (at + (end - start), at);
            partners[to] = partners[from];
            partners[from] = NONE;
            reverse[partners[to] as usize] = u32::try_from(to).unwrap_or(NONE);
            at += 1;
        }
        start = best.max(start) + (end - start);
    }
}

/// Where a stretch can be moved to so that it begins at the strongest break; where it is if that makes no difference.
fn best_start(partners: &[u32], tokens: &[Token], start: usize, end: usize) -> usize {
    let breaks = |at: usize| tokens.get(at).map_or(Break::Line, |token| token.before);
    let mut best = (breaks(start), start);
    let mut at = start;
    // Not past what belongs to another run.
    while at > 0
        && start - at < SLIDE_MAX
        && tokens[at - 1].id == tokens[at - 1 + end - start].id
        && partners[at - 1] != NONE
        && partners[at - 1].checked_add(1) == Some(if at == start { partners[end] } else { partners[at] })
    {
        at -= 1;
        if breaks(at) > best.0 {
            best = (breaks(at), at);
        }
    }
    at = start;
    while at + (end - start) < tokens.len()
        && at - start < SLIDE_MAX
        && tokens[at].id == tokens[at + (end - start)].id
        && partners[at + (end - start)] != NONE
        && partners[at + (end - start)].checked_sub(1)
            == Some(if at == start { partners[start - 1] } else { partners[at + (end - start) - 1] })
    {
        at += 1;
        if breaks(at) > best.0 {
            best = (breaks(at), at);
        }
    }
    best.1
}
