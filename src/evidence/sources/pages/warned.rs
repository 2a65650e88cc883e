//! The list of domains that the desk warns about.

use actix_web::http::StatusCode;
use actix_web::web::Path;
use actix_web::{HttpResponse, get, post};
use askama::Template;
use serde::Deserialize;

use crate::audit;
use crate::auth::permission::{CiteEvidence, ReadDesk};
use crate::auth::{Authorized, Viewer};
use crate::db::{Pool, unit_of_work};
use crate::editing::Values;
use crate::error::{Error, Result};
use crate::evidence::sources::store;
use crate::evidence::sources::warned::{Warned, Warning};
use crate::web::problems::Problems;
use crate::web::{Posted, Shell, page, see_other};

#[derive(Template)]
#[template(path = "evidence/sources/domains.html")]
struct DomainsPage {
    shell: Shell,
    domains: Vec<Warned>,
    may_cite: bool,
    /// What was typed.
    form: NewWarning,
    problems: Problems,
}

/// A domain to warn about, and why.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NewWarning {
    #[serde(default)]
    domain: String,
    #[serde(default)]
    reason: String,
    /// The version of the warning that is changed.
    row_version: Option<i32>,
}

impl NewWarning {
    fn parse(&self) -> Result<Warning, Problems> {
        Warning::parse(&Values::from([("domain", self.domain.clone()), ("reason", self.reason.clone())]))
    }
}

async fn answer(
    pool: &Pool,
    status: StatusCode,
    viewer: &Viewer,
    form: NewWarning,
    problems: Problems,
) -> Result<HttpResponse> {
    let domains = store::warned(&mut *pool.acquire().await?, viewer.desk.id).await?;
    let (shell, may_cite) = (Shell::new(viewer), viewer.may::<CiteEvidence>());
    page(status, &DomainsPage { shell, domains, may_cite, form, problems })
}

#[get("/{desk}/sources/domains")]
pub(super) async fn show(member: Authorized<ReadDesk>, pool: Pool) -> Result<HttpResponse> {
    answer(&pool, StatusCode::OK, &member.viewer(), NewWarning::default(), Problems::default()).await
}

#[post("/{desk}/sources/domains")]
pub(super) async fn warn(posted: Posted<CiteEvidence, NewWarning>, pool: Pool) -> Result<HttpResponse> {
    let Posted { by, form, submission } = posted;
    let viewer = by.viewer();
    let warning = match form.parse() {
        Ok(warning) => warning,
        Err(problems) => {
            return answer(&pool, StatusCode::UNPROCESSABLE_ENTITY, &viewer, form, problems).await;
        }
    };
    let location = format!("/{}/sources/domains", by.desk.slug);
    let (to, from) = (location.clone(), form.row_version);
    let warned = unit_of_work(&pool, async move |tx| {
        audit::once(tx, &by, submission.as_ref(), &to).await?;
        store::warn(tx, &by, &warning, from).await
    })
    .await;
    let (status, words) = match warned {
        Ok(()) => return Ok(see_other(&location)),
        Err(Error::Conflict(words)) => (StatusCode::CONFLICT, words),
        Err(Error::Invalid(words)) => (StatusCode::UNPROCESSABLE_ENTITY, words),
        Err(error) => return Err(error),
    };
    let mut problems = Problems::default();
    problems.add("domain", words);
    answer(&pool, status, &viewer, NewWarning { row_version: None, ..form }, problems).await
}

/// The version of the warning that is taken away.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Version {
    row_version: i32,
}

#[post("/{desk}/sources/domains/{domain}/removal")]
pub(super) async fn unwarn(
    posted: Posted<CiteEvidence, Version>,
    path: Path<(String, String)>,
    pool: Pool,
) -> Result<HttpResponse> {
    let Posted { by, form, submission } = posted;
    let location = format!("/{}/sources/domains", by.desk.slug);
    let (to, domain) = (location.clone(), path.into_inner().1);
    unit_of_work(&pool, async move |tx| {
        audit::once(tx, &by, submission.as_ref(), &to).await?;
        store::unwarn(tx, &by, &domain, form.row_version).await
    })
    .await?;
    Ok(see_other(&location))
}
