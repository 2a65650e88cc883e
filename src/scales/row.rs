//! One value in the form of a scale.

use super::value::{Colour, Kind, Numbers, RatingValue, Shape};
use crate::web::problems::Problems;

/// The labels of the `AVeriTeC` data set (<https://fever.ai/dataset/averitec.html>).
pub const AVERITEC: [&str; 4] =
    ["Supported", "Refuted", "Not Enough Evidence", "Conflicting Evidence/Cherrypicking"];

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

impl Row<'_> {
    pub(super) fn parse(
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
