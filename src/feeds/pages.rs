//! The feeds that a desk follows.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, get, post};
use askama::Template;
use serde::Deserialize;
use time::OffsetDateTime;

use super::store::{self, Listed};
use super::{FEEDS_MAX, next_look};
use crate::audit;
use crate::auth::Authorized;
use crate::auth::permission::{AddArticle, ReadDesk};
use crate::db::{Pool, unit_of_work};
use crate::errands;
use crate::error::{Error, Result};
use crate::fetch::Fetcher;
use crate::id::FeedId;
use crate::jobs::{self, Kind, State, store::Order};
use crate::text::address::SafeUrl;
use crate::web::problems::Problems;
use crate::web::{Posted, Shell, page, see_other};

#[derive(Template)]
#[template(path = "feeds/list.html")]
struct ListPage {
    shell: Shell,
    problems: Problems,
    /// As it was typed.
    address: String,
    feeds: Vec<Listed>,
    now: OffsetDateTime,
}

impl ListPage {
    /// Why the last look at a feed failed, in words.
    #[expect(clippy::unused_self, reason = "templates call what is theirs")]
    fn trouble(&self, feed: &Listed) -> Option<&'static str> {
        feed.progress.reason.as_deref().map(errands::words)
    }

    /// Whether a feed is being looked at, or will be within a moment: the page shows itself again then.
    fn is_looking(&self, feed: &Listed) -> bool {
        match feed.progress.state {
            State::Running => true,
            State::Waiting => feed.progress.due_at <= self.now,
            State::Done | State::Dead => false,
        }
    }

    fn waits_for_any(&self) -> bool {
        self.feeds.iter().any(|feed| self.is_looking(feed))
    }
}

/// A feed to be followed.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Follow {
    #[serde(default)]
    address: String,
}

/// A form without fields.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Nothing {}

/// The feeds.
#[get("/{desk}/feeds")]
pub async fn list(by: Authorized<ReadDesk>, pool: Pool) -> Result<HttpResponse> {
    let feeds = store::list(&pool, by.desk.id).await?;
    let shell = Shell::new(&by.viewer());
    let drawn = ListPage { shell, problems: Problems::default(), address: String::new(), feeds, now: by.now };
    page(StatusCode::OK, &drawn)
}

/// Follows one more.
#[post("/{desk}/feeds")]
pub async fn follow(
    posted: Posted<AddArticle, Follow>,
    fetcher: Data<Fetcher>,
    pool: Pool,
) -> Result<HttpResponse> {
    let Posted { by, form, submission } = posted;
    let shell = Shell::new(&by.viewer());
    let address = match parse(&form.address, &fetcher) {
        Ok(address) => address,
        Err(words) => return refused(&by, shell, &pool, form.address, words).await,
    };
    let to = shell.path("/feeds");
    let desk = by.desk.id;
    let (location, asked) = (to.clone(), by.clone());
    let followed = unit_of_work(&pool, async move |tx| {
        audit::once(tx, &by, submission.as_ref(), &to).await?;
        let id = match store::find(tx, desk, &address).await? {
            Some((_, true)) => return Ok(Err("The desk follows this feed already.")),
            Some((id, false)) => id,
            None => FeedId::new(),
        };
        if store::count(tx, desk).await? >= FEEDS_MAX {
            return Ok(Err(
                "The desk follows 100 feeds, which is the most. Stop following another one first.",
            ));
        }
        let change = audit::record(tx, &by, "feed.follow", "feed", id, &[("address", &address)]).await?;
        store::follow(tx, &by, &change, id, &address).await?;
        jobs::store::order(tx, order(&by, id), change.at).await?;
        Ok(Ok(()))
    })
    .await?;
    match followed {
        Ok(()) => {
            jobs::wake();
            Ok(see_other(&location))
        }
        Err(words) => refused(&asked, shell, &pool, form.address, words.to_owned()).await,
    }
}

fn order(by: &Authorized<AddArticle>, id: FeedId) -> Order {
    let account = by.person.account;
    Order {
        desk: by.desk.id,
        kind: Kind::Feed,
        subject: id.uuid(),
        account,
        every_s: Some(next_look(None, true)),
    }
}

/// Looks at a feed now.
#[post("/{desk}/feeds/{feed}/look")]
pub async fn look(
    posted: Posted<AddArticle, Nothing>,
    at: Path<(String, FeedId)>,
    pool: Pool,
) -> Result<HttpResponse> {
    let Posted { by, submission, .. } = posted;
    let feed = store::get(&pool, by.desk.id, at.1).await?;
    if !feed.is_followed {
        return Err(Error::conflict("The desk does not follow this feed any more."));
    }
    errands::count_fetches(&pool, by.person.account, 1, by.now).await?;
    let to = Shell::new(&by.viewer()).path("/feeds");
    let location = to.clone();
    unit_of_work(&pool, async move |tx| {
        audit::once(tx, &by, submission.as_ref(), &to).await?;
        jobs::store::order(tx, order(&by, feed.id), by.now).await
    })
    .await?;
    jobs::wake();
    Ok(see_other(&location))
}

/// Follows one no longer.
#[post("/{desk}/feeds/{feed}/end")]
pub async fn end(
    posted: Posted<AddArticle, Nothing>,
    at: Path<(String, FeedId)>,
    pool: Pool,
) -> Result<HttpResponse> {
    let Posted { by, submission, .. } = posted;
    let feed = store::get(&pool, by.desk.id, at.1).await?;
    let to = Shell::new(&by.viewer()).path("/feeds");
    let location = to.clone();
    unit_of_work(&pool, async move |tx| {
        audit::once(tx, &by, submission.as_ref(), &to).await?;
        let change = audit::record(tx, &by, "feed.end", "feed", feed.id, &()).await?;
        if !store::end(tx, &by, &change, feed.id).await? {
            return Err(Error::conflict("The desk does not follow this feed any more."));
        }
        jobs::store::cancel(tx, by.desk.id, Kind::Feed, feed.id.uuid()).await
    })
    .await?;
    Ok(see_other(&location))
}

fn parse(typed: &str, fetcher: &Fetcher) -> Result<SafeUrl, String> {
    if typed.trim().is_empty() {
        return Err("Give the address of a feed, a sitemap, or a page that has one.".to_owned());
    }
    errands::address(typed, fetcher)
}

async fn refused(
    by: &Authorized<AddArticle>,
    shell: Shell,
    pool: &Pool,
    address: String,
    words: String,
) -> Result<HttpResponse> {
    let mut problems = Problems::default();
    problems.add("address", words);
    let feeds = store::list(pool, by.desk.id).await?;
    page(StatusCode::UNPROCESSABLE_ENTITY, &ListPage { shell, problems, address, feeds, now: by.now })
}
