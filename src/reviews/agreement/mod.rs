//! How far people who judged the same things agree, and how much of it is more than chance.
//!
//! A [`Ratings`] table has a row for each unit that was judged and a column for each rater; nobody has to have judged
//! everything. [`measure`] gives the coefficients that the field reports, each `None` where it is not defined: with one
//! category only, for instance, there is no chance agreement to compare with.

mod alpha;
mod chance;
pub mod filter;
mod ratings;

pub use ratings::{Label, Level, Ratings, Unusable};

use serde::Serialize;

/// The coefficients of one table.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Values {
    /// Krippendorff's α for names: <https://repository.upenn.edu/handle/20.500.14332/2089>.
    pub krippendorff_alpha_nominal: Option<f64>,
    /// The same for ranks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub krippendorff_alpha_ordinal: Option<f64>,
    /// The same for numbers whose differences count.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub krippendorff_alpha_interval: Option<f64>,
    /// The same for numbers with a true zero.
    #[serde(skip_serializing_if = "Option::is_none")]
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
    let alpha = |level: Level| if level <= ratings.level() { alpha::alpha(ratings, level) } else { None };
    let shares = chance::Shares::of(ratings);
    Values {
        krippendorff_alpha_nominal: alpha(Level::Nominal),
        krippendorff_alpha_ordinal: alpha(Level::Ordinal),
        krippendorff_alpha_interval: alpha(Level::Interval),
        krippendorff_alpha_ratio: alpha(Level::Ratio),
        fleiss_kappa: shares.fleiss(),
        gwet_ac1: shares.ac1(),
        cohen_kappa: chance::cohen(ratings),
        scott_pi: chance::scott(ratings),
        conger_kappa: shares.conger(),
        brennan_prediger: shares.brennan_prediger(),
        percent_agreement_pairwise_mean_over_units: shares.agreement(),
    }
}

#[cfg(test)]
mod tests;
