//! The table of who rated what how.

use std::collections::{HashMap, HashSet};

use serde::{Deserialize, Serialize};

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

/// A rating as it was given.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Label {
    Number(f64),
    Text(String),
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

/// A row for each unit, a column for each rater.
#[derive(Clone, Debug)]
pub struct Ratings {
    level: Level,
    raters: usize,
    /// What each category is worth at [`Level::Interval`] and above; empty below.
    worth: Vec<f64>,
    /// How many categories there are.
    categories: usize,
    /// Row by row; categories are numbered in their order where they have one.
    cells: Vec<Option<u16>>,
}

impl Ratings {
    /// A table. Without an order of categories, they are those that occur: numbers in their own order, texts in none.
    ///
    /// # Errors
    /// [`Unusable`] when the rows do not fit each other, the order, or the level.
    pub fn new(level: Level, order: Option<&[Label]>, rows: &[Vec<Option<Label>>]) -> Result<Self, Unusable> {
        let raters = rows.first().map_or(0, Vec::len);
        if let Some(row) = rows.iter().position(|row| row.len() != raters) {
            return Err(Unusable::Ragged(row + 1));
        }
        let is_number = |label: &Label| matches!(label, Label::Number(_));
        if level >= Level::Interval {
            let wrong = |row: &Vec<Option<Label>>| row.iter().flatten().any(|label| !is_number(label));
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
        let mut cells = Vec::with_capacity(rows.len() * raters);
        for (number, row) in rows.iter().enumerate() {
            for label in row {
                let code = label.as_ref().map(|label| codes.get(&Key::of(label)).copied());
                cells.push(code.map(|code| code.ok_or(Unusable::Unlisted(number + 1))).transpose()?);
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
        Ok(Self { level, raters, worth, categories: labels.len(), cells })
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

    /// The ratings of each unit, a place a rater.
    pub fn rows(&self) -> impl Iterator<Item = &[Option<u16>]> {
        self.cells.chunks_exact(self.raters.max(1))
    }
}

/// The different ratings that occur: numbers first and in order.
fn occurring(rows: &[Vec<Option<Label>>]) -> Vec<Label> {
    let mut seen = HashSet::new();
    let mut labels: Vec<Label> =
        rows.iter().flatten().flatten().filter(|label| seen.insert(Key::of(label))).cloned().collect();
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
