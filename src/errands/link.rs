//! Looking at the address of a source again: whether it still shows what was kept.

use time::OffsetDateTime;

use super::Errands;
use super::archive::{Arrived, keep, may_cite};
use crate::articles::snapshots;
use crate::audit;
use crate::auth::Authorized;
use crate::auth::permission::{AddArticle, CiteEvidence};
use crate::db::{unit_of_work, unit_of_work_quietly};
use crate::error::Result;
use crate::evidence::copies::{self, Kept, LOOK_S, Link, SILENCES, Why, store};
use crate::evidence::sources::Access;
use crate::fetch::Validators;
use crate::id::SourceId;
use crate::jobs::{self, Job};
use crate::text::address::SafeUrl;

/// In how many seconds to look again: half as long again as the last time.
fn next_look(waited_s: Option<i32>) -> i32 {
    let (least, most) = LOOK_S;
    waited_s.map_or(least, |waited| (waited + waited / 2).clamp(least, most))
}

impl Errands {
    /// Looks whether a source is still where it was: for whoever cited it, or by the server itself when they may not cite
    /// any more.
    pub(super) async fn look_at_link(&self, job: &Job, by: Option<&Authorized<AddArticle>>) -> Result<()> {
        let cites = match by {
            Some(by) => may_cite(by)?,
            None => None,
        };
        let id = SourceId::from(job.subject);
        let (wanted, kept) = {
            let conn = &mut *self.pool.acquire().await?;
            (store::wanted(conn, job.desk, id).await?, store::kept(conn, job.desk, id).await?)
        };
        let address = wanted.url.as_deref().and_then(|url| SafeUrl::parse(url).ok());
        let is_looked_at = wanted.id == id && wanted.access != Access::Confidential;
        let (Some(address), Some(kept), true) = (address, kept, is_looked_at) else {
            return self.ends_looking(job).await;
        };
        let found = match self.fetch_source(job, &address, job.have.clone()).await? {
            Ok(None) => return self.was_looked_at(job, cites, &kept, Link::Alive, None, &job.have).await,
            Ok(Some(arrived)) => arrived,
            Err(why) if why.passes() && job.attempts + 1 < SILENCES => {
                return self.fail(job, by, why.into()).await;
            }
            Err(why) if why.kills() => {
                let none = Validators::default();
                return self.was_looked_at(job, cites, &kept, Link::Dead, Some(why), &none).await;
            }
            // Whether it is still there for people is not known.
            Err(_) => {
                return self.was_looked_at(job, cites, &kept, kept.link, kept.link_reason, &job.have).await;
            }
        };
        if leads_home(&address, found.received.final_address.as_ref()) {
            let none = Validators::default();
            return self.was_looked_at(job, cites, &kept, Link::Dead, Some(Why::FrontPage), &none).await;
        }
        let validators = found.validators.clone();
        if self.is_as_kept(job, &kept, &found).await? {
            return self.was_looked_at(job, cites, &kept, Link::Alive, None, &validators).await;
        }
        let Some(cites) = cites else {
            return self.was_looked_at(job, None, &kept, Link::Changed, None, &validators).await;
        };
        let job = job.clone();
        unit_of_work(&self.pool, async move |tx| {
            // First, since keeping orders the next look of what is not at work.
            keep(tx, &cites, id, &found, Link::Changed).await?;
            let now = OffsetDateTime::now_utc();
            jobs::store::finish(tx, &job, Some(next_look(job.every_s)), &validators, now).await
        })
        .await
    }

    /// Whether what came says the same as the newest copy: the same bytes, or the same words besides what surrounds them.
    async fn is_as_kept(&self, job: &Job, kept: &Kept, found: &Arrived) -> Result<bool> {
        let Some(copy) = &kept.copy else { return Ok(false) };
        if crate::blobs::hash(&found.received.bytes) == copy.sha256 {
            return Ok(true);
        }
        let Some(before) = snapshots::find(&self.pool, job.desk, copy.snapshot).await? else {
            return Ok(false);
        };
        let before = copies::read_apart(self.fetcher.isolated(), &before.received).await;
        Ok(!before.gist.is_empty() && before.gist == found.reading.gist)
    }

    /// Notes what a look came to, and orders the next. That nothing changed is no event.
    async fn was_looked_at(
        &self,
        job: &Job,
        by: Option<Authorized<CiteEvidence>>,
        kept: &Kept,
        link: Link,
        why: Option<Why>,
        validators: &Validators,
    ) -> Result<()> {
        // What was found changed once stays so until somebody has it archived again.
        let link = if (kept.link, link) == (Link::Changed, Link::Alive) { Link::Changed } else { link };
        let is_news = (kept.link, kept.link_reason) != (link, why);
        let (job, validators, source) = (job.clone(), validators.clone(), kept.source);
        let again_s = next_look(job.every_s);
        let work = async move |tx: &mut sqlx::PgConnection| {
            let now = OffsetDateTime::now_utc();
            jobs::store::finish(tx, &job, Some(again_s), &validators, now).await?;
            if !is_news {
                return Ok(());
            }
            let details = serde_json::json!({ "link": link, "reason": why });
            let event = match &by {
                Some(by) => audit::record(tx, by, "source.look", "source", source, &details).await?.event,
                None => {
                    audit::record_by_server(tx, job.desk, now, "source.look", "source", source, &details)
                        .await?
                }
            };
            store::looked(tx, job.desk, event, now, source, (link, why)).await
        };
        if is_news {
            unit_of_work(&self.pool, work).await
        } else {
            unit_of_work_quietly(&self.pool, work).await
        }
    }

    async fn ends_looking(&self, job: &Job) -> Result<()> {
        let job = job.clone();
        unit_of_work_quietly(&self.pool, async move |tx| {
            jobs::store::finish(tx, &job, None, &Validators::default(), OffsetDateTime::now_utc()).await
        })
        .await
    }
}

/// Whether an address leads to the site's front page, as sites do that took a page away.
fn leads_home(asked: &SafeUrl, came: Option<&SafeUrl>) -> bool {
    let path = |address: &SafeUrl| url::Url::parse(address.as_str()).map(|url| url.path().to_owned());
    came.is_some_and(|came| path(came).as_deref() == Ok("/") && path(asked).as_deref() != Ok("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_is_looked_at_after_a_week_and_then_less_and_less_down_to_once_in_thirty_days() {
        let mut waits = vec![next_look(None)];
        while waits.len() < 8 {
            waits.push(next_look(waits.last().copied()));
        }
        let days: Vec<_> = waits.iter().map(|wait| wait / 86_400).collect();
        assert_eq!(days, [7, 10, 15, 23, 30, 30, 30, 30]);
    }

    #[test]
    fn a_page_that_leads_to_the_front_page_is_gone() {
        let url = |text: &str| SafeUrl::parse(text).unwrap();
        let home = url("https://a.example/");
        assert!(leads_home(&url("https://a.example/report"), Some(&home)));
        assert!(!leads_home(&home, Some(&home)));
        assert!(!leads_home(&url("https://a.example/report"), Some(&url("https://a.example/reports/"))));
    }
}
