//! The documents themselves.

use actix_web::http::{Method, header};
use actix_web::web::{Bytes, Data, Path, Query};
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder, routes};
use futures_util::stream;
use serde::Deserialize;

use super::annotations::{self, Annotation};
use super::claimreview::{ClaimReview, Profile};
use super::store::{self, Head, Loader};
use super::{Export, Flavour, Format, Instant, Scope, Site, Table, jsonl, start};
use crate::auth::Viewer;
use crate::auth::permission::ReadDrafts;
use crate::base_url::BaseUrl;
use crate::db::{Pool, snapshot};
use crate::error::{Error, Result};
use crate::evidence::AsOf;
use crate::id::{AppearanceId, ClaimId};
use crate::web::cache;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    #[serde(default)]
    scope: Scope,
    #[serde(default)]
    as_of: AsOf,
    #[serde(default)]
    table: Table,
    #[serde(default)]
    flavour: Flavour,
}

/// Everything in one format, streamed.
#[routes]
#[get("/{desk}/export/{format}")]
#[head("/{desk}/export/{format}")]
pub async fn whole(
    request: HttpRequest,
    path: Path<(String, Format)>,
    asked: Query<Asked>,
    viewer: Viewer,
    base: Data<BaseUrl>,
    pool: Pool,
) -> Result<HttpResponse> {
    let format = path.into_inner().1;
    let Asked { scope, as_of, table, flavour } = asked.into_inner();
    if scope == Scope::Desk {
        viewer.clone().authorize::<ReadDrafts>()?;
    }
    let export = Export { format, scope, as_of, table, flavour };
    let (site, state) = {
        let mut conn = pool.acquire().await?;
        let site = store::site(&mut conn, &base, &viewer.desk.slug).await?;
        (site, store::state(&mut conn, viewer.desk.id).await?)
    };
    if scope == Scope::Public && cache::is_known(&request, &etag(&request, &state.name)) {
        let mut answer = HttpResponse::NotModified();
        cache::keep(&mut answer, &etag(&request, &state.name), None);
        for_everybody(&mut answer);
        return Ok(answer.finish());
    }
    let mut running =
        if request.method() == Method::HEAD { None } else { Some(start(&pool, site.clone(), export).await?) };
    let head = match &running {
        Some(running) => running.head.clone(),
        None => store::head(&mut *pool.acquire().await?, site.desk).await?,
    };
    let mut answer = HttpResponse::Ok();
    answer.insert_header((header::CONTENT_TYPE, format.media_type()));
    describe(&mut answer, &site, export, &head);
    if scope == Scope::Public {
        cache::keep(&mut answer, &etag(&request, &head.state.name), head.state.changed);
        for_everybody(&mut answer);
    }
    let pieces = stream::poll_fn(move |context| {
        let Some(running) = &mut running else { return std::task::Poll::Ready(None) };
        running.poll(context)
    });
    Ok(answer.streaming::<_, Error>(Box::pin(pieces)))
}

fn etag(request: &HttpRequest, state: &str) -> String {
    cache::etag([request.path(), request.query_string(), env!("CARGO_PKG_VERSION"), state])
}

/// What cannot stand in the document itself: of which state of the desk it is, and how it may be used.
fn describe(answer: &mut HttpResponseBuilder, site: &Site, export: Export, head: &Head) {
    let table = match (export.format, export.table) {
        (Format::Csv, table) => table.as_str(),
        _ => "claims",
    };
    let as_of = match export.as_of {
        AsOf::Now => "",
        AsOf::Claim => "-as-of-claim",
    };
    let name = format!("attachment; filename=\"{}-{table}{as_of}.{}\"", site.slug, export.format.ending());
    answer
        .insert_header((header::CONTENT_DISPOSITION, name))
        .insert_header(("Factdesk-Schema-Version", jsonl::SCHEMA_VERSION.to_string()))
        .insert_header(("Factdesk-Scope", export.scope.as_str()))
        .insert_header(("Factdesk-Evidence-As-Of", export.as_of.as_str()))
        .insert_header(("Factdesk-Review-Policy", site.rules.mode.as_str()))
        .insert_header(("Factdesk-As-Of", Instant(head.at).to_string()))
        .insert_header(("Factdesk-Chain-Head", head.chain()))
        .append_header((
            header::LINK,
            format!("<{}>; rel=\"describedby\"; type=\"text/html\"", site.url("/exports")),
        ));
    if let Some(licence) = &site.licence {
        answer.append_header((header::LINK, format!("<{licence}>; rel=\"license\"")));
    }
}

