//! What pages draw, as places in per cent of a drawing: so it fits every width, and its words keep their size.

use super::lines::Line;
use crate::reviews::agreement::bootstrap::Interval;
use crate::reviews::agreement::confusion::Matrix;

/// How high a row of a drawing of intervals is, and where in it the bar is, in pixels.
const ROW: usize = 46;
const BAR: usize = 32;
/// The room for the numbers below the rows.
const AXIS: usize = 24;

/// Values with their intervals, one below the other, on one axis.
#[derive(Clone, PartialEq, Debug)]
pub struct Intervals {
    pub rows: Vec<Row>,
    pub ticks: Vec<Tick>,
    pub height: usize,
}

/// A value with its interval.
#[derive(Clone, PartialEq, Debug)]
pub struct Row {
    pub label: String,
    pub value: String,
    /// Where the words stand and where the bar does, from the top.
    pub words: usize,
    pub bar: usize,
    /// Where the value is.
    pub at: String,
    /// From where to where the interval goes.
    pub interval: Option<(String, String)>,
}

/// A number on the axis.
#[derive(Clone, PartialEq, Debug)]
pub struct Tick {
    pub at: String,
    pub label: String,
}

impl Intervals {
    /// Draws what has a value, under the given labels. Nothing when nothing has.
    pub fn of<'a>(lines: impl IntoIterator<Item = (String, &'a Line)>) -> Option<Self> {
        let lines: Vec<(String, &Line, f64)> =
            lines.into_iter().filter_map(|(label, line)| Some((label, line, line.value?))).collect();
        let lowest = |(_, line, value): &(String, &Line, f64)| {
            line.interval.map_or(*value, |interval| interval.low.min(*value))
        };
        // Coefficients end at 1; they begin at 0, or lower in steps of a fifth.
        let low = lines.iter().map(lowest).fold(0.0, f64::min).max(-2.0);
        let low = (low * 5.0).floor() / 5.0;
        let place = |value: f64| percent((value.max(low) - low) / (1.0 - low));
        let rows: Vec<Row> = lines
            .into_iter()
            .enumerate()
            .map(|(number, (label, line, value))| Row {
                label,
                value: line.value(),
                words: number * ROW + 18,
                bar: number * ROW + BAR,
                at: place(value),
                interval: line.interval.map(|Interval { low, high }| (place(low), place(high))),
            })
            .collect();
        let ticks = ticks(low).map(|tick| Tick { at: place(tick), label: label(tick) }).collect();
        let height = rows.len() * ROW + AXIS;
        (!rows.is_empty()).then_some(Self { rows, ticks, height })
    }

    /// Where the lines of the axis end and its numbers stand.
    pub const fn floor(&self) -> usize {
        self.height - AXIS
    }
}

fn ticks(low: f64) -> impl Iterator<Item = f64> {
    // From 1 downwards in fifths, or in halves where there would be too many.
    let step = if low < -0.6 { 0.5 } else { 0.2 };
    (0..20_u8).map(move |number| 1.0 - f64::from(number) * step).take_while(move |tick| *tick >= low - 1e-9)
}

fn label(tick: f64) -> String {
    let written = format!("{tick:.1}");
    match written.strip_prefix('-') {
        Some("0.0") => "0.0".to_owned(),
        Some(digits) => format!("−{digits}"),
        None => written,
    }
}

/// A share of the width, as attributes of drawings have it. Half a per cent stays free on either side, so that what is at
/// an end is drawn whole.
fn percent(share: f64) -> String {
    format!("{:.2}%", 1.0 + share * 98.0)
}

/// A square of fields, the darker the more is in them.
#[derive(Clone, PartialEq, Debug)]
pub struct Squares {
    pub fields: Vec<Field>,
    /// The numbers of the columns and rows, with where they stand.
    pub columns: Vec<(String, usize)>,
    pub rows: Vec<(usize, usize)>,
    pub height: usize,
}

/// One of the fields.
#[derive(Clone, PartialEq, Debug)]
pub struct Field {
    pub x: String,
    pub y: usize,
    pub width: String,
    /// How dark: 0 to 1.
    pub shade: String,
    /// Whether its words are light, because it is dark.
    pub is_dark: bool,
    pub is_same: bool,
    /// Where its words stand.
    pub words: (String, usize),
    pub count: String,
}

/// How high a field is, and where the fields begin.
const FIELD: usize = 40;
const HEAD: usize = 24;
const SIDE: f64 = 8.0;

