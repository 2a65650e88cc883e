use super::super::bootstrap::{self, Estimate, Interval, RESAMPLES, Random, interval, resamples};
use super::super::unitizing::{Continuum, Lengths, Unit};
use super::super::{Cell, Coefficient, Level, Ratings, measure};

fn estimate(ratings: &Ratings) -> Vec<Estimate> {
    bootstrap::estimate(ratings, &Coefficient::ALL, RESAMPLES)
}

/// Two raters, 40 units: equal in all but every `every`th.
fn two(every: usize) -> Ratings {
    let mut ratings = Ratings::empty(Level::Nominal, 2, 2, Vec::new());
    for unit in 0..40_usize {
        let first = u16::from(unit % 2 == 0);
        let second = if unit % every == 0 { 1 - first } else { first };
        ratings.push([Cell { rater: 0, code: first }, Cell { rater: 1, code: second }]);
    }
    ratings
}

fn of(estimates: &[Estimate], coefficient: Coefficient) -> (f64, Interval) {
    let estimate = estimates.iter().find(|estimate| estimate.coefficient == coefficient).unwrap();
    (estimate.value.unwrap(), estimate.interval.unwrap())
}

#[test]
fn an_interval_holds_the_value_and_is_the_same_each_time() {
    let estimates = estimate(&two(8));
    let again = estimate(&two(8));
    assert_eq!(estimates, again);
    for coefficient in [Coefficient::AlphaNominal, Coefficient::Cohen, Coefficient::Scott, Coefficient::Ac1] {
        let (value, interval) = of(&estimates, coefficient);
        assert!(interval.low < value && value < interval.high, "{coefficient:?}: {value} {interval:?}");
    }
}

/// The share of equal pairs is a mean of 40 draws with p = 7/8, whose percentiles the binomial distribution gives: 2.5 of
/// 100 have 30 equal or fewer (.75), 97.5 have 39 or fewer (.975).
#[test]
fn an_interval_of_a_share_is_that_of_the_binomial_distribution() {
    let (value, interval) = of(&estimate(&two(8)), Coefficient::Percent);
    assert!((value - 0.875).abs() < 1e-12);
    assert!((interval.low - 0.765).abs() < 0.02 && (interval.high - 0.975).abs() < 0.02, "{interval:?}");
}

#[test]
fn more_raters_give_the_same_values_as_measuring() {
    let mut random = Random::new(7);
    let mut ratings = Ratings::empty(Level::Ratio, 5, 4, vec![1.0, 2.0, 3.0, 4.0]);
    for _ in 0..60 {
        let truth = random.below(4);
        let cells = (0..5_u32).filter(|_| random.below(5) > 0).collect::<Vec<_>>();
        ratings.push(cells.into_iter().map(|rater| {
            let code = if random.below(3) == 0 { random.below(4) } else { truth };
            Cell { rater, code: u16::try_from(code).unwrap() }
        }));
    }
    let values = measure(&ratings);
    let estimates = estimate(&ratings);
    assert_eq!(estimates.len(), 8, "all but the coefficients of two");
    for estimate in &estimates {
        let (value, measured) = (estimate.value.unwrap(), values.get(estimate.coefficient).unwrap());
        assert!((value - measured).abs() < 1e-12, "{:?}", estimate.coefficient);
        let interval = estimate.interval.unwrap();
        assert!(interval.low <= value && value <= interval.high, "{:?}", estimate.coefficient);
    }
}

#[test]
fn what_is_defined_in_too_few_samples_has_no_interval() {
    assert_eq!(interval(vec![0.5; 500], 1000), None);
    assert_eq!(interval(vec![0.5; 501], 1000), Some(Interval { low: 0.5, high: 0.5 }));
    let all_equal = estimate(&two(1000).of_pair([0, 0]));
    assert!(all_equal.iter().all(|one| one.value.is_none_or(|value| value > 0.99)));
    let nothing = estimate(&Ratings::empty(Level::Nominal, 3, 2, Vec::new()));
    assert!(nothing.iter().all(|one| one.value.is_none() && one.interval.is_none()));
}

#[test]
fn percentiles_lie_between_neighbours() {
    let drawn: Vec<f64> = (0..=1000).rev().map(f64::from).collect();
    assert_eq!(interval(drawn, 1001), Some(Interval { low: 25.0, high: 975.0 }));
    let few = vec![0.0, 1.0, 2.0, 3.0, 4.0];
    assert_eq!(interval(few, 5), Some(Interval { low: 0.1, high: 3.9 }));
}

#[test]
fn very_many_ratings_are_drawn_less_often() {
    assert_eq!((resamples(300_000), resamples(1_000_000), resamples(9_000_000)), (1000, 300, 100));
}

#[test]
fn texts_are_drawn_anew_when_there_are_several() {
    let text = |shift: u32| {
        let unit = |start| vec![Unit { range: start..start + 20, value: 0 }];
        Lengths::of(&Continuum { length: 100, observers: vec![unit(10), unit(10 + shift)] }, 1)
    };
    let (value, interval) = bootstrap::unitizing(&[text(0), text(4), text(9), text(30)], 1);
    let (value, interval) = (value.unwrap(), interval.unwrap());
    assert!(interval.low < value && value < interval.high, "{value} {interval:?}");
    assert_eq!(bootstrap::unitizing(&[text(0)], 1), (Some(1.0), None));
    assert_eq!(bootstrap::unitizing(&[], 1), (None, None));
}
