//! Code points and bytes: where the one is in the other.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A half-open range of code points; serialised as `[start, end]`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(from = "(u32, u32)", into = "(u32, u32)")]
pub struct Extent {
    pub start: u32,
    pub end: u32,
}

impl Extent {
    #[must_use]
    pub const fn new(start: u32, end: u32) -> Self {
        Self { start, end }
    }

    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.start >= self.end
    }

    /// How many code points it holds.
    #[must_use]
    pub const fn len(self) -> u32 {
        self.end.saturating_sub(self.start)
    }

    #[must_use]
    pub const fn contains(self, other: Self) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// The same range as PostgreSQL's `integer` has it.
    #[must_use]
    pub fn as_integers(self) -> (i32, i32) {
        (integer(self.start), integer(self.end))
    }
}

impl From<(u32, u32)> for Extent {
    fn from((start, end): (u32, u32)) -> Self {
        Self { start, end }
    }
}

impl From<Extent> for (u32, u32) {
    fn from(extent: Extent) -> Self {
        (extent.start, extent.end)
    }
}

impl fmt::Debug for Extent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}..{}", self.start, self.end)
    }
}

/// A code-point offset as the database stores it. Texts are far shorter than 2³¹ (see
/// [`TEXT_BYTES_MAX`](super::document::TEXT_BYTES_MAX)).
#[must_use]
pub fn integer(offset: u32) -> i32 {
    i32::try_from(offset).unwrap_or(i32::MAX)
}

/// How many code points a text has.
#[must_use]
pub fn code_points(text: &str) -> u32 {
    let count = text.bytes().filter(|byte| !is_continuation(*byte)).count();
    u32::try_from(count).unwrap_or(u32::MAX)
}

const fn is_continuation(byte: u8) -> bool {
    byte & 0b1100_0000 == 0b1000_0000
}

/// How many code points apart the entries of an [`Offsets`] table are.
const STRIDE: u32 = 64;

/// Finds the byte of a code point and the other way round, in any order: one entry for each 64 code points, none for
/// text that is all ASCII.
#[derive(Debug, Clone)]
pub struct Offsets<'a> {
    text: &'a str,
    length: u32,
    /// The byte where each 64th code point starts; empty for ASCII.
    samples: Vec<u32>,
}

impl<'a> Offsets<'a> {
    /// Reads the text once.
    #[must_use]
    pub fn new(text: &'a str) -> Self {
        if text.is_ascii() {
            let length = u32::try_from(text.len()).unwrap_or(u32::MAX);
            return Self { text, length, samples: Vec::new() };
        }
        let mut samples = Vec::with_capacity(text.len() / STRIDE as usize + 1);
        let mut length = 0_u32;
        for (byte, _) in text.char_indices() {
            if length.is_multiple_of(STRIDE) {
                samples.push(u32::try_from(byte).unwrap_or(u32::MAX));
            }
            length += 1;
        }
        Self { text, length, samples }
    }

    #[must_use]
    pub const fn text(&self) -> &'a str {
        self.text
    }

    /// How many code points the text has.
    #[must_use]
    pub const fn length(&self) -> u32 {
        self.length
    }

    /// The byte at which a code point starts; the text's length in bytes for one past the end.
    #[must_use]
    pub fn byte(&self, code_point: u32) -> usize {
        if code_point >= self.length {
            return self.text.len();
        }
        if self.samples.is_empty() {
            return code_point as usize;
        }
        let mut cursor = Cursor {
            bytes: self.text.as_bytes(),
            at: self.samples[(code_point / STRIDE) as usize] as usize,
            code_point: code_point - code_point % STRIDE,
        };
        cursor.advance_to(code_point)
    }

    /// How many code points start before a byte.
    #[must_use]
    pub fn code_point(&self, byte: usize) -> u32 {
        if byte >= self.text.len() {
            return self.length;
        }
        if self.samples.is_empty() {
            return u32::try_from(byte).unwrap_or(u32::MAX);
        }
        let sample = self.samples.partition_point(|&start| start as usize <= byte).saturating_sub(1);
        let start = self.samples[sample] as usize;
        let before = self.text.as_bytes()[start..byte].iter().filter(|byte| !is_continuation(**byte)).count();
        u32::try_from(sample * STRIDE as usize + before).unwrap_or(u32::MAX)
    }

    /// The words in a range; `None` when it is empty, reversed or ends past the text.
    #[must_use]
    pub fn slice(&self, extent: Extent) -> Option<&'a str> {
        (!extent.is_empty() && extent.end <= self.length)
            .then(|| &self.text[self.byte(extent.start)..self.byte(extent.end)])
    }
}

