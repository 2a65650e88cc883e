//! Lists by key: a page ends with the key of its last row, and the next begins after it.

use uuid::Uuid;

/// How many rows a list page shows.
pub const PAGE: usize = 50;

/// Part of a list, and the key that the next part begins after.
#[derive(Debug)]
pub struct Page<T> {
    pub rows: Vec<T>,
    pub next: Option<Uuid>,
}

impl<T> Page<T> {
    /// The page of rows that were read with a limit of `PAGE + 1`: the one too many tells that there is more.
    #[must_use]
    pub fn of(mut rows: Vec<T>, key: impl Fn(&T) -> Uuid) -> Self {
        let more = rows.len() > PAGE;
        rows.truncate(PAGE);
        let next = if more { rows.last().map(key) } else { None };
        Self { rows, next }
    }
}

/// The limit to read a page with: one more than it shows.
#[must_use]
pub fn limit() -> i64 {
    i64::try_from(PAGE + 1).unwrap_or(i64::MAX)
}
