//! What a page says of a study: the coefficients over all of it, by pair, by topic and by month.

use std::collections::{BTreeMap, HashMap};

use time::{Date, Month};

use super::filter::Filter;
use super::lines::{DISTANCE, EQUALITY, Line, lines};
use super::study::{Rated, Study};
use crate::reviews::agreement::bootstrap::resamples;
use crate::reviews::agreement::confusion::{Matrix, coincidences, confusion};
use crate::reviews::agreement::{Cell, Coefficient, Level, Ratings};

/// How many pairs, topics and months a page lists.
const PAIRS_MAX: usize = 50;
const TOPICS_MAX: usize = 20;
const MONTHS_MAX: usize = 12;

/// What a page says.
#[derive(Clone, Debug)]
pub struct Report {
    pub overall: Vec<Line>,
    /// How many samples each interval of the whole comes from.
    pub resamples: usize,
    /// Rounds that two or more have rated.
    pub items: usize,
    pub ratings: usize,
    pub matrix: Matrix,
    pub pairs: Vec<Pair>,
    /// How many pairs there are besides.
    pub more_pairs: usize,
    pub topics: Vec<Group>,
    pub months: Vec<Group>,
}

/// Two who rated the same rounds.
#[derive(Clone, Debug)]
pub struct Pair {
    pub names: [String; 2],
    /// The query of the page about the two.
    pub query: String,
    /// Equal ratings, Cohen's κ and Scott's π.
    pub lines: Vec<Line>,
}

/// Rounds that have something in common.
#[derive(Clone, Debug)]
pub struct Group {
    pub label: String,
    /// The query of the page about them.
    pub query: String,
    pub lines: Vec<Line>,
}

impl Group {
    /// The line of it that is drawn: how far apart ratings are, where that is known.
    pub fn drawn(&self) -> Option<&Line> {
        let of = |coefficient| self.lines.iter().find(|line| line.coefficient == coefficient);
        of(Coefficient::AlphaOrdinal).or_else(|| of(Coefficient::AlphaNominal))
    }
}

/// Measures everything that a page says.
pub fn report(study: &Study, filter: &Filter) -> Report {
    let nominal = study.nominal(&study.rounds);
    let draws = resamples(nominal.given());
    let mut overall = lines(&nominal, &EQUALITY, draws);
    let by_distance = study.ordered(&study.rounds).map(|ordered| lines(&ordered, &DISTANCE, draws));
    overall.splice(1..1, by_distance.unwrap_or_default());
    let matrix = if nominal.raters() == 2 { confusion(&nominal) } else { coincidences(&nominal) };
    let (pairs, more_pairs) = if nominal.raters() > 2 { pairs(study, filter) } else { (Vec::new(), 0) };
    Report {
        overall,
        resamples: draws,
        items: nominal.compared(),
        ratings: nominal.given(),
        matrix,
        pairs,
        more_pairs,
        topics: topics(study, filter, draws),
        months: months(study, filter, draws),
    }
}

/// The pairs with the most rounds in common.
fn pairs(study: &Study, filter: &Filter) -> (Vec<Pair>, usize) {
    let mut both: HashMap<[u32; 2], Vec<[u16; 2]>> = HashMap::new();
    for rated in &study.rounds {
        for (place, a) in rated.cells.iter().enumerate() {
            for b in &rated.cells[place + 1..] {
                let (first, second) = if a.rater < b.rater { (a, b) } else { (b, a) };
                both.entry([first.rater, second.rater]).or_default().push([first.code, second.code]);
            }
        }
    }
    let mut both: Vec<_> = both.into_iter().collect();
    both.sort_unstable_by_key(|(pair, codes)| (usize::MAX - codes.len(), *pair));
    let more = both.len().saturating_sub(PAIRS_MAX);
    both.truncate(PAIRS_MAX);
    let draws = resamples(2 * both.iter().map(|(_, codes)| codes.len()).sum::<usize>());
    let pair = |(pair, codes): ([u32; 2], Vec<[u16; 2]>)| {
        let mut ratings = Ratings::empty(Level::Nominal, 2, study.categories.len(), Vec::new());
        for codes in codes {
            ratings.push((0..).zip(codes).map(|(rater, code)| Cell { rater, code }));
        }
        let [a, b] = pair.map(|rater| &study.raters[rater as usize]);
        Pair {
            names: [a.name.clone(), b.name.clone()],
            query: filter.of_pair(&a.handle, &b.handle),
            lines: lines(&ratings, &[Coefficient::Percent, Coefficient::Cohen, Coefficient::Scott], draws),
        }
    };
    (both.into_iter().map(pair).collect(), more)
}

