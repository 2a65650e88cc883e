//! How far people who judged the same things agree, and how much of it is more than chance.
//!
//! A [`Ratings`] table has a row for each unit that was judged and a column for each rater; nobody has to have judged
//! everything. [`measure`] gives the coefficients that the field reports, each `None` where it is not defined: with one
//! category only, for instance, there is no chance agreement to compare with.

mod alpha;
pub mod bootstrap;
mod chance;
pub mod confusion;
pub mod filter;
mod ratings;
mod row;
mod sample;
pub mod unitizing;

pub use ratings::{Cell, Level, Ratings, Unusable};
pub use row::{Label, Row};

use sample::{Different, Sample};
use serde::Serialize;

/// The coefficients of one table.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Values {
    /// Krippendorff's α for names: <https://repository.upenn.edu/handle/20.500.14332/2089>.
    pub krippendorff_alpha_nominal: Option<f64>,
    /// The same for ranks.
    pub krippendorff_alpha_ordinal: Option<f64>,
    /// The same for numbers whose differences count.
    pub krippendorff_alpha_interval: Option<f64>,
    /// The same for numbers with a true zero.
    pub krippendorff_alpha_ratio: Option<f64>,
    /// Fleiss' κ; missing values as in Gwet, Handbook of Inter-Rater Reliability, chapter 2.
    pub fleiss_kappa: Option<f64>,
    /// Gwet's AC1, from the same source.
    pub gwet_ac1: Option<f64>,
    /// Cohen's κ of two raters, over what both judged; `None` for more raters.
    pub cohen_kappa: Option<f64>,
    /// Scott's π of two raters, over what both judged; `None` for more raters.
    pub scott_pi: Option<f64>,
    /// Conger's κ: Cohen's for any number of raters.
    pub conger_kappa: Option<f64>,
    /// Brennan and Prediger's coefficient: chance is one in the number of categories.
    pub brennan_prediger: Option<f64>,
    /// The share of pairs of ratings of a unit that are equal, as a mean over the units with two ratings or more.
    pub percent_agreement_pairwise_mean_over_units: Option<f64>,
}

/// All coefficients of a table: α at its level and at those below it.
#[must_use]
pub fn measure(ratings: &Ratings) -> Values {
    let different = Different::by_rater(ratings);
    Values::of(different.sample(&different.times()))
}

impl Values {
    fn of(sample: Sample<'_>) -> Self {
        let level = sample.ratings().level();
        let alpha = |at: Level| if at <= level { alpha::alpha(sample, at) } else { None };
        let shares = chance::Shares::of(sample);
        let pair = chance::Pair::of(sample);
        Self {
            krippendorff_alpha_nominal: alpha(Level::Nominal),
            krippendorff_alpha_ordinal: alpha(Level::Ordinal),
            krippendorff_alpha_interval: alpha(Level::Interval),
            krippendorff_alpha_ratio: alpha(Level::Ratio),
            fleiss_kappa: shares.fleiss(),
            gwet_ac1: shares.ac1(),
            cohen_kappa: pair.as_ref().and_then(chance::Pair::cohen),
            scott_pi: pair.as_ref().and_then(chance::Pair::scott),
            conger_kappa: shares.conger(sample),
            brennan_prediger: shares.brennan_prediger(),
            percent_agreement_pairwise_mean_over_units: shares.agreement(),
        }
    }

    /// One of those that pages show.
    #[must_use]
    pub const fn get(&self, coefficient: Coefficient) -> Option<f64> {
        match coefficient {
            Coefficient::AlphaNominal => self.krippendorff_alpha_nominal,
            Coefficient::AlphaOrdinal => self.krippendorff_alpha_ordinal,
            Coefficient::AlphaInterval => self.krippendorff_alpha_interval,
            Coefficient::AlphaRatio => self.krippendorff_alpha_ratio,
            Coefficient::Cohen => self.cohen_kappa,
            Coefficient::Scott => self.scott_pi,
            Coefficient::Fleiss => self.fleiss_kappa,
            Coefficient::Ac1 => self.gwet_ac1,
            Coefficient::BrennanPrediger => self.brennan_prediger,
            Coefficient::Percent => self.percent_agreement_pairwise_mean_over_units,
        }
    }
}

/// A coefficient that pages show. (Conger's κ is Cohen's for two, and takes knowing the raters of each unit for more.)
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Coefficient {
    AlphaNominal,
    AlphaOrdinal,
    AlphaInterval,
    AlphaRatio,
    Cohen,
    Scott,
    Fleiss,
    Ac1,
    BrennanPrediger,
    Percent,
}

impl Coefficient {
    /// All of them, in the order in which pages list them.
    pub const ALL: [Self; 10] = [
        Self::AlphaNominal,
        Self::AlphaOrdinal,
        Self::AlphaInterval,
        Self::AlphaRatio,
        Self::Cohen,
        Self::Scott,
        Self::Fleiss,
        Self::Ac1,
        Self::BrennanPrediger,
        Self::Percent,
    ];

    /// Its name.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::AlphaNominal => "Krippendorff’s α, nominal",
            Self::AlphaOrdinal => "Krippendorff’s α, ordinal",
            Self::AlphaInterval => "Krippendorff’s α, interval",
            Self::AlphaRatio => "Krippendorff’s α, ratio",
            Self::Cohen => "Cohen’s κ",
            Self::Scott => "Scott’s π",
            Self::Fleiss => "Fleiss’ κ",
            Self::Ac1 => "Gwet’s AC1",
            Self::BrennanPrediger => "Brennan and Prediger’s κ",
            Self::Percent => "Equal pairs of ratings",
        }
    }

    /// Whether it says something of such a table: α at its level or below, and the coefficients of two for two raters.
    #[must_use]
    pub fn applies(self, ratings: &Ratings) -> bool {
        match self {
            Self::AlphaOrdinal => ratings.level() >= Level::Ordinal,
            Self::AlphaInterval => ratings.level() >= Level::Interval,
            Self::AlphaRatio => ratings.level() >= Level::Ratio,
            Self::Cohen | Self::Scott => ratings.raters() == 2,
            _ => true,
        }
    }
}

#[cfg(test)]
mod tests;
