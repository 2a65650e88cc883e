//! A document while an import writes it.

mod languages;
mod open;
mod spans;
mod tables;

use super::ImportError;
use crate::text::address::{Href, SafeUrl};
use crate::text::direction::Direction;
use crate::text::document::normal::{Admitted, admit, compose, is_blank};
use crate::text::document::{
    BLOCK_SEPARATOR, BLOCKS_MAX, Block, Document, Kind, LINK_BYTES_MAX, SPANS_MAX, Shape, Style,
    TEXT_BYTES_MAX,
};
use crate::text::offsets::{Extent, code_points};
use crate::text::sentence;
use languages::short_code;
use open::{Open, style};
use spans::place;
use tables::dissolve_layout_tables;

/// What the next words will be part of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::text::import) struct Context {
    pub(in crate::text::import) kind: Kind,
    pub(in crate::text::import) quote: u8,
}

impl Context {
    pub(in crate::text::import) const PARAGRAPH: Self = Self { kind: Kind::Paragraph, quote: 0 };
}

/// How long a block must be for its language to be looked at, and how much is looked at, in bytes.
const PARAGRAPH_BYTES_MIN: usize = 80;
const SAMPLE_BYTES: usize = 4_000;

/// Takes words in order and makes blocks of them: collapses spaces as a browser does, keeps only characters that a
/// document may have, composes them, and notes where styles begin and end.
#[derive(Debug, Default)]
pub(in crate::text::import) struct Draft {
    text: String,
    length: u32,
    blocks: Vec<Block>,
    open: Option<Open>,
    /// How many elements ask for each style.
    styles: [u16; Style::COUNT],
    link: Option<Href>,
    images: Vec<(String, Option<SafeUrl>)>,
    /// The page that is being read, where the source has pages.
    page: Option<u32>,
    /// How many spans the finished blocks have.
    spans: usize,
    /// How long all addresses are together.
    link_bytes: usize,
    failure: Option<ImportError>,
}

impl Draft {
    /// Stops the import; what is written later is ignored.
    pub(in crate::text::import) fn fail(&mut self, failure: ImportError) {
        self.failure.get_or_insert(failure);
    }

    pub(in crate::text::import) const fn has_failed(&self) -> bool {
        self.failure.is_some()
    }

    /// Whether words were written since the last block ended.
    pub(in crate::text::import) const fn is_open(&self) -> bool {
        self.open.is_some()
    }

    /// How many blocks are finished.
    pub(in crate::text::import) const fn len(&self) -> usize {
        self.blocks.len()
    }

    /// Writes words; `context` says what they begin if no block is open.
    pub(in crate::text::import) fn write(&mut self, text: &str, context: impl FnOnce() -> Context) {
        if self.failure.is_some() {
            return;
        }
        if self.open.is_none() {
            if text.chars().all(|character| !matches!(admit(character), Admitted::Kept(_))) {
                return;
            }
            self.begin(context());
        }
        let open = self.open.as_mut().expect("a block is open or was just begun");
        for character in text.chars() {
            let kept = match admit(character) {
                Admitted::Kept(kept) => kept,
                Admitted::Dropped => continue,
                Admitted::Break if open.preserves() => {
                    open.push('\n');
                    continue;
                }
                Admitted::Space if open.preserves() => {
                    let width = if character == '\t' { 4 } else { 1 };
                    (0..width).for_each(|_| open.push(' '));
                    continue;
                }
                Admitted::Space | Admitted::Break => {
                    open.gap = true;
                    continue;
                }
            };
            if open.gap {
                open.gap = false;
                if !open.text.is_empty() && !open.text.ends_with('\n') {
                    open.push(' ');
                }
            }
            if open.starting {
                open.starting = false;
                for (asked, started) in self.styles.iter().zip(&mut open.started) {
                    if *asked > 0 && started.is_none() {
                        *started = Some(open.length);
                    }
                }
            }
            open.push(kept);
        }
        if self.text.len() + open.text.len() > TEXT_BYTES_MAX {
            self.failure = Some(ImportError::TooLong);
        }
    }

    fn begin(&mut self, context: Context) {
        self.open = Some(Open {
            context,
            page: self.page,
            text: String::new(),
            length: 0,
            gap: false,
            starting: self.styles.iter().any(|asked| *asked > 0),
            started: [None; Style::COUNT],
            spans: Vec::new(),
        });
    }

    /// Says on which page what is written next stands.
    pub(in crate::text::import) fn begin_page(&mut self, page: u32) {
        self.page = Some(page);
    }

    /// Breaks the line; a second break in a row ends the paragraph.
    pub(in crate::text::import) fn break_line(&mut self) {
        let Some(open) = &mut self.open else { return };
        if open.preserves() || !open.text.ends_with('\n') {
            open.gap = false;
            open.push('\n');
        } else {
            self.end_block();
        }
    }

    pub(in crate::text::import) fn start_style(&mut self, style: &Style) {
        let order = style.order();
        self.styles[order] = self.styles[order].saturating_add(1);
        if let Some(open) = &mut self.open {
            open.starting = true;
        }
    }

