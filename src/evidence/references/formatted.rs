//! References written out in a style, by `hayagriva`. It gives runs of words and never HTML; the page prints them.

use std::sync::LazyLock;

use actix_web::web;
use citationberg::json::Item;
use citationberg::{FontStyle, FontVariant, FontWeight, IndependentStyle, Locale, LocaleCode};
use hayagriva::archive::{ArchivedStyle, locales};
use hayagriva::{
    BibliographyDriver, BibliographyRequest, CitationItem, CitationRequest, ElemChild, ElemChildren,
    Formatting,
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::{Chosen, Reference, csl};
use crate::error::{Error, Result};
use crate::evidence::settings::STYLE_MAX;
use crate::isolated::{Isolated, Message, Work};

/// What is to be written out.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Order {
    pub style: Chosen,
    /// The language of the words that the style adds; BCP 47.
    pub language: String,
    items: Vec<Map<String, Value>>,
}

/// References in the order of their style.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Formatted {
    pub lines: Vec<Line>,
}

/// One reference.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// Of which source, as [`Reference::key`] says.
    pub key: String,
    pub runs: Vec<Run>,
}

/// Words that look the same.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Run {
    pub text: String,
    pub is_italic: bool,
    pub is_bold: bool,
    pub is_small_caps: bool,
}

/// Why a style cannot be used; `Display` is for whoever gave it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub enum Fault {
    #[error("This style has more than 200,000 characters. None that is in use is so long.")]
    TooLong,
    #[error("This cannot be read as a style. Paste the whole of a CSL file, from “<style” to “</style>”.")]
    Unreadable,
    #[error(
        "This style only names another one, of which it is a copy under its own title. Paste the style that it names."
    )]
    Dependent,
    #[error("This style has notes only. Take one with a bibliography.")]
    NoBibliography,
    #[error("Nothing could be written with this style: it takes more time or memory than a style may.")]
    Broken,
}

impl Order {
    /// The references in a style.
    #[must_use]
    pub fn new(style: Chosen, language: &str, references: &[Reference]) -> Self {
        let item = |reference| {
            let mut item = csl::item(reference);
            // The page shows it beside the reference; styles print it as if it were the shelf of an archive.
            item.remove("archive_location");
            item
        };
        Self { style, language: language.to_owned(), items: references.iter().map(item).collect() }
    }

    /// Something to try a style on.
    #[must_use]
    pub fn sample(style: Chosen) -> Self {
        let item = json!({
            "id": "sample", "type": "report", "title": "Annual report", "publisher": "Office of Statistics",
            "author": [{"family": "Novak", "given": "Ana"}], "issued": {"date-parts": [[2026, 3, 1]]},
            "URL": "https://example.org/report",
        });
        let items = item.as_object().cloned().into_iter().collect();
        Self { style, language: "en".to_owned(), items }
    }
}

static LOCALES: LazyLock<Vec<Locale>> = LazyLock::new(locales);
static APA: LazyLock<Option<IndependentStyle>> =
    LazyLock::new(|| built_in(ArchivedStyle::AmericanPsychologicalAssociation));
static CHICAGO: LazyLock<Option<IndependentStyle>> = LazyLock::new(|| built_in(ArchivedStyle::ChicagoNotes));

fn built_in(style: ArchivedStyle) -> Option<IndependentStyle> {
    match style.get() {
        citationberg::Style::Independent(style) => Some(style),
        citationberg::Style::Dependent(_) => None,
    }
}

/// Writes references out. A style that a desk gave can do much harm to whoever follows it (macros that call themselves,
/// words that double with every step), so it is followed in a process of its own.
///
/// # Errors
/// The [`Fault`] of the style inside; outside, that something is wrong on our side.
pub async fn apart(isolated: &Isolated, order: Order) -> Result<std::result::Result<Formatted, Fault>> {
    match &order.style {
        Chosen::Own(style) if style.chars().count() > STYLE_MAX => Ok(Err(Fault::TooLong)),
        Chosen::Own(_) => Ok(match isolated.run(Work::Cite, &order, &[]).await {
            Ok(answer) => answer.head,
            Err(_) => Err(Fault::Broken),
        }),
        _ => web::block(move || format(&order)).await.map_err(Error::internal),
    }
}

/// The process's own side of [`apart`].
#[must_use]
pub fn answer(order: &Message<Order>) -> Message<std::result::Result<Formatted, Fault>> {
    Message { head: format(&order.head), bytes: Vec::new() }
}

