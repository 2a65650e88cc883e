//! The queue: what waits for whom, oldest first.

use actix_web::http::StatusCode;
use actix_web::web::Query;
use actix_web::{HttpResponse, get, post};
use askama::Template;
use serde::Deserialize;
use time::OffsetDateTime;

use super::lane::Lane;
use super::store::{self, After, Item, Waiting};
use crate::auth::Authorized;
use crate::auth::permission::{DraftVerdict, ReadDesk};
use crate::claims::carry::list::WaitingArticle;
use crate::claims::{self, carry};
use crate::db::{Pool, unit_of_work};
use crate::error::{Error, Result};
use crate::web::paging::PAGE;
use crate::web::{Posted, Shell, clock, page, see_other};

/// Which lane, and where its page begins.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Asked {
    lane: Option<Lane>,
    after: Option<String>,
    /// Whether somebody asked for the next claim and there was none.
    none: Option<String>,
}

impl After {
    /// As it stands in an address: microseconds since 1970, and the claim.
    fn written(self) -> String {
        format!("{}.{}", self.since.unix_timestamp_nanos() / 1_000, self.claim)
    }

    fn parse(text: &str) -> Option<Self> {
        let (micros, claim) = text.split_once('.')?;
        let nanos = micros.parse::<i64>().ok().map(|micros| i128::from(micros) * 1_000)?;
        let since = OffsetDateTime::from_unix_timestamp_nanos(nanos).ok()?;
        Some(Self { since, claim: claim.parse().ok()? })
    }
}

#[derive(Template)]
#[template(path = "workbench/queue.html")]
struct QueuePage {
    shell: Shell,
    now: OffsetDateTime,
    waiting: Vec<Waiting>,
    lane: Lane,
    items: Vec<Item>,
    next: Option<String>,
    may_draft: bool,
    none: bool,
    /// Articles with marks that need a look, and how many marks do in all.
    articles: Vec<WaitingArticle>,
    looks: i64,
}

impl QueuePage {
    fn oldest(&self) -> Option<String> {
        self.waiting.iter().map(|waiting| waiting.oldest).min().map(|oldest| clock::age(oldest, self.now))
    }

    fn all(&self) -> i64 {
        self.waiting.iter().map(|waiting| waiting.count).sum()
    }

    fn age(&self, since: &OffsetDateTime) -> String {
        clock::age(*since, self.now)
    }

    /// Every lane, with how many wait there.
    fn lanes(&self) -> impl Iterator<Item = (Lane, i64)> {
        Lane::ALL.iter().map(|lane| {
            let waiting = self.waiting.iter().find(|waiting| waiting.lane == *lane);
            (*lane, waiting.map_or(0, |waiting| waiting.count))
        })
    }

    fn path(&self, item: &Item) -> String {
        claims::address(self.shell.slug(), item.claim)
    }
}

/// What waits for the member.
#[get("/{desk}/queue")]
pub async fn show(member: Authorized<ReadDesk>, asked: Query<Asked>, pool: Pool) -> Result<HttpResponse> {
    let asked = asked.into_inner();
    let conn = &mut *pool.acquire().await?;
    let waiting = store::waiting(conn, &member).await?;
    let lane = asked.lane.or(waiting.first().map(|first| first.lane)).unwrap_or(Lane::Review);
    let after = match &asked.after {
        None => None,
        Some(text) => {
            Some(After::parse(text).ok_or_else(|| Error::Malformed("This address cannot be read.".into()))?)
        }
    };
    let mut items = store::items(conn, &member, lane, after).await?;
    let more = items.len() > PAGE;
    items.truncate(PAGE);
    let (articles, looks) = carry::list::articles(conn, member.desk.id).await?;
    let last = items.last().map(|item| After { since: item.since, claim: item.claim }.written());
    let queue = QueuePage {
        shell: Shell::new(&member.viewer()),
        now: member.now,
        waiting,
        lane,
        items,
        next: last.filter(|_| more),
        may_draft: member.may::<DraftVerdict>(),
        none: asked.none.is_some(),
        articles,
        looks,
    };
    page(StatusCode::OK, &queue)
}

/// A form without fields of its own.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Nothing {}

/// Gives the member the claim that waits longest with nobody.
#[post("/{desk}/queue/next")]
pub async fn take(posted: Posted<DraftVerdict, Nothing>, pool: Pool) -> Result<HttpResponse> {
    let Posted { by, submission, .. } = posted;
    let slug = by.desk.slug.clone();
    let taken =
        unit_of_work(&pool, async move |tx| store::take_next(tx, &by, submission.as_ref()).await).await;
    match taken {
        Ok(claim) => Ok(see_other(&claims::address(&slug, claim))),
        Err(Error::NotFound(_)) => Ok(see_other(&format!("/{slug}/queue?none=1"))),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::ClaimId;
    use time::macros::datetime;

    #[test]
    fn the_begin_of_a_page_can_be_read_back() {
        let after = After { since: datetime!(2026-11-25 18:00:00.123456 UTC), claim: ClaimId::new() };
        let read = After::parse(&after.written()).unwrap();
        assert_eq!((read.since, read.claim), (after.since, after.claim));
        assert!(After::parse("yesterday").is_none());
    }
}
