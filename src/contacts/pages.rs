//! Changing the log. Every form comes back to the claim's page, or, refused, to a page with what was typed.

use actix_web::web::{Path, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse, post};
use serde::Deserialize;

use super::contact::{CONTACT, ContactFields};
use super::section::{address, form, new_form};
use super::store;
use crate::audit;
use crate::auth::permission::LogContact;
use crate::claims::{self, pages::saved};
use crate::db::{Pool, unit_of_work};
use crate::editing::{self, Conflict, Pairs, Sent, Values};
use crate::error::Result;
use crate::id::{ClaimId, ContactId};
use crate::web::{Posted, Shell, see_other};

type ContactPath = Path<(String, ClaimId, ContactId)>;

const TITLE: &str = "Asked for comment";

pub(super) fn routes(config: &mut ServiceConfig) {
    config.service(add).service(save).service(removal).service(restoration);
}

#[post("/{desk}/claims/{claim}/contacts")]
async fn add(
    request: HttpRequest,
    posted: Posted<LogContact, Pairs>,
    path: Path<(String, ClaimId)>,
    pool: Pool,
) -> Result<HttpResponse> {
    let Posted { by, form: pairs, submission } = posted;
    let sent = Sent::first(&CONTACT, &pairs)?;
    let claim = claims::store::get(&mut *pool.acquire().await?, by.desk.id, path.1).await?.id;
    let fields = match ContactFields::parse(&sent.mine()) {
        Ok(fields) => fields,
        Err(problems) => {
            let shell = Shell::new(&by.viewer());
            let form = new_form(&shell, claim).refused(&sent, &problems);
            return editing::problems(&request, shell, TITLE, claims::address(&by.desk.slug, claim), form);
        }
    };
    let details = sent.merge(&Values::new()).details();
    let location = saved(&by.desk.slug, claim);
    let to = location.clone();
    unit_of_work(&pool, async move |tx| {
        audit::once(tx, &by, submission.as_ref(), &to).await?;
        store::add(tx, &by, claim, ContactId::new(), &fields, details.clone()).await
    })
    .await?;
    Ok(see_other(&location))
}

#[post("/{desk}/claims/{claim}/contacts/{contact}")]
async fn save(
    request: HttpRequest,
    posted: Posted<LogContact, Pairs>,
    path: ContactPath,
    pool: Pool,
) -> Result<HttpResponse> {
    let Posted { by, form: pairs, submission } = posted;
    let (_, claim, id) = path.into_inner();
    let sent = Sent::read(&CONTACT, &pairs)?;
    let shell = Shell::new(&by.viewer());
    for _ in 0..editing::TRIES {
        let mut conn = pool.acquire().await?;
        let was = store::get(&mut conn, by.desk.id, claim, id).await?;
        let theirs = was.fields.values();
        let merge = editing::merge(&mut conn, &by, id.uuid(), &sent, &theirs).await?;
        drop(conn);
        let back = claims::address(shell.slug(), claim);
        let refused = form(&shell, &was);
        if !merge.conflicts.is_empty() {
            let conflict = Conflict::new(&shell, &refused.id, &address(&shell, &was), &sent, &merge);
            return editing::conflict(&request, shell, TITLE, back, conflict);
        }
        let location = saved(shell.slug(), claim);
        if merge.is_unchanged() {
            return Ok(see_other(&location));
        }
        let fields = match ContactFields::parse(&merge.applied(&theirs)) {
            Ok(fields) => fields,
            Err(problems) => {
                let form = refused.refused(&sent, &problems);
                return editing::problems(&request, shell, TITLE, back, form);
            }
        };
        let (details, to) = (merge.details(), location.clone());
        let (by, submission) = (by.clone(), submission.clone());
        let saved = unit_of_work(&pool, async move |tx| {
            audit::once(tx, &by, submission.as_ref(), &to).await?;
            store::update(tx, &by, &was, &fields, &details).await
        })
        .await;
        if !editing::is_stale(&saved) {
            return saved.map(|()| see_other(&location));
        }
    }
    Err(editing::stale())
}

/// A form without fields of its own.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Nothing {}

#[post("/{desk}/claims/{claim}/contacts/{contact}/removal")]
async fn removal(posted: Posted<LogContact, Nothing>, path: ContactPath, pool: Pool) -> Result<HttpResponse> {
    set_removed(posted, path, &pool, true).await
}

#[post("/{desk}/claims/{claim}/contacts/{contact}/restoration")]
async fn restoration(
    posted: Posted<LogContact, Nothing>,
    path: ContactPath,
    pool: Pool,
) -> Result<HttpResponse> {
    set_removed(posted, path, &pool, false).await
}

async fn set_removed(
    posted: Posted<LogContact, Nothing>,
    path: ContactPath,
    pool: &Pool,
    removed: bool,
) -> Result<HttpResponse> {
    let Posted { by, submission, .. } = posted;
    let (_, claim, id) = path.into_inner();
    let location = saved(&by.desk.slug, claim);
    let to = location.clone();
    unit_of_work(pool, async move |tx| {
        audit::once(tx, &by, submission.as_ref(), &to).await?;
        store::get(tx, by.desk.id, claim, id).await?;
        store::set_removed(tx, &by, claim, id, removed).await
    })
    .await?;
    Ok(see_other(&location))
}