/// Scripts of any site may read what is public anyway; it comes without anybody's session.
fn for_everybody(answer: &mut HttpResponseBuilder) {
    answer
        .insert_header((header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"))
        .insert_header((header::ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED))
        .insert_header(("Cross-Origin-Resource-Policy", "cross-origin"));
}

const EXPOSED: &str = "ETag, Link, Content-Disposition, Allow, Vary, Factdesk-Schema-Version, Factdesk-Scope, \
     Factdesk-Evidence-As-Of,      Factdesk-Review-Policy, Factdesk-As-Of, Factdesk-Chain-Head";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AskedReview {
    #[serde(default)]
    profile: Profile,
}

/// A claim's review as `ClaimReview`.
#[routes]
#[get("/{desk}/claims/{claim}.jsonld")]
#[head("/{desk}/claims/{claim}.jsonld")]
pub async fn claim_review(
    request: HttpRequest,
    path: Path<(String, ClaimId)>,
    asked: Query<AskedReview>,
    base: Data<BaseUrl>,
    pool: Pool,
) -> Result<HttpResponse> {
    let (slug, claim) = path.into_inner();
    let base = base.get_ref().clone();
    let read = snapshot(&pool, async move |conn| {
        let site = store::site(conn, &base, &slug).await?;
        let state = store::state(conn, site.desk).await?;
        let mut found = Loader::one(site.desk, Scope::Public, claim).batch(conn).await?;
        let record = found.pop().ok_or(Error::NotFound("review"))?;
        let review = ClaimReview::of(&site, &record, asked.profile).ok_or(Error::NotFound("review"))?;
        Ok((serde_json::to_string(&review).map_err(Error::internal)?, state, site.licence))
    });
    let (document, state, licence) = read.await?;
    Ok(linked_data(&request, "application/ld+json", document, &state, licence.as_deref()))
}

/// A mark in a public article as a W3C annotation.
#[routes]
#[get("/{desk}/annotations/{appearance}")]
#[head("/{desk}/annotations/{appearance}")]
pub async fn one_annotation(
    request: HttpRequest,
    path: Path<(String, AppearanceId)>,
    base: Data<BaseUrl>,
    pool: Pool,
) -> Result<HttpResponse> {
    let (slug, appearance) = path.into_inner();
    let base = base.get_ref().clone();
    let read = snapshot(&pool, async move |conn| {
        let site = store::site(conn, &base, &slug).await?;
        let state = store::state(conn, site.desk).await?;
        let claim = store::claim_of(conn, site.desk, appearance).await?;
        let mut found = Loader::one(site.desk, Scope::Public, claim).batch(conn).await?;
        let record = found.pop().ok_or(Error::NotFound("annotation"))?;
        let made = record.appearances.iter().find(|made| made.id == appearance);
        let annotation = made.and_then(|made| Annotation::of(&site, &record, made));
        let annotation = annotation.ok_or(Error::NotFound("annotation"))?.document();
        Ok((serde_json::to_string(&annotation).map_err(Error::internal)?, state, site.licence))
    });
    let (document, state, licence) = read.await?;
    let mut answer = linked_data(&request, annotations::MEDIA_TYPE, document, &state, licence.as_deref());
    let link = header::HeaderValue::from_static("<http://www.w3.org/ns/ldp#Resource>; rel=\"type\"");
    answer.headers_mut().append(header::LINK, link);
    answer.headers_mut().insert(header::ALLOW, header::HeaderValue::from_static("GET, HEAD"));
    Ok(answer)
}

/// A document for everybody, or that it is still the same.
fn linked_data(
    request: &HttpRequest,
    media_type: &'static str,
    document: String,
    state: &store::State,
    licence: Option<&str>,
) -> HttpResponse {
    let etag = etag(request, &state.name);
    let is_known = cache::is_known(request, &etag);
    let mut answer = if is_known { HttpResponse::NotModified() } else { HttpResponse::Ok() };
    cache::keep(&mut answer, &etag, state.changed);
    for_everybody(&mut answer);
    if let Some(licence) = licence {
        answer.append_header((header::LINK, format!("<{licence}>; rel=\"license\"")));
    }
    if is_known {
        return answer.finish();
    }
    answer.insert_header((header::CONTENT_TYPE, media_type)).body(Bytes::from(document))
}
