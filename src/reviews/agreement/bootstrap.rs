//! How sure a coefficient is: the bootstrap. Units are drawn anew from those there are, with replacement, as many as there
//! are, and measured again; the interval is between the percentiles of what comes out.
//! Source: B. Efron and R. Tibshirani, An Introduction to the Bootstrap, 1993, chapter 13.

use super::sample::Different;
use super::unitizing::Lengths;
use super::{Coefficient, Ratings, Values};

/// How many times units are drawn anew, unless there are very many.
pub const RESAMPLES: usize = 1000;

/// What the draws begin with, so that the same ratings always give the same interval.
pub const SEED: u64 = 1;

/// A table with more ratings is drawn anew less often, and at least [`RESAMPLES_MIN`] times: its intervals are narrow
/// anyway, and nobody should wait for them.
const RATINGS_MAX: usize = 300_000;
const RESAMPLES_MIN: usize = 100;

/// Where a coefficient is in 95 of 100 drawn samples.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interval {
    pub low: f64,
    pub high: f64,
}

/// A coefficient as it is and how sure it is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    pub coefficient: Coefficient,
    /// `None` where it is not defined.
    pub value: Option<f64>,
    /// `None` when it is not defined in half of the samples or more.
    pub interval: Option<Interval>,
}

/// How many times a table, or all tables of a page together, are drawn anew that have so many ratings.
#[must_use]
pub fn resamples(ratings: usize) -> usize {
    if ratings <= RATINGS_MAX { RESAMPLES } else { (RESAMPLES * RATINGS_MAX / ratings).max(RESAMPLES_MIN) }
}

/// Measures a table and how sure it is of each coefficient that is wanted and applies.
#[must_use]
pub fn estimate(ratings: &Ratings, wanted: &[Coefficient], resamples: usize) -> Vec<Estimate> {
    // Only the coefficients of two ask who rated; without that, most units are like others, and measuring is quick.
    let different =
        if ratings.raters() == 2 { Different::by_rater(ratings) } else { Different::by_rating(ratings) };
    let values = Values::of(different.sample(&different.times()));
    let wanted: Vec<Coefficient> =
        wanted.iter().copied().filter(|coefficient| coefficient.applies(ratings)).collect();
    let mut drawn: Vec<Vec<f64>> = wanted.iter().map(|_| Vec::with_capacity(resamples)).collect();
    let units = different.of_units();
    let mut random = Random::new(SEED);
    let mut weights = different.times();
    for _ in 0..resamples {
        weights.fill(0.0);
        for _ in units {
            weights[units[random.below(units.len())] as usize] += 1.0;
        }
        let values = Values::of(different.sample(&weights));
        for (coefficient, drawn) in wanted.iter().zip(&mut drawn) {
            drawn.extend(values.get(*coefficient));
        }
    }
    let estimate = |(coefficient, drawn): (&Coefficient, Vec<f64>)| Estimate {
        coefficient: *coefficient,
        value: values.get(*coefficient),
        interval: interval(drawn, resamples),
    };
    wanted.iter().zip(drawn).map(estimate).collect()
}

/// Measures |uα of texts and how sure it is: with texts drawn anew.
#[must_use]
pub fn unitizing(texts: &[Lengths], values: usize) -> (Option<f64>, Option<Interval>) {
    let mut sum = Lengths::none(values);
    for text in texts {
        sum.add(text, 1.0);
    }
    let value = sum.binary();
    let mut random = Random::new(SEED);
    let drawn = (0..RESAMPLES).filter_map(|_| {
        let mut sum = Lengths::none(values);
        for _ in texts {
            sum.add(&texts[random.below(texts.len())], 1.0);
        }
        sum.binary()
    });
    // One text drawn anew is the same one.
    (value, if texts.len() > 1 { interval(drawn.collect(), RESAMPLES) } else { None })
}

/// Where 95 of 100 of what was drawn lie.
#[must_use]
pub fn interval(mut drawn: Vec<f64>, resamples: usize) -> Option<Interval> {
    if drawn.len() * 2 <= resamples {
        return None;
    }
    drawn.sort_unstable_by(f64::total_cmp);
    Some(Interval { low: percentile(&drawn, 25), high: percentile(&drawn, 975) })
}

/// The value below which so many of a thousand lie, between two neighbours in proportion.
#[expect(clippy::cast_precision_loss, reason = "less than a thousand")]
fn percentile(sorted: &[f64], thousandths: usize) -> f64 {
    let place = (sorted.len() - 1) * thousandths;
    let (below, above) = (place / 1000, place.div_ceil(1000));
    let between = (place % 1000) as f64 / 1000.0;
    sorted[below] + (sorted[above] - sorted[below]) * between
}

/// Numbers that look random: `SplitMix64`, <https://doi.org/10.1145/2714064.2660195>.
#[derive(Debug)]
pub struct Random(u64);

impl Random {
    /// The numbers that follow from a seed.
    #[must_use]
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }

    const fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number from 0 to less than `bound`.
    #[must_use = "the next one is another"]
    pub fn below(&mut self, bound: usize) -> usize {
        let wide = u128::from(self.next()) * (bound as u128);
        usize::try_from(wide >> 64).unwrap_or_default()
    }
}
