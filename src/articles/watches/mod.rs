//! Articles that are fetched again: by hand, or on a schedule that slows down while nothing changes.

pub mod pages;
pub mod store;

/// How long it is at least until an article is looked at again, and how long it becomes when nothing changes, in seconds.
pub const LOOK_S: (i32, i32) = (60 * 60, 7 * 24 * 60 * 60);
/// How many articles a desk watches at most.
pub const WATCHES_MAX: i64 = 500;

/// In how many seconds to look again: soon after a change, else half as long again as the last time.
#[must_use]
pub fn next_look(waited_s: Option<i32>, has_changed: bool) -> i32 {
    let (least, most) = LOOK_S;
    match waited_s {
        Some(waited) if !has_changed => (waited + waited / 2).clamp(least, most),
        _ => least,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_article_that_does_not_change_is_looked_at_less_and_less() {
        let mut waits = vec![next_look(None, false)];
        while waits.len() < 20 {
            waits.push(next_look(waits.last().copied(), false));
        }
        assert_eq!(waits[..3], [3_600, 5_400, 8_100]);
        assert_eq!(waits.last(), Some(&604_800));
        assert_eq!(next_look(Some(604_800), true), 3_600);
    }
}
