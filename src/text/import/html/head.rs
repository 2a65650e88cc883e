//! What a page says about itself.

use super::article::Claims;
use super::overheard::Overheard;
use super::token::Tag;
use crate::text::address::SafeUrl;
use crate::text::dates::Moment;
use crate::text::import::linked_data::LinkedData;
use crate::text::import::{Found, language_tag, line};

/// The best value so far and how much it is trusted: a smaller rank wins, the first of equals stays.
#[derive(Debug, Default)]
struct Hint(Option<(usize, String)>);

impl Hint {
    fn offer(&mut self, rank: usize, value: &str) {
        if self.0.as_ref().is_none_or(|(best, _)| rank < *best)
            && let Some(value) = line(value)
        {
            self.0 = Some((rank, value));
        }
    }

    fn value(&self) -> Option<String> {
        self.0.as_ref().map(|(_, value)| value.clone())
    }
}

/// Collects hints while a page is read.
#[derive(Debug, Default)]
pub(super) struct Head {
    headline: Hint,
    title: Option<String>,
    authors: Hint,
    site: Hint,
    published: Hint,
    modified: Hint,
    image: Hint,
    language: Option<String>,
    locale: Option<String>,
    canonical: Option<String>,
    address: Option<SafeUrl>,
}

/// Names of `meta` elements, best first (<https://ogp.me/>, <https://www.dublincore.org/>, and what large sites use), with
/// colons for dots and `dc` for its longer forms.
const TITLES: [&str; 4] = ["og:title", "twitter:title", "dc:title", "citation_title"];
const AUTHORS: [&str; 7] =
    ["author", "article:author", "dc:creator", "parsely-author", "sailthru:author", "byl", "citation_author"];
const DATES: [&str; 11] = [
    "article:published_time",
    "datepublished",
    "parsely-pub-date",
    "sailthru:date",
    "dc:date:issued",
    "pubdate",
    "publish-date",
    "publication_date",
    "citation_publication_date",
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
        if let Some(rank) = rank(&TITLES) {
            self.headline.offer(rank, content);
        } else if let Some(rank) = rank(&AUTHORS) {
            if !content.contains("://") {
                self.authors.offer(rank, content);
            }
        } else if let Some(rank) = rank(&DATES) {
            self.offer_date(rank, content);
        } else if let Some(rank) = rank(&CHANGES) {
            if Moment::read(content, false).is_some() {
                self.modified.offer(rank, content);
            }
        } else if let Some(rank) = rank(&IMAGES) {
            self.image.offer(rank, content);
        } else if let Some(rank) = rank(&SITES) {
            self.site.offer(rank, content);
        } else if matches!(name, "og:locale" | "content-language" | "dc:language") {
            self.locale = self.locale.take().or_else(|| language_tag(content));
        } else if name == "og:url" {
            self.address = self.address.take().or_else(|| SafeUrl::parse(content).ok());
        }
    }

    fn offer_date(&mut self, rank: usize, text: &str) {
        if Moment::read(text, false).is_some() {
            self.published.offer(rank, text);
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

    pub(super) fn time(&mut self, tag: &Tag<'_>) {
        let is_publication = tag.attribute("pubdate").is_some()
            || tag.attribute("itemprop").is_some_and(|name| name.eq_ignore_ascii_case("datePublished"));
        if is_publication && let Some(time) = tag.attribute("datetime") {
            self.offer_date(DATES.len() * 2, &time);
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
        self.headline.offer(LINKED_DATA_RANK, &data.headline);
        self.authors.offer(LINKED_DATA_RANK, &data.authors.join(", "));
        self.site.offer(LINKED_DATA_RANK, &data.publisher);
        self.offer_date(LINKED_DATA_RANK, &data.published);
        self.locale = self.locale.take().or_else(|| language_tag(&data.language));
    }

    pub(super) const fn own_address(&self) -> Option<&SafeUrl> {
        self.address.as_ref()
    }

    /// What the page says of itself, and what its words say where it is silent.
    pub(super) fn found(&self, page: Option<&SafeUrl>, overheard: &Overheard) -> Found {
        let canonical = self.canonical.as_deref();
        let relative = canonical.and_then(|href| page.or(self.address.as_ref())?.join(href));
        let site = self.site.value();
        let headline = self.headline.value().or_else(|| overheard.headline.as_deref().and_then(line));
        let title = headline.or_else(|| self.title.clone());
        let author = self.authors.value().or_else(|| overheard.byline.as_deref().and_then(line));
        let moment =
            |hint: &Hint| hint.value().and_then(|text| Moment::read(&text, false)).unwrap_or_default();
        let (published, modified) = (moment(&self.published), moment(&self.modified));
        Found {
            title: title.map(|title| without_site(&title, site.as_deref())),
            author: author.as_deref().and_then(without_by),
            site,
            published: published.date,
            published_at: published.at,
            modified: modified.date,
            modified_at: modified.at,
            lead_image: self.image.value().and_then(|image| match page.or(self.address.as_ref()) {
                Some(page) => page.join(&image),
                None => SafeUrl::parse(&image).ok(),
            }),
            address: relative.or_else(|| self.address.clone()),
            language: self.language.clone().or_else(|| self.locale.clone()),
        }
    }
}

impl Head {
    /// What the page says about its article's words.
    pub(super) fn claims(&self, found: &Found) -> Claims {
        let titles = [found.title.as_ref(), self.title.as_ref()];
        let headline = self.headline.value();
        Claims { titles: titles.into_iter().flatten().chain(&headline).cloned().collect() }
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

/// The title without the site's name at its end: "Title | The Post".
fn without_site(title: &str, site: Option<&str>) -> String {
    let cut = site.and_then(|site| title.strip_suffix(site)).map(str::trim_end);
    let cut = cut.and_then(|cut| cut.strip_suffix(['|', '-', '–', '—', '·'])).map(str::trim_end);
    cut.filter(|cut| !cut.is_empty()).unwrap_or(title).to_owned()
}

/// The author without the "By" before; `None` for what is too long to be names.
fn without_by(author: &str) -> Option<String> {
    let name = author.strip_prefix("By ").or_else(|| author.strip_prefix("by ")).unwrap_or(author).trim();
    (!name.is_empty() && name.chars().count() <= 150).then(|| name.to_owned())
}
