//! How precise a date is.

use std::str::FromStr;

use super::DateError;

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
