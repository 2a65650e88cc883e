//! What the lines around the title say: when the article was published, and by whom.

use std::collections::BTreeSet;
use std::ops::Range;

use crate::text::dates::Moment;
use crate::text::document::Document;
use crate::text::import::{Found, line};

/// How many blocks above and below the title are looked at.
const ABOVE: usize = 5;
const BELOW: usize = 14;
/// Longer blocks are text, in code points.
const LINE_MAX: u32 = 160;

/// Fills in what the page's markup does not say. `title` is the title's block.
pub(super) fn fill(
    found: &mut Found,
    document: &Document,
    surroundings: &BTreeSet<usize>,
    title: Option<usize>,
) {
    let blocks = document.blocks();
    let text = (0..blocks.len()).find(|block| !surroundings.contains(block)).unwrap_or(0);
    let around = match title {
        Some(title) => title.saturating_sub(ABOVE)..(title + BELOW).min(blocks.len()),
        None => text.saturating_sub(BELOW)..text,
    };
    let month_first =
        found.language.as_deref().is_none_or(|language| matches!(language, "en" | "en-US" | "en-us"));
    if !found.published.is_known() {
        let read = |range| date(document, range, month_first);
        let published = read(title.unwrap_or(around.start)..around.end).or_else(|| read(around.clone()));
        if let Some(published) = published.or_else(|| in_address(found)) {
            found.published = published.date;
            found.published_at = published.at;
        }
    }
    if found.author.is_none() {
        found.author = lines(document, around).find_map(byline);
    }
}

fn lines(document: &Document, range: Range<usize>) -> impl Iterator<Item = &str> {
    document.blocks()[range]
        .iter()
        .filter(|block| block.extent().len() <= LINE_MAX)
        .filter_map(|block| document.slice(block.extent()))
}

/// The first day in some lines, one of publishing sooner than one of changing.
fn date(document: &Document, range: Range<usize>, month_first: bool) -> Option<Moment> {
    let mut changed = None;
    for text in lines(document, range) {
        if let Some(moment) = Moment::read(text, month_first)
            .filter(|moment| moment.date.columns().2 == crate::text::dates::Precision::Day)
        {
            let lower = text.to_lowercase();
            if ["updated", "modified", "aktualisiert", "mis à jour", "actualizado", "aggiornato"]
                .iter()
                .any(|word| lower.contains(word))
                && !lower.contains("published")
            {
                changed.get_or_insert(moment);
            } else {
                return Some(moment);
            }
        }
    }
    changed
}

/// The day in an address such as `/2026/09/28/title`.
fn in_address(found: &Found) -> Option<Moment> {
    let address = found.address.as_ref()?;
    let mut parts = address.as_str().split('/').skip(3).peekable();
    while let Some(part) = parts.next() {
        if part.len() == 4 && part.starts_with(['1', '2']) {
            let month = parts.peek().copied().unwrap_or_default();
            let day = parts.clone().nth(1).unwrap_or_default();
            if let Some(moment) = Moment::read(&format!("{part}-{month:0>2}-{day:0>2}"), false) {
                return Some(moment);
            }
        }
    }
    None
}

/// The name in "By Ana B.".
fn byline(text: &str) -> Option<String> {
    let first = text.lines().next()?.trim();
    let name = ["By ", "by ", "Von ", "Par ", "Por ", "Words by ", "Written by ", "BY ", "Author: "]
        .iter()
        .find_map(|by| first.strip_prefix(by))?;
    let name = name.split([',', '|', '·', '•', '–', '—', '/']).next()?.trim();
    let is_name = (1..=6).contains(&name.split_whitespace().count())
        && !name.chars().any(|c| c.is_ascii_digit())
        && name.starts_with(char::is_uppercase);
    is_name.then(|| line(name)).flatten()
}
