//! Judging as JSON: the same steps, with the same checks, as the pages.

use actix_web::http::StatusCode;
use actix_web::web::{Path, ServiceConfig};
use actix_web::{HttpResponse, delete, get, post, put};
use serde::{Deserialize, Serialize};
use serde_json::json;
use sqlx::PgConnection;
use time::OffsetDateTime;

use super::draft::FIELDS;
use super::round::{Assessment, Confidence, CorrectionKind, Decision, How, Kind, Outcome, State, Tally};
use super::stage::{Act, offers};
use super::store::NewRating;
use super::{Judging, store};
use crate::audit;
use crate::auth::permission::{DraftVerdict, ManageDesk, Publish, ReadDrafts, ReviewVerdict};
use crate::auth::{Authorized, Permission, Viewer};
use crate::claims::Stage;
use crate::db::{Pool, unit_of_work};
use crate::editing::{self, Values};
use crate::error::{Error, Result};
use crate::id::{AgentId, AssessmentId, ClaimId, EvidenceId};
use crate::policies::Mode;
use crate::web::Sent;
use crate::web::json::answer;

type ClaimPath = Path<(String, ClaimId)>;

pub(super) fn routes(config: &mut ServiceConfig) {
    config
        .service(show)
        .service(save)
        .service(review_request)
        .service(review_withdrawal)
        .service(assess)
        .service(ratings)
        .service(rate)
        .service(adjudicate)
        .service(publish)
        .service(correct)
        .service(retract)
        .service(abandon)
        .service(recuse)
        .service(recuse_from_agent)
        .service(end_agent_recusal);
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
    /// How many ratings are in, of how many, where several people rate.
    ratings_in: Option<i64>,
    ratings_needed: Option<i16>,
    /// What they came to.
    outcome: Option<OutcomeDocument>,
}

#[derive(Serialize)]
struct OutcomeDocument {
    rating: String,
    how: How,
    tally: Tally,
    dissent: i64,
    reason: String,
}

