//! The closed list of what a block can be and what its words can look like.

use serde::{Deserialize, Serialize};

use super::{Malformed, NESTING_MAX, TABLE_COLUMNS_MAX};
use crate::text::address::{Href, SafeUrl};
use crate::text::offsets::Extent;

/// One paragraph-like piece of a document, by code points of the document's text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Block {
    pub kind: Kind,
    /// How many quotations (HTML's `blockquote`) it stands in.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub quote: u8,
    /// The page of the source on which it begins, counted from 1, where the source has pages.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<u32>,
    pub start: u32,
    pub end: u32,
    /// Ordered by start; spans of one style do not overlap.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub spans: Vec<Span>,
    /// The block's sentences in order; together they hold all its words.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sentences: Vec<Extent>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it with a reference")]
const fn is_zero(depth: &u8) -> bool {
    *depth == 0
}

/// What a block is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    Paragraph,
    /// Level 1 to 6.
    Heading(u8),
    ListItem(ListItem),
    Cell(Cell),
    /// Spaces and line breaks count.
    Preformatted,
    /// The words under a picture or a table.
    Caption,
    /// A picture: the text is its description, the address is only printed as a link.
    Image(Option<SafeUrl>),
}

/// A paragraph of an item in a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListItem {
    /// 0 for a list that stands in no other list.
    pub depth: u8,
    /// The item's number in an ordered list.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<u32>,
    /// Another paragraph of the item before it.
    #[serde(default, skip_serializing_if = "is_false")]
    pub continues: bool,
}

/// A paragraph of a cell in a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cell {
    /// Which table of the document.
    pub table: u16,
    pub row: u16,
    pub column: u16,
    #[serde(default, skip_serializing_if = "is_false")]
    pub header: bool,
}

impl Cell {
    /// Whether two paragraphs stand in the same cell.
    #[must_use]
    pub const fn is_with(self, other: Self) -> bool {
        self.table == other.table && self.row == other.row && self.column == other.column
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it with a reference")]
const fn is_false(flag: &bool) -> bool {
    !*flag
}

/// Words of a block that look different.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Span {
    pub style: Style,
    pub start: u32,
    pub end: u32,
}

/// How words can look or where they lead.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Style {
    Link(Href),
    Strong,
    Emphasis,
    /// Crossed out: the source takes these words back.
    Struck,
    Superscript,
    Subscript,
    Code,
}

impl Style {
    /// The place of links.
    pub const LINK: usize = 0;

    /// How many styles there are.
    pub const COUNT: usize = 7;

    /// The place of a style when several meet: 0 is outermost.
    #[must_use]
    pub const fn order(&self) -> usize {
        match self {
            Self::Link(_) => Self::LINK,
            Self::Strong => 1,
            Self::Emphasis => 2,
            Self::Struck => 3,
            Self::Superscript => 4,
            Self::Subscript => 5,
            Self::Code => 6,
        }
    }
}

impl Block {
    /// A block without spans, sentences and quotation.
    #[must_use]
    pub const fn new(kind: Kind, extent: Extent) -> Self {
        Self {
            kind,
            quote: 0,
            page: None,
            start: extent.start,
            end: extent.end,
            spans: Vec::new(),
            sentences: Vec::new(),
        }
    }

    #[must_use]
    pub const fn extent(&self) -> Extent {
        Extent::new(self.start, self.end)
    }

    pub(super) fn check(&self, index: usize) -> Result<(), Malformed> {
        let fits = match &self.kind {
            Kind::Heading(level) => (1..=6).contains(level),
            Kind::ListItem(item) => usize::from(item.depth) < NESTING_MAX,
            Kind::Cell(cell) => cell.column < TABLE_COLUMNS_MAX,
            Kind::Paragraph | Kind::Preformatted | Kind::Caption | Kind::Image(_) => true,
        };
        if !fits || usize::from(self.quote) > NESTING_MAX {
            return Err(Malformed::Kind(index));
        }
        let mut ends = [self.start; Style::COUNT];
        let mut last_start = self.start;
        for span in &self.spans {
            let end = &mut ends[span.style.order()];
            let fits = last_start <= span.start
                && *end <= span.start
                && span.start < span.end
                && span.end <= self.end;
            if !fits {
                return Err(Malformed::Spans(index));
            }
            last_start = span.start;
            *end = span.end;
        }
        let mut end = self.start;
        for sentence in &self.sentences {
            if sentence.start < end || sentence.is_empty() || sentence.end > self.end {
                return Err(Malformed::Sentences(index));
            }
            end = sentence.end;
        }
        Ok(())
    }
}
