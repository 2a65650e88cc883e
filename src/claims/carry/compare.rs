//! Two versions of an article side by side, with the marks of both.

use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use actix_web::web;
use serde::Serialize;

use crate::articles::texts::Shelf;
use crate::error::{Error, Result};
use crate::id::VersionId;
use crate::text::Document;
use crate::text::diff::{self, Change, Comparison, Piece, PieceKind, Row};
use crate::text::offsets::{Extent, Offsets};

/// How much of what was compared is kept, in bytes.
const ROOM: usize = 8 * 1024 * 1024;

type Pairs = Mutex<Shelf<(VersionId, VersionId), Arc<Comparison>>>;

/// Versions never change, so neither does what two of them have in common.
static PAIRS: LazyLock<Pairs> = LazyLock::new(|| Mutex::new(Shelf::new(ROOM)));

/// Compares two versions, or remembers it. It takes time, so it runs beside the threads that answer.
///
/// # Errors
/// When the comparison ends before its time.
pub async fn compared(
    (old, old_text): (VersionId, Arc<Document>),
    (new, new_text): (VersionId, Arc<Document>),
) -> Result<Arc<Comparison>> {
    let key = (old, new);
    if let Some(known) = PAIRS.lock().unwrap_or_else(PoisonError::into_inner).get(&key) {
        return Ok(known);
    }
    let comparison = web::block(move || compare(&old_text, &new_text)).await.map_err(Error::internal)?;
    let comparison = Arc::new(comparison);
    let pieces: usize = comparison.rows.iter().map(|row| row.pieces.len()).sum();
    let size = comparison.rows.len() * size_of::<Row>() + pieces * size_of::<Piece>();
    PAIRS.lock().unwrap_or_else(PoisonError::into_inner).put(key, comparison.clone(), size);
    Ok(comparison)
}

/// Compares two documents, so that a number that changed is one change: not “3” and “1”, but “3.1”.
#[must_use]
pub fn compare(old: &Document, new: &Document) -> Comparison {
    let mut comparison = diff::compare(old, new);
    let (old, new) = (old.offsets(), new.offsets());
    for row in &mut comparison.rows {
        row.pieces = Numbers { pieces: &row.pieces, old: &old, new: &new }.whole();
    }
    comparison
}

/// Pieces in which numbers are taken as wholes.
struct Numbers<'a> {
    pieces: &'a [Piece],
    old: &'a Offsets<'a>,
    new: &'a Offsets<'a>,
}

/// Changes side by side, and whether something around them was taken in.
#[derive(Default)]
struct Group {
    pieces: Vec<Piece>,
    old: Option<Extent>,
    new: Option<Extent>,
    grown: bool,
}

impl Group {
    fn take(&mut self, old: Extent, new: Extent) {
        let grow = |mine: Option<Extent>, more: Extent| {
            Some(Extent::new(mine.map_or(more.start, |mine| mine.start), more.end))
        };
        self.old = grow(self.old, old);
        self.new = grow(self.new, new);
    }

    fn end(self, whole: &mut Vec<Piece>) {
        let (Some(old), Some(new)) = (self.old, self.new) else { return };
        if !self.grown {
            whole.extend(self.pieces);
            return;
        }
        let removed = Piece { kind: PieceKind::Removed, old, new: Extent::new(new.start, new.start) };
        let added = Piece { kind: PieceKind::Added, old: Extent::new(old.end, old.end), new };
        whole.extend(
            [removed, added].into_iter().filter(|piece| !(piece.old.is_empty() && piece.new.is_empty())),
        );
    }
}

