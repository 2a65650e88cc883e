//! Looking for what is new in a feed or sitemap.

use std::collections::BTreeSet;

use actix_web::web;
use time::OffsetDateTime;

use super::{Errands, Failure};
use crate::articles::incoming::{self, Arrived, NewIntake};
use crate::articles::intake::How;
use crate::audit;
use crate::auth::Authorized;
use crate::auth::permission::AddArticle;
use crate::db::unit_of_work;
use crate::error::{Error, Result};
use crate::feeds::{self, Contents, Item, Read, store};
use crate::fetch::{Fetched, Request, Validators, Wanted};
use crate::id::{FeedId, IntakeId};
use crate::jobs::{self, Job, Step, Trouble};
use crate::text::address::{SafeUrl, url_key};

/// How many parts of a sitemap that has parts are looked at, the newest first.
const PARTS: usize = 3;

/// What the record says of new items.
#[derive(serde::Serialize)]
struct Found {
    items: usize,
    waiting: usize,
}

impl Errands {
    /// Queues up what is new in a feed as articles to look at.
    pub(super) async fn look_at_feed(&self, job: &Job, by: &Authorized<AddArticle>) -> Result<()> {
        let feed = store::get(&self.pool, job.desk, FeedId::from(job.subject)).await?;
        self.at(job, Step::Fetching).await?;
        let (contents, validators) = match self.read_feed(&feed.address, job.have.clone()).await? {
            Ok(Some(read)) => read,
            Ok(None) => (Contents::default(), job.have.clone()),
            Err(failure) => return self.fail(job, Some(by), failure).await,
        };
        self.at(job, Step::Keeping).await?;
        let (job, by) = (job.clone(), by.clone());
        unit_of_work(&self.pool, async move |tx| {
            let now = OffsetDateTime::now_utc();
            let news = store::unknown(tx, job.desk, feed.id, &contents.items).await?;
            let titled = contents.title.as_deref().filter(|title| feed.title.as_deref() != Some(*title));
            let is_first = !feed.is_known;
            let (queued, known) = choose(&news, is_first, now);
            let again_s = feeds::next_look(job.every_s, !queued.is_empty() || is_first);
            // What is left for the next time has to be sent then.
            let kept = if known.len() < news.len() { Validators::default() } else { validators.clone() };
            jobs::store::finish(tx, &job, Some(again_s), &kept, now).await?;
            if known.is_empty() && titled.is_none() {
                return Ok(());
            }
            let found = Found { items: known.len(), waiting: queued.len() };
            let change = audit::record(tx, &by, "feed.look", "feed", feed.id, &found).await?;
            store::remember(tx, &by, &change, feed.id, &known).await?;
            if let Some(title) = titled {
                store::rename(tx, &by, &change, feed.id, title).await?;
            }
            let keys: Vec<String> = queued.iter().map(|item| url_key(&item.address).key).collect();
            let mut here: BTreeSet<String> = incoming::seen(tx, job.desk, &keys).await?;
            for (item, key) in queued.into_iter().zip(keys) {
                // What is here already, by whatever way, and what the feed has twice.
                if !here.insert(key) {
                    continue;
                }
                let new = NewIntake {
                    id: IntakeId::new(),
                    how: How::Feed,
                    label: incoming::label(item.title.as_deref().unwrap_or(item.address.as_str())),
                    address: Some(item.address.clone()),
                    details: std::collections::BTreeMap::new(),
                    arrived: Arrived::OnItsWay,
                };
                incoming::insert(tx, &by, &change, &new).await?;
            }
            Ok(())
        })
        .await
    }

