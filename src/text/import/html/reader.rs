//! Goes through a page's tokens and writes its blocks.

use super::element::{Role, ended_by, is_scope, is_void};
use super::head::Head;
use super::outline::Outline;
use super::overheard::Overheard;
use super::stack::{Effect, Holder, List, Open, Place, Stack, Table};
use super::styles::{is_hidden, styled};
use super::token::{Tag, Token, Tokens};
use crate::text::address::{Href, SafeUrl};
use crate::text::document::{Cell, NESTING_MAX, Style};
use crate::text::import::ImportError;
use crate::text::import::draft::Draft;

/// Writes a page to a draft.
pub(super) struct Reader<'a, 'd> {
    draft: &'d mut Draft,
    page: Option<SafeUrl>,
    stack: Stack<'a>,
    head: Head,
    capture: Capture,
    tables: u16,
    overheard: Overheard,
}

/// What the next text token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Capture {
    Words,
    Title,
    LinkedData,
    Nothing,
}

impl<'a, 'd> Reader<'a, 'd> {
    pub(super) fn new(draft: &'d mut Draft, page: Option<&SafeUrl>) -> Self {
        Self {
            draft,
            page: page.cloned(),
            stack: Stack::default(),
            head: Head::default(),
            capture: Capture::Words,
            tables: 0,
            overheard: Overheard::default(),
        }
    }

    pub(super) fn read(&mut self, html: &'a str) {
        let mut tokens = Tokens::new(html);
        while let Some(token) = tokens.next() {
            if self.draft.has_failed() {
                return;
            }
            match token {
                Token::Text(text) => self.text(&text),
                Token::Start(tag) => self.start(&tag, &mut tokens),
                Token::End(name) => self.end_tag(&name),
            }
        }
    }

    /// Ends what is still open.
    pub(super) fn end(mut self) -> (Outline, Head, Overheard) {
        self.stack.truncate(0, self.draft);
        self.draft.end_block();
        self.stack.outline.end(self.draft.len());
        (self.stack.outline, self.head, self.overheard)
    }

    fn text(&mut self, text: &str) {
        match std::mem::replace(&mut self.capture, Capture::Words) {
            Capture::Title => self.head.title(text),
            Capture::LinkedData => self.head.linked_data(text),
            Capture::Nothing => {}
            Capture::Words if self.stack.hidden > 0 => {}
            Capture::Words => {
                self.overheard.hear(text);
                let stack = &mut self.stack;
                self.draft.write(text, || stack.context());
            }
        }
    }

    fn start(&mut self, tag: &Tag<'a>, tokens: &mut Tokens<'a>) {
        self.capture = Capture::Words;
        let role = Role::of(&tag.name);
        self.make_room(&tag.name, role);
        self.overheard.settle(self.stack.open.len());
        match role {
            Role::Meta => self.head.meta(tag),
            Role::LinkElement => self.head.link(tag),
            Role::Time => self.head.time(tag, !self.overheard.headlines.is_empty()),
            Role::Html => self.head.language(tag.attribute("lang").as_deref()),
            Role::Base if self.page.is_none() => {
                self.page = tag.attribute("href").and_then(|href| SafeUrl::parse(&href).ok());
            }
            Role::Break if self.stack.hidden == 0 => {
                self.overheard.hear(" ");
                self.draft.break_line();
            }
            Role::Image if self.stack.hidden == 0 && !is_hidden(tag) => self.image(tag),
            Role::Title | Role::Script | Role::HiddenRaw if self.stack.foreign == 0 => {
                self.capture = match role {
                    Role::Title => Capture::Title,
                    Role::Script if is_linked_data(tag) => Capture::LinkedData,
                    _ => Capture::Nothing,
                };
                tokens.read_raw(tag.name.clone());
                return;
            }
            _ => {}
        }
        if is_void(&tag.name) || (tag.closes_itself && self.stack.foreign > 0) {
            return;
        }
        let is_shown_style = !role.is_block() && !is_hidden(tag);
        if self.stack.open.len() >= NESTING_MAX {
            if !is_shown_style {
                self.draft.fail(ImportError::TooDeep);
            }
            return;
        }
        let effect = self.effect(tag, role);
        if self.stack.hidden == 0 {
            self.overheard.start(tag, role, self.stack.open.len());
        }
        self.stack.open.push(Open { name: tag.name.clone(), is_block: role.is_block(), effect });
        if role == Role::RawPreformatted {
            tokens.read_raw(tag.name.clone());
        }
    }

    /// Ends what the tag that comes cannot stand in.
    fn make_room(&mut self, name: &str, role: Role) {
        if self.stack.foreign > 0 {
            let is_svg = |open: &str| matches!(open, "svg" | "math");
            let breaks_out = role.is_block() || matches!(role, Role::Image | Role::Break | Role::Styled(_));
            if breaks_out && let Some(svg) = self.stack.find(is_svg, |open| open == "foreignobject") {
                self.stack.truncate(svg, self.draft);
            }
        }
        if role.is_block() {
            if let Some(paragraph) =
                self.stack.find(|open| open == "p", |open| is_scope(open) || open == "button")
            {
                self.stack.truncate(paragraph, self.draft);
            }
            self.draft.end_block();
        }
        if let Some((ended, until)) = ended_by(name)
            && let Some(index) = self.stack.find(|open| ended.contains(&open), |open| until.contains(&open))
        {
            if role.is_block() {
                self.stack.truncate(index, self.draft);
            } else {
                self.stack.end(name, self.draft);
            }
        }
    }

