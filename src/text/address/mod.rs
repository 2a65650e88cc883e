//! Addresses that are safe to print as links, and the key by which a source is found again.

mod key;

#[cfg(test)]
mod tests;

pub use key::{UrlKey, url_key};

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
