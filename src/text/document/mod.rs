//! A text as blocks and spans: all that is left of an article's markup.

pub mod bidi;
mod block;
mod leave_out;
pub(in crate::text) mod normal;

pub use block::{Block, Cell, Kind, ListItem, Span, Style};
pub use leave_out::leave_out;

use serde::{Deserialize, Serialize};
use unicode_normalization::is_nfc;

use super::direction::Direction;
use super::offsets::{self, Cursor, Extent, Offsets, code_points};

/// How much text one article may have: 2 MB, counted in bytes of UTF-8 after the import has taken the markup away.
/// That is some 300,000 English words, four times *War and Peace*'s longest volume.
pub const TEXT_BYTES_MAX: usize = 2_000_000;

/// How many blocks (paragraphs, headings, list items, table cells) one article may have.
pub const BLOCKS_MAX: usize = 20_000;

/// How deep elements, lists and quotes may nest in what is imported.
pub const NESTING_MAX: usize = 200;

/// How many spans (emphasis, links) one article keeps; words after that are plain. A book has a tenth of that.
pub const SPANS_MAX: usize = 50_000;

/// How long all addresses of an article's links and pictures may be together, in bytes; later ones lead nowhere.
pub const LINK_BYTES_MAX: usize = 4_000_000;

/// How many columns of a table are kept as a table; what stands further right becomes paragraphs.
pub const TABLE_COLUMNS_MAX: u16 = 100;

/// What stands between two blocks in a document's text.
pub const BLOCK_SEPARATOR: &str = "\n\n";

/// A document's structure without its text; what is stored as JSON beside the text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shape {
    /// A BCP 47 tag such as `uk` or `en-GB`, if the source says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// The direction of most letters.
    pub direction: Direction,
    pub blocks: Vec<Block>,
}

/// An immutable text with its structure.
///
/// The text is in normalisation form C, has LF line breaks and no other control characters. The blocks cover it in
/// order, with [`BLOCK_SEPARATOR`] between two; spans and sentences lie inside their blocks, and spans of one style do
/// not overlap. To hold a `Document` is to know all that.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Parts")]
pub struct Document {
    text: String,
    #[serde(flatten)]
    shape: Shape,
    #[serde(skip)]
    length: u32,
}

#[derive(Deserialize)]
struct Parts {
    text: String,
    #[serde(flatten)]
    shape: Shape,
}

/// What is wrong with a text and a shape that are not a document. For operators: an import never makes one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Malformed {
    #[error("the text is empty or longer than {TEXT_BYTES_MAX} bytes")]
    Size,
    #[error("the text is not in normalisation form C or has control characters")]
    Characters,
    #[error("there are no blocks or more than {BLOCKS_MAX}")]
    Blocks,
    #[error("block {0} does not follow on the one before it")]
    Gap(usize),
    #[error("block {0} has a level, depth or column that is out of bounds")]
    Kind(usize),
    #[error("block {0} has spans that are empty, out of order or outside it")]
    Spans(usize),
    #[error("block {0} has sentences that are empty, out of order or outside it")]
    Sentences(usize),
}

impl Document {
    /// Joins a text and its structure.
    ///
    /// # Errors
    /// [`Malformed`] when they do not fit each other.
    pub fn new(text: String, shape: Shape) -> Result<Self, Malformed> {
        if text.is_empty() || text.len() > TEXT_BYTES_MAX {
            return Err(Malformed::Size);
        }
        if text.chars().any(|character| character.is_control() && character != '\n') || !is_nfc(&text) {
            return Err(Malformed::Characters);
        }
        Self::stored(text, shape)
    }

    /// Joins a text and its structure that were a document before. The text is not looked through for normalisation
    /// again (the database keeps its hash); whether all ranges fit is checked, so nothing that is read can lead outside.
    ///
    /// # Errors
    /// [`Malformed`] when they do not fit each other.
    pub fn stored(text: String, shape: Shape) -> Result<Self, Malformed> {
        if shape.blocks.is_empty() || shape.blocks.len() > BLOCKS_MAX {
            return Err(Malformed::Blocks);
        }
        let length = code_points(&text);
        let mut cursor = Cursor::new(&text);
        let mut expected = 0;
        let mut previous_byte = 0;
        for (index, block) in shape.blocks.iter().enumerate() {
            let start = cursor.advance_to(block.start);
            let separated = index == 0 || &text[previous_byte..start] == BLOCK_SEPARATOR;
            if block.start != expected || block.start >= block.end || block.end > length || !separated {
                return Err(Malformed::Gap(index));
            }
            block.check(index)?;
            previous_byte = cursor.advance_to(block.end);
            expected = block.end + 2;
        }
        if previous_byte != text.len() {
            return Err(Malformed::Gap(shape.blocks.len()));
        }
        Ok(Self { text, shape, length })
    }

    /// The whole text, as it is hashed, searched and marked.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    #[must_use]
    pub const fn shape(&self) -> &Shape {
        &self.shape
    }

    #[must_use]
    pub fn blocks(&self) -> &[Block] {
        &self.shape.blocks
    }

    #[must_use]
    pub fn language(&self) -> Option<&str> {
        self.shape.language.as_deref()
    }

