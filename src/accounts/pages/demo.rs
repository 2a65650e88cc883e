//! Signing in with one click, where everything is thrown away anyway.

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, post};
use serde::Deserialize;
use time::OffsetDateTime;
use url::Url;

use super::session::Arrival;
use crate::accounts::names::Handle;
use crate::accounts::{next, store};
use crate::base_url::BaseUrl;
use crate::db::{Pool, unit_of_work};
use crate::error::{Error, Result};
use crate::web::{SignedIn, demo_mode};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct As {
    r#as: String,
}

#[post("/demo-sign-in")]
pub async fn sign_in(SignedIn(form): SignedIn<As>, request: HttpRequest, pool: Pool) -> Result<HttpResponse> {
    if !demo_mode::is_on() {
        return Err(Error::NotFound("page"));
    }
    let handle = demo_mode::ACCOUNTS.into_iter().find(|name| *name == form.r#as).and_then(Handle::parse);
    let handle = handle.ok_or(Error::NotFound("demo account"))?;
    let account = store::accounts::find(&mut *pool.acquire().await?, &handle).await?;
    let account = account.ok_or(Error::NotFound("demo account"))?;
    let arrival = Arrival::of(&request)?;
    let begun = arrival.clone();
    let now = OffsetDateTime::now_utc();
    let token = unit_of_work(&pool, async move |tx| begun.begin(tx, account, now).await).await?;
    Ok(arrival.signed_in(&token, BaseUrl::of(&request), &back(&request)))
}

/// The page on which the button stood, so that one sees it with other eyes.
fn back(request: &HttpRequest) -> String {
    let referrer = request.headers().get(header::REFERER).and_then(|value| value.to_str().ok());
    let path = referrer.and_then(|url| Url::parse(url).ok()).map(|url| url.path().to_owned());
    path.as_deref()
        .and_then(next::local)
        .filter(|path| !matches!(*path, "/" | "/sign-in"))
        .map_or_else(|| "/demo".to_owned(), ToOwned::to_owned)
}
