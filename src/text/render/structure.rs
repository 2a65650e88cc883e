//! What stands around blocks: quotations, lists, tables.

use std::fmt::{self, Write};

use super::escape::{escape_attribute, number};
use crate::text::address::SafeUrl;
use crate::text::direction::Direction;
use crate::text::document::{BLOCK_SEPARATOR, Block, Cell, Document, Kind, ListItem};

/// Writes the tags around and between blocks and knows what is open.
///
/// Between two blocks stands the separator of the document's text, behind what closes and before what opens, and no
/// other space: so the text content of the page is the text of the document.
pub(super) struct Structure<'a> {
    direction: Direction,
    /// The page of the source that the block before stands on.
    page: Option<u32>,
    quote: u8,
    lists: Vec<List>,
    cell: Option<Cell>,
    /// What closes the block that was entered.
    closing: &'static str,
    /// The block is a picture, and this its address.
    picture: Option<&'a Option<SafeUrl>>,
}

/// An open list with an open item.
struct List {
    /// The number of the item, in an ordered list.
    number: Option<u32>,
}

impl<'a> Structure<'a> {
    pub(super) const fn new(document: &Document) -> Self {
        let direction = document.direction();
        Self { direction, page: None, quote: 0, lists: Vec::new(), cell: None, closing: "", picture: None }
    }

    /// Opens a block; `words` is the text from its start on.
    pub(super) fn enter<W: Write + ?Sized>(
        &mut self,
        index: usize,
        block: &'a Block,
        words: &str,
        out: &mut W,
    ) -> fmt::Result {
        self.close_for(block, out)?;
        if index > 0 {
            out.write_str(BLOCK_SEPARATOR)?;
        }
        while self.quote < block.quote {
            out.write_str("<blockquote>")?;
            self.quote += 1;
        }
        self.closing = match &block.kind {
            Kind::Paragraph => tag("<p", "</p>", out)?,
            Kind::Caption => tag("<p class=\"caption\"", "</p>", out)?,
            Kind::Preformatted => tag("<pre", "</pre>", out)?,
            Kind::Heading(1) => tag("<h2", "</h2>", out)?,
            Kind::Heading(2) => tag("<h3", "</h3>", out)?,
            Kind::Heading(3) => tag("<h4", "</h4>", out)?,
            Kind::Heading(4) => tag("<h5", "</h5>", out)?,
            Kind::Heading(_) => tag("<h6", "</h6>", out)?,
            Kind::ListItem(item) => self.open_item(*item, out)?,
            Kind::Cell(cell) => self.open_cell(*cell, out)?,
            Kind::Image(source) => {
                self.picture = Some(source);
                tag("<figure class=\"image\"><p", "</p>", out)?
            }
        };
        out.write_str(" id=\"b")?;
        number(u32::try_from(index).unwrap_or(u32::MAX), out)?;
        out.write_str("\" data-s=\"")?;
        number(block.start, out)?;
        // Said by an attribute, because the text content of the page is the text of the document.
        if let Some(page) = block.page.filter(|page| self.page != Some(*page)) {
            self.page = Some(page);
            out.write_str("\" data-page=\"")?;
            number(page, out)?;
        }
        let own = words.chars().take(block.extent().len() as usize);
        if Direction::of_first(own).is_some_and(|direction| direction != self.direction) {
            out.write_str("\" dir=\"auto")?;
        }
        out.write_str("\">")
    }

    /// Closes what holds only this block.
    pub(super) fn leave<W: Write + ?Sized>(&mut self, out: &mut W) -> fmt::Result {
        out.write_str(std::mem::take(&mut self.closing))?;
        self.picture.take().map_or(Ok(()), |source| picture_link(source.as_ref(), out))
    }

    /// Closes all that is open.
    pub(super) fn close<W: Write + ?Sized>(&mut self, out: &mut W) -> fmt::Result {
        self.close_table(out)?;
        self.close_lists(0, out)?;
        self.close_quotes(0, out)
    }

