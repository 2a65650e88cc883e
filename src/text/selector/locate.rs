//! Finds the words that somebody typed or pasted.

use std::ops::Range;

use super::fold::{Folded, Folding};
use super::{Passage, found};
use crate::text::document::normal::{compose, is_blank};
use crate::text::offsets::{Extent, Offsets, code_points};

/// How many places of one quote are listed at most.
pub const HITS_MAX: usize = 100;

/// How many code points around a hit are shown.
const AROUND: u32 = 40;

/// How many code points a quote must have to be looked for without its spaces: shorter ones would be found in the
/// middle of other words.
const SPACELESS_MIN: u32 = 12;

/// One of several places where a quote stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    pub passage: Passage,
    /// Up to 40 code points before it, on one line.
    pub before: String,
    /// Up to 40 code points behind it, on one line.
    pub after: String,
}

/// Why a quote leads to no passage; `Display` is for the person who gave it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LocateError {
    #[error("Type or paste the words that are to be marked.")]
    Blank,
    #[error("These words do not stand in the article. Check them against the text, or paste them from it.")]
    Absent,
    /// At least two places, at most [`HITS_MAX`], in the order of the text.
    #[error("{}", ambiguous(.0.len()))]
    Ambiguous(Vec<Hit>),
}

fn ambiguous(hits: usize) -> String {
    if hits >= HITS_MAX {
        format!("These words stand in the article {HITS_MAX} times or more. Add words before or after them.")
    } else {
        format!("These words stand in the article {hits} times. Choose which place is meant.")
    }
}

/// Finds a quote: first as it is; then with quotation marks, dashes, ellipses and spaces evened out; then in small and
/// capital letters alike; then without spaces; and at last all that without the quotation marks around it. The first of
/// these that finds anything counts, and never guesses between two places.
///
/// Takes time linear in the text.
///
/// # Errors
/// [`LocateError`] when the quote has no words, stands nowhere, or stands in several places.
pub fn locate(text: &str, quote: &str) -> Result<Passage, LocateError> {
    locate_within(&Offsets::new(text), quote)
}

fn locate_within(offsets: &Offsets<'_>, quote: &str) -> Result<Passage, LocateError> {
    let unified = quote.replace("\r\n", "\n");
    let (quote, _) = compose(unified.trim());
    if is_blank(&quote) {
        return Err(LocateError::Blank);
    }
    let bare = quote.trim_matches(is_quotation_mark).trim();
    let quotes = [quote.as_str(), bare];
    let quotes = if bare == quote || is_blank(bare) { &quotes[..1] } else { &quotes };
    let hits = quotes.iter().map(|quote| search(offsets.text(), quote)).find(|hits| !hits.is_empty());
    let passages = hits.unwrap_or_default().into_iter().map(|bytes| found(offsets, bytes));
    let mut hits: Vec<Passage> = passages.collect();
    match hits.len() {
        0 => Err(LocateError::Absent),
        1 => Ok(hits.remove(0)),
        _ => Err(LocateError::Ambiguous(hits.into_iter().map(|passage| hit(offsets, passage)).collect())),
    }
}

fn is_quotation_mark(character: char) -> bool {
    matches!(character, '"' | '\'' | '“' | '”' | '„' | '‟' | '«' | '»' | '‘' | '’' | '‚' | '‹' | '›')
}

/// The places of a quote by the first way that finds any.
fn search(text: &str, quote: &str) -> Vec<Range<usize>> {
    let exact = occurrences(text, quote);
    if !exact.is_empty() {
        return exact;
    }
    for folding in [Folding::Evened, Folding::Caseless, Folding::Spaceless] {
        let wanted = Folded::new(quote, folding).text;
        let wanted = wanted.trim();
        if wanted.is_empty() || (folding == Folding::Spaceless && code_points(wanted) < SPACELESS_MIN) {
            continue;
        }
        let folded = Folded::new(text, folding);
        let mut hits: Vec<Range<usize>> = occurrences(&folded.text, wanted)
            .into_iter()
            .map(|range| folded.source_range(range.start, range.end))
            .collect();
        // Two folded places can be one in the text, when the quote begins or ends inside "…" or a ligature.
        hits.dedup();
        if !hits.is_empty() {
            return hits;
        }
    }
    Vec::new()
}

/// Where `wanted` stands in a text, overlapping places included, at most [`HITS_MAX`].
fn occurrences(text: &str, wanted: &str) -> Vec<Range<usize>> {
    let mut places = Vec::new();
    let mut from = 0;
    let step = wanted.chars().next().map_or(1, char::len_utf8);
    while places.len() < HITS_MAX
        && let Some(at) = text[from..].find(wanted)
    {
        places.push(from + at..from + at + wanted.len());
        from += at + step;
    }
    places
}

