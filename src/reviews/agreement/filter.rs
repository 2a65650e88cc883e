//! `factdesk text agreement`: tables of ratings in, coefficients out.

use serde::Deserialize;
use serde_json::{Value, json};

use super::{Label, Level, Ratings, measure};

/// A line of input.
#[derive(Debug, Deserialize)]
pub struct Table {
    #[serde(default)]
    name: Value,
    #[serde(default)]
    level: Level,
    category_order: Option<Vec<Label>>,
    /// A row a unit, a column a rater, null for what was not rated.
    ratings: Vec<Vec<Option<Label>>>,
}

/// The coefficients of a table, or what is wrong with it.
#[must_use]
pub fn answer(table: &Table) -> Value {
    let name = &table.name;
    match Ratings::new(table.level, table.category_order.as_deref(), &table.ratings) {
        Ok(ratings) => json!({ "name": name, "values": measure(&ratings) }),
        Err(unusable) => json!({ "name": name, "error": unusable.to_string() }),
    }
}
