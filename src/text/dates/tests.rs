use proptest::prelude::*;
use time::macros::date;

use super::*;

#[test]
fn dates_read_as_they_are_written() {
    for (iso, words, from, to) in [
        ("2026-09-28", "28 September 2026", "2026-09-28", "2026-09-28"),
        ("2026-02", "February 2026", "2026-02-01", "2026-02-28"),
        ("2024-02", "February 2024", "2024-02-01", "2024-02-29"),
        ("2026", "2026", "2026-01-01", "2026-12-31"),
        ("2026-09-01/2026-09-05", "between 1 and 5 September 2026", "2026-09-01", "2026-09-05"),
        ("2026-08-30/2026-09-05", "between 30 August and 5 September 2026", "2026-08-30", "2026-09-05"),
        ("2025-12-30/2026-01-05", "between 30 December 2025 and 5 January 2026", "2025-12-30", "2026-01-05"),
    ] {
        let parsed: PartialDate = iso.parse().unwrap();
        assert_eq!(parsed.to_string(), words);
        assert_eq!(parsed.to_iso().as_deref(), Some(iso));
        let (first, last, precision) = parsed.columns();
        assert_eq!((first.map(iso_day), last.map(iso_day)), (Some(from.to_owned()), Some(to.to_owned())));
        assert_eq!(PartialDate::from_columns(first, last, precision), Ok(parsed));
        assert_eq!(precision.as_str().parse(), Ok(precision));
    }
    assert_eq!("  ".parse(), Ok(PartialDate::Unknown));
    assert_eq!(PartialDate::Unknown.to_string(), "date unknown");
    assert_eq!(PartialDate::Unknown.to_iso(), None);
    assert_eq!(PartialDate::from_columns(None, None, Precision::Unknown), Ok(PartialDate::Unknown));
}

#[test]
fn what_is_no_date_is_refused_in_words() {
    for (text, error) in [
        ("yesterday", DateError::Form),
        ("26", DateError::Form),
        ("2026-9-1", DateError::Form),
        ("2026-09-28T10:00", DateError::Form),
        ("2026-09-01/", DateError::Form),
        ("2026-09/2026-10", DateError::Form),
        ("+026", DateError::Form),
        ("2026-13", DateError::Calendar),
        ("2026-02-30", DateError::Calendar),
        ("2026-09-05/2026-09-01", DateError::Reversed),
    ] {
        assert_eq!(text.parse::<PartialDate>(), Err(error), "{text}");
    }
    assert_eq!("2026-09-01/2026-09-01".parse(), Ok(PartialDate::Day(date!(2026 - 09 - 01))));
    assert!(PartialDate::from_columns(None, None, Precision::Day).is_err());
}

#[test]
fn time_stamps_give_their_own_day() {
    let day = PartialDate::Day(date!(2025 - 02 - 14));
    for text in ["2025-02-14T23:59:00-08:00", "2025-02-14 10:00", "2025/02/14", " 2025-02-14 "] {
        assert_eq!(PartialDate::of_timestamp(text), day, "{text}");
    }
    assert_eq!(PartialDate::of_timestamp("14 Feb 2025"), PartialDate::Unknown);
}

proptest! {
    #[test]
    fn json_keeps_a_date(year in 1_i32..9_999, in_month in 1_u8..=12, in_day in 1_u8..=28, kind in 0..3) {
        let text = match kind {
            0 => format!("{year:04}"),
            1 => format!("{year:04}-{in_month:02}"),
            _ => format!("{year:04}-{in_month:02}-{in_day:02}"),
        };
        let parsed: PartialDate = text.parse().unwrap();
        let json = serde_json::to_string(&parsed).unwrap();
        prop_assert_eq!(serde_json::from_str::<PartialDate>(&json).unwrap(), parsed);
    }
}

#[test]
fn a_date_is_after_another_only_when_that_is_certain() {
    let after = |one: &str, other: &str| one.parse::<PartialDate>().unwrap().is_after(other.parse().unwrap());
    assert_eq!(after("2026-09-29", "2026-09-28"), Some(true));
    assert_eq!(after("2026-09-28", "2026-09-28"), Some(false));
    assert_eq!(after("2026-09", "2026-10-01"), Some(false));
    assert_eq!(after("2026-10", "2026-09-30"), Some(true));
    assert_eq!(after("2026", "2026-09-28"), None);
    assert_eq!(after("2026-09", "2026-09"), None);
    assert_eq!(after("2026-09-01/2026-09-05", "2026-09-05"), Some(false));
    assert_eq!(after("", "2026-09-28"), None);
    assert_eq!(after("2026-09-28", ""), None);
}