impl Numbers<'_> {
    fn whole(&self) -> Vec<Piece> {
        let mut whole = Vec::with_capacity(self.pieces.len());
        let mut group = Group::default();
        for (at, piece) in self.pieces.iter().enumerate() {
            if piece.kind != PieceKind::Same {
                group.take(piece.old, piece.new);
                group.pieces.push(*piece);
                continue;
            }
            let length = piece.new.len();
            let (begin, end) = (self.begin(at), self.end(at));
            let cut = |from: u32, to: u32| {
                let part = |side: Extent| Extent::new(side.start + from, side.start + to);
                (part(piece.old), part(piece.new))
            };
            if begin + end >= length {
                group.grown = true;
                group.take(piece.old, piece.new);
                continue;
            }
            if begin > 0 {
                let (old, new) = cut(0, begin);
                group.grown = true;
                group.take(old, new);
            }
            std::mem::take(&mut group).end(&mut whole);
            let (old, new) = cut(begin, length - end);
            whole.push(Piece { kind: PieceKind::Same, old, new });
            if end > 0 {
                let (old, new) = cut(length - end, length);
                group.grown = true;
                group.take(old, new);
            }
        }
        group.end(&mut whole);
        whole
    }

    /// Whether a digit stands at the edge of what changed beside a piece: before its begin, or behind its end.
    fn is_numeric(&self, changed: Option<&Piece>, last: bool) -> bool {
        changed.is_some_and(|piece| {
            let (offsets, side) =
                if piece.kind == PieceKind::Removed { (self.old, piece.old) } else { (self.new, piece.new) };
            let words = offsets.slice(side).unwrap_or_default();
            let edge = if last { words.chars().next_back() } else { words.chars().next() };
            piece.kind != PieceKind::Same && edge.is_some_and(char::is_numeric)
        })
    }

    /// How many code points at the begin of what is the same belong to a number that changed before it.
    fn begin(&self, at: usize) -> u32 {
        if !self.is_numeric(at.checked_sub(1).map(|before| &self.pieces[before]), true) {
            return 0;
        }
        let words = self.new.slice(self.pieces[at].new).unwrap_or_default();
        continues(words.chars(), self.is_numeric(self.pieces.get(at + 1), false))
    }

    /// How many at its end belong to a number that changes behind it.
    fn end(&self, at: usize) -> u32 {
        if !self.is_numeric(self.pieces.get(at + 1), false) {
            return 0;
        }
        let words = self.new.slice(self.pieces[at].new).unwrap_or_default();
        continues(
            words.chars().rev(),
            self.is_numeric(at.checked_sub(1).map(|before| &self.pieces[before]), true),
        )
    }
}

/// How many of these go on with a number: digits, and what stands between two of them. `beyond` says whether a digit
/// comes after the last one.
fn continues(characters: impl Iterator<Item = char>, beyond: bool) -> u32 {
    let mut characters = characters.peekable();
    let mut count = 0;
    while let Some(character) = characters.next() {
        let goes_on = character.is_numeric()
            || (matches!(character, '.' | ',' | ':' | '’' | '\u{a0}' | '\u{202f}')
                && characters.peek().map_or(beyond, |next| next.is_numeric()));
        if !goes_on {
            break;
        }
        count += 1;
    }
    count
}

/// How much changed from one text to another.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize)]
pub struct Extents {
    /// Words that only the new text has, and only the old one.
    pub added: usize,
    pub removed: usize,
    /// Paragraphs that stand elsewhere.
    pub moved: usize,
}

impl Extents {
    /// Counts what a comparison found.
    #[must_use]
    pub fn of(comparison: &Comparison, old: &Document, new: &Document) -> Self {
        let (old, new) = (old.offsets(), new.offsets());
        let words = |offsets: &Offsets<'_>, extent: Extent| {
            offsets.slice(extent).map_or(0, |text| text.split_whitespace().count())
        };
        let mut extents = Self::default();
        for row in &comparison.rows {
            match row.change {
                Change::MovedHere => extents.moved += row.new.len(),
                Change::MovedAway => continue,
                Change::Same | Change::Edited | Change::Added | Change::Removed => {}
            }
            for piece in &row.pieces {
                match piece.kind {
                    PieceKind::Same => {}
                    PieceKind::Added => extents.added += words(&new, piece.new),
                    PieceKind::Removed => extents.removed += words(&old, piece.old),
                }
            }
        }
        extents
    }
}

/// A mark that is drawn on one of the two sides, in code points of that side's text.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    pub start: u32,
    pub end: u32,
}

/// A run of words that are alike: on which sides they stand, and which marks cover them.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Run {
    pub kind: PieceKind,
    pub text: String,
    /// Marks of the old side and of the new one, by their places in the lists that were given.
    pub old: Vec<usize>,
    pub new: Vec<usize>,
    /// Those of them that end with this run.
    pub old_ends: Vec<usize>,
    pub new_ends: Vec<usize>,
}