    /// Starts a link; says whether it did. A link cannot stand in a link: the second one ends the first.
    pub(in crate::text::import) fn start_link(&mut self, href: Href) -> bool {
        if !self.takes_address(href.as_str()) {
            return false;
        }
        let link = Style::Link(href.clone());
        if self.styles[link.order()] > 0 {
            self.end_style(link.order());
        }
        self.link = Some(href);
        self.start_style(&link);
        true
    }

    fn takes_address(&mut self, address: &str) -> bool {
        self.link_bytes += address.len();
        self.link_bytes <= LINK_BYTES_MAX
    }

    /// Ends one request for the style with this order.
    pub(in crate::text::import) fn end_style(&mut self, order: usize) {
        if self.styles[order] == 0 {
            return;
        }
        self.styles[order] -= 1;
        if self.styles[order] == 0
            && let Some(open) = &mut self.open
        {
            open.end_style(style(order, self.link.as_ref()));
        }
    }

    /// Notes a picture. One without words inside a line (an emoji) becomes part of the line, others follow the block.
    pub(in crate::text::import) fn image(
        &mut self,
        description: &str,
        source: Option<SafeUrl>,
        quote: u8,
        context: impl FnOnce() -> Context,
    ) {
        if is_blank(description) {
            return;
        }
        let source = source.filter(|source| self.takes_address(source.as_str()));
        let has_words = description.chars().any(char::is_alphanumeric);
        if !has_words && description.chars().count() <= 12 {
            self.write(description, context);
        } else if self.open.is_some() {
            self.images.push((description.to_owned(), source));
        } else {
            self.write_image(description, source, quote);
        }
    }

    fn write_image(&mut self, description: &str, source: Option<SafeUrl>, quote: u8) {
        let styles = std::mem::take(&mut self.styles);
        self.write(description, || Context { kind: Kind::Image(source), quote });
        self.end_block();
        self.styles = styles;
    }

    /// Ends the block that is open, if there is one.
    pub(in crate::text::import) fn end_block(&mut self) {
        let Some(mut open) = self.open.take() else {
            return;
        };
        for order in 0..Style::COUNT {
            if open.started[order].is_some() {
                open.end_style(style(order, self.link.as_ref()));
            }
        }
        let quote = open.context.quote;
        self.close(open);
        for (description, source) in std::mem::take(&mut self.images) {
            self.write_image(&description, source, quote);
        }
    }

    fn close(&mut self, open: Open) {
        if is_blank(&open.text) || self.failure.is_some() {
            return;
        }
        if self.blocks.len() == BLOCKS_MAX {
            self.failure = Some(ImportError::TooManyBlocks);
            return;
        }
        let kept =
            if open.preserves() { open.text.trim_start_matches('\n').trim_end() } else { open.text.trim() };
        let leading = open.text.len()
            - if open.preserves() { open.text.trim_start_matches('\n') } else { open.text.trim_start() }
                .len();
        let cut = code_points(&open.text[..leading]);
        let kept_length = code_points(kept);
        let (composed, moved) = compose(kept);
        if !self.blocks.is_empty() {
            self.text.push_str(BLOCK_SEPARATOR);
            self.length += code_points(BLOCK_SEPARATOR);
        }
        let start = self.length;
        self.length += code_points(&composed);
        self.text.push_str(&composed);
        let mut spans = place(open.spans, cut, kept_length, &moved, start);
        spans.truncate(SPANS_MAX - self.spans);
        self.spans += spans.len();
        self.blocks.push(Block {
            quote: open.context.quote,
            page: open.page,
            spans,
            ..Block::new(open.context.kind, Extent::new(start, self.length))
        });
    }

    /// The language that its longer blocks are written in, as ISO 639-1, if that is clear.
    pub(in crate::text::import) fn language(&self) -> Option<String> {
        let mut sample = String::new();
        for paragraph in self.text.split(BLOCK_SEPARATOR).filter(|block| block.len() >= PARAGRAPH_BYTES_MIN) {
            sample.push_str(paragraph);
            sample.push('\n');
            if sample.len() >= SAMPLE_BYTES {
                break;
            }
        }
        let sample = if sample.is_empty() { &self.text } else { &sample };
        let found = whatlang::detect(sample).filter(whatlang::Info::is_reliable)?;
        short_code(found.lang()).map(str::to_owned)
    }

    /// Ends the document and finds its sentences.
    pub(in crate::text::import) fn finish(
        mut self,
        language: Option<String>,
    ) -> Result<Document, ImportError> {
        self.end_block();
        if let Some(failure) = self.failure {
            return Err(failure);
        }
        if self.blocks.is_empty() {
            return Err(ImportError::Empty);
        }
        if self.text.len() > TEXT_BYTES_MAX {
            return Err(ImportError::TooLong);
        }
        dissolve_layout_tables(&mut self.blocks);
        let direction = Direction::of_most_letters(&self.text);
        sentence::split_blocks(&self.text, &mut self.blocks, language.as_deref(), direction);
        let shape = Shape { language, direction, blocks: self.blocks };
        Ok(Document::new(self.text, shape).expect("a draft writes what a document may have"))
    }
}
