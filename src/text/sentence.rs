//! Where sentences begin and end.

use super::direction::Direction;
use super::document::normal::is_blank;
use super::document::{Block, Kind};
use super::offsets::{Cursor, Extent};

/// How much of a block is looked at together, in bytes. No real sentence is longer, and rules for quotation marks that
/// compare each with each stay quick on texts made to be slow.
const WINDOW: usize = 4_096;

/// Finds the sentences of a text, in order: without the spaces between them, all other words in some sentence. A
/// quotation stays with its closing mark. `language` is a BCP 47 tag; without one the letters decide.
#[must_use]
pub fn split(text: &str, language: Option<&str>) -> Vec<Extent> {
    let language = language.map_or_else(|| guess_language(text).to_owned(), primary_subtag);
    split_in(text, &language, 0)
}

/// Finds the sentences of each block of a document that is being made.
pub(super) fn split_blocks(text: &str, blocks: &mut [Block], language: Option<&str>, direction: Direction) {
    let language = match language {
        Some(language) => primary_subtag(language),
        None if direction == Direction::Rtl => "ar".to_owned(),
        None => guess_language(text).to_owned(),
    };
    let mut cursor = Cursor::new(text);
    for block in blocks {
        let start = cursor.advance_to(block.start);
        let words = &text[start..cursor.advance_to(block.end)];
        block.sentences = if block.kind == Kind::Preformatted {
            split_lines(words, block.start)
        } else {
            split_in(words, &language, block.start)
        };
    }
}

fn primary_subtag(language: &str) -> String {
    language.split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase()
}

/// A language whose rules suit the script of the first letters.
fn guess_language(text: &str) -> &'static str {
    let mut cyrillic = false;
    for character in text.chars().take(2_000) {
        match character {
            'і' | 'ї' | 'є' | 'ґ' | 'І' | 'Ї' | 'Є' | 'Ґ' => return "uk",
            '\u{400}'..='\u{4FF}' => cyrillic = true,
            '\u{370}'..='\u{3FF}' => return "el",
            '\u{530}'..='\u{58F}' => return "hy",
            '\u{600}'..='\u{6FF}' => return "ar",
            '\u{900}'..='\u{97F}' => return "hi",
            '\u{980}'..='\u{9FF}' => return "bn",
            '\u{3040}'..='\u{30FF}' | '\u{4E00}'..='\u{9FFF}' => return "ja",
            _ => {}
        }
    }
    if cyrillic { "ru" } else { "en" }
}

/// Each line of preformatted text is read on its own.
fn split_lines(text: &str, offset: u32) -> Vec<Extent> {
    let mut ends = Vec::new();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        at += line.len();
        ends.push(at);
    }
    extents(text, &ends, offset)
}

fn split_in(text: &str, language: &str, offset: u32) -> Vec<Extent> {
    let mut ends = Vec::new();
    let mut start = 0;
    while start < text.len() {
        let window = window_from(text, start);
        let is_last = start + window.len() == text.len();
        let found = boundaries(window, language);
        // The last sentence of a window may go on behind it; it is read again from its start, unless it fills all.
        let certain = if is_last || found.len() < 2 { &found[..] } else { &found[..found.len() - 1] };
        ends.extend(certain.iter().map(|end| start + end));
        start = ends.last().copied().filter(|end| *end > start).unwrap_or(start + window.len());
    }
    extents(text, &ends, offset)
}

/// At most [`WINDOW`] bytes, cut at a space if there is one.
fn window_from(text: &str, start: usize) -> &str {
    let rest = &text[start..];
    if rest.len() <= WINDOW {
        return rest;
    }
    let mut end = WINDOW;
    while !rest.is_char_boundary(end) {
        end -= 1;
    }
    let window = &rest[..end];
    window.rfind(char::is_whitespace).filter(|at| *at > WINDOW / 2).map_or(window, |at| &window[..at])
}

/// The bytes at which the sentences of a short text end; the last one is the text's own end.
fn boundaries(text: &str, language: &str) -> Vec<usize> {
    let mut ends: Vec<usize> = Vec::new();
    for boundary in sentencex::get_sentence_boundaries(language, text) {
        let sentence = &text[boundary.start_byte..boundary.end_byte];
        // What has no word (a closing mark, a lonely dash) belongs to the sentence before it.
        let has_words = sentence.chars().any(char::is_alphanumeric);
        match ends.last_mut() {
            Some(end) if !has_words || is_dotted_name(text, *end) => *end = boundary.end_byte,
            _ => ends.push(boundary.end_byte),
        }
    }
    ends.pop();
    ends.push(text.len());
    ends
}

