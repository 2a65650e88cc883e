//! Markdown to blocks.

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use pulldown_cmark::{CodeBlockKind, Event, HeadingLevel, Options, Parser, Tag, TagEnd};

use super::draft::{Context, Draft};
use super::html::write_fragment;
use super::{Found, ImportError, Imported, MARKUP_BYTES_MAX, language_tag, line, line_feeds};
use crate::text::address::{Href, SafeUrl};
use crate::text::dates::PartialDate;
use crate::text::document::{Cell, Kind, ListItem, NESTING_MAX, Style, TABLE_COLUMNS_MAX};

/// Imports `CommonMark` with tables, struck text and a YAML head (`title`, `author`, `date`, `lang`).
///
/// # Errors
/// [`ImportError`] when there is no text or one of the limits is passed.
pub fn from_markdown(markdown: &str) -> Result<Imported, ImportError> {
    if markdown.len() > MARKUP_BYTES_MAX {
        return Err(ImportError::TooMuchMarkup);
    }
    let options =
        Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_YAML_STYLE_METADATA_BLOCKS;
    let mut reader = Reader::default();
    for event in Parser::new_ext(&line_feeds(markdown), options) {
        reader.read(event);
        if reader.draft.has_failed() {
            break;
        }
    }
    let document = reader.draft.finish(reader.found.language.clone())?;
    Ok(Imported { document, found: reader.found, surroundings: BTreeSet::new() })
}

#[derive(Default)]
struct Reader {
    draft: Draft,
    found: Found,
    depth: usize,
    quote: u8,
    heading: Option<u8>,
    headline: Option<String>,
    code: bool,
    /// The next number of each open list, from the outside in.
    lists: Vec<Option<u64>>,
    items: Vec<Item>,
    table: Option<Cell>,
    tables: u16,
    /// What is collected instead of being written: a picture's description, a piece of HTML, the YAML head.
    aside: Option<String>,
}

struct Item {
    number: Option<u32>,
    begun: bool,
}

impl Reader {
    fn read(&mut self, event: Event<'_>) {
        match event {
            Event::Start(tag) => {
                self.depth += 1;
                if self.depth > NESTING_MAX {
                    self.draft.fail(ImportError::TooDeep);
                } else {
                    self.start(tag);
                }
            }
            Event::End(tag) => {
                self.depth -= 1;
                self.end(tag);
            }
            Event::Code(code) => {
                self.draft.start_style(&Style::Code);
                self.words(&code);
                self.draft.end_style(Style::Code.order());
            }
            Event::InlineHtml(html) => self.inline_html(&html),
            Event::HardBreak if self.aside.is_none() => self.draft.break_line(),
            Event::SoftBreak | Event::HardBreak => self.words(" "),
            Event::Rule => self.draft.end_block(),
            Event::Text(text)
            | Event::Html(text)
            | Event::InlineMath(text)
            | Event::DisplayMath(text)
            | Event::FootnoteReference(text) => self.words(&text),
            Event::TaskListMarker(_) => {}
        }
    }

    fn words(&mut self, text: &str) {
        if let Some(aside) = &mut self.aside {
            aside.push_str(text);
            return;
        }
        if self.heading == Some(1)
            && let Some(headline) = &mut self.headline
        {
            headline.push_str(text);
        }
        let context = if self.draft.is_open() { Context::PARAGRAPH } else { self.context(text) };
        self.draft.write(text, || context);
    }

    /// What a block is that begins with these words.
    fn context(&mut self, words: &str) -> Context {
        let depth = u8::try_from(self.items.len().saturating_sub(1)).unwrap_or(u8::MAX);
        let kind = if let Some(level) = self.heading {
            Kind::Heading(level)
        } else if self.code {
            Kind::Preformatted
        } else if let Some(cell) = self.table.filter(|cell| cell.column < TABLE_COLUMNS_MAX) {
            Kind::Cell(cell)
        } else if let Some(item) = self.items.last_mut() {
            let continues = item.begun;
            item.begun |= !words.trim().is_empty();
            Kind::ListItem(ListItem { depth, number: item.number, continues })
        } else {
            Kind::Paragraph
        };
        Context { kind, quote: self.quote }
    }

    /// A tag inside a line: only a line break means something, its words are read anyway.
    fn inline_html(&mut self, html: &str) {
        let name = html.trim_start_matches(['<', '/']).split(|c: char| !c.is_ascii_alphanumeric()).next();
        if name.is_some_and(|name| name.eq_ignore_ascii_case("br")) && self.aside.is_none() {
            self.draft.break_line();
        }
    }

