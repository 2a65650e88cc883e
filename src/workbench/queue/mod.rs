//! The queue: what waits for whom, in the order that somebody wants.

mod decide;
mod next;

use actix_web::http::StatusCode;
use actix_web::web::Query;
use actix_web::{HttpResponse, get};
use askama::Template;
use serde::Deserialize;
use time::OffsetDateTime;

use super::lane::{Lane, Sort};
use super::presence;
use super::store::{self, After, Item, Waiting};
use crate::auth::Member;
use crate::auth::permission::{DraftVerdict, ReadDesk};
use crate::auth::{Authorized, Viewer};
use crate::claims::carry::list::WaitingArticle;
use crate::claims::{self, Priority, carry};
use crate::db::Pool;
use crate::error::{Error, Result};
use crate::id::ClaimId;
use crate::reviews;
use crate::web::paging::PAGE;
use crate::web::{Shell, clock, page};

pub use decide::decisions;
pub use next::give;

/// Which lane, in which order, and where its page begins.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Asked {
    lane: Option<Lane>,
    sort: Option<Sort>,
    after: Option<String>,
    /// Whether somebody asked for the next claim and there was none.
    none: Option<String>,
    /// Which row gets the focus, from 0: where something was decided.
    at: Option<usize>,
}

impl After {
    /// As it stands in an address: the rank, microseconds since 1970, and the claim.
    fn written(self) -> String {
        format!("{}.{}.{}", self.rank, self.since.unix_timestamp_nanos() / 1_000, self.claim)
    }

    fn parse(text: &str) -> Option<Self> {
        let mut parts = text.splitn(3, '.');
        let rank = parts.next()?.parse().ok()?;
        let nanos = parts.next()?.parse::<i64>().ok().map(|micros| i128::from(micros) * 1_000)?;
        let since = OffsetDateTime::from_unix_timestamp_nanos(nanos).ok()?;
        Some(Self { rank, since, claim: parts.next()?.parse().ok()? })
    }
}

/// A decision that was not taken: why, and what was typed.
#[derive(Clone, Debug)]
struct Refused {
    claim: ClaimId,
    words: String,
    reason: String,
}

#[derive(Template)]
#[template(path = "workbench/queue.html")]
struct QueuePage {
    shell: Shell,
    now: OffsetDateTime,
    waiting: Vec<Waiting>,
    lane: Lane,
    sort: Sort,
    items: Vec<Item>,
    /// Who else is on which claim.
    there: Vec<(ClaimId, String)>,
    next: Option<String>,
    may_draft: bool,
    none: bool,
    at: Option<usize>,
    refused: Option<Refused>,
    /// Articles with marks that need a look, and how many marks do in all.
    articles: Vec<WaitingArticle>,
    looks: i64,
}

impl QueuePage {
    async fn load(pool: &Pool, member: &Member, viewer: &Viewer, asked: Asked) -> Result<Self> {
        let conn = &mut *pool.acquire().await?;
        let waiting = store::waiting(conn, member).await?;
        let lane = asked.lane.or(waiting.first().map(|first| first.lane)).unwrap_or(Lane::Review);
        let sort = asked.sort.unwrap_or(Sort::Age);
        let after = match &asked.after {
            None => None,
            Some(text) => Some(
                After::parse(text).ok_or_else(|| Error::Malformed("This address cannot be read.".into()))?,
            ),
        };
        let mut items = store::items(conn, member, lane, sort, after).await?;
        let more = items.len() > PAGE;
        items.truncate(PAGE);
        let shown: Vec<_> = items.iter().map(|item| item.claim).collect();
        let there = presence::on(conn, member.desk.id, &shown, member.person.account, member.now).await?;
        let (articles, looks) = carry::list::articles(conn, member.desk.id).await?;
        let last = items
            .last()
            .map(|item| After { rank: item.rank, since: item.since, claim: item.claim }.written());
        Ok(Self {
            shell: Shell::new(viewer),
            now: member.now,
            waiting,
            lane,
            sort,
            at: asked.at.map(|at| at.min(items.len().saturating_sub(1))),
            items,
            there,
            next: last.filter(|_| more),
            may_draft: member.may::<DraftVerdict>(),
            none: asked.none.is_some(),
            refused: None,
            articles,
            looks,
        })
    }

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

    /// Where a claim is worked on.
    fn path(&self, item: &Item) -> String {
        match self.lane {
            Lane::Assess => reviews::places::address(self.shell.slug(), item.claim),
            Lane::Adjudicate => format!("{}/adjudication", self.claim_path(item)),
            _ => claims::address(self.shell.slug(), item.claim),
        }
    }

    fn claim_path(&self, item: &Item) -> String {
        claims::address(self.shell.slug(), item.claim)
    }

    /// Who else is on a claim.
    fn on(&self, item: &Item) -> Option<&str> {
        self.there.iter().find(|(claim, _)| *claim == item.claim).map(|(_, name)| name.as_str())
    }

    /// Whether the day that was planned is over.
    fn is_late(&self, item: &Item) -> bool {
        item.due_on.is_some_and(|due| due < self.now.date())
    }

    /// Why the decision about this claim was not taken.
    fn refusal(&self, item: &Item) -> Option<&Refused> {
        self.refused.as_ref().filter(|refused| refused.claim == item.claim)
    }

    /// What was typed about a claim that does not wait here any more.
    fn unsaved(&self) -> Option<&Refused> {
        let refused = self.refused.as_ref().filter(|refused| !refused.reason.is_empty())?;
        self.items.iter().all(|item| item.claim != refused.claim).then_some(refused)
    }

    fn has_focus(&self, index: usize) -> bool {
        self.refused.is_none() && self.at == Some(index)
    }
}

/// What waits for the member.
#[get("/{desk}/queue")]
pub async fn show(member: Authorized<ReadDesk>, asked: Query<Asked>, pool: Pool) -> Result<HttpResponse> {
    let queue = QueuePage::load(&pool, &member, &member.viewer(), asked.into_inner()).await?;
    page(StatusCode::OK, &queue)
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    #[test]
    fn the_begin_of_a_page_can_be_read_back() {
        for rank in [0, -666_666, i32::MAX] {
            let since = datetime!(2026-11-25 18:00:00.123456 UTC);
            let after = After { rank, since, claim: ClaimId::new() };
            let read = After::parse(&after.written()).unwrap();
            assert_eq!((read.rank, read.since, read.claim), (rank, after.since, after.claim));
        }
        assert!(After::parse("yesterday").is_none());
    }
}
