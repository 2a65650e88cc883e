//! The form that makes a scale, or its next version.

use serde::Deserialize;

use super::store::Scale;
use super::value::{Colour, Kind, Numbers, RatingValue, Shape};
use crate::web::problems::Problems;

/// How many values a scale has at most: each has a key from 1 to 9.
pub const VALUES_MAX: usize = 9;

/// The labels of the `AVeriTeC` data set (<https://fever.ai/dataset/averitec.html>).
pub const AVERITEC: [&str; 4] =
    ["Supported", "Refuted", "Not Enough Evidence", "Conflicting Evidence/Cherrypicking"];

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

/// One row of the form, as it was typed.
#[derive(Clone, Copy, Debug)]
pub struct Row<'a> {
    pub code: &'a str,
    pub label: &'a str,
    pub definition: &'a str,
    pub shape: &'a str,
    pub colour: &'a str,
    pub value: &'a str,
    pub averitec: &'a str,
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

impl Row<'_> {
    fn parse(
        &self,
        number: usize,
        kind: Kind,
        bounds: Option<(i32, i32)>,
        problems: &mut Problems,
    ) -> RatingValue {
        if self.label.is_empty() || self.label.chars().count() > 60 {
            problems.add(format!("label-{number}"), "Give each value a label of at most 60 characters.");
        }
        if self.definition.is_empty() || self.definition.chars().count() > 1000 {
            problems
                .add(format!("definition-{number}"), "Say what the value means, in at most 1000 characters.");
        }
        let code = if self.code.is_empty() { code_of(self.label, number) } else { self.code.to_owned() };
        if !is_code(&code) {
            problems.add(
                format!("code-{number}"),
                "A code is made of a to z, 0 to 9 and _, and begins with a letter.",
            );
        }
        RatingValue {
            code,
            label: self.label.to_owned(),
            definition: self.definition.replace("\r\n", "\n"),
            shape: Shape::parse(self.shape).unwrap_or(Shape::Question),
            colour: Colour::parse(self.colour).unwrap_or(Colour::Grey),
            numbers: self.numbers(number, kind, bounds, problems),
            averitec: AVERITEC.contains(&self.averitec).then(|| self.averitec.to_owned()),
        }
    }

    fn numbers(
        &self,
        number: usize,
        kind: Kind,
        bounds: Option<(i32, i32)>,
        problems: &mut Problems,
    ) -> Option<Numbers> {
        if self.value.is_empty() {
            return None;
        }
        let field = format!("value-{number}");
        if kind != Kind::Ordinal {
            problems.add(field, "Only values in order have numbers.");
            return None;
        }
        let numbers = bounds.zip(self.value.parse().ok());
        let numbers = numbers.and_then(|((worst, best), value)| Numbers::new(value, best, worst));
        if numbers.is_none() {
            problems.add(
                field,
                "The number lies between that of the worst value, at least 1, and that of the best one.",
            );
        }
        numbers
    }
}

/// A code made of a label: what is not a letter or digit of ASCII becomes `_`. Where nothing is left, the row's number is
/// its code.
fn code_of(label: &str, number: usize) -> String {
    let mut code = String::new();
    for c in label.to_lowercase().chars() {
        if c.is_ascii_alphanumeric() {
            code.push(c);
        } else if !code.is_empty() && !code.ends_with('_') {
            code.push('_');
        }
    }
    let code: String = code.trim_end_matches('_').chars().take(38).collect();
    match code.chars().next() {
        None => format!("value_{number}"),
        Some('a'..='z') => code,
        Some(_) => format!("v_{code}"),
    }
}

fn is_code(code: &str) -> bool {
    code.len() <= 40
        && code.starts_with(|c: char| c.is_ascii_lowercase())
        && code.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
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
