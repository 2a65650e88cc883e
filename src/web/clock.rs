//! Points in time, as pages print them: in UTC, and saying so.

use time::format_description::well_known::Rfc3339;
use time::macros::format_description;
use time::{Date, OffsetDateTime};

/// As in "14 March 2024, 09:12 UTC".
#[must_use]
pub fn moment(at: OffsetDateTime) -> String {
    utc(at)
        .format(format_description!("[day padding:none] [month repr:long] [year], [hour]:[minute] UTC"))
        .unwrap_or_default()
}

/// As in "14 March 2024".
#[must_use]
pub fn day(at: OffsetDateTime) -> String {
    utc(at).format(format_description!("[day padding:none] [month repr:long] [year]")).unwrap_or_default()
}

/// A day without a time of it, as in "14 March 2024".
#[must_use]
pub fn date(day: Date) -> String {
    format!("{} {} {}", day.day(), day.month(), day.year())
}

/// As in "09:12 UTC".
#[must_use]
pub fn hour(at: OffsetDateTime) -> String {
    utc(at).format(format_description!("[hour]:[minute] UTC")).unwrap_or_default()
}

/// For the `datetime` attribute and for JSON: RFC 3339, to the second.
#[must_use]
pub fn iso(at: OffsetDateTime) -> String {
    utc(at).replace_nanosecond(0).unwrap_or(at).format(&Rfc3339).unwrap_or_default()
}

/// How long ago, in the largest unit that fits: "3 days", "1 hour", "less than a minute".
#[must_use]
pub fn age(at: OffsetDateTime, now: OffsetDateTime) -> String {
    let minutes = (now - at).whole_minutes().max(0);
    let (count, unit) = match minutes {
        0 => return "less than a minute".to_owned(),
        1..60 => (minutes, "minute"),
        60..1440 => (minutes / 60, "hour"),
        _ => (minutes / 1440, "day"),
    };
    format!("{count} {unit}{}", if count == 1 { "" } else { "s" })
}

fn utc(at: OffsetDateTime) -> OffsetDateTime {
    at.to_offset(time::UtcOffset::UTC)
}

#[cfg(test)]
mod tests {
    use time::Duration;
    use time::macros::{date as calendar, datetime};

    use super::*;

    #[test]
    fn times_are_printed_in_utc() {
        let at = datetime!(2024-03-04 00:12:33.5 +02:00);
        assert_eq!(moment(at), "3 March 2024, 22:12 UTC");
        assert_eq!(day(at), "3 March 2024");
        assert_eq!(iso(at), "2024-03-03T22:12:33Z");
        assert_eq!(date(calendar!(2024 - 03 - 04)), "4 March 2024");
    }

    #[test]
    fn ages_are_told_in_the_largest_unit() {
        let now = datetime!(2024-03-04 12:00 UTC);
        assert_eq!(age(now, now), "less than a minute");
        assert_eq!(age(now - Duration::minutes(1), now), "1 minute");
        assert_eq!(age(now - Duration::hours(47), now), "1 day");
        assert_eq!(age(now - Duration::days(9), now), "9 days");
    }
}
