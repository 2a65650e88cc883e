//! Where in a document a passage stands, as people say it: the page of a PDF, the time in audio or video, the cell of a table.

use std::fmt;

use serde::Serialize;

use crate::editing::Values;
use crate::text::document::{Block, Kind};
use crate::web::problems::Problems;

/// The last page that can be named, and the last hour.
const PAGE_MAX: i32 = 100_000;
const HOURS_MAX: i64 = 1_000;

/// Where a passage stands, as far as it is known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Locators {
    /// Of a PDF, from 1.
    pub page: Option<i32>,
    pub time: Option<Time>,
    pub cell: Option<CellPlace>,
}

/// A moment or a stretch of audio or video, in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Time {
    pub from_ms: i64,
    pub to_ms: Option<i64>,
}

/// A cell of a table, each from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct CellPlace {
    pub table: i32,
    pub row: i32,
    pub column: i32,
}

impl Locators {
    /// What the blocks of a copy say of the place of a code point.
    #[must_use]
    pub fn of(blocks: &[Block], at: i32) -> Self {
        let at = at.unsigned_abs();
        let Some(block) = blocks.iter().take_while(|block| block.start <= at).last() else {
            return Self::default();
        };
        let cell = match &block.kind {
            Kind::Cell(cell) => Some(CellPlace {
                table: i32::from(cell.table) + 1,
                row: i32::from(cell.row) + 1,
                column: i32::from(cell.column) + 1,
            }),
            _ => None,
        };
        Self { page: block.page.and_then(|page| i32::try_from(page).ok()), time: None, cell }
    }

    /// These, and where they say nothing of a thing, what others say.
    #[must_use]
    pub fn or(self, others: Self) -> Self {
        Self {
            page: self.page.or(others.page),
            time: self.time.or(others.time),
            cell: self.cell.or(others.cell),
        }
    }

    /// Reads what was typed into the fields `page`, `time` and `cell`.
    pub fn parse(values: &Values, problems: &mut Problems) -> Self {
        let text = |name: &str| values.get(name).map(|text| text.trim()).filter(|text| !text.is_empty());
        let mut read = Self::default();
        if let Some(typed) = text("page") {
            read.page = numbers(typed).as_deref().and_then(|numbers| match numbers {
                [page] if (1..=PAGE_MAX).contains(page) => Some(*page),
                _ => None,
            });
            if read.page.is_none() {
                problems.add("page", "Give the number of one page, counted from the first.");
            }
        }
        if let Some(typed) = text("time") {
            read.time = Time::parse(typed);
            if read.time.is_none() {
                problems.add("time", "Write a time as 1:02:03, or from and to as 1:02:03–1:02:30.");
            }
        }
        if let Some(typed) = text("cell") {
            read.cell = numbers(typed).as_deref().and_then(|numbers| match numbers {
                [table, row, column] if numbers.iter().all(|number| *number >= 1) => {
                    Some(CellPlace { table: *table, row: *row, column: *column })
                }
                _ => None,
            });
            if read.cell.is_none() {
                problems.add("cell", "Name three numbers: which table, which row, which column.");
            }
        }
        read
    }

