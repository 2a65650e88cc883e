//! Appearances: where, when, by whom and how a claim was made.

use time::OffsetDateTime;

use super::speakers::{self, Named, Speaker};
use super::{Attitude, Medium};
use crate::editing::{Field, Values, Widget};
use crate::id::{AppearanceId, ArticleId, ClaimId, EventId, VersionId};
use crate::text::address::SafeUrl;
use crate::text::dates::PartialDate;
use crate::web::problems::Problems;

/// One place where a claim was made.
#[derive(Clone, Debug)]
pub struct Appearance {
    pub id: AppearanceId,
    pub claim: ClaimId,
    /// The words in an article; nothing when it is just an address.
    pub mark: Option<Mark>,
    pub url: Option<String>,
    pub said: PartialDate,
    pub place: Option<String>,
    pub medium: Option<Medium>,
    /// The occasion.
    pub event: Option<String>,
    pub attitude: Option<Attitude>,
    pub is_first_known: bool,
    pub speakers: Vec<Speaker>,
    pub removed_at: Option<OffsetDateTime>,
    pub row_version: i32,
    /// The last change.
    pub changed_by: EventId,
}

/// The words of an article that make the claim, as a W3C selector.
#[derive(Clone, Debug)]
pub struct Mark {
    pub article: ArticleId,
    /// The version it was marked in.
    pub version: VersionId,
    pub exact: String,
    pub prefix: String,
    pub suffix: String,
    /// Code points of the version's text, half-open.
    pub start: i32,
    pub end: i32,
    pub title: Option<String>,
    pub publisher: Option<String>,
    /// Where the article was published.
    pub url: Option<String>,
}

/// Where it can be read.
pub const URL: Field = Field {
    name: "url",
    label: "Address",
    hint: "Where it can be read, heard or seen.",
    widget: Widget::Line,
};

/// When.
pub const SAID: Field = Field {
    name: "said",
    label: "When it was said",
    hint: "2026-09-28 for a day, 2026-09 for a month, 2026 for a year, 2026-09-01/2026-09-05 for a period. Leave it empty if you do not know it.",
    widget: Widget::Line,
};

/// In what.
pub const MEDIUM: Field =
    Field { name: "medium", label: "In what", hint: "", widget: Widget::Choice(Medium::CHOICES) };

/// By whom.
pub const SPEAKERS: Field = Field {
    name: "speakers",
    label: "Who said it",
    hint: "One a line: the name, then a semicolon and the role or office at that time. Leave it empty if you do not know it.",
    widget: Widget::Text,
};

/// What can be edited of an appearance.
pub static FIELDS: [Field; 8] = [
    URL,
    SAID,
    Field {
        name: "place",
        label: "Where",
        hint: "Town or country. Leave it empty if you do not know it.",
        widget: Widget::Line,
    },
    MEDIUM,
    Field {
        name: "event",
        label: "Occasion",
        hint: "A hearing, a programme, a debate.",
        widget: Widget::Line,
    },
    Field { name: "attitude", label: "The speaker …", hint: "", widget: Widget::Choice(Attitude::CHOICES) },
    Field {
        name: "is_first_known",
        label: "The first time it is known to have been said",
        hint: "At most one appearance of a claim is, and none is earlier.",
        widget: Widget::Flag,
    },
    SPEAKERS,
];

/// An appearance's fields, each as it may be stored.
#[derive(Clone, Debug)]
pub struct Described {
    pub url: Option<String>,
    pub said: PartialDate,
    pub place: Option<String>,
    pub medium: Option<Medium>,
    pub event: Option<String>,
    pub attitude: Option<Attitude>,
    pub is_first_known: bool,
    pub speakers: Vec<Named>,
}

impl Appearance {
    /// The appearance's fields as texts.
    #[must_use]
    pub fn values(&self) -> Values {
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        [
            ("url", text(&self.url)),
            ("said", self.said.to_iso().unwrap_or_default()),
            ("place", text(&self.place)),
            ("medium", self.medium.map_or("", Medium::as_str).to_owned()),
            ("event", text(&self.event)),
            ("attitude", self.attitude.map_or("", Attitude::as_str).to_owned()),
            ("is_first_known", if self.is_first_known { "yes" } else { "" }.to_owned()),
            ("speakers", speakers::written(&self.speakers)),
        ]
        .into()
    }

    /// The names of the fields that a form of it has; those of an article have its address.
    #[must_use]
    pub fn form_fields(&self) -> &'static [&'static str] {
        const ALL: [&str; 7] = ["url", "said", "place", "medium", "event", "attitude", "is_first_known"];
        if self.mark.is_some() { &ALL[1..] } else { &ALL }
    }
}

impl Described {
    /// Reads the fields. `needs_url` is for an appearance outside of an article.
    ///
    /// # Errors
    /// What is wrong with which field.
    pub fn parse(values: &Values, needs_url: bool) -> Result<Self, Problems> {
        let text = |name: &str| values.get(name).map_or("", String::as_str);
        let known = |name: &str| Some(text(name).to_owned()).filter(|text| !text.is_empty());
        let mut problems = Problems::default();
        let url = match (text("url"), needs_url) {
            ("", true) => {
                problems.add("url", "Give the address where it was said.");
                None
            }
            ("", false) => None,
            (typed, _) => match SafeUrl::parse(typed) {
                Ok(url) if url.as_str().len() <= 2_000 => Some(url.as_str().to_owned()),
                Ok(_) => {
                    problems.add("url", "This address is longer than 2,000 characters. Use its short form.");
                    None
                }
                Err(error) => {
                    problems.add("url", error.to_string());
                    None
                }
            },
        };
        let said = text("said").parse().unwrap_or_else(|error: crate::text::dates::DateError| {
            problems.add("said", error.to_string());
            PartialDate::Unknown
        });
        for (name, max) in [("place", 200), ("event", 300)] {
            if text(name).chars().count() > max {
                problems.add(name, format!("At most {max} characters fit here."));
            }
        }
        let medium = Medium::parse(text("medium"));
        if medium.is_none() && !text("medium").is_empty() {
            problems.add("medium", "Choose one of these, or “not known”.");
        }
        let attitude = Attitude::parse(text("attitude"));
        if attitude.is_none() && !text("attitude").is_empty() {
            problems.add("attitude", "Choose one of these, or “not known”.");
        }
        let speakers = speakers::parse(text("speakers")).unwrap_or_else(|wrong| {
            for problem in &wrong {
                problems.add("speakers", problem.words.clone());
            }
            Vec::new()
        });
        problems.unless(Self {
            url,
            said,
            place: known("place"),
            medium,
            event: known("event"),
            attitude,
            is_first_known: !text("is_first_known").is_empty(),
            speakers,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(pairs: &[(&'static str, &str)], needs_url: bool) -> Result<Described, Problems> {
        Described::parse(&pairs.iter().map(|(name, text)| (*name, (*text).to_owned())).collect(), needs_url)
    }

    #[test]
    fn what_is_not_known_is_nothing() {
        let described = parse(&[("place", ""), ("said", "")], false).unwrap();
        assert_eq!((described.place, described.said.is_known()), (None, false));
        assert!(described.medium.is_none() && described.attitude.is_none() && described.url.is_none());
    }

    #[test]
    fn everything_that_is_wrong_is_told_at_once() {
        let problems =
            parse(&[("said", "yesterday"), ("medium", "telepathy"), ("speakers", "…")], true).unwrap_err();
        let found: Vec<_> = problems.iter().map(|problem| &*problem.field).collect();
        assert_eq!(found, ["url", "said", "medium", "speakers"]);
    }
}
