//! The paragraphs, lists and tables of a Word document.

use std::collections::HashMap;

use super::styles::{Lists, Look, Styles, level, number};
use super::xml::{Element, Step};
use crate::text::address::Href;
use crate::text::document::{Cell, Kind, ListItem, NESTING_MAX, Style, TABLE_COLUMNS_MAX};
use crate::text::import::ImportError;
use crate::text::import::draft::{Context, Draft};

/// What is left out with everything in it: what was deleted or moved away, what other readers would show instead, and
/// notes on how to read a word.
const LEFT_OUT: [&str; 7] = ["del", "moveFrom", "Fallback", "rt", "sectPr", "tabs", "delText"];

/// What the document says besides its body.
#[derive(Debug, Default)]
pub(super) struct Parts {
    pub(super) styles: Styles,
    pub(super) lists: Lists,
    pub(super) links: HashMap<String, String>,
}

/// Writes paragraphs to a draft.
pub(super) struct Body<'a> {
    parts: &'a mut Parts,
    draft: &'a mut Draft,
    /// The elements that are open and left out.
    skipped: usize,
    depth: usize,
    paragraphs: Vec<Paragraph>,
    run: Run,
    in_properties: bool,
    in_text: bool,
    in_instruction: bool,
    fields: Vec<Field>,
    tables: Vec<Table>,
    table_count: u16,
    /// The footnotes that the text refers to, in order.
    pub(super) notes: Vec<String>,
    /// The first paragraph that the author made the title.
    pub(super) title: Option<usize>,
}

#[derive(Debug, Default)]
struct Paragraph {
    look: Look,
    list: Option<u32>,
    list_depth: Option<u8>,
    heading: Option<u8>,
    counted: bool,
    number: Option<u32>,
}

#[derive(Debug, Default)]
struct Run {
    styles: Vec<Style>,
    started: bool,
    hidden: bool,
    in_properties: bool,
}

#[derive(Debug, Default)]
struct Field {
    instruction: String,
    in_result: bool,
    linked: bool,
}

#[derive(Debug)]
struct Table {
    number: u16,
    row: u16,
    column: u16,
    header: bool,
}

impl<'a> Body<'a> {
    pub(super) fn new(parts: &'a mut Parts, draft: &'a mut Draft) -> Self {
        Self {
            parts,
            draft,
            skipped: 0,
            depth: 0,
            paragraphs: Vec::new(),
            run: Run::default(),
            in_properties: false,
            in_text: false,
            in_instruction: false,
            fields: Vec::new(),
            tables: Vec::new(),
            table_count: 0,
            notes: Vec::new(),
            title: None,
        }
    }

    /// Whether text that comes now is shown.
    pub(super) fn is_in_text(&self) -> bool {
        self.in_text && self.skipped == 0 && !self.run.hidden
    }

    pub(super) fn take(&mut self, step: Step<'_>) -> Result<(), ImportError> {
        match step {
            Step::Start(element) => {
                self.depth += 1;
                if self.depth > NESTING_MAX * 2 {
                    return Err(ImportError::TooDeep);
                }
                if self.skipped > 0 || LEFT_OUT.contains(&element.name()) {
                    self.skipped += 1;
                } else {
                    self.start(&element);
                }
            }
            Step::End(name) => {
                self.depth = self.depth.saturating_sub(1);
                if self.skipped > 0 {
                    self.skipped -= 1;
                } else {
                    self.end(&name);
                }
            }
            Step::Text(text) if self.skipped == 0 => {
                if self.in_instruction {
                    if let Some(field) = self.fields.last_mut() {
                        field.instruction.push_str(&text);
                    }
                } else if self.in_text {
                    self.write(&text);
                }
            }
            Step::Text(_) => {}
        }
        Ok(())
    }

    fn start(&mut self, element: &Element<'_>) {
        match element.name() {
            "p" => {
                self.draft.end_block();
                self.paragraphs.push(Paragraph::default());
            }
            "pPr" => self.in_properties = true,
            "r" => self.run = Run::default(),
            "rPr" => self.run.in_properties = true,
            "t" => self.in_text = true,
            "instrText" => self.in_instruction = true,
            "tbl" => self.start_table(),
            "tr" => {
                if let Some(table) = self.tables.last_mut() {
                    (table.column, table.header) = (0, false);
                }
            }
            "tblHeader" => {
                if let Some(table) = self.tables.last_mut() {
                    table.header = element.is_on();
                }
            }
            "gridSpan" => {
                if let Some(table) = self.tables.last_mut() {
                    let more = number::<u16>(element.value()).unwrap_or(1).saturating_sub(1);
                    table.column = table.column.saturating_add(more);
                }
            }
            "hyperlink" => {
                let target = element.attribute("id").and_then(|id| self.parts.links.get(&id).cloned());
                self.start_link(target.as_deref());
            }
            "fldChar" => self.field(element.attribute("fldCharType").as_deref()),
            "tab" => self.write(" "),
            "br" | "cr" if !self.in_properties => self.draft.break_line(),
            "noBreakHyphen" => self.write("\u{2011}"),
            "softHyphen" => self.write("\u{AD}"),
            "footnoteReference" => {
                if let Some(id) = element.attribute("id") {
                    self.notes.push(id);
                    let number = self.notes.len().to_string();
                    self.draft.start_style(&Style::Superscript);
                    self.write(&number);
                    self.draft.end_style(Style::Superscript.order());
                }
            }
            "docPr" => {
                let described = element.attribute("descr").unwrap_or_default();
                let context = self.context();
                self.draft.image(&described, None, context.quote, || context.clone());
            }
            _ if self.in_properties && !self.run.in_properties => self.describe_paragraph(element),
            _ if self.run.in_properties && !self.in_properties => self.describe_run(element),
            _ => {}
        }
    }

