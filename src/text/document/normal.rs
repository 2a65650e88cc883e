//! Which characters a document keeps, and their composed form.

use unicode_normalization::char::{canonical_combining_class, decompose_canonical};
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

use crate::text::offsets::code_points;

/// What an import does with one character.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::text) enum Admitted {
    /// A space that a browser collapses.
    Space,
    /// A line break.
    Break,
    Kept(char),
    /// Control and non-characters: nobody reads them, XML cannot carry them, PostgreSQL refuses NUL.
    Dropped,
}

pub(in crate::text) fn admit(character: char) -> Admitted {
    match character {
        ' ' | '\t' => Admitted::Space,
        '\n' | '\r' | '\u{B}' | '\u{C}' | '\u{85}' | '\u{2028}' | '\u{2029}' => Admitted::Break,
        '\u{FEFF}' | '\u{FDD0}'..='\u{FDEF}' => Admitted::Dropped,
        _ if character.is_control() || (u32::from(character) & 0xFFFE) == 0xFFFE => Admitted::Dropped,
        _ => Admitted::Kept(character),
    }
}

/// Whether there is nothing to read: spaces, and characters that show nothing.
pub(in crate::text) fn is_blank(text: &str) -> bool {
    text.chars().all(|character| {
        character.is_whitespace()
            || matches!(character, '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{2060}'..='\u{2064}' | '\u{FEFF}')
    })
}

/// Composes a text (normalisation form C) and says where offsets of it went: `moved(offset, false)` for the start of a
/// range, `moved(offset, true)` for its end. A range that begins or ends inside what was composed takes all of it.
pub(in crate::text) fn compose(text: &str) -> (String, Moved) {
    if text.is_ascii() || is_nfc_quick(text.chars()) == IsNormalized::Yes {
        return (text.to_owned(), Moved(Vec::new()));
    }
    let mut composed = String::with_capacity(text.len());
    let mut clusters = Vec::new();
    let (mut before, mut after) = (0_u32, 0_u32);
    let mut chars = text.char_indices().peekable();
    while let Some((start, first)) = chars.next() {
        // A cluster ends where the next character can neither be composed with what precedes nor be reordered.
        let mut end = start + first.len_utf8();
        let mut length = 1;
        while let Some(&(next_start, next)) = chars.peek() {
            if starts_cluster(next) {
                break;
            }
            end = next_start + next.len_utf8();
            length += 1;
            chars.next();
        }
        let written = composed.len();
        composed.extend(text[start..end].nfc());
        let composed_length = code_points(&composed[written..]);
        if length != 1 || composed_length != 1 {
            clusters.push(Cluster { before, length, after, composed_length });
        }
        before += length;
        after += composed_length;
    }
    (composed, Moved(clusters))
}

/// Whether a character stands on its own: its decomposition neither composes with what precedes nor is reordered.
fn starts_cluster(character: char) -> bool {
    let mut first = None;
    decompose_canonical(character, |part| {
        first.get_or_insert(part);
    });
    first.is_none_or(|first| {
        canonical_combining_class(first) == 0 && is_nfc_quick(std::iter::once(first)) == IsNormalized::Yes
    })
}

/// Characters that were composed together.
#[derive(Debug)]
struct Cluster {
    before: u32,
    length: u32,
    after: u32,
    composed_length: u32,
}

/// Where offsets went when a text was composed.
#[derive(Debug)]
pub(in crate::text) struct Moved(Vec<Cluster>);

impl Moved {
    pub(in crate::text) fn start(&self, offset: u32) -> u32 {
        self.to(offset, false)
    }

    pub(in crate::text) fn end(&self, offset: u32) -> u32 {
        self.to(offset, true)
    }

    fn to(&self, offset: u32, is_end: bool) -> u32 {
        let Some(cluster) = self.0.partition_point(|cluster| cluster.before <= offset).checked_sub(1) else {
            return offset;
        };
        let cluster = &self.0[cluster];
        let inside = offset - cluster.before;
        if inside == 0 {
            cluster.after
        } else if inside < cluster.length {
            cluster.after + if is_end { cluster.composed_length } else { 0 }
        } else {
            cluster.after + cluster.composed_length + inside - cluster.length
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use unicode_normalization::is_nfc;

    use super::*;

    #[test]
    fn offsets_follow_what_is_composed() {
        let (composed, moved) = compose("ne\u{301}e 각 x");
        assert_eq!(composed, "n\u{e9}e \u{ac01} x");
        assert_eq!([0, 1, 2, 3, 4].map(|at| moved.start(at)), [0, 1, 1, 2, 3]);
        assert_eq!([0, 1, 2, 3, 4].map(|at| moved.end(at)), [0, 1, 2, 2, 3]);
    }

    proptest! {
        #[test]
        fn composing_is_nfc_and_keeps_the_length(text in "(e|\u{301}|\u{327}|\u{1100}|\u{1161}|\u{11a8}|\u{212b}|\u{344}|\u{958}| |x){0,40}") {
            let (composed, moved) = compose(&text);
            prop_assert!(is_nfc(&composed));
            prop_assert_eq!(&composed, &text.nfc().collect::<String>());
            let (length, new_length) = (code_points(&text), code_points(&composed));
            prop_assert_eq!(moved.end(length), new_length);
            for at in 0..length {
                prop_assert!(moved.start(at) <= moved.start(at + 1));
                prop_assert!(moved.start(at) < moved.end(at + 1) || at == length);
            }
        }
    }
}
