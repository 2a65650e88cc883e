//! Domains that a desk warns its members about.

use time::OffsetDateTime;

use crate::editing::Values;
use crate::text::address::SafeUrl;
use crate::web::problems::Problems;

/// How many domains a desk can warn about.
pub const WARNED_MAX: usize = 1_000;

/// A domain, and all below it, with the reason for the warning.
#[derive(Clone, Debug)]
pub struct Warned {
    pub domain: String,
    pub reason: String,
    /// Who put it on the list.
    pub by: String,
    pub at: OffsetDateTime,
    pub row_version: i32,
}

/// A warning as it may be stored.
#[derive(Clone, Debug)]
pub struct Warning {
    pub domain: String,
    pub reason: String,
}

impl Warning {
    /// Reads what was typed: the domain may be an address of it.
    ///
    /// # Errors
    /// What is wrong with which field.
    pub fn parse(values: &Values) -> Result<Self, Problems> {
        let text = |name: &str| values.get(name).map_or("", |text| text.trim());
        let mut problems = Problems::default();
        let domain = domain(text("domain"));
        if domain.is_none() {
            problems.add("domain", "Give a domain, such as example.org.");
        }
        let reason = text("reason").split_whitespace().collect::<Vec<_>>().join(" ");
        if reason.is_empty() {
            problems.add("reason", "Say why, so that members can judge for themselves.");
        } else if reason.chars().count() > 500 {
            problems.add("reason", "At most 500 characters fit here.");
        }
        problems.unless(Self { domain: domain.unwrap_or_default(), reason })
    }
}

/// The domain that was typed, or that an address is at; without the `www` before it.
fn domain(typed: &str) -> Option<String> {
    let host = SafeUrl::parse(typed).ok()?.host();
    let host = host.trim_end_matches('.');
    let host = host.strip_prefix("www.").filter(|rest| rest.contains('.')).unwrap_or(host);
    let fits = host.contains('.') && !host.starts_with('[') && host.len() <= 253;
    fits.then(|| host.to_owned())
}

/// The domain of an address and all above it, the longest first.
#[must_use]
pub fn domains(address: &str) -> Vec<String> {
    let Ok(url) = SafeUrl::parse(address) else { return Vec::new() };
    let host = url.host();
    let mut rest = host.as_str();
    let mut domains = Vec::new();
    while rest.contains('.') {
        domains.push(rest.to_owned());
        rest = rest.split_once('.').map_or("", |(_, rest)| rest);
    }
    domains
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(domain: &str, reason: &str) -> Result<Warning, Problems> {
        Warning::parse(&[("domain", domain.to_owned()), ("reason", reason.to_owned())].into())
    }

    #[test]
    fn a_domain_is_taken_from_whatever_names_it() {
        for typed in ["Rumours.example", "https://www.rumours.example/a?b", "rumours.example:8080/x"] {
            assert_eq!(
                parse(typed, "It makes its numbers up.").unwrap().domain,
                "rumours.example",
                "{typed}"
            );
        }
        assert_eq!(parse("bücher.example", "x").unwrap().domain, "xn--bcher-kva.example");
        for typed in ["", "rumours", "localhost:80", "[::1]", "a b.example"] {
            assert!(parse(typed, "x").unwrap_err().of("domain").is_some(), "{typed}");
        }
        assert!(parse("a.example", " ").unwrap_err().of("reason").is_some());
    }

    #[test]
    fn a_domain_stands_for_all_below_it() {
        assert_eq!(domains("https://a.b.example/x"), ["a.b.example", "b.example"]);
        assert!(domains("no address").is_empty());
    }
}
