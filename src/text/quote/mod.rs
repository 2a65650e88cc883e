//! Whether a quotation stands in the text that it is said to come from.
//!
//! Three answers: it *stands* there, *nearly*, or it is *missing*. What a quotation may change without changing words is
//! folded: white space, quotation marks, dashes, soft hyphens, ligatures, normalisation. What whoever quotes may do openly is
//! understood: an ellipsis (`…`, `...`, `[…]`, `(...)`) leaves words out, square brackets put words in their place
//! (`[the minister]`), add some (`[sic]`), end a word otherwise (`walk[ed]`) or change the case of a first letter
//! (`[T]hey`). Nothing else is: another letter, digit, mark or case is a difference, and is shown.
//!
//! A quotation begins and ends with whole words and whole numbers: `he said` does not stand in “she said”, `3` not in
//! “3.5”, `5` not in “-5”.

mod difference;
mod near;
mod parts;
mod search;
#[cfg(test)]
mod tests;

use std::ops::Range;

pub use difference::{Difference, DifferenceKind, difference};

use super::document::normal::{compose, is_blank};
use super::offsets::{Extent, Offsets};
use super::selector::fold::{Folded, Folding};
use super::selector::{Passage, Selector};
use crate::codes::codes;

codes! {
    /// What looking for a quotation came to.
    QuoteCheck {
        /// The words are there.
        Stands = "stands", "stands in the copy";
        /// Words that are much like them are there.
        Nearly = "nearly", "stands nearly so";
        /// They are not there.
        Missing = "missing", "not found in the copy";
    }
}

/// How many code points the place of a quotation has at most, with what is left out in it.
pub const PLACE_MAX: u32 = 20_000;

/// Where a quotation stands, if it does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    pub check: QuoteCheck,
    /// The text's own words there. Always for [`QuoteCheck::Stands`] and [`QuoteCheck::Nearly`], else never.
    pub place: Option<Selector>,
}

impl Checked {
    const MISSING: Self = Self { check: QuoteCheck::Missing, place: None };
}

/// Looks for a quotation. Of several places it takes the first, or the one that is closest to `near`, in code points.
///
/// Takes time linear in the text; what a quotation can cost beside is bounded.
#[must_use]
pub fn check(text: &str, quote: &str, near: Option<u32>) -> Checked {
    let unified = quote.replace("\r\n", "\n");
    let (quote, _) = compose(unified.trim());
    let bare = quote.trim_matches(is_quotation_mark).trim();
    if is_blank(bare) {
        return Checked::MISSING;
    }
    let offsets = Offsets::new(text);
    let near = near.map(|at| offsets.byte(at));
    let folded = Folded::new(text, Folding::Quoted);
    let hits =
        [parts::plain(&quote), parts::plain(bare), parts::understood(bare)].into_iter().find_map(|parts| {
            let hits = search::places(&folded, &parts?);
            (!hits.is_empty()).then_some(hits)
        });
    let (check, hits) = match hits {
        Some(hits) => (QuoteCheck::Stands, hits),
        None => (QuoteCheck::Nearly, near::place(text, bare).into_iter().collect()),
    };
    let passages = hits
        .into_iter()
        .filter(|bytes| offsets.code_point(bytes.end) - offsets.code_point(bytes.start) <= PLACE_MAX);
    let distance = |bytes: &Range<usize>| near.map_or(0, |near| bytes.start.abs_diff(near));
    let Some(bytes) = passages.min_by_key(distance) else { return Checked::MISSING };
    let extent = Extent::new(offsets.code_point(bytes.start), offsets.code_point(bytes.end));
    let (start, end) = extent.as_integers();
    match Passage::at(text, start, end) {
        Ok(passage) => Checked { check, place: Some(Selector::of(text, &passage)) },
        Err(_) => Checked::MISSING,
    }
}

fn is_quotation_mark(character: char) -> bool {
    matches!(character, '"' | '\'' | '“' | '”' | '„' | '‟' | '«' | '»' | '‘' | '’' | '‚' | '‹' | '›')
}

/// Whether a script writes words without spaces between them, so that a word can begin at any character.
const fn is_unspaced(character: char) -> bool {
    matches!(character,
        '\u{E00}'..='\u{EFF}' | '\u{1000}'..='\u{109F}' | '\u{1780}'..='\u{17FF}' | '\u{3040}'..='\u{30FF}'
        | '\u{31F0}'..='\u{31FF}' | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}'
        | '\u{20000}'..='\u{3FFFF}')
}
