//! The form that makes a scale, or its next version.

use serde::Deserialize;

use super::row::Row;
use super::store::Scale;
use super::value::{Kind, RatingValue};
use crate::web::problems::Problems;

/// How many values a scale has at most: each has a key from 1 to 9.
pub const VALUES_MAX: usize = 9;

/// What was typed. The fields of a value come as often as there are values, blank ones included.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScaleForm {
    /// The number of the version that was changed; empty for a new scale.
    #[serde(default)]
    pub version: i32,
    #[serde(default)]
    pub name: String,
    #[serde(default)]
    pub kind: String,
    #[serde(default)]
    pub description: String,
    #[serde(default)]
    pub worst: String,
    #[serde(default)]
    pub best: String,
    #[serde(default)]
    pub code: Vec<String>,
    #[serde(default)]
    pub label: Vec<String>,
    #[serde(default)]
    pub definition: Vec<String>,
    #[serde(default)]
    pub shape: Vec<String>,
    #[serde(default)]
    pub colour: Vec<String>,
    #[serde(default)]
    pub value: Vec<String>,
    #[serde(default)]
    pub averitec: Vec<String>,
}

/// What the form says, once it holds.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Values {
    pub name: String,
    pub kind: Kind,
    pub description: String,
    pub values: Vec<RatingValue>,
}

impl ScaleForm {
    /// An empty form.
    #[must_use]
    pub fn blank() -> Self {
        Self {
            version: 0,
            name: String::new(),
            kind: Kind::Ordinal.as_str().to_owned(),
            description: String::new(),
            worst: String::new(),
            best: String::new(),
            code: Vec::new(),
            label: Vec::new(),
            definition: Vec::new(),
            shape: Vec::new(),
            colour: Vec::new(),
            value: Vec::new(),
            averitec: Vec::new(),
        }
    }

    /// The form that shows a scale as it is.
    #[must_use]
    pub fn of(scale: &Scale) -> Self {
        let numbers = scale.values.iter().find_map(|value| value.numbers);
        let each = |field: fn(&RatingValue) -> String| scale.values.iter().map(field).collect();
        Self {
            version: scale.number,
            name: scale.name.clone(),
            kind: scale.kind.as_str().to_owned(),
            description: scale.description.clone(),
            worst: numbers.map_or_else(String::new, |numbers| numbers.worst.to_string()),
            best: numbers.map_or_else(String::new, |numbers| numbers.best.to_string()),
            code: each(|value| value.code.clone()),
            label: each(|value| value.label.clone()),
            definition: each(|value| value.definition.clone()),
            shape: each(|value| value.shape.as_str().to_owned()),
            colour: each(|value| value.colour.as_str().to_owned()),
            value: each(|value| value.numbers.map_or_else(String::new, |numbers| numbers.value.to_string())),
            averitec: each(|value| value.averitec.clone().unwrap_or_default()),
        }
    }

    /// The rows to show: what was typed, and blank ones up to the most there can be.
    #[must_use]
    pub fn rows(&self) -> Vec<Row<'_>> {
        (0..VALUES_MAX.max(self.label.len())).map(|row| self.row(row)).collect()
    }

    fn row(&self, row: usize) -> Row<'_> {
        fn at(field: &[String], row: usize) -> &str {
            field.get(row).map_or("", |text| text.trim())
        }
        Row {
            code: at(&self.code, row),
            label: at(&self.label, row),
            definition: at(&self.definition, row),
            shape: at(&self.shape, row),
            colour: at(&self.colour, row),
            value: at(&self.value, row),
            averitec: at(&self.averitec, row),
        }
    }

    /// What the form says.
    ///
    /// # Errors
    /// What is wrong, by the ids of the fields; those of the values end with the number of their row.
    pub fn parse(&self) -> Result<Values, Problems> {
        let mut problems = Problems::default();
        let name = self.name.trim().to_owned();
        if name.is_empty() || name.chars().count() > 100 {
            problems.add("name", "Give the scale a name of at most 100 characters.");
        }
        let kind = Kind::parse(&self.kind).unwrap_or(Kind::None);
        let bounds = self.worst.trim().parse().ok().zip(self.best.trim().parse().ok());
        let mut values: Vec<RatingValue> = Vec::new();
        for (number, row) in (0..self.label.len()).map(|row| (row + 1, self.row(row))) {
            if row.label.is_empty() && row.definition.is_empty() {
                continue;
            }
            let value = row.parse(number, kind, bounds, &mut problems);
            if values.iter().any(|other| other.code == value.code || other.label == value.label) {
                problems.add(format!("label-{number}"), "Two values have the same label.");
            }
            values.push(value);
        }
        match (kind, values.len()) {
            (Kind::None, 1..) => problems.add("kind", "A scale without ratings has no values."),
            (Kind::Ordinal | Kind::Nominal, 0 | 1) => {
                problems.add("label-1", "A scale has at least two values.");
            }
            (_, count) if count > VALUES_MAX => problems.add("label-1", "A scale has at most nine values."),
            _ => {}
        }
        let description = self.description.replace("\r\n", "\n").trim().to_owned();
        problems.unless(Values { name, kind, description, values })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(labels: &[&str]) -> ScaleForm {
        let each = |text: &str| vec![text.to_owned(); labels.len()];
        ScaleForm {
            name: "Ours".into(),
            worst: "1".into(),
            best: "3".into(),
            label: labels.iter().map(|&label| label.to_owned()).collect(),
            definition: each("It means that."),
            shape: each("cross"),
            colour: each("red"),
            value: each("2"),
            ..ScaleForm::blank()
        }
    }

    #[test]
    fn a_code_is_made_of_the_label() {
        let values = form(&["Mostly true!", "صحيح", "3 of 4"]).parse().unwrap().values;
        let codes: Vec<_> = values.iter().map(|value| value.code.as_str()).collect();
        assert_eq!(codes, ["mostly_true", "value_2", "v_3_of_4"]);
    }

    #[test]
    fn values_need_words_and_numbers_that_fit() {
        let mut wrong = form(&["True", "False"]);
        wrong.definition[0].clear();
        wrong.value[1] = "4".into();
        let problems = wrong.parse().unwrap_err();
        assert!(problems.of("definition-1").is_some());
        assert!(problems.of("value-2").is_some());
    }

    #[test]
    fn a_scale_has_two_to_nine_different_values_or_none() {
        assert!(form(&["True"]).parse().is_err());
        assert!(form(&["True", "True"]).parse().is_err());
        assert!(form(&["A", "B", "C", "D", "E", "F", "G", "H", "I", "J"]).parse().is_err());
        let none = ScaleForm { kind: "none".into(), ..form(&[]) };
        assert!(none.parse().unwrap().values.is_empty());
        assert!(ScaleForm { kind: "none".into(), ..form(&["True", "False"]) }.parse().is_err());
    }

    #[test]
    fn a_scale_reads_back_from_its_form() {
        let values = form(&["True", "False"]).parse().unwrap();
        let scale = Scale {
            id: crate::id::ScaleId::new(),
            name: values.name.clone(),
            kind: values.kind,
            version: crate::id::ScaleVersionId::new(),
            number: 1,
            description: values.description.clone(),
            values: values.values.clone(),
        };
        assert_eq!(ScaleForm::of(&scale).parse().unwrap(), values);
    }
}
