//! The feed that a page names in its head: <https://html.spec.whatwg.org/multipage/links.html#link-type-alternate>.

use crate::text::address::SafeUrl;

/// How much of a page is looked through, in bytes.
const LOOKED_THROUGH: usize = 256 * 1024;
/// How long a tag may be, in bytes.
const TAG_MAX: usize = 4_096;
const KINDS: [&str; 3] = ["application/rss+xml", "application/atom+xml", "application/feed+json"];

/// The first feed that a page names.
pub(super) fn find(page: &str, address: &SafeUrl) -> Option<SafeUrl> {
    let page = page.get(..page.floor_char_boundary(LOOKED_THROUGH.min(page.len())))?;
    let lower = page.to_ascii_lowercase();
    for (at, _) in lower.match_indices("<link") {
        let tag = &page[at + 5..];
        let attributes =
            attributes(&tag[..tag.floor_char_boundary(tag.find('>').unwrap_or(tag.len()).min(TAG_MAX))]);
        let of =
            |name: &str| attributes.iter().find(|(found, _)| found == name).map(|(_, value)| value.as_str());
        let words = |name| of(name).unwrap_or_default().to_ascii_lowercase();
        let is_alternate = words("rel").split_whitespace().any(|word| word == "alternate");
        let is_feed = KINDS.contains(&words("type").trim());
        if let (true, true, Some(href)) = (is_alternate, is_feed, of("href")) {
            return address.join(&href.replace("&amp;", "&"));
        }
    }
    None
}

/// The attributes of a tag: names in lower case, values with or without quotes.
fn attributes(mut tag: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    while let Some((name, rest)) = tag.split_once('=') {
        let name = name.rsplit(char::is_whitespace).next().unwrap_or_default().to_ascii_lowercase();
        let rest = rest.trim_start();
        let quote = rest.chars().next().filter(|first| matches!(first, '"' | '\''));
        let (value, after) = match quote {
            Some(quote) => rest[1..].split_once(quote).unwrap_or((&rest[1..], "")),
            None => rest.split_once(char::is_whitespace).unwrap_or((rest, "")),
        };
        found.push((name, value.to_owned()));
        tag = after;
    }
    found
}
