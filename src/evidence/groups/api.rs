//! Sets, questions and answers as JSON.

use actix_web::http::{StatusCode, header};
use actix_web::web::{Path, ServiceConfig};
use actix_web::{HttpResponse, get, post};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::fields::AnswerKind;
use super::piece::{Fields, Kind};
use super::store;
use crate::audit;
use crate::auth::Authorized;
use crate::auth::permission::{CiteEvidence, ReadDesk};
use crate::claims;
use crate::db::{Pool, unit_of_work};
use crate::editing::{Sent as Wish, Values};
use crate::error::{Error, Result};
use crate::id::{ClaimId, EvidenceId, QuestionId};
use crate::web::Sent;
use crate::web::json::answer;

pub(super) fn routes(config: &mut ServiceConfig) {
    config.service(of_claim).service(add_set).service(add_question).service(add_answer);
}

/// What puts the evidence of a claim together.
#[derive(Serialize)]
struct Groups {
    questions: Vec<QuestionDocument>,
    sets: Vec<SetDocument>,
}

#[derive(Serialize)]
struct QuestionDocument {
    id: Uuid,
    question: String,
    answers: Vec<AnswerDocument>,
    row_version: i32,
}

#[derive(Serialize)]
struct AnswerDocument {
    id: Uuid,
    kind: AnswerKind,
    answer: Option<String>,
    is_yes: Option<bool>,
    explanation: String,
    evidence: Vec<EvidenceId>,
    row_version: i32,
}

#[derive(Serialize)]
struct SetDocument {
    id: Uuid,
    label: String,
    note: String,
    evidence: Vec<EvidenceId>,
    row_version: i32,
}

#[get("/api/v1/desks/{desk}/claims/{claim}/questions")]
async fn of_claim(
    member: Authorized<ReadDesk>,
    path: Path<(String, ClaimId)>,
    pool: Pool,
) -> Result<HttpResponse> {
    let conn = &mut *pool.acquire().await?;
    let claim = claims::store::get(conn, member.desk.id, path.1).await?.id;
    let pieces = store::of_claim(conn, member.desk.id, claim).await?;
    let mut groups = Groups { questions: Vec::new(), sets: Vec::new() };
    for piece in pieces.into_iter().filter(|piece| piece.removed_at.is_none()) {
        let (id, row_version) = (piece.id, piece.row_version);
        match piece.fields {
            Fields::Set(set) => {
                let (label, note, evidence) = (set.label, set.note, set.evidence);
                groups.sets.push(SetDocument { id, label, note, evidence, row_version });
            }
            Fields::Question(asked) => {
                let (question, answers) = (asked.question, Vec::new());
                groups.questions.push(QuestionDocument { id, question, answers, row_version });
            }
            Fields::Answer(fields) => {
                let of = piece.question.map(Uuid::from);
                if let Some(asked) = groups.questions.iter_mut().find(|asked| Some(asked.id) == of) {
                    asked.answers.push(AnswerDocument {
                        id,
                        kind: fields.kind,
                        answer: fields.answer,
                        is_yes: fields.is_yes,
                        explanation: fields.explanation,
                        evidence: fields.evidence,
                        row_version,
                    });
                }
            }
        }
    }
    Ok(answer(StatusCode::OK, &groups))
}

/// A set to add.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct NewSet {
    label: String,
    #[serde(default)]
    note: String,
    evidence: Vec<EvidenceId>,
}

/// A question to add.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct NewQuestion {
    question: String,
}

/// An answer to add.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct NewAnswer {
    kind: AnswerKind,
    answer: Option<String>,
    is_yes: Option<bool>,
    #[serde(default)]
    explanation: String,
    #[serde(default)]
    evidence: Vec<EvidenceId>,
}

/// The id of what was added.
#[derive(Serialize)]
struct Added {
    id: Uuid,
}

#[post("/api/v1/desks/{desk}/claims/{claim}/sets")]
async fn add_set(
    sent: Sent<CiteEvidence, NewSet>,
    path: Path<(String, ClaimId)>,
    pool: Pool,
) -> Result<HttpResponse> {
    let body = &sent.body;
    let fields = [("label", &*body.label), ("note", &body.note), ("evidence", &listed(&body.evidence))];
    let wish = wish(Kind::Set, &fields);
    add(sent, path.1, None, Kind::Set, wish, &pool).await
}

#[post("/api/v1/desks/{desk}/claims/{claim}/questions")]
async fn add_question(
    sent: Sent<CiteEvidence, NewQuestion>,
    path: Path<(String, ClaimId)>,
    pool: Pool,
) -> Result<HttpResponse> {
    let wish = wish(Kind::Question, &[("question", &sent.body.question)]);
    add(sent, path.1, None, Kind::Question, wish, &pool).await
}

#[post("/api/v1/desks/{desk}/claims/{claim}/questions/{question}/answers")]
async fn add_answer(
    sent: Sent<CiteEvidence, NewAnswer>,
    path: Path<(String, ClaimId, QuestionId)>,
    pool: Pool,
) -> Result<HttpResponse> {
    let body = &sent.body;
    let is_yes = body.is_yes.map_or("", |is_yes| if is_yes { "yes" } else { "no" });
    let fields = [
        ("kind", body.kind.as_str()),
        ("is_yes", is_yes),
        ("answer", body.answer.as_deref().unwrap_or_default()),
        ("evidence", &listed(&body.evidence)),
        ("explanation", &body.explanation),
    ];
    let wish = wish(Kind::Answer, &fields);
    add(sent, path.1, Some(path.2), Kind::Answer, wish, &pool).await
}

fn listed(evidence: &[EvidenceId]) -> String {
    evidence.iter().map(ToString::to_string).collect::<Vec<_>>().join(",")
}

/// The wish that something new should have these texts.
fn wish(kind: Kind, texts: &[(&str, &str)]) -> Wish {
    let mut wish = Wish::default();
    for field in kind.fields() {
        let text = texts.iter().find(|(name, _)| *name == field.name).map_or("", |(_, text)| *text);
        wish.push(field, "", text);
    }
    wish
}

async fn add<B>(
    sent: Sent<CiteEvidence, B>,
    claim: ClaimId,
    question: Option<QuestionId>,
    kind: Kind,
    wish: Wish,
    pool: &Pool,
) -> Result<HttpResponse> {
    let Sent { by, submission, .. } = sent;
    let claim = claims::store::get(&mut *pool.acquire().await?, by.desk.id, claim).await?.id;
    let fields = kind.parse(&wish.mine()).map_err(Error::from)?;
    let details = wish.merge(&Values::new()).details();
    let location = format!("/api/v1/desks/{}/claims/{claim}/questions", by.desk.slug);
    let (id, to) = (Uuid::now_v7(), location.clone());
    let added = unit_of_work(pool, async move |tx| {
        audit::once(tx, &by, submission.as_ref(), &to).await?;
        store::add(tx, &by, claim, question, id, &fields, details.clone()).await
    })
    .await;
    store::refused(added)?;
    let mut response = answer(StatusCode::CREATED, &Added { id });
    let location = header::HeaderValue::from_str(&location).map_err(Error::internal)?;
    response.headers_mut().insert(header::LOCATION, location);
    Ok(response)
}
