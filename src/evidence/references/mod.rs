//! References to sources: what a reader puts under a text, or takes into a program that manages them. A reference says what
//! the desk knows, and what it does not know it leaves out.

mod bibtex;
mod csl;
mod formatted;
mod kind;
mod ris;
pub mod store;
mod styles;

pub use formatted::{Fault, Formatted, Line, Order, Run, answer, apart, plain};
pub use kind::Kind;
pub use styles::{Chosen, Style};

use time::Date;

use super::sources::{SourceClass, SourceMedium};
use crate::id::SourceId;
use crate::text::dates::PartialDate;

/// What is known of a source that may be named.
#[derive(Clone, Debug)]
pub struct Reference {
    pub id: SourceId,
    pub title: Option<String>,
    pub authors: Vec<Author>,
    pub publisher: Option<String>,
    pub published: PartialDate,
    /// BCP 47.
    pub language: Option<String>,
    pub url: Option<String>,
    pub doi: Option<String>,
    pub isbn: Option<String>,
    pub class: Option<SourceClass>,
    pub medium: Option<SourceMedium>,
    /// When the desk's newest copy of it was taken.
    pub kept: Option<Date>,
    /// Where a copy can be read in an archive outside of the desk.
    pub archived: Option<String>,
}

/// Who wrote something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Author {
    /// A person whose family name is known from how the name was written.
    Person { family: String, given: String },
    /// A name as it was written: an institution, or a person of whose names nobody said which is which.
    Name(String),
}

impl Author {
    /// Reads a name. `Novak, Ana` says which name is the family's; `Ana Novak` does not, and nothing is guessed.
    #[must_use]
    pub fn parse(name: &str) -> Self {
        const SUFFIXES: [&str; 9] = ["jr", "sr", "ii", "iii", "iv", "phd", "md", "inc", "ltd"];
        let mut parts = name.split(',').map(str::trim);
        match (parts.next(), parts.next(), parts.next()) {
            (Some(family), Some(given), None)
                if !family.is_empty()
                    && !given.is_empty()
                    && !SUFFIXES.contains(&&*given.replace('.', "").to_lowercase()) =>
            {
                Self::Person { family: family.to_owned(), given: given.to_owned() }
            }
            _ => Self::Name(name.trim().to_owned()),
        }
    }

    /// The name by which it is sorted.
    #[must_use]
    pub fn first(&self) -> &str {
        match self {
            Self::Person { family, .. } => family,
            Self::Name(name) => name,
        }
    }
}

/// The files in which references are taken away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    BibTex,
    Ris,
    CslJson,
    /// Formatted, as plain text.
    Text,
}

impl Form {
    /// The form with that ending of a file's name.
    #[must_use]
    pub fn parse(ending: &str) -> Option<Self> {
        match ending {
            "bib" => Some(Self::BibTex),
            "ris" => Some(Self::Ris),
            "json" => Some(Self::CslJson),
            "txt" => Some(Self::Text),
            _ => None,
        }
    }

    /// The media type of its file.
    #[must_use]
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::BibTex => "application/x-bibtex; charset=utf-8",
            Self::Ris => "application/x-research-info-systems; charset=utf-8",
            Self::CslJson => "application/vnd.citationstyles.csl+json",
            Self::Text => "text/plain; charset=utf-8",
        }
    }
}

impl Reference {
    /// What kind of work it is.
    #[must_use]
    pub fn kind(&self) -> Kind {
        Kind::of(self)
    }

    /// A name for it that stays the same and that no other source has: who, when, and the end of its id.
    #[must_use]
    pub fn key(&self) -> String {
        let host = self.url.as_deref().and_then(|url| url.split("//").nth(1)?.split('/').next());
        let who = self.authors.first().map(Author::first).or(self.publisher.as_deref()).or(host);
        let who: String = who
            .unwrap_or_default()
            .split(|c: char| !c.is_alphanumeric())
            .map(|word| word.chars().filter(char::is_ascii_alphanumeric).collect::<String>())
            .find(|word| word.len() > 2)
            .unwrap_or_else(|| "source".to_owned())
            .to_ascii_lowercase();
        let when = self.published.columns().0.map_or_else(|| "nd".to_owned(), |from| from.year().to_string());
        let id = self.id.to_string();
        format!("{who}{when}-{}", &id[id.len() - 8..])
    }

    /// The address under which it is found: a DOI stays when addresses go.
    #[must_use]
    pub fn address(&self) -> Option<String> {
        self.url.clone().or_else(|| self.doi.as_ref().map(|doi| format!("https://doi.org/{doi}")))
    }
}

/// The references as a file. Text is made by [`plain`] and not here: it depends on a style.
#[must_use]
pub fn file(form: Form, references: &[Reference]) -> String {
    match form {
        Form::BibTex => references.iter().map(bibtex::entry).collect(),
        Form::Ris => references.iter().map(ris::record).collect(),
        Form::CslJson | Form::Text => {
            let items: Vec<_> = references.iter().map(csl::item).collect();
            let mut text = serde_json::to_string_pretty(&items).unwrap_or_default();
            text.push('\n');
            text
        }
    }
}

#[cfg(test)]
mod tests;
