//! The words of the text that are most like a quotation that does not stand there.

use std::collections::HashMap;
use std::ops::Range;

use unicode_normalization::char::is_combining_mark;

use super::is_unspaced;
use super::parts::{Sign, sign};
use crate::text::selector::fold::is_invisible;

/// How much of the quotation's words has to be there, and how much of what is there has to be the quotation's.
const COVERAGE: f32 = 0.6;
const DENSITY: f32 = 0.5;

/// How many pairs of words are compared.
const CELLS_MAX: usize = 8_000_000;

/// How many pairs of words are compared letter by letter.
const FUZZY_CELLS_MAX: usize = 200_000;

/// What a word weighs that is everywhere; one that is nowhere else weighs the more the longer the text.
const WEIGHT: u32 = 10;

/// What a word costs that stands on one side only.
const SKIP: u32 = 4;

/// How many words an ellipsis can leave out.
const LEFT_OUT: usize = 300;

/// A word, in bytes.
#[derive(Debug, Clone, Copy)]
struct Word {
    start: usize,
    end: usize,
    /// Which of the quotation's words it is.
    is: Option<u32>,
}

/// The place most like the quotation, in bytes, if one is much like it.
pub(super) fn place(text: &str, quote: &str) -> Option<Range<usize>> {
    let wanted = Wanted::new(quote);
    let words = wanted.find(text);
    let weights = wanted.weights(&words);
    let total: u32 = wanted.words.iter().map(|word| weights[*word as usize]).sum();
    let window = wanted.window(&words, &weights, total)?;
    let here = &words[window];
    if here.len() * wanted.words.len() > CELLS_MAX {
        return None;
    }
    let found = align(text, &wanted, here, &weights);
    let (first, last) = (*found.pairs.first()?, *found.pairs.last()?);
    let is_enough = found.pairs.len() >= 2 || found.pairs.len() == wanted.words.len();
    let length = last.1 - first.1 + 1;
    let is_dense = wanted.left_out.iter().any(|at| *at > 0) || share(found.pairs.len(), length) >= DENSITY;
    if !is_enough || !is_dense || share(found.weight as usize, total as usize) < COVERAGE {
        return None;
    }
    // Words at the edges of the quotation that others stand for.
    let start = reach_back(text, here, first.1, first.0);
    let end = reach_on(text, here, last.1, wanted.words.len() - 1 - last.0);
    let bytes = here[start].start..here[end].end;
    Some(with_tail(text, with_sign(text, bytes), quote))
}

#[expect(clippy::cast_precision_loss, reason = "counts of words")]
fn share(part: usize, whole: usize) -> f32 {
    part as f32 / whole.max(1) as f32
}

/// The quotation's words.
struct Wanted {
    numbers: HashMap<String, u32>,
    /// In order, by their numbers.
    words: Vec<u32>,
    /// How many words may be left out before each.
    left_out: Vec<usize>,
    /// How often each word is in it.
    times: Vec<u32>,
    names: Vec<String>,
}

impl Wanted {
    fn new(quote: &str) -> Self {
        let mut wanted = Self {
            numbers: HashMap::new(),
            words: Vec::new(),
            left_out: Vec::new(),
            times: Vec::new(),
            names: Vec::new(),
        };
        let mut from = 0;
        let mut at = 0;
        let mut left_out = 0;
        let mut before = None;
        while let Some(character) = quote[at..].chars().next() {
            if let Some((sign, length)) = sign(before, &quote[at..])
                && !matches!(sign, Sign::Letter(_))
            {
                wanted.add(&quote[from..at], &mut left_out);
                left_out += if sign == Sign::LeftOut { LEFT_OUT } else { 0 };
                at += length;
                from = at;
            } else {
                at += character.len_utf8();
            }
            before = quote[..at].chars().next_back();
        }
        wanted.add(&quote[from..], &mut left_out);
        wanted
    }

    fn add(&mut self, part: &str, left_out: &mut usize) {
        // `[T]hey` is one word.
        let part = part.replace(['[', ']'], "");
        each_word(&part, |range| {
            let name = name(&part[range]);
            let number = u32::try_from(self.names.len()).unwrap_or(u32::MAX);
            let number = *self.numbers.entry(name.clone()).or_insert(number);
            if number as usize == self.names.len() {
                self.names.push(name);
                self.times.push(0);
            }
            self.times[number as usize] += 1;
            self.words.push(number);
            self.left_out.push(std::mem::take(left_out));
        });
    }

    /// The words of the text, with those that are the quotation's.
    fn find(&self, text: &str) -> Vec<Word> {
        let mut words = Vec::with_capacity(text.len() / 6);
        let mut buffer = String::new();
        each_word(text, |range| {
            buffer.clear();
            push_name(&text[range.clone()], &mut buffer);
            words.push(Word { start: range.start, end: range.end, is: self.numbers.get(&buffer).copied() });
        });
        words
    }

