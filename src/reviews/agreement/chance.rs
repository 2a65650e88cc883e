//! The coefficients that compare the share of equal ratings with the share that chance would bring.
//! Source: K. Gwet, Handbook of Inter-Rater Reliability, 4th edition (2014), chapters 2 and 3.

use super::sample::Sample;

/// What the coefficients are made of: how often raters were equal, and how often units got each category.
pub struct Shares {
    categories: f64,
    /// The mean over units of the share of equal pairs.
    agreement: Option<f64>,
    /// For each category the mean over units of its share.
    of_units: Vec<f64>,
}

impl Shares {
    pub fn of(sample: Sample<'_>) -> Self {
        let categories = sample.ratings().categories();
        let mut of_units = vec![0.0; categories];
        let (mut units, mut pairs_of_units, mut compared) = (0.0, 0.0, 0.0);
        for unit in sample.units() {
            // Each rating has as many equals as its category was chosen besides.
            let equal: f64 = unit.runs.iter().map(|run| run.count * (run.count - 1.0)).sum();
            if unit.size > 0.0 {
                units += unit.weight;
                for run in unit.runs {
                    of_units[usize::from(run.code)] += unit.weight * run.count / unit.size;
                }
            }
            if unit.size > 1.0 {
                compared += unit.weight;
                pairs_of_units += unit.weight * equal / (unit.size * (unit.size - 1.0));
            }
        }
        divide(&mut of_units, units);
        let categories = of_units.iter().map(|_| 1.0).sum();
        let agreement = (compared > 0.0).then(|| pairs_of_units / compared);
        Self { categories, agreement, of_units }
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

    /// Conger's κ; `None` when the sample does not know the raters.
    pub fn conger(&self, sample: Sample<'_>) -> Option<f64> {
        if !sample.knows_raters() {
            return None;
        }
        // For each rater who rated anything the share of each category.
        let mut of_raters = vec![vec![0.0; self.of_units.len()]; sample.ratings().raters()];
        for unit in sample.units() {
            for cell in unit.cells {
                of_raters[cell.rater as usize][usize::from(cell.code)] += unit.weight;
            }
        }
        of_raters.retain(|shares| shares.iter().sum::<f64>() > 0.0);
        for shares in &mut of_raters {
            let all: f64 = shares.iter().sum();
            divide(shares, all);
        }
        let raters: f64 = of_raters.iter().map(|_| 1.0).sum();
        let of_category = |category: usize| {
            let shares = || of_raters.iter().map(move |shares| shares[category]);
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

/// The coefficients of two raters, over what both rated.
pub struct Pair {
    agreement: f64,
    /// What share of theirs each category has.
    shares: [Vec<f64>; 2],
}

impl Pair {
    /// `None` for more raters or fewer, or when they rated nothing in common.
    pub fn of(sample: Sample<'_>) -> Option<Self> {
        if sample.ratings().raters() != 2 || !sample.knows_raters() {
            return None;
        }
        let categories = sample.ratings().categories();
        let mut shares = [vec![0.0; categories], vec![0.0; categories]];
        let (mut both, mut equal) = (0.0, 0.0);
        for unit in sample.units() {
            let [a, b] = unit.cells else { continue };
            both += unit.weight;
            equal += if a.code == b.code { unit.weight } else { 0.0 };
            shares[0][usize::from(a.code)] += unit.weight;
            shares[1][usize::from(b.code)] += unit.weight;
        }
        for shares in &mut shares {
            divide(shares, both);
        }
        (both > 0.0).then_some(Self { agreement: equal / both, shares })
    }

    pub fn cohen(&self) -> Option<f64> {
        corrected(Some(self.agreement), self.each().map(|(a, b)| a * b).sum())
    }

    pub fn scott(&self) -> Option<f64> {
        corrected(Some(self.agreement), self.each().map(|(a, b)| f64::midpoint(a, b).powi(2)).sum())
    }

    fn each(&self) -> impl Iterator<Item = (f64, f64)> {
        let [first, second] = &self.shares;
        first.iter().copied().zip(second.iter().copied())
    }
}
