//! One value of a scale: its words, its looks, its numbers.

use serde::Serialize;

use crate::codes::codes;

codes! {
    /// What the values of a scale are to each other.
    Kind {
        Ordinal = "ordinal", "in order, from best to worst";
        Nominal = "nominal", "without order";
        None = "none", "no ratings, words only";
    }

    /// The sign of a rating. It says the same as the colour, for those who do not see it.
    Shape {
        Tick = "tick", "tick";
        HalfTick = "half_tick", "half tick";
        TwoWay = "two_way", "two-way arrow";
        Warning = "warning", "warning triangle";
        Cross = "cross", "cross";
        Question = "question", "question mark";
    }

    /// The colour of a rating.
    Colour {
        Green = "green", "green";
        Lime = "lime", "lime";
        Amber = "amber", "amber";
        Orange = "orange", "orange";
        Red = "red", "red";
        Grey = "grey", "grey";
    }
}

impl Shape {
    /// The class that draws it (`docs/design-system.md`, Ratings).
    #[must_use]
    pub const fn class(self) -> &'static str {
        match self {
            Self::Tick => "v-true",
            Self::HalfTick => "v-mostly-true",
            Self::TwoWay => "v-mixed",
            Self::Warning => "v-misleading",
            Self::Cross => "v-false",
            Self::Question => "v-unproven",
        }
    }
}

impl Colour {
    /// The class that gives a shape this colour.
    #[must_use]
    pub const fn class(self) -> &'static str {
        match self {
            Self::Green => "c-green",
            Self::Lime => "c-lime",
            Self::Amber => "c-amber",
            Self::Orange => "c-orange",
            Self::Red => "c-red",
            Self::Grey => "c-grey",
        }
    }
}

/// The numbers of a value that stands on a scale of numbers, as `ClaimReview` publishes them: 1 or more is the worst, and
/// a value outside of the steps has none (<https://developers.google.com/search/docs/appearance/structured-data/factcheck>).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
pub struct Numbers {
    pub value: i32,
    pub best: i32,
    pub worst: i32,
}

impl Numbers {
    /// The numbers, if they fit each other.
    #[must_use]
    pub fn new(value: i32, best: i32, worst: i32) -> Option<Self> {
        (worst >= 1 && worst < best && (worst..=best).contains(&value)).then_some(Self { value, best, worst })
    }
}

/// One value of a scale.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct RatingValue {
    pub code: String,
    pub label: String,
    pub definition: String,
    pub shape: Shape,
    pub colour: Colour,
    /// Empty when the value stands outside of the steps.
    pub numbers: Option<Numbers>,
    /// The `AVeriTeC` label that means the same.
    pub averitec: Option<String>,
}

impl RatingValue {
    /// The classes that draw it.
    #[must_use]
    pub fn class(&self) -> String {
        format!("{} {}", self.shape.class(), self.colour.class())
    }
}

/// A rating as lists, marks and pages show it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Badge {
    pub label: String,
    /// The classes that draw it.
    pub class: String,
}

impl Badge {
    /// The badge of a rating's columns; nothing where there is no rating.
    #[must_use]
    pub fn of(label: Option<String>, shape: Option<&str>, colour: Option<&str>) -> Option<Self> {
        let (shape, colour) = (Shape::parse(shape?)?, Colour::parse(colour?)?);
        Some(Self { label: label?, class: format!("{} {}", shape.class(), colour.class()) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_lie_between_worst_and_best() {
        assert!(Numbers::new(3, 5, 1).is_some());
        assert!(Numbers::new(5, 5, 1).is_some());
        for (value, best, worst) in [(0, 5, 0), (6, 5, 1), (1, 1, 1), (0, 5, 1), (2, 1, 3)] {
            assert!(Numbers::new(value, best, worst).is_none(), "{value} {best} {worst}");
        }
    }
}
