//! Sources that are one document: merged, parted, kept apart.

use actix_web::http::StatusCode;
use actix_web::web::Path;
use actix_web::{HttpResponse, post};
use serde::Deserialize;
use sqlx::PgConnection;

use super::show::SourcePage;
use crate::audit;
use crate::auth::permission::CiteEvidence;
use crate::db::{Pool, unit_of_work};
use crate::error::{Error, Result};
use crate::evidence::sources::store::{self, Why};
use crate::evidence::sources::{Pasted, address};
use crate::id::{DeskId, SourceId};
use crate::web::{Posted, page, see_other};

/// The source that shall stand for this one: its page, its id, or what it is cited by.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Into {
    into: String,
}

#[post("/{desk}/sources/{source}/merger")]
pub(super) async fn merger(
    posted: Posted<CiteEvidence, Into>,
    path: Path<(String, SourceId)>,
    pool: Pool,
) -> Result<HttpResponse> {
    let Posted { by, form, submission } = posted;
    let (viewer, id, typed) = (by.viewer(), path.1, form.into.trim().to_owned());
    let to = address(&by.desk.slug, id);
    let named = typed.clone();
    let merged = unit_of_work(&pool, async move |tx| {
        audit::once(tx, &by, submission.as_ref(), &to).await?;
        let into = named_by(tx, by.desk.id, &by.desk.slug, &named).await?;
        store::merge(tx, &by, id, into, Why::Person).await.map(|()| into)
    })
    .await;
    match merged {
        Ok(into) => Ok(see_other(&address(&viewer.desk.slug, into))),
        Err(Error::Invalid(words) | Error::Conflict(words)) => {
            let shown = SourcePage::load(&mut *pool.acquire().await?, &viewer, id).await?;
            page(StatusCode::UNPROCESSABLE_ENTITY, &shown.refused(typed, words.into_owned()))
        }
        Err(error) => Err(error),
    }
}

/// The source that somebody means.
async fn named_by(conn: &mut PgConnection, desk: DeskId, slug: &str, typed: &str) -> Result<SourceId> {
    let unknown = || Error::invalid("The desk has no other source with this address or number.");
    let id = match typed.rsplit_once(&format!("/{slug}/sources/")) {
        Some((_, rest)) => rest.split(['/', '?', '#']).next().and_then(|id| id.parse().ok()),
        None => typed.parse().ok(),
    };
    if let Some(id) = id {
        return store::standing(conn, desk, id).await.map(|source| source.id).map_err(|_| unknown());
    }
    let pasted = Pasted::parse(typed)?;
    let fields = pasted.sources().next().ok_or_else(unknown)?;
    store::find_again(conn, desk, fields).await?.ok_or_else(unknown)
}

/// A form without fields of its own.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Nothing {}

#[post("/{desk}/sources/{source}/separation")]
pub(super) async fn separation(
    posted: Posted<CiteEvidence, Nothing>,
    path: Path<(String, SourceId)>,
    pool: Pool,
) -> Result<HttpResponse> {
    let Posted { by, submission, .. } = posted;
    let (id, location) = (path.1, address(&by.desk.slug, path.1));
    let to = location.clone();
    unit_of_work(&pool, async move |tx| {
        audit::once(tx, &by, submission.as_ref(), &to).await?;
        store::part(tx, &by, id).await
    })
    .await?;
    Ok(see_other(&location))
}

/// The source that is another document.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Other {
    other: SourceId,
}

#[post("/{desk}/sources/{source}/distinction")]
pub(super) async fn distinction(
    posted: Posted<CiteEvidence, Other>,
    path: Path<(String, SourceId)>,
    pool: Pool,
) -> Result<HttpResponse> {
    let Posted { by, form, submission } = posted;
    let (id, location) = (path.1, address(&by.desk.slug, path.1));
    let to = location.clone();
    unit_of_work(&pool, async move |tx| {
        audit::once(tx, &by, submission.as_ref(), &to).await?;
        store::keep_apart(tx, &by, id, form.other).await
    })
    .await?;
    Ok(see_other(&location))
}