    fn end(&mut self, name: &str) {
        match name {
            "p" => {
                self.draft.end_block();
                self.paragraphs.pop();
            }
            "pPr" => self.in_properties = false,
            "r" => {
                if self.run.started {
                    for style in self.run.styles.iter().rev() {
                        self.draft.end_style(style.order());
                    }
                }
                self.run = Run::default();
            }
            "rPr" => self.run.in_properties = false,
            "t" => self.in_text = false,
            "instrText" => self.in_instruction = false,
            "tbl" => {
                self.draft.end_block();
                self.tables.pop();
            }
            "tr" => {
                if let Some(table) = self.tables.last_mut() {
                    table.row = table.row.saturating_add(1);
                }
            }
            "tc" => {
                if let Some(table) = self.tables.last_mut() {
                    table.column = table.column.saturating_add(1);
                }
            }
            "hyperlink" => self.draft.end_style(Style::LINK),
            _ => {}
        }
    }

    fn describe_paragraph(&mut self, element: &Element<'_>) {
        let look = (element.name() == "pStyle")
            .then(|| self.parts.styles.look(&element.value().unwrap_or_default()));
        let Some(paragraph) = self.paragraphs.last_mut() else { return };
        match element.name() {
            "pStyle" => paragraph.look = look.unwrap_or_default(),
            "numId" => paragraph.list = number(element.value()),
            "ilvl" => paragraph.list_depth = number(element.value()),
            "outlineLvl" => paragraph.heading = level(element.value()),
            _ => {}
        }
    }

    fn describe_run(&mut self, element: &Element<'_>) {
        let style = match element.name() {
            "b" if element.is_on() => Style::Strong,
            "i" if element.is_on() => Style::Emphasis,
            "strike" | "dstrike" if element.is_on() => Style::Struck,
            "vertAlign" => match element.value().as_deref() {
                Some("superscript") => Style::Superscript,
                Some("subscript") => Style::Subscript,
                _ => return,
            },
            "vanish" | "webHidden" => {
                self.run.hidden |= element.is_on();
                return;
            }
            _ => return,
        };
        if !self.run.styles.contains(&style) {
            self.run.styles.push(style);
        }
    }

    fn start_table(&mut self) {
        self.draft.end_block();
        // A table in a cell: its words are the cell's.
        let table = if let Some(outer) = self.tables.last() {
            Table { number: outer.number, row: outer.row, column: outer.column, header: outer.header }
        } else {
            self.table_count = self.table_count.saturating_add(1);
            Table { number: self.table_count - 1, row: 0, column: 0, header: false }
        };
        self.tables.push(table);
    }

    fn field(&mut self, kind: Option<&str>) {
        match kind {
            Some("begin") if self.fields.len() < NESTING_MAX => self.fields.push(Field::default()),
            Some("separate") => {
                let target = self.fields.last_mut().and_then(|field| {
                    field.in_result = true;
                    link_of(&field.instruction)
                });
                if target.is_some() {
                    let linked = self.start_link(target.as_deref());
                    if let Some(field) = self.fields.last_mut() {
                        field.linked = linked;
                    }
                }
            }
            Some("end") => {
                let ended = self.fields.pop();
                if ended.is_some_and(|field| field.linked) {
                    self.draft.end_style(Style::LINK);
                }
            }
            _ => {}
        }
    }

    fn start_link(&mut self, target: Option<&str>) -> bool {
        target.and_then(|target| Href::parse(target, None)).is_some_and(|href| self.draft.start_link(href))
    }

    /// Writes words of the paragraph that is open.
    fn write(&mut self, text: &str) {
        if self.run.hidden || self.fields.last().is_some_and(|field| !field.in_result) {
            return;
        }
        if !self.run.started {
            self.run.started = true;
            for style in &self.run.styles {
                self.draft.start_style(style);
            }
        }
        let context = self.context();
        if self.title.is_none() && self.paragraphs.last().is_some_and(|paragraph| paragraph.look.is_title) {
            self.title = Some(self.draft.len());
        }
        self.draft.write(text, || context);
    }

    /// What words that are written now are part of.
    fn context(&mut self) -> Context {
        let Some(paragraph) = self.paragraphs.last_mut() else { return Context::PARAGRAPH };
        let quote = u8::from(paragraph.look.is_quote);
        if let Some(level) = paragraph.heading.or(paragraph.look.heading)
            && self.tables.is_empty()
        {
            return Context { kind: Kind::Heading(level), quote };
        }
        // Nested tables: the outermost says which cell.
        if let Some(table) = self.tables.first()
            && table.column < TABLE_COLUMNS_MAX
        {
            let Table { number, row, column, header } = *table;
            return Context { kind: Kind::Cell(Cell { table: number, row, column, header }), quote };
        }
        let list = match paragraph.list {
            Some(list) => (list > 0).then_some((list, paragraph.list_depth.unwrap_or_default())),
            None => paragraph.look.list,
        };
        if let Some((list, depth)) = list {
            let depth = depth.min(8);
            if !paragraph.counted {
                paragraph.counted = true;
                paragraph.number = self.parts.lists.count(list, depth);
            }
            let number = paragraph.number;
            return Context { kind: Kind::ListItem(ListItem { depth, number, continues: false }), quote };
        }
        Context { kind: if paragraph.look.is_caption { Kind::Caption } else { Kind::Paragraph }, quote }
    }
}

/// Where a field's instruction leads: `HYPERLINK "https://…"`.
fn link_of(instruction: &str) -> Option<String> {
    let rest = instruction.trim().strip_prefix("HYPERLINK")?.trim_start();
    let target = rest.strip_prefix('"')?.split('"').next()?;
    Some(target.to_owned())
}
