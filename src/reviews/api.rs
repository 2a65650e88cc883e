//! Judging as JSON: the same steps, with the same checks, as the pages.

use actix_web::http::StatusCode;
use actix_web::web::{Path, ServiceConfig};
use actix_web::{HttpResponse, get, post, put};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::draft::FIELDS;
use super::round::{Decision, Kind, State};
use super::stage::{Act, offers};
use super::{Judging, store};
use crate::audit;
use crate::auth::permission::{DraftVerdict, Publish, ReadDrafts, ReviewVerdict};
use crate::auth::{Authorized, Viewer};
use crate::claims::Stage;
use crate::db::{Pool, unit_of_work};
use crate::editing::{self, Values};
use crate::error::{Error, Result};
use crate::id::ClaimId;
use crate::policies::Mode;
use crate::web::Sent;
use crate::web::json::answer;

type ClaimPath = Path<(String, ClaimId)>;

pub(super) fn routes(config: &mut ServiceConfig) {
    config.service(show).service(save).service(review_request).service(assess).service(publish);
}

/// Where the judging of a claim stands.
#[derive(Serialize)]
struct Document {
    claim: ClaimId,
    stage: Stage,
    current_verdict: Option<i32>,
    /// Nothing before the first draft.
    round: Option<RoundDocument>,
    draft: Values,
    /// 0 before the first draft.
    draft_version: i32,
    /// What the draft needs before it can be reviewed.
    missing: Vec<String>,
    /// What can be done now by whoever asks.
    offers: Vec<Act>,
}

#[derive(Serialize)]
struct RoundDocument {
    number: i32,
    kind: Kind,
    state: State,
    policy: Mode,
}

impl Document {
    fn new(viewer: &Viewer, judging: &Judging) -> Self {
        let round = judging.round.as_ref();
        Self {
            claim: judging.claim,
            stage: judging.stage,
            current_verdict: judging.current_verdict,
            round: round.map(|round| RoundDocument {
                number: round.number,
                kind: round.kind,
                state: round.state,
                policy: round.mode,
            }),
            draft: judging.draft().values(),
            draft_version: round.map_or(0, |round| round.draft_version),
            missing: judging.missing().into_iter().map(|need| need.words.into_owned()).collect(),
            offers: offers(&viewer.roles, judging).into_iter().map(|offer| offer.act).collect(),
        }
    }
}

async fn document(pool: &Pool, viewer: &Viewer, claim: ClaimId) -> Result<HttpResponse> {
    let account = viewer.person.as_ref().map(|person| person.account);
    let judging = store::judging(&mut *pool.acquire().await?, viewer.desk.id, claim, account).await?;
    Ok(answer(StatusCode::OK, &Document::new(viewer, &judging)))
}

fn address(viewer: &Viewer, claim: ClaimId) -> String {
    format!("/api/v1/desks/{}/claims/{claim}/draft", viewer.desk.slug)
}

#[get("/api/v1/desks/{desk}/claims/{claim}/draft")]
async fn show(member: Authorized<ReadDrafts>, path: ClaimPath, pool: Pool) -> Result<HttpResponse> {
    document(&pool, &member.viewer(), path.1).await
}

/// The fields to change, and the state of the draft that they were changed in.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct DraftBody {
    draft_version: i32,
    draft: std::collections::BTreeMap<String, String>,
}

#[put("/api/v1/desks/{desk}/claims/{claim}/draft")]
async fn save(sent: Sent<DraftVerdict, DraftBody>, path: ClaimPath, pool: Pool) -> Result<HttpResponse> {
    let Sent { by, body, submission } = sent;
    let (viewer, claim) = (by.viewer(), path.1);
    let account = Some(by.person.account);
    let judging = store::judging(&mut *pool.acquire().await?, by.desk.id, claim, account).await?;
    let theirs = judging.draft().values();
    let mut wish = editing::Sent::default();
    for (name, text) in &body.draft {
        let field = FIELDS.iter().find(|field| field.name == name);
        let field =
            field.ok_or_else(|| Error::Malformed(format!("A draft has no field {name:?}.").into()))?;
        wish.push(field, &theirs[field.name], text);
    }
    let current = Document::new(&viewer, &judging);
    if current.draft_version != body.draft_version {
        return Ok(stale(&current, &body.draft));
    }
    let (yours, location) = (body.draft, address(&viewer, claim));
    let saved = unit_of_work(&pool, async move |tx| {
        audit::once(tx, &by, submission.as_ref(), &location).await?;
        store::draft(tx, &by, claim, &wish).await
    })
    .await;
    if let Err(Error::Conflict(_)) = saved {
        let judging = store::judging(&mut *pool.acquire().await?, viewer.desk.id, claim, account).await?;
        let current = Document::new(&viewer, &judging);
        if current.draft_version != body.draft_version {
            return Ok(stale(&current, &yours));
        }
    }
    saved?;
    document(&pool, &viewer, claim).await
}

/// A problem document (RFC 9457) with both texts.
fn stale(current: &Document, yours: &std::collections::BTreeMap<String, String>) -> HttpResponse {
    let problem = json!({
        "type": "about:blank",
        "title": "Changed meanwhile",
        "status": 409,
        "detail": "Somebody else changed this draft. Both texts are here.",
        "current": current,
        "yours": yours,
    });
    HttpResponse::Conflict()
        .insert_header(("content-type", "application/problem+json; charset=utf-8"))
        .body(problem.to_string())
}

/// A document without fields of its own.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Nothing {}

#[post("/api/v1/desks/{desk}/claims/{claim}/review-request")]
async fn review_request(
    sent: Sent<DraftVerdict, Nothing>,
    path: ClaimPath,
    pool: Pool,
) -> Result<HttpResponse> {
    let Sent { by, submission, .. } = sent;
    let (viewer, claim) = (by.viewer(), path.1);
    let location = address(&viewer, claim);
    unit_of_work(&pool, async move |tx| {
        audit::once(tx, &by, submission.as_ref(), &location).await?;
        store::submit(tx, &by, claim).await
    })
    .await?;
    document(&pool, &viewer, claim).await
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct AssessmentBody {
    decision: Decision,
    draft_version: i32,
    #[serde(default)]
    reason: String,
}

#[post("/api/v1/desks/{desk}/claims/{claim}/assessments")]
async fn assess(
    sent: Sent<ReviewVerdict, AssessmentBody>,
    path: ClaimPath,
    pool: Pool,
) -> Result<HttpResponse> {
    let Sent { by, body, submission } = sent;
    let (viewer, claim) = (by.viewer(), path.1);
    let location = address(&viewer, claim);
    unit_of_work(&pool, async move |tx| {
        audit::once(tx, &by, submission.as_ref(), &location).await?;
        let reason = body.reason.trim();
        match body.decision {
            Decision::Approve => store::approve(tx, &by, claim, body.draft_version, reason).await,
            Decision::Return => store::send_back(tx, &by, claim, body.draft_version, reason).await,
        }
    })
    .await?;
    document(&pool, &viewer, claim).await
}

#[post("/api/v1/desks/{desk}/claims/{claim}/publication")]
async fn publish(sent: Sent<Publish, Nothing>, path: ClaimPath, pool: Pool) -> Result<HttpResponse> {
    let Sent { by, submission, .. } = sent;
    let (viewer, claim) = (by.viewer(), path.1);
    let location = address(&viewer, claim);
    unit_of_work(&pool, async move |tx| {
        audit::once(tx, &by, submission.as_ref(), &location).await?;
        store::publish(tx, &by, claim).await
    })
    .await?;
    document(&pool, &viewer, claim).await
}
