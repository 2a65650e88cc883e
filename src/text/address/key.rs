//! The key by which a source is found again.

use super::SafeUrl;

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
    use super::TRACKING;

    #[test]
    fn the_names_can_be_searched() {
        assert!(TRACKING.is_sorted());
    }
}
