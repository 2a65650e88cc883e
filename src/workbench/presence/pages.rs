//! Saying that one is on a claim, or has left it.

use actix_web::http::header;
use actix_web::web::Path;
use actix_web::{HttpRequest, HttpResponse, post};
use serde::{Deserialize, Serialize};

use super::store::{self, Standing};
use crate::auth::permission::MarkClaim;
use crate::claims;
use crate::db::{Pool, unit_of_work_quietly};
use crate::error::Result;
use crate::id::ClaimId;
use crate::reviews::places;
use crate::web::{Posted, clock, see_other};

/// That somebody is there.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct There {
    /// Anything: also when somebody else is.
    #[serde(default)]
    over: Option<String>,
}

/// What a script is told.
#[derive(Debug, Serialize)]
struct Told {
    /// `free`, `mine`, `theirs`, `taken` or `hidden`.
    state: &'static str,
    /// Who is there.
    name: Option<String>,
    /// Since when, as in "12:03 UTC".
    since: Option<String>,
}

impl From<Standing> for Told {
    fn from(standing: Standing) -> Self {
        let plain = |state| Self { state, name: None, since: None };
        match standing {
            Standing::Free => plain("free"),
            Standing::Mine => plain("mine"),
            Standing::Hidden => plain("hidden"),
            Standing::Theirs { name, since, taken } => Self {
                state: if taken { "taken" } else { "theirs" },
                name: Some(name),
                since: Some(clock::hour(since)),
            },
        }
    }
}

/// Says that the member is on a claim, which keeps a place to assess it, too. A script asks every twenty seconds and gets to know who else is.
#[post("/{desk}/claims/{claim}/presence")]
pub async fn say(
    request: HttpRequest,
    posted: Posted<MarkClaim, There>,
    path: Path<(String, ClaimId)>,
    pool: Pool,
) -> Result<HttpResponse> {
    let Posted { by, form, .. } = posted;
    let (claim, location) = (path.1, claims::address(&by.desk.slug, path.1));
    let standing = unit_of_work_quietly(&pool, async move |tx| {
        places::renew_in(tx, &by, claim).await?;
        store::be(tx, by.desk.id, claim, by.person.account, form.over.is_some(), by.now).await
    })
    .await?;
    let is_script = request.headers().get(header::ACCEPT).is_some_and(|kind| kind == "application/json");
    Ok(if is_script { HttpResponse::Ok().json(Told::from(standing)) } else { see_other(&location) })
}

/// A form without fields of its own.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Nothing {}

/// Says that the member has left a claim.
#[post("/{desk}/claims/{claim}/presence/end")]
pub async fn end(
    posted: Posted<MarkClaim, Nothing>,
    path: Path<(String, ClaimId)>,
    pool: Pool,
) -> Result<HttpResponse> {
    let (by, claim) = (posted.by, path.1);
    let location = claims::address(&by.desk.slug, claim);
    unit_of_work_quietly(&pool, async move |tx| store::leave(tx, by.desk.id, claim, by.person.account).await)
        .await?;
    Ok(see_other(&location))
}
