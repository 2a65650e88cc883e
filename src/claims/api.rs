//! Claims as JSON, with the same permissions as the pages.

use actix_web::http::StatusCode;
use actix_web::web::{Path, Query, ServiceConfig};
use actix_web::{HttpResponse, get, patch};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use time::OffsetDateTime;
use uuid::Uuid;

use super::pages::{self, Asked};
use super::{
    Appearance, Attitude, CLAIM, Claim, ClaimFields, ClaimType, DeclineReason, Medium, Stage, store,
};
use crate::audit;
use crate::auth::Viewer;
use crate::auth::permission::MarkClaim;
use crate::db::{Pool, unit_of_work};
use crate::editing::{self, Sent as Edit};
use crate::error::{Error, Result};
use crate::id::{AgentId, AppearanceId, ArticleId, ClaimId, VersionId};
use crate::text::dates::PartialDate;
use crate::web::Sent;
use crate::web::clock::iso;
use crate::web::json::answer;

/// The addresses of claims as JSON.
pub fn routes(config: &mut ServiceConfig) {
    config.service(list).service(show).service(revise);
}

#[derive(Serialize)]
struct Document {
    id: ClaimId,
    #[serde(rename = "claimReviewed")]
    claim_reviewed: String,
    language: Option<String>,
    claim_types: Vec<ClaimType>,
    topics: Vec<String>,
    stage: Stage,
    decline_reason: Option<DeclineReason>,
    duplicate_of: Option<ClaimId>,
    current_verdict: Option<i32>,
    created_at: String,
    /// What a change has to name.
    row_version: i32,
    #[serde(rename = "appearance")]
    appearances: Vec<Occasion>,
}

#[derive(Serialize)]
struct Occasion {
    id: AppearanceId,
    target: Option<Target>,
    url: Option<String>,
    said: PartialDate,
    place: Option<String>,
    medium: Option<Medium>,
    event: Option<String>,
    attitude: Option<Attitude>,
    is_first_known: bool,
    speakers: Vec<Speaker>,
    row_version: i32,
}

/// Words in a version of an article: offsets are code points, half-open.
#[derive(Serialize)]
struct Target {
    article: ArticleId,
    version: VersionId,
    exact: String,
    prefix: String,
    suffix: String,
    start: i32,
    end: i32,
}

#[derive(Serialize)]
struct Speaker {
    agent: AgentId,
    name: String,
    office: Option<String>,
}

impl Document {
    fn new(claim: Claim, appearances: Vec<Appearance>) -> Self {
        Self {
            id: claim.id,
            claim_reviewed: claim.claim_reviewed,
            language: claim.language,
            claim_types: claim.claim_types,
            topics: claim.topics,
            stage: claim.stage,
            decline_reason: claim.declined.map(|(reason, _)| reason),
            duplicate_of: claim.duplicate_of,
            current_verdict: claim.current_verdict,
            created_at: iso(claim.created_at),
            row_version: claim.row_version,
            appearances: appearances
                .into_iter()
                .filter(|appearance| appearance.removed_at.is_none())
                .map(Occasion::from)
                .collect(),
        }
    }
}

impl From<Appearance> for Occasion {
    fn from(appearance: Appearance) -> Self {
        Self {
            id: appearance.id,
            target: appearance.mark.map(|mark| Target {
                article: mark.article,
                version: mark.version,
                exact: mark.exact,
                prefix: mark.prefix,
                suffix: mark.suffix,
                start: mark.start,
                end: mark.end,
            }),
            url: appearance.url,
            said: appearance.said,
            place: appearance.place,
            medium: appearance.medium,
            event: appearance.event,
            attitude: appearance.attitude,
            is_first_known: appearance.is_first_known,
            speakers: appearance
                .speakers
                .into_iter()
                .map(|speaker| Speaker { agent: speaker.agent, name: speaker.name, office: speaker.office })
                .collect(),
            row_version: appearance.row_version,
        }
    }
}

#[derive(Serialize)]
struct Listed {
    id: ClaimId,
    #[serde(rename = "claimReviewed")]
    claim_reviewed: String,
    stage: Stage,
    rating: Option<String>,
    topics: Vec<String>,
    speakers: Vec<String>,
    evidence: i64,
    #[serde(with = "time::serde::rfc3339")]
    created_at: OffsetDateTime,
}

#[derive(Serialize)]
struct List {
    claims: Vec<Listed>,
    /// What `before` takes to go on.
    next: Option<Uuid>,
}

/// Claims, newest first; filters as on the page.
#[get("/api/v1/desks/{desk}/claims")]
async fn list(viewer: Viewer, asked: Query<Asked>, pool: Pool) -> Result<HttpResponse> {
    let conn = &mut *pool.acquire().await?;
    let filter = asked.filter(conn, &viewer).await?;
    let page = store::list(conn, &viewer, &filter, asked.before).await?;
    let claims = page
        .rows
        .into_iter()
        .map(|claim| Listed {
            id: claim.id,
            claim_reviewed: claim.claim_reviewed,
            stage: claim.stage,
            rating: claim.rating.map(|rating| rating.label),
            topics: claim.topics,
            speakers: claim.speakers,
            evidence: claim.evidence,
            created_at: claim.created_at,
        })
        .collect();
    Ok(answer(StatusCode::OK, &List { claims, next: page.next }))
}

