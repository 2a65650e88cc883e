//! JSON Feed: <https://www.jsonfeed.org/version/1.1/>.

use serde_json::Value;

use super::{Contents, ITEMS_MAX, Item, dates, xml::words};
use crate::text::address::SafeUrl;

/// Reads a JSON feed; `None` when it is something else. Items that are not as they should be are left out.
pub(super) fn read(text: &str, address: &SafeUrl) -> Option<Contents> {
    let feed: Value = serde_json::from_str(text).ok()?;
    if !feed["version"].as_str()?.starts_with("https://jsonfeed.org/version/") {
        return None;
    }
    let items = feed["items"].as_array()?.iter().filter_map(|item| {
        let found = item["url"].as_str().or_else(|| item["external_url"].as_str())?;
        let title = item["title"].as_str().and_then(words);
        let at =
            item["date_published"].as_str().or_else(|| item["date_modified"].as_str()).and_then(dates::read);
        Some(Item { address: address.join(found)?, title, at })
    });
    Some(Contents { title: feed["title"].as_str().and_then(words), items: items.take(ITEMS_MAX).collect() })
}
