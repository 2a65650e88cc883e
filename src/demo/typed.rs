//! The sample content as people type it into forms, so that it goes through the same rules.

use super::content::{Appearance, Article, At, Claim, Content, Dated, Evidence, Source, Speaker};
use crate::agents::{Kind, Name};
use crate::claims::speakers;
use crate::editing::{Pairs, Values};
use crate::error::{Error, Result};

fn pairs<const N: usize>(fields: [(&str, String); N]) -> Pairs {
    fields.map(|(name, text)| (name.to_owned(), text)).into()
}

impl Dated {
    /// As ISO 8601; nothing for unknown.
    #[must_use]
    pub fn typed(self) -> String {
        match self {
            Self::Day(day) => day.to_string(),
            Self::Month { year, month } => format!("{year}-{month:02}"),
            Self::Year(year) => year.to_string(),
            Self::Range { from, to } => format!("{from}/{to}"),
            Self::Unknown => String::new(),
        }
    }
}

impl Article {
    /// The fields of `articles::details`.
    #[must_use]
    pub fn typed(&self, content: &Content) -> Values {
        [
            ("title", self.title.clone()),
            ("url", self.url.clone()),
            ("publisher", content.agent(&self.publisher).name.clone()),
            ("author", self.authors.join(", ")),
            ("published", self.published.typed()),
            ("language", self.language.clone()),
        ]
        .into()
    }
}

impl Claim {
    /// What is said of the claim besides its words.
    #[must_use]
    pub fn typed(&self) -> Pairs {
        let types: Vec<_> = self.types.iter().map(|kind| kind.as_str()).collect();
        pairs([
            ("claim_reviewed", self.claim_reviewed.clone()),
            ("claim_types", types.join(", ")),
            ("topics", self.topics.join(", ")),
            ("language", self.language.clone()),
        ])
    }
}

impl Appearance {
    /// The fields of `claims::appearance`.
    #[must_use]
    pub fn typed(&self, content: &Content) -> Pairs {
        let url = match &self.at {
            At::Url(url) => url.clone(),
            At::Passage(_) => String::new(),
        };
        let speaker = |speaker: &Speaker| {
            let office = speaker.office.as_deref().unwrap_or_default();
            speakers::line(&content.agent(&speaker.agent).name, office)
        };
        pairs([
            ("url", url),
            ("said", self.said.typed()),
            ("place", self.place.clone().unwrap_or_default()),
            ("medium", self.medium.as_str().to_owned()),
            ("event", self.event.clone().unwrap_or_default()),
            ("attitude", self.attitude.as_str().to_owned()),
            ("is_first_known", if self.first_known { "yes" } else { "" }.to_owned()),
            ("speakers", self.speakers.iter().map(speaker).collect::<Vec<_>>().join("\n")),
        ])
    }
}

impl Source {
    /// The fields of `evidence::SOURCE`.
    #[must_use]
    pub fn typed(&self, content: &Content) -> Values {
        let publisher = self.publisher.as_ref().map(|key| content.agent(key).name.clone());
        [
            ("url", self.url.clone().unwrap_or_default()),
            ("title", self.title.clone()),
            ("publisher", publisher.unwrap_or_default()),
            ("authors", self.authors.join("\n")),
            ("published", self.published.typed()),
            ("class", self.class.clone()),
            ("medium", self.medium.clone()),
            ("access", if self.url.is_some() { "open" } else { "offline" }.to_owned()),
        ]
        .into()
    }
}

impl Evidence {
    /// The fields of `evidence::EVIDENCE`.
    #[must_use]
    pub fn typed(&self) -> Values {
        [
            ("stance", self.stance.clone()),
            ("exact", self.passage.clone()),
            ("locator", self.locator.clone()),
            ("note", self.note.clone()),
            ("independence", self.independence.clone().unwrap_or_default()),
        ]
        .into()
    }
}

impl Content {
    /// The name of an agent, and what it is.
    ///
    /// # Errors
    /// [`Error::Internal`] when the sample content has a name that is none.
    pub fn named(&self, key: &str) -> Result<(Name, Kind)> {
        let agent = self.agent(key);
        let name = Name::parse(&agent.name).map_err(Error::internal)?;
        let kind = Kind::parse(&agent.kind)
            .ok_or_else(|| Error::internal(format!("there is no kind of agent {}", agent.kind)))?;
        Ok((name, kind))
    }
}
