//! Declining, joining, reopening and giving out claims.

use std::str::FromStr;

use actix_web::web::Path;
use actix_web::{HttpRequest, HttpResponse, post};
use serde::Deserialize;
use serde_json::json;

use super::saved;
use crate::audit::{self, Submission};
use crate::auth::Authorized;
use crate::auth::permission::{DraftVerdict, SortClaim};
use crate::claims::{Claim, DeclineReason, address, store};
use crate::db::{Pool, unit_of_work};
use crate::editing::{self, Entry, Field, Form, Pairs, Sent, Values, Widget};
use crate::error::{Error, Result};
use crate::id::{AccountId, ClaimId};
use crate::web::problems::Problems;
use crate::web::{Posted, Shell, see_other};

/// What is asked when a claim is declined.
static DECLINE: [Field; 2] = [
    Field { name: "reason", label: "Why?", hint: "", widget: Widget::Pick(DeclineReason::CHOICES) },
    Field {
        name: "note",
        label: "Note",
        hint: "For the desk; may be empty. If it has been checked already, say where.",
        widget: Widget::Text,
    },
];

/// What is asked when a claim is the same as another.
static JOIN: [Field; 1] = [Field {
    name: "of",
    label: "The same as",
    hint: "The address of the other claim, as your browser shows it.",
    widget: Widget::Line,
}];

/// The form that declines a claim.
#[must_use]
pub fn decline_form(shell: &Shell, claim: ClaimId) -> Form {
    let action = format!("{}/declination", address(shell.slug(), claim));
    Form::new(shell, "decline", action, &DECLINE, &["reason", "note"], &Values::new()).button("Decline")
}

/// The form that joins a claim with another.
#[must_use]
pub fn join_form(shell: &Shell, claim: ClaimId) -> Form {
    let action = format!("{}/duplicate", address(shell.slug(), claim));
    Form::new(shell, "join", action, &JOIN, &["of"], &Values::new()).button("Join them")
}

/// Declines a claim.
#[post("/{desk}/claims/{claim}/declination")]
pub async fn decline(
    request: HttpRequest,
    posted: Posted<SortClaim, Pairs>,
    path: Path<(String, ClaimId)>,
    pool: Pool,
) -> Result<HttpResponse> {
    let Posted { by, form, submission } = posted;
    let sent = Sent::first(&DECLINE, &form)?;
    let values = sent.mine();
    let note = Some(values["note"].clone()).filter(|note| !note.is_empty());
    let mut problems = Problems::default();
    let reason = DeclineReason::parse(&values["reason"]);
    if reason.is_none() {
        problems.add("reason", "Choose a reason.");
    }
    if values["note"].chars().count() > 1_000 {
        problems.add("note", "The note is longer than 1,000 characters.");
    }
    let (Some(reason), true) = (reason, problems.is_empty()) else {
        let shell = Shell::new(&by.viewer());
        let form = decline_form(&shell, path.1).refused(&sent, &problems);
        let back = address(shell.slug(), path.1);
        return editing::problems(&request, shell, "Decline a claim", back, form);
    };
    let (id, to) = (path.1, saved(&by.desk.slug, path.1));
    let location = to.clone();
    unit_of_work(&pool, async move |tx| {
        audit::once(tx, &by, submission.as_ref(), &to).await?;
        store::decline(tx, &by, id, reason, note.as_deref()).await
    })
    .await?;
    Ok(see_other(&location))
}

/// A form without fields of its own.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Nothing {}

/// Takes a claim up again.
#[post("/{desk}/claims/{claim}/reopening")]
pub async fn reopen(
    posted: Posted<SortClaim, Nothing>,
    path: Path<(String, ClaimId)>,
    pool: Pool,
) -> Result<HttpResponse> {
    take_up(posted.by, posted.submission, path.1, &pool).await
}

/// Takes a claim up again.
///
/// # Errors
/// [`Error::Conflict`] when it is not set aside.
pub async fn take_up(
    by: Authorized<SortClaim>,
    submission: Option<Submission>,
    id: ClaimId,
    pool: &Pool,
) -> Result<HttpResponse> {
    let to = saved(&by.desk.slug, id);
    let location = to.clone();
    unit_of_work(pool, async move |tx| {
        audit::once(tx, &by, submission.as_ref(), &to).await?;
        store::reopen(tx, &by, id).await
    })
    .await?;
    Ok(see_other(&location))
}

/// What has that id, or a page at that address.
pub(super) fn named<T: FromStr>(of: &str) -> Option<T> {
    let path = of.trim().split(['?', '#']).next().unwrap_or_default();
    path.trim_end_matches('/').rsplit('/').next().unwrap_or_default().parse().ok()
}

