//! What two texts have in common, and what became of the rest.
//!
//! [`compare`] sets two documents side by side, block by block; the alignment of words it builds on is the one that marks
//! are led through (see [`anchor`](super::anchor)).

pub(in crate::text) mod align;
pub(in crate::text) mod gap;
mod groups;
mod pieces;
mod rows;
mod seeds;
#[cfg(test)]
mod tests;
pub(in crate::text) mod tokens;

use std::ops::Range;

use serde::Serialize;

use super::document::Document;
use super::offsets::Extent;
use align::Alignment;

/// Two documents side by side.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comparison {
    /// From top to bottom. Read down one side, the rows show all of that document's blocks in order, once.
    pub rows: Vec<Row>,
}

/// What stands beside each other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    pub change: Change,
    /// Which blocks of the old document; empty if there are none. Several where paragraphs were joined.
    pub old: Range<usize>,
    /// Which blocks of the new document; empty if there are none. Several where a paragraph was split.
    pub new: Range<usize>,
    /// For what moved: the row of the other place.
    pub other: Option<usize>,
    /// The words of both sides in order: they cover the row's blocks and what separates them, without gaps. For
    /// [`Change::MovedHere`] also those of the blocks that are shown in the other row; none for [`Change::MovedAway`].
    pub pieces: Vec<Piece>,
}

/// What became of blocks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// The same words.
    Same,
    /// Some words differ.
    Edited,
    /// Only the new document has them.
    Added,
    /// Only the old document has them.
    Removed,
    /// They stood elsewhere in the old document, which may have said it differently. The row has no old blocks.
    MovedHere,
    /// They stand elsewhere in the new document. The row has no new blocks.
    MovedAway,
}

/// Words that are alike on both sides or stand on one of them only, by code points of either document's text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Piece {
    pub kind: PieceKind,
    /// Where it is in the old text; empty, where it would be, for what was added.
    pub old: Extent,
    /// Where it is in the new text; empty, where it would be, for what was removed.
    pub new: Extent,
}

/// On which side words stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum PieceKind {
    /// The very same characters on both.
    Same,
    Removed,
    Added,
}

/// Sets two documents side by side, in time and space linear in both but for sorting.
#[must_use]
pub fn compare(old: &Document, new: &Document) -> Comparison {
    rows::of(old, new, &Alignment::of(old.text(), new.text()))
}
