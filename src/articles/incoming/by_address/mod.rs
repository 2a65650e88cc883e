//! Articles that come in by their address: somebody gives it, a job fetches it.

pub mod pages;
mod store;

pub use store::{Here, here};

use crate::fetch::Fetcher;
use crate::text::address::{SafeUrl, url_key};
use crate::web::problems::Problems;

/// How many addresses are taken at once.
pub const ADDRESSES_MAX: usize = 20;

/// Addresses that can be tried, each once, in the order of their lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Given(Vec<SafeUrl>);

impl Given {
    /// Reads addresses, one a line. Blank lines are left out, and so are tracking parameters.
    ///
    /// # Errors
    /// What is wrong, with the line it is about; at the field `addresses`.
    pub fn parse(typed: &str, fetcher: &Fetcher) -> Result<Self, Problems> {
        let mut problems = Problems::default();
        let mut given: Vec<SafeUrl> = Vec::new();
        let mut keys = Vec::new();
        for line in typed.lines().map(str::trim).filter(|line| !line.is_empty()) {
            match crate::errands::address(line, fetcher) {
                Ok(address) => {
                    let key = url_key(&address);
                    if !keys.contains(&key.key) {
                        given.push(key.address);
                        keys.push(key.key);
                    }
                }
                Err(words) => {
                    let short: String = line.chars().take(80).collect();
                    problems.add("addresses", format!("{short}: {words}"));
                }
            }
            if given.len() > ADDRESSES_MAX {
                problems.add("addresses", format!("At most {ADDRESSES_MAX} addresses are taken at once."));
                break;
            }
        }
        if given.is_empty() && problems.is_empty() {
            problems.add("addresses", "Give the address of an article.");
        }
        problems.unless(Self(given))
    }

    /// What they are found again by.
    #[must_use]
    pub fn keys(&self) -> Vec<String> {
        self.0.iter().map(|address| url_key(address).key).collect()
    }

    /// The addresses.
    #[must_use]
    pub fn addresses(&self) -> &[SafeUrl] {
        &self.0
    }

    /// One a line, without those that have these keys.
    #[must_use]
    pub fn without(&self, keys: &[&str]) -> String {
        let left = self.0.iter().filter(|address| !keys.contains(&url_key(address).key.as_str()));
        left.map(SafeUrl::as_str).collect::<Vec<_>>().join("\n")
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::isolated::Isolated;

    fn parse(typed: &str) -> Result<Vec<String>, String> {
        let fetcher = Fetcher::new(Arc::new(Isolated::new("factdesk")), "".parse().unwrap());
        match Given::parse(typed, &fetcher) {
            Ok(given) => Ok(given.addresses().iter().map(|address| address.as_str().to_owned()).collect()),
            Err(problems) => {
                Err(problems.iter().map(|problem| problem.words.to_string()).collect::<Vec<_>>().join("|"))
            }
        }
    }

    #[test]
    fn each_line_is_an_address_without_what_tracks() {
        let typed =
            "example.org/a?utm_source=x&id=1\n\n https://example.org/b \nhttp://example.org/a?id=1#top";
        assert_eq!(parse(typed).unwrap(), ["https://example.org/a?id=1", "https://example.org/b"]);
    }

    #[test]
    fn what_cannot_be_tried_is_named() {
        let wrong = parse("https://example.org/a\nhttp://10.0.0.1/\nhttps://me:secret@example.org/\nwords")
            .unwrap_err();
        assert_eq!(wrong.split('|').count(), 3, "{wrong}");
        assert!(
            wrong.starts_with("http://10.0.0.1/: The address, or one it leads to, is not on the public web"),
            "{wrong}"
        );
        assert!(wrong.contains("There is a name or password in this address."), "{wrong}");
        assert!(parse(" \n").is_err());
        let many: Vec<String> = (0..21).map(|number| format!("https://example.org/{number}")).collect();
        assert_eq!(parse(&many.join("\n")).unwrap_err(), "At most 20 addresses are taken at once.");
    }
}
