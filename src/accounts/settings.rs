//! What a desk's admins decide for it.

use serde::Serialize;
use serde_json::{Map, Value, json};

use super::names::{Name, language};
use crate::text::address::SafeUrl;
use crate::web::problems::Problems;

/// The settings that can be changed on their page.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Settings {
    pub name: String,
    /// BCP 47.
    pub language: String,
    pub methodology_url: Option<String>,
    pub corrections_url: Option<String>,
}

/// A page of the desk's own needs no longer address.
const ADDRESS_LENGTH: usize = 2000;

impl Settings {
    /// The settings that were typed.
    ///
    /// # Errors
    /// What is wrong with which field.
    pub fn parse(
        name: &str,
        tag: &str,
        methodology_url: &str,
        corrections_url: &str,
    ) -> Result<Self, Problems> {
        let mut problems = Problems::default();
        let name = Name::parse(name);
        if name.is_none() {
            problems.add("name", Name::RULE);
        }
        let tag = language(tag);
        if tag.is_none() {
            problems.add("language", "Give the language as a tag, as in en, de or pt-BR.");
        }
        let methodology_url = address(methodology_url, "methodology_url", &mut problems);
        let corrections_url = address(corrections_url, "corrections_url", &mut problems);
        problems.unless(()).map(|()| Self {
            name: name.map_or_else(String::new, |name| name.as_str().to_owned()),
            language: tag.unwrap_or_default(),
            methodology_url,
            corrections_url,
        })
    }

    /// What differs, as the record of changes writes it.
    #[must_use]
    pub fn difference(&self, now: &Self) -> Map<String, Value> {
        let (before, after) = (json!(self), json!(now));
        let mut difference = Map::new();
        for (field, before) in before.as_object().into_iter().flatten() {
            if before != &after[field] {
                difference.insert(field.clone(), json!({"before": before, "after": after[field]}));
            }
        }
        difference
    }
}

/// An address on the web; nothing when nothing was typed.
fn address(text: &str, field: &'static str, problems: &mut Problems) -> Option<String> {
    let text = text.trim();
    if text.is_empty() {
        return None;
    }
    match SafeUrl::parse(text) {
        Ok(url) if url.as_str().len() <= ADDRESS_LENGTH => Some(url.as_str().to_owned()),
        Ok(_) => {
            problems.add(field, format!("Give an address of at most {ADDRESS_LENGTH} characters."));
            None
        }
        Err(error) => {
            problems.add(field, error.to_string());
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(methodology: &str) -> Result<Settings, Problems> {
        Settings::parse("North", "en", methodology, "")
    }

    #[test]
    fn addresses_are_of_the_web_or_left_out() {
        assert_eq!(parse("  ").unwrap().methodology_url, None);
        assert_eq!(parse("https://x.example/how").unwrap().methodology_url.unwrap(), "https://x.example/how");
        for address in ["javascript:alert(1)", "ftp://x.example", "data:,x"] {
            assert!(parse(address).unwrap_err().of("methodology_url").is_some(), "{address}");
        }
    }

    #[test]
    fn the_difference_names_the_fields_that_changed() {
        let before = parse("").unwrap();
        let after = Settings { name: "South".into(), ..before.clone() };
        assert_eq!(json!(before.difference(&after)), json!({"name": {"before": "North", "after": "South"}}));
        assert!(before.difference(&before).is_empty());
    }
}
