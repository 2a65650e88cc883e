//! RSS 1 and 2, Atom, and sitemaps. The reader knows no entities but those of XML itself, so that none can expand, and
//! reads no other document whatever this one says.

use std::borrow::Cow;
use std::cmp::Reverse;

use quick_xml::XmlVersion;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesStart, Event};
use quick_xml::reader::Reader;
use time::OffsetDateTime;

use super::read::Read;
use super::{Contents, ITEMS_MAX, Item, dates};
use crate::articles::incoming::label;
use crate::text::address::SafeUrl;

/// How deep elements may stand in each other.
const DEPTH_MAX: usize = 100;
/// How much text of one element is read, in bytes.
const TEXT_MAX: usize = 8_192;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Rss,
    Atom,
    Urls,
    Index,
}

/// What the text of an element is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Field {
    FeedTitle,
    Title,
    Address,
    /// An address, if there is no better one.
    Guid,
    At,
    /// A moment, if there is no better one.
    Changed,
}

#[derive(Debug, Default)]
struct Draft {
    address: Option<String>,
    guid: Option<String>,
    title: Option<String>,
    at: Option<OffsetDateTime>,
    changed: Option<OffsetDateTime>,
}

/// An element that is open: its prefix and its name.
type Name = (String, String);

struct Feed<'a> {
    base: Cow<'a, SafeUrl>,
    kind: Option<Kind>,
    open: Vec<Name>,
    title: Option<String>,
    items: Vec<Item>,
    draft: Option<(usize, Draft)>,
    field: Option<(usize, Field)>,
    text: String,
}

/// Reads a feed or sitemap, up to where it is broken; `None` when it is something else.
pub(super) fn read(text: &str, address: &SafeUrl) -> Option<Read> {
    let mut reader = Reader::from_str(text);
    let config = reader.config_mut();
    config.expand_empty_elements = true;
    config.allow_dangling_amp = true;
    let mut feed = Feed {
        base: Cow::Borrowed(address),
        kind: None,
        open: Vec::new(),
        title: None,
        items: Vec::new(),
        draft: None,
        field: None,
        text: String::new(),
    };
    while feed.items.len() < ITEMS_MAX {
        match reader.read_event() {
            Ok(Event::Start(element)) => feed.begin(&element)?,
            Ok(Event::End(_)) => feed.end(),
            Ok(Event::Text(text)) => feed.add(&text.xml10_content()),
            Ok(Event::CData(text)) => feed.add(&text.xml10_content()),
            Ok(Event::GeneralRef(entity)) => match entity.resolve_char_ref() {
                Ok(Some(character)) => feed.add(character.encode_utf8(&mut [0; 4])),
                _ => feed.add(resolve_predefined_entity(&entity.xml10_content()).unwrap_or_default()),
            },
            Ok(Event::Eof) | Err(_) => break,
            Ok(_) => {}
        }
    }
    match feed.kind? {
        Kind::Index => {
            let mut parts = feed.items;
            parts.sort_by_key(|part| Reverse(part.at));
            Some(Read::Parts(parts.into_iter().map(|part| part.address).collect()))
        }
        _ => Some(Read::Contents(Contents { title: feed.title, items: feed.items })),
    }
}