impl From<&Outcome> for OutcomeDocument {
    fn from(outcome: &Outcome) -> Self {
        Self {
            rating: outcome.rating.clone(),
            how: outcome.how,
            tally: outcome.tally.clone(),
            dissent: outcome.dissent(),
            reason: outcome.reason.clone(),
        }
    }
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
                ratings_in: round.is_rated().then_some(judging.given),
                ratings_needed: round.is_rated().then_some(round.policy.rules.people),
                outcome: round.outcome.as_ref().map(Into::into),
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
    let sentence = body.draft.get("departure").map_or_else(String::new, |text| text.trim().to_owned());
    for (name, text) in body.draft.iter().filter(|(name, _)| *name != "departure") {
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
        store::draft(tx, &by, claim, &wish).await?;
        store::depart(tx, &by, claim, &sentence).await
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

/// Does what a request asks for in one unit of work, and answers where the judging stands then.
async fn take<P, B, W>(sent: Sent<P, B>, path: ClaimPath, pool: Pool, work: W) -> Result<HttpResponse>
where
    P: Permission,
    B: 'static,
    W: AsyncFn(&mut PgConnection, &Authorized<P>, ClaimId, &B) -> Result<()> + 'static,
{
    let Sent { by, body, submission } = sent;
    let (viewer, claim) = (by.viewer(), path.1);
    let location = address(&viewer, claim);
    unit_of_work(&pool, async move |tx| {
        audit::once(tx, &by, submission.as_ref(), &location).await?;
        work(tx, &by, claim, &body).await
    })
    .await?;
    document(&pool, &viewer, claim).await
}

#[post("/api/v1/desks/{desk}/claims/{claim}/review-withdrawal")]
async fn review_withdrawal(
    sent: Sent<DraftVerdict, Nothing>,
    path: ClaimPath,
    pool: Pool,
) -> Result<HttpResponse> {
    take(sent, path, pool, async |tx, by, claim, _| store::withdraw(tx, by, claim).await).await
}

/// One person's rating in a round.
#[derive(Serialize)]
struct RatingDocument {
    id: AssessmentId,
    by: String,
    rating: String,
    rationale: String,
    confidence: Confidence,
    guideline: Option<i32>,
    evidence: Vec<EvidenceId>,
    seconds_active: Option<i32>,
    #[serde(with = "time::serde::rfc3339")]
    at: OffsetDateTime,
}

impl From<Assessment> for RatingDocument {
    fn from(given: Assessment) -> Self {
        Self {
            id: given.id,
            by: given.by,
            rating: given.rating,
            rationale: given.rationale,
            confidence: given.confidence,
            guideline: given.guideline,
            evidence: given.evidence,
            seconds_active: given.seconds_active,
            at: given.at,
        }
    }
}

/// The ratings in the open round that whoever asks may read: while it is assessed blindly, their own.
#[get("/api/v1/desks/{desk}/claims/{claim}/ratings")]
async fn ratings(member: Authorized<ReadDrafts>, path: ClaimPath, pool: Pool) -> Result<HttpResponse> {
    let conn = &mut *pool.acquire().await?;
    let account = Some(member.person.account);
    let judging = store::judging(conn, member.desk.id, path.1, account).await?;
    let given = match &judging.round {
        Some(round) => store::ratings(conn, member.desk.id, round.id, account).await?,
        None => Vec::new(),
    };
    let given: Vec<RatingDocument> = given.into_iter().map(Into::into).collect();
    Ok(answer(StatusCode::OK, &json!({"ratings": given})))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RatingBody {
    draft_version: i32,
    rating: String,
    rationale: String,
    confidence: Confidence,
    #[serde(default)]
    guideline: Option<i32>,
    #[serde(default)]
    evidence: Vec<EvidenceId>,
    /// Why the rating departs from a precedent, when it does.
    #[serde(default)]
    departure: String,
    #[serde(default, with = "time::serde::rfc3339::option")]
    opened_at: Option<OffsetDateTime>,
    #[serde(default)]
    seconds_active: Option<i32>,
}

#[post("/api/v1/desks/{desk}/claims/{claim}/ratings")]
async fn rate(sent: Sent<ReviewVerdict, RatingBody>, path: ClaimPath, pool: Pool) -> Result<HttpResponse> {
    take(sent, path, pool, async |tx, by, claim, body| {
        let new = NewRating {
            draft_version: body.draft_version,
            rating: body.rating.clone(),
            rationale: body.rationale.trim().to_owned(),
            confidence: body.confidence,
            guideline: body.guideline,
            evidence: body.evidence.clone(),
            opened_at: body.opened_at,
            seconds_active: body.seconds_active.filter(|seconds| *seconds >= 0),
            departure: body.departure.trim().to_owned(),
        };
        store::assess(tx, by, claim, &new).await.map(drop)
    })
    .await
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct AdjudicationBody {
    rating: String,
    reason: String,
}

#[post("/api/v1/desks/{desk}/claims/{claim}/adjudication")]
async fn adjudicate(
    sent: Sent<ReviewVerdict, AdjudicationBody>,
    path: ClaimPath,
    pool: Pool,
) -> Result<HttpResponse> {
    take(sent, path, pool, async |tx, by, claim, body| {
        store::adjudicate(tx, by, claim, &body.rating, body.reason.trim()).await
    })
    .await
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct CorrectionBody {
    kind: CorrectionKind,
    #[serde(default)]
    public_note: String,
}

#[post("/api/v1/desks/{desk}/claims/{claim}/corrections")]
async fn correct(sent: Sent<Publish, CorrectionBody>, path: ClaimPath, pool: Pool) -> Result<HttpResponse> {
    take(sent, path, pool, async |tx, by, claim, body| {
        store::correct(tx, by, claim, body.kind, body.public_note.trim()).await.map(drop)
    })
    .await
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RetractionBody {
    public_note: String,
}

#[post("/api/v1/desks/{desk}/claims/{claim}/retraction")]
async fn retract(sent: Sent<Publish, RetractionBody>, path: ClaimPath, pool: Pool) -> Result<HttpResponse> {
    take(sent, path, pool, async |tx, by, claim, body| {
        store::retract(tx, by, claim, body.public_note.trim()).await.map(drop)
    })
    .await
}

#[post("/api/v1/desks/{desk}/claims/{claim}/correction-withdrawal")]
async fn abandon(sent: Sent<Publish, Nothing>, path: ClaimPath, pool: Pool) -> Result<HttpResponse> {
    take(sent, path, pool, async |tx, by, claim, _| store::abandon(tx, by, claim).await).await
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RecusalBody {
    reason: String,
}

#[post("/api/v1/desks/{desk}/claims/{claim}/recusal")]
async fn recuse(sent: Sent<ReviewVerdict, RecusalBody>, path: ClaimPath, pool: Pool) -> Result<HttpResponse> {
    take(sent, path, pool, async |tx, by, claim, body| store::recuse(tx, by, claim, body.reason.trim()).await)
        .await
}

type AgentPath = Path<(String, AgentId)>;

#[post("/api/v1/desks/{desk}/agents/{agent}/recusal")]
async fn recuse_from_agent(
    sent: Sent<ReviewVerdict, RecusalBody>,
    path: AgentPath,
    pool: Pool,
) -> Result<HttpResponse> {
    let Sent { by, body, submission } = sent;
    let (agent, location) = (path.1, format!("/api/v1/desks/{}/agents/{}", by.desk.slug, path.1));
    unit_of_work(&pool, async move |tx| {
        audit::once(tx, &by, submission.as_ref(), &location).await?;
        store::recuse_from_agent(tx, &by, agent, body.reason.trim()).await
    })
    .await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Whose recusal ends.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct EndBody {
    handle: String,
}

#[delete("/api/v1/desks/{desk}/agents/{agent}/recusal")]
async fn end_agent_recusal(
    sent: Sent<ManageDesk, EndBody>,
    path: AgentPath,
    pool: Pool,
) -> Result<HttpResponse> {
    let Sent { by, body, submission } = sent;
    let (agent, location) = (path.1, format!("/api/v1/desks/{}/agents/{}", by.desk.slug, path.1));
    unit_of_work(&pool, async move |tx| {
        audit::once(tx, &by, submission.as_ref(), &location).await?;
        store::end_agent_recusal(tx, &by, agent, &body.handle).await
    })
    .await?;
    Ok(HttpResponse::NoContent().finish())
}
