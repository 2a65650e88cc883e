//! Finds words of which the words around them are known: what somebody selected on a page, in the text read from it.

use super::fold::{Folded, Folding};
use super::{LocateError, Passage, found, locate};
use crate::text::offsets::Offsets;

/// How many bytes around the words have to agree, letters and signs alone, for a place to be told from others.
const AGREEING_MIN: usize = 8;

/// Finds a quote as [`locate`] does, and where it stands in several places, the one whose surroundings agree with
/// `before` and `after` more than all others'. Of two alike it chooses none.
///
/// Takes time linear in the text, and in the number of places times the length of the surroundings.
///
/// # Errors
/// [`LocateError`] when the quote has no words, stands nowhere, or the surroundings do not tell its places apart.
pub fn locate_in_context(text: &str, quote: &str, before: &str, after: &str) -> Result<Passage, LocateError> {
    let error = match locate(text, quote) {
        Err(error @ LocateError::Ambiguous(_)) => error,
        certain => return certain,
    };
    // Spaces differ between a page and what is read from it, and quotes across paragraphs have breaks.
    let [quote, before, after] =
        [quote, before, after].map(|words| Folded::new(words, Folding::Spaceless).text);
    let folded = Folded::new(text, Folding::Spaceless);
    let mut best = None;
    let mut agreeing = 0;
    let mut is_tie = false;
    let step = quote.chars().next().map_or(1, char::len_utf8);
    let mut from = 0;
    while let Some(at) = folded.text[from..].find(&quote).filter(|_| !quote.is_empty()) {
        let (start, end) = (from + at, from + at + quote.len());
        from = start + step;
        let agrees = alike(folded.text[..start].chars().rev(), before.chars().rev())
            + alike(folded.text[end..].chars(), after.chars());
        if agrees > agreeing {
            (best, agreeing, is_tie) = (Some(start..end), agrees, false);
        } else if agrees == agreeing {
            is_tie = true;
        }
    }
    match best {
        Some(place) if !is_tie && agreeing >= AGREEING_MIN => {
            Ok(found(&Offsets::new(text), folded.source_range(place.start, place.end)))
        }
        _ => Err(error),
    }
}

/// How many bytes two texts have in common at their beginning.
fn alike(one: impl Iterator<Item = char>, other: impl Iterator<Item = char>) -> usize {
    one.zip(other).take_while(|(one, other)| one == other).map(|(one, _)| one.len_utf8()).sum()
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use super::*;

    const TEXT: &str = "Prices rose, the minister said. 🌍 Nobody agreed.\n\nWages fell, the minister said.\n\n\
        وقال الوزير: «لا». Nobody agreed.";

    fn at(quote: &str, before: &str, after: &str) -> Result<i32, LocateError> {
        locate_in_context(TEXT, quote, before, after).map(|passage| {
            assert_eq!(Passage::at(TEXT, passage.start(), passage.end()).as_ref(), Ok(&passage));
            passage.start()
        })
    }

    #[test]
    fn the_words_around_tell_places_apart() {
        assert_eq!(at("the minister said", "Prices rose, ", ""), Ok(13));
        assert_eq!(at("the minister said", "Wages  fell,\n", ". \n وقال"), Ok(62));
        assert_eq!(at("Nobody agreed", "“said”. 🌍", ". Wages fell, the"), Ok(34));
        assert_eq!(at("nobody agreed", "الوزير: \"لا\". ", "."), Ok(101));
        // Found once: whatever is around it.
        assert_eq!(at("Wages fell", "something else", ""), Ok(50));
    }

    #[test]
    fn two_places_that_are_alike_are_left_to_people() {
        for (before, after) in [("", ""), ("unlike", "unlike"), ("said. ", ".")] {
            assert!(
                matches!(at("the minister said", before, after), Err(LocateError::Ambiguous(_))),
                "{before}"
            );
        }
        let twice = "One two three four.\n\nOne two three four.";
        let found = locate_in_context(twice, "two three", "One ", " four.");
        assert!(matches!(found, Err(LocateError::Ambiguous(_))));
    }

    #[test]
    fn what_is_not_there_is_said_so() {
        assert_eq!(at("Wages rose", "", ""), Err(LocateError::Absent));
        assert_eq!(at(" ", "", ""), Err(LocateError::Blank));
    }

    #[test]
    fn the_right_one_of_very_many_is_found() {
        let text = format!("{}x marks the spot: a{}", "a ".repeat(400_000), " a".repeat(400_000));
        let started = Instant::now();
        let found = locate_in_context(&text, "a", "x marks the spot: ", " a a a a a").unwrap();
        assert_eq!(found.start(), 800_018);
        assert!(started.elapsed().as_secs() < 10, "took {:?}", started.elapsed());
    }
}
