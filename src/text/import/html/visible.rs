//! What the lines around the title say: when the article was published, and by whom.

use std::collections::BTreeSet;
use std::ops::Range;

use crate::text::dates::{Moment, Precision};
use crate::text::document::{Document, Kind};
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
    let is_text =
        |block: &usize| !surroundings.contains(block) && !matches!(blocks[*block].kind, Kind::Heading(_));
    let text = (0..blocks.len()).find(is_text).unwrap_or(0);
    let around = match title {
        Some(title) => title.saturating_sub(ABOVE)..(title + BELOW).min(blocks.len()),
        None => text.saturating_sub(BELOW)..text,
    };
    let month_first =
        found.language.as_deref().is_none_or(|language| matches!(language, "en" | "en-US" | "en-us"));
    if !found.published.is_known() {
        let read = |range| date(document, range, month_first);
        let published = read(title.unwrap_or(around.start)..around.end).or_else(|| read(around.clone()));
        let published = published
            .or_else(|| in_address(found))
            .or_else(|| labelled(document, month_first))
            .or_else(|| alone(document, surroundings, text, month_first));
        if let Some(published) = published {
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
        if let Some(moment) = day(text, month_first) {
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

/// The day in a line that says of itself, anywhere on the page, that it is the day of publishing, or else of changing.
fn labelled(document: &Document, month_first: bool) -> Option<Moment> {
    let mut changed = None;
    for text in lines(document, 0..document.blocks().len()) {
        let text = text.trim_start();
        let begins = |words: &[&str]| {
            words.iter().any(|word| {
                text.get(..word.len()).is_some_and(|start| start.to_lowercase() == *word.to_lowercase())
            })
        };
        if begins(&PUBLISHED) {
            if let Some(moment) = day(text, month_first) {
                return Some(moment);
            }
        } else if changed.is_none() && begins(&CHANGED) {
            changed = day(text, month_first);
        }
    }
    changed
}

/// How lines begin that say when an article was published.
const PUBLISHED: [&str; 18] = [
    "published",
    "posted",
    "publication date",
    "date published",
    "date posted",
    "first published",
    "originally published",
    "veröffentlicht",
    "erschienen",
    "publié",
    "publicado",
    "fecha de publicación",
    "pubblicato",
    "gepubliceerd",
    "geplaatst",
    "publicerad",
    "publisert",
    "опубликовано",
];

/// How lines begin that say when one was changed.
const CHANGED: [&str; 9] = [
    "updated",
    "last updated",
    "last modified",
    "last reviewed",
    "zuletzt aktualisiert",
    "aktualisiert",
    "mis à jour",
    "actualizado",
    "aggiornato",
];

/// The day in a line of nothing else, above the text or a little below it.
fn alone(
    document: &Document,
    surroundings: &BTreeSet<usize>,
    text: usize,
    month_first: bool,
) -> Option<Moment> {
    let blocks = document.blocks().len();
    let end = (0..blocks).rfind(|block| !surroundings.contains(block)).map_or(blocks, |last| last + 1);
    let below = end..(end + BELOW).min(blocks);
    let above = text.saturating_sub(BELOW * 2)..text;
    [above, below].into_iter().find_map(|range| {
        lines(document, range)
            .filter(|line| line.chars().count() <= DATE_MAX)
            .find_map(|line| day(line, month_first))
    })
}

/// A line that is longer has more in it than a date, in code points.
const DATE_MAX: usize = 32;

/// The day at the start of a line.
fn day(text: &str, month_first: bool) -> Option<Moment> {
    Moment::read(text, month_first).filter(|moment| moment.date.columns().2 == Precision::Day)
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
