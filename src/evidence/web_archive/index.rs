//! The index of a WARC: a line for each record, in the order of its address, as CDXJ has it:
//! <https://specs.webrecorder.net/cdxj/0.1.0/>.

use serde_json::json;
use url::Url;

use super::record::{Copy, Written, date};

/// One record of a file.
#[must_use]
pub(super) fn entry(copy: &Copy, written: &Written, file: &str, offset: u64) -> String {
    let when: String = date(copy.received_at).chars().filter(char::is_ascii_digit).collect();
    let about = json!({
        "url": copy.address,
        "mime": written.media_type,
        "status": copy.status.map(|status| status.to_string()).unwrap_or_default(),
        "digest": super::labelled(&copy.sha256),
        "length": written.member.len().to_string(),
        "offset": offset.to_string(),
        "filename": file,
    });
    format!("{} {when} {about}\n", sort_key(&copy.address))
}

/// The address as it is sorted: the host from the end, without `www.`, in lower case (SURT).
#[must_use]
pub(super) fn sort_key(address: &str) -> String {
    let Some((url, host)) = Url::parse(address).ok().and_then(|url| {
        let host = url.host_str()?.to_owned();
        Some((url, host))
    }) else {
        return address.replace(' ', "%20");
    };
    let host = host.strip_prefix("www.").unwrap_or(&host);
    let host = match url.host() {
        Some(url::Host::Domain(_)) => host.rsplit('.').collect::<Vec<_>>().join(","),
        _ => host.to_owned(),
    };
    let port = url.port().map_or_else(String::new, |port| format!(":{port}"));
    let query = url.query().map_or_else(String::new, |query| format!("?{query}"));
    format!("{host}{port}){}{query}", url.path()).to_lowercase()
}