fn hit(offsets: &Offsets<'_>, passage: Passage) -> Hit {
    let Extent { start, end } = passage.extent();
    let line = |from, to| {
        let words = offsets.slice(Extent::new(from, to)).unwrap_or_default();
        words.replace(['\n', '\u{A0}'], " ").replace("  ", " ")
    };
    Hit {
        before: line(start.saturating_sub(AROUND), start),
        after: line(end, end.saturating_add(AROUND).min(offsets.length())),
        passage,
    }
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use proptest::prelude::*;

    use super::*;

    const TEXT: &str = "“We Will Never,” he said\n\n“It will be difficult — very difficult… We will not recognize\u{A0}it,” he said. \
        Café owners agreed.\n\nA well-known so\u{AD}lution. The end.";

    fn exact(quote: &str) -> Result<String, LocateError> {
        locate(TEXT, quote).map(|passage| {
            assert_eq!(Passage::at(TEXT, passage.start(), passage.end()).as_ref(), Ok(&passage));
            passage.exact().to_owned()
        })
    }

    #[test]
    fn a_quote_is_found_however_it_was_typed() {
        for (quote, expected) in [
            ("We Will Never", "We Will Never"),
            ("  \"We Will Never,\"  ", "“We Will Never,”"),
            ("It will be difficult - very difficult...", "It will be difficult — very difficult…"),
            ("it will be DIFFICULT -- very", "It will be difficult — very"),
            ("recognize it", "recognize\u{A0}it"),
            ("cafe\u{301} owners", "Café owners"),
            ("well\u{2011}known solution", "well-known so\u{AD}lution"),
            ("owners agreed.\r\nA well-known", "owners agreed.\n\nA well-known"),
            ("owners agreed.A well-known", "owners agreed.\n\nA well-known"),
            ("\"The end.\"", "The end."),
            ("«Café owners»", "Café owners"),
        ] {
            assert_eq!(exact(quote).as_deref(), Ok(expected), "{quote}");
        }
    }

    #[test]
    fn what_is_not_there_or_says_nothing_is_said_so() {
        assert_eq!(exact("We will always"), Err(LocateError::Absent));
        assert_eq!(exact(" \n\u{AD}"), Err(LocateError::Blank));
        assert_eq!(exact("“”"), Err(LocateError::Absent));
        assert_eq!(locate("", "x"), Err(LocateError::Absent));
        // Without spaces it would be found inside other words.
        assert_eq!(locate("the rapist", "therapist"), Err(LocateError::Absent));
    }

    #[test]
    fn a_repeated_quote_asks_which() {
        let Err(LocateError::Ambiguous(hits)) = locate(TEXT, "he said") else { panic!("it stands twice") };
        let seen: Vec<_> =
            hits.iter().map(|hit| (hit.passage.start(), hit.before.as_str(), hit.after.as_str())).collect();
        assert_eq!(
            seen,
            [
                (17, "“We Will Never,” ", " “It will be difficult — very difficult"),
                (
                    93,
                    "y difficult… We will not recognize it,” ",
                    ". Café owners agreed. A well-known so\u{AD}l"
                ),
            ]
        );
        assert!(LocateError::Ambiguous(hits).to_string().contains("2 times"));
        let Err(LocateError::Ambiguous(hits)) = locate("ananas", "ana") else { panic!("it stands twice") };
        assert_eq!(hits.len(), 2);
        let Err(LocateError::Ambiguous(hits)) = locate(&"a ".repeat(500), "a") else {
            panic!("it stands often")
        };
        assert_eq!(hits.len(), HITS_MAX);
    }

    #[test]
    fn the_largest_text_is_searched_at_once() {
        let text = "The quick brown fox… jumps. ".repeat(60_000);
        let started = Instant::now();
        assert_eq!(locate(&text, "“slow”"), Err(LocateError::Absent));
        let needle = format!("{}b", "a".repeat(1_000));
        assert_eq!(locate(&"a".repeat(1_000_000), &needle), Err(LocateError::Absent));
        assert!(started.elapsed().as_secs() < 20, "took {:?}", started.elapsed());
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]
        #[test]
        fn any_passage_is_found_again_after_being_mangled(start in 0_i32..160, length in 12_i32..60, how in 0_usize..6) {
            let text = "Він сказав: «Ні — ми не визнаємо… цього». 12\u{A0}000 people, 🌍 and 👩\u{200D}🔬, don’t know.\n\n\
                قال الوزير: «لا». Zo\u{EB}\u{A0}said “maybe” – twice\n\nThird: unique words here, 3.5\u{202F}% of all.";
            let Ok(passage) = Passage::at(text, start, (start + length).min(crate::text::offsets::integer(code_points(text)))) else { return Ok(()) };
            let words = passage.exact().trim();
            let mangled = match how {
                0 => words.to_owned(),
                1 => words.split_whitespace().collect::<Vec<_>>().join(" "),
                2 => words.replace(['“', '”', '«', '»'], "\"").replace('’', "'"),
                3 => words.replace('…', "...").replace(['—', '–'], "-").replace("\n\n", "\r\n"),
                4 => words.to_lowercase(),
                _ => words.replace('ë', "e\u{308}").replace("\n\n", "\t"),
            };
            match locate(text, &mangled) {
                Ok(found) => prop_assert_eq!(found.exact().trim(), words),
                Err(LocateError::Ambiguous(hits)) => prop_assert!(hits.iter().any(|hit| hit.passage.exact().trim() == words)),
                Err(other) => prop_assert!(false, "{:?}: {}", mangled, other),
            }
        }
    }
}
