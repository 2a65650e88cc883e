//! What a page says about itself.

mod found;

use std::collections::BTreeMap;

use super::article::Claims;
use super::token::Tag;
use crate::text::address::SafeUrl;
use crate::text::dates::Moment;
use crate::text::identifiers::{Doi, Isbn};
use crate::text::import::linked_data::LinkedData;
use crate::text::import::{Found, Genre, Origin, language_tag, line, names};

/// The best value so far, where it stands, and how much it is trusted: a smaller rank wins, the first of equals stays.
#[derive(Debug, Default)]
struct Hint(Option<(usize, Origin, String)>);

impl Hint {
    fn offer(&mut self, rank: usize, origin: Origin, value: &str) {
        if self.0.as_ref().is_none_or(|(best, ..)| rank < *best)
            && let Some(value) = line(value)
        {
            self.0 = Some((rank, origin, value));
        }
    }

    fn value(&self) -> Option<String> {
        self.0.as_ref().map(|(.., value)| value.clone())
    }

    fn origin(&self) -> Option<Origin> {
        self.0.as_ref().map(|(_, origin, _)| *origin)
    }
}

/// Where a `meta` element of that name belongs.
fn origin_of(name: &str) -> Origin {
    if ["og:", "article:", "book:"].iter().any(|prefix| name.starts_with(prefix)) {
        Origin::OpenGraph
    } else {
        Origin::Meta
    }
}

/// Collects hints while a page is read.
#[derive(Debug, Default)]
pub(super) struct Head {
    /// What `meta` elements give as the title, by [`TITLES`].
    titles: [Option<String>; TITLES.len()],
    /// The headline of JSON-LD.
    linked_headline: Option<String>,
    title: Option<String>,
    authors: Hint,
    /// The authors one by one, by rank.
    named: BTreeMap<usize, (Origin, Vec<String>)>,
    doi: Option<(Origin, Doi)>,
    isbn: Option<(Origin, Isbn)>,
    genre: Option<(Origin, Genre)>,
    site: Hint,
    published: Hint,
    modified: Hint,
    image: Hint,
    /// The article's words as JSON-LD has them.
    body: String,
    language: Option<String>,
    locale: Option<(Origin, String)>,
    canonical: Option<String>,
    address: Option<SafeUrl>,
}

/// Names of `meta` elements, best first (<https://ogp.me/>, <https://www.dublincore.org/>, and what large sites use), with
/// colons for dots and `dc` for its longer forms.
const TITLES: [&str; 4] = ["og:title", "twitter:title", "dc:title", "citation_title"];
const AUTHORS: [&str; 7] =
    ["author", "article:author", "dc:creator", "parsely-author", "sailthru:author", "byl", "citation_author"];
const DATES: [&str; 32] = [
    "article:published_time",
    "datepublished",
    "article:published",
    "og:published_time",
    "og:article:published_time",
    "parsely-pub-date",
    "sailthru:date",
    "cxenseparse:recs:publishtime",
    "dc:date:issued",
    "dc:issued",
    "dc:date:created",
    "dc:created",
    "datecreated",
    "pubdate",
    "pub_date",
    "publishdate",
    "publish-date",
    "publish_date",
    "published_time",
    "published",
    "published-date",
    "published_at",
    "publication-date",
    "publication_date",
    "publicationdate",
    "article:post_date",
    "article_date_original",
    "originalpublicationdate",
    "citation_publication_date",
    "citation_date",
    "dc:date",
    "date",
];
const CHANGES: [&str; 6] = [
    "article:modified_time",
    "datemodified",
    "og:updated_time",
    "dc:date:modified",
    "last-modified",
    "lastmod",
];
const IMAGES: [&str; 5] =
    ["og:image", "og:image:url", "og:image:secure_url", "twitter:image", "twitter:image:src"];
const SITES: [&str; 3] = ["og:site_name", "application-name", "dc:publisher"];

/// JSON-LD is written for machines and stands between the best and the second-best `meta` elements.
const LINKED_DATA_RANK: usize = 1;
/// `time` elements stand behind all of those.
const TIME_RANK: usize = DATES.len() * 2;

impl Head {
    pub(super) fn title(&mut self, text: &str) {
        if self.title.is_none() {
            self.title = line(text);
        }
    }

    pub(super) fn meta(&mut self, tag: &Tag<'_>) {
        let Some(content) = tag.attribute("content") else {
            return;
        };
        for attribute in ["property", "name", "itemprop", "http-equiv"] {
            for name in tag.attribute(attribute).unwrap_or_default().split_ascii_whitespace() {
                self.offer(&plain_name(name), &content);
            }
        }
    }

