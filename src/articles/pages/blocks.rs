//! The blocks of a text that came in, for looking at and choosing.

use std::collections::BTreeSet;

use crate::text::Document;
use crate::text::document::Kind;

/// How many characters of a block are shown.
const SHOWN: usize = 300;

/// A block, with a box that says whether it is the article's.
#[derive(Clone, Debug)]
pub struct Shown {
    pub number: usize,
    pub kind: &'static str,
    /// The page of the source, at the first block of each.
    pub page: Option<u32>,
    pub pieces: Vec<Piece>,
    pub kept: bool,
}

/// Words, or the name of a character that nobody sees.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    Words(String),
    Control(&'static str),
}

/// All blocks of a document.
#[must_use]
pub fn shown(document: &Document, left_out: &BTreeSet<usize>) -> Vec<Shown> {
    let offsets = document.offsets();
    let mut page = None;
    document
        .blocks()
        .iter()
        .enumerate()
        .map(|(number, block)| {
            let begins = block.page.filter(|_| block.page != page);
            page = block.page.or(page);
            let kind = match block.kind {
                Kind::Paragraph | Kind::Preformatted => "",
                Kind::Heading(_) => "heading",
                Kind::ListItem(_) => "list",
                Kind::Cell(_) => "table",
                Kind::Caption => "caption",
                Kind::Image(_) => "picture",
            };
            let pieces = pieces(offsets.slice(block.extent()).unwrap_or_default());
            Shown { number, kind, page: begins, pieces, kept: !left_out.contains(&number) }
        })
        .collect()
}

/// How many characters of a text change the direction of others without being seen.
#[must_use]
pub fn count_controls(text: &str) -> usize {
    text.chars().filter(|character| control(*character).is_some()).count()
}

/// The words of a block, cut where it is long, with controls by name: they have no effect here.
fn pieces(text: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut words = String::new();
    for (at, character) in text.chars().enumerate() {
        if at == SHOWN {
            words.push('…');
            break;
        }
        match control(character) {
            Some(name) => {
                if !words.is_empty() {
                    pieces.push(Piece::Words(std::mem::take(&mut words)));
                }
                pieces.push(Piece::Control(name));
            }
            None => words.push(character),
        }
    }
    if !words.is_empty() {
        pieces.push(Piece::Words(words));
    }
    pieces
}

/// The name of a character that changes the direction of others: <https://www.unicode.org/reports/tr9/>, table 1.
const fn control(character: char) -> Option<&'static str> {
    Some(match character {
        '\u{61C}' => "ALM",
        '\u{200E}' => "LRM",
        '\u{200F}' => "RLM",
        '\u{202A}' => "LRE",
        '\u{202B}' => "RLE",
        '\u{202C}' => "PDF",
        '\u{202D}' => "LRO",
        '\u{202E}' => "RLO",
        '\u{2066}' => "LRI",
        '\u{2067}' => "RLI",
        '\u{2068}' => "FSI",
        '\u{2069}' => "PDI",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn controls_are_named_where_they_stand() {
        let words = |text: &str| Piece::Words(text.to_owned());
        assert_eq!(
            pieces("safe\u{202E}txt.exe\u{202C}"),
            [words("safe"), Piece::Control("RLO"), words("txt.exe"), Piece::Control("PDF")]
        );
        assert_eq!(count_controls("a\u{200F}b\u{2069}"), 2);
        assert_eq!(pieces(&"é".repeat(301)), [words(&format!("{}…", "é".repeat(300)))]);
    }
}
