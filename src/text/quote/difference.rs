//! What a quotation and the words that stand in the text have in common, letter by letter.

use std::ops::Range;

use serde::Serialize;

use super::parts::{Sign, sign};
use crate::text::selector::fold::{Folded, Folding};

/// How many pairs of words are compared. What is larger is shown as other words as a whole.
const CELLS_MAX: usize = 4_000_000;

/// The same for letters, within words that differ.
const LETTERS_MAX: usize = 250_000;

/// Letters that are alike on both sides, or stand on one of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Difference {
    pub kind: DifferenceKind,
    pub words: String,
}

/// On which side letters stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DifferenceKind {
    /// On both, be it with another quotation mark or dash; as the quotation has them.
    Same,
    /// In the quotation only.
    Quotation,
    /// In the text only.
    Text,
    /// The quotation's own signs, which are understood: an ellipsis, something in square brackets.
    Sign,
    /// What the text has in the place of such a sign.
    LeftOut,
}

/// Sets a quotation beside the words of the text. Read without [`DifferenceKind::Text`] and [`DifferenceKind::LeftOut`], the
/// pieces are the quotation; the quotation marks around it aside.
#[must_use]
pub fn difference(quote: &str, text: &str) -> Vec<Difference> {
    let quote = quote.trim().trim_matches(super::is_quotation_mark).trim();
    let (ones, others) = (tokens(quote, true), tokens(text, false));
    let mut writing = Writing { pieces: Vec::new() };
    let pairs = pairs(&ones, &others, CELLS_MAX, Token::weight);
    let (mut one_at, mut other_at) = (0, 0);
    for (one, other) in pairs.into_iter().chain([(ones.len(), others.len())]) {
        writing.unlike(quote, text, &ones[one_at..one], &others[other_at..other]);
        if let Some(token) = ones.get(one) {
            writing.push(DifferenceKind::Same, &quote[token.bytes.clone()]);
        }
        (one_at, other_at) = (one + 1, other + 1);
    }
    writing.pieces
}

/// A word, a mark, or white space.
struct Token {
    bytes: Range<usize>,
    /// As it is compared.
    folded: String,
    is_sign: bool,
}

impl Token {
    /// How much speaks for setting it beside another.
    fn weight(&self, other: &Self) -> u32 {
        if self.is_sign || self.folded != other.folded {
            return 0;
        }
        let is_word = self.folded.chars().any(char::is_alphanumeric);
        if is_word { 8 + u32::try_from(self.folded.len().min(8)).unwrap_or(8) } else { 1 }
    }
}

fn tokens(words: &str, with_signs: bool) -> Vec<Token> {
    let mut tokens: Vec<Token> = Vec::new();
    let mut at = 0;
    let mut before = None;
    while let Some(character) = words[at..].chars().next() {
        let found = if with_signs { sign(before, &words[at..]) } else { None };
        let (length, is_sign) = match found {
            // The letter in brackets is compared like any other.
            Some((Sign::Letter(_), _)) | None => (character.len_utf8(), false),
            Some((_, length)) => (length, true),
        };
        let bytes = at..at + length;
        let folded = if is_sign { String::new() } else { fold(character) };
        let class = |one: char| (one.is_alphanumeric(), one.is_whitespace());
        let joins = before.is_some_and(|before| {
            class(before) == class(character)
                && (character.is_alphanumeric() || character.is_whitespace())
                && !super::is_unspaced(character)
        });
        match tokens.last_mut() {
            Some(last) if !is_sign && !last.is_sign && (joins || folded.is_empty()) => {
                last.bytes.end = bytes.end;
                if !character.is_whitespace() {
                    last.folded.push_str(&folded);
                }
            }
            _ => tokens.push(Token { bytes, folded, is_sign }),
        }
        at += length;
        before = words[..at].chars().next_back();
    }
    tokens
}

/// A character as it is compared; nothing for one that shows nothing.
fn fold(character: char) -> String {
    Folded::new(character.encode_utf8(&mut [0; 4]), Folding::Quoted).text
}