    #[must_use]
    pub const fn direction(&self) -> Direction {
        self.shape.direction
    }

    /// How many code points the text has.
    #[must_use]
    pub const fn length(&self) -> u32 {
        self.length
    }

    /// The words of a range; `None` when it is empty or ends past the text. For many ranges use [`Document::offsets`].
    #[must_use]
    pub fn slice(&self, extent: Extent) -> Option<&str> {
        offsets::slice(&self.text, extent)
    }

    #[must_use]
    pub fn offsets(&self) -> Offsets<'_> {
        Offsets::new(&self.text)
    }

    /// The block in which a code point lies; the one before it for a separator.
    #[must_use]
    pub fn block_at(&self, code_point: u32) -> usize {
        self.blocks().partition_point(|block| block.start <= code_point).saturating_sub(1)
    }

    /// Takes the document apart for storing.
    #[must_use]
    pub fn into_parts(self) -> (String, Shape) {
        (self.text, self.shape)
    }
}

impl TryFrom<Parts> for Document {
    type Error = Malformed;

    fn try_from(parts: Parts) -> Result<Self, Malformed> {
        Self::new(parts.text, parts.shape)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paragraph(start: u32, end: u32) -> Block {
        Block::new(Kind::Paragraph, Extent::new(start, end))
    }

    fn shape(blocks: Vec<Block>) -> Shape {
        Shape { language: None, direction: Direction::Ltr, blocks }
    }

    fn spans(styles: &[(Style, u32, u32)]) -> Shape {
        let mut block = paragraph(0, 5);
        block.spans = styles
            .iter()
            .map(|(style, start, end)| Span { style: style.clone(), start: *start, end: *end })
            .collect();
        shape(vec![block])
    }

    #[test]
    fn blocks_cover_the_text() {
        let text = || "né\n\n🌍 b".to_owned();
        let document = Document::new(text(), shape(vec![paragraph(0, 2), paragraph(4, 7)])).unwrap();
        assert_eq!(document.length(), 7);
        assert_eq!(document.slice(Extent::new(4, 5)), Some("🌍"));
        assert_eq!([0, 2, 3, 4, 99].map(|at| document.block_at(at)), [0, 0, 0, 1, 1]);
        for wrong in [
            vec![],
            vec![paragraph(0, 2)],
            vec![paragraph(0, 7)],
            vec![paragraph(0, 2), paragraph(4, 8)],
            vec![paragraph(0, 2), paragraph(3, 7)],
            vec![paragraph(0, 0), paragraph(2, 7)],
            vec![paragraph(0, 1), paragraph(3, 7)],
            vec![paragraph(4, 7), paragraph(0, 2)],
        ] {
            let whole = wrong == vec![paragraph(0, 7)];
            assert_eq!(Document::new(text(), shape(wrong)).is_ok(), whole);
        }
    }

    #[test]
    fn spans_lie_in_their_block_and_one_style_never_overlaps_itself() {
        let check = |styles: &[_]| Document::new("words".to_owned(), spans(styles));
        assert!(check(&[(Style::Strong, 0, 4), (Style::Emphasis, 2, 5)]).is_ok());
        assert!(check(&[(Style::Strong, 0, 2), (Style::Strong, 2, 5)]).is_ok());
        assert_eq!(check(&[(Style::Strong, 0, 4), (Style::Strong, 2, 5)]), Err(Malformed::Spans(0)));
        assert_eq!(check(&[(Style::Strong, 3, 4), (Style::Emphasis, 2, 5)]), Err(Malformed::Spans(0)));
        assert_eq!(check(&[(Style::Strong, 2, 2)]), Err(Malformed::Spans(0)));
        assert_eq!(check(&[(Style::Strong, 2, 6)]), Err(Malformed::Spans(0)));
    }

    #[test]
    fn a_text_is_composed_and_has_no_control_characters() {
        for text in ["e\u{301}", "a\0b", "a\r\nb", "a\tb", "\u{85}"] {
            let whole = vec![paragraph(0, code_points(text))];
            assert_eq!(Document::new(text.to_owned(), shape(whole)), Err(Malformed::Characters), "{text:?}");
        }
    }

    #[test]
    fn json_is_compact_and_refuses_nonsense() {
        let mut block = paragraph(0, 5);
        block.sentences = vec![Extent::new(0, 5)];
        let document = Document::new("words".to_owned(), shape(vec![block])).unwrap();
        let json = serde_json::to_string(&document).unwrap();
        assert_eq!(
            json,
            r#"{"text":"words","direction":"ltr","blocks":[{"kind":"paragraph","start":0,"end":5,"sentences":[[0,5]]}]}"#
        );
        assert_eq!(serde_json::from_str::<Document>(&json).unwrap(), document);
        assert!(serde_json::from_str::<Document>(&json.replace("[0,5]", "[0,6]")).is_err());
        assert!(serde_json::from_str::<Document>(&json.replace("\"end\":5", "\"end\":4294967295")).is_err());
        assert!(serde_json::from_str::<Document>(&json.replace("\"paragraph\"", "{\"heading\":9}")).is_err());
    }
}
