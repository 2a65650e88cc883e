//! How pages write when something happened: in UTC, for people and for programs.

use time::OffsetDateTime;
use time::macros::format_description;

/// For the `datetime` attribute, as in `2024-03-14T09:12:05Z`.
#[must_use]
pub fn machine(at: &OffsetDateTime) -> String {
    let format = format_description!("[year]-[month]-[day]T[hour]:[minute]:[second]Z");
    utc(at).format(format).expect("a date has all these parts")
}

/// For people, as in `14 March 2024, 09:12 UTC`.
#[must_use]
pub fn human(at: &OffsetDateTime) -> String {
    let format = format_description!("[day padding:none] [month repr:long] [year], [hour]:[minute] UTC");
    utc(at).format(format).expect("a date has all these parts")
}

fn utc(at: &OffsetDateTime) -> OffsetDateTime {
    at.to_offset(time::UtcOffset::UTC)
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    #[test]
    fn times_are_written_in_utc() {
        let at = datetime!(2024-03-14 10:12:05.5 +1);
        assert_eq!(machine(&at), "2024-03-14T09:12:05Z");
        assert_eq!(human(&at), "14 March 2024, 09:12 UTC");
    }
}