    fn start(&mut self, tag: Tag<'_>) {
        match tag {
            Tag::Paragraph | Tag::TableHead | Tag::TableRow => self.draft.end_block(),
            Tag::Heading { level, .. } => {
                self.draft.end_block();
                self.heading = Some(level_number(level));
                if level == HeadingLevel::H1 && self.headline.is_none() {
                    self.headline = Some(String::new());
                }
            }
            Tag::BlockQuote(_) => {
                self.draft.end_block();
                self.quote += 1;
            }
            Tag::CodeBlock(kind) => {
                self.draft.end_block();
                self.code = matches!(kind, CodeBlockKind::Indented | CodeBlockKind::Fenced(_));
            }
            Tag::HtmlBlock | Tag::MetadataBlock(_) => {
                self.draft.end_block();
                self.aside = Some(String::new());
            }
            Tag::List(start) => {
                self.draft.end_block();
                self.lists.push(start);
            }
            Tag::Item => {
                self.draft.end_block();
                let next = self.lists.last_mut().and_then(Option::as_mut);
                let number = next.map(|next| {
                    let number = u32::try_from(*next).unwrap_or(u32::MAX);
                    *next = next.saturating_add(1);
                    number
                });
                self.items.push(Item { number, begun: false });
            }
            Tag::Table(_) => {
                self.draft.end_block();
                self.table = Some(Cell { table: self.tables, row: 0, column: 0, header: true });
                self.tables = self.tables.saturating_add(1);
            }
            Tag::Emphasis => self.draft.start_style(&Style::Emphasis),
            Tag::Strong => self.draft.start_style(&Style::Strong),
            Tag::Strikethrough => self.draft.start_style(&Style::Struck),
            Tag::Superscript => self.draft.start_style(&Style::Superscript),
            Tag::Subscript => self.draft.start_style(&Style::Subscript),
            Tag::Link { dest_url, .. } => self.start_link(&dest_url),
            Tag::Image { dest_url, .. } => {
                // The address stands before the description, which is collected until the image ends.
                self.aside = Some(format!("{dest_url}\n"));
            }
            Tag::TableCell
            | Tag::FootnoteDefinition(_)
            | Tag::DefinitionList
            | Tag::DefinitionListTitle
            | Tag::DefinitionListDefinition => {}
        }
    }

    fn start_link(&mut self, target: &str) {
        if let Some(href) = Href::parse(target, None) {
            self.draft.start_link(href);
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Heading(_) => {
                self.draft.end_block();
                self.heading = None;
                // Only the first title counts: a later one finds it closed.
                if let Some(headline) = self.headline.take() {
                    self.found.title.get_or_insert(headline);
                    self.found.title = self.found.title.take().as_deref().and_then(line);
                }
            }
            TagEnd::BlockQuote(_) => {
                self.draft.end_block();
                self.quote -= 1;
            }
            TagEnd::CodeBlock => {
                self.draft.end_block();
                self.code = false;
            }
            TagEnd::HtmlBlock => {
                let html = self.aside.take().unwrap_or_default();
                write_fragment(&html, &mut self.draft);
            }
            TagEnd::MetadataBlock(_) => {
                let yaml = self.aside.take().unwrap_or_default();
                read_head(&yaml, &mut self.found);
            }
            TagEnd::List(_) => {
                self.draft.end_block();
                self.lists.pop();
            }
            TagEnd::Item => {
                self.draft.end_block();
                self.items.pop();
            }
            TagEnd::Table => {
                self.draft.end_block();
                self.table = None;
            }
            TagEnd::TableHead | TagEnd::TableRow => {
                self.draft.end_block();
                if let Some(cell) = &mut self.table {
                    *cell = Cell { row: cell.row.saturating_add(1), column: 0, header: false, ..*cell };
                }
            }
            TagEnd::TableCell => {
                self.draft.end_block();
                if let Some(cell) = &mut self.table {
                    cell.column = cell.column.saturating_add(1);
                }
            }
            TagEnd::Paragraph => self.draft.end_block(),
            TagEnd::Emphasis => self.draft.end_style(Style::Emphasis.order()),
            TagEnd::Strong => self.draft.end_style(Style::Strong.order()),
            TagEnd::Strikethrough => self.draft.end_style(Style::Struck.order()),
            TagEnd::Superscript => self.draft.end_style(Style::Superscript.order()),
            TagEnd::Subscript => self.draft.end_style(Style::Subscript.order()),
            TagEnd::Link => self.draft.end_style(Style::LINK),
            TagEnd::Image => self.end_image(),
            TagEnd::FootnoteDefinition
            | TagEnd::DefinitionList
            | TagEnd::DefinitionListTitle
            | TagEnd::DefinitionListDefinition => {}
        }
    }

    fn end_image(&mut self) {
        let Some(image) = self.aside.take() else {
            return;
        };
        let (source, description) = image.split_once('\n').unwrap_or(("", &image));
        let source = source.starts_with("http").then(|| SafeUrl::parse(source).ok()).flatten();
        let context = if self.draft.is_open() {
            Context::PARAGRAPH
        } else {
            Context { quote: self.quote, ..Context::PARAGRAPH }
        };
        self.draft.image(description, source, self.quote, || context);
    }
}

const fn level_number(level: HeadingLevel) -> u8 {
    match level {
        HeadingLevel::H1 => 1,
        HeadingLevel::H2 => 2,
        HeadingLevel::H3 => 3,
        HeadingLevel::H4 => 4,
        HeadingLevel::H5 => 5,
        HeadingLevel::H6 => 6,
    }
}

/// Reads the simple lines of a YAML head; anything else in it is left alone.
fn read_head(yaml: &str, found: &mut Found) {
    for (key, value) in yaml.lines().filter_map(|line| line.split_once(':')) {
        let value = value.trim().trim_matches(['"', '\'']);
        match key.trim() {
            "title" => found.title = line(value),
            "author" => found.author = line(value),
            "date" => found.published = PartialDate::of_timestamp(value),
            "lang" | "language" => found.language = language_tag(value),
            _ => {}
        }
    }
}