/// Which side of a row is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Side {
    Old,
    New,
    Both,
}

/// Cuts the words of a row where marks begin and end.
#[derive(Debug)]
pub struct Cutter<'a> {
    old: Offsets<'a>,
    new: Offsets<'a>,
    old_marks: &'a [Place],
    new_marks: &'a [Place],
}

impl<'a> Cutter<'a> {
    /// Marks are given by their start.
    #[must_use]
    pub fn new(old: &'a Document, new: &'a Document, old_marks: &'a [Place], new_marks: &'a [Place]) -> Self {
        Self { old: old.offsets(), new: new.offsets(), old_marks, new_marks }
    }

    /// The words of one side of a row, or of both.
    #[must_use]
    pub fn runs(&self, pieces: &[Piece], side: Side) -> Vec<Run> {
        let wanted = |piece: &&Piece| match (side, piece.kind) {
            (Side::Both, _) | (_, PieceKind::Same) => true,
            (Side::Old, kind) => kind == PieceKind::Removed,
            (Side::New, kind) => kind == PieceKind::Added,
        };
        let with_old = side != Side::New;
        let with_new = side != Side::Old;
        pieces.iter().filter(wanted).flat_map(|piece| self.cut(piece, with_old, with_new)).collect()
    }

    /// The words of a range of one side, as one piece.
    #[must_use]
    pub fn whole(&self, extent: Extent, side: Side, kind: PieceKind) -> Vec<Run> {
        let empty = Extent::new(extent.start, extent.start);
        let piece = match side {
            Side::Old => Piece { kind, old: extent, new: empty },
            Side::New | Side::Both => Piece { kind, old: empty, new: extent },
        };
        self.cut(&piece, side == Side::Old, side != Side::Old)
    }

    fn cut(&self, piece: &Piece, with_old: bool, with_new: bool) -> Vec<Run> {
        let with_old = with_old && !piece.old.is_empty();
        let with_new = with_new && !piece.new.is_empty();
        // Same pieces have one length on both sides, so that one cut serves both.
        let (offsets, extent) =
            if piece.new.is_empty() { (&self.old, piece.old) } else { (&self.new, piece.new) };
        let old = if with_old { covering(self.old_marks, piece.old) } else { Vec::new() };
        let new = if with_new { covering(self.new_marks, piece.new) } else { Vec::new() };
        let mut cuts = vec![0, extent.len()];
        for (marks, list, side) in [(&old, self.old_marks, piece.old), (&new, self.new_marks, piece.new)] {
            for mark in marks {
                cuts.push(list[*mark].start.saturating_sub(side.start).min(extent.len()));
                cuts.push((list[*mark].end.max(side.start) - side.start).min(extent.len()));
            }
        }
        cuts.sort_unstable();
        cuts.dedup();
        cuts.windows(2)
            .filter_map(|cut| {
                let (from, to) = (cut[0], cut[1]);
                let text = offsets.slice(Extent::new(extent.start + from, extent.start + to))?;
                let on = |marks: &[usize], list: &[Place], side: Extent| -> (Vec<usize>, Vec<usize>) {
                    let (start, end) = (side.start + from, side.start + to);
                    let here = marks.iter().copied();
                    let here: Vec<_> =
                        here.filter(|mark| list[*mark].start <= start && list[*mark].end >= end).collect();
                    let ends = here.iter().copied().filter(|mark| list[*mark].end == end).collect();
                    (here, ends)
                };
                let (old_marks, old_ends) = on(&old, self.old_marks, piece.old);
                let (new_marks, new_ends) = on(&new, self.new_marks, piece.new);
                let text = text.to_owned();
                Some(Run { kind: piece.kind, text, old: old_marks, new: new_marks, old_ends, new_ends })
            })
            .collect()
    }
}

