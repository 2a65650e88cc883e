//! Which part of a page is its article.

use std::ops::Range;

use super::overheard::Overheard;
use super::stack::RegionKind;
use crate::text::import::draft::Draft;

/// What the reader saw of the page's parts.
pub(super) struct Regions {
    pub(super) parts: Vec<(RegionKind, Range<usize>)>,
    pub(super) menu_left_out: bool,
    pub(super) overheard: Overheard,
}

impl Regions {
    /// Leaves only the article in the draft, if the page marks one that holds most of the text; says whether it did.
    pub(super) fn keep_article(&self, draft: &mut Draft) -> bool {
        let largest = |kind| {
            let regions = self.parts.iter().filter(move |(found, _)| *found == kind);
            regions.map(|(_, range)| range.clone()).max_by_key(|range| draft.weight(range.clone()))
        };
        let all = 0..draft.len();
        let main = largest(RegionKind::Main)
            .filter(|main| draft.weight(main.clone()) >= draft.weight(all.clone()) / 4);
        let outer = main.clone().unwrap_or(all.clone());
        let article = largest(RegionKind::Article)
            .filter(|article| draft.weight(article.clone()) >= draft.weight(outer) / 2);
        match article.or(main) {
            Some(kept) if kept != all && draft.weight(kept.clone()) > 0 => {
                draft.keep(kept);
                true
            }
            _ => false,
        }
    }
}
