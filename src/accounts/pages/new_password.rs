//! The page behind a link for who has lost their password.

use actix_web::http::StatusCode;
use actix_web::web::Path;
use actix_web::{HttpRequest, HttpResponse, get, post};
use askama::Template;
use serde::Deserialize;
use time::OffsetDateTime;

use super::session::Arrival;
use crate::accounts::hashing;
use crate::accounts::password::Password;
use crate::accounts::store::{self, passwords::Owner};
use crate::auth::{Secret, session};
use crate::base_url::BaseUrl;
use crate::db::{Pool, unit_of_work};
use crate::error::{Error, Result};
use crate::web::problems::Problems;
use crate::web::{Shell, SignedIn, page};

#[derive(Template)]
#[template(path = "accounts/new_password.html")]
struct NewPasswordPage<'a> {
    shell: Shell,
    owner: &'a Owner,
    token: &'a str,
    problems: Problems,
}

fn secret(path: &str) -> Result<Secret> {
    Secret::parse(path).ok_or(Error::NotFound("link"))
}

#[get("/new-password/{token}")]
pub async fn show(path: Path<String>, pool: Pool) -> Result<HttpResponse> {
    let secret = secret(&path)?;
    let now = OffsetDateTime::now_utc();
    let owner = &store::passwords::owner(&mut *pool.acquire().await?, &secret, now).await?;
    let shell = Shell::outside(None);
    page(StatusCode::OK, &NewPasswordPage { shell, owner, token: &path, problems: Problems::default() })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewPasswordForm {
    password: String,
}

#[post("/new-password/{token}")]
pub async fn set(
    path: Path<String>,
    SignedIn(form): SignedIn<NewPasswordForm>,
    request: HttpRequest,
    pool: Pool,
) -> Result<HttpResponse> {
    let secret = secret(&path)?;
    let now = OffsetDateTime::now_utc();
    let owner = store::passwords::owner(&mut *pool.acquire().await?, &secret, now).await?;
    let password = match Password::new(&form.password, &[&owner.handle, &owner.display_name]) {
        Ok(password) => password,
        Err(weak) => {
            let mut problems = Problems::default();
            problems.add("password", weak.to_string());
            let shell = Shell::outside(None);
            let again = NewPasswordPage { shell, owner: &owner, token: &path, problems };
            return page(StatusCode::UNPROCESSABLE_ENTITY, &again);
        }
    };
    let hash = hashing::hash(password).await?;
    let arrival = Arrival::of(&request)?;
    let begun = arrival.clone();
    let account = owner.account;
    let token = unit_of_work(&pool, async move |tx| {
        store::passwords::redeem(tx, &secret).await?;
        store::accounts::set_password(tx, account, &hash, now).await?;
        session::end_all(tx, account, None).await?;
        store::devices::forget(tx, account, Some(&begun.device)).await?;
        begun.begin(tx, account, now).await
    })
    .await?;
    tracing::info!(event = "password.replaced", account.id = %account);
    Ok(arrival.signed_in(&token, BaseUrl::of(&request), "/"))
}
