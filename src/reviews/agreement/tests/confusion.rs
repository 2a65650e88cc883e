use super::super::confusion::{Matrix, coincidences, confusion};
use super::super::{Cell, Level, Ratings};

fn ratings(rows: &[&[u16]], categories: usize) -> Ratings {
    let mut ratings = Ratings::empty(Level::Nominal, 4, categories, Vec::new());
    for row in rows {
        ratings.push((0..).zip(row.iter()).map(|(rater, code)| Cell { rater, code: *code }));
    }
    ratings
}

fn rows(matrix: &Matrix) -> Vec<Vec<f64>> {
    matrix.rows().map(<[f64]>::to_vec).collect()
}

/// Section A of Krippendorff 2011: binary data of two observers over ten units; the matrix is printed as 10, 4, 4, 2.
#[test]
fn krippendorffs_coincidences_are_matched() {
    let a = [0, 1, 0, 0, 0, 0, 0, 0, 1, 0];
    let b = [1, 1, 1, 0, 0, 1, 0, 0, 0, 0];
    let mut table = Ratings::empty(Level::Nominal, 2, 2, Vec::new());
    for (a, b) in a.into_iter().zip(b) {
        table.push([Cell { rater: 1, code: b }, Cell { rater: 0, code: a }]);
    }
    assert_eq!(rows(&coincidences(&table)), [[10.0, 4.0], [4.0, 2.0]]);
}

#[test]
fn each_rating_counts_once_among_those_of_more_people() {
    let matrix = coincidences(&ratings(&[&[0, 0, 1], &[2], &[1, 1]], 3));
    assert_eq!(rows(&matrix), [[1.0, 1.0, 0.0], [1.0, 2.0, 0.0], [0.0, 0.0, 0.0]]);
    assert!((matrix.largest() - 2.0).abs() < 1e-12);
}

#[test]
fn two_people_are_compared_over_what_both_rated() {
    let table = ratings(&[&[0, 0, 1], &[1, 2, 1], &[1], &[0, 0]], 3);
    let pair = table.of_pair([2, 0]);
    assert_eq!((pair.raters(), pair.compared()), (2, 2));
    assert_eq!(rows(&confusion(&pair)), [[0.0, 0.0, 0.0], [1.0, 1.0, 0.0], [0.0, 0.0, 0.0]]);
}
