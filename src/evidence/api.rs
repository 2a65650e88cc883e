//! Evidence as JSON.

use actix_web::http::{StatusCode, header};
use actix_web::web::{Path, Query, ServiceConfig};
use actix_web::{HttpResponse, get, post};
use serde::{Deserialize, Serialize};

use super::as_of::AsOf;
use super::cited::{Evidence, EvidenceFields};
use super::kinds::{Independence, Stance};
use super::quotes::{Locators, Quoted};
use super::sources::api::SourceDocument;
use super::sources::{Pasted, SourceFields};
use super::store::{self, Cite};
use crate::audit;
use crate::auth::Authorized;
use crate::auth::permission::{CiteEvidence, ReadDesk};
use crate::claims;
use crate::db::{Pool, unit_of_work};
use crate::editing::Values;
use crate::error::{Error, Result};
use crate::id::{ClaimId, CopyId, EvidenceId, SourceId};
use crate::jobs;
use crate::text::dates::PartialDate;
use crate::text::quote::{Difference, QuoteCheck};
use crate::text::selector::Selector;
use crate::web::Sent;
use crate::web::json::answer;

pub(super) fn routes(config: &mut ServiceConfig) {
    config.service(of_claim).service(add);
}

#[derive(Serialize)]
struct EvidenceDocument {
    id: EvidenceId,
    source: SourceDocument,
    stance: Stance,
    exact: Option<String>,
    locator: Option<String>,
    #[serde(flatten)]
    locators: Locators,
    /// Whether the passage stands in a copy; nothing when it was not looked for.
    quote: Option<QuoteDocument>,
    note: String,
    independence: Option<Independence>,
    /// Whether the source was published after the claim was made; nothing when the dates do not tell.
    published_after_claim: Option<bool>,
    row_version: i32,
}

/// What looking for the passage came to.
#[derive(Serialize)]
struct QuoteDocument {
    copy: CopyId,
    check: QuoteCheck,
    /// The copy's own words there.
    place: Option<Selector>,
    /// Letter by letter, of what stands nearly so.
    difference: Vec<Difference>,
    /// Why it is cited all the same.
    reason: Option<String>,
}

impl QuoteDocument {
    fn of(quoted: Quoted, exact: Option<&str>) -> Self {
        let difference = exact.map(|exact| quoted.differs(exact)).unwrap_or_default();
        let reason = quoted.reason.map(|(reason, _)| reason);
        Self { copy: quoted.copy, check: quoted.check, place: quoted.place, difference, reason }
    }
}

impl EvidenceDocument {
    fn new(evidence: Evidence, made: PartialDate) -> Self {
        let quote = evidence.quoted.map(|quoted| QuoteDocument::of(quoted, evidence.exact.as_deref()));
        Self {
            published_after_claim: evidence.source.published.is_after(made),
            independence: evidence.independence,
            id: evidence.id,
            source: evidence.source.into(),
            stance: evidence.stance,
            exact: evidence.exact,
            locator: evidence.locator,
            locators: evidence.locators,
            quote,
            note: evidence.note,
            row_version: evidence.row_version,
        }
    }
}

#[derive(Serialize)]
struct EvidenceList {
    evidence: Vec<EvidenceDocument>,
}

/// Which evidence is wanted.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    #[serde(default)]
    as_of: AsOf,
}

#[get("/api/v1/desks/{desk}/claims/{claim}/evidence")]
async fn of_claim(
    member: Authorized<ReadDesk>,
    path: Path<(String, ClaimId)>,
    asked: Query<Asked>,
    pool: Pool,
) -> Result<HttpResponse> {
    let conn = &mut *pool.acquire().await?;
    claims::store::get(conn, member.desk.id, path.1).await?;
    let all = store::of_claim(conn, member.desk.id, path.1).await?;
    let made = store::made(conn, member.desk.id, path.1).await?;
    let evidence = all
        .into_iter()
        .filter(|evidence| evidence.removed_at.is_none())
        .map(|evidence| EvidenceDocument::new(evidence, made))
        .filter(|document| asked.as_of == AsOf::Now || document.published_after_claim != Some(true))
        .collect();
    Ok(answer(StatusCode::OK, &EvidenceList { evidence }))
}

/// Evidence to add: with the id of a source, or the address of one.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct NewEvidence {
    source: Option<SourceId>,
    url: Option<String>,
    /// Of a source without address.
    title: Option<String>,
    stance: Option<Stance>,
    exact: Option<String>,
    locator: Option<String>,
    /// As in the form: a number; `1:02:03–1:02:30`; three numbers.
    page: Option<i32>,
    time: Option<String>,
    cell: Option<String>,
    note: Option<String>,
    independence: Option<Independence>,
}

#[derive(Serialize)]
struct Added {
    evidence: Vec<EvidenceId>,
    sources: Vec<SourceId>,
    /// Tracking parameters that were cut from addresses.
    cut: Vec<String>,
}

#[post("/api/v1/desks/{desk}/claims/{claim}/evidence")]
async fn add(
    sent: Sent<CiteEvidence, NewEvidence>,
    path: Path<(String, ClaimId)>,
    pool: Pool,
) -> Result<HttpResponse> {
    let Sent { by, body, submission } = sent;
    let claim = path.1;
    let cite = match (body.source, body.url, body.title) {
        (Some(source), None, None) => Cite::Known(source),
        (None, Some(url), None) => Cite::Pasted(Pasted::parse(&url)?),
        (None, url, Some(title)) => {
            let values = Values::from([("url", url.unwrap_or_default()), ("title", title.trim().to_owned())]);
            Cite::New(Box::new(SourceFields::parse(&values)?))
        }
        _ => return Err(Error::invalid("Give either the id of a source, or its address or title.")),
    };
    let fields = EvidenceFields::parse(&Values::from([
        ("stance", body.stance.unwrap_or(Stance::Context).as_str().to_owned()),
        ("exact", body.exact.unwrap_or_default()),
        ("locator", body.locator.unwrap_or_default()),
        ("page", body.page.map(|page| page.to_string()).unwrap_or_default()),
        ("time", body.time.unwrap_or_default()),
        ("cell", body.cell.unwrap_or_default()),
        ("note", body.note.unwrap_or_default()),
        ("independence", body.independence.map_or(String::new(), |how| how.as_str().to_owned())),
    ]))?;
    let location = format!("/api/v1/desks/{}/claims/{claim}/evidence", by.desk.slug);
    let to = location.clone();
    let added = unit_of_work(&pool, async move |tx| {
        audit::once(tx, &by, submission.as_ref(), &to).await?;
        store::add(tx, &by, claim, &cite, &fields).await
    })
    .await?;
    jobs::wake();
    let document = Added { evidence: added.evidence, sources: added.sources, cut: added.cut };
    let mut response = answer(StatusCode::CREATED, &document);
    let location = header::HeaderValue::from_str(&location).map_err(Error::internal)?;
    response.headers_mut().insert(header::LOCATION, location);
    Ok(response)
}
