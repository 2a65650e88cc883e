//! A row of a table as it is read: what was given for a unit, without the places of those who gave nothing.

use std::fmt;

use serde::de::{SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

/// A rating as it was given.
#[derive(Clone, Debug, PartialEq)]
pub enum Label {
    Number(f64),
    Text(String),
}

/// Read as it comes: what `serde` makes for untagged enums keeps a copy of each value first, which a million would feel.
impl<'de> Deserialize<'de> for Label {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(LabelVisitor)
    }
}

struct LabelVisitor;

#[expect(
    clippy::cast_precision_loss,
    reason = "a rating above 2^53 is the next number that can be told apart"
)]
impl Visitor<'_> for LabelVisitor {
    type Value = Label;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a number or a text")
    }

    fn visit_f64<E>(self, number: f64) -> Result<Label, E> {
        Ok(Label::Number(number))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Label, E> {
        Ok(Label::Number(number as f64))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Label, E> {
        Ok(Label::Number(number as f64))
    }

    fn visit_str<E>(self, text: &str) -> Result<Label, E> {
        Ok(Label::Text(text.to_owned()))
    }

    fn visit_string<E>(self, text: String) -> Result<Label, E> {
        Ok(Label::Text(text))
    }
}

/// What was given for a unit. A table in which few of many raters rated each unit is mostly empty: what is empty takes no room.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    length: usize,
    given: Vec<(u32, Label)>,
}

impl Row {
    /// How many raters it has a place for.
    #[must_use]
    pub const fn length(&self) -> usize {
        self.length
    }

    /// What was given, with the numbers of the raters, from 0 on.
    pub fn given(&self) -> impl Iterator<Item = (u32, &Label)> {
        self.given.iter().map(|(rater, label)| (*rater, label))
    }
}

impl FromIterator<Option<Label>> for Row {
    fn from_iter<I: IntoIterator<Item = Option<Label>>>(labels: I) -> Self {
        let mut row = Self { length: 0, given: Vec::new() };
        for (rater, label) in (0..).zip(labels) {
            row.length += 1;
            row.given.extend(label.map(|label| (rater, label)));
        }
        row
    }
}

impl<'de> Deserialize<'de> for Row {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(RowVisitor)
    }
}

struct RowVisitor;

impl<'de> Visitor<'de> for RowVisitor {
    type Value = Row;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a list with a value or null for each rater")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut labels: A) -> Result<Row, A::Error> {
        let mut failure = None;
        let labels = std::iter::from_fn(|| {
            labels.next_element().unwrap_or_else(|error| {
                failure = Some(error);
                None
            })
        });
        let row = labels.collect();
        failure.map_or(Ok(row), Err)
    }
}
