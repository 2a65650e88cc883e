//! Cuts what stands beside each other into words that are alike and words that are not.

use super::align::Alignment;
use super::seeds::{Run, chain};
use super::{Piece, PieceKind};
use crate::text::offsets::{Extent, Offsets};

/// Two texts and which of their words are the same.
pub(super) struct Pieces<'a> {
    pub(super) old: &'a Offsets<'a>,
    pub(super) new: &'a Offsets<'a>,
    pub(super) alignment: &'a Alignment,
}

impl Pieces<'_> {
    /// The pieces of a stretch of either text.
    pub(super) fn of(&self, old: Extent, new: Extent) -> Vec<Piece> {
        let mut row = Cut { texts: self, old_at: old.start, new_at: new.start, pieces: Vec::new() };
        for run in chain(&self.runs(old, new)) {
            for step in 0..run.length {
                let (token, partner) =
                    (self.alignment.old[run.old + step], self.alignment.new[run.new + step]);
                row.go_on_to(token.start, partner.start);
                row.go_on_to(token.end, partner.end);
            }
        }
        row.go_on_to(old.end, new.end);
        row.pieces
    }

    /// Pairs of tokens in these stretches, in the order of the old one.
    fn runs(&self, old: Extent, new: Extent) -> Vec<Run> {
        let first = self.alignment.old.partition_point(|token| token.start < old.start);
        let last = self.alignment.old.partition_point(|token| token.end <= old.end);
        let mut runs: Vec<Run> = Vec::new();
        for at in first..last {
            let Some(partner) = self.alignment.to(at) else { continue };
            let token = self.alignment.new[partner];
            if token.start < new.start || token.end > new.end {
                continue;
            }
            match runs.last_mut() {
                Some(run) if run.old + run.length == at && run.new + run.length == partner => run.length += 1,
                _ => runs.push(Run { old: at, new: partner, length: 1 }),
            }
        }
        runs
    }
}

struct Cut<'a> {
    texts: &'a Pieces<'a>,
    old_at: u32,
    new_at: u32,
    pieces: Vec<Piece>,
}

impl Cut<'_> {
    /// Goes on to these places of both texts. What lies before them is alike as a whole, or only its spaces are.
    fn go_on_to(&mut self, old_end: u32, new_end: u32) {
        let words = |offsets: &Offsets<'_>, from, to| {
            let bytes = offsets.byte(from)..offsets.byte(to);
            offsets.text()[bytes].to_owned()
        };
        let old = words(self.texts.old, self.old_at, old_end);
        let new = words(self.texts.new, self.new_at, new_end);
        if old == new {
            return self.push(PieceKind::Same, old_end - self.old_at, new_end - self.new_at);
        }
        let spaces = |pairs: &mut dyn Iterator<Item = (char, char)>| {
            let alike = pairs.take_while(|(one, other)| one == other && one.is_whitespace());
            u32::try_from(alike.count()).unwrap_or(0)
        };
        let leading = spaces(&mut old.chars().zip(new.chars()));
        self.push(PieceKind::Same, leading, leading);
        let shorter = (old_end - self.old_at).min(new_end - self.new_at);
        let trailing = spaces(&mut old.chars().rev().zip(new.chars().rev())).min(shorter);
        self.push(PieceKind::Removed, old_end - trailing - self.old_at, 0);
        self.push(PieceKind::Added, 0, new_end - trailing - self.new_at);
        self.push(PieceKind::Same, trailing, trailing);
    }

    fn push(&mut self, kind: PieceKind, old: u32, new: u32) {
        if old == 0 && new == 0 {
            return;
        }
        let (old_end, new_end) = (self.old_at + old, self.new_at + new);
        match self.pieces.last_mut() {
            Some(last) if last.kind == kind => {
                last.old.end = old_end;
                last.new.end = new_end;
            }
            _ => self.pieces.push(Piece {
                kind,
                old: Extent::new(self.old_at, old_end),
                new: Extent::new(self.new_at, new_end),
            }),
        }
        (self.old_at, self.new_at) = (old_end, new_end);
    }
}
