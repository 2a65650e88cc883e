//! Which ratings are taken for which.

use super::ratings::Ratings;

/// A square table of categories: a row what one gave, a column what another gave the same unit.
#[derive(Clone, Debug, PartialEq)]
pub struct Matrix {
    size: usize,
    cells: Vec<f64>,
}

impl Matrix {
    fn new(size: usize) -> Self {
        Self { size, cells: vec![0.0; size * size] }
    }

    /// The rows, each with its columns.
    pub fn rows(&self) -> impl Iterator<Item = &[f64]> {
        self.cells.chunks_exact(self.size.max(1))
    }

    /// The largest of its numbers.
    #[must_use]
    pub fn largest(&self) -> f64 {
        self.cells.iter().copied().fold(0.0, f64::max)
    }

    fn add(&mut self, row: u16, column: u16, count: f64) {
        self.cells[usize::from(row) * self.size + usize::from(column)] += count;
    }
}

/// Krippendorff's coincidence matrix: every pair of ratings of a unit, both ways round, so that each rating counts once.
/// Source: K. Krippendorff, Computing Krippendorff's Alpha-Reliability, 2011, section A.
#[must_use]
pub fn coincidences(ratings: &Ratings) -> Matrix {
    let mut matrix = Matrix::new(ratings.categories());
    for row in ratings.rows().filter(|row| row.len() > 1) {
        let others: f64 = row.iter().skip(1).map(|_| 1.0).sum();
        for (place, one) in row.iter().enumerate() {
            for (_, other) in row.iter().enumerate().filter(|(number, _)| *number != place) {
                matrix.add(one.code, other.code, 1.0 / others);
            }
        }
    }
    matrix
}

/// What the first of two raters gave (rows) to what the second gave (columns) the same units.
#[must_use]
pub fn confusion(pair: &Ratings) -> Matrix {
    let mut matrix = Matrix::new(pair.categories());
    for row in pair.rows() {
        if let [a, b] = row {
            matrix.add(a.code, b.code, 1.0);
        }
    }
    matrix
}
