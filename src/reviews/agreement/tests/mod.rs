mod bootstrap;
mod confusion;
mod unitizing;

use super::*;

fn table(level: Level, rows: &[&[i32]]) -> Values {
    let cell = |value: &i32| (*value >= 0).then(|| Label::Number(f64::from(*value)));
    let rows: Vec<Row> = rows.iter().map(|row| row.iter().map(cell).collect()).collect();
    measure(&Ratings::new(level, None, &rows).unwrap())
}

fn assert_prints(value: Option<f64>, digits: usize, printed: &str) {
    assert_eq!(format!("{:.digits$}", value.unwrap()), printed);
}

/// Example C of Krippendorff 2011: four observers, twelve units, values missing.
#[test]
fn krippendorffs_example_is_matched_to_its_last_digit() {
    const X: i32 = -1;
    let rows: [&[i32]; 12] = [
        &[1, 1, X, 1],
        &[2, 2, 3, 2],
        &[3, 3, 3, 3],
        &[3, 3, 3, 3],
        &[2, 2, 2, 2],
        &[1, 2, 3, 4],
        &[4, 4, 4, 4],
        &[1, 1, 2, 1],
        &[2, 2, 2, 2],
        &[X, 5, 5, 5],
        &[X, X, 1, 1],
        &[X, X, 3, X],
    ];
    let values = table(Level::Ratio, &rows);
    assert_prints(values.krippendorff_alpha_nominal, 3, "0.743");
    assert_prints(values.krippendorff_alpha_ordinal, 3, "0.815");
    assert_prints(values.krippendorff_alpha_interval, 3, "0.849");
    assert_prints(values.krippendorff_alpha_ratio, 3, "0.797");
    // Gwet's coefficients for the same table: Handbook, 2014, table 2.12.
    assert_prints(values.gwet_ac1, 3, "0.775");
    assert_eq!((values.cohen_kappa, values.scott_pi), (None, None));
}

/// Forty tables with values missing, measured with `krippendorff` 0.9.0, `irrCAC` 0.4.4 and `scikit-learn` 1.9.1, all from
/// `PyPI`.
#[test]
fn other_implementations_give_the_same() {
    let mut compared = 0;
    for line in include_str!("others.jsonl").lines() {
        let answer = filter::answer(&serde_json::from_str(line).unwrap());
        let line: serde_json::Value = serde_json::from_str(line).unwrap();
        for (coefficient, expected) in line["expected"].as_object().unwrap() {
            let value = answer["values"][coefficient].as_f64().unwrap();
            let apart = (value - expected.as_f64().unwrap()).abs();
            assert!(apart < 1e-6, "{coefficient} is {value}, and not {expected}: {line}");
            compared += 1;
        }
    }
    assert_eq!(compared, 367);
}

/// What `factdesk text agreement` prints, whole.
#[test]
fn a_line_is_answered_with_every_coefficient() {
    let line = r#"{"name": "pair", "level": "ordinal", "category_order": ["false", "mixed", "true"],
                   "ratings": [["true", "true"], ["mixed", "true"], ["false", null], ["false", "false"]]}"#;
    let answer = filter::answer(&serde_json::from_str(line).unwrap());
    insta::assert_json_snapshot!(answer, @r#"
    {
      "name": "pair",
      "values": {
        "brennan_prediger": 0.49999999999999994,
        "cohen_kappa": 0.49999999999999994,
        "conger_kappa": 0.5,
        "fleiss_kappa": 0.4385964912280701,
        "gwet_ac1": 0.5259259259259259,
        "krippendorff_alpha_nominal": 0.5454545454545454,
        "krippendorff_alpha_ordinal": 0.7777777777777778,
        "percent_agreement_pairwise_mean_over_units": 0.6666666666666666,
        "scott_pi": 0.4545454545454544
      }
    }
    "#);
    // At its level and below, also where it is not defined.
    let line = r#"{"level": "interval", "ratings": [[1, 1], [1, null]]}"#;
    let values = &filter::answer(&serde_json::from_str(line).unwrap())["values"];
    assert!(
        values["krippendorff_alpha_interval"].is_null() && values["krippendorff_alpha_nominal"].is_null()
    );
    let keys: Vec<&String> = values.as_object().unwrap().keys().collect();
    assert_eq!(keys.iter().filter(|key| key.starts_with("krippendorff_alpha")).count(), 3, "{keys:?}");
}

