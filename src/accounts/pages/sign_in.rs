//! Signing in and out.

use actix_web::http::{StatusCode, header};
use actix_web::web::{Payload, Query};
use actix_web::{HttpRequest, HttpResponse, get, post};
use askama::Template;
use serde::Deserialize;
use time::OffsetDateTime;

use super::session::Arrival;
use crate::accounts::names::Handle;
use crate::accounts::password::Password;
use crate::accounts::throttle::{self, Bucket};
use crate::accounts::{device, hashing, next, store};
use crate::auth::Visitor;
use crate::auth::session;
use crate::base_url::BaseUrl;
use crate::db::{Pool, unit_of_work};
use crate::error::{Error, Result};
use crate::web::body::FORM_LIMIT;
use crate::web::form::Fields;
use crate::web::problems::Problems;
use crate::web::{Shell, SignedIn, page, see_other};

/// One answer for a wrong name, a wrong password and a disabled account.
const NO_MATCH: &str = "This name and this password do not belong together. Check both and try again.";

#[derive(Template)]
#[template(path = "accounts/sign_in.html")]
struct SignInPage<'a> {
    shell: Shell,
    handle: &'a str,
    next: &'a str,
    problems: Problems,
}

#[derive(Deserialize)]
pub struct Destination {
    #[serde(default)]
    next: String,
}

#[get("/sign-in")]
pub async fn show(visitor: Visitor, query: Query<Destination>) -> Result<HttpResponse> {
    let next = next::local(&query.next).unwrap_or_default();
    if visitor.person.is_some() {
        return Ok(see_other(if next.is_empty() { "/" } else { next }));
    }
    let shell = Shell::outside(None);
    page(StatusCode::OK, &SignInPage { shell, handle: "", next, problems: Problems::default() })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignInForm {
    handle: String,
    password: String,
    #[serde(default)]
    next: String,
}

#[post("/sign-in")]
pub async fn sign_in(
    SignedIn(form): SignedIn<SignInForm>,
    request: HttpRequest,
    pool: Pool,
) -> Result<HttpResponse> {
    let now = OffsetDateTime::now_utc();
    let next = next::local(&form.next).unwrap_or_default();
    let refused = || {
        let mut problems = Problems::default();
        problems.add("handle", NO_MATCH);
        let shell = Shell::outside(None);
        page(
            StatusCode::UNPROCESSABLE_ENTITY,
            &SignInPage { shell, handle: form.handle.trim(), next, problems },
        )
    };
    let Some(handle) = Handle::parse(&form.handle) else {
        return refused();
    };
    let buckets = buckets(&request, &pool, &handle, now).await?;
    throttle::take(&pool, buckets.clone(), now).await?;
    let credential = store::accounts::credential(&mut *pool.acquire().await?, &handle).await?;
    let (account, hash) = credential.unzip();
    let right = hashing::verify(hash, Password::typed(&form.password)).await?;
    let Some(account) = account.filter(|_| right) else {
        tracing::warn!(event = "sign_in.refused", account.id = account.map(tracing::field::display));
        return refused();
    };
    let arrival = Arrival::of(&request)?;
    let begun = arrival.clone();
    let token = unit_of_work(&pool, async move |tx| {
        throttle::give_back(tx, &buckets).await?;
        sweep(tx, now).await?;
        begun.begin(tx, account, now).await
    })
    .await?;
    tracing::info!(event = "sign_in.done", account.id = %account);
    Ok(arrival.signed_in(&token, BaseUrl::of(&request), if next.is_empty() { "/" } else { next }))
}

/// A known browser has a bucket of its own; any other shares those of its network and of the account.
pub async fn buckets(
    request: &HttpRequest,
    pool: &Pool,
    handle: &Handle,
    now: OffsetDateTime,
) -> Result<Vec<Bucket>> {
    if let Some(device) = device::of(request)
        && store::devices::knows(&mut *pool.acquire().await?, &device, handle, now).await?
    {
        return Ok(vec![Bucket::device(&device.hash())]);
    }
    Ok(vec![Bucket::account(handle), Bucket::network(&throttle::network(request))])
}

/// Forgets what is over. Signing in is rare enough for it, and common enough.
async fn sweep(conn: &mut sqlx::PgConnection, now: OffsetDateTime) -> Result<()> {
    store::accounts::sweep_sessions(conn, now).await?;
    store::throttles::sweep(conn, now).await?;
    store::devices::sweep(conn, now).await
}

#[post("/sign-out")]
pub async fn sign_out(request: HttpRequest, payload: Payload, pool: Pool) -> Result<HttpResponse> {
    let fields = Fields::read(&request, &mut payload.into_inner(), FORM_LIMIT).await?;
    match fields.signed_in(&request).await {
        Ok((person, token)) => {
            unit_of_work(&pool, async move |tx| session::end(tx, &token).await).await?;
            tracing::info!(event = "sign_out.done", account.id = %person.account);
        }
        // A form of a session that has ended: there is nothing left to end.
        Err(Error::Resend(resend)) if resend.csrf.is_none() => {}
        Err(error) => return Err(error),
    }
    Ok(signed_out(&request))
}

/// Sends a browser whose session has ended to the start.
pub fn signed_out(request: &HttpRequest) -> HttpResponse {
    HttpResponse::SeeOther()
        .cookie(session::removal_cookie(BaseUrl::of(request)))
        // The browser forgets what it kept of this site: pages, and drafts of forms. Not its cookies: one of them tells
        // that the person has signed in here before.
        .insert_header(("Clear-Site-Data", "\"cache\", \"storage\""))
        .insert_header((header::LOCATION, "/"))
        .finish()
}