impl Squares {
    /// Draws a table of categories, which are numbered from 1.
    #[expect(clippy::cast_precision_loss, reason = "a scale has few values")]
    pub fn of(matrix: &Matrix) -> Self {
        let size = matrix.rows().count();
        let width = (100.0 - SIDE) / size.max(1) as f64;
        let largest = matrix.largest().max(f64::MIN_POSITIVE);
        let left = |column: usize| width.mul_add(column as f64, SIDE);
        let field = |row: usize, column: usize, count: f64| {
            let share = count / largest;
            Field {
                x: format!("{:.2}%", left(column)),
                y: HEAD + row * FIELD,
                width: format!("{width:.2}%"),
                shade: format!("{share:.2}"),
                is_dark: share > 0.55,
                is_same: row == column,
                words: (format!("{:.2}%", left(column) + width / 2.0), HEAD + row * FIELD + FIELD / 2 + 5),
                count: count_of(count),
            }
        };
        let fields = matrix
            .rows()
            .enumerate()
            .flat_map(|(row, cells)| {
                cells.iter().enumerate().map(move |(column, count)| (row, column, *count))
            })
            .map(|(row, column, count)| field(row, column, count))
            .collect();
        Self {
            fields,
            columns: (0..size)
                .map(|column| (format!("{:.2}%", left(column) + width / 2.0), column + 1))
                .collect(),
            rows: (0..size).map(|row| (HEAD + row * FIELD + FIELD / 2 + 5, row + 1)).collect(),
            height: HEAD + size * FIELD + 4,
        }
    }
}

/// A number of ratings; in a table of more than two raters it need not be whole.
#[must_use]
pub fn count_of(count: f64) -> String {
    let written = format!("{count:.2}");
    written.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reviews::agreement::confusion::coincidences;
    use crate::reviews::agreement::{Cell, Coefficient, Level, Ratings};

    fn line(value: f64, low: f64, high: f64) -> Line {
        let interval = Some(Interval { low, high });
        Line { coefficient: Coefficient::AlphaNominal, value: Some(value), interval, items: 9 }
    }

    #[test]
    fn an_interval_is_drawn_between_the_ends_of_the_axis() {
        let drawn = Intervals::of([("α".to_owned(), &line(0.5, 0.0, 1.0))]).unwrap();
        assert_eq!(drawn.rows[0].at, "50.00%");
        assert_eq!(drawn.rows[0].interval, Some(("1.00%".to_owned(), "99.00%".to_owned())));
        let labels: Vec<&str> = drawn.ticks.iter().map(|tick| tick.label.as_str()).collect();
        assert_eq!(labels, ["1.0", "0.8", "0.6", "0.4", "0.2", "0.0"]);
    }

    #[test]
    fn the_axis_goes_down_as_far_as_it_has_to() {
        let drawn = Intervals::of([("α".to_owned(), &line(-0.1, -0.35, 0.2))]).unwrap();
        assert_eq!(drawn.ticks.last().unwrap().label, "−0.4");
        let drawn = Intervals::of([("α".to_owned(), &line(-0.5, -1.0, 0.2))]).unwrap();
        assert_eq!(drawn.ticks.last().unwrap(), &Tick { at: "1.00%".into(), label: "−1.0".into() });
    }

    #[test]
    fn nothing_is_drawn_of_what_is_not_defined() {
        let none = Line { value: None, ..line(0.0, 0.0, 0.0) };
        assert_eq!(Intervals::of([("α".to_owned(), &none)]), None);
    }

    #[test]
    fn the_fullest_field_is_the_darkest() {
        let mut ratings = Ratings::empty(Level::Nominal, 2, 2, Vec::new());
        for (a, b) in [(0, 0), (0, 0), (0, 1)] {
            ratings.push([Cell { rater: 0, code: a }, Cell { rater: 1, code: b }]);
        }
        let squares = Squares::of(&coincidences(&ratings));
        let shades: Vec<&str> = squares.fields.iter().map(|field| field.shade.as_str()).collect();
        assert_eq!(shades, ["1.00", "0.25", "0.25", "0.00"]);
        assert_eq!((squares.fields[0].is_dark, squares.fields[0].is_same), (true, true));
        assert_eq!(squares.fields[1].count, "1");
        assert_eq!(squares.fields[3].x, "54.00%");
    }

    #[test]
    fn counts_are_whole_where_they_are() {
        assert_eq!((count_of(3.0), count_of(0.5), count_of(0.0)), ("3".into(), "0.5".into(), "0".into()));
    }
}
