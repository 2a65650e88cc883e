//! Dates that are only as precise as what is known.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use time::{Date, Month};

/// When something was said or published, as precisely as anybody knows.
///
/// Written as ISO 8601: `2026-09-28`, `2026-09`, `2026`, `2026-09-01/2026-09-05`, and nothing at all for unknown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum PartialDate {
    Day(Date),
    /// A month, by its first day.
    Month(FirstDay),
    /// A year, by its first day.
    Year(FirstDay),
    /// Between two different days, both included.
    Range(DayRange),
    #[default]
    Unknown,
}

/// The first day of a month or year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct FirstDay(Date);

/// Two days, the first before the second.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct DayRange {
    from: Date,
    to: Date,
}

/// How precise a date is, as the database stores it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Precision {
    Day,
    Month,
    Year,
    Range,
    Unknown,
}

impl Precision {
    pub const ALL: [Self; 5] = [Self::Day, Self::Month, Self::Year, Self::Range, Self::Unknown];

    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Month => "month",
            Self::Year => "year",
            Self::Range => "range",
            Self::Unknown => "unknown",
        }
    }
}

impl FromStr for Precision {
    type Err = DateError;

    fn from_str(name: &str) -> Result<Self, DateError> {
        Self::ALL.into_iter().find(|precision| precision.as_str() == name).ok_or(DateError::Form)
    }
}

/// Why a date was not taken; `Display` is for the person who typed it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DateError {
    #[error(
        "Write the date as 2026-09-28, or 2026-09 for a month, 2026 for a year, 2026-09-01/2026-09-05 for a period. Leave it empty if it is unknown."
    )]
    Form,
    #[error("There is no such day in the calendar.")]
    Calendar,
    #[error("The period ends before it begins.")]
    Reversed,
}

impl PartialDate {
    /// A period; of one day, that day.
    ///
    /// # Errors
    /// [`DateError::Reversed`] when it ends before it begins.
    pub fn between(from: Date, to: Date) -> Result<Self, DateError> {
        match from.cmp(&to) {
            std::cmp::Ordering::Less => Ok(Self::Range(DayRange { from, to })),
            std::cmp::Ordering::Equal => Ok(Self::Day(from)),
            std::cmp::Ordering::Greater => Err(DateError::Reversed),
        }
    }

    /// Reads the date at the start of a time stamp such as `2026-09-28T10:00:00+02:00`; whatever cannot be read is
    /// unknown.
    #[must_use]
    pub fn of_timestamp(text: &str) -> Self {
        let text = text.trim();
        let date = text.split(['T', 't', ' ']).next().unwrap_or_default();
        date.replace(['/', '.'], "-").parse().unwrap_or_default()
    }

    /// Puts together what the database holds.
    ///
    /// # Errors
    /// [`DateError`] when the three columns do not fit each other.
    pub fn from_columns(
        from: Option<Date>,
        to: Option<Date>,
        precision: Precision,
    ) -> Result<Self, DateError> {
        let date = match (precision, from, to) {
            (Precision::Unknown, None, None) => Self::Unknown,
            (Precision::Day, Some(from), _) => Self::Day(from),
            (Precision::Month, Some(from), _) => month(from.year(), from.month())?,
            (Precision::Year, Some(from), _) => year(from.year())?,
            (Precision::Range, Some(from), Some(to)) => Self::between(from, to)?,
            _ => return Err(DateError::Form),
        };
        Ok(date)
    }

    /// The first and last day that are possible, and the precision: the database's three columns. The database orders by
    /// the first.
    #[must_use]
    pub fn columns(self) -> (Option<Date>, Option<Date>, Precision) {
        match self {
            Self::Day(day) => (Some(day), Some(day), Precision::Day),
            Self::Month(FirstDay(first)) => {
                let last = first.replace_day(first.month().length(first.year())).unwrap_or(first);
                (Some(first), Some(last), Precision::Month)
            }
            Self::Year(FirstDay(first)) => {
                let last = Date::from_calendar_date(first.year(), Month::December, 31).unwrap_or(first);
                (Some(first), Some(last), Precision::Year)
            }
            Self::Range(DayRange { from, to }) => (Some(from), Some(to), Precision::Range),
            Self::Unknown => (None, None, Precision::Unknown),
        }
    }

