//! What somebody may have meant who gave words that do not stand in the text.

use std::cmp::Reverse;
use std::collections::HashSet;

use unicode_segmentation::UnicodeSegmentation as _;

use crate::text::Document;
use crate::text::render::sentence_list;
use crate::text::selector::{Hit, Passage};

/// How many sentences are offered.
const OFFERED: usize = 3;

/// The sentences that share most words with the quote: at least two of them and half of all. Nothing is chosen among
/// them; a person decides.
#[must_use]
pub fn nearest(document: &Document, quote: &str) -> Vec<Hit> {
    let wanted = words(quote);
    let least = wanted.len().div_ceil(2).max(2);
    let mut found: Vec<_> = sentence_list(document)
        .into_iter()
        .filter_map(|sentence| {
            let shared = words(sentence.text).intersection(&wanted).count();
            (shared >= least).then_some((Reverse(shared), sentence.start, sentence.end))
        })
        .collect();
    found.sort_unstable();
    found.truncate(OFFERED);
    let hit = |(_, start, end)| {
        let passage = Passage::at(document.text(), start, end).ok()?;
        Some(Hit { passage, before: String::new(), after: String::new() })
    };
    found.into_iter().filter_map(hit).collect()
}

fn words(text: &str) -> HashSet<String> {
    text.unicode_words().map(str::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::import::from_plain;

    #[test]
    fn sentences_that_share_half_of_the_words_are_offered() {
        let text = "The port handled 3.1 million tonnes. Nobody counted them. She will never go, she said.";
        let document = from_plain(text).unwrap().document;
        let offered = |quote: &str| -> Vec<String> {
            nearest(&document, quote).into_iter().map(|hit| hit.passage.exact().to_owned()).collect()
        };
        assert_eq!(
            offered("the port has handled 3.2 million tonnes"),
            ["The port handled 3.1 million tonnes."]
        );
        assert_eq!(offered("something else entirely"), [""; 0]);
        assert_eq!(offered("never"), [""; 0]);
    }
}