/// Fleiss 1971: thirty patients, six psychiatrists, five diagnoses; given as counts, so who said what is not known.
#[test]
fn fleiss_diagnoses_are_matched() {
    const COUNTS: [[usize; 5]; 30] = [
        [0, 0, 0, 6, 0],
        [0, 3, 0, 0, 3],
        [0, 1, 4, 0, 1],
        [0, 0, 0, 0, 6],
        [0, 3, 0, 3, 0],
        [2, 0, 4, 0, 0],
        [0, 0, 4, 0, 2],
        [2, 0, 3, 1, 0],
        [2, 0, 0, 4, 0],
        [0, 0, 0, 0, 6],
        [1, 0, 0, 5, 0],
        [1, 1, 0, 4, 0],
        [0, 3, 3, 0, 0],
        [1, 0, 0, 5, 0],
        [0, 2, 0, 3, 1],
        [0, 0, 5, 0, 1],
        [3, 0, 0, 1, 2],
        [5, 1, 0, 0, 0],
        [0, 2, 0, 4, 0],
        [1, 0, 2, 0, 3],
        [0, 0, 0, 0, 6],
        [0, 1, 0, 5, 0],
        [0, 2, 0, 1, 3],
        [2, 0, 0, 4, 0],
        [1, 0, 0, 4, 1],
        [0, 5, 0, 1, 0],
        [4, 0, 0, 0, 2],
        [0, 2, 0, 4, 0],
        [1, 0, 5, 0, 0],
        [0, 0, 0, 0, 6],
    ];
    let spread = |counts: &[usize; 5]| -> Vec<i32> {
        counts.iter().zip(0..).flat_map(|(count, category)| std::iter::repeat_n(category, *count)).collect()
    };
    let rows: Vec<Vec<i32>> = COUNTS.iter().map(spread).collect();
    let rows: Vec<&[i32]> = rows.iter().map(Vec::as_slice).collect();
    assert_prints(table(Level::Nominal, &rows).fleiss_kappa, 3, "0.430");
}

#[test]
fn two_raters_have_their_own_coefficients() {
    // Cohen 1960 by hand: 20 yes/yes, 5 yes/no, 10 no/yes, 15 no/no.
    let rows: Vec<&[i32]> = [(20, [1, 1]), (5, [1, 0]), (10, [0, 1]), (15, [0, 0])]
        .iter()
        .flat_map(|(times, row)| std::iter::repeat_n(row.as_slice(), *times))
        .collect();
    let values = table(Level::Nominal, &rows);
    assert_prints(values.cohen_kappa, 6, "0.400000");
    assert_prints(values.conger_kappa, 6, "0.400000");
    assert_prints(values.scott_pi, 6, "0.393939");
    assert_prints(values.brennan_prediger, 6, "0.400000");
    assert_prints(values.percent_agreement_pairwise_mean_over_units, 6, "0.700000");
}

#[test]
fn what_is_not_defined_has_no_value() {
    for rows in [&[][..], &[&[1, 1][..]][..], &[&[1, -1][..], &[-1, 2][..]][..]] {
        let values = table(Level::Ratio, rows);
        assert_eq!((values.krippendorff_alpha_nominal, values.cohen_kappa), (None, None), "{rows:?}");
        assert_eq!((values.krippendorff_alpha_ratio, values.fleiss_kappa), (None, None), "{rows:?}");
    }
}

#[test]
fn what_does_not_fit_is_refused_in_words() {
    let text = |text: &str| Some(Label::Text(text.into()));
    let rows: [Row; 2] =
        [[text("true"), text("false")].into_iter().collect(), [text("false")].into_iter().collect()];
    let refused = |level, order: Option<&[Label]>, rows: &[_]| Ratings::new(level, order, rows).unwrap_err();
    assert_eq!(refused(Level::Nominal, None, &rows), Unusable::Ragged(2));
    assert_eq!(refused(Level::Ordinal, None, &rows[..1]), Unusable::NoOrder);
    assert_eq!(refused(Level::Interval, None, &rows[..1]), Unusable::NoNumber(1));
    let order = [Label::Text("true".into())];
    assert_eq!(refused(Level::Ordinal, Some(&order), &rows[..1]), Unusable::Unlisted(1));
    assert_eq!(
        refused(Level::Ordinal, Some(&[order[0].clone(), order[0].clone()]), &rows[..1]),
        Unusable::Twice
    );
}
