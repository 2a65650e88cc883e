//! The ratings that agreement is measured on.

use time::OffsetDateTime;

use crate::id::{AccountId, ClaimId, RoundId};
use crate::reviews::agreement::{Cell, Level, Ratings};
use crate::scales::Kind;

/// A value that can be given, in the order of the scale.
#[derive(Clone, PartialEq, Debug)]
pub struct Category {
    pub code: String,
    pub label: String,
    /// The classes that draw it.
    pub class: String,
    /// Its number; none for a value outside of the steps.
    pub worth: Option<f64>,
}

/// Somebody who rated.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Rater {
    pub account: AccountId,
    pub handle: String,
    pub name: String,
}

/// A round with what was given in it.
#[derive(Clone, PartialEq, Debug)]
pub struct Rated {
    pub round: RoundId,
    pub claim: ClaimId,
    /// When it was decided.
    pub at: OffsetDateTime,
    pub topics: Vec<String>,
    /// What was decided; nothing while an adjudicator is asked.
    pub outcome: Option<u16>,
    /// What each gave, as numbers of raters and categories.
    pub cells: Vec<Cell>,
}

/// All ratings that a page is about.
#[derive(Clone, Debug)]
pub struct Study {
    pub kind: Kind,
    pub categories: Vec<Category>,
    pub raters: Vec<Rater>,
    /// The newest first.
    pub rounds: Vec<Rated>,
}

impl Study {
    /// Two raters by their handles.
    pub fn pair(&self, handles: &[String; 2]) -> Option<[u32; 2]> {
        let of = |handle: &String| {
            let place = self.raters.iter().position(|rater| rater.handle == *handle)?;
            u32::try_from(place).ok()
        };
        of(&handles[0]).zip(of(&handles[1])).map(|(a, b)| [a, b]).filter(|[a, b]| a != b)
    }

    /// What two raters gave the rounds that both rated, as if there were no others.
    #[must_use]
    pub fn of_pair(self, pair: [u32; 2]) -> Self {
        let numbered = |cell: Cell| {
            let place = pair.iter().position(|rater| *rater == cell.rater)?;
            Some(Cell { rater: u32::try_from(place).ok()?, ..cell })
        };
        let raters = pair.iter().filter_map(|rater| self.raters.get(*rater as usize)).cloned().collect();
        let rounds = self
            .rounds
            .into_iter()
            .map(|rated| {
                let mut cells: Vec<Cell> = rated.cells.into_iter().filter_map(numbered).collect();
                cells.sort_unstable_by_key(|cell| cell.rater);
                Rated { cells, ..rated }
            })
            .filter(|rated| rated.cells.len() == 2)
            .collect();
        Self { raters, rounds, ..self }
    }

    /// The table of whether ratings are equal.
    pub fn nominal<'a>(&self, rounds: impl IntoIterator<Item = &'a Rated>) -> Ratings {
        let mut ratings =
            Ratings::empty(Level::Nominal, self.raters.len(), self.categories.len(), Vec::new());
        rounds.into_iter().for_each(|rated| ratings.push(rated.cells.iter().copied()));
        ratings
    }

    /// The table of how far apart they are: with the numbers of the scale where it has them, and else with its order. Values
    /// outside of the steps are left out, as not given. `None` for a scale without order.
    pub fn ordered<'a>(&self, rounds: impl IntoIterator<Item = &'a Rated>) -> Option<Ratings> {
        let (level, worth, ranks) = self.ranks()?;
        let mut ratings = Ratings::empty(level, self.raters.len(), worth.len(), worth);
        for rated in rounds {
            let ranked = |cell: &Cell| Some(Cell { code: ranks[usize::from(cell.code)]?, ..*cell });
            ratings.push(rated.cells.iter().filter_map(ranked));
        }
        Some(ratings)
    }

    /// Whether the values are in an order.
    pub fn is_ordered(&self) -> bool {
        self.kind == Kind::Ordinal
    }

    /// Whether some values stand outside of the steps.
    pub fn has_outside(&self) -> bool {
        let with = self.categories.iter().filter(|category| category.worth.is_some()).count();
        self.is_ordered() && with > 0 && with < self.categories.len()
    }

    /// The level of an ordered scale, what its steps are worth from the lowest, and which step each category is.
    fn ranks(&self) -> Option<(Level, Vec<f64>, Vec<Option<u16>>)> {
        if !self.is_ordered() {
            return None;
        }
        let mut steps: Vec<f64> = self.categories.iter().filter_map(|category| category.worth).collect();
        if steps.is_empty() {
            let ranks = (0..).map(Some).take(self.categories.len()).collect();
            return Some((Level::Ordinal, vec![0.0; self.categories.len()], ranks));
        }
        steps.sort_unstable_by(f64::total_cmp);
        steps.dedup();
        let rank = |category: &Category| {
            let worth = category.worth?;
            u16::try_from(steps.partition_point(|step| *step < worth)).ok()
        };
        let ranks = self.categories.iter().map(rank).collect();
        Some((Level::Ratio, steps, ranks))
    }

    /// What people disagree on, the most first: by how many steps their ratings are apart, then by how many pairs differ.
    pub fn disagreements(&self) -> Vec<&Rated> {
        let ranks = self.ranks().map(|(_, _, ranks)| ranks).unwrap_or_default();
        let apart = |rated: &Rated| {
            let steps = || rated.cells.iter().filter_map(|cell| *ranks.get(usize::from(cell.code))?);
            steps().max().unwrap_or(0) - steps().min().unwrap_or(0)
        };
        let mut differing: Vec<(u16, u64, &Rated)> = self
            .rounds
            .iter()
            .map(|rated| (apart(rated), unequal(&rated.cells), rated))
            .filter(|(_, unequal, _)| *unequal > 0)
            .collect();
        differing.sort_by(|a, b| {
            let key = |of: &(u16, u64, &Rated)| (of.0, of.1, of.2.at, of.2.round);
            key(b).cmp(&key(a))
        });
        differing.into_iter().map(|(_, _, rated)| rated).collect()
    }
}