    /// The fields as texts.
    #[must_use]
    pub fn values(&self) -> [(&'static str, String); 3] {
        let text = |shown: Option<String>| shown.unwrap_or_default();
        [
            ("page", text(self.page.map(|page| page.to_string()))),
            ("time", text(self.time.map(|time| time.to_string()))),
            ("cell", text(self.cell.map(|cell| cell.to_string()))),
        ]
    }

    /// In words, nothing where nothing is known.
    #[must_use]
    pub fn words(&self) -> Vec<String> {
        let page = self.page.map(|page| format!("page {page}"));
        let time = self.time.map(|time| format!("at {time}"));
        [page, time, self.cell.map(|cell| cell.to_string())].into_iter().flatten().collect()
    }
}

/// The numbers in a text of at most three; nothing if one is too large.
fn numbers(text: &str) -> Option<Vec<i32>> {
    let found: Result<Vec<i32>, _> =
        text.split(|one: char| !one.is_ascii_digit()).filter(|one| !one.is_empty()).map(str::parse).collect();
    found.ok().filter(|numbers| numbers.len() <= 3)
}

impl Time {
    fn parse(typed: &str) -> Option<Self> {
        let mut parts = typed.split(['–', '-', '—']).map(str::trim);
        let from_ms = moment(parts.next()?)?;
        let to_ms = parts.next().map(moment);
        if parts.next().is_some() || to_ms == Some(None) {
            return None;
        }
        let to_ms = to_ms.flatten();
        to_ms.is_none_or(|to_ms| to_ms >= from_ms).then_some(Self { from_ms, to_ms })
    }
}

/// `1:02:03.5`, `62:03`, `45` seconds.
fn moment(typed: &str) -> Option<i64> {
    let parts: Vec<&str> = typed.split(':').collect();
    let (seconds, larger) = parts.split_last()?;
    let (seconds, fraction) = seconds.split_once('.').unwrap_or((seconds, ""));
    let number = |text: &str| {
        let is_short = (1..=4).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
        if is_short { text.parse::<i64>().ok() } else { None }
    };
    let fraction = match fraction {
        "" => 0,
        digits if digits.len() <= 3 => number(&format!("{digits:0<3}"))?,
        _ => return None,
    };
    let seconds = number(seconds)?;
    let (hours, minutes) = match larger {
        [] => (0, 0),
        [minutes] => (0, number(minutes)?),
        [hours, minutes] => (number(hours)?, number(minutes)?),
        _ => return None,
    };
    let fits = (larger.is_empty() || seconds < 60) && (larger.len() < 2 || minutes < 60) && hours < HOURS_MAX;
    fits.then_some(((hours * 60 + minutes) * 60 + seconds) * 1_000 + fraction)
}

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let write = |ms: i64, f: &mut fmt::Formatter<'_>| {
            let (seconds, fraction) = (ms / 1_000, ms % 1_000);
            write!(f, "{}:{:02}:{:02}", seconds / 3_600, seconds / 60 % 60, seconds % 60)?;
            if fraction > 0 {
                write!(f, ".{}", format!("{fraction:03}").trim_end_matches('0'))?;
            }
            Ok(())
        };
        write(self.from_ms, f)?;
        match self.to_ms {
            Some(to_ms) => {
                f.write_str("–")?;
                write(to_ms, f)
            }
            None => Ok(()),
        }
    }
}

impl fmt::Display for CellPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "table {}, row {}, column {}", self.table, self.row, self.column)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(name: &'static str, typed: &str) -> Option<String> {
        let mut problems = Problems::default();
        let read = Locators::parse(&[(name, typed.to_owned())].into(), &mut problems);
        let text = read.values().into_iter().find(|(known, _)| *known == name).unwrap().1;
        assert_eq!(problems.of(name).is_some(), text.is_empty(), "{typed}");
        (!text.is_empty()).then_some(text)
    }

    #[test]
    fn pages_and_cells_are_known_from_the_copy() {
        let html = "<p>Before<table><tr><th>Year<th>Tonnes<tr><td>2024<td>3.1</table><p>After";
        let mut blocks = crate::text::import::from_html(html, None).unwrap().document.blocks().to_vec();
        blocks[0].page = Some(7);
        assert_eq!(Locators::of(&blocks, 2).words(), ["page 7"]);
        let at = i32::try_from(blocks[4].start).unwrap();
        assert_eq!(Locators::of(&blocks, at).words(), ["table 1, row 2, column 2"]);
        let typed = Locators { page: Some(9), ..Locators::default() };
        assert_eq!(typed.or(Locators::of(&blocks, at)).words(), ["page 9", "table 1, row 2, column 2"]);
        assert_eq!(Locators::of(&[], 3), Locators::default());
    }

    #[test]
    fn a_place_has_one_spelling_and_reads_itself() {
        for (name, typed, expected) in [
            ("page", "12", "12"),
            ("page", "p. 12", "12"),
            ("time", "62:03", "1:02:03"),
            ("time", "45", "0:00:45"),
            ("time", "1:02:03.5 - 1:02:30", "1:02:03.5–1:02:30"),
            ("cell", "2/3/4", "table 2, row 3, column 4"),
            ("cell", "Table 2, row 3, column 4", "table 2, row 3, column 4"),
        ] {
            let text = parsed(name, typed).unwrap();
            assert_eq!(text, expected);
            assert_eq!(parsed(name, &text), Some(text));
        }
    }

    #[test]
    fn what_is_no_place_is_said_so() {
        for (name, typed) in [
            ("page", "0"),
            ("page", "the last"),
            ("page", "3 to 5"),
            ("page", "99999999999"),
            ("time", "soon"),
            ("time", "1:75"),
            ("time", "2:00-1:00"),
            ("time", "1-2-3"),
            ("time", "1:1:1:1"),
            ("time", "1000:00:00"),
            ("cell", "2/3"),
            ("cell", "0/1/1"),
        ] {
            assert_eq!(parsed(name, typed), None, "{typed}");
        }
    }
}
