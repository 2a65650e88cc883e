//! Adding, changing and removing the places where a claim was made.

use actix_web::web::Path;
use actix_web::{HttpRequest, HttpResponse, post};
use serde::Deserialize;

use super::{check_public, saved};
use crate::audit::{self, Submission};
use crate::auth::Authorized;
use crate::auth::permission::MarkClaim;
use crate::claims::appearance::{Appearance, Described, FIELDS};
use crate::claims::{address, store};
use crate::db::{Pool, unit_of_work};
use crate::editing::{self, Conflict, Form, Pairs, Sent, Values};
use crate::error::{Error, Result};
use crate::id::{AppearanceId, ClaimId};
use crate::web::problems::Problems;
use crate::web::{Posted, Shell, see_other};

/// The form over what describes an appearance.
#[must_use]
pub fn form(shell: &Shell, appearance: &Appearance) -> Form {
    Form::new(
        shell,
        format!("appearance-{}", appearance.id),
        path(shell.slug(), appearance),
        &FIELDS,
        appearance.form_fields(),
        &appearance.values(),
    )
}

/// The form that adds an appearance at an address.
#[must_use]
pub fn new_form(shell: &Shell, claim: ClaimId) -> Form {
    let action = format!("{}/appearances", address(shell.slug(), claim));
    Form::new(
        shell,
        "new-appearance",
        action,
        &FIELDS,
        &["url", "speakers", "said", "medium"],
        &Values::new(),
    )
    .button("Add this place")
}

pub(super) fn path(desk: &str, appearance: &Appearance) -> String {
    format!("{}/appearances/{}", address(desk, appearance.claim), appearance.id)
}

/// Saves what was changed of an appearance.
#[post("/{desk}/claims/{claim}/appearances/{appearance}")]
pub async fn save(
    request: HttpRequest,
    posted: Posted<MarkClaim, Pairs>,
    path: Path<(String, ClaimId, AppearanceId)>,
    pool: Pool,
) -> Result<HttpResponse> {
    let Posted { by, form, submission } = posted;
    let sent = Sent::read(&FIELDS, &form)?;
    apply(&request, &by, submission.as_ref(), (path.1, path.2), &sent, &pool).await
}

/// Makes a change of an appearance, or answers why not.
///
/// # Errors
/// When the person may not, or PostgreSQL fails.
pub async fn apply(
    request: &HttpRequest,
    by: &Authorized<MarkClaim>,
    submission: Option<&Submission>,
    (claim, id): (ClaimId, AppearanceId),
    sent: &Sent,
    pool: &Pool,
) -> Result<HttpResponse> {
    for _ in 0..editing::TRIES {
        let mut conn = pool.acquire().await?;
        let claim = store::get(&mut conn, by.desk.id, claim).await?;
        check_public(by, &claim)?;
        let was = store::appearance(&mut conn, by.desk.id, claim.id, id).await?;
        let shell = Shell::new(&by.viewer());
        let back = address(&by.desk.slug, claim.id);
        let theirs = was.values();
        let merge = editing::merge(&mut conn, by, id.uuid(), sent, &theirs).await?;
        if !merge.conflicts.is_empty() {
            let names_speakers = sent.mine().contains_key("speakers");
            let kind = if names_speakers { "speakers" } else { "appearance" };
            let action =
                format!("{}{}", path(&by.desk.slug, &was), if names_speakers { "/speakers" } else { "" });
            let conflict = Conflict::new(&shell, &format!("{kind}-{id}"), &action, sent, &merge);
            return editing::conflict(request, shell, claim.claim_reviewed, back, conflict);
        }
        if merge.is_unchanged() {
            return Ok(see_other(&back));
        }
        let refused = |problems: &Problems| {
            let form = Form::new(
                &shell,
                format!("appearance-{id}"),
                path(&by.desk.slug, &was),
                &FIELDS,
                &FIELDS.map(|field| field.name),
                &was.values(),
            );
            let form = form.refused(sent, problems);
            editing::problems(request, shell.clone(), claim.claim_reviewed.clone(), back.clone(), form)
        };
        let described = match Described::parse(&merge.applied(&theirs), was.mark.is_none()) {
            Ok(described) => described,
            Err(problems) => return refused(&problems),
        };
        drop(conn);
        let (details, to) = (merge.details(), saved(&by.desk.slug, claim.id));
        let (location, appearance) = (to.clone(), was.clone());
        let (member, submission) = (by.clone(), submission.cloned());
        let done = unit_of_work(pool, async move |tx| {
            audit::once(tx, &member, submission.as_ref(), &to).await?;
            let change = audit::record(tx, &member, "appearance.edit", "appearance", id, &details).await?;
            store::update_appearance(tx, &member, &change, &appearance, &described).await
        })
        .await;
        match done {
            Err(Error::Invalid(words)) => return refused(&about_first(&words, &merge)),
            done if editing::is_stale(&done) => {}
            done => return done.map(|()| see_other(&location)),
        }
    }
    Err(editing::stale())
}

