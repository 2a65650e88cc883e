//! How exports write times and days.

use std::fmt;

use serde::{Serialize, Serializer};
use time::{Date, OffsetDateTime, UtcOffset};

/// A point in time, written in UTC to the second, as in `2026-10-02T09:00:00Z`.
#[derive(Clone, Copy, Debug)]
pub struct Instant(pub OffsetDateTime);

impl fmt::Display for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let utc = self.0.to_offset(UtcOffset::UTC);
        let (hour, minute, second) = utc.to_hms();
        write!(f, "{}T{hour:02}:{minute:02}:{second:02}Z", Day(utc.date()))
    }
}

impl Serialize for Instant {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// A day, as in `2026-10-02`.
#[derive(Clone, Copy, Debug)]
pub struct Day(pub Date);

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.0.to_calendar_date();
        write!(f, "{year:04}-{:02}-{day:02}", u8::from(month))
    }
}

impl Serialize for Day {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
