//! The words that are marked, in the articles as they are imported.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::demo::content::{Article, CONTENT, Claim, Format};
use crate::text::direction::Direction;
use crate::text::import::{from_html, from_markdown, from_plain};

/// The article's text once its markup is gone.
fn text(article: &Article) -> String {
    let raw = article.file.read();
    let imported = match article.format {
        Format::Html => from_html(raw, None),
        Format::Markdown => from_markdown(raw),
        Format::Text => from_plain(raw),
    };
    let mut imported = imported.unwrap();
    imported.keep_headline();
    imported.article().text().to_owned()
}

/// Where the claims stand in each article, in bytes.
fn marks() -> BTreeMap<String, Vec<Range<usize>>> {
    let content = &*CONTENT;
    let texts: BTreeMap<&str, String> =
        content.articles.iter().map(|article| (article.key.as_str(), text(article))).collect();
    let mut marks: BTreeMap<String, Vec<Range<usize>>> = BTreeMap::new();
    for quote in content.claims.iter().flat_map(Claim::quotes) {
        let places: Vec<_> = texts[quote.article.as_str()].match_indices(&quote.exact).collect();
        assert_eq!(places.len(), quote.of, "{}", quote.exact);
        let (start, exact) = places[quote.nth - 1];
        marks.entry(quote.article.clone()).or_default().push(start..start + exact.len());
    }
    marks
}

/// Whether two marks of some article stand so to each other.
fn some_two(stand: impl Fn(&Range<usize>, &Range<usize>) -> bool, article: &str) -> bool {
    let marks = &marks()[article];
    marks.iter().any(|a| marks.iter().any(|b| stand(a, b)))
}

fn overlap(a: &Range<usize>, b: &Range<usize>) -> bool {
    a.start < b.start && b.start < a.end && a.end < b.end
}

fn encloses(a: &Range<usize>, b: &Range<usize>) -> bool {
    a != b && a.start <= b.start && b.end <= a.end
}

#[test]
fn every_quote_stands_in_its_article_as_often_as_told() {
    assert_eq!(marks().len(), 3);
}

#[test]
fn marks_overlap_in_both_directions_of_writing() {
    assert!(some_two(overlap, "water-bills"));
    assert!(some_two(overlap, "harbour-dredging"));
}

#[test]
fn a_mark_stands_within_another() {
    assert!(some_two(encloses, "water-bills"));
}

#[test]
fn a_mark_runs_over_two_paragraphs() {
    let content = &*CONTENT;
    let quotes: Vec<_> = content.claims.iter().flat_map(Claim::quotes).collect();
    assert!(quotes.iter().any(|quote| quote.exact.contains("\n\n")));
}

#[test]
fn the_pages_around_an_article_are_left_out() {
    let content = &*CONTENT;
    let text = text(&content.articles[0]);
    for noise in ["Front page", "Most read", "courierLoaded", "printed on Tuesdays"] {
        assert!(!text.contains(noise), "{noise}");
    }
}

#[test]
fn one_article_is_written_from_right_to_left() {
    let directions: Vec<_> =
        CONTENT.articles.iter().map(|article| Direction::of_most_letters(&text(article))).collect();
    assert_eq!(directions, [Direction::Ltr, Direction::Ltr, Direction::Rtl]);
}
