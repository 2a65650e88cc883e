use serde_json::{Value, json};

use super::super::filter::{Marked, unitized};

fn measured(line: Value) -> (Option<f64>, Option<f64>) {
    let marked: Marked = serde_json::from_value(line).unwrap();
    let values = &unitized(&marked)["values"];
    (values["krippendorff_u_alpha_nominal"].as_f64(), values["krippendorff_u_alpha_binary"].as_f64())
}

fn close(value: Option<f64>, expected: f64) {
    assert!((value.unwrap() - expected).abs() < 1e-9, "{value:?} is not {expected}");
}

/// Figure 12.11 of Krippendorff 2019: three observers of a continuum of 60; uα is printed as .510. The longer figures are
/// those of an independent implementation, `quallmer` for R.
#[test]
fn krippendorffs_example_is_matched() {
    let line = json!({"texts": [{"length": 60, "observers": [
        [[0, 7, "1"], [7, 13, "2"], [30, 32, "5"], [32, 37, "6"], [37, 44, "6"], [44, 60, "7"]],
        [[0, 7, "1"], [7, 13, "3"], [13, 21, "5"], [32, 44, "6"]],
        [[0, 7, "1"], [7, 13, "4"], [13, 21, "5"], [32, 37, "6"], [37, 41, "6"], [41, 44, "6"]],
    ]}]});
    let (nominal, binary) = measured(line);
    assert_eq!(format!("{:.3}", nominal.unwrap()), "0.510");
    close(nominal, 0.509_981_907_792_126_8);
    close(binary, 0.413_599_230_448_952_64);
}

/// Computed with `krippendorff-unitized-alpha` 0.1.0 from `PyPI`.
#[test]
fn another_implementation_gives_the_same() {
    let line = json!({"texts": [{"length": 55, "observers": [
        [[3, 14, "k"], [22, 52, "k"]], [[3, 9, "k"], [22, 52, "k"]], [[22, 45, "k"]],
    ]}]});
    let (nominal, binary) = measured(line);
    close(nominal, 0.585_890_909_090_909);
    assert_eq!(nominal, binary, "one value is marked or not");
}

#[test]
fn equal_marks_agree_wholly_and_marks_apart_less_than_by_chance() {
    let of =
        |observers: Value| measured(json!({"texts": [{"length": 30, "observers": observers}]})).0.unwrap();
    assert!((of(json!([[[0, 10, "a"], [20, 25, "b"]], [[0, 10, "a"], [20, 25, "b"]]])) - 1.0).abs() < 1e-12);
    assert!(of(json!([[[0, 10, "a"]], [[20, 30, "a"]]])) < 0.0);
}

#[test]
fn marks_of_one_person_that_overlap_are_one() {
    let of = |first: Value| {
        measured(json!({"texts": [{"length": 40, "observers": [first, [[5, 22, "a"], [30, 35, "a"]]]}]}))
    };
    assert_eq!(of(json!([[5, 20, "a"], [10, 22, "a"], [12, 15, "a"]])), of(json!([[5, 22, "a"]])));
    // Two that touch are two: where one ends and the other begins is part of what is compared.
    assert_ne!(of(json!([[5, 12, "a"], [12, 22, "a"]])), of(json!([[5, 22, "a"]])));
}

#[test]
fn texts_of_the_same_people_are_as_one_long_text() {
    let apart = json!({"texts": [
        {"length": 20, "observers": [[[2, 9, "a"]], [[2, 7, "a"]]]},
        {"length": 30, "observers": [[[5, 10, "a"]], [[6, 12, "a"]]]},
        {"length": 99, "observers": [[[5, 10, "a"]]]},
    ]});
    let together = json!({"texts": [{"length": 50, "observers": [
        [[2, 9, "a"], [25, 30, "a"]], [[2, 7, "a"], [26, 32, "a"]],
    ]}]});
    assert_eq!(measured(apart), measured(together));
}

#[test]
fn nothing_marked_by_anybody_is_not_defined() {
    assert_eq!(measured(json!({"texts": []})), (None, None));
    assert_eq!(measured(json!({"texts": [{"length": 9, "observers": [[], []]}]})), (None, None));
    assert_eq!(measured(json!({"texts": [{"length": 0, "observers": [[], [[3, 9, "a"]]]}]})), (None, None));
}