    fn effect(&mut self, tag: &Tag<'_>, role: Role) -> Effect {
        let mut effect = Effect { hidden: is_hidden(tag), ..Effect::default() };
        match role {
            Role::Hidden if tag.name == "dialog" && tag.attribute("open").is_some() => {}
            Role::Hidden => effect.hidden = true,
            _ => {}
        }
        if role.is_block() {
            effect.part = Some(self.stack.outline.open(tag, self.draft.len()));
        }
        effect.foreign = matches!(&*tag.name, "svg" | "math");
        self.stack.hidden += u32::from(effect.hidden);
        self.stack.foreign += u32::from(effect.foreign);
        match role {
            Role::Quote => {
                effect.holder = Holder::Quote;
                self.stack.quote += 1;
            }
            Role::List { ordered } => {
                effect.holder = Holder::List;
                let start = tag.attribute("start").and_then(|start| start.trim().parse().ok());
                self.stack.lists.push(List { next: ordered.then(|| start.unwrap_or(1)) });
                self.stack.places.push(Place::Flow);
            }
            Role::Table => {
                effect.holder = Holder::Table;
                self.tables = self.tables.saturating_add(1);
                self.stack.tables.push(Table { number: self.tables - 1, row: None, column: None });
                self.stack.places.push(Place::Flow);
            }
            Role::InlineQuote if self.stack.hidden == 0 => {
                effect.holder = Holder::QuotationMarks;
                let context = self.stack.context_if_needed(self.draft);
                self.draft.write("“", || context);
            }
            _ => {
                if let Some(place) = self.place(tag, role) {
                    effect.holder = Holder::Place;
                    self.stack.places.push(place);
                }
            }
        }
        if !role.is_block() {
            effect.styles = self.styles(tag, role);
        }
        effect
    }

    fn place(&mut self, tag: &Tag<'_>, role: Role) -> Option<Place> {
        Some(match role {
            Role::Heading(level) => Place::Heading(level),
            Role::Item => {
                let depth = u8::try_from(self.stack.lists.len().saturating_sub(1)).unwrap_or(u8::MAX);
                let number = self.stack.lists.last_mut().and_then(|list| {
                    let value = tag.attribute("value").and_then(|value| value.trim().parse().ok());
                    let number = list.next.map(|next| value.unwrap_or(next));
                    list.next = number.map(|number| number.saturating_add(1));
                    number
                });
                Place::Item { depth, number, begun: false }
            }
            Role::Row => {
                if let Some(table) = self.stack.tables.last_mut() {
                    table.row = Some(table.row.map_or(0, |row| row.saturating_add(1)));
                    table.column = None;
                }
                return None;
            }
            Role::Cell { header } => {
                let Some(table) = self.stack.tables.last_mut() else {
                    return Some(Place::Flow);
                };
                let row = *table.row.get_or_insert(0);
                let column = table.column.map_or(0, |column| column.saturating_add(1));
                table.column = Some(column);
                Place::Cell(Cell { table: table.number, row, column, header })
            }
            Role::Caption => Place::Caption,
            Role::Preformatted | Role::RawPreformatted => Place::Preformatted,
            _ => return None,
        })
    }

    /// Starts the styles that an element gives its words: by its name, or as office programs say it, by its `style`.
    fn styles(&mut self, tag: &Tag<'_>, role: Role) -> u8 {
        let mut asked = 0;
        if let Role::Styled(order) = role {
            asked |= 1 << order;
        }
        if tag.has_attributes()
            && let Some(style) = tag.attribute("style")
        {
            asked = styled(asked, &style.to_ascii_lowercase());
        }
        for style in
            [Style::Strong, Style::Emphasis, Style::Struck, Style::Superscript, Style::Subscript, Style::Code]
        {
            if asked & (1 << style.order()) != 0 {
                self.draft.start_style(&style);
            }
        }
        if role == Role::Link
            && let Some(href) = tag.attribute("href")
            && let Some(href) = Href::parse(&href, self.page.as_ref().or(self.head.own_address()))
        {
            asked |= u8::from(self.draft.start_link(href)) << Style::LINK;
        }
        asked
    }

    fn image(&mut self, tag: &Tag<'_>) {
        let Some(description) = tag.attribute("alt") else {
            return;
        };
        let page = self.page.as_ref().or(self.head.own_address());
        let source = tag.attribute("src").and_then(|source| match page {
            Some(page) => page.join(&source),
            None => SafeUrl::parse(&source).ok().filter(|_| source.trim_start().starts_with("http")),
        });
        let stack = &mut self.stack;
        self.draft.image(&description, source, stack.quote, || stack.context());
    }

    fn end_tag(&mut self, name: &str) {
        self.capture = Capture::Words;
        if name == "br" && self.stack.hidden == 0 {
            self.draft.break_line();
        }
        self.stack.end(name, self.draft);
        self.overheard.settle(self.stack.open.len());
    }
}

fn is_linked_data(tag: &Tag<'_>) -> bool {
    tag.attribute("type").is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/ld+json"))
}
