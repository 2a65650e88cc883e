//! `factdesk text agreement` and `factdesk text unitizing`: tables of ratings, or what people marked in texts, in;
//! coefficients out.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Value, json};

use super::unitizing::{self, Lengths};
use super::{Label, Level, Ratings, Row, measure};

/// A line of input.
#[derive(Debug, Deserialize)]
pub struct Table {
    #[serde(default)]
    name: Value,
    #[serde(default)]
    level: Level,
    category_order: Option<Vec<Label>>,
    /// A row a unit, a column a rater, null for what was not rated.
    ratings: Vec<Row>,
}

/// The coefficients of a table, or what is wrong with it.
#[must_use]
pub fn answer(table: &Table) -> Value {
    let name = &table.name;
    match Ratings::new(table.level, table.category_order.as_deref(), &table.ratings) {
        Ok(ratings) => {
            let mut values = json!(measure(&ratings));
            let above = ABOVE_NOMINAL.iter().filter(|(level, _)| *level > ratings.level());
            for (_, alpha) in above {
                values.as_object_mut().map(|values| values.remove(*alpha));
            }
            json!({ "name": name, "values": values })
        }
        Err(unusable) => json!({ "name": name, "error": unusable.to_string() }),
    }
}

/// What only tables of such a level have.
const ABOVE_NOMINAL: [(Level, &str); 3] = [
    (Level::Ordinal, "krippendorff_alpha_ordinal"),
    (Level::Interval, "krippendorff_alpha_interval"),
    (Level::Ratio, "krippendorff_alpha_ratio"),
];

/// A line of input about marked texts.
#[derive(Debug, Deserialize)]
pub struct Marked {
    #[serde(default)]
    name: Value,
    texts: Vec<Text>,
}

/// A text that several went through.
#[derive(Debug, Deserialize)]
struct Text {
    /// Code points.
    length: u32,
    /// For each of them what they marked: start, end and value.
    observers: Vec<Vec<(u32, u32, String)>>,
}

/// The coefficients of who marked what: over all texts of the line together.
#[must_use]
pub fn unitized(marked: &Marked) -> Value {
    let mut values = BTreeMap::new();
    for (_, _, value) in marked.texts.iter().flat_map(|text| &text.observers).flatten() {
        let next = values.len();
        values.entry(value.as_str()).or_insert(next);
    }
    let mut sum = Lengths::none(values.len());
    for text in &marked.texts {
        let unit = |(start, end, value): &(u32, u32, String)| unitizing::Unit {
            range: *start..*end,
            value: values[value.as_str()],
        };
        let observers = text.observers.iter().map(|units| units.iter().map(unit).collect()).collect();
        let continuum = unitizing::Continuum { length: text.length, observers };
        sum.add(&Lengths::of(&continuum, values.len()), 1.0);
    }
    let values =
        json!({ "krippendorff_u_alpha_nominal": sum.nominal(), "krippendorff_u_alpha_binary": sum.binary() });
    json!({ "name": &marked.name, "values": values })
}