    /// ISO 8601, cut to what is known, as schema.org's `Date` takes it; `None` when unknown.
    #[must_use]
    pub fn to_iso(self) -> Option<String> {
        let iso = match self {
            Self::Day(day) => iso_day(day),
            Self::Month(FirstDay(first)) => {
                format!("{:04}-{:02}", first.year(), u8::from(first.month()))
            }
            Self::Year(FirstDay(first)) => format!("{:04}", first.year()),
            Self::Range(DayRange { from, to }) => format!("{}/{}", iso_day(from), iso_day(to)),
            Self::Unknown => return None,
        };
        Some(iso)
    }

    #[must_use]
    pub const fn is_known(self) -> bool {
        !matches!(self, Self::Unknown)
    }
}

fn iso_day(day: Date) -> String {
    format!("{:04}-{:02}-{:02}", day.year(), u8::from(day.month()), day.day())
}

fn day(year: i32, month: Month, day: u8) -> Result<Date, DateError> {
    Date::from_calendar_date(year, month, day).map_err(|_| DateError::Calendar)
}

fn month(in_year: i32, month: Month) -> Result<PartialDate, DateError> {
    day(in_year, month, 1).map(|first| PartialDate::Month(FirstDay(first)))
}

fn year(year: i32) -> Result<PartialDate, DateError> {
    day(year, Month::January, 1).map(|first| PartialDate::Year(FirstDay(first)))
}

/// Reads digits of one fixed width.
fn digits<T: FromStr>(text: &str, width: usize) -> Result<T, DateError> {
    let fits = text.len() == width && text.bytes().all(|byte| byte.is_ascii_digit());
    fits.then(|| text.parse().ok()).flatten().ok_or(DateError::Form)
}

impl FromStr for PartialDate {
    type Err = DateError;

    fn from_str(text: &str) -> Result<Self, DateError> {
        let text = text.trim();
        if text.is_empty() {
            return Ok(Self::Unknown);
        }
        if let Some((from, to)) = text.split_once('/') {
            let (Self::Day(from), Self::Day(to)) = (from.parse()?, to.parse()?) else {
                return Err(DateError::Form);
            };
            return Self::between(from, to);
        }
        let mut parts = text.split('-');
        let in_year: i32 = digits(parts.next().unwrap_or_default(), 4)?;
        let Some(in_month) = parts.next() else {
            return year(in_year);
        };
        let in_month = Month::try_from(digits::<u8>(in_month, 2)?).map_err(|_| DateError::Calendar)?;
        match (parts.next(), parts.next()) {
            (None, _) => month(in_year, in_month),
            (Some(in_day), None) => day(in_year, in_month, digits(in_day, 2)?).map(Self::Day),
            _ => Err(DateError::Form),
        }
    }
}

impl fmt::Display for PartialDate {
    /// Plain English: "28 September 2026", "September 2026", "2026", "between 1 and 5 September 2026", "date unknown".
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Day(day) => write!(f, "{} {} {}", day.day(), day.month(), day.year()),
            Self::Month(FirstDay(first)) => write!(f, "{} {}", first.month(), first.year()),
            Self::Year(FirstDay(first)) => write!(f, "{}", first.year()),
            Self::Range(DayRange { from, to }) => {
                write!(f, "between {}", from.day())?;
                if (from.month(), from.year()) != (to.month(), to.year()) {
                    write!(f, " {}", from.month())?;
                }
                if from.year() != to.year() {
                    write!(f, " {}", from.year())?;
                }
                write!(f, " and {}", Self::Day(*to))
            }
            Self::Unknown => f.write_str("date unknown"),
        }
    }
}

impl TryFrom<String> for PartialDate {
    type Error = DateError;

    fn try_from(text: String) -> Result<Self, DateError> {
        text.parse()
    }
}

impl From<PartialDate> for String {
    fn from(date: PartialDate) -> Self {
        date.to_iso().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
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
            (
                "2025-12-30/2026-01-05",
                "between 30 December 2025 and 5 January 2026",
                "2025-12-30",
                "2026-01-05",
            ),
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
}
