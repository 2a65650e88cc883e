//! Having a source archived again.

use actix_web::web::Path;
use actix_web::{HttpResponse, post};
use serde::Deserialize;

use crate::audit;
use crate::auth::permission::CiteEvidence;
use crate::db::{Pool, unit_of_work};
use crate::error::Result;
use crate::evidence::copies::store;
use crate::evidence::sources::address;
use crate::id::SourceId;
use crate::jobs;
use crate::web::{Posted, see_other};

/// A form without fields.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Nothing {}

/// Has a source archived again, now.
#[post("/{desk}/sources/{source}/archive")]
pub(super) async fn again(
    posted: Posted<CiteEvidence, Nothing>,
    path: Path<(String, SourceId)>,
    pool: Pool,
) -> Result<HttpResponse> {
    let Posted { by, submission, .. } = posted;
    let source = path.1;
    let to = address(&by.desk.slug, source);
    let back = to.clone();
    unit_of_work(&pool, async move |tx| {
        audit::once(tx, &by, submission.as_ref(), &to).await?;
        store::again(tx, &by, source).await
    })
    .await?;
    jobs::wake();
    Ok(see_other(&back))
}
