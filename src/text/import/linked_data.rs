//! What schema.org JSON-LD in a page says about its article.

use serde_json::{Map, Value};

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
                    } else if is(&["WebPage", "CreativeWork", "Review", "Recipe"]) {
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
        }
    }
}

/// How the names of schema.org's kinds of articles end.
const ARTICLES: [&str; 4] = ["Article", "BlogPosting", "Report", "NewsStory"];

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

#[cfg(test)]
mod tests {
    use super::*;

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
