//! What the page's own words say about it: its headline and who wrote it.

use super::element::Role;
use super::token::Tag;

/// Words of interest that are heard while they are read as text.
#[derive(Debug, Default)]
pub(super) struct Overheard {
    /// The first heading of level 1.
    pub(super) headline: Option<String>,
    /// The first words that are marked as the author's name.
    pub(super) byline: Option<String>,
    /// What is being heard, and how many elements are open around it.
    listening: Option<(Interest, usize)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Interest {
    Headline,
    Byline,
}

impl Overheard {
    /// Begins to listen if the element that starts is of interest; `depth` elements are open around it.
    pub(super) fn start(&mut self, tag: &Tag<'_>, role: Role, depth: usize) {
        let interest = match role {
            _ if self.listening.is_some() => return,
            Role::Heading(1) if self.headline.is_none() => Interest::Headline,
            Role::Inline | Role::Block | Role::Paragraph | Role::Link
                if self.byline.is_none() && names_author(tag) =>
            {
                Interest::Byline
            }
            _ => return,
        };
        self.listening = Some((interest, depth));
    }

    /// Stops when the element that was listened to has ended.
    pub(super) fn settle(&mut self, depth: usize) {
        if self.listening.is_some_and(|(_, around)| depth <= around) {
            self.listening = None;
        }
    }

    pub(super) fn hear(&mut self, text: &str) {
        match self.listening {
            Some((Interest::Headline, _)) => self.headline.get_or_insert_default().push_str(text),
            Some((Interest::Byline, _)) => self.byline.get_or_insert_default().push_str(text),
            None => {}
        }
    }
}

/// Whether an element says that it holds the author's name (<https://microformats.org/wiki/rel-author>, schema.org's
/// microdata, and the class names that most sites use).
fn names_author(tag: &Tag<'_>) -> bool {
    let has = |attribute: &str, wanted: &[&str]| {
        tag.attribute(attribute)
            .is_some_and(|value| value.split_ascii_whitespace().any(|word| wanted.contains(&word)))
    };
    tag.has_attributes()
        && (has("rel", &["author"])
            || has("itemprop", &["author"])
            || has("class", &["byline", "p-author", "author-name", "byline-name"]))
}
