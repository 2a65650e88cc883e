//! What schema.org JSON-LD in a page says about its article.

use serde_json::Value;

/// How many JSON objects are looked at; pages with product lists have thousands.
const OBJECTS_MAX: usize = 500;

#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct LinkedData {
    pub(super) headline: String,
    pub(super) authors: Vec<String>,
    pub(super) publisher: String,
    pub(super) published: String,
    pub(super) language: String,
}

impl LinkedData {
    /// Finds the first article (<https://schema.org/Article> and its kinds); `None` for anything else.
    pub(super) fn of_article(json: &str) -> Option<Self> {
        let root: Value = serde_json::from_str(json.trim()).ok()?;
        let mut waiting = vec![&root];
        let mut seen = 0;
        while let Some(value) = waiting.pop() {
            seen += 1;
            if seen > OBJECTS_MAX {
                return None;
            }
            match value {
                Value::Array(values) => waiting.extend(values.iter().rev()),
                Value::Object(object) if object.get("@type").is_some_and(is_article) => {
                    return Some(Self {
                        headline: text(object.get("headline").or(object.get("name"))),
                        authors: names(object.get("author")),
                        publisher: names(object.get("publisher")).join(", "),
                        published: text(object.get("datePublished")),
                        language: text(object.get("inLanguage")),
                    });
                }
                Value::Object(object) => {
                    waiting.extend(object.get("@graph").into_iter().chain(object.get("mainEntity")));
                }
                _ => {}
            }
        }
        None
    }
}

fn is_article(kind: &Value) -> bool {
    match kind {
        Value::String(kind) => kind.ends_with("Article") || kind.ends_with("BlogPosting") || kind == "Report",
        Value::Array(kinds) => kinds.iter().any(is_article),
        _ => false,
    }
}

fn text(value: Option<&Value>) -> String {
    value.and_then(Value::as_str).unwrap_or_default().to_owned()
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
