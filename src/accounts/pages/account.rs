//! One's own account: name, password, sessions.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, get, post};
use askama::Template;
use serde::Deserialize;
use serde_json::json;
use time::OffsetDateTime;

use super::session::Arrival;
use super::sign_in::{buckets, signed_out};
use crate::accounts::forms::{Nothing, Own};
use crate::accounts::names::{Handle, Name};
use crate::accounts::password::Password;
use crate::accounts::store::accounts::Session;
use crate::accounts::store::desks::Listed;
use crate::accounts::{erasure, hashing, store, throttle};
use crate::audit::{self, Actor};
use crate::auth::session::{self, SessionToken};
use crate::auth::{Person, Visitor};
use crate::base_url::BaseUrl;
use crate::db::{Pool, unit_of_work};
use crate::error::{Error, Result};
use crate::web::problems::Problems;
use crate::web::{Shell, page, see_other};

const PATH: &str = "/account";

#[derive(Template)]
#[template(path = "accounts/account.html")]
struct AccountPage {
    shell: Shell,
    person: Person,
    display_name: String,
    problems: Problems,
    sessions: Vec<Session>,
    this_session: Vec<u8>,
    desks: Vec<Listed>,
}

impl AccountPage {
    /// The browser and system in what a browser says about itself.
    fn browser(session: &Session) -> String {
        let agent = &session.user_agent;
        let first = |names: &[(&str, &'static str)]| {
            names.iter().find(|(mark, _)| agent.contains(mark)).map(|(_, name)| *name)
        };
        let browser = first(&[
            ("Edg/", "Edge"),
            ("OPR/", "Opera"),
            ("Firefox/", "Firefox"),
            ("Chrome/", "Chrome"),
            ("Safari/", "Safari"),
        ]);
        let system = first(&[
            ("Android", "Android"),
            ("iPhone", "iPhone"),
            ("iPad", "iPad"),
            ("Windows", "Windows"),
            ("Mac OS X", "macOS"),
            ("Linux", "Linux"),
        ]);
        match (browser, system) {
            (Some(browser), Some(system)) => format!("{browser} on {system}"),
            (Some(name), None) | (None, Some(name)) => name.to_owned(),
            (None, None) => "A browser".to_owned(),
        }
    }

    async fn answer(
        status: StatusCode,
        person: Person,
        token: &SessionToken,
        display_name: String,
        problems: Problems,
        pool: &Pool,
    ) -> Result<HttpResponse> {
        let now = OffsetDateTime::now_utc();
        let conn = &mut *pool.acquire().await?;
        let sessions = store::accounts::sessions(conn, person.account, now).await?;
        let desks = store::desks::of_account(conn, person.account).await?;
        let shell = Shell::outside(Some(person.clone()));
        let this_session = token.hash();
        page(status, &Self { shell, person, display_name, problems, sessions, this_session, desks })
    }
}

#[get("/account")]
pub async fn show(visitor: Visitor, pool: Pool) -> Result<HttpResponse> {
    let (person, token) = visitor.signed_in()?;
    let name = person.name.clone();
    AccountPage::answer(StatusCode::OK, person, &token, name, Problems::default(), &pool).await
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NameForm {
    display_name: String,
}

#[post("/account/name")]
pub async fn rename(own: Own<NameForm>, pool: Pool) -> Result<HttpResponse> {
    let Own { person, token, form, now, .. } = own;
    let Some(name) = Name::parse(&form.display_name) else {
        let mut problems = Problems::default();
        problems.add("display_name", Name::RULE);
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        return AccountPage::answer(status, person, &token, form.display_name, problems, &pool).await;
    };
    if name.as_str() != person.name {
        let account = person.account;
        unit_of_work(&pool, async move |tx| {
            // The name stands in the record of each desk, so each record says that it changed. It does not say from what
            // to what: a name in the record could never be erased.
            for desk in store::accounts::desks_of(tx, account).await? {
                let actor = Actor { desk, account, at: now };
                audit::record(tx, actor, "account.rename", "account", account, &json!({})).await?;
            }
            store::accounts::rename(tx, account, &name).await
        })
        .await?;
    }
    Ok(see_other(PATH))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PasswordForm {
    current_password: String,
    new_password: String,
}

#[post("/account/password")]
pub async fn change_password(
    own: Own<PasswordForm>,
    request: HttpRequest,
    pool: Pool,
) -> Result<HttpResponse> {
    let Own { person, token, form, now, .. } = own;
    let mut problems = Problems::default();
    let new = Password::new(&form.new_password, &[&person.handle, &person.name]);
    if let Err(weak) = &new {
        problems.add("new_password", weak.to_string());
    }
    // Somebody at a session left open cannot guess faster here than at signing in.
    let handle = Handle::parse(&person.handle).ok_or(Error::NotFound("account"))?;
    let buckets = buckets(&request, &pool, &handle, now).await?;
    throttle::take(&pool, buckets.clone(), now).await?;
    let credential = store::accounts::credential(&mut *pool.acquire().await?, &handle).await?;
    let hash = credential.map(|(_, hash)| hash);
    if !hashing::verify(hash, Password::typed(&form.current_password)).await? {
        tracing::warn!(event = "password.refused", account.id = %person.account);
        problems.add("current_password", "This is not your password of now.");
    }
    let (Ok(new), true) = (new, problems.is_empty()) else {
        let name = person.name.clone();
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        return AccountPage::answer(status, person, &token, name, problems, &pool).await;
    };
    let new_hash = hashing::hash(new).await?;
    let arrival = Arrival::of(&request)?;
    let begun = arrival.clone();
    let account = person.account;
    let token = unit_of_work(&pool, async move |tx| {
        throttle::give_back(tx, &buckets).await?;
        store::accounts::set_password(tx, account, &new_hash, now).await?;
        // Whoever else knew the old one is out, and no longer known.
        session::end_all(tx, account, None).await?;
        store::devices::forget(tx, account, Some(&begun.device)).await?;
        store::passwords::end_all(tx, account).await?;
        begun.begin(tx, account, now).await
    })
    .await?;
    tracing::info!(event = "password.changed", account.id = %account);
    Ok(arrival.signed_in(&token, BaseUrl::of(&request), PATH))
}

#[post("/account/other-sessions/end")]
pub async fn end_other_sessions(own: Own<Nothing>, pool: Pool) -> Result<HttpResponse> {
    let Own { person, token, .. } = own;
    let account = person.account;
    let ended =
        unit_of_work(&pool, async move |tx| session::end_all(tx, account, Some(&token)).await).await?;
    tracing::info!(event = "sessions.ended", account.id = %account, ended);
    Ok(see_other(PATH))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ErasureForm {
    password: String,
    #[serde(default)]
    sure: bool,
}

/// Erases one's own account.
#[post("/account/erasure")]
pub async fn erase(own: Own<ErasureForm>, request: HttpRequest, pool: Pool) -> Result<HttpResponse> {
    let Own { person, token, form, now, .. } = own;
    let handle = Handle::parse(&person.handle).ok_or(Error::NotFound("account"))?;
    let buckets = buckets(&request, &pool, &handle, now).await?;
    throttle::take(&pool, buckets.clone(), now).await?;
    let credential = store::accounts::credential(&mut *pool.acquire().await?, &handle).await?;
    let mut problems = Problems::default();
    if !form.sure {
        problems.add("sure", "Say that you are sure: this cannot be taken back.");
    }
    if !hashing::verify(credential.map(|(_, hash)| hash), Password::typed(&form.password)).await? {
        tracing::warn!(event = "password.refused", account.id = %person.account);
        problems.add("password", "This is not your password.");
    }
    let again = async |status, problems| {
        AccountPage::answer(status, person.clone(), &token, person.name.clone(), problems, &pool).await
    };
    if !problems.is_empty() {
        return again(StatusCode::UNPROCESSABLE_ENTITY, problems).await;
    }
    let account = person.account;
    let erased = unit_of_work(&pool, async move |tx| {
        throttle::give_back(tx, &buckets).await?;
        erasure::erase(tx, account, &handle, true, now).await
    })
    .await;
    match erased {
        Ok(()) => {
            tracing::info!(event = "account.erased", account.id = %account);
            Ok(signed_out(&request))
        }
        Err(Error::Conflict(words)) => {
            problems.add("sure", words);
            again(StatusCode::CONFLICT, problems).await
        }
        Err(error) => Err(error),
    }
}