    /// Fetches and reads a feed; also one that a page names, and the newest parts of a sitemap. `None` when it is as it
    /// was.
    async fn read_feed(
        &self,
        address: &SafeUrl,
        have: Validators,
    ) -> Result<Result<Option<(Contents, Validators)>, Failure>> {
        let (read, validators) = match self.fetch_feed(address, have).await? {
            Ok(Some(fetched)) => fetched,
            Ok(None) => return Ok(Ok(None)),
            Err(failure) => return Ok(Err(failure)),
        };
        match read {
            Read::Contents(contents) => Ok(Ok(Some((contents, validators)))),
            Read::Named(feed) => match self.fetch_feed(&feed, Validators::default()).await? {
                Ok(Some((Read::Contents(contents), _))) => Ok(Ok(Some((contents, Validators::default())))),
                Ok(_) => Ok(Err(Trouble::NoFeed.into())),
                Err(failure) => Ok(Err(failure)),
            },
            Read::Parts(parts) => {
                let mut contents = Contents::default();
                for part in parts.into_iter().take(PARTS) {
                    match self.fetch_feed(&part, Validators::default()).await? {
                        Ok(Some((Read::Contents(more), _))) => contents.items.extend(more.items),
                        Ok(_) => {}
                        Err(failure) => return Ok(Err(failure)),
                    }
                }
                Ok(Ok(Some((contents, Validators::default()))))
            }
        }
    }

    async fn fetch_feed(
        &self,
        address: &SafeUrl,
        have: Validators,
    ) -> Result<Result<Option<(Read, Validators)>, Failure>> {
        let asked = Request { address: address.as_str().to_owned(), wanted: Wanted::Feed, have };
        let (head, bytes) = match self.fetcher.fetch(asked).await {
            Ok(Fetched::New(head, bytes)) => (head, bytes),
            Ok(Fetched::NotModified) => return Ok(Ok(None)),
            Err(reason) => return Ok(Err(reason.into())),
        };
        let validators = head.validators.clone();
        // A feed of five megabytes takes a tenth of a second: not on the thread that answers others.
        let read =
            web::block(move || feeds::read(&bytes, head.charset.as_deref(), &head.final_address)).await;
        Ok(match read.map_err(Error::internal)? {
            Some(read) => Ok(Some((read, validators))),
            None => Err(Trouble::NoFeed.into()),
        })
    }
}

/// Which of the new items queue up, and which are remembered as known. A feed that is new to the desk brings only its
/// newest items: what is older was there when somebody chose to follow it.
fn choose(news: &[Item], is_first: bool, now: OffsetDateTime) -> (Vec<Item>, Vec<Item>) {
    let mut newest: Vec<&Item> = news.iter().collect();
    // Feeds have the newest first; those without a time stay as they stand.
    newest.sort_by_key(|item| std::cmp::Reverse(item.at));
    if is_first {
        let is_fresh = |item: &&Item| item.at.is_none_or(|at| now - at < feeds::FRESH);
        let queued = newest.into_iter().filter(is_fresh).take(feeds::FIRST_ITEMS).cloned().collect();
        return (queued, news.to_vec());
    }
    let queued: Vec<Item> = newest.into_iter().take(feeds::ITEMS_A_LOOK).cloned().collect();
    (queued.clone(), queued)
}

#[cfg(test)]
mod tests {
    use time::Duration;

    use super::*;

    fn item(number: i64, at: Option<OffsetDateTime>) -> Item {
        let address = SafeUrl::parse(&format!("https://example.org/{number}")).unwrap();
        Item { address, title: None, at }
    }

    #[test]
    fn a_new_feed_brings_its_newest_items_and_knows_the_rest() {
        let now = OffsetDateTime::UNIX_EPOCH + Duration::days(365);
        let news: Vec<Item> = (0..100).map(|day| item(day, Some(now - Duration::days(day)))).collect();
        let (queued, known) = choose(&news, true, now);
        assert_eq!(queued, news[..usize::try_from(feeds::FRESH.whole_days()).unwrap()]);
        assert_eq!(known.len(), 100);
        let undated: Vec<Item> = (0..100).map(|number| item(number, None)).collect();
        assert_eq!(choose(&undated, true, now).0, undated[..feeds::FIRST_ITEMS]);
    }

    #[test]
    fn what_is_too_much_for_one_look_is_left_for_the_next() {
        let news: Vec<Item> = (0..300).map(|number| item(number, None)).collect();
        let (queued, known) = choose(&news, false, OffsetDateTime::UNIX_EPOCH);
        assert_eq!(queued, news[..feeds::ITEMS_A_LOOK]);
        assert_eq!(known, queued);
    }
}