/// One claim with its appearances.
#[get("/api/v1/desks/{desk}/claims/{claim}")]
async fn show(viewer: Viewer, path: Path<(String, ClaimId)>, pool: Pool) -> Result<HttpResponse> {
    let conn = &mut *pool.acquire().await?;
    let claim = store::visible(conn, &viewer, path.1).await?;
    let appearances = store::appearances(conn, viewer.desk.id, claim.id).await?;
    Ok(answer(StatusCode::OK, &Document::new(claim, appearances)))
}

/// What shall become of a claim; what is not named stays.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Patch {
    /// The version that it was made on.
    row_version: i32,
    #[serde(rename = "claimReviewed")]
    claim_reviewed: Option<String>,
    #[serde(default, deserialize_with = "Wish::read")]
    language: Wish,
    claim_types: Option<Vec<String>>,
    topics: Option<Vec<String>>,
}

/// What shall become of a field that may be unknown.
#[derive(Debug, Default)]
enum Wish {
    /// It is not named.
    #[default]
    Keep,
    /// `null` for unknown.
    Be(Option<String>),
}

impl Wish {
    fn read<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Option::deserialize(deserializer).map(Self::Be)
    }
}

impl Patch {
    /// The change, made on `base`.
    fn edit(&self, base: &editing::Values) -> Edit {
        let language = match &self.language {
            Wish::Keep => None,
            Wish::Be(code) => Some(code.clone().unwrap_or_default()),
        };
        let fields = [
            ("claim_reviewed", self.claim_reviewed.clone()),
            ("language", language),
            ("claim_types", self.claim_types.as_ref().map(|types| types.join(", "))),
            ("topics", self.topics.as_ref().map(|topics| topics.join(", "))),
        ];
        let mut edit = Edit::default();
        for (name, mine) in fields {
            let field = CLAIM.iter().find(|field| field.name == name);
            if let (Some(field), Some(mine)) = (field, mine) {
                edit.push(field, &base[name], &mine);
            }
        }
        edit
    }
}

/// Changes a claim's fields. Made on an older version it is refused with both texts of each field (409).
#[patch("/api/v1/desks/{desk}/claims/{claim}")]
async fn revise(
    sent: Sent<MarkClaim, Patch>,
    path: Path<(String, ClaimId)>,
    pool: Pool,
) -> Result<HttpResponse> {
    let Sent { by, body, submission } = sent;
    let id = path.1;
    let mut conn = pool.acquire().await?;
    let claim = store::get(&mut conn, by.desk.id, id).await?;
    drop(conn);
    pages::check_public(&by, &claim)?;
    let theirs = claim.values();
    let merge = body.edit(&theirs).merge(&theirs);
    if body.row_version != claim.row_version && !merge.is_unchanged() {
        return Ok(conflict(&claim, &merge.details()));
    }
    if !merge.is_unchanged() {
        let fields = ClaimFields::parse(&merge.applied(&theirs)).map_err(Error::from)?;
        let to = format!("/api/v1/desks/{}/claims/{id}", by.desk.slug);
        let details = merge.details();
        let done = unit_of_work(&pool, async move |tx| {
            audit::once(tx, &by, submission.as_ref(), &to).await?;
            let change = audit::record(tx, &by, "claim.edit", "claim", id, &details).await?;
            store::update(tx, &by, &change, id, claim.row_version, &fields).await?;
            Ok((store::get(tx, by.desk.id, id).await?, store::appearances(tx, by.desk.id, id).await?))
        })
        .await?;
        return Ok(answer(StatusCode::OK, &Document::new(done.0, done.1)));
    }
    let mut conn = pool.acquire().await?;
    let appearances = store::appearances(&mut conn, by.desk.id, id).await?;
    Ok(answer(StatusCode::OK, &Document::new(claim, appearances)))
}

/// A problem document (RFC 9457) with what each side wants of each field.
fn conflict(claim: &Claim, details: &Value) -> HttpResponse {
    let fields: Vec<Value> = details
        .as_object()
        .into_iter()
        .flatten()
        .map(|(name, change)| json!({"field": name, "theirs": change["before"], "yours": change["after"]}))
        .collect();
    let problem = json!({
        "type": "about:blank",
        "title": "Changed meanwhile",
        "status": 409,
        "detail": "Somebody changed this claim since you read it. Nothing was changed.",
        "row_version": claim.row_version,
        "conflicts": fields,
    });
    HttpResponse::Conflict().content_type("application/problem+json; charset=utf-8").body(problem.to_string())
}
