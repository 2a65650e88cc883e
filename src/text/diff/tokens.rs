//! Two texts as words and marks of punctuation, so that equal ones have equal numbers.

use std::collections::HashMap;

use unicode_normalization::UnicodeNormalization;
use unicode_segmentation::UnicodeSegmentation;

use crate::text::offsets::code_points;
use crate::text::selector::fold::{Folded, Folding};

/// What a word counts for, so that a few rare words outweigh many common ones.
const WORD: u8 = 10;
/// A frequent word, or a letter that stands alone (as every one does in Chinese).
const COMMON: u8 = 5;
const PUNCTUATION: u8 = 3;

/// How often a word must stand in both texts together to be a frequent one: once in so many words, and …
const COMMON_ONE_IN: usize = 150;
/// … at least so often.
const COMMON_MIN: usize = 24;

/// What ends before a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::text) enum Break {
    Nothing,
    Sentence,
    Line,
}

/// A word or a mark of punctuation.
#[derive(Debug, Clone, Copy)]
pub(in crate::text) struct Token {
    /// Alike in both texts for what reads alike: typography and capital letters aside.
    pub(in crate::text) id: u32,
    /// In code points.
    pub(in crate::text) start: u32,
    pub(in crate::text) end: u32,
    pub(in crate::text) weight: u8,
    pub(in crate::text) is_word: bool,
    pub(in crate::text) before: Break,
}

/// The tokens of two texts, numbered alike.
pub(in crate::text) fn tokens_of(old: &str, new: &str) -> (Vec<Token>, Vec<Token>) {
    let mut numbers = Numbers { ids: HashMap::new(), counts: Vec::new(), buffer: String::new() };
    let mut old = numbers.read(old);
    let mut new = numbers.read(new);
    let common = COMMON_MIN.max((old.len() + new.len()) / COMMON_ONE_IN);
    for token in old.iter_mut().chain(&mut new) {
        if token.is_word && numbers.counts[token.id as usize] >= common {
            token.weight = COMMON;
        }
    }
    (old, new)
}

struct Numbers {
    ids: HashMap<String, u32>,
    counts: Vec<usize>,
    buffer: String,
}

impl Numbers {
    fn read(&mut self, text: &str) -> Vec<Token> {
        let mut tokens: Vec<Token> = Vec::with_capacity(text.len() / 5);
        let mut at = 0;
        let mut before = Break::Line;
        let mut ends_sentence = false;
        for piece in text.split_word_bounds().flat_map(apart) {
            let start = at;
            at += code_points(piece);
            if piece.trim_start().is_empty() {
                let reached = if piece.contains('\n') {
                    Break::Line
                } else if ends_sentence {
                    Break::Sentence
                } else {
                    Break::Nothing
                };
                before = before.max(reached);
                continue;
            }
            let Some(id) = self.number(piece) else { continue };
            let is_word = is_of_words(piece);
            let last = tokens.last_mut().filter(|last| last.id == id && last.end == start);
            if let (false, Some(last)) = (is_word, last) {
                // "..." is one mark, as "…" is.
                last.end = at;
                continue;
            }
            let weight = match (is_word, at - start) {
                (false, _) => PUNCTUATION,
                (true, 1) => COMMON,
                (true, _) => WORD,
            };
            tokens.push(Token { id, start, end: at, weight, is_word, before });
            self.counts[id as usize] += 1;
            // Quotation marks and brackets may follow what ends a sentence.
            let closes = matches!(piece, "\"" | "”" | "’" | "'" | ")" | "]" | "»");
            ends_sentence = matches!(piece, "." | "!" | "?" | "…" | "。" | "！" | "？" | "؟" | "۔" | "।")
                || (closes && ends_sentence);
            // No space follows the wide ones.
            let is_wide = matches!(piece, "。" | "！" | "？");
            before = if is_wide { Break::Sentence } else { Break::Nothing };
        }
        tokens
    }

    /// The number of what reads alike; `None` for what shows nothing.
    fn number(&mut self, piece: &str) -> Option<u32> {
        self.buffer.clear();
        if piece.is_ascii() {
            self.buffer.push_str(piece);
            self.buffer.make_ascii_lowercase();
        } else {
            self.buffer.extend(Folded::new(piece, Folding::Caseless).text.nfc());
        }
        let is_word = is_of_words(&self.buffer);
        let folded = self.buffer.trim();
        let folded = match folded.chars().next()? {
            // Dots and dashes count once, however many there are.
            first if !is_word => &folded[..first.len_utf8()],
            _ => folded,
        };
        if let Some(&id) = self.ids.get(folded) {
            return Some(id);
        }
        let id = u32::try_from(self.ids.len()).unwrap_or(u32::MAX);
        self.ids.insert(folded.to_owned(), id);
        self.counts.push(0);
        Some(id)
    }
}

fn is_of_words(piece: &str) -> bool {
    piece.chars().any(char::is_alphanumeric)
}

/// Takes a word apart at what is no letter or digit, so that "end.Next" is two words.
fn apart(piece: &str) -> impl Iterator<Item = &str> {
    let splits = is_of_words(piece) && piece.chars().any(is_mark);
    let mut rest = piece;
    std::iter::from_fn(move || {
        let first = rest.chars().next()?;
        let end = if !splits {
            rest.len()
        } else if is_mark(first) {
            first.len_utf8()
        } else {
            rest.find(is_mark).unwrap_or(rest.len())
        };
        let (part, after) = rest.split_at(end);
        rest = after;
        Some(part)
    })
}

/// Punctuation that may stand inside a word.
fn is_mark(character: char) -> bool {
    matches!(
        character,
        '!'..='/' | ':'..='@' | '['..='`' | '{'..='~' | '·' | '‘' | '’' | '․' | '‧' | '‿' | '⁀' | '：' | '．' | '＇' | '＿'
    )
}
