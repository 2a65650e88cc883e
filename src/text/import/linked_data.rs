//! What schema.org JSON-LD in a page says about its article.

use serde_json::{Map, Value};

use super::origin::Genre;
use crate::text::identifiers::{Doi, Isbn};

/// How many JSON objects are looked at; pages with product lists have thousands.
const OBJECTS_MAX: usize = 500;

#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct LinkedData {
    pub(super) headline: String,
    pub(super) authors: Vec<String>,
    pub(super) publisher: String,
    pub(super) published: String,
    pub(super) language: String,
    pub(super) modified: String,
    /// The article's words, if it has them.
    pub(super) body: String,
    pub(super) image: String,
    pub(super) doi: Option<Doi>,
    pub(super) isbn: Option<Isbn>,
    pub(super) genre: Option<Genre>,
}

impl LinkedData {
    /// Finds the first article (<https://schema.org/Article> and its kinds), else the page that it is on; `None` for
    /// anything else. The publisher may stand beside it as the site.
    pub(super) fn of_article(json: &str) -> Option<Self> {
        let root: Value = serde_json::from_str(json.trim()).ok()?;
        let mut waiting = vec![&root];
        let (mut article, mut page, mut site) = (None, None, String::new());
        for _ in 0..OBJECTS_MAX {
            match waiting.pop() {
                Some(Value::Array(values)) => waiting.extend(values.iter().rev()),
                Some(Value::Object(object)) => {
                    let is = |kinds: &[&str]| object.get("@type").is_some_and(|kind| is_one_of(kind, kinds));
                    if is(&ARTICLES) {
                        article.get_or_insert_with(|| Self::of(object));
                    } else if is(&PAGES) {
                        page.get_or_insert_with(|| Self::of(object));
                    } else if is(&["WebSite", "NewsMediaOrganization"]) && site.is_empty() {
                        site = text(object.get("name"));
                    }
                    waiting.extend(object.get("mainEntity").into_iter().chain(object.get("@graph")));
                }
                Some(_) => {}
                None => break,
            }
        }
        let is_only_site = article.is_none() && page.is_none() && !site.is_empty();
        let mut found = article.or(page).or(is_only_site.then(Self::default))?;
        if found.publisher.is_empty() {
            found.publisher = site;
        }
        Some(found)
    }

    fn of(object: &Map<String, Value>) -> Self {
        Self {
            headline: text(object.get("headline").or(object.get("name"))),
            authors: names(object.get("author")),
            publisher: names(object.get("publisher")).join(", "),
            published: text(object.get("datePublished")),
            modified: text(object.get("dateModified")),
            language: text(object.get("inLanguage")),
            body: text(object.get("articleBody").or(object.get("text"))),
            image: image(object.get("image")),
            doi: ["identifier", "sameAs", "@id"].iter().find_map(|name| doi(object.get(*name)?)),
            isbn: object.get("isbn").and_then(Value::as_str).and_then(Isbn::parse),
            genre: genre(object.get("@type")),
        }
    }
}

/// How the names of schema.org's kinds of articles end.
const ARTICLES: [&str; 4] = ["Article", "BlogPosting", "Report", "NewsStory"];

/// And those of other documents.
const PAGES: [&str; 9] = [
    "WebPage",
    "CreativeWork",
    "Review",
    "Recipe",
    "Dataset",
    "Legislation",
    "Book",
    "SocialMediaPosting",
    "DiscussionForumPosting",
];

fn is_one_of(kind: &Value, kinds: &[&str]) -> bool {
    match kind {
        Value::String(name) => kinds.iter().any(|kind| name.ends_with(kind)),
        Value::Array(names) => names.iter().any(|name| !name.is_array() && is_one_of(name, kinds)),
        _ => false,
    }
}

fn text(value: Option<&Value>) -> String {
    value.and_then(Value::as_str).unwrap_or_default().to_owned()
}

/// The address of a picture, or of the first of several.
fn image(value: Option<&Value>) -> String {
    match value {
        Some(Value::String(address)) => address.clone(),
        Some(Value::Object(image)) => text(image.get("url")),
        Some(Value::Array(images)) => images
            .first()
            .map(|first| image(Some(first).filter(|first| !first.is_array())))
            .unwrap_or_default(),
        _ => String::new(),
    }
}

/// The names of one or several people or organisations.
fn names(value: Option<&Value>) -> Vec<String> {
    match value {
        Some(Value::String(name)) if !name.contains("://") => vec![name.clone()],
        Some(Value::Object(agent)) => match agent.get("name") {
            Some(Value::String(name)) => vec![name.clone()],
            _ => Vec::new(),
        },
        Some(Value::Array(agents)) => {
            agents.iter().filter(|agent| !agent.is_array()).flat_map(|agent| names(Some(agent))).collect()
        }
        _ => Vec::new(),
    }
}

/// The narrowest kind of document that it is.
fn genre(kind: Option<&Value>) -> Option<Genre> {
    match kind? {
        Value::String(name) => Genre::of_schema(name),
        Value::Array(names) => names.iter().filter_map(Value::as_str).find_map(Genre::of_schema),
        _ => None,
    }
}

/// A DOI as text, as a `PropertyValue`, or among several of these.
fn doi(value: &Value) -> Option<Doi> {
    match value {
        Value::String(text) => Doi::parse(text),
        Value::Object(property) => property.get("value").and_then(Value::as_str).and_then(Doi::parse),
        Value::Array(several) => several.iter().filter(|one| !one.is_array()).find_map(doi),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_kind_of_document_it_is_and_its_number_are_read() {
        let json = r#"{"@type":["CreativeWork","ScholarlyArticle"],"name":"H",
            "identifier":[{"@type":"PropertyValue","propertyID":"pmid","value":"7"},
                          {"@type":"PropertyValue","propertyID":"doi","value":"10.1000/ABC"}]}"#;
        let data = LinkedData::of_article(json).unwrap();
        assert_eq!(data.doi.as_ref().map(Doi::as_str), Some("10.1000/abc"));
        assert_eq!(data.genre, Some(Genre::Scholarly));
        let book = LinkedData::of_article(r#"{"@type":"Book","name":"B","isbn":"0-306-40615-2"}"#).unwrap();
        assert_eq!(book.isbn.as_ref().map(Isbn::as_str), Some("9780306406157"));
        assert_eq!(book.genre, Some(Genre::Book));
    }

    #[test]
    fn an_article_in_a_graph_is_found() {
        let json = r#"{"@graph":[{"@type":"Organization","name":"x"},{"@type":["Thing","NewsArticle"],"headline":"H",
            "author":[{"name":"Ana"},"Ben","https://example.org/ben"],"publisher":{"name":"Post"},
            "datePublished":"2026-09-28T10:00:00Z","inLanguage":"en-GB"}]}"#;
        let data = LinkedData::of_article(json).unwrap();
        assert_eq!(data.authors, ["Ana", "Ben"]);
        assert_eq!((data.headline.as_str(), data.publisher.as_str()), ("H", "Post"));
        assert_eq!((data.published.as_str(), data.language.as_str()), ("2026-09-28T10:00:00Z", "en-GB"));
    }

    #[test]
    fn other_json_says_nothing() {
        for json in ["", "{", "[]", "7", r#"{"@type":"Product"}"#, &"[".repeat(5_000)] {
            assert_eq!(LinkedData::of_article(json), None);
        }
    }
}