    fn offer(&mut self, name: &str, content: &str) {
        let rank = |names: &[&str]| names.iter().position(|known| *known == name).map(|rank| rank * 2);
        if let Some(place) = TITLES.iter().position(|known| *known == name) {
            self.titles[place] = self.titles[place].take().or_else(|| line(content));
        } else if let Some(rank) = rank(&AUTHORS) {
            if !content.contains("://") {
                self.authors.offer(rank, origin_of(name), content);
                self.name(rank, origin_of(name), [content]);
            }
        } else if let Some(rank) = rank(&DATES) {
            self.offer_date(rank, origin_of(name), content);
        } else if let Some(rank) = rank(&CHANGES) {
            if Moment::read(content, false).is_some() {
                self.modified.offer(rank, origin_of(name), content);
            }
        } else if let Some(rank) = rank(&IMAGES) {
            self.image.offer(rank, origin_of(name), content);
        } else if let Some(rank) = rank(&SITES) {
            self.site.offer(rank, origin_of(name), content);
        } else if matches!(name, "og:locale" | "content-language" | "dc:language") {
            self.locale =
                self.locale.take().or_else(|| language_tag(content).map(|tag| (origin_of(name), tag)));
        } else if matches!(name, "citation_doi" | "prism:doi" | "bepress_citation_doi" | "dc:identifier") {
            self.doi = self.doi.take().or_else(|| Doi::parse(content).map(|doi| (Origin::Meta, doi)));
            if name != "dc:identifier" {
                self.genre.get_or_insert((Origin::Meta, Genre::Scholarly));
            }
        } else if matches!(name, "citation_isbn" | "book:isbn") {
            self.isbn = self.isbn.take().or_else(|| Isbn::parse(content).map(|isbn| (origin_of(name), isbn)));
        } else if name == "citation_journal_title" {
            self.genre.get_or_insert((Origin::Meta, Genre::Scholarly));
        } else if name == "og:type" {
            let genre = || Some((Origin::OpenGraph, Genre::of_open_graph(content.trim())?));
            self.genre = self.genre.or_else(genre);
        } else if name == "og:url" {
            self.address = self.address.take().or_else(|| SafeUrl::parse(content).ok());
        }
    }

    fn offer_date(&mut self, rank: usize, origin: Origin, text: &str) {
        if Moment::read(text, false).is_some() {
            self.published.offer(rank, origin, text);
        }
    }

    fn name<'a>(&mut self, rank: usize, origin: Origin, authors: impl IntoIterator<Item = &'a str>) {
        let (_, named) = self.named.entry(rank).or_insert_with(|| (origin, Vec::new()));
        for author in authors.into_iter().filter_map(line) {
            if named.len() < names::AUTHORS_MAX && !named.contains(&author) {
                named.push(author);
            }
        }
    }

    pub(super) fn link(&mut self, tag: &Tag<'_>) {
        let is_canonical =
            tag.attribute("rel").is_some_and(|rel| rel.trim().eq_ignore_ascii_case("canonical"));
        if is_canonical && self.canonical.is_none() {
            self.canonical = tag.attribute("href").map(|href| href.trim().to_owned());
            if let Some(Ok(address)) = self.canonical.as_deref().map(SafeUrl::parse) {
                self.address = Some(address);
            }
        }
    }

    pub(super) fn time(&mut self, tag: &Tag<'_>, is_below: bool) {
        let property = tag.attribute("itemprop").unwrap_or_default();
        let is_change = property.eq_ignore_ascii_case("dateModified")
            || tag
                .attribute("class")
                .is_some_and(|class| class.contains("updated") && !class.contains("published"));
        let is_publication =
            tag.attribute("pubdate").is_some() || property.eq_ignore_ascii_case("datePublished");
        let Some(time) = tag.attribute("datetime") else { return };
        if is_publication {
            self.offer_date(TIME_RANK, Origin::Html, &time);
        } else if is_change {
            if Moment::read(&time, false).is_some() {
                self.modified.offer(TIME_RANK, Origin::Html, &time);
            }
        } else {
            // Times below the headline are the article's sooner than those above.
            self.offer_date(TIME_RANK + if is_below { 1 } else { 2 }, Origin::Html, &time);
        }
    }

    pub(super) fn language(&mut self, tag: Option<&str>) {
        if self.language.is_none() {
            self.language = tag.and_then(language_tag);
        }
    }

    pub(super) fn linked_data(&mut self, json: &str) {
        let Some(data) = LinkedData::of_article(json) else {
            return;
        };
        self.linked_headline = self.linked_headline.take().or_else(|| line(&data.headline));
        let (rank, origin) = (LINKED_DATA_RANK, Origin::JsonLd);
        self.authors.offer(rank, origin, &data.authors.join(", "));
        self.name(rank, origin, data.authors.iter().map(String::as_str));
        self.site.offer(rank, origin, &data.publisher);
        self.offer_date(rank, origin, &data.published);
        if Moment::read(&data.modified, false).is_some() {
            self.modified.offer(rank, origin, &data.modified);
        }
        self.image.offer(rank, origin, &data.image);
        self.locale = self.locale.take().or_else(|| language_tag(&data.language).map(|tag| (origin, tag)));
        self.doi = self.doi.take().or_else(|| data.doi.map(|doi| (origin, doi)));
        self.isbn = self.isbn.take().or_else(|| data.isbn.map(|isbn| (origin, isbn)));
        self.genre = data.genre.map(|genre| (origin, genre)).or(self.genre);
        if self.body.len() < data.body.len() {
            self.body = data.body;
        }
    }

    pub(super) const fn own_address(&self) -> Option<&SafeUrl> {
        self.address.as_ref()
    }
}

impl Head {
    /// What the page says about its article's words.
    pub(super) fn claims(&self, found: &Found) -> Claims {
        let titles = [found.title.as_ref(), self.title.as_ref(), self.linked_headline.as_ref()];
        let titles = titles.into_iter().flatten().chain(self.titles.iter().flatten());
        Claims { titles: titles.cloned().collect(), body: self.body.clone() }
    }
}

/// The name of a `meta` element in one spelling.
fn plain_name(name: &str) -> String {
    let name = name.to_ascii_lowercase().replace('.', ":");
    for long in ["dcterms:", "dcterm:"] {
        if let Some(rest) = name.strip_prefix(long) {
            return format!("dc:{rest}");
        }
    }
    name
}
