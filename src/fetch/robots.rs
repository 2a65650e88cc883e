//! What a site asks of programs: RFC 9309, <https://www.rfc-editor.org/rfc/rfc9309>. Pure.

use std::fmt::Write as _;

use url::Url;

/// How much of the file counts, in bytes (section 2.5).
pub const BYTES_MAX: usize = 512 * 1024;
/// How many redirects lead to it (section 2.3.1.2).
pub const REDIRECTS_MAX: usize = 5;
/// How many rules count: a file of the size above that is nothing but rules has more.
const RULES_MAX: usize = 10_000;
/// What we are called there.
const NAME: &str = "factdesk";

/// The rules for us, or else those for everybody. The default is that all is allowed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Robots(Vec<Rule>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Rule {
    allows: bool,
    pattern: String,
}

/// Which group is read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum For {
    #[default]
    Nobody,
    Everybody,
    Us,
}

impl Robots {
    /// Reads a file. What is no rule is skipped.
    #[must_use]
    pub fn read(bytes: &[u8]) -> Self {
        let bytes = &bytes[..bytes.len().min(BYTES_MAX)];
        let text = String::from_utf8_lossy(bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes));
        let (mut ours, mut everybodys, mut names_us) = (Vec::new(), Vec::new(), false);
        let (mut group, mut names) = (For::Nobody, false);
        for line in text.split(['\n', '\r']) {
            let line = line.split('#').next().unwrap_or_default();
            let Some((key, value)) = line.split_once(':') else { continue };
            let value = value.trim();
            let allows = match key.trim().to_ascii_lowercase().as_str() {
                "user-agent" => {
                    if !names {
                        group = For::Nobody;
                    }
                    names = true;
                    match who(value) {
                        For::Us => (group, names_us) = (For::Us, true),
                        For::Everybody if group == For::Nobody => group = For::Everybody,
                        _ => {}
                    }
                    continue;
                }
                "allow" => true,
                "disallow" => false,
                _ => continue,
            };
            names = false;
            let rules = match group {
                For::Us => &mut ours,
                For::Everybody => &mut everybodys,
                For::Nobody => continue,
            };
            if !value.is_empty() && rules.len() < RULES_MAX {
                rules.push(Rule { allows, pattern: one_spelling(value) });
            }
        }
        Self(if names_us { ours } else { everybodys })
    }

    /// Whether we may fetch an address of the site. The longest rule counts, and of two equally long ones the one that
    /// allows (section 2.2.2).
    #[must_use]
    pub fn allows(&self, url: &Url) -> bool {
        let mut path = url.path().to_owned();
        if let Some(query) = url.query() {
            path.push('?');
            path.push_str(query);
        }
        let path = one_spelling(&path);
        let matching = self.0.iter().filter(|rule| matches(&rule.pattern, &path));
        matching.max_by_key(|rule| (rule.pattern.len(), rule.allows)).is_none_or(|rule| rule.allows)
    }
}

fn who(name: &str) -> For {
    // Up to what is no letter of a name: `Factdesk/1.0` is us, too.
    let end = name.find(|c: char| !(c.is_ascii_alphabetic() || matches!(c, '-' | '_'))).unwrap_or(name.len());
    if name == "*" {
        For::Everybody
    } else if name[..end].eq_ignore_ascii_case(NAME) {
        For::Us
    } else {
        For::Nobody
    }
}

/// A path with each character in one spelling: letters and digits as they are, all else by its bytes (section 2.2.2).
fn one_spelling(path: &str) -> String {
    let mut spelt = String::with_capacity(path.len());
    let bytes = path.as_bytes();
    let mut at = 0;
    while let Some(byte) = bytes.get(at).copied() {
        let hex = (byte == b'%').then(|| bytes.get(at + 1..at + 3)).flatten();
        let escaped = hex.and_then(|hex| u8::from_str_radix(std::str::from_utf8(hex).ok()?, 16).ok());
        let (byte, is_escaped) = escaped.map_or((byte, false), |byte| (byte, true));
        at += if is_escaped { 3 } else { 1 };
        let is_plain = byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~');
        if is_plain || (!is_escaped && byte.is_ascii_graphic()) {
            spelt.push(byte.into());
        } else {
            // Writing to a text fails at nothing.
            let _ = write!(spelt, "%{byte:02X}");
        }
    }
    spelt
}

