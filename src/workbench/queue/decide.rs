//! Deciding about drafts from the queue itself, one after the other.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, post};
use serde::Deserialize;

use super::super::lane::{Lane, Sort};
use super::{Asked, QueuePage, Refused};
use crate::audit;
use crate::auth::permission::ReviewVerdict;
use crate::db::{Pool, unit_of_work};
use crate::error::{Error, Result};
use crate::id::ClaimId;
use crate::reviews::{self, Decision};
use crate::web::{Posted, page, see_other};

/// What is decided about the draft of a claim, and where in the queue.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Decided {
    claim: ClaimId,
    decision: Decision,
    draft_version: i32,
    #[serde(default)]
    reason: String,
    sort: Sort,
    /// The row, from 0.
    at: usize,
}

/// Approves a draft or returns it, and goes on with the queue.
#[post("/{desk}/queue/decisions")]
pub async fn decisions(posted: Posted<ReviewVerdict, Decided>, pool: Pool) -> Result<HttpResponse> {
    let Posted { by, form, submission } = posted;
    let location = format!("/{}/queue?lane=review&sort={}&at={}", by.desk.slug, form.sort.as_str(), form.at);
    let viewer = by.viewer();
    let (writer, target, wanted) = (by.clone(), location.clone(), form.clone());
    let decided = unit_of_work(&pool, async move |tx| {
        audit::once(tx, &writer, submission.as_ref(), &target).await?;
        let reason = wanted.reason.replace("\r\n", "\n").trim().to_owned();
        let (claim, version) = (wanted.claim, wanted.draft_version);
        match wanted.decision {
            Decision::Approve => reviews::store::approve(tx, &writer, claim, version, &reason).await,
            Decision::Return => reviews::store::send_back(tx, &writer, claim, version, &reason).await,
        }
    })
    .await;
    let (status, words) = match decided {
        Ok(()) => return Ok(see_other(&location)),
        Err(Error::Invalid(words)) => (StatusCode::UNPROCESSABLE_ENTITY, words.into_owned()),
        Err(Error::Conflict(words)) => (StatusCode::CONFLICT, words.into_owned()),
        Err(Error::Barred(words)) => (StatusCode::FORBIDDEN, words.to_owned()),
        Err(error) => return Err(error),
    };
    let asked = Asked { lane: Some(Lane::Review), sort: Some(form.sort), ..Asked::default() };
    let mut queue = QueuePage::load(&pool, &by, &viewer, asked).await?;
    queue.refused = Some(Refused { claim: form.claim, words, reason: form.reason });
    page(status, &queue)
}
