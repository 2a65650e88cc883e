//! Handing a source on, naming a copy, and taking one off the page.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path, ServiceConfig};
use actix_web::{HttpResponse, post};
use askama::Template;
use serde::Deserialize;

use super::{Archives, Provider, Section, store};
use crate::audit;
use crate::auth::permission::CiteEvidence;
use crate::db::{Pool, unit_of_work};
use crate::error::{Error, Result};
use crate::evidence::sources;
use crate::id::{OutsideCopyId, SourceId};
use crate::jobs;
use crate::text::address::SafeUrl;
use crate::web::problems::Problems;
use crate::web::{Posted, Shell, page, see_other};

/// The addresses of these pages.
pub fn routes(config: &mut ServiceConfig) {
    config.service(add).service(removal).service(restoration);
}

/// An archive to hand the source to, or the address of a copy.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct NewCopy {
    provider: Option<Provider>,
    #[serde(default)]
    address: String,
}

#[derive(Template)]
#[template(path = "evidence/outside.html")]
struct OutsidePage {
    shell: Shell,
    source: sources::Source,
    section: Section,
}

#[post("/{desk}/sources/{source}/outside-copies")]
async fn add(
    posted: Posted<CiteEvidence, NewCopy>,
    path: Path<(String, SourceId)>,
    archives: Data<Archives>,
    pool: Pool,
) -> Result<HttpResponse> {
    let Posted { by, form, submission } = posted;
    let source = path.1;
    let location = sources::address(&by.desk.slug, source);
    let (viewer, to) = (by.viewer(), location.clone());
    let done = match form.provider {
        Some(provider) => {
            archives.get(provider).ok_or(Error::NotFound("archive"))?;
            let handed = unit_of_work(&pool, async move |tx| {
                audit::once(tx, &by, submission.as_ref(), &to).await?;
                store::hand_on(tx, &by, source, provider).await
            })
            .await;
            jobs::wake();
            handed
        }
        None => match SafeUrl::parse(&form.address) {
            Ok(address) if address.as_str().chars().count() <= 2_000 => {
                unit_of_work(&pool, async move |tx| {
                    audit::once(tx, &by, submission.as_ref(), &to).await?;
                    store::name(tx, &by, source, &address).await
                })
                .await
            }
            Ok(_) => Err(Error::invalid("This address is longer than 2,000 characters.")),
            Err(error) => Err(Error::invalid(error.to_string())),
        },
    };
    match done {
        Ok(()) => Ok(see_other(&format!("{location}#outside"))),
        Err(Error::Invalid(words)) => {
            let mut conn = pool.acquire().await?;
            let shown = sources::store::source(&mut conn, viewer.desk.id, source).await?;
            let mut problems = Problems::default();
            problems.add("address", words);
            let section =
                Section::load(&mut conn, &viewer, &archives, source).await?.with(form.address, problems);
            let shown = OutsidePage { shell: Shell::new(&viewer), source: shown, section };
            page(StatusCode::UNPROCESSABLE_ENTITY, &shown)
        }
        Err(error) => Err(error),
    }
}

/// A form without fields of its own.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Nothing {}

#[post("/{desk}/sources/{source}/outside-copies/{copy}/removal")]
async fn removal(
    posted: Posted<CiteEvidence, Nothing>,
    path: Path<(String, SourceId, OutsideCopyId)>,
    pool: Pool,
) -> Result<HttpResponse> {
    set_removed(posted, (path.1, path.2), &pool, true).await
}

#[post("/{desk}/sources/{source}/outside-copies/{copy}/restoration")]
async fn restoration(
    posted: Posted<CiteEvidence, Nothing>,
    path: Path<(String, SourceId, OutsideCopyId)>,
    pool: Pool,
) -> Result<HttpResponse> {
    set_removed(posted, (path.1, path.2), &pool, false).await
}

async fn set_removed(
    posted: Posted<CiteEvidence, Nothing>,
    (source, id): (SourceId, OutsideCopyId),
    pool: &Pool,
    removed: bool,
) -> Result<HttpResponse> {
    let Posted { by, submission, .. } = posted;
    let location = format!("{}#outside", sources::address(&by.desk.slug, source));
    let to = location.clone();
    unit_of_work(pool, async move |tx| {
        audit::once(tx, &by, submission.as_ref(), &to).await?;
        store::set_removed(tx, &by, id, removed).await
    })
    .await?;
    Ok(see_other(&location))
}
