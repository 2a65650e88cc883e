//! Addresses that are safe to print as links, and the key by which a source is found again.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use url::Url;

/// How long an address may be, in bytes. Browsers and servers refuse longer ones long before.
pub const ADDRESS_BYTES_MAX: usize = 8_192;

/// An absolute `http` or `https` address without user name and password, in the URL standard's spelling.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct SafeUrl(String);

/// Why an address was not taken; `Display` is for the person who typed it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum UrlError {
    #[error("This is not a web address. It should look like https://example.org/page.")]
    Malformed,
    #[error("Only addresses that start with http:// or https:// can be used.")]
    Scheme,
    #[error("This address is longer than {ADDRESS_BYTES_MAX} characters. Use its short form.")]
    TooLong,
}

impl SafeUrl {
    /// Reads an address; `example.org/page` without a scheme counts as `https`.
    ///
    /// # Errors
    /// [`UrlError`] when it is no `http` or `https` address with a host.
    pub fn parse(input: &str) -> Result<Self, UrlError> {
        let input = input.trim();
        if input.len() > ADDRESS_BYTES_MAX {
            return Err(UrlError::TooLong);
        }
        match Url::parse(input) {
            Ok(url) if is_web(&url) => Ok(Self::from_url(url)),
            Ok(url) if url.host_str().is_some_and(|host| !host.contains('.')) => Err(UrlError::Scheme),
            // `example.org:8080/page` parses with "example.org" as its scheme.
            Ok(url) if !url.scheme().contains('.') => Err(UrlError::Scheme),
            _ => Self::without_scheme(input),
        }
    }

    /// Reads an address that may be relative to this one.
    #[must_use]
    pub fn join(&self, reference: &str) -> Option<Self> {
        let joined = self.to_url().join(reference.trim()).ok()?;
        is_web(&joined).then(|| Self::from_url(joined))
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The host's name, for a short display.
    #[must_use]
    pub fn host(&self) -> String {
        self.to_url().host_str().unwrap_or_default().to_owned()
    }

    fn without_scheme(input: &str) -> Result<Self, UrlError> {
        let looks_like_host = input
            .split(['/', '?', '#'])
            .next()
            .is_some_and(|host| host.contains('.') && !host.contains([' ', '@']) && !host.ends_with('.'));
        if !looks_like_host {
            return Err(UrlError::Malformed);
        }
        let url = Url::parse(&format!("https://{input}")).map_err(|_| UrlError::Malformed)?;
        Ok(Self::from_url(url))
    }

    fn from_url(mut url: Url) -> Self {
        // A name before the host makes one address look like another: https://bank.example@elsewhere.example/.
        let _ = url.set_username("");
        let _ = url.set_password(None);
        Self(url.into())
    }

    fn to_url(&self) -> Url {
        Url::parse(&self.0).expect("only parsed addresses are kept")
    }
}

fn is_web(url: &Url) -> bool {
    matches!(url.scheme(), "http" | "https") && url.has_host()
}

impl FromStr for SafeUrl {
    type Err = UrlError;

    fn from_str(input: &str) -> Result<Self, UrlError> {
        Self::parse(input)
    }
}

impl TryFrom<String> for SafeUrl {
    type Error = UrlError;

