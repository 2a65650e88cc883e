//! Sets blocks side by side: those that kept their order, and between them what was removed, added or moved.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use super::align::Alignment;
use super::groups::{Group, groups};
use super::pieces::Pieces;
use super::seeds::chain;
use super::{Change, Comparison, Piece, PieceKind, Row};
use crate::text::document::{Block, Document};
use crate::text::offsets::Extent;

pub(super) fn of(old: &Document, new: &Document, alignment: &Alignment) -> Comparison {
    let groups = groups(old.blocks(), new.blocks(), alignment);
    let runs: Vec<_> = groups.iter().map(Group::as_run).collect();
    let stayed: HashSet<usize> = chain(&runs).iter().map(|run| run.old).collect();
    let (old_offsets, new_offsets) = (old.offsets(), new.offsets());
    let moved = || groups.iter().filter(|group| !stayed.contains(&group.old.start));
    let mut table = Table {
        old,
        new,
        pieces: Pieces { old: &old_offsets, new: &new_offsets, alignment },
        rows: Vec::new(),
        moved_by_old: moved().map(|group| (group.old.start, group)).collect(),
        moved_by_new: moved().map(|group| (group.new.start, group)).collect(),
        away: Vec::new(),
        here: Vec::new(),
    };
    let (mut old_at, mut new_at) = (0, 0);
    for group in groups.iter().filter(|group| stayed.contains(&group.old.start)) {
        table.between(old_at..group.old.start, new_at..group.new.start);
        table.beside(group);
        (old_at, new_at) = (group.old.end, group.new.end);
    }
    table.between(old_at..old.blocks().len(), new_at..new.blocks().len());
    table.finish()
}

struct Table<'a> {
    old: &'a Document,
    new: &'a Document,
    pieces: Pieces<'a>,
    rows: Vec<Row>,
    /// By their first block.
    moved_by_old: HashMap<usize, &'a Group>,
    moved_by_new: HashMap<usize, &'a Group>,
    /// The rows where moved groups were, and are: (first old block, row).
    away: Vec<(usize, usize)>,
    here: Vec<(usize, usize)>,
}

impl Table<'_> {
    fn beside(&mut self, group: &Group) {
        let pieces = self.pieces_of(group);
        let change = if pieces.iter().all(|piece| piece.kind == PieceKind::Same) {
            Change::Same
        } else {
            Change::Edited
        };
        self.rows.push(Row { change, old: group.old.clone(), new: group.new.clone(), other: None, pieces });
    }

    fn pieces_of(&self, group: &Group) -> Vec<Piece> {
        let old = extent(self.old.blocks(), &group.old);
        let new = extent(self.new.blocks(), &group.new);
        self.pieces.of(old, new)
    }

    /// What stands between two rows of blocks that kept their order.
    fn between(&mut self, old: Range<usize>, new: Range<usize>) {
        let mut at = old.start;
        while at < old.end {
            if let Some(&group) = self.moved_by_old.get(&at) {
                self.away.push((at, self.rows.len()));
                self.rows.push(Row {
                    change: Change::MovedAway,
                    old: group.old.clone(),
                    new: new.start..new.start,
                    other: None,
                    pieces: Vec::new(),
                });
                at = group.old.end;
            } else {
                let removed = self.old.blocks()[at].extent();
                let piece =
                    Piece { kind: PieceKind::Removed, old: removed, new: start_of(self.new, new.start) };
                self.rows.push(Row {
                    change: Change::Removed,
                    old: at..at + 1,
                    new: new.start..new.start,
                    other: None,
                    pieces: vec![piece],
                });
                at += 1;
            }
        }
        let mut at = new.start;
        while at < new.end {
            if let Some(&group) = self.moved_by_new.get(&at) {
                self.here.push((group.old.start, self.rows.len()));
                let pieces = self.pieces_of(group);
                self.rows.push(Row {
                    change: Change::MovedHere,
                    old: old.end..old.end,
                    new: group.new.clone(),
                    other: None,
                    pieces,
                });
                at = group.new.end;
            } else {
                let added = self.new.blocks()[at].extent();
                let piece = Piece { kind: PieceKind::Added, old: start_of(self.old, old.end), new: added };
                self.rows.push(Row {
                    change: Change::Added,
                    old: old.end..old.end,
                    new: at..at + 1,
                    other: None,
                    pieces: vec![piece],
                });
                at += 1;
            }
        }
    }

    /// Leads the two rows of each moved group to each other.
    fn finish(mut self) -> Comparison {
        self.away.sort_unstable();
        self.here.sort_unstable();
        for (&(_, away), &(_, here)) in self.away.iter().zip(&self.here) {
            self.rows[away].other = Some(here);
            self.rows[here].other = Some(away);
        }
        Comparison { rows: self.rows }
    }
}

/// Where a block starts; where the text ends when there is none.
fn start_of(document: &Document, block: usize) -> Extent {
    let start = document.blocks().get(block).map_or(document.length(), |block| block.start);
    Extent::new(start, start)
}

fn extent(blocks: &[Block], range: &Range<usize>) -> Extent {
    Extent::new(blocks[range.start].start, blocks[range.end - 1].end)
}
