//! What a reviewer chose to leave out of a page stays out when the page is read again. Pure.

use std::collections::{BTreeSet, HashMap, HashSet};

use crate::text::Document;
use crate::text::import::Imported;

/// How much of the words of an article there have to be in a text that is to be its next version.
const COMMON: f64 = 0.3;

/// The numbers of the blocks to leave out of a page that was read again: what stands in the article stays, what stood on
/// the page before and not in the article was left out and stays out, and for all else the suggestion holds.
#[must_use]
pub fn left_out(article: &Document, before: Option<&Imported>, now: &Imported) -> BTreeSet<usize> {
    let kept: HashSet<&str> = blocks(article).collect();
    let dropped: HashSet<&str> = before.iter().flat_map(|before| blocks(&before.document)).collect();
    let out = blocks(&now.document).enumerate().filter(|(number, words)| {
        !kept.contains(words) && (dropped.contains(words) || now.surroundings.contains(number))
    });
    out.map(|(number, _)| number).collect()
}

/// Whether a text can be the same article later: a page that asks to sign in, or to take cookies, has other words.
#[must_use]
pub fn is_same_article(before: &str, now: &str) -> bool {
    let mut words: HashMap<String, usize> = HashMap::new();
    let mut all = 0_usize;
    for word in before.split_whitespace() {
        *words.entry(word.to_lowercase()).or_default() += 1;
        all += 1;
    }
    let mut common = 0_usize;
    for word in now.split_whitespace() {
        if let Some(left) = words.get_mut(&word.to_lowercase()).filter(|left| **left > 0) {
            *left -= 1;
            common += 1;
        }
    }
    #[expect(clippy::cast_precision_loss, reason = "a text has at most two million words")]
    let share = common as f64 / all.max(1) as f64;
    share >= COMMON
}

fn blocks(document: &Document) -> impl Iterator<Item = &str> {
    document.blocks().iter().map(|block| document.slice(block.extent()).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::document::leave_out;
    use crate::text::import::from_plain;

    fn page(paragraphs: &[&str]) -> Imported {
        from_plain(&paragraphs.join("\n\n")).unwrap()
    }

    fn again(article: &Document, before: Option<&Imported>, now: &Imported) -> String {
        let out = left_out(article, before, now);
        leave_out(now.document.clone(), &out).unwrap().text().to_owned()
    }

    #[test]
    fn what_was_left_out_by_hand_stays_out_and_what_is_new_comes_in() {
        let before =
            page(&["An advertisement for cars.", "The bridge opened on Monday.", "It cost 3 million."]);
        let article = leave_out(before.document.clone(), &BTreeSet::from([0])).unwrap();
        assert_eq!(again(&article, Some(&before), &before), article.text());
        let now = page(&["An advertisement for cars.", "The bridge opened on Monday.", "It cost 4 million."]);
        assert_eq!(
            again(&article, Some(&before), &now),
            "The bridge opened on Monday.\n\nIt cost 4 million."
        );
    }

    #[test]
    fn what_was_kept_against_the_suggestion_stays() {
        let mut now =
            page(&["A box beside the text.", "The bridge opened on Monday.", "Read also: ferries."]);
        let article = page(&["A box beside the text.", "The bridge opened on Monday."]).document;
        now.surroundings = BTreeSet::from([0, 2]);
        assert_eq!(again(&article, None, &now), article.text());
    }

    #[test]
    fn a_wall_in_front_of_an_article_is_not_its_next_version() {
        let article = "The bridge opened on Monday, said the mayor, and it cost three million in the end.";
        assert!(is_same_article(
            article,
            "The bridge opened on Tuesday, said the mayor, and it cost four million."
        ));
        assert!(!is_same_article(article, "Please sign in to go on reading. We use cookies."));
        assert!(!is_same_article(article, ""));
    }
}