/// The words in a range of a text; `None` when it is empty, reversed or ends past the text. For many ranges of one text
/// an [`Offsets`] table is quicker.
#[must_use]
pub fn slice(text: &str, extent: Extent) -> Option<&str> {
    if extent.is_empty() {
        return None;
    }
    let mut cursor = Cursor::new(text);
    let start = cursor.advance_to(extent.start);
    let end = cursor.advance_to(extent.end);
    (cursor.code_point() == extent.end).then(|| &text[start..end])
}

/// Goes through a text forwards, from code point to code point, without a table.
#[derive(Debug, Clone)]
pub struct Cursor<'a> {
    bytes: &'a [u8],
    at: usize,
    code_point: u32,
}

impl<'a> Cursor<'a> {
    #[must_use]
    pub const fn new(text: &'a str) -> Self {
        Self { bytes: text.as_bytes(), at: 0, code_point: 0 }
    }

    /// The byte at which a code point starts, which must not lie behind the cursor; the text's length when it ends first.
    pub fn advance_to(&mut self, code_point: u32) -> usize {
        let mut missing = code_point.saturating_sub(self.code_point) as usize;
        let mut at = self.at;
        while missing >= 8 && at + 8 <= self.bytes.len() {
            let chunk = &self.bytes[at..at + 8];
            missing -= chunk.iter().filter(|byte| !is_continuation(**byte)).count();
            at += 8;
        }
        while at < self.bytes.len() && (missing > 0 || is_continuation(self.bytes[at])) {
            missing -= usize::from(!is_continuation(self.bytes[at]));
            at += 1;
        }
        self.at = at;
        self.code_point = code_point.max(self.code_point) - u32::try_from(missing).unwrap_or(u32::MAX);
        at
    }

    /// How many code points lie before the cursor.
    #[must_use]
    pub const fn code_point(&self) -> u32 {
        self.code_point
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn an_offset_past_the_end_is_the_end() {
        let offsets = Offsets::new("né");
        assert_eq!((offsets.byte(2), offsets.byte(99), offsets.code_point(99)), (3, 3, 2));
        for (start, end, words) in [(1, 3, None), (1, 1, None), (2, 1, None), (5, 9, None), (1, 2, Some("é"))]
        {
            let extent = Extent::new(start, end);
            assert_eq!((offsets.slice(extent), slice("né", extent)), (words, words));
        }
    }

    proptest! {
        #[test]
        fn tables_and_cursors_agree_with_counting(text in "(\\PC|[a-zé🌍\u{301}]){0,300}") {
            let offsets = Offsets::new(&text);
            let mut cursor = Cursor::new(&text);
            prop_assert_eq!(offsets.length() as usize, text.chars().count());
            prop_assert_eq!(code_points(&text), offsets.length());
            for (code_point, (byte, _)) in text.char_indices().enumerate() {
                let code_point = u32::try_from(code_point).unwrap();
                prop_assert_eq!(offsets.byte(code_point), byte);
                prop_assert_eq!(offsets.code_point(byte), code_point);
                if byte % 3 == 0 {
                    prop_assert_eq!(cursor.advance_to(code_point), byte);
                    prop_assert_eq!(cursor.code_point(), code_point);
                }
            }
            prop_assert_eq!(cursor.advance_to(u32::MAX), text.len());
            prop_assert_eq!(cursor.code_point(), offsets.length());
        }
    }
}
