//! The table of who rated what how.

use std::collections::{HashMap, HashSet};

use serde::{Deserialize, Serialize};

use super::row::{Label, Row};

/// What differences between ratings mean; each level includes those before it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Equal or not.
    #[default]
    Nominal,
    /// Ranks.
    Ordinal,
    /// Numbers whose differences count.
    Interval,
    /// Numbers with a true zero, whose proportions count.
    Ratio,
}

/// Why a table cannot be measured.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unusable {
    #[error("Row {0} of the ratings is not as long as the first: give every row one value or null a rater.")]
    Ragged(usize),
    #[error("Row {0} of the ratings has a value that is not in \"category_order\".")]
    Unlisted(usize),
    #[error("\"category_order\" names a category twice.")]
    Twice,
    #[error("Ratings of this level are numbers; row {0} has none.")]
    NoNumber(usize),
    #[error("The order of the categories is not known: give \"category_order\", or numbers as ratings.")]
    NoOrder,
    #[error("There are more than 65,535 different ratings.")]
    TooManyCategories,
}

/// Who gave a unit which rating.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Cell {
    pub rater: u32,
    pub code: u16,
}

/// A row for each unit, with what raters gave it.
#[derive(Clone, Debug)]
pub struct Ratings {
    level: Level,
    raters: usize,
    /// What each category is worth at [`Level::Interval`] and above; empty below.
    worth: Vec<f64>,
    /// How many categories there are.
    categories: usize,
    /// Row by row, and in each by rater; categories are numbered in their order where they have one.
    cells: Vec<Cell>,
    /// Where the cells of each row end.
    ends: Vec<usize>,
}

impl Ratings {
    /// A table without rows, of raters and categories that are numbered already. `worth` says what each category is worth
    /// and is only needed from [`Level::Interval`] on.
    #[must_use]
    pub const fn empty(level: Level, raters: usize, categories: usize, worth: Vec<f64>) -> Self {
        Self { level, raters, worth, categories, cells: Vec::new(), ends: Vec::new() }
    }

    /// Adds a unit with what raters gave it, each at most once.
    pub fn push(&mut self, cells: impl IntoIterator<Item = Cell>) {
        let begin = self.cells.len();
        self.cells.extend(cells);
        self.cells[begin..].sort_unstable_by_key(|cell| cell.rater);
        self.ends.push(self.cells.len());
    }

    /// A table. Without an order of categories, they are those that occur: numbers in their own order, texts in none.
    ///
    /// # Errors
    /// [`Unusable`] when the rows do not fit each other, the order, or the level.
    pub fn new(level: Level, order: Option<&[Label]>, rows: &[Row]) -> Result<Self, Unusable> {
        let raters = rows.first().map_or(0, Row::length);
        if let Some(row) = rows.iter().position(|row| row.length() != raters) {
            return Err(Unusable::Ragged(row + 1));
        }
        let is_number = |label: &Label| matches!(label, Label::Number(_));
        if level >= Level::Interval {
            let wrong = |row: &Row| row.given().any(|(_, label)| !is_number(label));
            if let Some(row) = rows.iter().position(wrong) {
                return Err(Unusable::NoNumber(row + 1));
            }
        }
        let labels = match order {
            Some(order) => order.to_vec(),
            None => occurring(rows),
        };
        if level == Level::Ordinal && order.is_none() && !labels.iter().all(is_number) {
            return Err(Unusable::NoOrder);
        }
        let mut codes = HashMap::with_capacity(labels.len());
        for label in &labels {
            let code = u16::try_from(codes.len()).map_err(|_| Unusable::TooManyCategories)?;
            if codes.insert(Key::of(label), code).is_some() {
                return Err(Unusable::Twice);
            }
        }
        let worth = match level {
            Level::Nominal | Level::Ordinal => Vec::new(),
            Level::Interval | Level::Ratio => labels
                .iter()
                .map(|label| match label {
                    Label::Number(number) => *number,
                    Label::Text(_) => f64::NAN, // listed, but no row has it
                })
                .collect(),
        };
        let mut ratings = Self::empty(level, raters, labels.len(), worth);
        let mut cells = Vec::with_capacity(raters);
        for (number, row) in rows.iter().enumerate() {
            cells.clear();
            for (rater, label) in row.given() {
                let code = *codes.get(&Key::of(label)).ok_or(Unusable::Unlisted(number + 1))?;
                cells.push(Cell { rater, code });
            }
            ratings.push(cells.drain(..));
        }
        Ok(ratings)
    }

    /// What differences mean here.
    #[must_use]
    pub const fn level(&self) -> Level {
        self.level
    }

    /// How many raters there are.
    #[must_use]
    pub const fn raters(&self) -> usize {
        self.raters
    }

    /// How many categories could have been chosen.
    #[must_use]
    pub const fn categories(&self) -> usize {
        self.categories
    }

    /// What each category is worth as a number.
    #[must_use]
    pub fn worth(&self) -> &[f64] {
        &self.worth
    }

    /// How many ratings there are.
    #[must_use]
    pub const fn given(&self) -> usize {
        self.cells.len()
    }

    /// How many units two or more have rated: only those tell of agreement.
    #[must_use]
    pub fn compared(&self) -> usize {
        self.rows().filter(|row| row.len() > 1).count()
    }

    /// What raters gave each unit, by rater.
    pub fn rows(&self) -> impl Iterator<Item = &[Cell]> {
        let begins = std::iter::once(&0).chain(&self.ends);
        begins.zip(&self.ends).map(|(begin, end)| &self.cells[*begin..*end])
    }

    /// What two raters gave the units that both rated, as raters 0 and 1.
    #[must_use]
    pub fn of_pair(&self, pair: [u32; 2]) -> Self {
        let mut both = Self::empty(self.level, 2, self.categories, self.worth.clone());
        for row in self.rows() {
            let of = |rater| row.iter().find(|cell| cell.rater == rater).map(|cell| cell.code);
            if let (Some(a), Some(b)) = (of(pair[0]), of(pair[1])) {
                both.push([Cell { rater: 0, code: a }, Cell { rater: 1, code: b }]);
            }
        }
        both
    }
}

/// The different ratings that occur: numbers first and in order.
fn occurring(rows: &[Row]) -> Vec<Label> {
    let mut seen = HashSet::new();
    let mut labels: Vec<Label> = rows
        .iter()
        .flat_map(Row::given)
        .map(|(_, label)| label)
        .filter(|label| seen.insert(Key::of(label)))
        .cloned()
        .collect();
    labels.sort_by(|a, b| match (a, b) {
        (Label::Number(a), Label::Number(b)) => a.total_cmp(b),
        (Label::Number(_), Label::Text(_)) => std::cmp::Ordering::Less,
        (Label::Text(_), Label::Number(_)) => std::cmp::Ordering::Greater,
        (Label::Text(a), Label::Text(b)) => a.cmp(b),
    });
    labels
}

/// A label as a key: equal numbers are one category.
#[derive(PartialEq, Eq, Hash)]
enum Key<'a> {
    Number(u64),
    Text(&'a str),
}

impl<'a> Key<'a> {
    fn of(label: &'a Label) -> Self {
        match label {
            // Adding zero makes one zero of two.
            Label::Number(number) => Self::Number((number + 0.0).to_bits()),
            Label::Text(text) => Self::Text(text),
        }
    }
}
