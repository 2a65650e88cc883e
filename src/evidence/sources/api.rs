//! Sources as JSON.

use actix_web::http::{StatusCode, header};
use actix_web::web::{Path, Query, ServiceConfig};
use actix_web::{HttpResponse, get, patch, post};
use serde::{Deserialize, Serialize};

use super::fields::{SOURCE, SourceFields};
use super::kinds::{Access, SourceClass, SourceMedium};
use super::pages::ListQuery;
use super::source::{Findings, Origins, Source};
use super::store;
use crate::audit;
use crate::auth::Authorized;
use crate::auth::permission::{CiteEvidence, ReadDesk};
use crate::db::{Pool, unit_of_work};
use crate::editing::{self, Values};
use crate::error::{Error, Result};
use crate::evidence::copies::{Link, State};
use crate::id::SourceId;
use crate::web::Sent;
use crate::web::json::answer;

pub(super) fn routes(config: &mut ServiceConfig) {
    config.service(list).service(show).service(create).service(edit);
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
    /// Why the desk warns about its domain.
    warning: Option<String>,
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
            warning: source.warning,
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
    /// How far the keeping of a copy is, and what the address shows since.
    state: Option<State>,
    link: Option<Link>,
    claims: i64,
}

#[get("/api/v1/desks/{desk}/sources")]
async fn list(member: Authorized<ReadDesk>, query: Query<ListQuery>, pool: Pool) -> Result<HttpResponse> {
    let page = store::list(&mut *pool.acquire().await?, member.desk.id, &query.filter(), query.after).await?;
    let entry = |source: store::Listed| Entry {
        id: source.id,
        url: source.url,
        title: source.title,
        publisher: source.publisher,
        class: source.class,
        state: source.state,
        link: source.link,
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

/// What is to be known of a source. A field that is not there stays as it is; `null` and an empty text make it unknown.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Given {
    /// The version that the change was made on; not for a new source.
    row_version: Option<i32>,
    url: Option<String>,
    title: Option<String>,
    publisher: Option<String>,
    authors: Option<Vec<String>>,
    published: Option<String>,
    modified: Option<String>,
    language: Option<String>,
    doi: Option<String>,
    isbn: Option<String>,
    canonical_url: Option<String>,
    class: Option<String>,
    medium: Option<String>,
    access: Option<String>,
    independence: Option<String>,
    interest: Option<String>,
    description: Option<String>,
}

impl Given {
    fn values(self) -> Values {
        let given = [
            ("url", self.url),
            ("title", self.title),
            ("publisher", self.publisher),
            ("authors", self.authors.map(|authors| authors.join("\n"))),
            ("published", self.published),
            ("modified", self.modified),
            ("language", self.language),
            ("doi", self.doi),
            ("isbn", self.isbn),
            ("canonical_url", self.canonical_url),
            ("class", self.class),
            ("medium", self.medium),
            ("access", self.access),
            ("independence", self.independence),
            ("interest", self.interest),
            ("description", self.description),
        ];
        let field = |name: &str| SOURCE.iter().find(|field| field.name == name);
        given.into_iter().filter_map(|(name, text)| Some((name, field(name)?.tidy(&text?)))).collect()
    }
}

#[post("/api/v1/desks/{desk}/sources")]
async fn create(sent: Sent<CiteEvidence, Given>, pool: Pool) -> Result<HttpResponse> {
    let Sent { by, body, submission } = sent;
    let fields = SourceFields::parse(&body.values())?;
    let location = format!("/api/v1/desks/{}/sources", by.desk.slug);
    let to = location.clone();
    let source = unit_of_work(&pool, async move |tx| {
        audit::once(tx, &by, submission.as_ref(), &to).await?;
        let id = store::create(tx, &by, SourceId::new(), &fields).await?;
        store::source(tx, by.desk.id, id).await
    })
    .await?;
    let mut response = answer(StatusCode::CREATED, &SourceDocument::from(source.clone()));
    let location =
        header::HeaderValue::from_str(&format!("{location}/{}", source.id)).map_err(Error::internal)?;
    response.headers_mut().insert(header::LOCATION, location);
    Ok(response)
}

#[patch("/api/v1/desks/{desk}/sources/{source}")]
async fn edit(
    sent: Sent<CiteEvidence, Given>,
    path: Path<(String, SourceId)>,
    pool: Pool,
) -> Result<HttpResponse> {
    let Sent { by, body, submission } = sent;
    let (id, from) = (path.1, body.row_version);
    let given = body.values();
    let location = format!("/api/v1/desks/{}/sources/{id}", by.desk.slug);
    let source = unit_of_work(&pool, async move |tx| {
        audit::once(tx, &by, submission.as_ref(), &location).await?;
        let was = store::source(tx, by.desk.id, id).await?;
        if from != Some(was.row_version) {
            return Err(Error::conflict(
                "Somebody changed this source since. Read it again, then change it.",
            ));
        }
        let before = was.values();
        let mut wanted = editing::Sent::default();
        for field in &SOURCE {
            if let Some(text) = given.get(field.name) {
                wanted.push(field, &before[field.name], text);
            }
        }
        let merge = wanted.merge(&before);
        if !merge.is_unchanged() {
            let fields = SourceFields::parse(&merge.applied(&before))?;
            store::edit(tx, &by, &was, &fields, &merge.details()).await?;
        }
        store::source(tx, by.desk.id, id).await
    })
    .await?;
    Ok(answer(StatusCode::OK, &SourceDocument::from(source)))
}