/// The pairs that weigh most together, in the order of both sides: without those at both ends, which are alike, quadratic.
fn pairs<T>(ones: &[T], others: &[T], most: usize, weight: impl Fn(&T, &T) -> u32) -> Vec<(usize, usize)> {
    let alike = |(one, other): &(&T, &T)| weight(one, other) > 0;
    let first = ones.iter().zip(others).take_while(alike).count();
    let (rest, rest_of_others) = (&ones[first..], &others[first..]);
    let last = rest.iter().rev().zip(rest_of_others.iter().rev()).take_while(alike).count();
    let mut pairs: Vec<_> = (0..first).map(|at| (at, at)).collect();
    let (rows, columns) = (rest.len() - last, rest_of_others.len() - last);
    if rows * columns <= most {
        let width = columns + 1;
        let mut table = vec![0_u32; (rows + 1) * width];
        for row in (0..rows).rev() {
            for column in (0..columns).rev() {
                let pair = weight(&rest[row], &rest_of_others[column]);
                let paired = if pair > 0 { pair + table[(row + 1) * width + column + 1] } else { 0 };
                let alone = table[(row + 1) * width + column].max(table[row * width + column + 1]);
                table[row * width + column] = paired.max(alone);
            }
        }
        let (mut row, mut column) = (0, 0);
        while row < rows && column < columns {
            let here = table[row * width + column];
            let pair = weight(&rest[row], &rest_of_others[column]);
            if pair > 0 && here == pair + table[(row + 1) * width + column + 1] {
                pairs.push((first + row, first + column));
                (row, column) = (row + 1, column + 1);
            } else if here == table[(row + 1) * width + column] {
                row += 1;
            } else {
                column += 1;
            }
        }
    }
    pairs.extend((0..last).map(|at| (first + rows + at, first + columns + at)));
    pairs
}

/// The pieces as they come.
struct Writing {
    pieces: Vec<Difference>,
}

impl Writing {
    fn push(&mut self, kind: DifferenceKind, words: &str) {
        if words.is_empty() {
            return;
        }
        match self.pieces.last_mut() {
            Some(last) if last.kind == kind => last.words.push_str(words),
            _ => self.pieces.push(Difference { kind, words: words.to_owned() }),
        }
    }

    /// Writes what stands between two pairs.
    fn unlike(&mut self, quote: &str, text: &str, ones: &[Token], others: &[Token]) {
        let bytes = |tokens: &[Token]| match (tokens.first(), tokens.last()) {
            (Some(first), Some(last)) => first.bytes.start..last.bytes.end,
            _ => 0..0,
        };
        let text = &text[bytes(others)];
        let Some(sign) = ones.iter().position(|token| token.is_sign) else {
            return self.letters(&quote[bytes(ones)], text);
        };
        let (before, after) = (&quote[bytes(&ones[..sign])], &ones[sign + 1..]);
        let kind = |words: &str| {
            if words.trim().is_empty() { DifferenceKind::Same } else { DifferenceKind::Quotation }
        };
        self.push(kind(before), before);
        self.push(DifferenceKind::Sign, &quote[ones[sign].bytes.clone()]);
        self.push(DifferenceKind::LeftOut, text);
        for token in after {
            let words = &quote[token.bytes.clone()];
            self.push(if token.is_sign { DifferenceKind::Sign } else { kind(words) }, words);
        }
    }

    /// Sets letters beside each other where most are alike, else the words as a whole.
    fn letters(&mut self, quote: &str, text: &str) {
        let ones: Vec<char> = quote.chars().collect();
        let others: Vec<char> = text.chars().collect();
        let same = |one: &char, other: &char| u32::from(one == other || (fold(*one) == fold(*other)));
        let pairs = if ones.len() * others.len() <= LETTERS_MAX {
            pairs(&ones, &others, LETTERS_MAX, same)
        } else {
            Vec::new()
        };
        if pairs.len() * 2 < ones.len().max(others.len()) {
            self.push(DifferenceKind::Quotation, quote);
            self.push(DifferenceKind::Text, text);
            return;
        }
        let (mut one_at, mut other_at) = (0, 0);
        for (one, other) in pairs.into_iter().chain([(ones.len(), others.len())]) {
            self.push(DifferenceKind::Quotation, &ones[one_at..one].iter().collect::<String>());
            self.push(DifferenceKind::Text, &others[other_at..other].iter().collect::<String>());
            if let Some(letter) = ones.get(one) {
                self.push(DifferenceKind::Same, letter.encode_utf8(&mut [0; 4]));
            }
            (one_at, other_at) = (one + 1, other + 1);
        }
    }
}
