//! Moments as feeds write them.

use time::format_description::well_known::{Iso8601, Rfc2822, Rfc3339};
use time::macros::format_description;
use time::{Date, OffsetDateTime};

/// Reads a moment: RFC 2822 as RSS has it, RFC 3339 as Atom and sitemaps do, or a day alone.
pub(super) fn read(text: &str) -> Option<OffsetDateTime> {
    let text = text.trim();
    let day = || {
        Date::parse(text, format_description!("[year]-[month]-[day]"))
            .ok()
            .map(|day| day.midnight().assume_utc())
    };
    OffsetDateTime::parse(text, &Rfc3339)
        .or_else(|_| OffsetDateTime::parse(text, &Rfc2822))
        .or_else(|_| OffsetDateTime::parse(text, &Iso8601::PARSING))
        .ok()
        .or_else(day)
}
