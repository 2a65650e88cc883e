//! Grows a selection to whole words.

use unicode_segmentation::UnicodeSegmentation;

use crate::text::offsets::{Extent, Offsets};

/// How much of a line is looked at on either side of an edge, in bytes; no word is longer.
const REACH: usize = 256;

/// Moves the edges of a range out to the edges of the words they lie in
/// (<https://www.unicode.org/reports/tr29/#Word_Boundaries>), and in from spaces. A range without words stays as it is.
#[must_use]
pub fn snap_to_words(text: &str, range: Extent) -> Extent {
    let offsets = Offsets::new(text);
    let Some(words) = offsets.slice(range) else { return range };
    let trimmed = words.trim();
    if trimmed.is_empty() {
        return range;
    }
    let start = offsets.byte(range.start) + (words.len() - words.trim_start().len());
    let end = start + trimmed.len();
    let start = edges(text, start).start;
    let end = edges(text, end).end;
    Extent::new(offsets.code_point(start), offsets.code_point(end))
}

/// The word in which a byte lies, if it lies inside one; else the byte itself, twice.
fn edges(text: &str, byte: usize) -> std::ops::Range<usize> {
    let line_start = text[..byte].rfind('\n').map_or(0, |at| at + 1);
    let line_end = text[byte..].find('\n').map_or(text.len(), |at| byte + at);
    let mut from = byte.saturating_sub(REACH).max(line_start);
    while !text.is_char_boundary(from) {
        from -= 1;
    }
    let mut to = (byte + REACH).min(line_end);
    while !text.is_char_boundary(to) {
        to += 1;
    }
    let inside = text[from..to]
        .split_word_bound_indices()
        .map(|(at, word)| from + at..from + at + word.len())
        .find(|word| word.start < byte && byte < word.end);
    inside.unwrap_or(byte..byte)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn snapped(text: &str, start: u32, end: u32) -> &str {
        Offsets::new(text).slice(snap_to_words(text, Extent::new(start, end))).unwrap()
    }

    #[test]
    fn edges_go_out_to_words_and_in_from_spaces() {
        let text = "He can’t say “never,” Zoë\u{301}. 3,500 👩\u{200D}🔬s";
        assert_eq!(snapped(text, 4, 10), "can’t say");
        assert_eq!(snapped(text, 2, 9), "can’t");
        assert_eq!(snapped(text, 15, 17), "never");
        assert_eq!(snapped(text, 14, 21), "never,”");
        assert_eq!(snapped(text, 23, 24), "Zoë\u{301}");
        assert_eq!(snapped(text, 30, 31), "3,500");
        assert_eq!(snapped("ab\n\ncd", 1, 5), "ab\n\ncd");
        assert_eq!(snap_to_words("a   b", Extent::new(1, 3)), Extent::new(1, 3));
        assert_eq!(snap_to_words("ab", Extent::new(1, 9)), Extent::new(1, 9));
    }

    proptest! {
        #[test]
        fn no_word_is_lost_and_snapping_again_changes_nothing(
            text in "([a-zé’ .,א🌍\u{301}\n-]){1,80}", start in 0_u32..80, length in 1_u32..30,
        ) {
            let range = Extent::new(start, start + length);
            let once = snap_to_words(&text, range);
            if let Some(words) = Offsets::new(&text).slice(range).map(str::trim).filter(|words| !words.is_empty()) {
                prop_assert!(Offsets::new(&text).slice(once).unwrap().contains(words));
                prop_assert_eq!(snap_to_words(&text, once), once);
            }
        }
    }
}
