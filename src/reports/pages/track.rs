//! A reader's own page of a report: only who has its address can read it.

use actix_web::http::{StatusCode, header};
use actix_web::web::Path;
use actix_web::{HttpResponse, get, post};
use askama::Template;
use serde::Deserialize;

use crate::auth::Viewer;
use crate::auth::secret::Secret;
use crate::base_url::BaseUrl;
use crate::db::{Pool, unit_of_work};
use crate::error::{Error, Result};
use crate::reports::report::{Correction, Report, State};
use crate::reports::store;
use crate::web::page::html;
use crate::web::{Shell, SignedIn, clock, see_other};

type TrackPath = Path<(String, String)>;

#[derive(Template)]
#[template(path = "reports/track.html")]
struct TrackPage {
    shell: Shell,
    report: Report,
    /// Where it can be read again.
    address: String,
    refused: Option<String>,
}

impl TrackPage {
    fn claim(&self) -> String {
        self.shell.path(&format!("/claims/{}", self.report.claim))
    }

    fn withdrawal(&self) -> String {
        format!("{}/withdrawal", self.address)
    }
}

#[get("/{desk}/reports/track/{token}")]
pub(super) async fn show(
    viewer: Viewer,
    path: TrackPath,
    base: actix_web::web::Data<BaseUrl>,
    pool: Pool,
) -> Result<HttpResponse> {
    let secret = secret(&path.1)?;
    let report = store::tracked(&mut *pool.acquire().await?, viewer.desk.id, &secret).await?;
    shown(StatusCode::OK, &viewer, &base, &secret, report, None)
}

fn secret(text: &str) -> Result<Secret> {
    Secret::parse(text).ok_or(Error::NotFound("report"))
}

fn shown(
    status: StatusCode,
    viewer: &Viewer,
    base: &BaseUrl,
    secret: &Secret,
    report: Report,
    refused: Option<String>,
) -> Result<HttpResponse> {
    let address = format!("{}/{}/reports/track/{}", base.as_str(), viewer.desk.slug, secret.expose());
    let page = TrackPage { shell: Shell::new(viewer), report, address, refused };
    let mut answer = html(status);
    // The address is a secret: no other site hears of it, and no search engine keeps it.
    answer.insert_header((header::REFERRER_POLICY, "same-origin")).insert_header(("X-Robots-Tag", "noindex"));
    Ok(answer.body(page.render().map_err(Error::internal)?))
}

/// A form without fields of its own.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Nothing {}

/// Takes the report back; after it was answered, the reader's name and how to reach them.
#[post("/{desk}/reports/track/{token}/withdrawal")]
pub(super) async fn withdraw(
    viewer: Viewer,
    path: TrackPath,
    _form: SignedIn<Nothing>,
    base: actix_web::web::Data<BaseUrl>,
    pool: Pool,
) -> Result<HttpResponse> {
    let secret = secret(&path.1)?;
    let (desk, now) = (viewer.desk.id, viewer.now);
    let report = store::tracked(&mut *pool.acquire().await?, desk, &secret).await?;
    let outcome = unit_of_work(&pool, async move |tx| store::withdraw(tx, desk, &report, now).await).await;
    match outcome {
        Ok(()) => Ok(see_other(&format!("/{}/reports/track/{}", viewer.desk.slug, secret.expose()))),
        Err(Error::Conflict(words)) => {
            let report = store::tracked(&mut *pool.acquire().await?, desk, &secret).await?;
            shown(StatusCode::CONFLICT, &viewer, &base, &secret, report, Some(words.into_owned()))
        }
        Err(error) => Err(error),
    }
}
