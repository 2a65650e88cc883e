//! What a quotation says of itself: words that have to stand there, and what was left out or put in between.

use super::is_unspaced;
use crate::text::selector::fold::{Folded, Folding};

/// How many bytes of the folded text an ellipsis leaves out at most: about five paragraphs. What is farther apart is two
/// quotations.
const LEFT_OUT_MAX: usize = 4_000;

/// How many bytes square brackets stand for at most.
const REPLACED_MAX: usize = 200;

/// How many code points stand in square brackets at most.
const BRACKET_MAX: usize = 200;

/// How many parts are understood.
const PARTS_MAX: usize = 64;

/// Words that have to stand in the text.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Part {
    /// Folded.
    pub(super) words: String,
    /// A letter before them that may be small or capital.
    pub(super) first: Option<char>,
    /// How many bytes of the folded text may stand between the part before and this one.
    pub(super) gap: usize,
    /// Whether a word begins here, and whether one ends.
    pub(super) begins: bool,
    pub(super) ends: bool,
}

/// The quotation as it is.
pub(super) fn plain(quote: &str) -> Option<Vec<Part>> {
    let words = fold(quote);
    (!words.is_empty()).then(|| vec![Part { words, first: None, gap: 0, begins: true, ends: true }])
}

fn fold(words: &str) -> String {
    Folded::new(words, Folding::Quoted).text.trim().to_owned()
}

/// A sign of whoever quotes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sign {
    LeftOut,
    Bracket,
    /// `[T]` of `[T]hey`.
    Letter(char),
}

/// The sign that begins here, and how many bytes it takes. `before` is the character before it.
pub(super) fn sign(before: Option<char>, rest: &str) -> Option<(Sign, usize)> {
    if let Some(length) = ellipsis(rest) {
        return Some((Sign::LeftOut, length));
    }
    let close = match rest.chars().next()? {
        '[' => ']',
        '(' => ')',
        _ => return None,
    };
    let inside: &str = &rest[1..];
    let end = inside
        .char_indices()
        .take(BRACKET_MAX)
        .find(|(_, character)| matches!(character, '[' | ']' | ')'))?;
    if end.1 != close {
        // Round brackets within square ones are words.
        let end =
            inside.char_indices().take(BRACKET_MAX).find(|(_, character)| matches!(character, '[' | ']'))?;
        return (close == ']' && end.1 == ']').then_some((Sign::Bracket, end.0 + 2));
    }
    let content = inside[..end.0].trim();
    let length = end.0 + 2;
    if ellipsis(content) == Some(content.len()) {
        return Some((Sign::LeftOut, length));
    }
    if close == ')' {
        return None;
    }
    let mut letters = content.chars();
    let next = rest[length..].chars().next();
    match (letters.next(), letters.next()) {
        (Some(letter), None)
            if letter.is_alphabetic()
                && next.is_some_and(char::is_alphabetic)
                && !before.is_some_and(char::is_alphanumeric) =>
        {
            Some((Sign::Letter(letter), length))
        }
        _ => Some((Sign::Bracket, length)),
    }
}

/// How many bytes an ellipsis at the beginning takes: `…`, or three and more dots, be it with spaces between.
fn ellipsis(text: &str) -> Option<usize> {
    let mut dots = 0;
    let mut length = 0;
    for (at, character) in text.char_indices() {
        match character {
            '…' => dots += 3,
            '.' => dots += 1,
            ' ' | '\u{A0}' | '\u{202F}' if dots > 0 => continue,
            _ => break,
        }
        length = at + character.len_utf8();
    }
    (dots >= 3).then_some(length)
}

/// The parts of a quotation with signs in it; `None` when there are none, or too many, or no words.
pub(super) fn understood(quote: &str) -> Option<Vec<Part>> {
    let mut reading = Reading::default();
    let mut rest = quote;
    let mut before = None;
    while let Some(character) = rest.chars().next() {
        let length = if let Some((sign, length)) = sign(before, rest) {
            let next = rest[length..].chars().next();
            reading.sign(sign, before, next);
            length
        } else {
            reading.words.push(character);
            character.len_utf8()
        };
        before = rest[..length].chars().next_back();
        rest = &rest[length..];
    }
    reading.end();
    let Reading { parts, has_signs, .. } = reading;
    (has_signs && !parts.is_empty() && parts.len() <= PARTS_MAX).then_some(parts)
}

/// What was read of a quotation.
#[derive(Default)]
struct Reading {
    parts: Vec<Part>,
    words: String,
    first: Option<char>,
    gap: usize,
    /// Whether the part that is read goes on inside a word that begins in brackets.
    is_joined: bool,
    has_signs: bool,
}

impl Reading {
    fn sign(&mut self, sign: Sign, before: Option<char>, next: Option<char>) {
        self.has_signs = true;
        let is_word =
            |character: Option<char>| character.is_some_and(|one| one.is_alphanumeric() && !is_unspaced(one));
        let ends_inside = sign == Sign::Bracket && is_word(before);
        self.part(!ends_inside);
        match sign {
            Sign::LeftOut => self.gap += LEFT_OUT_MAX,
            Sign::Bracket => {
                self.gap += REPLACED_MAX;
                self.is_joined = is_word(next);
            }
            Sign::Letter(letter) => {
                self.first = Some(letter);
                // The letter stands where the words before it end, and a space.
                self.gap += 2;
            }
        }
    }

    fn end(&mut self) {
        self.part(true);
    }

    /// Ends the part that was read.
    fn part(&mut self, ends: bool) {
        let words = fold(&std::mem::take(&mut self.words));
        // Marks between two signs say nothing: "… , …".
        if !words.chars().any(char::is_alphanumeric) {
            return;
        }
        let begins = !std::mem::take(&mut self.is_joined);
        let gap = std::mem::take(&mut self.gap);
        self.parts.push(Part { words, first: self.first.take(), gap, begins, ends });
    }
}
