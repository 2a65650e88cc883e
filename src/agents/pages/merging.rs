//! Merging doubles, and parting them.

use actix_web::http::StatusCode;
use actix_web::web::Path;
use actix_web::{HttpResponse, post};
use serde::Deserialize;

use super::{address, shown};
use crate::agents::{Name, store};
use crate::audit;
use crate::auth::permission::SortClaim;
use crate::db::{Pool, unit_of_work};
use crate::error::{Error, Result};
use crate::id::AgentId;
use crate::web::{Posted, page, see_other};

/// The agent that shall stand for this one.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Merger {
    pub into: String,
}

/// Lets another agent stand for this one.
#[post("/{desk}/agents/{agent}/merger")]
pub async fn merger(
    posted: Posted<SortClaim, Merger>,
    path: Path<(String, AgentId)>,
    pool: Pool,
) -> Result<HttpResponse> {
    let Posted { by, form, submission } = posted;
    let id = path.1;
    let viewer = by.viewer();
    let to = address(&by.desk.slug, id);
    let merged = match Name::parse(&form.into) {
        Err(error) => Err(Error::invalid(error.to_string())),
        Ok(name) => {
            unit_of_work(&pool, async move |tx| {
                audit::once(tx, &by, submission.as_ref(), &to).await?;
                store::merge(tx, &by, id, &name).await
            })
            .await
        }
    };
    match merged {
        Ok(into) => Ok(see_other(&address(&viewer.desk.slug, into))),
        Err(Error::Invalid(words)) => {
            let conn = &mut *pool.acquire().await?;
            let agent = store::get(conn, viewer.desk.id, id).await?;
            let shown = shown(conn, &viewer, agent, None, Some(words.into_owned())).await?;
            page(StatusCode::UNPROCESSABLE_ENTITY, &shown)
        }
        Err(error) => Err(error),
    }
}

/// A form without fields of its own.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Nothing {}

/// Makes an agent stand for itself again.
#[post("/{desk}/agents/{agent}/separation")]
pub async fn separation(
    posted: Posted<SortClaim, Nothing>,
    path: Path<(String, AgentId)>,
    pool: Pool,
) -> Result<HttpResponse> {
    let Posted { by, submission, .. } = posted;
    let id = path.1;
    let location = address(&by.desk.slug, id);
    let to = location.clone();
    unit_of_work(&pool, async move |tx| {
        audit::once(tx, &by, submission.as_ref(), &to).await?;
        store::part(tx, &by, id).await
    })
    .await?;
    Ok(see_other(&location))
}
