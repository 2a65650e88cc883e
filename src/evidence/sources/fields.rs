//! What can be said of a source, and how it is typed in.

use super::kinds::{Access, SourceClass, SourceMedium};
use super::source::Origins;
use crate::agents::Name;
use crate::editing::{Field, Values, Widget};
use crate::text::address::SafeUrl;
use crate::text::dates::{DateError, PartialDate};
use crate::text::identifiers::{Doi, Isbn};
use crate::text::import::Origin;
use crate::text::language;
use crate::web::problems::Problems;

/// What can be edited of a source.
pub static SOURCE: [Field; 16] = [
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
    Field {
        name: "modified",
        label: "Changed",
        hint: "The day of its last change, as far as it says so.",
        widget: Widget::Line,
    },
    Field {
        name: "language",
        label: "Language",
        hint: "Its code, such as en, uk, ar or pt-BR.",
        widget: Widget::Line,
    },
    Field {
        name: "doi",
        label: "DOI",
        hint: "As 10.1000/182; it is found in most works of science.",
        widget: Widget::Line,
    },
    Field { name: "isbn", label: "ISBN", hint: "Of a book: ten or thirteen digits.", widget: Widget::Line },
    Field {
        name: "canonical_url",
        label: "Its own address",
        hint: "The address that it gives as its own, where that is another.",
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
        name: "independence",
        label: "On whom it depends",
        hint: "Who owns or pays it, or what it repeats from others. Readers see it.",
        widget: Widget::Text,
    },
    Field {
        name: "interest",
        label: "Its interest",
        hint: "What whoever made it has to gain. Readers see it.",
        widget: Widget::Text,
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
    pub modified: PartialDate,
    pub language: Option<String>,
    pub doi: Option<Doi>,
    pub isbn: Option<Isbn>,
    pub canonical_url: Option<SafeUrl>,
    pub class: Option<SourceClass>,
    pub medium: Option<SourceMedium>,
    pub access: Access,
    pub independence: String,
    pub interest: String,
    pub description: String,
    /// Where the values were found that no person gave.
    pub origins: Origins,
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
        let url = known("url").and_then(|typed| address("url", &typed, &mut problems));
        let canonical_url =
            known("canonical_url").and_then(|typed| address("canonical_url", &typed, &mut problems));
        let name = known("publisher").and_then(|typed| {
            Name::parse(&typed).map_err(|error| problems.add("publisher", error.to_string())).ok()
        });
        let mut date = |name: &'static str| {
            text(name).parse().unwrap_or_else(|error: DateError| {
                problems.add(name, error.to_string());
                PartialDate::Unknown
            })
        };
        let (published, modified) = (date("published"), date("modified"));
        let language = known("language").and_then(|typed| {
            let tag = language::tag(&typed);
            if tag.is_none() {
                problems.add("language", "Write the language as a code, such as en, uk, ar or pt-BR.");
            }
            tag
        });
        let doi = known("doi").and_then(|typed| {
            let doi = Doi::parse(&typed);
            if doi.is_none() {
                problems.add("doi", "This is no DOI. It should look like 10.1000/182.");
            }
            doi
        });
        // A DOI says where it leads, and an address of its resolver says which one it is.
        let of_address = Doi::parse(text("url")).filter(|_| text("doi").is_empty());
        let origins = of_address.iter().map(|_| ("doi".to_owned(), Origin::Address)).collect();
        let doi = doi.or(of_address);
        let isbn = known("isbn").and_then(|typed| {
            let isbn = Isbn::parse(&typed);
            if isbn.is_none() {
                problems.add("isbn", "This is no ISBN. Look whether a digit is missing or wrong.");
            }
            isbn
        });
        if text("url").is_empty() && text("title").is_empty() {
            problems
                .add("title", "Give the source an address or a title, so that it can be told from others.");
        }
        for (name, most) in
            [("title", 500), ("description", 5_000), ("independence", 2_000), ("interest", 2_000)]
        {
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
            publisher: name,
            authors,
            published,
            modified,
            language,
            doi,
            isbn,
            canonical_url,
            class: SourceClass::parse(text("class")),
            medium: SourceMedium::parse(text("medium")),
            access: Access::parse(text("access")).unwrap_or(Access::Open),
            independence: text("independence").to_owned(),
            interest: text("interest").to_owned(),
            description: text("description").to_owned(),
            origins,
        })
    }

    /// The fields as texts.
    #[must_use]
    pub fn values(&self) -> Values {
        let url = |url: &Option<SafeUrl>| url.as_ref().map_or("", SafeUrl::as_str).to_owned();
        [
            ("url", url(&self.url)),
            ("title", self.title.clone().unwrap_or_default()),
            ("publisher", self.publisher.as_ref().map_or("", Name::as_str).to_owned()),
            ("authors", self.authors.join("\n")),
            ("published", self.published.to_iso().unwrap_or_default()),
            ("modified", self.modified.to_iso().unwrap_or_default()),
            ("language", self.language.clone().unwrap_or_default()),
            ("doi", self.doi.as_ref().map_or("", Doi::as_str).to_owned()),
            ("isbn", self.isbn.as_ref().map_or("", Isbn::as_str).to_owned()),
            ("canonical_url", url(&self.canonical_url)),
            ("class", self.class.map_or("", SourceClass::as_str).to_owned()),
            ("medium", self.medium.map_or("", SourceMedium::as_str).to_owned()),
            ("access", self.access.as_str().to_owned()),
            ("independence", self.independence.clone()),
            ("interest", self.interest.clone()),
            ("description", self.description.clone()),
        ]
        .into()
    }

    /// A source of which only its address is known, and the number in it.
    #[must_use]
    pub fn at(url: SafeUrl) -> Self {
        let doi = Doi::parse(url.as_str());
        let origins = doi.iter().map(|_| ("doi".to_owned(), Origin::Address)).collect();
        Self { doi, origins, ..Self::bare(Some(url), None) }
    }

    /// A source of which only its DOI is known. Its address is the one to which the DOI leads.
    #[must_use]
    pub fn of_doi(doi: Doi) -> Self {
        let origins = [("url".to_owned(), Origin::Doi)].into();
        let url = doi.address();
        Self { doi: Some(doi), origins, ..Self::bare(Some(url), None) }
    }

    /// A book of which only its ISBN is known. It goes by its number until somebody gives its title.
    #[must_use]
    pub fn of_isbn(isbn: Isbn) -> Self {
        let origins = [("title".to_owned(), Origin::Isbn)].into();
        let title = format!("ISBN {}", isbn.as_str());
        Self { isbn: Some(isbn), access: Access::Offline, origins, ..Self::bare(None, Some(title)) }
    }

    fn bare(url: Option<SafeUrl>, title: Option<String>) -> Self {
        Self {
            url,
            title,
            publisher: None,
            authors: Vec::new(),
            published: PartialDate::Unknown,
            modified: PartialDate::Unknown,
            language: None,
            doi: None,
            isbn: None,
            canonical_url: None,
            class: None,
            medium: None,
            access: Access::Open,
            independence: String::new(),
            interest: String::new(),
            description: String::new(),
            origins: Origins::new(),
        }
    }
}

fn address(name: &'static str, typed: &str, problems: &mut Problems) -> Option<SafeUrl> {
    match Doi::parse(typed).map_or_else(|| SafeUrl::parse(typed), |doi| Ok(doi.address())) {
        Ok(url) if url.as_str().chars().count() <= 2_000 => Some(url),
        Ok(_) => {
            problems.add(name, "This address is longer than 2,000 characters. Use its short form.");
            None
        }
        Err(error) => {
            problems.add(name, error.to_string());
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
