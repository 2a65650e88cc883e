//! Sources, and what can be said of one.

use time::OffsetDateTime;

use super::kinds::{Access, SourceClass, SourceMedium};
use crate::agents::Name;
use crate::editing::{Field, Values, Widget};
use crate::id::{AgentId, EventId, SourceId};
use crate::text::address::SafeUrl;
use crate::text::dates::{DateError, PartialDate};
use crate::web::problems::Problems;

/// A document that is cited.
#[derive(Clone, Debug)]
pub struct Source {
    pub id: SourceId,
    pub url: Option<String>,
    pub title: Option<String>,
    pub publisher: Option<(AgentId, String)>,
    pub authors: Vec<String>,
    pub published: PartialDate,
    pub class: Option<SourceClass>,
    pub medium: Option<SourceMedium>,
    pub access: Access,
    pub description: String,
    pub created_by: String,
    pub created_at: OffsetDateTime,
    pub row_version: i32,
    /// The last change.
    pub event: EventId,
}

/// What can be edited of a source.
pub static SOURCE: [Field; 9] = [
    Field {
        name: "url",
        label: "Address",
        hint: "Where it can be read. Leave it empty for an interview, a letter, a book.",
        widget: Widget::Line,
    },
    Field {
        name: "title",
        label: "Title",
        hint: "As its publisher gives it; for an interview, with whom and when.",
        widget: Widget::Line,
    },
    Field {
        name: "publisher",
        label: "Publisher",
        hint: "The office, outlet, site or institution that published it.",
        widget: Widget::Line,
    },
    Field { name: "authors", label: "Authors", hint: "One a line.", widget: Widget::Text },
    Field {
        name: "published",
        label: "Date",
        hint: "As 2026-09-28; 2026-09 for a month, 2026 for a year, 2026-09-01/2026-09-05 for a period.",
        widget: Widget::Line,
    },
    Field { name: "class", label: "Class", hint: "", widget: Widget::Choice(SourceClass::CHOICES) },
    Field { name: "medium", label: "Medium", hint: "", widget: Widget::Choice(SourceMedium::CHOICES) },
    Field {
        name: "access",
        label: "Access",
        hint: "Of a confidential source, readers and exports learn its class and stance, nothing else.",
        widget: Widget::Choice(Access::CHOICES),
    },
    Field {
        name: "description",
        label: "Description",
        hint: "What it is, and how far it can be relied on. Exports carry it.",
        widget: Widget::Text,
    },
];

/// A source's fields, each as it may be stored.
#[derive(Clone, Debug)]
pub struct SourceFields {
    pub url: Option<SafeUrl>,
    pub title: Option<String>,
    pub publisher: Option<Name>,
    pub authors: Vec<String>,
    pub published: PartialDate,
    pub class: Option<SourceClass>,
    pub medium: Option<SourceMedium>,
    pub access: Access,
    pub description: String,
}

impl Source {
    /// What to call it: its title, or else its address.
    #[must_use]
    pub fn name(&self) -> &str {
        self.title.as_deref().or(self.url.as_deref()).unwrap_or("Source without a title")
    }

    /// The source's fields as texts.
    #[must_use]
    pub fn values(&self) -> Values {
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        [
            ("url", text(&self.url)),
            ("title", text(&self.title)),
            ("publisher", self.publisher.as_ref().map_or_else(String::new, |(_, name)| name.clone())),
            ("authors", self.authors.join("\n")),
            ("published", self.published.to_iso().unwrap_or_default()),
            ("class", self.class.map_or("", SourceClass::as_str).to_owned()),
            ("medium", self.medium.map_or("", SourceMedium::as_str).to_owned()),
            ("access", self.access.as_str().to_owned()),
            ("description", self.description.clone()),
        ]
        .into()
    }
}

