//! What becomes of a page: which of its blocks are the article, and where in it the selected words stand.

use std::collections::BTreeSet;

use super::form::Selected;
use crate::text::Document;
use crate::text::document::leave_out;
use crate::text::selector::{LocateError, Passage, locate_in_context};

/// How many characters at either end of a selection are looked for, when it does not stand in the text as a whole.
const END: usize = 60;

/// An article out of a page, and the selected words in it.
#[derive(Clone, Debug)]
pub(super) struct Cut {
    pub(super) document: Document,
    /// Nothing when nothing was selected.
    pub(super) passage: Option<Result<Passage, LocateError>>,
}

/// A page without some of its blocks, but with those in which the selected words begin and end.
pub(super) fn cut(page: &Document, left_out: &BTreeSet<usize>, selected: Option<&Selected>) -> Cut {
    let found = selected.map(|selected| locate(page, selected));
    let mut left_out = left_out.clone();
    if let Some(Ok(passage)) = &found {
        for block in blocks_of(page, passage) {
            left_out.remove(&block);
        }
    }
    let document = leave_out(page.clone(), &left_out).unwrap_or_else(|| page.clone());
    let passage = found.map(|found| found.and_then(|passage| moved(page, &left_out, &document, &passage)));
    Cut { document, passage }
}

/// The selected words in a text.
///
/// # Errors
/// [`LocateError`], when they do not stand there or nothing tells where.
pub(super) fn locate(document: &Document, selected: &Selected) -> Result<Passage, LocateError> {
    let text = document.text();
    let Selected { exact, before, after } = selected;
    let error = match locate_in_context(text, exact, before, after) {
        Err(error @ LocateError::Absent) => error,
        certain => return certain,
    };
    // Something stands between them on the page that is no text here, such as an advertisement: the two ends tell.
    let characters: Vec<char> = exact.chars().collect();
    if characters.len() < 3 * END {
        return Err(error);
    }
    let (head, rest) = characters.split_at(END);
    let (between, tail) = rest.split_at(rest.len() - END);
    let [head, between, tail] = [head, between, tail].map(|part| part.iter().collect::<String>());
    let first = locate_in_context(text, &head, before, &between);
    let last = locate_in_context(text, &tail, &between, after);
    let (Ok(first), Ok(last)) = (first, last) else { return Err(error) };
    let length = usize::try_from(last.end() - first.start()).unwrap_or_default();
    if first.end() > last.start() || length > characters.len() || length * 2 < characters.len() {
        return Err(error);
    }
    Passage::at(text, first.start(), last.end()).map_err(|_| error)
}

/// The numbers of the blocks in which a passage begins and ends.
fn blocks_of(document: &Document, passage: &Passage) -> [usize; 2] {
    let at = |code_point: i32| document.block_at(code_point.unsigned_abs());
    [at(passage.start()), at(passage.end() - 1)]
}

/// A passage of a page in the document that is left of it.
fn moved(
    page: &Document,
    left_out: &BTreeSet<usize>,
    document: &Document,
    passage: &Passage,
) -> Result<Passage, LocateError> {
    let [first, last] = blocks_of(page, passage);
    let shift = |block: usize, at: i32| {
        let number = block - left_out.range(..block).count();
        let [before, after] = [&page.blocks()[block], &document.blocks()[number]].map(|block| block.start);
        at + crate::text::offsets::integer(after) - crate::text::offsets::integer(before)
    };
    let (start, end) = (shift(first, passage.start()), shift(last, passage.end()));
    Passage::at(document.text(), start, end).map_err(|_| LocateError::Absent)
}

/// The blocks of a page that a kept text leaves out, when it is the same page cut in another way: all that is kept stands
/// on the page in the same order, and all that is the article now stands in what is kept.
pub(super) fn left_out_before(
    kept: &Document,
    page: &Document,
    article: &Document,
) -> Option<BTreeSet<usize>> {
    within(article, kept)?;
    let left = within(kept, page)?;
    Some((0..page.blocks().len()).filter(|number| !left.contains(number)).collect())
}

