//! Changing a source, and taking a change back.

use actix_web::web::Path;
use actix_web::{HttpRequest, HttpResponse, post};
use serde::Deserialize;

use super::show::form;
use crate::audit;
use crate::auth::permission::CiteEvidence;
use crate::db::{Pool, unit_of_work};
use crate::editing::{self, Conflict, Pairs, Sent, history};
use crate::error::{Error, Result};
use crate::evidence::sources::{SOURCE, SourceFields, address, store};
use crate::id::{EventId, SourceId};
use crate::web::problems::Problems;
use crate::web::{Posted, Shell, see_other};

#[post("/{desk}/sources/{source}")]
pub(super) async fn save(
    request: HttpRequest,
    posted: Posted<CiteEvidence, Pairs>,
    path: Path<(String, SourceId)>,
    pool: Pool,
) -> Result<HttpResponse> {
    let sent = Sent::read(&SOURCE, &posted.form)?;
    apply(&request, posted, path.1, &sent, &pool).await
}

/// The change to take back.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Undo {
    pub event: EventId,
}

#[post("/{desk}/sources/{source}/undo")]
pub(super) async fn undo(
    request: HttpRequest,
    posted: Posted<CiteEvidence, Undo>,
    path: Path<(String, SourceId)>,
    pool: Pool,
) -> Result<HttpResponse> {
    let entry = history::get(&mut *pool.acquire().await?, posted.by.desk.id, posted.form.event).await?;
    let sent = (matches!(&*entry.action, "source.edit" | "source.describe")
        && entry.entity_id == path.1.uuid())
    .then(|| entry.undo(&SOURCE))
    .flatten()
    .ok_or(Error::NotFound("change"))?;
    apply(&request, posted, path.1, &sent, &pool).await
}

/// The field that takes what the newest copy says.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Believed {
    field: String,
}

#[post("/{desk}/sources/{source}/finding")]
pub(super) async fn finding(
    posted: Posted<CiteEvidence, Believed>,
    path: Path<(String, SourceId)>,
    pool: Pool,
) -> Result<HttpResponse> {
    let Posted { by, form, submission } = posted;
    let (id, location) = (path.1, address(&by.desk.slug, path.1));
    let to = location.clone();
    unit_of_work(&pool, async move |tx| {
        audit::once(tx, &by, submission.as_ref(), &to).await?;
        store::believe(tx, &by, id, &form.field).await
    })
    .await?;
    Ok(see_other(&location))
}

async fn apply<F>(
    request: &HttpRequest,
    posted: Posted<CiteEvidence, F>,
    id: SourceId,
    sent: &Sent,
    pool: &Pool,
) -> Result<HttpResponse> {
    let Posted { by, submission, .. } = posted;
    let shell = Shell::new(&by.viewer());
    let location = address(&by.desk.slug, id);
    for _ in 0..editing::TRIES {
        let mut conn = pool.acquire().await?;
        let source = store::source(&mut conn, by.desk.id, id).await?;
        let (theirs, title) = (source.values(), source.name().to_owned());
        let merge = editing::merge(&mut conn, &by, id.uuid(), sent, &theirs).await?;
        drop(conn);
        if !merge.conflicts.is_empty() {
            let conflict = Conflict::new(&shell, "source", &location, sent, &merge);
            return editing::conflict(request, shell, title, location, conflict);
        }
        if merge.is_unchanged() {
            return Ok(see_other(&location));
        }
        let form = form(&shell, &source);
        let refused = |problems: &Problems| {
            let form = form.clone().refused(sent, problems);
            editing::problems(request, shell.clone(), title.clone(), location.clone(), form)
        };
        let fields = match SourceFields::parse(&merge.applied(&theirs)) {
            Ok(fields) => fields,
            Err(problems) => return refused(&problems),
        };
        let (details, to) = (merge.details(), location.clone());
        let (by, submission) = (by.clone(), submission.clone());
        let saved = unit_of_work(pool, async move |tx| {
            audit::once(tx, &by, submission.as_ref(), &to).await?;
            store::edit(tx, &by, &source, &fields, &details).await
        })
        .await;
        if let Err(Error::Invalid(words)) = saved {
            let mut problems = Problems::default();
            problems.add("url", words);
            return refused(&problems);
        }
        if !editing::is_stale(&saved) {
            return saved.map(|()| see_other(&location));
        }
    }
    Err(editing::stale())
}
