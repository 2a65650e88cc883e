//! Where the parts of a quotation stand, one behind the other.

use std::ops::Range;

use unicode_normalization::char::is_combining_mark;

use super::is_unspaced;
use super::parts::Part;
use crate::text::selector::fold::{Folded, is_invisible};

/// How many bytes are compared, and how much a hit costs beside, before looking further is given up: many times what real
/// texts take.
const WORK_MAX: usize = 64_000_000;
const HIT_COST: usize = 32;

/// How many places are told apart.
const PLACES_MAX: usize = 1_000;

/// The places of a quotation in the text, in bytes, by their ends.
pub(super) fn places(folded: &Folded<'_>, parts: &[Part]) -> Vec<Range<usize>> {
    // For each place of the part: where the quotation begins that it goes on.
    let mut chains: Vec<(usize, Range<usize>)> = Vec::new();
    let mut work = 0;
    for (number, part) in parts.iter().enumerate() {
        let hits = occurrences(folded, part, &mut work);
        if number == 0 {
            chains = hits.into_iter().map(|hit| (hit.start, hit)).collect();
            continue;
        }
        let mut before = 0;
        let mut next = Vec::new();
        for hit in hits {
            // The last place of the part before that ends in front of this one makes the shortest quotation.
            while chains.get(before + 1).is_some_and(|(_, other)| other.end <= hit.start) {
                before += 1;
            }
            let Some((start, last)) = chains.get(before) else { break };
            if last.end <= hit.start && hit.start - last.end <= part.gap {
                next.push((*start, hit));
            }
        }
        chains = next;
    }
    let mut found: Vec<Range<usize>> = Vec::new();
    for (start, hit) in chains {
        let range = folded.source_range(start, hit.end);
        // A part that repeats makes the same beginning go on to several ends: the nearest counts.
        if found.last().is_none_or(|last| last.start != range.start) {
            found.push(range);
        }
        if found.len() == PLACES_MAX {
            break;
        }
    }
    found
}

/// Where one part stands, in bytes of the folded text.
fn occurrences(folded: &Folded<'_>, part: &Part, work: &mut usize) -> Vec<Range<usize>> {
    let mut places = Vec::new();
    let (text, words) = (&folded.text, &part.words);
    let step = words.chars().next().map_or(1, char::len_utf8);
    let mut from = 0;
    while *work < WORK_MAX
        && let Some(at) = text[from..].find(words.as_str())
    {
        let found = from + at..from + at + words.len();
        from = found.start + step;
        *work += words.len() + HIT_COST;
        let first = match part.first {
            None => Some(found.start),
            Some(letter) => text[..found.start]
                .char_indices()
                .next_back()
                .filter(|(_, other)| other.to_lowercase().eq(letter.to_lowercase()))
                .map(|(at, _)| at),
        };
        if let Some(start) = first
            && is_whole(folded, start..found.end, part)
        {
            places.push(start..found.end);
        }
    }
    places
}

/// Whether no word or number is cut where words have to begin and end.
fn is_whole(folded: &Folded<'_>, found: Range<usize>, part: &Part) -> bool {
    let range = folded.source_range(found.start, found.end);
    let text = folded.source();
    let is_seen = |character: &char| !is_invisible(*character);
    let inside = &text[range.clone()];
    let mut before = text[..range.start].chars().rev().filter(is_seen);
    let mut after = text[range.end..].chars().filter(is_seen);
    let starts_whole = inside.chars().find(is_seen).is_none_or(|first| {
        let (one, two) = (before.next(), before.next());
        let is_negative = first.is_ascii_digit()
            && matches!(one, Some('-' | '\u{2212}'))
            && two.is_none_or(|two| !two.is_alphanumeric());
        !is_negative && !is_cut(first, one, two)
    });
    let ends_whole = inside.chars().rev().find(is_seen).is_none_or(|last| {
        let (one, two) = (after.next(), after.next());
        !one.is_some_and(is_combining_mark) && !is_cut(last, one, two)
    });
    (starts_whole || !part.begins) && (ends_whole || !part.ends)
}

/// Whether what a character belongs to goes on with the next ones.
fn is_cut(edge: char, next: Option<char>, second: Option<char>) -> bool {
    let Some(next) = next else { return false };
    let is_word = |character: char| character.is_alphanumeric() && !is_unspaced(character);
    if edge.is_numeric() && matches!(next, '.' | ',' | '٫' | '٬' | ':') {
        return second.is_some_and(char::is_numeric);
    }
    is_word(edge) && is_word(next)
}
