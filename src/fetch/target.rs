//! An address that may be tried.

use url::{Host, Url};

use super::{Allowed, Reason};
use crate::text::address::SafeUrl;

/// A web address without user name and password, on a port that may be tried.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target(Url);

impl Target {
    /// Reads an address.
    ///
    /// # Errors
    /// [`Reason::NotAllowed`].
    pub fn parse(address: &str, allowed: &Allowed) -> Result<Self, Reason> {
        let url = Url::parse(address).map_err(|_| Reason::NotAllowed)?;
        let target = Self(url);
        let url = &target.0;
        let is_web = matches!(url.scheme(), "http" | "https") && url.has_host();
        let is_bare = url.username().is_empty() && url.password().is_none();
        let is_numbered = match url.host() {
            Some(Host::Ipv4(address)) => allowed.connection(address.into(), target.port()),
            Some(Host::Ipv6(address)) => allowed.connection(address.into(), target.port()),
            _ => allowed.port(target.port()),
        };
        if is_web && is_bare && is_numbered { Ok(target) } else { Err(Reason::NotAllowed) }
    }

    /// Where a redirect leads.
    ///
    /// # Errors
    /// [`Reason::NotAllowed`] when that may not be tried, or is less safe than where it is from.
    pub fn follow(&self, location: &str, allowed: &Allowed) -> Result<Self, Reason> {
        let next = self.0.join(location).map_err(|_| Reason::NotAllowed)?;
        let next = Self::parse(next.as_str(), allowed)?;
        if self.0.scheme() == "https" && next.0.scheme() == "http" {
            return Err(Reason::NotAllowed);
        }
        Ok(next)
    }

    /// Scheme, host and port: what one set of rules for programs is for.
    #[must_use]
    pub fn origin(&self) -> String {
        self.0.origin().ascii_serialization()
    }

    /// The port, also where the address leaves it to its scheme; 0 when there is none.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.0.port_or_known_default().unwrap_or(0)
    }

    /// The name or number of the host.
    #[must_use]
    pub fn host(&self) -> Option<Host<&str>> {
        self.0.host()
    }

    /// The address as it is asked for: a fragment is for browsers.
    #[must_use]
    pub fn url(&self) -> Url {
        let mut url = self.0.clone();
        url.set_fragment(None);
        url
    }

    /// The address for showing and storing.
    #[must_use]
    pub fn safe(&self) -> Option<SafeUrl> {
        SafeUrl::parse(self.0.as_str()).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(address: &str) -> Result<Target, Reason> {
        Target::parse(address, &Allowed::default())
    }

    #[test]
    fn however_an_address_is_written_it_is_judged_by_what_it_is() {
        for address in [
            "http://127.0.0.1/",
            "http://127.1/",
            "http://2130706433/",
            "http://0x7f000001/",
            "http://0x7f.1/",
            "http://0177.0.0.1/",
            "http://017700000001/",
            "http://①②⑦.⓪.⓪.①/",
            "http://127。0。0。1/",
            "http://%31%32%37.0.0.1/",
            "http://0/",
            "http://[::1]/",
            "http://[::]/",
            "http://[::ffff:127.0.0.1]/",
            "http://[::127.0.0.1]/",
            "http://[64:ff9b::7f00:1]/",
            "http://[2002:7f00:1::]/",
            "http://169.254.169.254/latest/meta-data/",
            "http://[fd00:ec2::254]/",
            "http://[fe80::1]/",
            "http://10.0.0.1/",
            "http://192.168.1.1/",
            "http://172.16.0.1/",
            "http://100.100.100.200/",
            "http://user@example.org/",
            "http://user:secret@example.org/",
            "http://:secret@example.org/",
            "http://127.0.0.1@example.org:80/",
            "https://example.org:22/",
            "http://example.org:8080/",
            "http://example.org:65535/",
            "ftp://example.org/",
            "file:///etc/passwd",
            "gopher://example.org/",
            "data:text/html,x",
            "javascript:alert(1)",
            "unix:/run/x.sock",
            "http://",
            "example.org",
            "",
        ] {
            assert_eq!(parse(address), Err(Reason::NotAllowed), "{address}");
        }
    }

    #[test]
    fn the_public_web_may_be_tried() {
        for address in [
            "http://example.org/",
            "https://example.org:443/a?b#c",
            "http://8.8.8.8/",
            "https://[2a00::1]/",
            "https://müller.example/",
            "http://example.org:443/",
        ] {
            assert!(parse(address).is_ok(), "{address}");
        }
        assert_eq!(parse("https://example.org/a#b").unwrap().url().as_str(), "https://example.org/a");
    }

    #[test]
    fn a_redirect_leads_on_but_not_down_and_not_inside() {
        let from = parse("https://example.org/a/b").unwrap();
        let to = |location: &str| from.follow(location, &Allowed::default()).map(|to| to.url().to_string());
        assert_eq!(to("../c").as_deref(), Ok("https://example.org/c"));
        assert_eq!(to("//other.example/").as_deref(), Ok("https://other.example/"));
        assert_eq!(to("http://example.org/"), Err(Reason::NotAllowed));
        assert_eq!(to("https://10.0.0.1/"), Err(Reason::NotAllowed));
        assert_eq!(to("https://user@example.org/"), Err(Reason::NotAllowed));
        assert_eq!(to("file:///etc/passwd"), Err(Reason::NotAllowed));
        let plain = parse("http://example.org/").unwrap();
        assert!(plain.follow("https://example.org/", &Allowed::default()).is_ok());
    }
}