/// Puts what the database says of a first known appearance, or of speakers, where it was typed.
fn about_first(words: &str, merge: &editing::Merge) -> Problems {
    let field = ["is_first_known", "said", "speakers"].into_iter().find(|name| merge.changes(name));
    let mut problems = Problems::default();
    problems.add(field.unwrap_or("said"), words.to_owned());
    problems
}

/// Adds an appearance at an address.
#[post("/{desk}/claims/{claim}/appearances")]
pub async fn add(
    request: HttpRequest,
    posted: Posted<MarkClaim, Pairs>,
    path: Path<(String, ClaimId)>,
    pool: Pool,
) -> Result<HttpResponse> {
    let Posted { by, form, submission } = posted;
    let mut conn = pool.acquire().await?;
    let claim = store::get(&mut conn, by.desk.id, path.1).await?;
    drop(conn);
    check_public(&by, &claim)?;
    let sent = Sent::first(&FIELDS, &form)?;
    let shell = Shell::new(&by.viewer());
    let back = address(&by.desk.slug, claim.id);
    let described = match Described::parse(&sent.mine(), true) {
        Ok(described) => described,
        Err(problems) => {
            let form = new_form(&shell, claim.id).refused(&sent, &problems);
            return editing::problems(&request, shell, claim.claim_reviewed, back, form);
        }
    };
    let (id, claim) = (AppearanceId::new(), claim.id);
    let details = sent.merge(&Values::new()).details();
    let to = saved(&by.desk.slug, claim);
    let location = to.clone();
    unit_of_work(&pool, async move |tx| {
        audit::once(tx, &by, submission.as_ref(), &to).await?;
        let change = audit::record(tx, &by, "appearance.add", "appearance", id, &details).await?;
        store::insert_address(tx, &by, &change, claim, id, &described).await
    })
    .await?;
    Ok(see_other(&location))
}

/// A form without fields of its own.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Nothing {}

/// Takes an appearance away.
#[post("/{desk}/claims/{claim}/appearances/{appearance}/removal")]
pub async fn remove(
    posted: Posted<MarkClaim, Nothing>,
    path: Path<(String, ClaimId, AppearanceId)>,
    pool: Pool,
) -> Result<HttpResponse> {
    set_removed(posted.by, posted.submission, (path.1, path.2), true, &pool).await
}

/// Brings an appearance back.
#[post("/{desk}/claims/{claim}/appearances/{appearance}/restoration")]
pub async fn restore(
    posted: Posted<MarkClaim, Nothing>,
    path: Path<(String, ClaimId, AppearanceId)>,
    pool: Pool,
) -> Result<HttpResponse> {
    set_removed(posted.by, posted.submission, (path.1, path.2), false, &pool).await
}

/// Takes an appearance away, or brings it back.
///
/// # Errors
/// When the person may not, somebody did it before, or PostgreSQL fails.
pub async fn set_removed(
    by: Authorized<MarkClaim>,
    submission: Option<Submission>,
    (claim, id): (ClaimId, AppearanceId),
    removed: bool,
    pool: &Pool,
) -> Result<HttpResponse> {
    let to = saved(&by.desk.slug, claim);
    let location = to.clone();
    unit_of_work(pool, async move |tx| {
        audit::once(tx, &by, submission.as_ref(), &to).await?;
        let claim = store::get(tx, by.desk.id, claim).await?;
        check_public(&by, &claim)?;
        let appearance = store::appearance(tx, by.desk.id, claim.id, id).await?;
        store::remove_appearance(tx, &by, &appearance, removed).await
    })
    .await?;
    Ok(see_other(&location))
}