impl Feed<'_> {
    /// `None` when this is no feed, or goes too deep.
    fn begin(&mut self, element: &BytesStart<'_>) -> Option<()> {
        let name = element.name();
        let prefix = name.prefix().map(|prefix| prefix.as_ref().to_owned()).unwrap_or_default();
        self.open.push((prefix, name.local_name().as_ref().to_owned()));
        let depth = self.open.len();
        if depth > DEPTH_MAX {
            return None;
        }
        let Some(kind) = self.kind else {
            self.kind = Some(kind_of(&self.open.last()?.1)?);
            if let Some(base) = attribute(element, "xml:base").and_then(|base| self.base.join(&base)) {
                self.base = Cow::Owned(base);
            }
            return Some(());
        };
        if self.field.is_some() {
            return Some(());
        }
        let (prefix, name) = self.open.last()?;
        let is_own = prefix.is_empty() || *prefix == self.open.first()?.0;
        if let Some((begun, draft)) = &mut self.draft {
            let is_child = depth == *begun + 1;
            let field = match (kind, name.as_str()) {
                (Kind::Atom, "link") if is_own && is_child => {
                    let rel = attribute(element, "rel");
                    if rel.is_none_or(|rel| rel == "alternate") && draft.address.is_none() {
                        draft.address = attribute(element, "href");
                    }
                    return Some(());
                }
                (Kind::Rss, "guid") if attribute(element, "isPermaLink").as_deref() == Some("false") => {
                    return Some(());
                }
                (kind, name) if is_own && is_child => own_field(kind, name),
                (kind, name) => foreign_field(kind, prefix, name),
            };
            let Some(field) = field else { return Some(()) };
            self.field = Some((depth, field));
            self.text.clear();
            return Some(());
        }
        let item = match kind {
            Kind::Rss => "item",
            Kind::Atom => "entry",
            Kind::Urls => "url",
            Kind::Index => "sitemap",
        };
        let parent = self.open.get(depth - 2).map(|(_, name)| name.as_str());
        if is_own && name == item {
            self.draft = Some((depth, Draft::default()));
        } else if is_own && name == "title" && matches!(parent, Some("channel" | "feed")) {
            self.field = Some((depth, Field::FeedTitle));
            self.text.clear();
        }
        Some(())
    }

    fn add(&mut self, text: &str) {
        if self.field.is_some() && self.text.len() + text.len() <= TEXT_MAX {
            self.text.push_str(text);
        }
    }

    fn end(&mut self) {
        let depth = self.open.len();
        if let Some((_, field)) = self.field.take_if(|(begun, _)| *begun == depth) {
            let text = std::mem::take(&mut self.text);
            match (field, &mut self.draft) {
                (Field::FeedTitle, _) => self.title = self.title.take().or_else(|| words(&text)),
                (_, None) => {}
                (Field::Title, Some((_, draft))) => draft.title = words(&text),
                (Field::Address, Some((_, draft))) => draft.address = Some(text),
                (Field::Guid, Some((_, draft))) => draft.guid = Some(text),
                (Field::At, Some((_, draft))) => draft.at = dates::read(&text),
                (Field::Changed, Some((_, draft))) => draft.changed = dates::read(&text),
            }
        }
        if let Some((_, draft)) = self.draft.take_if(|(begun, _)| *begun == depth) {
            let address = draft.address.filter(|address| !address.trim().is_empty()).or(draft.guid);
            if let Some(address) = address.and_then(|address| self.base.join(&address)) {
                self.items.push(Item { address, title: draft.title, at: draft.at.or(draft.changed) });
            }
        }
        self.open.pop();
    }
}

fn kind_of(root: &str) -> Option<Kind> {
    match root {
        "rss" | "RDF" => Some(Kind::Rss),
        "feed" => Some(Kind::Atom),
        "urlset" => Some(Kind::Urls),
        "sitemapindex" => Some(Kind::Index),
        _ => None,
    }
}

/// What the text of an item's element is.
fn own_field(kind: Kind, name: &str) -> Option<Field> {
    Some(match (kind, name) {
        (Kind::Rss | Kind::Atom, "title") => Field::Title,
        (Kind::Rss, "link") | (Kind::Urls | Kind::Index, "loc") => Field::Address,
        (Kind::Rss, "guid") => Field::Guid,
        (Kind::Rss, "pubDate") | (Kind::Atom, "published") => Field::At,
        (Kind::Atom, "updated") | (Kind::Urls | Kind::Index, "lastmod") => Field::Changed,
        _ => return None,
    })
}

/// The same for elements of other vocabularies, which may stand deeper.
fn foreign_field(kind: Kind, prefix: &str, name: &str) -> Option<Field> {
    match (kind, prefix, name) {
        (Kind::Rss, "dc", "date") | (Kind::Urls, "news", "publication_date") => Some(Field::At),
        (Kind::Urls, "news", "title") => Some(Field::Title),
        _ => None,
    }
}

fn attribute(element: &BytesStart<'_>, name: &str) -> Option<String> {
    // Looking for those that stand twice takes longer than reading them.
    let found =
        element.attributes().with_checks(false).flatten().find(|attribute| attribute.key.as_ref() == name)?;
    found.normalized_value(XmlVersion::Implicit1_0).ok().map(Cow::into_owned)
}

/// The words of a title, which may have markup; `None` when there are none.
pub(super) fn words(text: &str) -> Option<String> {
    let mut words = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, tag)) = rest.split_once('<') {
        words.push_str(before);
        let is_tag = tag.starts_with(|first: char| first.is_ascii_alphabetic() || first == '/');
        match tag.split_once('>') {
            Some((_, after)) if is_tag => rest = after,
            _ => {
                words.push('<');
                rest = tag;
            }
        }
    }
    words.push_str(rest);
    (!words.trim().is_empty()).then(|| label(&words))
}