    /// What each of its words weighs: the rarer in the text, the more.
    fn weights(&self, words: &[Word]) -> Vec<u32> {
        let mut counts = vec![0_usize; self.names.len()];
        for number in words.iter().filter_map(|word| word.is) {
            counts[number as usize] += 1;
        }
        let weight = |count: usize| WEIGHT * (1 + (words.len() / count.max(1)).max(1).ilog2());
        counts.into_iter().map(weight).collect()
    }

    /// The stretch of the text that holds most of the quotation's words.
    fn window(&self, words: &[Word], weights: &[u32], total: u32) -> Option<Range<usize>> {
        let width = self.words.len() + self.words.len() / 2 + 4 + self.left_out.iter().sum::<usize>();
        let mut counts = vec![0_u32; self.names.len()];
        let (mut weight, mut best) = (0_u32, (0_u32, 0_usize));
        for (at, word) in words.iter().enumerate() {
            if let Some(number) = word.is {
                let number = number as usize;
                counts[number] += 1;
                weight += if counts[number] <= self.times[number] { weights[number] } else { 0 };
            }
            if let Some(number) = at.checked_sub(width).and_then(|left| words[left].is) {
                let number = number as usize;
                weight -= if counts[number] <= self.times[number] { weights[number] } else { 0 };
                counts[number] -= 1;
            }
            if weight > best.0 {
                best = (weight, at);
            }
        }
        let (weight, last) = best;
        // Less than this, misspelled words cannot make up for.
        (weight * 10 >= total * 4).then(|| {
            let beside = self.words.len();
            last.saturating_sub(width + beside)..(last + beside + 1).min(words.len())
        })
    }
}

/// Pairs of words, in the order of both sides.
#[derive(Default)]
struct Aligned {
    pairs: Vec<(usize, usize)>,
    weight: u32,
}

/// Aligns the quotation with a stretch of the text, as far as it pays (Smith and Waterman 1981).
fn align(text: &str, wanted: &Wanted, here: &[Word], weights: &[u32]) -> Aligned {
    let (rows, columns) = (wanted.words.len(), here.len());
    let is_fuzzy = rows * columns <= FUZZY_CELLS_MAX;
    let mut known = HashMap::new();
    let mut names = Vec::new();
    if is_fuzzy {
        names.extend(here.iter().map(|word| name(&text[word.start..word.end])));
    }
    // 0: nothing, 1: a pair, 2: the text's word alone, 3: the quotation's word alone.
    let mut ways = vec![0_u8; rows * columns];
    let mut above = vec![0_u32; columns + 1];
    let mut best = (0_u32, 0_usize, 0_usize);
    for row in 0..rows {
        let number = wanted.words[row];
        let weight = weights[number as usize];
        // Between two parts, words may be left out for nothing.
        let skip = if wanted.left_out.get(row + 1).is_some_and(|left| *left > 0) { 0 } else { SKIP };
        let (mut corner, mut beside) = (0_u32, 0_u32);
        for column in 0..columns {
            let pair = match here[column].is {
                Some(is) if is == number => weight,
                None if is_fuzzy
                    && *known
                        .entry((number, column))
                        .or_insert_with(|| is_similar(&wanted.names[number as usize], &names[column])) =>
                {
                    weight * 3 / 4
                }
                _ => 0,
            };
            let paired = if pair > 0 { corner + pair } else { 0 };
            let alone = beside.saturating_sub(skip);
            let skipped = above[column + 1].saturating_sub(SKIP);
            let (value, way) = [(skipped, 3), (alone, 2), (paired, 1)]
                .into_iter()
                .fold((0, 0), |one, other| if other.0 > 0 && other.0 >= one.0 { other } else { one });
            ways[row * columns + column] = way;
            corner = above[column + 1];
            above[column + 1] = value;
            beside = value;
            if value > best.0 {
                best = (value, row + 1, column + 1);
            }
        }
    }
    let mut aligned = Aligned::default();
    let (_, mut row, mut column) = best;
    while row > 0 && column > 0 {
        match ways[(row - 1) * columns + column - 1] {
            1 => {
                (row, column) = (row - 1, column - 1);
                aligned.pairs.push((row, column));
                aligned.weight += weights[wanted.words[row] as usize];
            }
            2 => column -= 1,
            3 => row -= 1,
            _ => break,
        }
    }
    aligned.pairs.reverse();
    aligned
}

/// Whether two words are one, misspelled: as many letters differ as one in four, at least one in words of four letters.
fn is_similar(one: &str, other: &str) -> bool {
    let one: Vec<char> = one.chars().take(24).collect();
    let other: Vec<char> = other.chars().take(24).collect();
    let longer = one.len().max(other.len());
    if one.len().min(other.len()) < 4 || one.iter().any(|letter| letter.is_numeric()) {
        return false;
    }
    let most = longer / 4;
    if one.len().abs_diff(other.len()) > most || (one[0] != other[0] && one.last() != other.last()) {
        return false;
    }
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (at, letter) in one.iter().enumerate() {
        let mut corner = std::mem::replace(&mut row[0], at + 1);
        for (place, opposite) in other.iter().enumerate() {
            let change = corner + usize::from(letter != opposite);
            corner = row[place + 1];
            row[place + 1] = change.min(row[place] + 1).min(corner + 1);
        }
    }
    row[other.len()] <= most
}

