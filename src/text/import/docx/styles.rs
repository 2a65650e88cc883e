//! What the styles, lists and links of a Word file are called.

use std::collections::HashMap;

use super::xml::{Step, walk};
use crate::text::import::ImportError;

/// What a paragraph of some style is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Look {
    /// The level of a heading, from 1.
    pub(super) heading: Option<u8>,
    pub(super) is_title: bool,
    pub(super) is_quote: bool,
    pub(super) is_caption: bool,
    /// The list and the depth in it.
    pub(super) list: Option<(u32, u8)>,
}

#[derive(Debug, Default)]
struct Style {
    look: Look,
    based_on: Option<String>,
    list: Option<u32>,
    depth: Option<u8>,
}

/// The styles of paragraphs by their ids.
#[derive(Debug, Default)]
pub(super) struct Styles(HashMap<String, Style>);

/// How many styles are followed to the one they are all based on.
const CHAIN_MAX: usize = 20;

impl Styles {
    pub(super) fn read(part: &str) -> Result<Self, ImportError> {
        let mut styles = HashMap::new();
        let mut open: Option<(String, Style)> = None;
        walk(part, |step| {
            match step {
                Step::Start(element) => match (element.name(), &mut open) {
                    ("style", _) => open = element.attribute("styleId").map(|id| (id, Style::default())),
                    ("name", Some((_, style))) => {
                        style.look = named(&element.value().unwrap_or_default());
                    }
                    ("basedOn", Some((_, style))) => style.based_on = element.value(),
                    ("outlineLvl", Some((_, style))) => {
                        style.look.heading = style.look.heading.or_else(|| level(element.value()));
                    }
                    ("numId", Some((_, style))) => style.list = number(element.value()),
                    ("ilvl", Some((_, style))) => style.depth = number(element.value()),
                    _ => {}
                },
                Step::End(name) if name == "style" => styles.extend(open.take()),
                _ => {}
            }
            Ok(())
        })?;
        Ok(Self(styles))
    }

    /// What a paragraph of that style is.
    pub(super) fn look(&self, id: &str) -> Look {
        let mut look = Look::default();
        let (mut list, mut depth) = (None, None);
        let mut next = self.0.get(id);
        for _ in 0..CHAIN_MAX {
            let Some(style) = next else { break };
            look.heading = look.heading.or(style.look.heading);
            look.is_title |= style.look.is_title;
            look.is_quote |= style.look.is_quote;
            look.is_caption |= style.look.is_caption;
            (list, depth) = (list.or(style.list), depth.or(style.depth));
            next = style.based_on.as_ref().and_then(|id| self.0.get(id));
        }
        look.list = list.filter(|list| *list > 0).map(|list| (list, depth.unwrap_or_default()));
        look
    }
}

/// What a style is by its name; these are the same in every language of Word.
fn named(name: &str) -> Look {
    let name = name.to_ascii_lowercase();
    let heading =
        name.strip_prefix("heading ").and_then(|level| level.parse().ok()).filter(|level| *level >= 1);
    Look {
        heading: heading.map(|level: u8| level.min(6)).or((name == "title").then_some(1)),
        is_title: name == "title",
        is_quote: matches!(name.as_str(), "quote" | "intense quote" | "block text"),
        is_caption: name == "caption",
        list: None,
    }
}

/// The level of a heading from its outline level, which counts from 0; 9 is the text.
pub(super) fn level(value: Option<String>) -> Option<u8> {
    number::<u8>(value).filter(|level| *level < 9).map(|level| (level + 1).min(6))
}

pub(super) fn number<T: std::str::FromStr>(value: Option<String>) -> Option<T> {
    value?.trim().parse().ok()
}

/// The lists of a Word file: whether each level has numbers, and where they begin.
#[derive(Debug, Default)]
pub(super) struct Lists {
    levels: HashMap<(u32, u8), Option<u32>>,
    /// Which definition each list has.
    defined: HashMap<u32, u32>,
    counts: HashMap<(u32, u8), u32>,
}

impl Lists {
    pub(super) fn read(part: &str) -> Result<Self, ImportError> {
        let mut lists = Self::default();
        let (mut abstract_list, mut list, mut depth, mut start) = (None, None, 0_u8, 1_u32);
        walk(part, |step| {
            let Step::Start(element) = step else { return Ok(()) };
            match element.name() {
                "abstractNum" => abstract_list = number(element.attribute("abstractNumId")),
                "num" => list = number(element.attribute("numId")),
                "lvl" => {
                    depth = number(element.attribute("ilvl")).unwrap_or_default();
                    start = 1;
                }
                "start" => start = number(element.value()).unwrap_or(1),
                "numFmt" => {
                    if let Some(of) = abstract_list {
                        let has_numbers = !matches!(element.value().as_deref(), Some("bullet" | "none"));
                        lists.levels.insert((of, depth), has_numbers.then_some(start));
                    }
                }
                "abstractNumId" => {
                    if let (Some(list), Some(of)) = (list, number(element.value())) {
                        lists.defined.insert(list, of);
                    }
                }
                _ => {}
            }
            Ok(())
        })?;
        Ok(lists)
    }

    /// The number of the next item of a list; `None` for a bullet.
    pub(super) fn count(&mut self, list: u32, depth: u8) -> Option<u32> {
        let of = self.defined.get(&list)?;
        let start = (*self.levels.get(&(*of, depth))?)?;
        self.counts.retain(|(counted, deep), _| *counted != list || *deep <= depth);
        let count = self.counts.entry((list, depth)).and_modify(|count| *count += 1).or_insert(start);
        Some(*count)
    }
}

/// Where the links of the document lead, by their ids.
pub(super) fn links(part: &str) -> Result<HashMap<String, String>, ImportError> {
    let mut links = HashMap::new();
    walk(part, |step| {
        if let Step::Start(element) = step
            && element.name() == "Relationship"
            && element.attribute("Type").is_some_and(|kind| kind.ends_with("/hyperlink"))
            && let (Some(id), Some(target)) = (element.attribute("Id"), element.attribute("Target"))
        {
            links.insert(id, target);
        }
        Ok(())
    })?;
    Ok(links)
}