/// Notes that two claims say the same.
#[post("/{desk}/claims/{claim}/duplicate")]
pub async fn join(
    request: HttpRequest,
    posted: Posted<SortClaim, Pairs>,
    path: Path<(String, ClaimId)>,
    pool: Pool,
) -> Result<HttpResponse> {
    let Posted { by, form, submission } = posted;
    let id = path.1;
    let sent = Sent::first(&JOIN, &form)?;
    let shell = Shell::new(&by.viewer());
    let to = saved(shell.slug(), id);
    let joined = match named(&sent.mine()["of"]) {
        None => Err(Error::invalid("This is not the address of a claim.")),
        Some(other) => {
            let to = to.clone();
            unit_of_work(&pool, async move |tx| {
                audit::once(tx, &by, submission.as_ref(), &to).await?;
                store::join(tx, &by, id, other).await
            })
            .await
        }
    };
    let words = match joined {
        Ok(_) => return Ok(see_other(&to)),
        Err(Error::Invalid(words)) => words,
        Err(Error::NotFound("claim")) => "The desk has no such claim.".into(),
        Err(error) => return Err(error),
    };
    let mut problems = Problems::default();
    problems.add("of", words);
    let form = join_form(&shell, id).refused(&sent, &problems);
    let back = address(shell.slug(), id);
    editing::problems(&request, shell, "The same as another claim", back, form)
}

/// Another claim of the desk.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Other {
    pub of: ClaimId,
}

/// Notes that two claims that look alike do not say the same.
#[post("/{desk}/claims/{claim}/distinction")]
pub async fn distinguish(
    posted: Posted<SortClaim, Other>,
    path: Path<(String, ClaimId)>,
    pool: Pool,
) -> Result<HttpResponse> {
    let Posted { by, form, submission } = posted;
    let (id, other) = (path.1, form.of);
    if id == other {
        return Err(Error::invalid("This is the same claim."));
    }
    let to = address(&by.desk.slug, id);
    let location = to.clone();
    unit_of_work(&pool, async move |tx| {
        audit::once(tx, &by, submission.as_ref(), &to).await?;
        store::get(tx, by.desk.id, id).await?;
        let words = store::get(tx, by.desk.id, other).await?.claim_reviewed;
        let details = json!({"not_the_same_as": {"before": null, "after": words}});
        let change = audit::record(tx, &by, "claim.distinguish", "claim", id, &details).await?;
        store::distinguish(tx, &by, &change, id, other).await
    })
    .await?;
    Ok(see_other(&location))
}

/// Who shall work on a claim: a member's id, `me`, or nobody.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Assignee {
    pub to: String,
}

/// Gives a claim to somebody.
#[post("/{desk}/claims/{claim}/assignee")]
pub async fn assign(
    posted: Posted<DraftVerdict, Assignee>,
    path: Path<(String, ClaimId)>,
    pool: Pool,
) -> Result<HttpResponse> {
    let Posted { by, form, submission } = posted;
    let to: Option<AccountId> = match form.to.as_str() {
        "" => None,
        "me" => Some(by.person.account),
        id => Some(id.parse().map_err(|_| Error::invalid("Choose a member of the desk."))?),
    };
    let (id, location) = (path.1, saved(&by.desk.slug, path.1));
    let there = location.clone();
    unit_of_work(&pool, async move |tx| {
        audit::once(tx, &by, submission.as_ref(), &there).await?;
        store::give(tx, &by, id, to).await
    })
    .await?;
    Ok(see_other(&location))
}

/// Whether a claim is still with whom a change gave it to; the change names the person by id, or in words.
pub(super) fn still_has(claim: &Claim, entry: &Entry) -> bool {
    let Some(change) = entry.details.get("assignee") else { return false };
    match (&claim.assignee, change["after"].as_str()) {
        (None, None) => true,
        (Some((account, name)), Some(after)) => after == name || after == account.to_string(),
        _ => false,
    }
}

/// Gives a claim back to whom it was with before a change.
pub(super) async fn give_back(
    by: Authorized<DraftVerdict>,
    submission: Option<Submission>,
    id: ClaimId,
    entry: &Entry,
    pool: &Pool,
) -> Result<HttpResponse> {
    let location = saved(&by.desk.slug, id);
    let (to, entry) = (location.clone(), entry.clone());
    unit_of_work(pool, async move |tx| {
        audit::once(tx, &by, submission.as_ref(), &to).await?;
        let claim = store::get(tx, by.desk.id, id).await?;
        if !still_has(&claim, &entry) {
            return Err(Error::conflict("Somebody else was given this claim since, so that stays."));
        }
        let before = entry.details["assignee"]["before"].as_str();
        store::give(tx, &by, id, before.and_then(|account| account.parse().ok())).await
    })
    .await?;
    Ok(see_other(&location))
}
