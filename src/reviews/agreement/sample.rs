//! A table's units with how often each counts: once, or as often as it was drawn.

use std::collections::HashMap;

use super::ratings::{Cell, Ratings};

/// How many times a category was chosen for a unit.
#[derive(Clone, Copy, Debug)]
pub struct Run {
    pub code: u16,
    pub count: f64,
}

impl Run {
    /// The category and its count.
    pub fn counted(&self) -> (usize, f64) {
        (usize::from(self.code), self.count)
    }
}

/// The different units of a table. Units that were rated alike are one, so that measuring costs what is different, and not
/// what is there.
#[derive(Debug)]
pub struct Different<'a> {
    ratings: &'a Ratings,
    /// Whether units that were rated alike by different people are different.
    by_rater: bool,
    cells: Vec<&'a [Cell]>,
    runs: Vec<Run>,
    /// Where the runs of each end.
    ends: Vec<usize>,
    /// Which of them each unit is. Units that nobody rated are left out.
    of_units: Vec<u32>,
}

impl<'a> Different<'a> {
    /// The units of a table that differ in who rated them how.
    pub fn by_rater(ratings: &'a Ratings) -> Self {
        let mut numbers: HashMap<&[Cell], u32> = HashMap::new();
        Self::of(ratings, true, |cells, _, next| *numbers.entry(cells).or_insert(next))
    }

    /// The units of a table that differ in how they were rated, by whomever: what needs to know the raters is not defined.
    pub fn by_rating(ratings: &'a Ratings) -> Self {
        let mut numbers: HashMap<Box<[u16]>, u32> = HashMap::new();
        Self::of(ratings, false, |_, codes, next| {
            numbers.get(codes).copied().unwrap_or_else(|| *numbers.entry(codes.into()).or_insert(next))
        })
    }

    /// `number` gives the place of such cells and codes among the different ones: the next one when they are new.
    fn of(
        ratings: &'a Ratings,
        by_rater: bool,
        mut number: impl FnMut(&'a [Cell], &[u16], u32) -> u32,
    ) -> Self {
        let mut different = Self {
            ratings,
            by_rater,
            cells: Vec::new(),
            runs: Vec::new(),
            ends: Vec::new(),
            of_units: Vec::new(),
        };
        let mut codes = Vec::new();
        let mut next = 0;
        for cells in ratings.rows().filter(|cells| !cells.is_empty()) {
            codes.clear();
            codes.extend(cells.iter().map(|cell| cell.code));
            codes.sort_unstable();
            let number = number(cells, &codes, next);
            different.of_units.push(number);
            if number < next {
                continue;
            }
            next += 1;
            let runs = codes.chunk_by(|a, b| a == b);
            different.runs.extend(runs.map(|run| Run { code: run[0], count: run.iter().map(|_| 1.0).sum() }));
            different.ends.push(different.runs.len());
            different.cells.push(cells);
        }
        different
    }

    /// Which of the different ones each unit is.
    pub fn of_units(&self) -> &[u32] {
        &self.of_units
    }

    /// How often each of them is there.
    pub fn times(&self) -> Vec<f64> {
        let mut times = vec![0.0; self.cells.len()];
        self.of_units.iter().for_each(|number| times[*number as usize] += 1.0);
        times
    }

    /// The units, each as often as these weights say.
    pub const fn sample<'s>(&'s self, weights: &'s [f64]) -> Sample<'s> {
        Sample { different: self, weights }
    }
}

/// Units with how often each counts.
#[derive(Clone, Copy, Debug)]
pub struct Sample<'s> {
    different: &'s Different<'s>,
    weights: &'s [f64],
}

/// A unit in a sample.
#[derive(Clone, Copy, Debug)]
pub struct Unit<'s> {
    /// Who rated it how, by rater; of one such unit, where the sample does not know the raters.
    pub cells: &'s [Cell],
    /// How often each category was chosen.
    pub runs: &'s [Run],
    /// How many rated it.
    pub size: f64,
    /// How often it counts.
    pub weight: f64,
}

impl<'s> Sample<'s> {
    /// Whether it is known who rated each unit.
    pub const fn knows_raters(self) -> bool {
        self.different.by_rater
    }

    /// The table that it is of.
    pub const fn ratings(self) -> &'s Ratings {
        self.different.ratings
    }

    /// The units that count.
    pub fn units(self) -> impl Iterator<Item = Unit<'s>> {
        let Different { cells, runs, ends, .. } = self.different;
        let begins = std::iter::once(&0).chain(ends);
        let runs = begins.zip(ends).map(move |(begin, end)| &runs[*begin..*end]);
        cells.iter().zip(runs).zip(self.weights).filter(|(_, weight)| **weight > 0.0).map(
            |((cells, runs), weight)| Unit {
                cells,
                runs,
                size: runs.iter().map(|run| run.count).sum(),
                weight: *weight,
            },
        )
    }
}
