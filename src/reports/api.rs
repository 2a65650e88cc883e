//! Reports as JSON, for the desk.

use actix_web::http::StatusCode;
use actix_web::web::{Path, Query, ServiceConfig};
use actix_web::{HttpResponse, get, post};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::report::{Finding, Kind, Report, State, tidy};
use super::store::{self, NewAnswer, Part};
use crate::audit;
use crate::auth::Authorized;
use crate::auth::permission::{LookAtReports, Publish, ReadReports};
use crate::db::{Pool, unit_of_work};
use crate::error::Result;
use crate::id::{ClaimId, DeskId, ReportId};
use crate::web::json::answer;
use crate::web::{Sent, clock};

type ReportPath = Path<(String, ReportId)>;

pub(super) fn routes(config: &mut ServiceConfig) {
    config.service(list).service(show).service(look_at).service(reply);
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    part: Option<Part>,
    kind: Option<Kind>,
    after: Option<ReportId>,
}

#[derive(Serialize)]
struct List {
    reports: Vec<Entry>,
    /// What `after` takes to go on.
    next: Option<Uuid>,
}

#[derive(Serialize)]
struct Entry {
    id: ReportId,
    claim: ClaimId,
    kind: Kind,
    state: State,
    created_at: String,
}

#[get("/api/v1/desks/{desk}/reports")]
async fn list(member: Authorized<ReadReports>, asked: Query<Asked>, pool: Pool) -> Result<HttpResponse> {
    let part = asked.part.unwrap_or(Part::First);
    let page =
        store::list(&mut *pool.acquire().await?, member.desk.id, part, asked.kind, asked.after).await?;
    let entry = |report: store::Listed| Entry {
        id: report.id,
        claim: report.claim,
        kind: report.kind,
        state: report.state,
        created_at: clock::iso(report.created_at),
    };
    let reports = page.rows.into_iter().map(entry).collect();
    Ok(answer(StatusCode::OK, &List { reports, next: page.next }))
}

#[derive(Serialize)]
struct Document {
    id: ReportId,
    claim: ClaimId,
    /// The verdict that was public when it came.
    verdict: i32,
    kind: Kind,
    state: State,
    words: String,
    links: Vec<String>,
    name: Option<String>,
    reach: Option<String>,
    may_publish: bool,
    created_at: String,
    looks: Vec<LookDocument>,
    answer: Option<AnswerDocument>,
}

#[derive(Serialize)]
struct LookDocument {
    by: String,
    finding: Finding,
    note: String,
    at: String,
}

#[derive(Serialize)]
struct AnswerDocument {
    outcome: Finding,
    words: String,
    is_public: bool,
    with_words: bool,
    at: String,
}

impl From<Report> for Document {
    fn from(report: Report) -> Self {
        let look = |look: super::Look| LookDocument {
            by: look.by,
            finding: look.finding,
            note: look.note,
            at: clock::iso(look.at),
        };
        let answer = |answer: super::Answer| AnswerDocument {
            outcome: answer.outcome,
            words: answer.words,
            is_public: answer.is_public,
            with_words: answer.with_words,
            at: clock::iso(answer.at),
        };
        Self {
            id: report.id,
            claim: report.claim,
            verdict: report.verdict,
            kind: report.kind,
            state: report.state,
            words: report.sent.words,
            links: report.sent.links,
            name: report.sent.name,
            reach: report.sent.reach,
            may_publish: report.sent.may_publish,
            created_at: clock::iso(report.created_at),
            looks: report.looks.into_iter().map(look).collect(),
            answer: report.answer.map(answer),
        }
    }
}

async fn document(pool: &Pool, desk: DeskId, id: ReportId) -> Result<HttpResponse> {
    let report = store::get(&mut *pool.acquire().await?, desk, id).await?;
    Ok(answer(StatusCode::OK, &Document::from(report)))
}

#[get("/api/v1/desks/{desk}/reports/{report}")]
async fn show(member: Authorized<ReadReports>, path: ReportPath, pool: Pool) -> Result<HttpResponse> {
    document(&pool, member.desk.id, path.1).await
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct NewLook {
    /// How many have looked already, as whoever asks knows it.
    seen: i16,
    finding: Finding,
    #[serde(default)]
    note: String,
}

#[post("/api/v1/desks/{desk}/reports/{report}/looks")]
async fn look_at(sent: Sent<LookAtReports, NewLook>, path: ReportPath, pool: Pool) -> Result<HttpResponse> {
    let Sent { by, body, submission } = sent;
    let (desk, id) = (by.desk.id, path.1);
    let location = format!("/api/v1/desks/{}/reports/{id}", by.desk.slug);
    unit_of_work(&pool, async move |tx| {
        audit::once(tx, &by, submission.as_ref(), &location).await?;
        store::look(tx, &by, id, (body.seen, body.finding), &tidy(&body.note)).await
    })
    .await?;
    document(&pool, desk, id).await
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Reply {
    outcome: Finding,
    words: String,
    is_public: bool,
    #[serde(default)]
    with_words: bool,
}

#[post("/api/v1/desks/{desk}/reports/{report}/answer")]
async fn reply(sent: Sent<Publish, Reply>, path: ReportPath, pool: Pool) -> Result<HttpResponse> {
    let Sent { by, body, submission } = sent;
    let (desk, id) = (by.desk.id, path.1);
    let location = format!("/api/v1/desks/{}/reports/{id}", by.desk.slug);
    let new = NewAnswer {
        outcome: body.outcome,
        words: tidy(&body.words),
        is_public: body.is_public,
        with_words: body.with_words,
    };
    unit_of_work(&pool, async move |tx| {
        audit::once(tx, &by, submission.as_ref(), &location).await?;
        store::answer(tx, &by, id, &new).await
    })
    .await?;
    document(&pool, desk, id).await
}
