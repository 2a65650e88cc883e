//! The form for a new source.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, get, post};
use askama::Template;

use crate::audit;
use crate::auth::Authorized;
use crate::auth::permission::CiteEvidence;
use crate::db::{Pool, unit_of_work};
use crate::editing::{self, Form, Pairs, Sent, Values};
use crate::error::Result;
use crate::evidence::sources::{Access, SOURCE, SourceFields, address, store};
use crate::id::SourceId;
use crate::jobs;
use crate::web::{Posted, Shell, page, see_other};

#[derive(Template)]
#[template(path = "evidence/sources/new.html")]
struct NewPage {
    shell: Shell,
    form: Form,
}

/// Of something new, what can be known before it is read.
const NAMES: [&str; 15] = [
    "url",
    "title",
    "publisher",
    "authors",
    "published",
    "modified",
    "language",
    "doi",
    "isbn",
    "class",
    "medium",
    "access",
    "independence",
    "interest",
    "description",
];

fn blank(shell: &Shell) -> Form {
    let action = shell.path("/sources");
    let values = Values::from([("access", Access::Open.as_str().to_owned())]);
    Form::new(shell, "source", action, &SOURCE, &NAMES, &values).button("Add the source")
}

#[get("/{desk}/sources/new")]
pub(super) async fn new(by: Authorized<CiteEvidence>) -> Result<HttpResponse> {
    let shell = Shell::new(&by.viewer());
    let form = blank(&shell);
    page(StatusCode::OK, &NewPage { shell, form })
}

#[post("/{desk}/sources")]
pub(super) async fn create(
    request: HttpRequest,
    posted: Posted<CiteEvidence, Pairs>,
    pool: Pool,
) -> Result<HttpResponse> {
    let Posted { by, form, submission } = posted;
    let sent = Sent::first(&SOURCE, &form)?;
    let fields = match SourceFields::parse(&sent.mine()) {
        Ok(fields) => fields,
        Err(problems) => {
            let shell = Shell::new(&by.viewer());
            let form = blank(&shell).refused(&sent, &problems);
            let back = shell.path("/sources");
            return editing::problems(&request, shell, "New source", back, form);
        }
    };
    let (slug, id) = (by.desk.slug.clone(), SourceId::new());
    let id = unit_of_work(&pool, async move |tx| {
        audit::once(tx, &by, submission.as_ref(), &address(&by.desk.slug, id)).await?;
        store::create(tx, &by, id, &fields).await
    })
    .await?;
    jobs::wake();
    Ok(see_other(&address(&slug, id)))
}
