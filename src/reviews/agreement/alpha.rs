//! Krippendorff's α: one minus what raters differ, as a share of what ratings dealt out at random would differ.
//! Source: K. Krippendorff, Computing Krippendorff's Alpha-Reliability, 2011.

use super::ratings::Level;
use super::sample::{Run, Sample};

/// α of a table at a level that it has; `None` when all ratings that can be compared are equal, or there are none.
#[must_use]
pub fn alpha(sample: Sample<'_>, level: Level) -> Option<f64> {
    // Only units that two have rated say something.
    let units = || sample.units().filter(|unit| unit.size > 1.0);
    let mut counts = vec![0.0; sample.ratings().categories()];
    for unit in units() {
        for run in unit.runs {
            counts[usize::from(run.code)] += run.count * unit.weight;
        }
    }
    let all: f64 = counts.iter().sum();
    let scale = Scale::new(level, &counts, sample.ratings().worth());
    let expected = scale.differences(counts.iter().copied().enumerate().filter(|(_, count)| *count > 0.0));
    let observed: f64 = units()
        .map(|unit| unit.weight * scale.differences(unit.runs.iter().map(Run::counted)) / (unit.size - 1.0))
        .sum();
    let ratio = observed * (all - 1.0) / expected;
    (expected > 0.0 && ratio.is_finite()).then_some(1.0 - ratio)
}

/// How far categories lie apart.
enum Scale<'a> {
    Nominal,
    /// At a place on a line: the square of the distance. Ranks are such places too: the middle of the ratings that are
    /// equal, so that the distance of two counts the ratings between them.
    Line(Vec<f64>),
    Ratio(&'a [f64]),
}

impl<'a> Scale<'a> {
    fn new(level: Level, counts: &[f64], worth: &'a [f64]) -> Self {
        match level {
            Level::Nominal => Self::Nominal,
            Level::Ordinal => {
                let mut below = 0.0;
                let middle = |count: &f64| {
                    below += count;
                    below - count / 2.0
                };
                Self::Line(counts.iter().map(middle).collect())
            }
            Level::Interval => Self::Line(worth.to_vec()),
            Level::Ratio => Self::Ratio(worth),
        }
    }

    /// The sum of the differences of all ordered pairs of these ratings, given as categories with their counts.
    fn differences(&self, counted: impl Iterator<Item = (usize, f64)> + Clone) -> f64 {
        let all: f64 = counted.clone().map(|(_, count)| count).sum();
        match self {
            Self::Nominal => all * all - counted.map(|(_, count)| count * count).sum::<f64>(),
            Self::Line(places) => {
                let mean = counted.clone().map(|(code, count)| count * places[code]).sum::<f64>() / all;
                let squares: f64 = counted.map(|(code, count)| count * (places[code] - mean).powi(2)).sum();
                2.0 * all * squares
            }
            Self::Ratio(worth) => {
                let mut sum = 0.0;
                for (number, (a, of_a)) in counted.clone().enumerate() {
                    for (b, of_b) in counted.clone().take(number) {
                        sum += 2.0 * of_a * of_b * ((worth[a] - worth[b]) / (worth[a] + worth[b])).powi(2);
                    }
                }
                sum
            }
        }
    }
}