/// The numbers of the blocks of `whole` that make up `part`; nothing when they do not stand in it in the same order.
fn within(part: &Document, whole: &Document) -> Option<BTreeSet<usize>> {
    let mut all = words(whole).enumerate();
    words(part).map(|block| all.find(|(_, other)| *other == block).map(|(number, _)| number)).collect()
}

fn words(document: &Document) -> impl Iterator<Item = &str> {
    document.blocks().iter().map(|block| document.slice(block.extent()).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::import::from_plain;

    const PAGE: &str = "Home\n\nThe harbour closes in March. That is what everybody says.\n\nAdvertisement: herring!\n\n\
        It will cost 48 million crowns 🚢. That is what everybody says.\n\nOle: the old crane has not moved since 1987.";

    fn page() -> Document {
        from_plain(PAGE).unwrap().document
    }

    fn selected(exact: &str, before: &str, after: &str) -> Selected {
        Selected { exact: exact.to_owned(), before: before.to_owned(), after: after.to_owned() }
    }

    fn cut_of(selected: &Selected) -> (String, Option<String>) {
        let cut = cut(&page(), &BTreeSet::from([0, 2, 4]), Some(selected));
        let passage = cut.passage.unwrap().ok();
        if let Some(passage) = &passage {
            assert_eq!(
                Passage::at(cut.document.text(), passage.start(), passage.end()).as_ref(),
                Ok(passage)
            );
        }
        (cut.document.text().to_owned(), passage.map(|passage| passage.exact().to_owned()))
    }

    #[test]
    fn selected_words_are_found_in_what_is_left() {
        let (text, passage) = cut_of(&selected("48 million crowns 🚢", "", ""));
        assert_eq!(passage.as_deref(), Some("48 million crowns 🚢"));
        assert!(!text.contains("Home") && !text.contains("herring"));
        let twice = "That is what everybody says";
        let (_, second) = cut_of(&selected(twice, "48 million crowns 🚢. ", "."));
        assert_eq!(second.as_deref(), Some(twice));
        assert_eq!(cut_of(&selected(twice, "", "")).1, None);
    }

    #[test]
    fn a_block_that_was_left_out_comes_back_with_its_words() {
        let (text, passage) = cut_of(&selected("crane has not moved", "", ""));
        assert_eq!(passage.as_deref(), Some("crane has not moved"));
        assert!(text.ends_with("since 1987.") && !text.contains("herring"));
    }

    #[test]
    fn what_stands_between_two_selected_paragraphs_stays_out() {
        let exact =
            "closes in March. That is what everybody says.\nAdvertisement: herring!\nIt will cost 48 million";
        let (_, passage) = cut_of(&selected(exact, "", ""));
        let left = "closes in March. That is what everybody says.\n\nIt will cost 48 million";
        assert_eq!(passage.as_deref(), Some(left));
    }

    #[test]
    fn a_long_selection_is_found_by_its_ends() {
        let page = from_plain(&format!(
            "First {}words.\n\nLast {}words.",
            "one two three ".repeat(12),
            "four five six ".repeat(12)
        ))
        .unwrap()
        .document;
        let exact = page.text().replace("\n\n", "\nSubscribe now\n");
        let found = locate(&page, &selected(&exact, "", "")).unwrap();
        assert_eq!(found.exact(), page.text());
        // Another text altogether with the same ends is not it.
        let other = exact.replace("one two three ", "").replace("four five six ", "");
        assert!(locate(&page, &selected(&other, "", "")).is_err());
    }

    #[test]
    fn the_same_page_keeps_the_cut_that_it_had() {
        let page = page();
        let without =
            |numbers: &[usize]| leave_out(page.clone(), &numbers.iter().copied().collect()).unwrap();
        let article = without(&[0, 2, 4]);
        let kept = without(&[0, 2]);
        assert_eq!(left_out_before(&kept, &page, &article), Some(BTreeSet::from([0, 2])));
        assert_eq!(left_out_before(&article, &page, &article), Some(BTreeSet::from([0, 2, 4])));
        // A paragraph more or another one is a change.
        assert_eq!(left_out_before(&without(&[0, 1, 2, 4]), &page, &article), None);
        let changed = from_plain(&PAGE.replace("48", "52")).unwrap().document;
        assert_eq!(left_out_before(&kept, &changed, &article), None);
    }
}
