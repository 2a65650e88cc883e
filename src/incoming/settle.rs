//! Putting aside what is not wanted, and taking that back.

use actix_web::web::Path;
use actix_web::{HttpResponse, post};
use serde::Deserialize;

use crate::articles::incoming::{self, Step};
use crate::audit::{self, Submission};
use crate::auth::Authorized;
use crate::auth::permission::AddArticle;
use crate::db::{Pool, unit_of_work};
use crate::error::{Error, Result};
use crate::id::IntakeId;
use crate::web::{Posted, Shell, see_other};

/// A form that only says that it is meant.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Meant {}

/// Puts something aside: it stays, and can be brought back.
#[post("/{desk}/articles/incoming/{intake}/dismissal")]
pub async fn dismiss(
    posted: Posted<AddArticle, Meant>,
    at: Path<(String, IntakeId)>,
    pool: Pool,
) -> Result<HttpResponse> {
    let Posted { by, submission, .. } = posted;
    settle(&pool, by, submission, at.1, "intake.dismiss", Step::Dismissed).await
}

/// Brings back what was put aside.
#[post("/{desk}/articles/incoming/{intake}/restoration")]
pub async fn restore(
    posted: Posted<AddArticle, Meant>,
    at: Path<(String, IntakeId)>,
    pool: Pool,
) -> Result<HttpResponse> {
    let Posted { by, submission, .. } = posted;
    settle(&pool, by, submission, at.1, "intake.restore", Step::Back).await
}

async fn settle(
    pool: &Pool,
    by: Authorized<AddArticle>,
    submission: Option<Submission>,
    id: IntakeId,
    action: &'static str,
    step: Step,
) -> Result<HttpResponse> {
    incoming::get(pool, by.desk.id, id).await?;
    let location = Shell::new(&by.viewer()).path("/articles/incoming");
    let to = location.clone();
    unit_of_work(pool, async move |tx| {
        audit::once(tx, &by, submission.as_ref(), &to).await?;
        let change = audit::record(tx, &by, action, "intake", id, &()).await?;
        if incoming::advance(tx, &by, &change, id, &step).await? {
            Ok(())
        } else {
            Err(Error::conflict("Somebody has settled this meanwhile. Look at the list of what came in."))
        }
    })
    .await?;
    Ok(see_other(&location))
}
