//! One's own mail: where to, and about what.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path, ServiceConfig};
use actix_web::{HttpResponse, get, post};
use askama::Template;
use lettre::Address;
use serde::Deserialize;
use time::OffsetDateTime;

use super::sender::Mail;
use super::store::{self, Choice};
use crate::accounts::forms::{Nothing, Own};
use crate::accounts::throttle::{self, Bucket};
use crate::auth::{Person, Secret, Visitor};
use crate::db::{Pool, unit_of_work_quietly};
use crate::error::{Error, Result};
use crate::jobs::{self, Kind as JobKind};
use crate::notifications::Kind;
use crate::web::problems::Problems;
use crate::web::{Shell, SignedIn, page, see_other};

const PATH: &str = "/account/mail";

/// The addresses of mail.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(show)
        .service(set_address)
        .service(remove_address)
        .service(set_kinds)
        .service(confirmation)
        .service(confirm);
}

#[derive(Template)]
#[template(path = "mail/settings.html")]
struct MailPage {
    shell: Shell,
    is_configured: bool,
    /// Letters are queued through a desk.
    has_desk: bool,
    choice: Choice,
    typed: String,
    problems: Problems,
}

impl MailPage {
    async fn answer(
        status: StatusCode,
        person: Person,
        mail: &Mail,
        typed: Option<String>,
        problems: Problems,
        pool: &Pool,
    ) -> Result<HttpResponse> {
        let conn = &mut *pool.acquire().await?;
        let choice = store::get(conn, person.account).await?;
        let has_desk = store::any_desk(conn, person.account).await?.is_some();
        let typed = typed.or_else(|| choice.pending.clone().or_else(|| choice.address.clone()));
        let (shell, typed) = (Shell::outside(Some(person)), typed.unwrap_or_default());
        let is_configured = mail.is_configured();
        page(status, &Self { shell, is_configured, has_desk, choice, typed, problems })
    }
}

#[get("/account/mail")]
async fn show(visitor: Visitor, mail: Data<Mail>, pool: Pool) -> Result<HttpResponse> {
    let (person, _) = visitor.signed_in()?;
    MailPage::answer(StatusCode::OK, person, &mail, None, Problems::default(), &pool).await
}

/// Where mail is to go.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct NewAddress {
    address: String,
}

#[post("/account/mail/address")]
async fn set_address(own: Own<NewAddress>, mail: Data<Mail>, pool: Pool) -> Result<HttpResponse> {
    let Own { person, form, now, .. } = own;
    let typed = form.address.trim().to_owned();
    let mut problems = Problems::default();
    if typed.len() > 254 || typed.parse::<Address>().is_err() {
        problems.add("address", "Give an address for mail, as in ana@example.org.");
    }
    let account = person.account;
    let desk = store::any_desk(&mut *pool.acquire().await?, account).await?;
    let Some(desk) = desk.filter(|_| mail.is_configured()) else {
        return Err(Error::conflict("No mail can be sent to you: that takes a desk, and a mail server."));
    };
    if !problems.is_empty() {
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        return MailPage::answer(status, person, &mail, Some(form.address), problems, &pool).await;
    }
    // A letter goes to whatever address was typed, so there are few.
    throttle::take(&pool, vec![Bucket::letters(account)], now).await?;
    unit_of_work_quietly(&pool, async move |tx| {
        store::ask(tx, account, &typed, now).await?;
        let order = jobs::store::Order {
            desk,
            kind: JobKind::MailConfirmation,
            subject: account.uuid(),
            account,
            every_s: None,
        };
        jobs::store::order(tx, order, now).await
    })
    .await?;
    jobs::wake();
    Ok(see_other(PATH))
}

#[post("/account/mail/address/removal")]
async fn remove_address(own: Own<Nothing>, pool: Pool) -> Result<HttpResponse> {
    let account = own.person.account;
    unit_of_work_quietly(&pool, async move |tx| store::forget(tx, account).await).await?;
    Ok(see_other(PATH))
}

/// What is mailed.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Kinds {
    #[serde(default)]
    kind: Vec<Kind>,
}

#[post("/account/mail/kinds")]
async fn set_kinds(own: Own<Kinds>, pool: Pool) -> Result<HttpResponse> {
    let Own { person, form, .. } = own;
    unit_of_work_quietly(&pool, async move |tx| store::choose(tx, person.account, &form.kind).await).await?;
    Ok(see_other(PATH))
}

#[derive(Template)]
#[template(path = "mail/confirmation.html")]
struct ConfirmationPage {
    shell: Shell,
    token: String,
    address: String,
}

/// Asks for a click: programs that look through mail follow links, and must not confirm anything.
#[get("/account/mail/confirmations/{token}")]
async fn confirmation(path: Path<String>, visitor: Visitor, pool: Pool) -> Result<HttpResponse> {
    let secret = Secret::parse(&path).ok_or(Error::NotFound("link"))?;
    let address = store::in_question(&mut *pool.acquire().await?, &secret, visitor.now).await?;
    let shell = Shell::outside(visitor.person);
    page(StatusCode::OK, &ConfirmationPage { shell, token: path.into_inner(), address })
}

#[post("/account/mail/confirmations/{token}")]
async fn confirm(_form: SignedIn<Nothing>, path: Path<String>, pool: Pool) -> Result<HttpResponse> {
    let secret = Secret::parse(&path).ok_or(Error::NotFound("link"))?;
    let now = OffsetDateTime::now_utc();
    unit_of_work_quietly(&pool, async move |tx| store::confirm(tx, &secret, now).await).await?;
    Ok(see_other(PATH))
}
