//! Plain text to blocks.

use super::draft::{Context, Draft};
use super::menu::menu_lines;
use super::{Found, ImportError, Imported};
use crate::text::document::{Kind, ListItem};

/// Lines longer than this, in code points, are paragraphs on their own: nobody wraps text by hand at more.
const WRAP_MAX: usize = 100;

/// Imports plain text. Paragraphs end at blank lines; where lines are not wrapped to a common width (text copied from a
/// web page), each line is a paragraph. Lines that begin with a bullet or "- " are list items.
///
/// # Errors
/// [`ImportError`] when there is no text or one of the limits is passed.
pub fn from_plain(text: &str) -> Result<Imported, ImportError> {
    let lines: Vec<&str> = lines(text).collect();
    let width = lines.iter().map(|line| line.trim_end().chars().count()).max().unwrap_or(0);
    let mut draft = Draft::default();
    for group in lines.split(|line| line.trim().is_empty()) {
        let joins = is_wrapped(group, width);
        for line in group {
            let (item, words) = without_bullet(line);
            if draft.is_open() && (!joins || item) {
                draft.end_block();
            }
            draft.write(words, || if item { ITEM } else { Context::PARAGRAPH });
            if !ends_in_hyphen(words) {
                draft.write(" ", || Context::PARAGRAPH);
            }
        }
        draft.end_block();
        if draft.has_failed() {
            break;
        }
    }
    let document = draft.finish(None)?;
    let surroundings = (0..menu_lines(&document)).collect();
    Ok(Imported { document, found: Found::default(), surroundings })
}

const ITEM: Context =
    Context { kind: Kind::ListItem(ListItem { depth: 0, number: None, continues: false }), quote: 0 };

/// Splits at every kind of line break that Unicode knows, CRLF as one.
fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.split('\n').flat_map(|line| {
        let line = line.strip_suffix('\r').unwrap_or(line);
        line.split(['\r', '\u{B}', '\u{C}', '\u{85}', '\u{2028}', '\u{2029}'])
    })
}

/// Whether lines were cut at a common width: each next line's first word would not have fitted, and few lines end where
/// a sentence does.
fn is_wrapped(group: &[&str], width: usize) -> bool {
    if group.len() < 2 || width > WRAP_MAX {
        return false;
    }
    let pairs = group.len() - 1;
    let full = group.windows(2).filter(|pair| {
        let first_word = pair[1].split_whitespace().next().map_or(0, |word| word.chars().count());
        pair[0].trim_end().chars().count() + 1 + first_word > width
    });
    let ended = group[..pairs]
        .iter()
        .filter(|line| line.trim_end().ends_with(['.', '!', '?', '…', ':', '”', '"', '»']));
    full.count() * 5 >= pairs * 4 && ended.count() * 2 < pairs.max(2)
}

/// Whether the line's bullet should go, and the line without it.
fn without_bullet(line: &str) -> (bool, &str) {
    let trimmed = line.trim_start();
    let words = trimmed
        .strip_prefix(['-', '*', '•', '·', '‣', '◦', '▪'])
        .filter(|rest| rest.starts_with([' ', '\t', '\u{A0}']));
    match words.map(str::trim_start) {
        Some(words) if !words.is_empty() => (true, words),
        _ => (false, line),
    }
}

/// Whether a wrapped line ends inside a word such as "well-known".
fn ends_in_hyphen(line: &str) -> bool {
    line.strip_suffix('-').is_some_and(|before| before.ends_with(char::is_alphabetic))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn blocks(text: &str) -> Vec<String> {
        let document = from_plain(text).unwrap().document;
        let offsets = document.offsets();
        document
            .blocks()
            .iter()
            .map(|block| {
                let mark = if matches!(block.kind, Kind::ListItem(_)) { "• " } else { "" };
                format!("{mark}{}", offsets.slice(block.extent()).unwrap())
            })
            .collect()
    }

    #[test]
    fn copied_web_text_has_a_paragraph_a_line() {
        let text = "- Category\r\n- Latest news\r\n“We will,” he said\r\n\r\nHe said so in an interview that was longer than a line would be if someone had wrapped it by hand.\r\nShe did not.\r\n";
        assert_eq!(
            blocks(text),
            [
                "• Category",
                "• Latest news",
                "“We will,” he said",
                "He said so in an interview that was longer than a line would be if someone had wrapped it by hand.",
                "She did not."
            ]
        );
    }

    #[test]
    fn wrapped_lines_are_joined_and_verses_are_not() {
        let wrapped = "The minister said on Monday that the well-\nknown plan would be kept, and nobody in the\nroom asked her what the plan was.\n\nA second paragraph.";
        assert_eq!(
            blocks(wrapped),
            [
                "The minister said on Monday that the well-known plan would be kept, and nobody in the room asked her what the plan was.",
                "A second paragraph."
            ]
        );
        assert_eq!(
            blocks("Roses are red\nViolets\nare blue today"),
            ["Roses are red", "Violets", "are blue today"]
        );
        assert_eq!(blocks("It was so.\nYes."), ["It was so.", "Yes."]);
    }

    #[test]
    fn characters_that_nobody_reads_go_and_all_others_stay() {
        assert_eq!(
            blocks("\u{FEFF}a\0b\u{1}  c\td\u{A0}e so\u{AD}ft\u{2028}next\u{85}line\u{FFFE}"),
            ["ab c d\u{A0}e so\u{AD}ft", "next", "line"]
        );
        assert_eq!(blocks("Cafe\u{301} 👩\u{200D}🔬 שלום"), ["Caf\u{e9} 👩\u{200D}🔬 שלום"]);
        assert_eq!(blocks("-5 degrees\n-\n- "), ["-5 degrees", "-", "-"]);
        assert_eq!(from_plain(" \n\u{AD}\n\u{200B}"), Err(ImportError::Empty));
    }

    #[test]
    fn limits_say_so() {
        assert_eq!(from_plain(&"a\n\n".repeat(20_001)), Err(ImportError::TooManyBlocks));
        assert!(from_plain(&"a\n\n".repeat(20_000)).is_ok());
        assert_eq!(from_plain(&"word ".repeat(400_001)), Err(ImportError::TooLong));
    }

    proptest! {
        #[test]
        fn no_word_is_lost(text in "([a-zé“”.!?🌍א-ת,-]{1,9}(  ?|\n|\r\n|\n\n|\u{A0}|\t)){1,60}") {
            let words = |text: &str| text.split_whitespace().filter(|word| !matches!(*word, "-" | "*" | "•")).collect::<String>();
            let imported = from_plain(&text).map(|imported| words(imported.document.text())).unwrap_or_default();
            prop_assert_eq!(imported, words(&text));
        }
    }
}
