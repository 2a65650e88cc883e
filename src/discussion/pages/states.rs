//! Removing, bringing back, resolving and reopening.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, post};
use serde::Deserialize;
use sqlx::PgConnection;

use super::{CommentPath, again};
use crate::audit;
use crate::auth::Authorized;
use crate::auth::permission::Discuss;
use crate::db::{Pool, unit_of_work};
use crate::discussion::section::Refused;
use crate::discussion::{address, store};
use crate::error::{Error, Result};
use crate::id::{ClaimId, CommentId};
use crate::web::{Posted, see_other};

/// A form without fields of its own.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Nothing {}

#[post("/{desk}/claims/{claim}/comments/{comment}/removal")]
pub(super) async fn removal(
    request: HttpRequest,
    posted: Posted<Discuss, Nothing>,
    path: CommentPath,
    pool: Pool,
) -> Result<HttpResponse> {
    change(&request, posted, (path.1, path.2), &pool, async |tx, by, claim, id| {
        store::remove(tx, by, claim, id).await
    })
    .await
}

#[post("/{desk}/claims/{claim}/comments/{comment}/restoration")]
pub(super) async fn restoration(
    request: HttpRequest,
    posted: Posted<Discuss, Nothing>,
    path: CommentPath,
    pool: Pool,
) -> Result<HttpResponse> {
    change(&request, posted, (path.1, path.2), &pool, async |tx, by, claim, id| {
        store::restore(tx, by, claim, id).await
    })
    .await
}

#[post("/{desk}/claims/{claim}/comments/{comment}/resolution")]
pub(super) async fn resolution(
    request: HttpRequest,
    posted: Posted<Discuss, Nothing>,
    path: CommentPath,
    pool: Pool,
) -> Result<HttpResponse> {
    change(&request, posted, (path.1, path.2), &pool, async |tx, by, claim, id| {
        store::resolve(tx, by, claim, id).await
    })
    .await
}

#[post("/{desk}/claims/{claim}/comments/{comment}/reopening")]
pub(super) async fn reopening(
    request: HttpRequest,
    posted: Posted<Discuss, Nothing>,
    path: CommentPath,
    pool: Pool,
) -> Result<HttpResponse> {
    change(&request, posted, (path.1, path.2), &pool, async |tx, by, claim, id| {
        store::reopen(tx, by, claim, id).await
    })
    .await
}

async fn change<W>(
    request: &HttpRequest,
    posted: Posted<Discuss, Nothing>,
    (claim, id): (ClaimId, CommentId),
    pool: &Pool,
    work: W,
) -> Result<HttpResponse>
where
    W: AsyncFn(&mut PgConnection, &Authorized<Discuss>, ClaimId, CommentId) -> Result<()> + 'static,
{
    let Posted { by, submission, .. } = posted;
    let viewer = by.viewer();
    let location = address(&viewer.desk.slug, claim, id);
    let to = location.clone();
    let done = unit_of_work(pool, async move |tx| {
        audit::once(tx, &by, submission.as_ref(), &to).await?;
        work(tx, &by, claim, id).await
    })
    .await;
    match done {
        Ok(()) => Ok(see_other(&location)),
        Err(Error::Conflict(words)) => {
            let refused = Refused { words: words.into_owned(), ..Refused::default() };
            again(request, pool, StatusCode::CONFLICT, &viewer, (claim, None), refused).await
        }
        Err(error) => Err(error),
    }
}
