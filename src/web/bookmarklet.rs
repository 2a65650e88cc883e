//! The bookmark whose address is a script: it reads the page it is pressed on, and hands it to ours.

use std::fmt::Write as _;
use std::sync::LazyLock;

use crate::base_url::BaseUrl;
use crate::web::squeeze;

/// The same reader that the extension has.
static COLLECT: LazyLock<String> =
    LazyLock::new(|| squeeze::script(include_str!("../../extension/collect.js")));
static SEND: LazyLock<String> = LazyLock::new(|| squeeze::script(include_str!("bookmarklet.js")));

/// The address of the bookmark, for a desk of this server.
#[must_use]
pub fn bookmarklet(base: &BaseUrl, desk: &str) -> String {
    let collect = COLLECT.trim_end_matches(';');
    let script = SEND.replace("SERVER", base.as_str()).replace("DESK", desk).replace("COLLECTED", collect);
    let mut address = String::from("javascript:");
    for byte in script.bytes() {
        // What browsers would change in an address, and the sign that they take for an escape.
        if byte.is_ascii_graphic() && !b"\"#%<>`".contains(&byte) {
            address.push(byte.into());
        } else {
            let _ = write!(address, "%{byte:02X}");
        }
    }
    address
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_one_line_that_names_this_server_and_no_other() {
        let base = BaseUrl::new(&"https://facts.example.org/".parse().unwrap());
        let address = bookmarklet(&base, "demo");
        assert!(address.starts_with("javascript:(()=%3E{"), "{address:.40}");
        assert!(address.bytes().all(|byte| byte.is_ascii_graphic()));
        assert!(address.contains("https://facts.example.org"));
        assert!(address.contains("?desk=demo"));
        for left in ["SERVER", "DESK", "COLLECTED"] {
            assert!(!address.contains(left), "{left}");
        }
        // Firefox takes up to 64 KiB.
        assert!(address.len() < 16 * 1024, "{}", address.len());
    }
}
