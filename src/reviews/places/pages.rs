//! Drawing, giving and leaving places, by forms.

use actix_web::web::Path;
use actix_web::{HttpResponse, post};
use serde::Deserialize;

use super::store;
use crate::audit;
use crate::auth::permission::{DraftVerdict, Publish, ReviewVerdict};
use crate::db::{Pool, unit_of_work};
use crate::error::{Error, Result};
use crate::id::{AccountId, ClaimId, RoundId};
use crate::web::{Posted, see_other};

/// The page on which a claim is assessed.
#[must_use]
pub fn address(desk: &str, claim: ClaimId) -> String {
    format!("/{desk}/claims/{claim}/assessment")
}

/// Which place is given back first.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    #[serde(default)]
    skip: Option<RoundId>,
}

/// Gives the member the most urgent claim that needs an assessment.
#[post("/{desk}/queue/places")]
pub async fn draw(posted: Posted<ReviewVerdict, Asked>, pool: Pool) -> Result<HttpResponse> {
    let Posted { by, form, submission } = posted;
    let slug = by.desk.slug.clone();
    Ok(match super::draw(&pool, &by, submission.as_ref(), form.skip).await? {
        Some(place) => see_other(&address(&slug, place.claim)),
        None => see_other(&format!("/{slug}/queue?lane=assess&none=1")),
    })
}

/// Who gets the place: a member's id, or `me`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Given {
    to: String,
}

/// Gives somebody a place in the claim's open round, or keeps one's own.
#[post("/{desk}/claims/{claim}/places")]
pub async fn give(
    posted: Posted<DraftVerdict, Given>,
    path: Path<(String, ClaimId)>,
    pool: Pool,
) -> Result<HttpResponse> {
    let Posted { by, form, submission } = posted;
    let claim = path.1;
    let to: Option<AccountId> = match form.to.as_str() {
        "me" => None,
        id => Some(id.parse().map_err(|_| Error::invalid("Choose a member of the desk."))?),
    };
    let location = match to {
        None => address(&by.desk.slug, claim),
        Some(_) => crate::claims::address(&by.desk.slug, claim),
    };
    let target = location.clone();
    unit_of_work(&pool, async move |tx| {
        audit::once(tx, &by, submission.as_ref(), &target).await?;
        if let Some(account) = to {
            return store::assign(tx, &by, claim, account).await;
        }
        let round = store::open_round(tx, by.desk.id, claim).await?;
        store::take(tx, &by.and::<ReviewVerdict>()?, round).await
    })
    .await?;
    Ok(see_other(&location))
}

/// Whose place is left to others; the member's own one without an account.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Left {
    #[serde(default)]
    account: Option<AccountId>,
}

/// Leaves a place to others: one's own, an editor also somebody else's.
#[post("/{desk}/claims/{claim}/places/release")]
pub async fn release(
    posted: Posted<ReviewVerdict, Left>,
    path: Path<(String, ClaimId)>,
    pool: Pool,
) -> Result<HttpResponse> {
    let Posted { by, form, submission } = posted;
    let claim = path.1;
    let account = form.account.unwrap_or(by.person.account);
    if account != by.person.account {
        by.and::<Publish>()?;
    }
    let location = format!("/{}/queue?lane=assess", by.desk.slug);
    let target = location.clone();
    unit_of_work(&pool, async move |tx| {
        audit::once(tx, &by, submission.as_ref(), &target).await?;
        store::release(tx, &by, claim, account).await
    })
    .await?;
    Ok(see_other(&location))
}
