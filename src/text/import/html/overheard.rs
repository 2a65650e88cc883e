//! What the page's own words say about it: its headline and who wrote it.

use super::element::Role;
use super::token::Tag;

/// How many headings of level 1 are heard.
const HEADLINES_MAX: usize = 8;

/// Words of interest that are heard while they are read as text.
#[derive(Debug, Default)]
pub(super) struct Overheard {
    /// The headings of level 1, the first few; nothing for one that leads to the site's first page.
    pub(super) headlines: Vec<String>,
    /// The words of that one, the site's name.
    pub(super) site: Option<String>,
    leads_home: bool,
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
        if self.listening.is_some() {
            self.leads_home |= role == Role::Link && tag.attribute("href").is_some_and(|href| is_home(&href));
            if role.is_block() {
                self.hear(" ");
            }
            return;
        }
        let interest = match role {
            Role::Heading(1) if self.headlines.len() < HEADLINES_MAX => Interest::Headline,
            Role::Inline | Role::Block | Role::Paragraph | Role::Link
                if self.byline.is_none() && names_author(tag) =>
            {
                Interest::Byline
            }
            _ => return,
        };
        if interest == Interest::Headline {
            self.headlines.push(String::new());
            self.leads_home = false;
        }
        self.listening = Some((interest, depth));
    }

    /// Stops when the element that was listened to has ended.
    pub(super) fn settle(&mut self, depth: usize) {
        if let Some((interest, around)) = self.listening
            && depth <= around
        {
            self.listening = None;
            if interest == Interest::Headline && self.leads_home {
                self.site = self.headlines.last_mut().map(std::mem::take);
            }
        }
    }

    pub(super) fn hear(&mut self, text: &str) {
        match self.listening {
            Some((Interest::Headline, _)) => {
                if let Some(headline) = self.headlines.last_mut() {
                    headline.push_str(text);
                }
            }
            Some((Interest::Byline, _)) => self.byline.get_or_insert_default().push_str(text),
            None => {}
        }
    }
}

/// Whether a link leads to the first page of a site.
fn is_home(href: &str) -> bool {
    let path = href
        .trim()
        .split_once("://")
        .map_or(href.trim(), |(_, rest)| rest.split_once('/').map_or("/", |(_, path)| path));
    matches!(path, "" | "/" | "./" | "/index.html" | "index.html" | "/index.php" | "index.php")
        && !href.trim().is_empty()
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
