//! Which way a text runs.

use serde::{Deserialize, Serialize};

/// The direction of a text's letters, as HTML's `dir` attribute names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    /// Left to right.
    #[default]
    Ltr,
    /// Right to left.
    Rtl,
}

impl Direction {
    /// The value of a `dir` attribute.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ltr => "ltr",
            Self::Rtl => "rtl",
        }
    }

    /// The direction of the first letter, as `dir="auto"` decides it; `None` when there is no letter.
    #[must_use]
    pub fn of_first_letter(text: &str) -> Option<Self> {
        Self::of_first(text.chars())
    }

    pub(super) fn of_first(mut characters: impl Iterator<Item = char>) -> Option<Self> {
        characters.find_map(Self::of)
    }

    /// The direction that most letters have.
    #[must_use]
    pub fn of_most_letters(text: &str) -> Self {
        let (mut leftward, mut rightward) = (0_usize, 0_usize);
        for direction in text.chars().filter_map(Self::of) {
            match direction {
                Self::Rtl => leftward += 1,
                Self::Ltr => rightward += 1,
            }
        }
        if leftward > rightward { Self::Rtl } else { Self::Ltr }
    }

    /// A character's strong direction (<https://www.unicode.org/reports/tr9/#Table_Bidirectional_Character_Types>);
    /// `None` for digits, marks and punctuation.
    fn of(character: char) -> Option<Self> {
        match character {
            'a'..='z' | 'A'..='Z' | '\u{200E}' => Some(Self::Ltr),
            '\0'..='\u{7F}' => None,
            '\u{200F}' => Some(Self::Rtl),
            // Hebrew to Arabic Extended-A, presentation forms, and the right-to-left planes.
            '\u{590}'..='\u{8FF}'
            | '\u{FB1D}'..='\u{FDFF}'
            | '\u{FE70}'..='\u{FEFE}'
            | '\u{10800}'..='\u{10FFF}'
            | '\u{1E800}'..='\u{1EFFF}' => (character.is_alphabetic()
                && !unicode_normalization::char::is_combining_mark(character))
            .then_some(Self::Rtl),
            _ => character.is_alphabetic().then_some(Self::Ltr),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_letter_decides_and_digits_do_not() {
        let first = Direction::of_first_letter;
        assert_eq!(first("“1,000 Reuters"), Some(Direction::Ltr));
        assert_eq!(first("٢٠٢٦ قال الوزير"), Some(Direction::Rtl));
        assert_eq!(first("«שלום» said"), Some(Direction::Rtl));
        assert_eq!(first("12 % – 3 🌍"), None);
        assert_eq!(Direction::of_most_letters("قال الوزير: NATO"), Direction::Rtl);
        assert_eq!(Direction::of_most_letters(""), Direction::Ltr);
    }
}
