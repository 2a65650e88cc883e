//! Names, and the key by which an agent is found again.

use std::fmt;

use unicode_normalization::UnicodeNormalization as _;

/// How long a name may be, in code points; the database says the same.
const MAX: usize = 200;

/// The name of an agent: one line, not empty, with at least one letter or digit.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Name(String);

/// Why a name was not taken.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum NameError {
    #[error("Give a name.")]
    Empty,
    #[error("A name has at least one letter or digit.")]
    Signs,
    #[error("The name is longer than {MAX} characters.")]
    TooLong,
    #[error("A name holds no “;”: it parts the name from the role.")]
    Semicolon,
}

impl Name {
    /// Reads a name as somebody typed it.
    ///
    /// # Errors
    /// [`NameError`].
    pub fn parse(typed: &str) -> Result<Self, NameError> {
        let composed: String =
            typed.nfc().filter(|char| !char.is_control() || char.is_whitespace()).collect();
        let name = composed.split_whitespace().collect::<Vec<_>>().join(" ");
        if name.is_empty() {
            return Err(NameError::Empty);
        }
        if name.chars().count() > MAX {
            return Err(NameError::TooLong);
        }
        if name.contains(';') {
            return Err(NameError::Semicolon);
        }
        if key(&name).is_empty() {
            return Err(NameError::Signs);
        }
        Ok(Self(name))
    }

    /// As it is printed.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What it is found again by.
    #[must_use]
    pub fn key(&self) -> String {
        key(&self.0)
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A name folded for finding it again: normal form KC, lower case, without dots and quotes, one blank between words.
/// Two names with the same key are taken for the same agent.
#[must_use]
pub fn key(name: &str) -> String {
    let folded: String = name
        .nfkc()
        .flat_map(char::to_lowercase)
        .filter(|char| {
            !matches!(
                char,
                '.' | '\''
                    | '"'
                    | '’'
                    | '‘'
                    | '‚'
                    | '“'
                    | '”'
                    | '„'
                    | '«'
                    | '»'
                    | '‹'
                    | '›'
                    | '`'
                    | '´'
            )
        })
        .map(|char| if char.is_alphanumeric() || is_mark(char) { char } else { ' ' })
        .nfkc()
        .collect();
    folded.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Marks that change the letter before them: they are part of a name, as in Devanagari.
fn is_mark(char: char) -> bool {
    unicode_normalization::char::is_combining_mark(char)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn spellings_of_a_name_have_one_key() {
        for (one, other) in [
            ("Dr. Dana  Whitcombe", "dr dana whitcombe"),
            ("O’Neill", "O'Neill"),
            ("U.S. Treasury", "US Treasury"),
            ("Ｔｉｄｅｗａｙ Radio", "Tideway Radio"),
            ("Jose\u{301}", "José"),
            ("Haskett-Venn", "Haskett Venn"),
            ("“Pellcombe Taps”", "Pellcombe Taps"),
            ("مرافئ\u{a0}اليوم", "مرافئ اليوم"),
        ] {
            assert_eq!(key(one), key(other), "{one} / {other}");
        }
        assert_ne!(key("José"), key("Jose"));
    }

    #[test]
    fn what_is_no_name_is_refused() {
        assert_eq!(Name::parse("  "), Err(NameError::Empty));
        assert_eq!(Name::parse("…"), Err(NameError::Signs));
        assert_eq!(Name::parse(&"a".repeat(201)), Err(NameError::TooLong));
        assert_eq!(Name::parse("A; B"), Err(NameError::Semicolon));
        assert_eq!(Name::parse(" Ada\n Lovelace ").unwrap().as_str(), "Ada Lovelace");
    }

    proptest! {
        #[test]
        fn folding_twice_changes_nothing(name in "\\PC{0,30}") {
            let once = key(&name);
            prop_assert_eq!(key(&once), once);
        }
    }
}