/// The marks that share words with a range: by their places in the list.
fn covering(marks: &[Place], extent: Extent) -> Vec<usize> {
    let until = marks.partition_point(|mark| mark.start < extent.end);
    (0..until).filter(|mark| marks[*mark].end > extent.start).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::text::import::from_plain;

    fn words(runs: &[Run], side: Side) -> String {
        let here = |run: &&Run| match side {
            Side::Old => run.kind != PieceKind::Added,
            Side::New => run.kind != PieceKind::Removed,
            Side::Both => true,
        };
        runs.iter().filter(here).map(|run| run.text.as_str()).collect()
    }

    #[test]
    fn a_change_is_counted_in_words_and_paragraphs() {
        let paragraphs = [
            "The harbour handled 3.1 million tonnes last year, she said.",
            "On Tuesday the council met again. It rained all day in the town.",
            "The end of it.",
        ];
        let old = from_plain(&paragraphs.join("\n\n")).unwrap();
        let harbour = paragraphs[0].replace("3.1", "2.9");
        let new = from_plain(&[paragraphs[1], &harbour, paragraphs[2]].join("\n\n")).unwrap();
        let (old, new) = (old.document, new.document);
        let extents = Extents::of(&compare(&old, &new), &old, &new);
        assert_eq!(extents, Extents { added: 1, removed: 1, moved: 1 });
    }

    #[test]
    fn a_number_that_changed_is_one_change() {
        for (old, new) in [("3.1", "2.9"), ("3.1", "3.4"), ("214,000", "198,000"), ("1,200,000", "1,300")] {
            let text = |number: &str| {
                from_plain(&format!("It cost {number} million, as it’s said.")).unwrap().document
            };
            let (was, is) = (text(old), text(new));
            let comparison = compare(&was, &is);
            let runs = Cutter::new(&was, &is, &[], &[]).runs(&comparison.rows[0].pieces, Side::Both);
            let changed: Vec<_> =
                runs.iter().filter(|run| run.kind != PieceKind::Same).map(|run| run.text.as_str()).collect();
            assert_eq!(changed, [old, new]);
            assert_eq!(Extents::of(&comparison, &was, &is), Extents { added: 1, removed: 1, moved: 0 });
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(300))]
        #[test]
        fn each_side_of_a_row_says_what_its_text_says_however_it_is_marked(
            old in "[a-c🌍 ]{1,12}( [a-cé]{1,4}){0,12}(\n\n[a-c]{1,5} [b-d ]{0,9}x){0,3}",
            new in "[a-c🌍 ]{1,12}( [a-cé]{1,4}){0,12}(\n\n[a-c]{1,5} [b-d ]{0,9}x){0,3}",
            mut ranges in prop::collection::vec((0_u32..60, 1_u32..20), 0..6),
        ) {
            let (Ok(old), Ok(new)) = (from_plain(&old), from_plain(&new)) else { return Ok(()) };
            let (old, new) = (old.document, new.document);
            ranges.sort_unstable();
            let places = |document: &Document| -> Vec<Place> {
                let length = document.length();
                ranges
                    .iter()
                    .filter(|(start, _)| *start < length)
                    .map(|(start, size)| Place { start: *start, end: (start + size).min(length) })
                    .collect()
            };
            let (old_marks, new_marks) = (places(&old), places(&new));
            let cutter = Cutter::new(&old, &new, &old_marks, &new_marks);
            let comparison = compare(&old, &new);
            let extent = |document: &Document, blocks: &std::ops::Range<usize>| {
                Extent::new(document.blocks()[blocks.start].start, document.blocks()[blocks.end - 1].end)
            };
            for row in &comparison.rows {
                if row.change == Change::MovedAway {
                    continue;
                }
                if !row.new.is_empty() {
                    let expected = new.slice(extent(&new, &row.new)).unwrap();
                    prop_assert_eq!(&words(&cutter.runs(&row.pieces, Side::New), Side::New), expected);
                    prop_assert_eq!(&words(&cutter.runs(&row.pieces, Side::Both), Side::New), expected);
                }
                if !row.old.is_empty() {
                    let expected = old.slice(extent(&old, &row.old)).unwrap();
                    prop_assert_eq!(&words(&cutter.runs(&row.pieces, Side::Old), Side::Old), expected);
                    prop_assert_eq!(&words(&cutter.runs(&row.pieces, Side::Both), Side::Old), expected);
                }
            }
        }
    }
}
