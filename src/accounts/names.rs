//! What people type when they make an account or a desk: parsed once, then certain.

use std::fmt;

use unicode_normalization::UnicodeNormalization as _;

/// The name one signs in with: lower-case ASCII, 2 to 40 characters.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Handle(String);

impl Handle {
    /// What the form says about it.
    pub const RULE: &'static str =
        "A name for signing in has 2 to 40 of these characters: a to z, 0 to 9, dot, hyphen, underscore.";

    /// The handle in a text; upper case counts as lower case.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim().to_ascii_lowercase();
        let fits = (2..=40).contains(&text.len())
            && text.starts_with(|first: char| first.is_ascii_lowercase() || first.is_ascii_digit())
            && text
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"._-".contains(&byte));
        fits.then_some(Self(text))
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Handle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The name that others see, of a person or a desk: 1 to 100 characters, without control characters.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Name(String);

impl Name {
    /// What the form says about it.
    pub const RULE: &'static str = "A name has 1 to 100 characters.";

    /// The name in a text, in NFC.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text: String = text.trim().nfc().collect();
        let fits = (1..=100).contains(&text.chars().count()) && !text.chars().any(char::is_control);
        fits.then_some(Self(text))
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A desk's name in addresses: lower-case ASCII, 2 to 40 characters.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Slug(String);

impl Slug {
    /// What the form says about it.
    pub const RULE: &'static str = "An address has 2 to 40 of these characters: a to z, 0 to 9, hyphen.";

    /// The slug in a text; upper case counts as lower case.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim().to_ascii_lowercase();
        let fits = (2..=40).contains(&text.len())
            && !text.starts_with('-')
            && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
        fits.then_some(Self(text))
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A language tag as BCP 47 writes it, in the shape that is checked: `de`, `pt-BR`, `zh-Hant`.
#[must_use]
pub fn language(text: &str) -> Option<String> {
    let text = text.trim();
    let mut parts = text.split('-');
    let primary = parts.next().unwrap_or_default();
    let fits = (2..=3).contains(&primary.len())
        && primary.bytes().all(|byte| byte.is_ascii_alphabetic())
        && parts.all(|part| {
            (2..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric())
        })
        && text.len() <= 35;
    fits.then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn handles_are_lower_case_ascii() {
        assert_eq!(Handle::parse(" Ana.Maria ").unwrap().as_str(), "ana.maria");
        for text in ["", "a", ".ana", "ana maria", "aña", "a/b", &"a".repeat(41)] {
            assert_eq!(Handle::parse(text), None, "{text}");
        }
    }

    #[test]
    fn names_are_any_words_without_control_characters() {
        assert_eq!(Name::parse(" Zoe\u{308} ").unwrap().as_str(), "Zoë");
        assert_eq!(Name::parse("سلمى").unwrap().as_str(), "سلمى");
        for text in ["", "   ", "a\u{0}b", "a\nb", &"é".repeat(101)] {
            assert_eq!(Name::parse(text), None, "{text:?}");
        }
    }

    #[test]
    fn slugs_fit_into_addresses() {
        assert_eq!(Slug::parse("North-Desk").unwrap().as_str(), "north-desk");
        for text in ["", "a", "-ab", "a.b", "a_b", "a/b", "ü-desk", &"a".repeat(41)] {
            assert_eq!(Slug::parse(text), None, "{text}");
        }
    }

    #[test]
    fn language_tags_have_their_shape() {
        for tag in ["en", "pt-BR", "zh-Hant-TW", "gsw"] {
            assert_eq!(language(tag).as_deref(), Some(tag));
        }
        for tag in ["", "e", "english", "en_GB", "en-", "e1"] {
            assert_eq!(language(tag), None, "{tag}");
        }
    }
}
