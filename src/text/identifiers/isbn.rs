//! International standard book numbers (ISO 2108, <https://www.isbn-international.org/content/isbn-users-manual>).

use serde::{Deserialize, Serialize};

/// An ISBN as its thirteen digits. One of ten digits is the same book's.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Isbn(String);

impl Isbn {
    /// Reads `978-0-306-40615-7`, `ISBN 0-306-40615-2` and the like; `None` when the check digit is another.
    #[must_use]
    pub fn parse(input: &str) -> Option<Self> {
        let upper = input.trim().to_ascii_uppercase();
        let upper = upper.strip_prefix("URN:").unwrap_or(&upper);
        let number = match upper.strip_prefix("ISBN") {
            Some(rest) => {
                let rest = rest.trim_start_matches(['-', ' ']);
                let kind = rest.strip_prefix("13").or_else(|| rest.strip_prefix("10"));
                let rest = kind.filter(|rest| rest.starts_with([':', ' ', ')'])).unwrap_or(rest);
                rest.trim_start_matches([':', ' ', ')'])
            }
            None => upper,
        };
        let is_between =
            |character: &char| matches!(character, '-' | ' ' | '\u{2010}'..='\u{2013}' | '\u{a0}');
        let digits: String = number.chars().filter(|character| !is_between(character)).collect();
        match digits.len() {
            10 => of_ten(&digits),
            13 => of_thirteen(&digits),
            _ => None,
        }
    }

    /// Its thirteen digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn of_thirteen(digits: &str) -> Option<Isbn> {
    let is_book = digits.starts_with("978") || digits.starts_with("979");
    let fits = is_book
        && digits.bytes().all(|byte| byte.is_ascii_digit())
        && digits.as_bytes()[12] == check_digit(&digits[..12]);
    fits.then(|| Isbn(digits.to_owned()))
}

/// The check digit sums up with the others, weighted from ten down to one, to a multiple of eleven; X is ten.
fn of_ten(digits: &str) -> Option<Isbn> {
    let mut sum = 0_u32;
    for (weight, byte) in (1..=10).rev().zip(digits.bytes()) {
        sum += weight
            * match byte {
                b'0'..=b'9' => u32::from(byte - b'0'),
                b'X' if weight == 1 => 10,
                _ => return None,
            };
    }
    if !sum.is_multiple_of(11) {
        return None;
    }
    let body = format!("978{}", &digits[..9]);
    let check = char::from(check_digit(&body));
    Some(Isbn(format!("{body}{check}")))
}

/// The thirteenth digit, in ASCII, of the twelve before it.
fn check_digit(twelve: &str) -> u8 {
    let sum: u32 = twelve
        .bytes()
        .zip([1, 3].into_iter().cycle())
        .map(|(byte, weight)| u32::from(byte - b'0') * weight)
        .sum();
    b'0' + u8::try_from((10 - sum % 10) % 10).unwrap_or(0)
}

impl TryFrom<String> for Isbn {
    type Error = &'static str;

    fn try_from(input: String) -> Result<Self, Self::Error> {
        Self::parse(&input).ok_or("This is no ISBN.")
    }
}

impl From<Isbn> for String {
    fn from(isbn: Isbn) -> Self {
        isbn.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_digits_and_thirteen_are_one_book() {
        for input in [
            "0306406152",
            "0-306-40615-2",
            "ISBN 0-306-40615-2",
            "ISBN-10: 0306406152",
            "978-0-306-40615-7",
            "ISBN-13: 978 0 306 40615 7",
            "isbn 978‑0‑306‑40615‑7",
            "urn:isbn:9780306406157",
        ] {
            assert_eq!(Isbn::parse(input).as_ref().map(Isbn::as_str), Some("9780306406157"), "{input}");
        }
        assert_eq!(Isbn::parse("080442957X").as_ref().map(Isbn::as_str), Some("9780804429573"));
        assert_eq!(Isbn::parse("979-10-90636-07-1").as_ref().map(Isbn::as_str), Some("9791090636071"));
    }

    #[test]
    fn a_wrong_check_digit_is_no_isbn() {
        for input in [
            "0306406153",
            "9780306406158",
            "1234567890123",
            "X306406152",
            "03064061X2",
            "030640615",
            "",
            "ISBN",
        ] {
            assert_eq!(Isbn::parse(input), None, "{input}");
        }
    }
}
