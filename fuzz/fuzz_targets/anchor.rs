//! Any two texts, any selector: the places lie in the new text, and nothing is lost from a comparison.

#![no_main]

use factdesk::text::anchor::{Outcome, Revision};
use factdesk::text::diff::{Change, compare};
use factdesk::text::import::from_plain;
use factdesk::text::offsets::{Extent, Offsets};
use factdesk::text::selector::Selector;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let (numbers, texts) = bytes.split_at(bytes.len().min(4));
    let texts = String::from_utf8_lossy(texts);
    // "\u{0}" parts the old text from the new; "\u{1}" in the new one stands for all of the old.
    let (old, new) = texts.split_once('\0').unwrap_or((&texts, &texts));
    let new = new.replace('\u{1}', old);
    let (old_words, new_words) = (Offsets::new(old), Offsets::new(&new));
    let revision = Revision::new(old, &new);
    for pair in numbers.chunks_exact(2) {
        let (start, length) = (u32::from(pair[0]), u32::from(pair[1]));
        let extent = Extent::new(start, start + length);
        let exact = old_words.slice(extent).unwrap_or("a b").to_owned();
        let (start, end) = extent.as_integers();
        let selector = Selector { exact, prefix: "a".to_owned(), suffix: " ".to_owned(), start, end };
        let found = revision.locate(&selector);
        for place in found.candidates.iter().chain(&found.place) {
            assert!(new_words.slice(*place).is_some());
        }
        if found.outcome == Outcome::Exact {
            assert_eq!(found.place.and_then(|place| new_words.slice(place)), Some(selector.exact.as_str()));
        }
        if old == new && old_words.slice(extent).is_some() {
            assert_eq!((found.outcome, found.place), (Outcome::Exact, Some(extent)));
        }
    }
    let (Ok(old), Ok(new)) = (from_plain(old), from_plain(&new)) else { return };
    let comparison = compare(&old.document, &new.document);
    let words = new.document.offsets();
    let (mut shown, mut blocks) = (String::new(), String::new());
    for row in comparison.rows.iter().filter(|row| row.change != Change::MovedAway && !row.new.is_empty()) {
        shown.extend(row.pieces.iter().filter_map(|piece| words.slice(piece.new)));
        let all = new.document.blocks();
        blocks.extend(words.slice(Extent::new(all[row.new.start].start, all[row.new.end - 1].end)));
    }
    assert_eq!(shown, blocks);
});
