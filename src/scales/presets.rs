//! The scales that every new desk begins with, from `presets/scales.json`.

use serde::Deserialize;
use sqlx::PgConnection;

use super::value::{Colour, Kind, Numbers, RatingValue, Shape};
use super::write;
use crate::audit::Change;
use crate::error::{Error, Result};
use crate::id::ScaleId;

/// The scale that a desk uses until it chooses another.
const DEFAULT: &str = "seven_values";

#[derive(Deserialize)]
struct Preset {
    code: String,
    name: String,
    kind: Kind,
    description: String,
    values: Vec<PresetValue>,
}

#[derive(Deserialize)]
struct PresetValue {
    code: String,
    label: String,
    definition: String,
    shape: Shape,
    colour: Colour,
    cr_value: Option<i32>,
    cr_best: Option<i32>,
    cr_worst: Option<i32>,
    averitec: Option<String>,
}

impl From<PresetValue> for RatingValue {
    fn from(value: PresetValue) -> Self {
        let numbers = value
            .cr_value
            .zip(value.cr_best)
            .zip(value.cr_worst)
            .and_then(|((value, best), worst)| Numbers::new(value, best, worst));
        Self {
            code: value.code,
            label: value.label,
            definition: value.definition,
            shape: value.shape,
            colour: value.colour,
            numbers,
            averitec: value.averitec,
        }
    }
}

fn presets() -> Vec<Preset> {
    serde_json::from_str(include_str!("../../presets/scales.json"))
        .expect("the text is built in, and a test has parsed it")
}

/// Gives a new desk every preset and makes the one with seven values its default. `change` is the making of the desk.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn install_presets(conn: &mut PgConnection, change: &Change) -> Result<()> {
    install(conn, change, DEFAULT).await
}

/// [`install_presets`] with another default, by its code.
///
/// # Errors
/// When PostgreSQL fails, and [`Error::NotFound`] when there is no such preset.
pub async fn install(conn: &mut PgConnection, change: &Change, default: &str) -> Result<()> {
    let mut chosen = None;
    for preset in presets() {
        let id = ScaleId::new();
        let values: Vec<RatingValue> = preset.values.into_iter().map(Into::into).collect();
        write::add(conn, change, id, &preset.name, preset.kind).await?;
        write::add_version(conn, change, id, 1, &preset.description, &values).await?;
        if preset.code == default {
            chosen = Some(id);
        }
    }
    write::set_default(conn, change, chosen.ok_or(Error::NotFound("preset"))?).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_presets_can_be_read_and_their_numbers_hold() {
        let presets = presets();
        assert_eq!(presets.len(), 7);
        assert!(presets.iter().any(|preset| preset.code == DEFAULT && preset.values.len() == 7));
        for preset in presets {
            assert_eq!(preset.values.is_empty(), preset.kind == Kind::None, "{}", preset.code);
            for value in preset.values {
                let given = value.cr_value.is_some();
                let value = RatingValue::from(value);
                assert_eq!(value.numbers.is_some(), given, "{}", value.code);
                assert!(given <= (preset.kind == Kind::Ordinal), "{}", value.code);
            }
        }
    }
}
