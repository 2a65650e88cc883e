//! Where marked words stand in the next version of their text, if they still do.
//!
//! Two texts are compared once ([`Revision::new`]); each selector is then led through that comparison
//! ([`Revision::locate`]), which takes no look at the texts as a whole. What the comparison pairs with other words is not
//! theirs to take: an equal word elsewhere is no answer to where a deleted one went.

mod image;
mod judge;
mod origin;
mod part;
mod search;
#[cfg(test)]
mod tests;

use std::sync::OnceLock;

use search::Index;

use super::diff::align::Alignment;
use super::offsets::{Extent, Offsets};
use super::selector::Selector;
use crate::codes::codes;

codes! {
    /// What became of marked words in another version.
    Outcome {
        /// The same words at the same place.
        Exact = "exact", "unchanged";
        /// The same words at another place.
        Shifted = "shifted", "moved";
        /// Words that were edited.
        Edited = "edited", "edited";
        /// Other words stand in their place.
        Changed = "changed", "replaced";
        /// Several places are as likely.
        Ambiguous = "ambiguous", "several places";
        /// The words are gone.
        Lost = "lost", "gone";
    }
}

impl Outcome {
    /// Whether what was said of the words holds for what was found, without anybody looking.
    #[must_use]
    pub const fn carries_over(self) -> bool {
        matches!(self, Self::Exact | Self::Shifted)
    }
}

/// Where a selector leads in the new text.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    pub outcome: Outcome,
    /// How much speaks for it, from 0 to 1.
    pub score: f32,
    /// Where the words, or those that stand for them, are in the new text. Always there for [`Outcome::carries_over`]
    /// and [`Outcome::Edited`]; for [`Outcome::Changed`] when a few words of a sentence were replaced; else `None`.
    pub place: Option<Extent>,
    /// Places for a person to choose from, likeliest first: the place, what stands where the words stood, equal words.
    pub candidates: Vec<Extent>,
}

impl Found {
    const fn nowhere() -> Self {
        Self { outcome: Outcome::Lost, score: 0.0, place: None, candidates: Vec::new() }
    }
}

/// Two versions of a text, compared.
#[derive(Debug)]
pub struct Revision<'a> {
    old: Offsets<'a>,
    new: Offsets<'a>,
    /// `None` when the texts are equal.
    alignment: Option<Alignment>,
    /// Made when the first selector needs it.
    index: OnceLock<Index>,
}

impl<'a> Revision<'a> {
    /// Compares two texts, in time and space linear in both but for sorting.
    #[must_use]
    pub fn new(old: &'a str, new: &'a str) -> Self {
        let alignment = (old != new).then(|| Alignment::of(old, new));
        Self { old: Offsets::new(old), new: Offsets::new(new), alignment, index: OnceLock::new() }
    }

    fn index(&self, alignment: &Alignment) -> &Index {
        self.index.get_or_init(|| Index::new(&alignment.new))
    }

    /// Finds what became of words of the old text in the new one.
    #[must_use]
    pub fn locate(&self, selector: &Selector) -> Found {
        origin::locate(self, selector)
    }
}