/// Whether a full stop at this byte stands inside a name such as "Table.Media" or "Booking.com", not behind a sentence
/// that lacks its space.
fn is_dotted_name(text: &str, end: usize) -> bool {
    let (before, after) = text.split_at(end);
    let Some(before) = before.strip_suffix('.') else { return false };
    let word = before.rsplit(|character: char| !character.is_alphanumeric()).next().unwrap_or_default();
    after.starts_with(char::is_alphanumeric) && word.starts_with(char::is_uppercase)
}

/// Makes ranges without surrounding spaces of ends in bytes.
fn extents(text: &str, ends: &[usize], offset: u32) -> Vec<Extent> {
    let mut cursor = Bytes { text, at: 0, code_point: offset };
    let mut start = 0;
    let mut found = Vec::with_capacity(ends.len());
    for &end in ends {
        let sentence = &text[start..end];
        let words = sentence.trim();
        if !is_blank(words) {
            let from = start + (sentence.len() - sentence.trim_start().len());
            found.push(Extent::new(cursor.code_point(from), cursor.code_point(from + words.len())));
        }
        start = end;
    }
    found
}

/// Counts code points up to bytes that come in order.
struct Bytes<'a> {
    text: &'a str,
    at: usize,
    code_point: u32,
}

impl Bytes<'_> {
    fn code_point(&mut self, byte: usize) -> u32 {
        self.code_point += super::offsets::code_points(&self.text[self.at..byte]);
        self.at = byte;
        self.code_point
    }
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use proptest::prelude::*;

    use super::*;
    use crate::text::offsets::Offsets;

    fn sentences<'a>(text: &'a str, language: &str) -> Vec<&'a str> {
        let offsets = Offsets::new(text);
        split(text, Some(language)).into_iter().map(|extent| offsets.slice(extent).unwrap()).collect()
    }

    #[test]
    fn a_quotation_keeps_its_closing_mark_and_abbreviations_do_not_end_sentences() {
        assert_eq!(
            sentences(
                "“It will be difficult.” He left. Dr. Smith of the U.S. Army said 3.5 % is “too much.”",
                "en"
            ),
            ["“It will be difficult.”", "He left.", "Dr. Smith of the U.S. Army said 3.5 % is “too much.”"]
        );
        assert_eq!(
            sentences("He told Table.Briefings so.He left. That was it.", "en"),
            ["He told Table.Briefings so.", "He left.", "That was it."]
        );
        assert_eq!(
            sentences("„Das ist falsch.“ Sie kam am 3. Oktober. Ja!", "de-DE"),
            ["„Das ist falsch.“", "Sie kam am 3. Oktober.", "Ja!"]
        );
        assert_eq!(
            sentences("قال الوزير نعم. هل هذا صحيح؟ لا.", "ar"),
            ["قال الوزير نعم.", "هل هذا صحيح؟", "لا."]
        );
        assert_eq!(sentences("首相はそう述べた。本当か？", "ja"), ["首相はそう述べた。", "本当か？"]);
    }

    #[test]
    fn the_letters_tell_the_rules_when_the_language_is_unknown() {
        assert_eq!(
            [guess_language("Він сказав"), guess_language("Он сказал"), guess_language("x")],
            ["uk", "ru", "en"]
        );
        assert_eq!(split("", None), []);
        assert_eq!(split("No end", None), [Extent::new(0, 6)]);
    }

    #[test]
    fn long_and_hostile_blocks_stay_quick() {
        let started = Instant::now();
        for piece in ["'' ", "\"a. ", "(", "a", "“", ". ", "A. ", "1. ", "' a. B ", "…!? "] {
            let text = piece.repeat(30_000 / piece.len());
            assert!(!split(&text, Some("en")).is_empty());
        }
        assert!(started.elapsed().as_secs() < 20, "took {:?}", started.elapsed());
        let long = "One two three four. ".repeat(2_000);
        assert_eq!(split(&long, Some("en")).len(), 2_000);
    }

    proptest! {
        #[test]
        fn all_words_are_in_some_sentence(text in "([A-Za-zé“”\"'()א👩\u{200D}🔬.!?…]{0,6}[ \n\u{A0}.]){0,40}") {
            let offsets = Offsets::new(&text);
            let found = split(&text, None);
            let mut end = 0;
            for extent in &found {
                let gap = &text[offsets.byte(end)..offsets.byte(extent.start)];
                prop_assert!(gap.trim().is_empty() || is_blank(gap), "{:?}", gap);
                let sentence = offsets.slice(*extent).unwrap();
                prop_assert_eq!(sentence, sentence.trim());
                end = extent.end;
            }
            prop_assert!(is_blank(&text[offsets.byte(end)..]));
        }
    }
}