impl SourceFields {
    /// Reads the fields.
    ///
    /// # Errors
    /// What is wrong with which field.
    pub fn parse(values: &Values) -> Result<Self, Problems> {
        let text = |name: &str| values.get(name).map_or("", String::as_str);
        let known = |name: &str| Some(text(name).to_owned()).filter(|text| !text.is_empty());
        let mut problems = Problems::default();
        let url = known("url").and_then(|typed| address(&typed, &mut problems));
        let publisher = known("publisher").and_then(|typed| {
            Name::parse(&typed).map_err(|error| problems.add("publisher", error.to_string())).ok()
        });
        let date = text("published").parse().unwrap_or_else(|error: DateError| {
            problems.add("published", error.to_string());
            PartialDate::Unknown
        });
        if text("url").is_empty() && text("title").is_empty() {
            problems
                .add("title", "Give the source an address or a title, so that it can be told from others.");
        }
        for (name, most) in [("title", 500), ("description", 5_000)] {
            if text(name).chars().count() > most {
                problems.add(name, format!("At most {most} characters fit here."));
            }
        }
        let authors: Vec<String> = text("authors")
            .lines()
            .map(str::trim)
            .filter(|author| !author.is_empty())
            .map(str::to_owned)
            .collect();
        if authors.len() > 50 || authors.iter().any(|author| author.chars().count() > 200) {
            problems.add("authors", "Give at most 50 authors, each on a line of at most 200 characters.");
        }
        for (name, is_known) in [
            ("class", SourceClass::parse(text("class")).is_some()),
            ("medium", SourceMedium::parse(text("medium")).is_some()),
            ("access", Access::parse(text("access")).is_some()),
        ] {
            if !is_known && !text(name).is_empty() {
                problems.add(name, "Choose one of these, or “not known”.");
            }
        }
        problems.unless(Self {
            url,
            title: known("title"),
            publisher,
            authors,
            published: date,
            class: SourceClass::parse(text("class")),
            medium: SourceMedium::parse(text("medium")),
            access: Access::parse(text("access")).unwrap_or(Access::Open),
            description: text("description").to_owned(),
        })
    }

    /// A source of which only its address is known.
    #[must_use]
    pub fn at(url: SafeUrl) -> Self {
        Self {
            url: Some(url),
            title: None,
            publisher: None,
            authors: Vec::new(),
            published: PartialDate::Unknown,
            class: None,
            medium: None,
            access: Access::Open,
            description: String::new(),
        }
    }
}

fn address(typed: &str, problems: &mut Problems) -> Option<SafeUrl> {
    match SafeUrl::parse(typed) {
        Ok(url) if url.as_str().chars().count() <= 2_000 => Some(url),
        Ok(_) => {
            problems.add("url", "This address is longer than 2,000 characters. Use its short form.");
            None
        }
        Err(error) => {
            problems.add("url", error.to_string());
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(pairs: &[(&'static str, &str)]) -> Result<SourceFields, Problems> {
        SourceFields::parse(&pairs.iter().map(|(name, text)| (*name, (*text).to_owned())).collect())
    }

    #[test]
    fn a_source_needs_no_address() {
        let fields = parse(&[("title", "Interview with the harbour master")]).unwrap();
        assert_eq!((fields.url, fields.access), (None, Access::Open));
        assert!(parse(&[]).unwrap_err().of("title").is_some());
    }

    #[test]
    fn everything_that_is_wrong_is_told_at_once() {
        let problems = parse(&[
            ("url", "javascript:alert(1)"),
            ("published", "lately"),
            ("class", "gossip"),
            ("authors", &"A\n".repeat(51)),
        ])
        .unwrap_err();
        let found: Vec<_> = problems.iter().map(|problem| &*problem.field).collect();
        assert_eq!(found, ["url", "published", "authors", "class"]);
    }

    #[test]
    fn authors_stand_one_a_line() {
        let fields = parse(&[("title", "T"), ("authors", " A. One \n\nB. Two, Jr.")]).unwrap();
        assert_eq!(fields.authors, ["A. One", "B. Two, Jr."]);
    }
}