fn format(order: &Order) -> std::result::Result<Formatted, Fault> {
    let own;
    let style = match &order.style {
        Chosen::Apa => APA.as_ref().ok_or(Fault::Unreadable)?,
        Chosen::Chicago => CHICAGO.as_ref().ok_or(Fault::Unreadable)?,
        Chosen::Own(xml) => {
            own = match citationberg::Style::from_xml(xml).map_err(|_| Fault::Unreadable)? {
                citationberg::Style::Independent(style) => style,
                citationberg::Style::Dependent(_) => return Err(Fault::Dependent),
            };
            &own
        }
    };
    if style.bibliography.is_none() {
        return Err(Fault::NoBibliography);
    }
    let mut lines = written(style, &order.language, &order.items);
    // Some styles leave kinds of works out, such as conversations. A reader who asks for them gets them all the same.
    for kind in ["document", "book"] {
        let is_there = |item: &Map<String, Value>| {
            lines.iter().any(|line| item.get("id").is_some_and(|id| *id == line.key))
        };
        let mut left_out: Vec<_> = order.items.iter().filter(|item| !is_there(item)).cloned().collect();
        if left_out.is_empty() {
            break;
        }
        for item in &mut left_out {
            item.insert("type".to_owned(), json!(kind));
        }
        lines.extend(written(style, &order.language, &left_out));
    }
    Ok(Formatted { lines })
}

/// The items in a style; those for which the style has no words are not among them.
fn written(style: &IndependentStyle, language: &str, items: &[Map<String, Value>]) -> Vec<Line> {
    let items: Vec<Item> = items.iter().filter_map(item).collect();
    let locale = locale(language);
    let mut driver = BibliographyDriver::new();
    for item in &items {
        let cited = vec![CitationItem::with_entry(item)];
        driver.citation(CitationRequest::new(cited, style, locale.clone(), &LOCALES, None));
    }
    let request = BibliographyRequest { style, locale, locale_files: &LOCALES };
    let bibliography = driver.finish(request).bibliography;
    let items = bibliography.map(|bibliography| bibliography.items).unwrap_or_default();
    items
        .into_iter()
        .map(|item| {
            let mut runs = Vec::new();
            collect(&item.content, &mut runs);
            Line { key: item.key, runs }
        })
        .filter(|line| line.runs.iter().any(|run| !run.text.trim().is_empty()))
        .collect()
}

/// The item as `hayagriva` takes it, which knows no periods: of one it gets what its ends have in common, and the year in
/// which it began when that is nothing.
fn item(item: &Map<String, Value>) -> Option<Item> {
    let mut item = item.clone();
    for date in ["issued", "accessed"] {
        if let Some(parts) = item.get_mut(date).and_then(|date| date.get_mut("date-parts"))
            && let Some([from, to]) = parts.as_array().map(Vec::as_slice)
        {
            let both = from.as_array()?.iter().zip(to.as_array()?);
            let mut common: Vec<Value> =
                both.take_while(|(from, to)| from == to).map(|(from, _)| from.clone()).collect();
            if common.is_empty() {
                common.extend(from.as_array()?.first().cloned());
            }
            *parts = json!([common]);
        }
    }
    serde_json::from_value(Value::Object(item)).ok()
}

/// The locale for a language: its own, or that of a country where it is spoken.
fn locale(language: &str) -> Option<LocaleCode> {
    let primary = language.split('-').next().unwrap_or_default();
    let known = |is: &dyn Fn(&str) -> bool| {
        LOCALES.iter().filter_map(|locale| locale.lang.clone()).find(|code| is(&code.0))
    };
    let preferred = match primary {
        "en" => "en-US",
        "de" => "de-DE",
        "es" => "es-ES",
        "fr" => "fr-FR",
        "pt" => "pt-PT",
        "zh" => "zh-CN",
        _ => primary,
    };
    known(&|code| code == language)
        .or_else(|| known(&|code| code == preferred))
        .or_else(|| known(&|code| code.split('-').next() == Some(primary)))
}

fn collect(children: &ElemChildren, runs: &mut Vec<Run>) {
    for child in &children.0 {
        match child {
            ElemChild::Text(text) | ElemChild::Link { text, .. } => add(&text.text, text.formatting, runs),
            ElemChild::Markup(text) => add(text, Formatting::default(), runs),
            ElemChild::Elem(element) => collect(&element.children, runs),
            ElemChild::Transparent { .. } => {}
        }
    }
}

fn add(text: &str, formatting: Formatting, runs: &mut Vec<Run>) {
    let run = Run {
        text: text.to_owned(),
        is_italic: formatting.font_style == FontStyle::Italic,
        is_bold: formatting.font_weight == FontWeight::Bold,
        is_small_caps: formatting.font_variant == FontVariant::SmallCaps,
    };
    match runs.last_mut() {
        Some(last)
            if (last.is_italic, last.is_bold, last.is_small_caps)
                == (run.is_italic, run.is_bold, run.is_small_caps) =>
        {
            last.text.push_str(&run.text);
        }
        _ => runs.push(run),
    }
}

/// The references as lines of plain text.
#[must_use]
pub fn plain(formatted: &Formatted) -> String {
    formatted.lines.iter().flat_map(|line| [line.text(), "\n".to_owned()]).collect()
}

impl Line {
    /// The words without their looks.
    #[must_use]
    pub fn text(&self) -> String {
        self.runs.iter().map(|run| run.text.as_str()).collect()
    }
}
