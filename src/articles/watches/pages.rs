//! Fetching an article again, and watching it.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, get, post};
use askama::Template;
use serde::Deserialize;

use super::store::{self, Watch};
use super::{WATCHES_MAX, next_look};
use crate::articles::{self, Article, path};
use crate::audit;
use crate::auth::Authorized;
use crate::auth::permission::{AddArticle, ReadDesk};
use crate::db::{Pool, unit_of_work};
use crate::errands;
use crate::error::{Error, Result};
use crate::fetch::Fetcher;
use crate::id::ArticleId;
use crate::jobs::{self, Kind, Progress, State, store::Order};
use crate::web::{Posted, Shell, page, see_other};

#[derive(Template)]
#[template(path = "articles/fetches.html")]
struct FetchesPage {
    shell: Shell,
    article: Article,
    /// The fetch that somebody asked for.
    by_hand: Option<Progress>,
    watch: Option<Watch>,
    /// The fetches of whoever watches.
    looks: Option<Progress>,
}

impl FetchesPage {
    /// Whether something is going on that is worth waiting for.
    fn waits(&self) -> bool {
        let is_near = |progress: &Progress| progress.state == State::Running;
        self.by_hand.as_ref().is_some_and(Progress::goes_on) || self.looks.as_ref().is_some_and(is_near)
    }

    /// Why the last fetch failed, in words.
    #[expect(clippy::unused_self, reason = "templates call what is theirs")]
    fn trouble(&self, progress: &Progress) -> Option<&'static str> {
        progress.reason.as_deref().map(errands::words)
    }
}

/// A form without fields.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Nothing {}

fn location(shell: &Shell, article: ArticleId) -> String {
    format!("{}/fetches", path(shell, article))
}

/// How the fetches of an article went.
#[get("/{desk}/articles/{article}/fetches")]
pub async fn show(
    by: Authorized<ReadDesk>,
    at: Path<(String, ArticleId)>,
    pool: Pool,
) -> Result<HttpResponse> {
    let (desk, id) = (by.desk.id, at.1);
    let article = articles::store::get(&pool, desk, id).await?;
    let by_hand = jobs::store::progress(&pool, desk, Kind::Article, id.uuid()).await?;
    let watch = store::find(&pool, desk, id).await?;
    let looks = match &watch {
        Some(_) => jobs::store::progress(&pool, desk, Kind::Watch, id.uuid()).await?,
        None => None,
    };
    let shell = Shell::new(&by.viewer());
    page(StatusCode::OK, &FetchesPage { shell, article, by_hand, watch, looks })
}

/// Fetches an article again, now.
#[post("/{desk}/articles/{article}/fetches")]
pub async fn fetch(
    posted: Posted<AddArticle, Nothing>,
    at: Path<(String, ArticleId)>,
    fetcher: Data<Fetcher>,
    pool: Pool,
) -> Result<HttpResponse> {
    let Posted { by, submission, .. } = posted;
    let id = can_be_fetched(&pool, &by, at.1, &fetcher).await?;
    errands::count_fetches(&pool, by.person.account, 1, by.now).await?;
    let to = location(&Shell::new(&by.viewer()), id);
    let back = to.clone();
    unit_of_work(&pool, async move |tx| {
        audit::once(tx, &by, submission.as_ref(), &to).await?;
        jobs::store::order(tx, order(&by, Kind::Article, id), by.now).await
    })
    .await?;
    jobs::wake();
    Ok(see_other(&back))
}

/// Watches an article from now on.
#[post("/{desk}/articles/{article}/watch")]
pub async fn begin(
    posted: Posted<AddArticle, Nothing>,
    at: Path<(String, ArticleId)>,
    fetcher: Data<Fetcher>,
    pool: Pool,
) -> Result<HttpResponse> {
    let Posted { by, submission, .. } = posted;
    let id = can_be_fetched(&pool, &by, at.1, &fetcher).await?;
    let to = location(&Shell::new(&by.viewer()), id);
    let back = to.clone();
    unit_of_work(&pool, async move |tx| {
        audit::once(tx, &by, submission.as_ref(), &to).await?;
        if store::count(tx, by.desk.id).await? >= WATCHES_MAX {
            return Err(Error::conflict(
                "The desk watches 500 articles, which is the most. End another watch first.",
            ));
        }
        let change = audit::record(tx, &by, "article.watch", "article", id, &()).await?;
        store::begin(tx, &by, &change, id).await?;
        jobs::store::order(tx, order(&by, Kind::Watch, id), change.at).await
    })
    .await?;
    jobs::wake();
    Ok(see_other(&back))
}

/// Watches an article no longer.
#[post("/{desk}/articles/{article}/watch/end")]
pub async fn end(
    posted: Posted<AddArticle, Nothing>,
    at: Path<(String, ArticleId)>,
    pool: Pool,
) -> Result<HttpResponse> {
    let Posted { by, submission, .. } = posted;
    let article = articles::store::get(&pool, by.desk.id, at.1).await?;
    let to = location(&Shell::new(&by.viewer()), article.id);
    let back = to.clone();
    unit_of_work(&pool, async move |tx| {
        audit::once(tx, &by, submission.as_ref(), &to).await?;
        let change = audit::record(tx, &by, "article.unwatch", "article", article.id, &()).await?;
        if !store::end(tx, &by, &change, article.id).await? {
            return Err(Error::conflict("Nobody watches this article."));
        }
        jobs::store::cancel(tx, by.desk.id, Kind::Watch, article.id.uuid()).await
    })
    .await?;
    Ok(see_other(&back))
}

fn order(by: &Authorized<AddArticle>, kind: Kind, article: ArticleId) -> Order {
    let every_s = (kind == Kind::Watch).then(|| next_look(None, true));
    Order { desk: by.desk.id, kind, subject: article.uuid(), account: by.person.account, every_s }
}

/// The article, if it has an address that can be tried.
async fn can_be_fetched(
    pool: &Pool,
    by: &Authorized<AddArticle>,
    id: ArticleId,
    fetcher: &Fetcher,
) -> Result<ArticleId> {
    let article = articles::store::get(pool, by.desk.id, id).await?;
    let Some(url) = &article.known.url else {
        return Err(Error::conflict("This article has no address. Add it to its details first."));
    };
    match fetcher.check(url.as_str()) {
        Ok(_) => Ok(id),
        Err(reason) => Err(Error::invalid(reason.label())),
    }
}