    /// Closes what the block that comes does not stand in.
    fn close_for<W: Write + ?Sized>(&mut self, block: &Block, out: &mut W) -> fmt::Result {
        if self.quote != block.quote {
            self.close_table(out)?;
            self.close_lists(0, out)?;
            self.close_quotes(block.quote, out)?;
        }
        match (&block.kind, self.cell) {
            (Kind::Cell(next), Some(cell)) if next.table == cell.table => {
                if next.row != cell.row || next.column < cell.column {
                    out.write_str(end_of(cell))?;
                    out.write_str("</tr>")?;
                } else if next.column != cell.column {
                    out.write_str(end_of(cell))?;
                }
            }
            _ => self.close_table(out)?,
        }
        if let Kind::ListItem(item) = block.kind {
            let depth = usize::from(item.depth);
            self.close_lists(depth + 1, out)?;
            let Some(open) = self.lists.get(depth) else {
                return Ok(());
            };
            if item.continues {
                return Ok(());
            }
            let goes_on = match (open.number, item.number) {
                (None, None) => true,
                (Some(last), Some(next)) => next > last,
                _ => false,
            };
            if goes_on { out.write_str("</li>") } else { self.close_lists(depth, out) }
        } else {
            self.close_lists(0, out)
        }
    }

    fn open_item<W: Write + ?Sized>(
        &mut self,
        item: ListItem,
        out: &mut W,
    ) -> Result<&'static str, fmt::Error> {
        let depth = usize::from(item.depth);
        if let Some(list) = self.lists.get_mut(depth) {
            if item.continues {
                out.write_str("<p")?;
                return Ok("</p>");
            }
            let last = std::mem::replace(&mut list.number, item.number);
            out.write_str("<li")?;
            if let (Some(last), Some(next)) = (last, item.number)
                && last.checked_add(1) != Some(next)
            {
                out.write_str(" value=\"")?;
                number(next, out)?;
                out.write_char('"')?;
            }
            return Ok("");
        }
        while self.lists.len() < depth {
            out.write_str("<ul><li>")?;
            self.lists.push(List { number: None });
        }
        match item.number {
            None => out.write_str("<ul><li")?,
            Some(1) => out.write_str("<ol><li")?,
            Some(first) => {
                out.write_str("<ol start=\"")?;
                number(first, out)?;
                out.write_str("\"><li")?;
            }
        }
        self.lists.push(List { number: item.number });
        Ok("")
    }

    fn open_cell<W: Write + ?Sized>(&mut self, cell: Cell, out: &mut W) -> Result<&'static str, fmt::Error> {
        let next_column = match self.cell.replace(cell) {
            Some(last) if last.is_with(cell) => {
                out.write_str("<p")?;
                return Ok("</p>");
            }
            Some(last) if last.row == cell.row && last.column < cell.column => last.column + 1,
            Some(_) => {
                out.write_str("<tr>")?;
                0
            }
            None => {
                out.write_str("<table><tr>")?;
                0
            }
        };
        for _ in next_column..cell.column {
            out.write_str("<td></td>")?;
        }
        out.write_str(match (cell.header, cell.row) {
            (false, _) => "<td",
            (true, 0) => "<th scope=\"col\"",
            (true, _) => "<th scope=\"row\"",
        })?;
        Ok("")
    }

    fn close_table<W: Write + ?Sized>(&mut self, out: &mut W) -> fmt::Result {
        if let Some(cell) = self.cell.take() {
            out.write_str(end_of(cell))?;
            out.write_str("</tr></table>")?;
        }
        Ok(())
    }

    fn close_lists<W: Write + ?Sized>(&mut self, kept: usize, out: &mut W) -> fmt::Result {
        while self.lists.len() > kept {
            let list = self.lists.pop().expect("there are more than `kept`");
            out.write_str(if list.number.is_some() { "</li></ol>" } else { "</li></ul>" })?;
        }
        Ok(())
    }

    fn close_quotes<W: Write + ?Sized>(&mut self, kept: u8, out: &mut W) -> fmt::Result {
        while self.quote > kept {
            out.write_str("</blockquote>")?;
            self.quote -= 1;
        }
        Ok(())
    }
}

fn tag<W: Write + ?Sized>(open: &str, close: &'static str, out: &mut W) -> Result<&'static str, fmt::Error> {
    out.write_str(open)?;
    Ok(close)
}

const fn end_of(cell: Cell) -> &'static str {
    if cell.header { "</th>" } else { "</td>" }
}

/// Writes the end of a picture's block: the link to the picture, if its address is known.
fn picture_link<W: Write + ?Sized>(source: Option<&SafeUrl>, out: &mut W) -> fmt::Result {
    if let Some(source) = source {
        out.write_str("<a class=\"picture\" href=\"")?;
        escape_attribute(source.as_str(), out)?;
        out.write_str("\" rel=\"nofollow noopener noreferrer\" aria-label=\"Open the picture\"></a>")?;
    }
    out.write_str("</figure>")
}
