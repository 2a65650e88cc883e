//! What comes of all that a page says about itself.

use super::{Head, Hint};
use crate::text::address::SafeUrl;
use crate::text::dates::Moment;
use crate::text::import::html::overheard::Overheard;
use crate::text::import::html::titling::Titles;
use crate::text::import::{Found, Origin, line, names};

impl Head {
    /// What the page says of itself, and what its words say where it is silent.
    pub(in crate::text::import::html) fn found(
        &self,
        page: Option<&SafeUrl>,
        overheard: &Overheard,
    ) -> Found {
        let canonical = self.canonical.as_deref();
        let relative = canonical.and_then(|href| page.or(self.address.as_ref())?.join(href));
        let host =
            || page.or(self.address.as_ref()).map(|page| page.host().trim_start_matches("www.").to_owned());
        let headlines: Vec<String> =
            overheard.headlines.iter().map(|headline| line(headline).unwrap_or_default()).collect();
        let (site, host) = (self.site.value(), host());
        let [shared, others @ ..] = &self.titles;
        let mut titles = Titles {
            headlines: &headlines,
            shared: shared.as_deref(),
            linked: self.linked_headline.as_deref(),
            others: others.iter().flatten().map(String::as_str).collect(),
            page: self.title.as_deref(),
            site: site.as_deref(),
            host: host.as_deref(),
        };
        let site = site
            .clone()
            .or_else(|| titles.suffix())
            .or_else(|| overheard.site.as_deref().and_then(line))
            .or_else(|| host.clone());
        titles.site = site.as_deref();
        let title = titles.best();
        let author = self
            .authors
            .value()
            .filter(|author| site.as_ref() != Some(author))
            .or_else(|| overheard.byline.as_deref().and_then(line))
            .or_else(|| self.authors.value());
        let moment =
            |hint: &Hint| hint.value().and_then(|text| Moment::read(&text, false)).unwrap_or_default();
        let (published, modified) = (moment(&self.published), moment(&self.modified));
        let author = author.as_deref().and_then(without_by);
        let authors = self.authors_of(author.as_deref(), site.as_deref());
        let address = relative.clone().or_else(|| self.address.clone());
        let is_canonical = relative.is_some() || canonical.is_some_and(|href| SafeUrl::parse(href).is_ok());
        let origins = [
            ("title", title.as_deref().map(|title| self.origin_of_title(title))),
            ("author", author.as_ref().map(|_| authors.0)),
            ("site", site.as_ref().map(|site| self.origin_of_site(site, host.as_deref()))),
            ("published", self.published.origin()),
            ("modified", self.modified.origin()),
            ("address", Some(if is_canonical { Origin::Html } else { Origin::OpenGraph })),
            (
                "language",
                self.language.as_ref().map(|_| Origin::Html).or(self.locale.as_ref().map(|said| said.0)),
            ),
            ("doi", self.doi.as_ref().map(|said| said.0)),
            ("isbn", self.isbn.as_ref().map(|said| said.0)),
            ("genre", self.genre.map(|said| said.0)),
        ];
        Found {
            title,
            author,
            authors: authors.1,
            site,
            published: published.date,
            published_at: published.at,
            modified: modified.date,
            modified_at: modified.at,
            lead_image: self.image.value().and_then(|image| match page.or(self.address.as_ref()) {
                Some(page) => page.join(&image),
                None => SafeUrl::parse(&image).ok(),
            }),
            address,
            language: self.language.clone().or_else(|| self.locale.as_ref().map(|(_, tag)| tag.clone())),
            doi: self.doi.as_ref().map(|(_, doi)| doi.clone()),
            isbn: self.isbn.as_ref().map(|(_, isbn)| isbn.clone()),
            genre: self.genre.map(|(_, genre)| genre),
            origins: origins
                .into_iter()
                .filter_map(|(field, origin)| Some((field.to_owned(), origin?)))
                .collect(),
        }
    }

    fn origin_of_title(&self, title: &str) -> Origin {
        let [shared, others @ ..] = &self.titles;
        let has = |said: &Option<String>| said.as_ref().is_some_and(|said| said.contains(title));
        if has(&self.linked_headline) {
            Origin::JsonLd
        } else if has(shared) {
            Origin::OpenGraph
        } else if others.iter().any(has) {
            Origin::Meta
        } else {
            Origin::Html
        }
    }

    fn origin_of_site(&self, site: &str, host: Option<&str>) -> Origin {
        let said = self.site.0.as_ref().filter(|(.., said)| said == site).map(|(_, origin, _)| *origin);
        said.unwrap_or(if host == Some(site) { Origin::Address } else { Origin::Html })
    }

    /// The authors one by one, and where they stand: those of the best list, unless they are the site itself.
    fn authors_of(&self, author: Option<&str>, site: Option<&str>) -> (Origin, Vec<String>) {
        let best = self
            .named
            .values()
            .find(|(_, named)| !named.is_empty() && !named.iter().all(|name| Some(name.as_str()) == site));
        let (origin, named) = match best {
            Some((origin, named)) => (*origin, named.as_slice()),
            None => (Origin::Html, [].as_slice()),
        };
        let one_by_one = match (named, author) {
            ([], None) => Vec::new(),
            ([], Some(author)) => names::part(author),
            ([one], _) => without_by(one).map(|one| names::part(&one)).unwrap_or_default(),
            _ => named.iter().filter_map(|name| without_by(name)).collect(),
        };
        (origin, one_by_one)
    }
}

/// The author without the "By" before; `None` for what is too long to be names.
fn without_by(author: &str) -> Option<String> {
    let by = ["by ", "von ", "par ", "por ", "di ", "door ", "av ", "af ", "przez ", "автор: ", "автор "];
    let is_by = |at: &usize| by.contains(&author[..*at].to_lowercase().as_str());
    let cut = author.char_indices().map(|(at, _)| at).find(is_by).unwrap_or(0);
    let name = author[cut..].trim();
    (!name.is_empty() && name.chars().count() <= 150).then(|| name.to_owned())
}
