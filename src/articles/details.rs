//! What a person says about an article in a form, and what may be made of it.

use crate::agents::Name;
use crate::editing::{Field, Values, Widget};
use crate::id::AgentId;
use crate::text::address::SafeUrl;
use crate::text::dates::{DateError, PartialDate};
use crate::text::import::Found;
use crate::text::language;
use crate::web::problems::Problems;

use super::{Article, Known, LANGUAGE_UNKNOWN};

/// How long a title may be, in code points.
pub const TITLE_MAX: usize = 500;
/// How long a byline may be, in code points.
pub const BYLINE_MAX: usize = 300;
/// How long an address may be, in code points.
pub const URL_MAX: usize = 2000;

/// What is known about an article: every field may stay empty.
pub static FIELDS: [Field; 6] = [
    Field { name: "title", label: "Title", hint: "As the publisher gives it.", widget: Widget::Line },
    Field { name: "url", label: "Address", hint: "Where the article can be read.", widget: Widget::Line },
    Field {
        name: "publisher",
        label: "Publisher",
        hint: "The newspaper, broadcaster, site or account that published it.",
        widget: Widget::Line,
    },
    Field {
        name: "author",
        label: "Author",
        hint: "Who wrote it; several names with commas between them.",
        widget: Widget::Line,
    },
    Field {
        name: "published",
        label: "Date",
        hint: "As 2026-09-28; 2026-09 for a month, 2026 for a year, 2026-09-01/2026-09-05 for a period.",
        widget: Widget::Line,
    },
    Field {
        name: "language",
        label: "Language",
        hint: "Its code, such as en, uk, ar or pt-BR.",
        widget: Widget::Line,
    },
];

/// The details that hold, before the publisher has been looked up by name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checked {
    pub url: Option<SafeUrl>,
    pub title: Option<String>,
    pub publisher: Option<Name>,
    pub byline: Option<String>,
    pub published: PartialDate,
    pub language: String,
}

impl Checked {
    /// What is known, once it is known who the publisher is.
    #[must_use]
    pub fn known(self, publisher: Option<AgentId>) -> Known {
        Known {
            url: self.url,
            title: self.title,
            byline: self.byline,
            publisher,
            language: self.language,
            published: self.published,
        }
    }
}

/// The fields of an article that is there.
#[must_use]
pub fn of(article: &Article) -> Values {
    let known = &article.known;
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let language = if known.language == LANGUAGE_UNKNOWN { "" } else { &known.language };
    [
        ("title", text(&known.title)),
        ("url", known.url.as_ref().map(|url| url.as_str().to_owned()).unwrap_or_default()),
        ("publisher", text(&article.publisher_name)),
        ("author", text(&known.byline)),
        ("published", known.published.to_iso().unwrap_or_default()),
        ("language", language.to_owned()),
    ]
    .into()
}

/// Fills what was left empty with what the source says about itself.
pub fn fill(values: &mut Values, found: &Found) {
    let mut fill = |field: &'static str, value: Option<String>| {
        let typed = values.entry(field).or_default();
        if typed.is_empty() {
            *typed = value.unwrap_or_default();
        }
    };
    fill("url", found.address.as_ref().map(|url| url.as_str().to_owned()));
    fill("title", found.title.clone());
    fill("publisher", found.site.clone());
    fill("author", found.author.clone());
    fill("published", found.published.to_iso());
    fill("language", found.language.clone());
}

/// The address, when one was typed.
#[must_use]
pub fn address(values: &Values) -> Option<SafeUrl> {
    SafeUrl::parse(values.get("url")?).ok()
}

/// Reads the fields.
///
/// # Errors
/// What is wrong, field by field.
pub fn check(values: &Values) -> Result<Checked, Problems> {
    let mut problems = Problems::default();
    let typed = |field: &str| values.get(field).map_or("", |typed| typed.trim());
    let url = optional(typed("url")).and_then(|typed| match SafeUrl::parse(typed) {
        Ok(url) if url.as_str().chars().count() <= URL_MAX => Some(url),
        Ok(_) => {
            problems.add("url", format!("This address has more than {URL_MAX} characters."));
            None
        }
        Err(error) => {
            problems.add("url", error.to_string());
            None
        }
    });
    let mut line = |field, limit: usize| {
        let words = typed(field).split_whitespace().collect::<Vec<_>>().join(" ");
        let length = words.chars().count();
        if length > limit {
            problems.add(field, format!("At most {limit} characters fit here; this has {length}."));
        }
        (!words.is_empty()).then_some(words)
    };
    let title = line("title", TITLE_MAX);
    let byline = line("author", BYLINE_MAX);
    let publisher = optional(typed("publisher")).and_then(|typed| match Name::parse(typed) {
        Ok(name) => Some(name),
        Err(error) => {
            problems.add("publisher", error.to_string());
            None
        }
    });
    let date = typed("published").parse().unwrap_or_else(|error: DateError| {
        problems.add("published", error.to_string());
        PartialDate::Unknown
    });
    let language = optional(typed("language")).map_or_else(
        || LANGUAGE_UNKNOWN.to_owned(),
        |typed| {
            language::tag(typed).unwrap_or_else(|| {
                problems.add("language", "Write the language as a code, such as en, uk, ar or pt-BR.");
                LANGUAGE_UNKNOWN.to_owned()
            })
        },
    );
    problems.unless(Checked { url, title, publisher, byline, published: date, language })
}

fn optional(typed: &str) -> Option<&str> {
    let typed = typed.trim();
    (!typed.is_empty()).then_some(typed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_empty_is_unknown() {
        let checked = check(&[("title", "  ".to_owned())].into()).unwrap();
        assert_eq!(checked.title, None);
        assert_eq!(checked.published, PartialDate::Unknown);
        assert_eq!(checked.language, "und");
    }

    #[test]
    fn every_problem_is_told_at_its_field() {
        let values = [
            ("url", "ftp://example.org/".to_owned()),
            ("title", "t".repeat(501)),
            ("published", "yesterday".to_owned()),
            ("language", "English".to_owned()),
        ];
        let fields: Vec<_> =
            check(&values.into()).unwrap_err().iter().map(|problem| problem.field.to_string()).collect();
        assert_eq!(fields, ["url", "title", "published", "language"]);
    }

    #[test]
    fn what_was_typed_wins_over_what_was_found() {
        let mut values: Values = [("title", "Mine".to_owned())].into();
        let found = Found {
            title: Some("Theirs".to_owned()),
            author: Some("Nora Field".to_owned()),
            ..Found::default()
        };
        fill(&mut values, &found);
        assert_eq!((values["title"].as_str(), values["author"].as_str()), ("Mine", "Nora Field"));
    }
}
