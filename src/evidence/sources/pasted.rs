//! Addresses that were pasted: one a line, each a source.

use crate::text::address::{SafeUrl, UrlKey, url_key};
use crate::web::problems::Problems;

/// How many addresses are taken at once.
pub const LINES_MAX: usize = 20;

/// Addresses by which sources are found or made, each once.
#[derive(Clone, Debug)]
pub struct Pasted(Vec<(SafeUrl, UrlKey)>);

impl Pasted {
    /// Reads the lines. Blank ones are left out.
    ///
    /// # Errors
    /// What is wrong, with the line it is about; at the field `url`.
    pub fn parse(typed: &str) -> Result<Self, Problems> {
        let mut problems = Problems::default();
        let mut keys: Vec<(SafeUrl, UrlKey)> = Vec::new();
        for line in typed.lines().map(str::trim).filter(|line| !line.is_empty()) {
            match SafeUrl::parse(line) {
                Ok(url) => {
                    let key = url_key(&url);
                    if key.address.as_str().chars().count() > 2_000 {
                        problems
                            .add("url", "This address is longer than 2,000 characters. Use its short form.");
                    } else if keys.iter().all(|(_, other)| other.key != key.key) {
                        keys.push((url, key));
                    }
                }
                Err(error) => {
                    let short: String = line.chars().take(80).collect();
                    problems.add("url", format!("{short}: {error}"));
                }
            }
        }
        if keys.len() > LINES_MAX {
            problems.add("url", format!("At most {LINES_MAX} addresses are taken at once."));
        }
        problems.unless(Self(keys))
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The addresses as they were pasted, in the order of their lines.
    pub fn addresses(&self) -> impl Iterator<Item = &SafeUrl> {
        self.0.iter().map(|(address, _)| address)
    }

    /// The names of the tracking parameters that are cut from them.
    #[must_use]
    pub fn cut(&self) -> Vec<String> {
        let mut names: Vec<_> = self.0.iter().flat_map(|(_, key)| key.stripped.iter().cloned()).collect();
        names.sort();
        names.dedup();
        names
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_line_is_a_source_and_the_same_one_counts_once() {
        let pasted =
            Pasted::parse("https://a.example/1?utm_source=x\r\n\nb.example/2\nhttp://a.example/1").unwrap();
        let addresses: Vec<_> = pasted.addresses().map(SafeUrl::as_str).collect();
        assert_eq!(addresses, ["https://a.example/1?utm_source=x", "https://b.example/2"]);
        assert_eq!(pasted.cut(), ["utm_source"]);
    }

    #[test]
    fn a_line_that_is_no_address_is_named() {
        let problems = Pasted::parse("https://a.example/\njavascript:alert(1)").unwrap_err();
        assert!(problems.of("url").unwrap().starts_with("javascript:alert(1): Only addresses"));
        assert!(
            Pasted::parse(&(0..21).map(|n| format!("a.example/{n}")).collect::<Vec<_>>().join("\n")).is_err()
        );
    }
}