    fn try_from(input: String) -> Result<Self, UrlError> {
        Self::parse(&input)
    }
}

impl From<SafeUrl> for String {
    fn from(url: SafeUrl) -> Self {
        url.0
    }
}

impl fmt::Display for SafeUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Where a link inside an article points: `http`, `https` or `mailto`, nothing that runs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Href(String);

impl Href {
    /// Reads a link's target, relative to the page's address when that is known; `None` when it is not safe or not
    /// absolute.
    #[must_use]
    pub fn parse(input: &str, page: Option<&SafeUrl>) -> Option<Self> {
        let input = input.trim();
        if input.len() > ADDRESS_BYTES_MAX || input.starts_with('#') {
            return None;
        }
        match Url::parse(input) {
            Ok(url) if is_web(&url) => Some(Self(SafeUrl::from_url(url).0)),
            Ok(url) if url.scheme() == "mailto" => Some(Self(url.into())),
            Ok(_) => None,
            Err(_) => page?.join(input).map(|url| Self(url.0)),
        }
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Href {
    type Error = UrlError;

    /// Takes back what was parsed before. Looking at the scheme is what safety needs; parsing every link of an article
    /// again each time it is read is not.
    fn try_from(stored: String) -> Result<Self, UrlError> {
        let safe = ["https://", "http://", "mailto:"].iter().any(|scheme| stored.starts_with(scheme))
            && stored.bytes().all(|byte| byte.is_ascii_graphic());
        if safe { Ok(Self(stored)) } else { Err(UrlError::Scheme) }
    }
}

impl From<Href> for String {
    fn from(href: Href) -> Self {
        href.0
    }
}

/// What makes two addresses the same source, and what was left out to get there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UrlKey {
    /// Equal for addresses of one page. For comparing only: it need not be a working address.
    pub key: String,
    /// The address without its tracking parameters, to store and to fetch.
    pub address: SafeUrl,
    /// The tracking parameters that were cut, by name, in order.
    pub stripped: Vec<String>,
}

/// Parameters that say who shared a link and where, never which page is meant: the ones that Firefox's query stripping
/// list and `ClearURLs` both remove everywhere (<https://docs.clearurls.xyz/latest/specs/rules/>), and the mail senders'.
const TRACKING: [&str; 37] = [
    "_ga",
    "_gl",
    "_hsenc",
    "_hsmi",
    "_openstat",
    "at_campaign",
    "at_medium",
    "dclid",
    "fb_action_ids",
    "fb_action_types",
    "fb_ref",
    "fb_source",
    "fbclid",
    "gad_source",
    "gbraid",
    "gclid",
    "gclsrc",
    "guccounter",
    "guce_referrer",
    "guce_referrer_sig",
    "igsh",
    "igshid",
    "mc_cid",
    "mc_eid",
    "mkt_tok",
    "ml_subscriber",
    "ml_subscriber_hash",
    "msclkid",
    "oly_anon_id",
    "oly_enc_id",
    "ref_src",
    "ref_url",
    "srsltid",
    "twclid",
    "vero_id",
    "wbraid",
    "yclid",
];

/// Parameters with one of these beginnings are for tracking.
const TRACKING_PREFIXES: [&str; 4] = ["utm_", "hsa_", "pk_", "mtm_"];

/// The key by which the desk finds a source again: host in lower case, no fragment, no default port, no tracking
/// parameters, and `http` the same as `https`.
#[must_use]
pub fn url_key(address: &SafeUrl) -> UrlKey {
    let mut url = address.to_url();
    let mut stripped = Vec::new();
    if let Some(query) = url.query() {
        let kept: Vec<&str> = query
            .split('&')
            .filter(|pair| {
                let name = pair.split('=').next().unwrap_or_default().to_ascii_lowercase();
                let tracks = TRACKING.binary_search(&name.as_str()).is_ok()
                    || TRACKING_PREFIXES.iter().any(|prefix| name.starts_with(prefix));
                if tracks {
                    stripped.push(name);
                }
                !tracks
            })
            .collect();
        let kept = kept.join("&");
        url.set_query((!kept.is_empty()).then_some(&kept));
    }
    let cleaned = SafeUrl(url.as_str().to_owned());
    url.set_fragment(None);
    let key = url.as_str();
    let key = key.strip_prefix("http://").or_else(|| key.strip_prefix("https://")).unwrap_or(key);
    UrlKey { key: format!("https://{key}"), address: cleaned, stripped }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(input: &str) -> UrlKey {
        url_key(&SafeUrl::parse(input).unwrap())
    }

    #[test]
    fn only_web_addresses_are_safe() {
        for (input, expected) in [
            ("https://example.org/a b", Ok("https://example.org/a%20b")),
            ("  HTTP://EXAMPLE.org ", Ok("http://example.org/")),
            ("example.org/page?x=1", Ok("https://example.org/page?x=1")),
            ("example.org:8080/page", Ok("https://example.org:8080/page")),
            ("https://user:secret@example.org/", Ok("https://example.org/")),
            ("https://müller.example/ü", Ok("https://xn--mller-kva.example/%C3%BC")),
            ("javascript:alert(1)", Err(UrlError::Scheme)),
            ("java\nscript:alert(1)", Err(UrlError::Scheme)),
            ("data:text/html,x", Err(UrlError::Scheme)),
            ("file:///etc/passwd", Err(UrlError::Scheme)),
            ("mailto:a@example.org", Err(UrlError::Scheme)),
            ("//example.org/", Err(UrlError::Malformed)),
            ("a sentence. With words", Err(UrlError::Malformed)),
            ("", Err(UrlError::Malformed)),
        ] {
            assert_eq!(
                SafeUrl::parse(input).as_ref().map(SafeUrl::as_str).map_err(|e| *e),
                expected,
                "{input}"
            );
        }
        assert_eq!(SafeUrl::parse(&"a".repeat(9_000)), Err(UrlError::TooLong));
    }

    #[test]
    fn a_link_may_also_be_mail_or_relative_to_its_page() {
        let page = SafeUrl::parse("https://example.org/news/1").unwrap();
        let link = |input| Href::parse(input, Some(&page)).map(String::from);
        assert_eq!(link("../about").as_deref(), Some("https://example.org/about"));
        assert_eq!(link("//cdn.example/x").as_deref(), Some("https://cdn.example/x"));
        assert_eq!(link("mailto:a@example.org").as_deref(), Some("mailto:a@example.org"));
        assert_eq!(link("#top"), None);
        assert_eq!(link("jAvAsCrIpT:alert(1)"), None);
        assert_eq!(link(" \u{1}javascript:alert(1)"), None);
        assert_eq!(Href::parse("about", None), None);
        assert!(serde_json::from_str::<Href>("\"javascript:alert(1)\"").is_err());
        assert!(serde_json::from_str::<Href>("\"https://a.example/\\\"onclick\"").is_ok());
        assert!(serde_json::from_str::<Href>("\"https://a.example/ x\"").is_err());
    }

    #[test]
    fn tracking_does_not_make_another_source() {
        let found = key("http://Example.ORG:80/a?id=7&utm_source=x&FBCLID=y&b=c%26d#part");
        assert_eq!(found.key, "https://example.org/a?id=7&b=c%26d");
        assert_eq!(found.address.as_str(), "http://example.org/a?id=7&b=c%26d#part");
        assert_eq!(found.stripped, ["utm_source", "fbclid"]);
        assert_eq!(key("https://example.org/a?gclid=1").key, key("https://example.org/a").key);
        assert_ne!(key("https://example.org/a?id=1").key, key("https://example.org/a?id=2").key);
        assert!(TRACKING.is_sorted());
    }

    #[test]
    fn a_stored_address_reads_back_the_same() {
        let url = SafeUrl::parse("https://example.org/ä?q=1").unwrap();
        let json = serde_json::to_string(&url).unwrap();
        assert_eq!(serde_json::from_str::<SafeUrl>(&json).unwrap(), url);
        assert!(serde_json::from_str::<SafeUrl>("\"javascript:alert(1)\"").is_err());
    }
}
