//! Marks as HTML: in the text, and as the list of claims under it.

use std::fmt::Write as _;

use askama::Template;

use super::Mark;
use crate::text::Document;
use crate::text::render::{self, Options};

/// How many claims the list under the text has; the rest is a link to the desk's list of claims.
pub const LISTED_MAX: usize = 100;

/// A line of the list of claims under the text.
#[derive(Debug)]
struct Item<'a> {
    mark: &'a Mark,
    class: &'static str,
    colour: &'static str,
    /// What stands on the badge of one that has no rating.
    state: &'static str,
}

#[derive(Template)]
#[template(path = "claims/_items.html")]
struct Items<'a> {
    desk: &'a str,
    items: Vec<Item<'a>>,
}

/// What is drawn of the marks of a text.
#[derive(Debug)]
pub struct Drawing<'a> {
    pub document: &'a Document,
    /// By their start.
    pub marks: &'a [Mark],
    /// The desk's name in addresses.
    pub desk: &'a str,
    /// Whether sentences can be marked.
    pub sentences: bool,
}

impl Drawing<'_> {
    /// The whole text with its marks.
    #[must_use]
    pub fn text(&self) -> String {
        self.draw(None)
    }

    /// The text of some blocks, each in what it stands in.
    #[must_use]
    pub fn blocks(&self, wanted: &[bool]) -> String {
        self.draw(Some(wanted))
    }

    fn draw(&self, wanted: Option<&[bool]>) -> String {
        // Marks are drawn in the order of their numbers.
        let mut order: Vec<&Mark> = self.marks.iter().collect();
        order.sort_unstable_by_key(|mark| mark.number);
        // All that differs from mark to mark in one string: hundreds of small ones cost more than the drawing.
        let mut words = String::with_capacity(order.len() * 96);
        let mut cuts = Vec::with_capacity(order.len());
        for mark in &order {
            let start = words.len();
            let _ = write!(words, "/{}/claims/{}", self.desk, mark.claim);
            let label = words.len();
            let _ = write!(words, "Claim {}: {}", mark.number, state(mark));
            if mark.evidence_count > 0 {
                let _ = write!(words, ", {}", sources(mark.evidence_count));
            }
            let class = words.len();
            if let Some(rating) = &mark.rating {
                let _ = write!(words, "{} {}", rating.shape.class(), rating.colour.class());
            }
            cuts.push([start, label, class, words.len()]);
        }
        let marks: Vec<render::Mark<'_>> = order
            .iter()
            .zip(&cuts)
            .map(|(mark, [start, label, class, end])| render::Mark {
                start: mark.start,
                end: mark.end,
                number: mark.number,
                href: &words[*start..*label],
                label: &words[*label..*class],
                class: &words[*class..*end],
                appearance: "",
            })
            .collect();
        let options = Options { sentences: self.sentences };
        let article = render::Article { document: self.document, marks: &marks, options };
        wanted.map_or_else(|| article.to_html(), |wanted| article.blocks_to_html(wanted))
    }

    /// The items of the list of claims for these marks.
    #[must_use]
    pub fn items<'m>(&self, marks: impl Iterator<Item = &'m Mark>) -> String {
        let items = marks.map(|mark| Item {
            mark,
            class: mark.rating.as_ref().map_or("", |rating| rating.shape.class()),
            colour: mark.rating.as_ref().map_or("", |rating| rating.colour.class()),
            state: mark.stage.label(),
        });
        let items = Items { desk: self.desk, items: items.collect() };
        items.render().unwrap_or_default()
    }
}

impl Item<'_> {
    fn sources(&self) -> String {
        sources(self.mark.evidence_count)
    }
}

/// What a mark says of its claim: the rating, or how far the work has come.
fn state(mark: &Mark) -> &str {
    match &mark.rating {
        Some(_) if mark.stage == crate::claims::Stage::Retracted => "Retracted",
        Some(rating) => &rating.label,
        None => mark.stage.label(),
    }
}

fn sources(count: i32) -> String {
    if count == 1 { "1 source".to_owned() } else { format!("{count} sources") }
}
