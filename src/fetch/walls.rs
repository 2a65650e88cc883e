//! How sites say that a page is not for us: by leading to where people sign in, by asking that it is not kept, or by a
//! certificate that nobody vouches for. Pure.

use reqwest::header::HeaderMap;
use url::Url;

/// Words of hosts and paths at which people sign in, and nothing else stands.
const SIGN_IN: [&str; 14] = [
    "login",
    "log-in",
    "log_in",
    "logon",
    "signin",
    "sign-in",
    "sign_in",
    "sso",
    "oauth",
    "oauth2",
    "authorize",
    "idp",
    "auth",
    "wp-login",
];

/// Whether an address led to where people sign in. One that is such a place itself is what somebody wanted.
#[must_use]
pub fn has_signed_in_wall(asked: &Url, came: &Url) -> bool {
    asked != came && is_sign_in(came) && !is_sign_in(asked)
}

fn is_sign_in(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default().split('.').next().unwrap_or_default();
    let mut words =
        url.path().split('/').map(|part| part.split('.').next().unwrap_or_default()).chain([host]);
    words.any(|word| SIGN_IN.contains(&word.to_ascii_lowercase().as_str()))
}

/// Whether the head of an answer leaves it to us whether a copy is kept
/// (<https://developers.google.com/search/docs/crawling-indexing/robots-meta-tag>).
#[must_use]
pub fn may_be_kept(headers: &HeaderMap) -> bool {
    let said = headers.get_all("x-robots-tag").iter().filter_map(|value| value.to_str().ok());
    !said.into_iter().any(forbids_keeping)
}

/// Whether such a header, or what a page has for one, asks that no copy is kept: of everybody, or of us by name.
#[must_use]
pub fn forbids_keeping(said: &str) -> bool {
    let mut is_ours = true;
    said.split(',').any(|part| {
        let part = part.trim().to_ascii_lowercase();
        let word = match part.split_once(':') {
            Some((name, word)) if !name.starts_with("unavailable_after") && !name.starts_with("max-") => {
                is_ours = name.trim() == "factdesk";
                word.trim()
            }
            _ => &part,
        };
        is_ours && word == "noarchive"
    })
}

/// Whether a connection failed because of whom it was with, or because what answers there speaks no TLS.
#[must_use]
pub fn is_insecure(error: &reqwest::Error) -> bool {
    let mut next: Option<&(dyn std::error::Error + 'static)> = Some(error);
    while let Some(cause) = next {
        // An error of input and output holds another, which is no source of it.
        let inner = cause.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
        let is_tls = inner.map_or_else(
            || cause.is::<rustls::Error>(),
            <dyn std::error::Error + Send + Sync>::is::<rustls::Error>,
        );
        if is_tls {
            return true;
        }
        next = match inner {
            Some(inner) => Some(inner),
            None => cause.source(),
        };
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wall(asked: &str, came: &str) -> bool {
        has_signed_in_wall(&Url::parse(asked).unwrap(), &Url::parse(came).unwrap())
    }

    #[test]
    fn an_address_that_leads_to_a_sign_in_is_a_wall() {
        assert!(wall("https://a.example/report", "https://a.example/login?next=/report"));
        assert!(wall("https://a.example/report", "https://a.example/user/SignIn.aspx"));
        assert!(wall("https://a.example/report", "https://login.a.example/"));
        assert!(!wall("https://a.example/report", "https://a.example/reports/2026"));
        assert!(!wall("https://a.example/blog-in", "https://a.example/on-authority"));
        assert!(!wall("https://a.example/login", "https://a.example/en/login"));
    }

    #[test]
    fn only_what_is_said_to_everybody_or_us_counts() {
        for said in [
            "noarchive",
            "noindex, NOARCHIVE",
            "factdesk: noarchive",
            "googlebot: nofollow, factdesk: noarchive",
        ] {
            assert!(forbids_keeping(said), "{said}");
        }
        for said in ["", "all", "noindex", "googlebot: noarchive", "googlebot: noindex, noarchive"] {
            assert!(!forbids_keeping(said), "{said}");
        }
        assert!(forbids_keeping("unavailable_after: 25 Jun 2030 15:00:00 PST, noarchive"));
    }
}
