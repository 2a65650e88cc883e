//! A site's menu at the top of a text without markup.

use crate::text::document::{Block, Document, Kind};

/// At most this many blocks at the top are taken for a menu.
const MENU_MAX: usize = 40;
/// A menu's line has at most so many code points.
const LINE_MAX: u32 = 28;

/// How many blocks at the top look like a site's menu: short lines without an end of a sentence, before anything longer.
/// Only a suggestion, for a person to look at.
#[must_use]
pub(super) fn menu_lines(document: &Document) -> usize {
    let is_line = |block: &Block| {
        let words = document.slice(block.extent()).unwrap_or_default();
        !matches!(block.kind, Kind::Heading(_) | Kind::Cell(_))
            && block.extent().len() <= LINE_MAX
            && !words.ends_with(['.', '!', '?', ':', '"', '”', '»', '。', '؟'])
    };
    let lines = document.blocks().iter().take_while(|block| is_line(block)).count();
    // A text of nothing but short lines is a poem or a list, not a menu.
    if lines == document.blocks().len() || lines > MENU_MAX { 0 } else { lines }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::import::from_plain;

    #[test]
    fn short_lines_above_the_text_are_a_menu() {
        let text = "- Category\n- Latest news\n\n“We will never 🌍,” she said in an interview on Monday.";
        assert_eq!(menu_lines(&from_plain(text).unwrap().document), 2);
    }

    #[test]
    fn a_poem_is_no_menu() {
        let document = from_plain("Roses\n\nViolets\n\nSugar").unwrap().document;
        assert_eq!(menu_lines(&document), 0);
    }
}
