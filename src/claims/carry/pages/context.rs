//! Words with some of what stands around them.

use crate::text::document::Document;
use crate::text::offsets::{Extent, Offsets};
use crate::text::selector::snap_to_words;

/// How many code points are shown on each side.
const AROUND: u32 = 100;

/// Words of a text, and what stands before and behind them in the same block.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Context {
    pub before: String,
    pub words: String,
    pub after: String,
    /// Code points of the text, half-open.
    pub place: (i32, i32),
}

/// The words at a place of a document; nothing when they lie outside of it.
pub(super) fn around(document: &Document, place: (i32, i32)) -> Option<Context> {
    let (start, end) = (u32::try_from(place.0).ok()?, u32::try_from(place.1).ok()?);
    let words = document.slice(Extent::new(start, end))?;
    let blocks = document.blocks();
    let first = blocks.get(document.block_at(start))?;
    let last = blocks.get(document.block_at(end.saturating_sub(1)))?;
    let from = cut(document, start.saturating_sub(AROUND).max(first.start), first.start, start);
    let to = end.saturating_add(AROUND).min(last.end);
    let to = if to < last.end { snapped_end(document, end, to) } else { to };
    let offsets = Offsets::new(document.text());
    let line = |from: u32, to: u32| {
        if from >= to {
            String::new()
        } else {
            offsets.slice(Extent::new(from, to)).unwrap_or_default().to_owned()
        }
    };
    let mut before = line(from, start);
    if from > first.start {
        before.insert(0, '…');
    }
    let mut after = line(end, to);
    if to < last.end {
        after.push('…');
    }
    Some(Context { before, words: words.to_owned(), after, place })
}

/// The start of what is shown before the words: at a word, when it does not begin with the block.
fn cut(document: &Document, from: u32, block: u32, start: u32) -> u32 {
    if from <= block || from >= start {
        return from.min(start);
    }
    snap_to_words(document.text(), Extent::new(from, start)).start.max(block).min(start)
}

fn snapped_end(document: &Document, end: u32, to: u32) -> u32 {
    if to <= end { end } else { snap_to_words(document.text(), Extent::new(end, to)).end.max(end) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::import::from_plain;

    #[test]
    fn words_are_shown_with_whole_words_around_in_their_block() {
        let long = "a word ".repeat(40);
        let document = from_plain(&format!("Another block.\n\n{long}🌍 here {long}end")).unwrap().document;
        let text = document.text();
        let at = |words: &str| {
            let start = text[..text.find(words).unwrap()].chars().count();
            let start = i32::try_from(start).unwrap();
            (start, start + i32::try_from(words.chars().count()).unwrap())
        };
        let shown = around(&document, at("🌍 here")).unwrap();
        assert_eq!(shown.words, "🌍 here");
        assert!(
            shown.before.starts_with("…word a") || shown.before.starts_with("…a word"),
            "{}",
            shown.before
        );
        assert!(shown.after.ends_with('…') && !shown.before.contains("block"), "{}", shown.after);
        let first = around(&document, at("Another")).unwrap();
        assert_eq!((first.before.as_str(), first.after.as_str()), ("", " block."));
        assert_eq!(around(&document, (0, 9_999)), None);
    }
}