/// The topics with the most rounds.
fn topics(study: &Study, filter: &Filter, draws: usize) -> Vec<Group> {
    if filter.topic.is_some() {
        return Vec::new();
    }
    let mut of_topics: BTreeMap<&str, Vec<&Rated>> = BTreeMap::new();
    for rated in study.rounds.iter().filter(|rated| rated.cells.len() > 1) {
        for topic in &rated.topics {
            of_topics.entry(topic).or_default().push(rated);
        }
    }
    let mut of_topics: Vec<_> = of_topics.into_iter().collect();
    of_topics.sort_by_key(|(_, rounds)| usize::MAX - rounds.len());
    of_topics.truncate(TOPICS_MAX);
    let group = |(topic, rounds): (&str, Vec<&Rated>)| Group {
        label: topic.to_owned(),
        query: filter.of_topic(topic),
        lines: of_group(study, &rounds, draws),
    };
    of_topics.into_iter().map(group).collect()
}

/// The last months in which something was decided, the newest first.
fn months(study: &Study, filter: &Filter, draws: usize) -> Vec<Group> {
    let mut of_months: BTreeMap<(i32, u8), Vec<&Rated>> = BTreeMap::new();
    for rated in study.rounds.iter().filter(|rated| rated.cells.len() > 1) {
        of_months.entry((rated.at.year(), rated.at.month().into())).or_default().push(rated);
    }
    let group = |((year, month), rounds): ((i32, u8), Vec<&Rated>)| {
        let month = Month::try_from(month).ok()?;
        let first = Date::from_calendar_date(year, month, 1).ok()?;
        let last = Date::from_calendar_date(year, month, month.length(year)).ok()?;
        Some(Group {
            label: format!("{month} {year}"),
            query: filter.of_days(first, last),
            lines: of_group(study, &rounds, draws),
        })
    };
    of_months.into_iter().rev().take(MONTHS_MAX).filter_map(group).collect()
}

/// α of whether ratings are equal and of their order, and how many are equal.
fn of_group(study: &Study, rounds: &[&Rated], draws: usize) -> Vec<Line> {
    let nominal = study.nominal(rounds.iter().copied());
    let mut lines_of_group = lines(&nominal, &[Coefficient::AlphaNominal, Coefficient::Percent], draws);
    let ordinal = study.ordered(rounds.iter().copied());
    let ordinal = ordinal.map(|ordinal| lines(&ordinal, &[Coefficient::AlphaOrdinal], draws));
    lines_of_group.splice(1..1, ordinal.unwrap_or_default());
    lines_of_group
}

#[cfg(test)]
mod tests {
    use super::super::filter::Asked;
    use super::super::study::tests::study;
    use super::*;
    use crate::scales::Kind;

    const NUMBERS: [Option<f64>; 3] = [Some(3.0), Some(2.0), Some(1.0)];

    fn labels(groups: &[Group]) -> Vec<&str> {
        groups.iter().map(|group| group.label.as_str()).collect()
    }

    #[test]
    fn a_report_says_it_over_all_by_pair_topic_and_month() {
        let rounds: [&[i32]; 6] = [&[0, 0, 1], &[2, 2, 2], &[1, 0, -1], &[0, 0, 0], &[2, 1, -1], &[1]];
        let study = study(Kind::Ordinal, &NUMBERS, &rounds);
        let report = report(&study, &Asked::default().filter().unwrap());

        assert_eq!((report.items, report.ratings, report.resamples), (5, 14, 1000));
        let names: Vec<&str> = report.overall.iter().map(|line| line.coefficient.label()).collect();
        assert_eq!(names.len(), 8, "{names:?}");
        assert_eq!(names[1], "Krippendorff’s α, ordinal");
        assert_eq!(report.pairs.len(), 3);
        assert_eq!((report.pairs[0].names[0].as_str(), report.pairs[0].lines[0].items), ("Rater 0", 5));
        assert!(report.pairs[0].query.ends_with("&a=r0&b=r1"), "{}", report.pairs[0].query);
        assert_eq!(labels(&report.topics), ["Ports"]);
        assert_eq!(report.topics[0].lines[0].items, 3);
        assert_eq!(labels(&report.months), ["March 2026", "February 2026", "January 2026", "December 2025"]);
        assert!(report.months[1].query.contains("from=2026-02-01&to=2026-02-28"));
        assert_eq!(report.months[0].drawn().unwrap().coefficient, Coefficient::AlphaOrdinal);
    }

    #[test]
    fn two_people_have_coefficients_of_their_own() {
        let rounds: [&[i32]; 3] = [&[0, 0, 1], &[2, 1, 2], &[1, 0, 1]];
        let study = study(Kind::Nominal, &NUMBERS, &rounds).of_pair([0, 2]);
        let report = report(&study, &Asked::default().filter().unwrap());
        let cohen = report.overall.iter().find(|line| line.coefficient == Coefficient::Cohen).unwrap();
        assert!(cohen.value.is_some());
        assert_eq!(report.pairs.len(), 0);
        let rows: Vec<&[f64]> = report.matrix.rows().collect();
        assert_eq!(rows, [[0.0, 1.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]);
    }

    #[test]
    fn nothing_rated_is_reported_as_nothing() {
        let study = study(Kind::Ordinal, &NUMBERS, &[]);
        let report = report(&study, &Asked::default().filter().unwrap());
        assert_eq!((report.items, report.topics.len(), report.months.len()), (0, 0, 0));
        assert!(report.overall.iter().all(|line| line.value.is_none()));
    }
}
