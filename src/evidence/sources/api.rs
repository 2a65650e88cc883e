//! Sources as JSON.

use actix_web::http::StatusCode;
use actix_web::web::{Path, Query, ServiceConfig};
use actix_web::{HttpResponse, get};
use serde::Serialize;

use super::kinds::{Access, SourceClass, SourceMedium};
use super::pages::ListQuery;
use super::source::{Findings, Origins, Source};
use super::store;
use crate::auth::Authorized;
use crate::auth::permission::ReadDesk;
use crate::db::Pool;
use crate::error::Result;
use crate::id::SourceId;
use crate::web::json::answer;

pub(super) fn routes(config: &mut ServiceConfig) {
    config.service(list).service(show);
}

/// A source as members get it.
#[derive(Serialize)]
pub struct SourceDocument {
    id: SourceId,
    url: Option<String>,
    title: Option<String>,
    publisher: Option<String>,
    authors: Vec<String>,
    /// ISO 8601, as precise as it is known.
    published: Option<String>,
    /// When it was last changed.
    modified: Option<String>,
    language: Option<String>,
    doi: Option<String>,
    isbn: Option<String>,
    /// The address that it calls its own.
    canonical_url: Option<String>,
    class: Option<SourceClass>,
    medium: Option<SourceMedium>,
    access: Access,
    independence: String,
    interest: String,
    description: String,
    /// Where values were found; a person gave those of the other fields.
    origins: Origins,
    /// What the newest copy says of it.
    found: Findings,
    /// The source that stands for this one.
    merged_into: Option<SourceId>,
    row_version: i32,
}

impl From<Source> for SourceDocument {
    fn from(source: Source) -> Self {
        Self {
            id: source.id,
            url: source.url,
            title: source.title,
            publisher: source.publisher.map(|(_, name)| name),
            authors: source.authors,
            published: source.published.to_iso(),
            modified: source.modified.to_iso(),
            language: source.language,
            doi: source.doi,
            isbn: source.isbn,
            canonical_url: source.canonical_url,
            class: source.class,
            medium: source.medium,
            access: source.access,
            independence: source.independence,
            interest: source.interest,
            description: source.description,
            origins: source.origins,
            found: source.found,
            merged_into: source.merged_into,
            row_version: source.row_version,
        }
    }
}

#[derive(Serialize)]
struct SourceList {
    sources: Vec<Entry>,
    /// What `after` takes to go on.
    next: Option<uuid::Uuid>,
}

#[derive(Serialize)]
struct Entry {
    id: SourceId,
    url: Option<String>,
    title: Option<String>,
    publisher: Option<String>,
    class: Option<SourceClass>,
    claims: i64,
}

#[get("/api/v1/desks/{desk}/sources")]
async fn list(member: Authorized<ReadDesk>, query: Query<ListQuery>, pool: Pool) -> Result<HttpResponse> {
    let page = store::list(&mut *pool.acquire().await?, member.desk.id, &query.q, query.after).await?;
    let entry = |source: store::Listed| Entry {
        id: source.id,
        url: source.url,
        title: source.title,
        publisher: source.publisher,
        class: source.class,
        claims: source.claims,
    };
    let sources = page.rows.into_iter().map(entry).collect();
    Ok(answer(StatusCode::OK, &SourceList { sources, next: page.next }))
}

#[get("/api/v1/desks/{desk}/sources/{source}")]
async fn show(
    member: Authorized<ReadDesk>,
    path: Path<(String, SourceId)>,
    pool: Pool,
) -> Result<HttpResponse> {
    let source = store::source(&mut *pool.acquire().await?, member.desk.id, path.1).await?;
    Ok(answer(StatusCode::OK, &SourceDocument::from(source)))
}
