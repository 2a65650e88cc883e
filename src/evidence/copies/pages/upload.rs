//! Giving a copy of a source by hand: what is behind a paywall, not on the web, or not for programs.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path, Payload};
use actix_web::{HttpRequest, HttpResponse, get, post};
use askama::Template;
use serde::Deserialize;

use crate::articles::intake::{self, Received};
use crate::audit;
use crate::auth::Authorized;
use crate::auth::permission::CiteEvidence;
use crate::blobs::BLOB_MAX;
use crate::db::{Pool, unit_of_work};
use crate::error::Result;
use crate::evidence::copies::{self, Came, store};
use crate::evidence::sources::{self, address};
use crate::id::SourceId;
use crate::isolated::Isolated;
use crate::web::problems::Problems;
use crate::web::{Shell, page, see_other};

#[derive(Template)]
#[template(path = "evidence/copies/upload.html")]
struct UploadPage {
    shell: Shell,
    source: SourceId,
    name: String,
    problems: Problems,
}

/// What stands in the form besides the file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Form {
    /// What files there were, when the form is sent again without them.
    #[serde(default, rename = "upload")]
    _upload: Vec<String>,
}

async fn draw(
    pool: &Pool,
    by: &Authorized<CiteEvidence>,
    source: SourceId,
    problems: Problems,
) -> Result<HttpResponse> {
    let conn = &mut *pool.acquire().await?;
    let name = sources::store::source(conn, by.desk.id, source).await?.name().to_owned();
    let status = if problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    page(status, &UploadPage { shell: Shell::new(&by.viewer()), source, name, problems })
}

/// The form.
#[get("/{desk}/sources/{source}/copies/new")]
pub(super) async fn form(
    by: Authorized<CiteEvidence>,
    path: Path<(String, SourceId)>,
    pool: Pool,
) -> Result<HttpResponse> {
    draw(&pool, &by, path.1, Problems::default()).await
}

/// Takes a file as a copy of the source.
#[post("/{desk}/sources/{source}/copies")]
pub(super) async fn take(
    request: HttpRequest,
    payload: Payload,
    path: Path<(String, SourceId)>,
    pool: Pool,
    isolated: Data<Isolated>,
) -> Result<HttpResponse> {
    let sent = intake::read_form(&request, &mut payload.into_inner()).await?;
    let by: Authorized<CiteEvidence> = sent.fields.authorize(&request).await?;
    sent.fields.parse::<Form>()?;
    let source = store::wanted(&mut *pool.acquire().await?, by.desk.id, path.1).await?.id;
    let mut problems = Problems::default();
    let received = match &*sent.files {
        [] => {
            problems.add("file", sent.files_are_lost().unwrap_or("Choose the file of the copy."));
            return draw(&pool, &by, source, problems).await;
        }
        [one] => one.clone(),
        _ => {
            problems.add("file", "Choose one file: each copy is one.");
            return draw(&pool, &by, source, problems).await;
        }
    };
    if let Some(words) = refusal(&received) {
        problems.add("file", words);
        return draw(&pool, &by, source, problems).await;
    }
    let reading = copies::read_apart(&isolated, &received).await;
    let location = address(&by.desk.slug, source);
    let (to, submission) = (location.clone(), sent.fields.submission.clone());
    unit_of_work(&pool, async move |tx| {
        audit::once(tx, &by, submission.as_ref(), &to).await?;
        let (copy, is_new) = store::add(tx, &by, source, &received, &reading, None).await?;
        if !is_new {
            return Ok(());
        }
        let came = Came {
            source,
            copy,
            media_type: reading.media_type.clone(),
            found: reading.found.clone(),
            final_address: None,
        };
        copies::came(tx, &by, &came).await
    })
    .await?;
    Ok(see_other(&location))
}

fn refusal(file: &Received) -> Option<&'static str> {
    if file.bytes.is_empty() {
        Some("There is nothing in this file.")
    } else if file.bytes.len() > BLOB_MAX {
        Some("This file is larger than 20 MB (20,000,000 bytes).")
    } else {
        None
    }
}
