//! Digital object identifiers (ISO 26324, <https://www.doi.org/doi-handbook/HTML/>).

use std::fmt::Write as _;

use serde::{Deserialize, Serialize};
use url::Url;

use crate::text::address::SafeUrl;

/// How long one may be, in characters.
const LENGTH_MAX: usize = 300;

/// A DOI in its one spelling: in lower case, since case does not tell two apart, and without what stands before it, as in
/// `10.1000/182`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Doi(String);

impl Doi {
    /// Reads `10.1000/182`, `doi:10.1000/182` or `https://doi.org/10.1000/182`; `None` for all else.
    #[must_use]
    pub fn parse(input: &str) -> Option<Self> {
        let input = input.trim();
        let bare = of_address(input).or_else(|| {
            let lower = input.to_ascii_lowercase();
            let rest = lower.strip_prefix("info:doi/").or_else(|| lower.strip_prefix("doi"));
            Some(match rest {
                Some(rest) => rest.trim_start_matches([':', ' ']).to_owned(),
                None => lower,
            })
        })?;
        let (prefix, suffix) = bare.split_once('/')?;
        let registrant = prefix.strip_prefix("10.")?;
        let fits = (4..=9).contains(&registrant.len())
            && registrant.bytes().all(|byte| byte.is_ascii_digit())
            && !suffix.is_empty()
            && suffix.bytes().all(|byte| byte.is_ascii_graphic())
            && bare.len() <= LENGTH_MAX;
        fits.then(|| Self(bare.to_ascii_lowercase()))
    }

    /// As in `10.1000/182`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Where it leads to.
    ///
    /// # Panics
    /// Never: what was read fits behind the resolver's address.
    #[must_use]
    pub fn address(&self) -> SafeUrl {
        // What ends a path, or begins an escape, would be read as that.
        let mut path = String::with_capacity(self.0.len());
        for character in self.0.chars() {
            match character {
                '%' | '?' | '#' | '"' | '<' | '>' | '\\' | '^' | '`' | '{' | '|' | '}' => {
                    let _ = write!(path, "%{:02X}", u32::from(character));
                }
                _ => path.push(character),
            }
        }
        SafeUrl::parse(&format!("https://doi.org/{path}")).expect("a DOI is printable ASCII")
    }
}

/// The DOI in the address of its resolver.
fn of_address(input: &str) -> Option<String> {
    let url = Url::parse(input).ok()?;
    let is_resolver = matches!(url.scheme(), "http" | "https")
        && matches!(url.host_str(), Some("doi.org" | "dx.doi.org" | "www.doi.org"));
    is_resolver.then(|| unescape(url.path().trim_start_matches('/')))
}

/// The text without its percent escapes. What is no text then is no DOI either.
fn unescape(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let escaped = (*first == b'%')
            .then(|| u8::from_str_radix(std::str::from_utf8(after.get(..2)?).ok()?, 16).ok())
            .flatten();
        if let Some(byte) = escaped {
            bytes.push(byte);
            rest = &after[2..];
        } else {
            bytes.push(*first);
            rest = after;
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

impl TryFrom<String> for Doi {
    type Error = &'static str;

    fn try_from(input: String) -> Result<Self, Self::Error> {
        Self::parse(&input).ok_or("This is no DOI.")
    }
}

impl From<Doi> for String {
    fn from(doi: Doi) -> Self {
        doi.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_doi_has_one_spelling() {
        for input in [
            "10.1000/ABC(1)",
            " doi:10.1000/abc(1)",
            "DOI 10.1000/abc(1)",
            "info:doi/10.1000/abc(1)",
            "https://doi.org/10.1000/ABC(1)",
            "http://dx.doi.org/10.1000/abc%281%29?utm_source=x",
        ] {
            assert_eq!(Doi::parse(input).as_ref().map(Doi::as_str), Some("10.1000/abc(1)"), "{input}");
        }
    }

    #[test]
    fn what_only_looks_like_one_is_none() {
        for input in [
            "",
            "10.1000",
            "10.1000/",
            "10.12/x",
            "10.1000/a b",
            "11.1000/x",
            "10.1000/ä",
            "https://example.org/10.1000/x",
            "https://doi.org/",
            "doi",
        ] {
            assert_eq!(Doi::parse(input), None, "{input}");
        }
        assert_eq!(Doi::parse(&format!("10.1000/{}", "x".repeat(300))), None);
    }

    #[test]
    fn its_address_leads_back_to_it() {
        for doi in
            ["10.1000/182", "10.1002/(sici)1096-8644(199605)100:1<1::aid-x>3.0.co;2-#", "10.1000/a%b?c"]
        {
            let doi = Doi::parse(doi).unwrap();
            assert_eq!(Doi::parse(doi.address().as_str()), Some(doi));
        }
    }
}
