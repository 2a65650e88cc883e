//! Sources: documents that are cited.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::kinds::{Access, SourceClass, SourceMedium};
use crate::editing::{Field, Values};
use crate::id::{AgentId, EventId, SourceId};
use crate::text::dates::PartialDate;
use crate::text::identifiers::Doi;
use crate::text::import::Origin;

/// A document that is cited.
#[derive(Clone, Debug)]
pub struct Source {
    pub id: SourceId,
    pub url: Option<String>,
    pub title: Option<String>,
    pub publisher: Option<(AgentId, String)>,
    pub authors: Vec<String>,
    pub published: PartialDate,
    /// When it was last changed.
    pub modified: PartialDate,
    /// BCP 47.
    pub language: Option<String>,
    /// In lower case, as in `10.1000/182`.
    pub doi: Option<String>,
    /// Its thirteen digits.
    pub isbn: Option<String>,
    /// The address that it calls its own.
    pub canonical_url: Option<String>,
    pub class: Option<SourceClass>,
    pub medium: Option<SourceMedium>,
    pub access: Access,
    /// On whom it depends, in words.
    pub independence: String,
    /// What whoever made it has to gain, in words.
    pub interest: String,
    pub description: String,
    /// Where values were found. A person gave those that are not named here.
    pub origins: Origins,
    /// What its newest copy says of it.
    pub found: Findings,
    /// Why the desk warns about its domain.
    pub warning: Option<String>,
    /// The source that stands for this one since they turned out to be one document.
    pub merged_into: Option<SourceId>,
    pub created_by: String,
    pub created_at: OffsetDateTime,
    pub row_version: i32,
    /// The last change.
    pub event: EventId,
}

/// Where the values of fields were found, by the names of [`super::SOURCE`].
pub type Origins = BTreeMap<String, Origin>;

/// What a copy says, by the names of [`super::SOURCE`].
pub type Findings = BTreeMap<String, Finding>;

/// What a copy says of one field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// As the field's text.
    pub value: String,
    pub origin: Origin,
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
            ("modified", self.modified.to_iso().unwrap_or_default()),
            ("language", text(&self.language)),
            ("doi", text(&self.doi)),
            ("isbn", text(&self.isbn)),
            ("canonical_url", text(&self.canonical_url)),
            ("class", self.class.map_or("", SourceClass::as_str).to_owned()),
            ("medium", self.medium.map_or("", SourceMedium::as_str).to_owned()),
            ("access", self.access.as_str().to_owned()),
            ("independence", self.independence.clone()),
            ("interest", self.interest.clone()),
            ("description", self.description.clone()),
        ]
        .into()
    }

    /// Where its DOI leads; nothing without one.
    #[must_use]
    pub fn doi_address(&self) -> String {
        self.doi.as_deref().and_then(Doi::parse).map_or_else(String::new, |doi| doi.address().into())
    }

    /// Where the value of a field was found; nothing when a person gave it.
    #[must_use]
    pub fn origin(&self, field: &str) -> Option<Origin> {
        self.origins.get(field).copied()
    }

    /// What the newest copy says otherwise than the source's fields do.
    #[must_use]
    pub fn otherwise(&self) -> Vec<(&'static Field, &Finding)> {
        let values = self.values();
        super::SOURCE
            .iter()
            .filter_map(|field| Some((field, self.found.get(field.name)?)))
            .filter(|(field, finding)| values.get(field.name) != Some(&finding.value))
            // A table on the web comes as a page.
            .filter(|(_, finding)| {
                self.medium != Some(SourceMedium::WebTable) || finding.value != SourceMedium::WebText.as_str()
            })
            .collect()
    }
}
