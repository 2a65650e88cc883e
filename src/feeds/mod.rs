//! Feeds and sitemaps that a desk follows: what is new in them queues up as articles to look at.

mod dates;
mod json;
mod named;
pub mod pages;
mod read;
pub mod store;
mod xml;

use actix_web::web::ServiceConfig;
use time::{Duration, OffsetDateTime};

use crate::text::address::SafeUrl;

pub use self::read::{Read, read};

/// How long it is at least until a feed is looked at again, and how long it becomes when nothing is new, in seconds.
pub const LOOK_S: (i32, i32) = (15 * 60, 6 * 60 * 60);
/// How many items queue up when a feed is looked at for the first time.
pub const FIRST_ITEMS: usize = 20;
/// What is older than this does not queue up when a feed is looked at for the first time.
pub const FRESH: Duration = Duration::days(7);
/// How many items queue up with one look after that.
pub const ITEMS_A_LOOK: usize = 100;
/// How many items of a feed or sitemap are read.
pub const ITEMS_MAX: usize = 50_000;
/// How many feeds a desk follows at most.
pub const FEEDS_MAX: usize = 100;

/// What stands in a feed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Contents {
    pub title: Option<String>,
    pub items: Vec<Item>,
}

/// An item of a feed: an article somewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    pub address: SafeUrl,
    pub title: Option<String>,
    /// When it was published, or changed.
    pub at: Option<OffsetDateTime>,
}

/// In how many seconds to look again: soon where there was something new, else half as long again as the last time.
#[must_use]
pub fn next_look(waited_s: Option<i32>, is_new: bool) -> i32 {
    let (least, most) = LOOK_S;
    match waited_s {
        Some(waited) if !is_new => (waited + waited / 2).clamp(least, most),
        _ => least,
    }
}

/// The addresses of this capability.
pub fn routes(config: &mut ServiceConfig) {
    config.service(pages::list).service(pages::follow).service(pages::look).service(pages::end);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_feed_without_news_is_looked_at_less_and_less() {
        let mut waits = vec![next_look(None, false)];
        while waits.len() < 12 {
            waits.push(next_look(waits.last().copied(), false));
        }
        assert_eq!(waits[..3], [900, 1_350, 2_025]);
        assert_eq!(waits.last(), Some(&21_600));
        assert_eq!(next_look(Some(21_600), true), 900);
    }
}
