//! The open elements and what each of them takes back when it ends.

use std::borrow::Cow;

use super::element::is_scope;
use super::outline::Outline;
use crate::text::document::{Cell, Kind, ListItem, TABLE_COLUMNS_MAX};
use crate::text::import::draft::{Context, Draft};

/// One open element.
#[derive(Debug)]
pub(super) struct Open<'a> {
    pub(super) name: Cow<'a, str>,
    pub(super) is_block: bool,
    pub(super) effect: Effect,
}

/// What ends together with an element.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Effect {
    /// One bit for each style, by [`Style::order`](crate::text::document::Style::order).
    pub(super) styles: u8,
    pub(super) hidden: bool,
    /// SVG or `MathML`.
    pub(super) foreign: bool,
    pub(super) holder: Holder,
    /// Its place in the outline.
    pub(super) part: Option<u32>,
}

/// What an element holds its words in.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) enum Holder {
    #[default]
    Nothing,
    Quote,
    List,
    Table,
    Place,
    QuotationMarks,
}

/// Where words stand: the innermost element that decides what their block is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Place {
    Flow,
    Heading(u8),
    Item { depth: u8, number: Option<u32>, begun: bool },
    Cell(Cell),
    Caption,
    Preformatted,
}

/// A list and the number of its next item.
#[derive(Debug)]
pub(super) struct List {
    pub(super) next: Option<u32>,
}

/// A table and the cell that was read last.
#[derive(Debug)]
pub(super) struct Table {
    pub(super) number: u16,
    pub(super) row: Option<u16>,
    pub(super) column: Option<u16>,
}

/// Everything that is open at one point of a page.
#[derive(Debug, Default)]
pub(super) struct Stack<'a> {
    pub(super) open: Vec<Open<'a>>,
    pub(super) hidden: u32,
    pub(super) foreign: u32,
    pub(super) quote: u8,
    pub(super) lists: Vec<List>,
    pub(super) places: Vec<Place>,
    pub(super) tables: Vec<Table>,
    pub(super) outline: Outline,
}

impl Stack<'_> {
    /// What a block that begins here is.
    pub(super) fn context(&mut self) -> Context {
        let kind = match self.places.last_mut() {
            Some(Place::Cell(cell)) if cell.column < TABLE_COLUMNS_MAX => Kind::Cell(*cell),
            None | Some(Place::Flow | Place::Cell(_)) => Kind::Paragraph,
            Some(Place::Heading(level)) => Kind::Heading(*level),
            Some(Place::Item { depth, number, begun }) => {
                let continues = std::mem::replace(begun, true);
                Kind::ListItem(ListItem { depth: *depth, number: *number, continues })
            }
            Some(Place::Caption) => Kind::Caption,
            Some(Place::Preformatted) => Kind::Preformatted,
        };
        Context { kind, quote: self.quote }
    }

    /// The place of an open element, looked for from the inside out, not past one that `stops`.
    pub(super) fn find(
        &self,
        is_wanted: impl Fn(&str) -> bool,
        stops: impl Fn(&str) -> bool,
    ) -> Option<usize> {
        for (index, open) in self.open.iter().enumerate().rev() {
            if is_wanted(&open.name) {
                return Some(index);
            }
            if stops(&open.name) {
                return None;
            }
        }
        None
    }

    /// Ends an element by its end tag: a block with all that is open in it, a style alone.
    pub(super) fn end(&mut self, name: &str, draft: &mut Draft) {
        let is_wanted = |open: &str| open == name;
        let found = match name {
            "table" | "tbody" | "thead" | "tfoot" | "tr" | "td" | "th" | "caption" => {
                self.find(is_wanted, |open| open == "table" && name != "table")
            }
            "html" | "body" => None,
            _ => self.find(is_wanted, is_scope),
        };
        let Some(index) = found else { return };
        if self.open[index].is_block || self.open[index..].iter().all(|open| !open.is_block) {
            if self.open[index].is_block {
                self.truncate(index, draft);
            } else {
                // Misnested styles such as <b><i></b></i> end one by one.
                let open = self.open.remove(index);
                self.undo(open.effect, draft);
            }
        } else {
            // <b><p></b>…: the style ends here, the paragraph goes on.
            let effect = std::mem::take(&mut self.open[index].effect);
            self.undo(effect, draft);
        }
    }

    /// Ends all elements from one place inwards.
    pub(super) fn truncate(&mut self, length: usize, draft: &mut Draft) {
        while self.open.len() > length {
            let open = self.open.pop().expect("there are more than `length`");
            if open.is_block {
                draft.end_block();
            }
            self.undo(open.effect, draft);
        }
    }

    fn undo(&mut self, effect: Effect, draft: &mut Draft) {
        if effect.holder == Holder::QuotationMarks && self.hidden == 0 {
            let context = self.context_if_needed(draft);
            draft.write("”", || context);
        }
        for order in 0..8 {
            if effect.styles & (1 << order) != 0 {
                draft.end_style(order);
            }
        }
        self.hidden -= u32::from(effect.hidden);
        self.foreign -= u32::from(effect.foreign);
        match effect.holder {
            Holder::Nothing | Holder::QuotationMarks => {}
            Holder::Quote => self.quote -= 1,
            Holder::List => {
                self.lists.pop();
                self.places.pop();
            }
            Holder::Table => {
                self.tables.pop();
                self.places.pop();
            }
            Holder::Place => {
                self.places.pop();
            }
        }
        if let Some(part) = effect.part {
            self.outline.close(part, draft.len());
        }
    }

    /// The context, without counting a list item as begun when no block begins.
    pub(super) fn context_if_needed(&mut self, draft: &Draft) -> Context {
        if draft.is_open() { Context::PARAGRAPH } else { self.context() }
    }
}
