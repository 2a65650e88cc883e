//! The page behind a one-time link: the first account, and its desk.

use actix_web::http::StatusCode;
use actix_web::web::Path;
use actix_web::{HttpRequest, HttpResponse, get, post};
use askama::Template;
use serde::Deserialize;
use time::OffsetDateTime;

use super::session::Arrival;
use crate::accounts::names::{Name, Slug, language};
use crate::accounts::newcomer::Newcomer;
use crate::accounts::store::{self, accounts::HANDLE_TAKEN, desks::NewDesk};
use crate::audit;
use crate::auth::Secret;
use crate::base_url::BaseUrl;
use crate::db::{Pool, unit_of_work};
use crate::error::{Error, Result};
use crate::id::DeskId;
use crate::policies;
use crate::scales;
use crate::web::problems::Problems;
use crate::web::{Shell, SignedIn, page};

/// What was typed about a desk.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct DeskFields {
    pub desk_name: String,
    pub slug: String,
    pub language: String,
    /// `on` when the box is ticked.
    #[serde(default)]
    pub alone: Option<String>,
}

impl DeskFields {
    /// The desk in these fields.
    pub fn parse(&self, problems: &mut Problems) -> Option<NewDesk> {
        let parsed = (Name::parse(&self.desk_name), Slug::parse(&self.slug), language(&self.language));
        if parsed.0.is_none() {
            problems.add("desk_name", Name::RULE);
        }
        if parsed.1.is_none() {
            problems.add("slug", Slug::RULE);
        }
        if parsed.2.is_none() {
            problems.add("language", "Give the language as a tag, as in en, de or pt-BR.");
        }
        match parsed {
            (Some(name), Some(slug), Some(language)) => {
                Some(NewDesk { id: DeskId::new(), slug, name, language, alone: self.alone.is_some() })
            }
            _ => None,
        }
    }
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SetupForm {
    handle: String,
    display_name: String,
    password: String,
    desk_name: String,
    slug: String,
    language: String,
    #[serde(default)]
    alone: Option<String>,
}

impl SetupForm {
    fn desk(&self) -> DeskFields {
        DeskFields {
            desk_name: self.desk_name.clone(),
            slug: self.slug.clone(),
            language: self.language.clone(),
            alone: self.alone.clone(),
        }
    }
}

#[derive(Template)]
#[template(path = "accounts/setup.html")]
struct SetupPage<'a> {
    shell: Shell,
    token: &'a str,
    form: &'a SetupForm,
    desk: DeskFields,
    problems: Problems,
}

impl SetupPage<'_> {
    fn answer(
        status: StatusCode,
        token: &Secret,
        form: &SetupForm,
        problems: Problems,
    ) -> Result<HttpResponse> {
        let shell = Shell::outside(None);
        page(status, &SetupPage { shell, token: token.expose(), form, desk: form.desk(), problems })
    }
}

fn secret(path: &str) -> Result<Secret> {
    Secret::parse(path).ok_or(Error::NotFound("link"))
}

#[get("/setup/{token}")]
pub async fn show(path: Path<String>, pool: Pool) -> Result<HttpResponse> {
    let secret = secret(&path)?;
    if !store::setup::is_good(&mut *pool.acquire().await?, &secret, OffsetDateTime::now_utc()).await? {
        return Err(Error::NotFound("link, or it was used or has expired"));
    }
    let form = SetupForm { language: "en".into(), ..SetupForm::default() };
    SetupPage::answer(StatusCode::OK, &secret, &form, Problems::default())
}

#[post("/setup/{token}")]
pub async fn set_up(
    path: Path<String>,
    SignedIn(form): SignedIn<SetupForm>,
    request: HttpRequest,
    pool: Pool,
) -> Result<HttpResponse> {
    let secret = secret(&path)?;
    let now = OffsetDateTime::now_utc();
    // Before a password is hashed, which is dear.
    if !store::setup::is_good(&mut *pool.acquire().await?, &secret, now).await? {
        return Err(Error::NotFound("link, or it was used or has expired"));
    }
    let mut problems = Problems::default();
    let newcomer =
        Newcomer::parse(&form.handle, &form.display_name, &form.password, &form.desk_name, &mut problems);
    let (Some(newcomer), Some(desk)) = (newcomer, form.desk().parse(&mut problems)) else {
        return SetupPage::answer(StatusCode::UNPROCESSABLE_ENTITY, &secret, &form, problems);
    };
    let account = newcomer.hash().await?;
    let arrival = Arrival::of(&request)?;
    let (begun, link) = (arrival.clone(), secret.clone());
    let made = unit_of_work(&pool, async move |tx| {
        store::setup::redeem(tx, &link, now).await?;
        account.insert(tx, now).await?;
        let founder = store::desks::insert(tx, &desk, account.id, now).await?;
        let change = audit::record(tx, founder, "desk.create", "desk", desk.id, &desk.described()).await?;
        policies::install(tx, &change, &desk.rules()).await?;
        scales::install_presets(tx, &change).await?;
        begun.begin(tx, account.id, now).await
    })
    .await;
    match made {
        Ok(token) => Ok(arrival.signed_in(&token, BaseUrl::of(&request), "/")),
        Err(Error::Conflict(words)) => {
            problems.add(if words == HANDLE_TAKEN { "handle" } else { "slug" }, words);
            SetupPage::answer(StatusCode::CONFLICT, &secret, &form, problems)
        }
        Err(error) => Err(error),
    }
}
