//! The coefficients that compare the share of equal ratings with the share that chance would bring.

use super::ratings::Ratings;

/// What the coefficients are made of: how often units, raters and everybody chose each category.
pub struct Shares {
    categories: f64,
    /// The mean over units of the share of equal pairs.
    agreement: Option<f64>,
    /// For each category the mean over units of its share.
    of_units: Vec<f64>,
    /// For each rater who rated anything the share of each category.
    of_raters: Vec<Vec<f64>>,
}

impl Shares {
    pub fn of(ratings: &Ratings) -> Self {
        let mut of_units = vec![0.0; ratings.categories()];
        let mut of_raters = vec![vec![0.0; ratings.categories()]; ratings.raters()];
        let (mut units, mut pairs_of_units, mut compared) = (0.0, 0.0, 0.0);
        let mut counts = vec![0.0; ratings.categories()];
        for row in ratings.rows() {
            let rated = || row.iter().flatten().map(|code| usize::from(*code));
            rated().for_each(|code| counts[code] += 1.0);
            let all: f64 = rated().map(|_| 1.0).sum();
            // Each rating has as many equals as its category was chosen besides.
            let equal: f64 = rated().map(|code| counts[code] - 1.0).sum();
            if all > 0.0 {
                units += 1.0;
                rated().for_each(|code| of_units[code] += 1.0 / all);
            }
            if all > 1.0 {
                compared += 1.0;
                pairs_of_units += equal / (all * (all - 1.0));
            }
            rated().for_each(|code| counts[code] = 0.0);
            for (rater, code) in row.iter().enumerate() {
                if let Some(code) = code {
                    of_raters[rater][usize::from(*code)] += 1.0;
                }
            }
        }
        divide(&mut of_units, units);
        of_raters.retain(|shares| shares.iter().sum::<f64>() > 0.0);
        for shares in &mut of_raters {
            let all: f64 = shares.iter().sum();
            divide(shares, all);
        }
        let categories = of_units.iter().map(|_| 1.0).sum();
        let agreement = (compared > 0.0).then(|| pairs_of_units / compared);
        Self { categories, agreement, of_units, of_raters }
    }

    /// The share of equal pairs.
    pub const fn agreement(&self) -> Option<f64> {
        self.agreement
    }

    pub fn fleiss(&self) -> Option<f64> {
        corrected(self.agreement, self.of_units.iter().map(|share| share * share).sum())
    }

    pub fn ac1(&self) -> Option<f64> {
        let mixed: f64 = self.of_units.iter().map(|share| share * (1.0 - share)).sum();
        corrected(self.agreement, mixed / (self.categories - 1.0))
    }

    pub fn brennan_prediger(&self) -> Option<f64> {
        corrected(self.agreement, 1.0 / self.categories)
    }

    pub fn conger(&self) -> Option<f64> {
        let raters: f64 = self.of_raters.iter().map(|_| 1.0).sum();
        let of_category = |category: usize| {
            let shares = || self.of_raters.iter().map(move |shares| shares[category]);
            let mean = shares().sum::<f64>() / raters;
            let variance = shares().map(|share| (share - mean).powi(2)).sum::<f64>() / (raters - 1.0);
            mean * mean - variance / raters
        };
        corrected(self.agreement, (0..self.of_units.len()).map(of_category).sum())
    }
}

fn divide(shares: &mut [f64], all: f64) {
    for share in shares {
        *share /= all;
    }
}

/// How much of the agreement that chance leaves open was reached; `None` when it leaves nothing open.
fn corrected(agreement: Option<f64>, chance: f64) -> Option<f64> {
    agreement.map(|agreement| (agreement - chance) / (1.0 - chance)).filter(|value| value.is_finite())
}

pub fn cohen(ratings: &Ratings) -> Option<f64> {
    let (agreement, [first, second]) = of_two(ratings)?;
    corrected(Some(agreement), first.iter().zip(&second).map(|(a, b)| a * b).sum())
}

pub fn scott(ratings: &Ratings) -> Option<f64> {
    let (agreement, [first, second]) = of_two(ratings)?;
    corrected(Some(agreement), first.iter().zip(&second).map(|(a, b)| ((a + b) / 2.0).powi(2)).sum())
}

/// Of two raters and what both rated: the share of equal ratings, and what share of theirs each category has.
fn of_two(ratings: &Ratings) -> Option<(f64, [Vec<f64>; 2])> {
    if ratings.raters() != 2 {
        return None;
    }
    let mut shares = [vec![0.0; ratings.categories()], vec![0.0; ratings.categories()]];
    let (mut both, mut equal) = (0.0, 0.0);
    for row in ratings.rows() {
        let [Some(a), Some(b)] = row else { continue };
        both += 1.0;
        equal += if a == b { 1.0 } else { 0.0 };
        shares[0][usize::from(*a)] += 1.0;
        shares[1][usize::from(*b)] += 1.0;
    }
    for shares in &mut shares {
        divide(shares, both);
    }
    (both > 0.0).then_some((equal / both, shares))
}
