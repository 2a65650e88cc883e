//! The block that is being written.

use super::Context;
use crate::text::address::Href;
use crate::text::document::{Kind, Span, Style};

/// A block that is being written; offsets count from its own start.
#[derive(Debug)]
pub(super) struct Open {
    pub(super) context: Context,
    /// The page on which it begins.
    pub(super) page: Option<u32>,
    pub(super) text: String,
    pub(super) length: u32,
    /// Spaces were read that only count if words follow.
    pub(super) gap: bool,
    /// Some style is asked for that has not started.
    pub(super) starting: bool,
    pub(super) started: [Option<u32>; Style::COUNT],
    pub(super) spans: Vec<Span>,
}

impl Open {
    pub(super) const fn preserves(&self) -> bool {
        matches!(self.context.kind, Kind::Preformatted)
    }

    pub(super) fn push(&mut self, character: char) {
        self.text.push(character);
        self.length += 1;
    }

    pub(super) fn end_style(&mut self, style: Style) {
        if let Some(start) = self.started[style.order()].take()
            && start < self.length
        {
            self.spans.push(Span { style, start, end: self.length });
        }
    }
}

pub(super) fn style(order: usize, link: Option<&Href>) -> Style {
    match order {
        Style::LINK => Style::Link(link.cloned().expect("a link has started")),
        1 => Style::Strong,
        2 => Style::Emphasis,
        3 => Style::Struck,
        4 => Style::Superscript,
        5 => Style::Subscript,
        _ => Style::Code,
    }
}
