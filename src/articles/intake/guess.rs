//! In which format a text is.

use crate::articles::Format;

/// How much of a text is looked at, in bytes.
const LOOKED_AT: usize = 64 * 1024;

/// The format that a text most likely has, by its file's name and by what stands in it.
#[must_use]
pub fn guess(text: &str, file_name: Option<&str>) -> Format {
    let ending =
        file_name.and_then(|name| name.rsplit_once('.')).map(|(_, ending)| ending.to_ascii_lowercase());
    match ending.as_deref() {
        Some("html" | "htm" | "xhtml" | "shtml") => return Format::Html,
        Some("md" | "markdown" | "mkd") => return Format::Markdown,
        Some("txt") => return Format::Text,
        _ => {}
    }
    let mut end = text.len().min(LOOKED_AT);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let text = text[..end].trim_start_matches(['\u{feff}', ' ', '\n', '\r', '\t']);
    if is_html(text) {
        Format::Html
    } else if is_markdown(text) {
        Format::Markdown
    } else {
        Format::Text
    }
}

/// A text that begins with a tag and has the end of a block somewhere.
fn is_html(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    lower.starts_with('<')
        && (lower.starts_with("<!doctype html")
            || lower.starts_with("<html")
            || ["</p>", "</div>", "</h1>", "</h2>", "</article>", "</li>", "</td>", "<br", "</body>"]
                .iter()
                .any(|tag| lower.contains(tag)))
}

/// A text in which at least two lines are marked as only Markdown does, or one is a heading at the very top.
fn is_markdown(text: &str) -> bool {
    let heading = |line: &str| {
        let level = line.bytes().take_while(|byte| *byte == b'#').count();
        (1..=6).contains(&level) && line[level..].starts_with(' ')
    };
    let marked = |line: &&str| {
        heading(line) || line.starts_with("> ") || line.starts_with("```") || line.contains("](http") || {
            let pairs = line.matches("**").count();
            pairs >= 2 && pairs.is_multiple_of(2)
        }
    };
    text.lines()
        .next()
        .is_some_and(|line| heading(line) || line.trim_end() == "---" && text.matches("\n---").count() > 0)
        || text.lines().filter(marked).take(2).count() == 2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_files_ending_decides() {
        assert_eq!(guess("# Not Markdown", Some("a.txt")), Format::Text);
        assert_eq!(guess("plain", Some("a.b.HTML")), Format::Html);
        assert_eq!(guess("plain", Some("notes.md")), Format::Markdown);
    }

    #[test]
    fn otherwise_what_stands_in_it_decides() {
        assert_eq!(guess("\u{feff}\n<!DOCTYPE html><title>x</title>", None), Format::Html);
        assert_eq!(guess("<p>One</p>", Some("saved")), Format::Html);
        assert_eq!(guess("<3 said the <b>minister", None), Format::Text);
        assert_eq!(guess("# Title\n\nText", None), Format::Markdown);
        assert_eq!(guess("a **b** c\n\n[d](https://e.example/)", None), Format::Markdown);
        assert_eq!(guess("He is #1.\n\n> only one line", None), Format::Text);
        assert_eq!(guess("- Category\n- News\n\nText", None), Format::Text);
        assert_eq!(guess("", None), Format::Text);
    }
}