/// The word so many before this one, in the same paragraph.
fn reach_back(text: &str, words: &[Word], from: usize, most: usize) -> usize {
    let goes_on = |at: &usize| !text[words[at - 1].end..words[*at].start].contains('\n');
    let reached = (1..=from).rev().take(most).take_while(goes_on).last();
    reached.map_or(from, |at| at - 1)
}

/// The word so many behind this one, in the same paragraph.
fn reach_on(text: &str, words: &[Word], from: usize, most: usize) -> usize {
    let goes_on = |at: &usize| !text[words[at - 1].end..words[*at].start].contains('\n');
    (from + 1..words.len()).take(most).take_while(goes_on).last().unwrap_or(from)
}

/// With the minus of a number.
fn with_sign(text: &str, bytes: Range<usize>) -> Range<usize> {
    let mut before = text[..bytes.start].chars().rev();
    match (before.next(), before.next()) {
        (Some(minus @ ('-' | '\u{2212}')), other)
            if text[bytes.start..].starts_with(char::is_numeric)
                && !other.is_some_and(char::is_alphanumeric) =>
        {
            bytes.start - minus.len_utf8()..bytes.end
        }
        _ => bytes,
    }
}

/// With what follows the quotation's last word, as far as the text has it, too: a percent sign, a bracket.
fn with_tail(text: &str, bytes: Range<usize>, quote: &str) -> Range<usize> {
    let tail = quote.rsplit(char::is_alphanumeric).next().unwrap_or_default();
    let wanted = tail.chars().filter(|character| !character.is_whitespace());
    let there = text[bytes.end..].char_indices().take_while(|(_, c)| !c.is_alphanumeric() && *c != '\n');
    let there = there.filter(|(_, character)| !character.is_whitespace());
    let alike = wanted.zip(there).take_while(|(wanted, (_, is))| wanted == is);
    match alike.last() {
        Some((_, (at, is))) => bytes.start..bytes.end + at + is.len_utf8(),
        None => with_mark(text, bytes, quote),
    }
}

/// With the mark that ends a sentence, if the quotation has one.
fn with_mark(text: &str, bytes: Range<usize>, quote: &str) -> Range<usize> {
    let is_mark = |character: char| {
        matches!(character, '.' | ',' | '!' | '?' | ';' | ':' | '…' | '。' | '？' | '！' | '؟')
    };
    let next = text[bytes.end..].chars().next();
    match next {
        Some(next) if quote.ends_with(is_mark) && is_mark(next) => bytes.start..bytes.end + next.len_utf8(),
        _ => bytes,
    }
}

/// Calls for each word: letters and digits that belong together, and each character of a script without spaces.
fn each_word(text: &str, mut call: impl FnMut(Range<usize>)) {
    let mut start = None;
    let mut characters = text.char_indices().peekable();
    while let Some((at, character)) = characters.next() {
        let next = characters.peek().map(|(_, next)| *next);
        let joins = |one: char| matches!(one, '\'' | '’' | '.' | ',' | '٫' | '٬');
        let is_inside = start.is_some()
            && (is_combining_mark(character)
                || is_invisible(character)
                || (joins(character)
                    && next.is_some_and(char::is_alphanumeric)
                    && is_joint(text, at, character)));
        if is_unspaced(character) && character.is_alphanumeric() {
            if let Some(start) = start.take() {
                call(start..at);
            }
            call(at..at + character.len_utf8());
        } else if character.is_alphanumeric() {
            start.get_or_insert(at);
        } else if !is_inside && let Some(start) = start.take() {
            call(start..at);
        }
    }
    if let Some(start) = start {
        call(start..text.len());
    }
}

/// Whether a mark stands inside a word or a number: “don’t”, “3.5”.
fn is_joint(text: &str, at: usize, mark: char) -> bool {
    let is_digit = |character: Option<char>| character.is_some_and(char::is_numeric);
    let before = text[..at].chars().next_back();
    let after = text[at + mark.len_utf8()..].chars().next();
    matches!(mark, '\'' | '’') || (is_digit(before) && is_digit(after))
}

fn name(word: &str) -> String {
    let mut name = String::with_capacity(word.len());
    push_name(word, &mut name);
    name
}

/// The word as it is compared: in small letters, without what shows nothing.
fn push_name(word: &str, name: &mut String) {
    for character in word.chars().filter(|character| !is_invisible(*character)) {
        match character {
            '’' => name.push('\''),
            _ if character.is_ascii() => name.push(character.to_ascii_lowercase()),
            _ => name.extend(character.to_lowercase()),
        }
    }
}
