//! Where to go after signing in: a path on this server, whatever a link says.

/// The address that a `next` names, when it is one of ours: `^/[A-Za-z0-9_./?=&%-]*$` without `//`.
///
/// So `//evil.example` and `/\evil.example`, which browsers take for other hosts, lead nowhere.
#[must_use]
pub fn local(next: &str) -> Option<&str> {
    let fits = next.starts_with('/')
        && !next.contains("//")
        && next.len() <= 2000
        && next.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_./?=&%-".contains(&byte));
    fits.then_some(next)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn our_own_paths_are_kept() {
        for next in ["/", "/demo/claims?stage=in_review&after=0", "/invitations/demo.0a1b", "/a%20b"] {
            assert_eq!(local(next), Some(next));
        }
    }

    #[test]
    fn no_other_host_is_reached() {
        for next in [
            "",
            "demo",
            "//evil.example",
            "///evil.example",
            "/\\evil.example",
            "\\\\evil.example",
            "https://evil.example",
            "https:/evil.example",
            "/demo//evil.example",
            "/\t/evil.example",
            "/\n/evil.example",
            "/@evil.example:80",
            "javascript:alert(1)",
            "/demo\u{0}",
            " /demo",
        ] {
            assert_eq!(local(next), None, "{next:?}");
        }
    }
}