/// The share of pairs that differ, in millionths.
fn unequal(cells: &[Cell]) -> u64 {
    let (mut pairs, mut differ) = (0, 0);
    for (place, one) in cells.iter().enumerate() {
        for other in &cells[place + 1..] {
            pairs += 1;
            differ += u64::from(one.code != other.code);
        }
    }
    (differ * 1_000_000).checked_div(pairs).unwrap_or(0)
}

#[cfg(test)]
pub mod tests {
    use super::*;
    use time::Duration;
    use time::macros::datetime;

    /// A study of rounds with codes by rater; -1 is not given.
    pub fn study(kind: Kind, worths: &[Option<f64>], rounds: &[&[i32]]) -> Study {
        let category = |(place, worth): (usize, &Option<f64>)| Category {
            code: format!("c{place}"),
            label: format!("Value {place}"),
            class: String::new(),
            worth: *worth,
        };
        let raters = rounds.iter().map(|row| row.len()).max().unwrap_or(0);
        let rater = |place| Rater {
            account: AccountId::new(),
            handle: format!("r{place}"),
            name: format!("Rater {place}"),
        };
        let round = |(place, row): (i64, &&[i32])| Rated {
            round: RoundId::new(),
            claim: ClaimId::new(),
            at: datetime!(2026-03-14 12:00 UTC) - Duration::days(place * 20),
            topics: if place % 2 == 0 { vec!["Ports".into()] } else { Vec::new() },
            outcome: None,
            cells: (0..)
                .zip(row.iter())
                .filter_map(|(rater, code)| Some(Cell { rater, code: u16::try_from(*code).ok()? }))
                .collect(),
        };
        Study {
            kind,
            categories: worths.iter().enumerate().map(category).collect(),
            raters: (0..raters).map(rater).collect(),
            rounds: (0..).zip(rounds).map(round).collect(),
        }
    }

    #[test]
    fn values_outside_of_the_steps_are_not_given_where_distance_counts() {
        let study = study(Kind::Ordinal, &[Some(5.0), Some(3.0), Some(1.0), None], &[&[0, 2, 3], &[3, 3, 1]]);
        assert!(study.has_outside());
        let nominal = study.nominal(&study.rounds);
        assert_eq!((nominal.given(), nominal.categories(), nominal.compared()), (6, 4, 2));
        let ordered = study.ordered(&study.rounds).unwrap();
        assert_eq!((ordered.level(), ordered.given(), ordered.compared()), (Level::Ratio, 3, 1));
        assert_eq!(ordered.worth(), [1.0, 3.0, 5.0]);
        // The best value has the highest rank, wherever it stands in the scale.
        let codes: Vec<u16> = ordered.rows().flatten().map(|cell| cell.code).collect();
        assert_eq!(codes, [2, 0, 1]);
    }

    #[test]
    fn without_numbers_the_order_counts_and_without_order_nothing_but_equality() {
        let ordinal = study(Kind::Ordinal, &[None, None], &[&[0, 1]]);
        let ordered = ordinal.ordered(&ordinal.rounds).unwrap();
        assert_eq!((ordered.level(), ordered.given()), (Level::Ordinal, 2));
        assert!(!ordinal.has_outside());
        let nominal = study(Kind::Nominal, &[None, None], &[&[0, 1]]);
        assert!(nominal.ordered(&nominal.rounds).is_none());
    }

    #[test]
    fn what_is_furthest_apart_comes_first() {
        let numbers = [Some(3.0), Some(2.0), Some(1.0)];
        let rounds: [&[i32]; 5] = [&[0, 0, 0], &[0, 1, 1], &[0, 2, 0], &[0, 1, 0], &[1]];
        let study = study(Kind::Ordinal, &numbers, &rounds);
        let places: Vec<usize> = study
            .disagreements()
            .iter()
            .map(|rated| study.rounds.iter().position(|one| one.round == rated.round).unwrap())
            .collect();
        assert_eq!(places, [2, 1, 3], "equal ones: the newest first");
    }

    #[test]
    fn two_people_are_looked_at_as_if_there_were_no_others() {
        let all = study(Kind::Nominal, &[None, None], &[&[0, 1, 1], &[-1, 1, 0], &[1, 0, 0]]);
        let pair = all.of_pair([2, 0]);
        let codes: Vec<Vec<u16>> =
            pair.rounds.iter().map(|rated| rated.cells.iter().map(|cell| cell.code).collect()).collect();
        assert_eq!(codes, [[1, 0], [0, 1]]);
        assert_eq!(pair.raters[0].handle, "r2");
    }

    #[test]
    fn two_people_are_found_by_their_handles() {
        let study = study(Kind::Nominal, &[None, None], &[&[0, 1, 1]]);
        assert_eq!(study.pair(&["r2".into(), "r0".into()]), Some([2, 0]));
        assert_eq!(study.pair(&["r2".into(), "r2".into()]), None);
        assert_eq!(study.pair(&["r2".into(), "nobody".into()]), None);
    }
}
