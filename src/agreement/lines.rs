//! Coefficients as pages print them.

use crate::reviews::agreement::bootstrap::{Estimate, Interval, estimate};
use crate::reviews::agreement::{Coefficient, Ratings};

/// One coefficient of one table.
#[derive(Clone, PartialEq, Debug)]
pub struct Line {
    pub coefficient: Coefficient,
    pub value: Option<f64>,
    pub interval: Option<Interval>,
    /// How many items two or more have rated.
    pub items: usize,
}

impl Line {
    /// The value with three digits, or a share in per cent.
    pub fn value(&self) -> String {
        self.value.map_or_else(|| "not defined".to_owned(), |value| self.written(value))
    }

    /// Both ends of the interval.
    pub fn interval(&self) -> String {
        self.interval.map_or_else(
            || "none".to_owned(),
            |Interval { low, high }| format!("{} to {}", self.written(low), self.written(high)),
        )
    }

    fn written(&self, value: f64) -> String {
        if self.coefficient == Coefficient::Percent {
            format!("{:.1} %", value * 100.0)
        } else {
            figure(value)
        }
    }
}

/// A coefficient with three digits, and a minus sign that is one.
pub fn figure(value: f64) -> String {
    let written = format!("{value:.3}");
    match written.strip_prefix('-') {
        Some("0.000") => "0.000".to_owned(),
        Some(digits) => format!("−{digits}"),
        None => written,
    }
}

/// The coefficients that ask only whether ratings are equal.
pub const EQUALITY: [Coefficient; 7] = [
    Coefficient::AlphaNominal,
    Coefficient::Cohen,
    Coefficient::Scott,
    Coefficient::Fleiss,
    Coefficient::Ac1,
    Coefficient::BrennanPrediger,
    Coefficient::Percent,
];

/// Those that ask how far apart they are.
pub const DISTANCE: [Coefficient; 3] =
    [Coefficient::AlphaOrdinal, Coefficient::AlphaInterval, Coefficient::AlphaRatio];

/// Measures the coefficients of a table.
pub fn lines(ratings: &Ratings, wanted: &[Coefficient], resamples: usize) -> Vec<Line> {
    let items = ratings.compared();
    let line = |estimate: Estimate| Line {
        coefficient: estimate.coefficient,
        value: estimate.value,
        interval: estimate.interval,
        items,
    };
    estimate(ratings, wanted, resamples).into_iter().map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_have_three_digits_and_no_negative_nothing() {
        assert_eq!(figure(0.7434), "0.743");
        assert_eq!(figure(-0.12), "−0.120");
        assert_eq!(figure(-0.0002), "0.000");
        assert_eq!(figure(1.0), "1.000");
    }

    #[test]
    fn a_share_is_in_per_cent_and_what_is_not_there_is_said() {
        let interval = Some(Interval { low: 0.5, high: 1.0 });
        let share = Line { coefficient: Coefficient::Percent, value: Some(0.875), interval, items: 8 };
        assert_eq!((share.value(), share.interval()), ("87.5 %".to_owned(), "50.0 % to 100.0 %".to_owned()));
        let none = Line { coefficient: Coefficient::Cohen, value: None, interval: None, items: 0 };
        assert_eq!((none.value(), none.interval()), ("not defined".to_owned(), "none".to_owned()));
    }
}