/// Whether a path begins as the pattern says: `*` is any run of characters, `$` at the end is the end. Each piece between
/// stars is looked for once, from where the one before it ended.
fn matches(pattern: &str, path: &str) -> bool {
    let (pattern, to_end) = pattern.strip_suffix('$').map_or((pattern, false), |pattern| (pattern, true));
    let mut pieces = pattern.split('*');
    let Some(mut rest) = path.strip_prefix(pieces.next().unwrap_or_default()) else { return false };
    let mut last = None;
    for piece in pieces {
        let Some(at) = rest.find(piece) else { return false };
        rest = &rest[at + piece.len()..];
        last = Some(piece);
    }
    match (to_end, last) {
        (false, _) => true,
        (true, None) => rest.is_empty(),
        // The last piece may stand again later, at the end.
        (true, Some(piece)) => rest.is_empty() || rest.ends_with(piece),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn may(file: &str, path: &str) -> bool {
        Robots::read(file.as_bytes()).allows(&Url::parse(&format!("https://a.example{path}")).unwrap())
    }

    #[test]
    fn without_a_rule_for_us_or_everybody_all_is_allowed() {
        assert!(may("", "/a") && may("User-agent: other\nDisallow: /", "/a"));
        assert!(may("User-agent: *\nDisallow:", "/a"));
        assert!(may("Disallow: /", "/a"), "a rule for nobody");
        assert!(may("<html>no rules</html>", "/a"));
    }

    #[test]
    fn our_own_rules_come_before_those_for_everybody_however_they_are_spelt() {
        let file = "User-agent: *\nDisallow: /\n\nUSER-AGENT: FactDesk/2.0\nAllow: /\nDisallow: /private";
        assert!(may(file, "/a") && !may(file, "/private/a"));
        let file =
            "User-agent: *\nAllow: /\nUser-agent: a\nUser-agent: factdesk\nUser-agent: b\nDisallow: /x # no";
        assert!(!may(file, "/x") && may(file, "/y"));
        // Several groups for us are one.
        assert!(!may("User-agent: factdesk\nDisallow: /a\nUser-agent: factdesk\nDisallow: /b", "/a"));
        assert!(may("User-agent: factdesk\nDisallow:\nUser-agent: *\nDisallow: /", "/a"), "we are named");
    }

    #[test]
    fn the_longest_rule_counts_and_of_two_the_one_that_allows() {
        let file = "User-agent: *\nAllow: /p\nDisallow: /\nDisallow: /page\nAllow: /page";
        assert!(may(file, "/p") && may(file, "/page") && !may(file, "/q"));
    }

    #[test]
    fn stars_and_ends_are_understood() {
        let file = "User-agent: *\nDisallow: /*.pdf$\nDisallow: /a*b\nDisallow: /only$\nDisallow: /q?x=";
        assert!(!may(file, "/x/y.pdf") && may(file, "/x/y.pdf?z") && !may(file, "/x.pdf.pdf"));
        assert!(!may(file, "/a/1/b/2") && may(file, "/a/1"));
        assert!(!may(file, "/only") && may(file, "/only/more"));
        assert!(!may(file, "/q?x=1") && may(file, "/q"));
    }

    #[test]
    fn escapes_are_one_spelling() {
        assert!(!may("User-agent: *\nDisallow: /ü", "/%C3%BC"));
        assert!(!may("User-agent: *\nDisallow: /%7euser", "/~user"));
        assert!(may("User-agent: *\nDisallow: /a%2Fb", "/a/b"));
    }

    #[test]
    fn a_hostile_file_is_read_in_no_time() {
        let stars = format!("User-agent: *\nDisallow: /{}b$", "*a".repeat(20_000));
        assert!(may(&stars, &format!("/{}", "a".repeat(20_000))));
        let many = format!("User-agent: *\n{}", "Disallow: /x\n".repeat(60_000));
        assert!(may(&many, "/a") && !may(&many, "/x"));
    }
}
