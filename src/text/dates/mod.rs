//! Dates that are only as precise as what is known.

mod moment;
mod precision;

#[cfg(test)]
mod tests;

pub use moment::Moment;
pub use precision::Precision;

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

    /// Whether this was certainly later than `other`, or certainly not; nothing when what is known of the two does not tell.
    #[must_use]
    pub fn is_after(self, other: Self) -> Option<bool> {
        let ((from, to, _), (since, until, _)) = (self.columns(), other.columns());
        if from? > until? {
            return Some(true);
        }
        (to? <= since?).then_some(false)
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
