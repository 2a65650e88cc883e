//! The desk's settings.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, get, post};
use askama::Template;
use serde::Deserialize;

use crate::accounts::settings::Settings;
use crate::accounts::store;
use crate::audit;
use crate::auth::Authorized;
use crate::auth::permission::ManageDesk;
use crate::db::{Pool, unit_of_work};
use crate::error::{Error, Result};
use crate::web::problems::Problems;
use crate::web::{Posted, Shell, page, see_other};

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SettingsForm {
    row_version: i32,
    name: String,
    language: String,
    #[serde(default)]
    methodology_url: String,
    #[serde(default)]
    corrections_url: String,
}

impl SettingsForm {
    fn of(settings: &Settings, row_version: i32) -> Self {
        Self {
            row_version,
            name: settings.name.clone(),
            language: settings.language.clone(),
            methodology_url: settings.methodology_url.clone().unwrap_or_default(),
            corrections_url: settings.corrections_url.clone().unwrap_or_default(),
        }
    }

    fn field(&self, name: &str) -> &str {
        match name {
            "name" => &self.name,
            "language" => &self.language,
            "methodology_url" => &self.methodology_url,
            "corrections_url" => &self.corrections_url,
            _ => "",
        }
    }

    fn parse(&self) -> Result<Settings, Problems> {
        Settings::parse(&self.name, &self.language, &self.methodology_url, &self.corrections_url)
    }
}

#[derive(Template)]
#[template(path = "accounts/settings.html")]
struct SettingsPage {
    shell: Shell,
    form: SettingsForm,
    problems: Problems,
    /// What somebody else has saved meanwhile.
    theirs: Option<SettingsForm>,
}

impl SettingsPage {
    /// What somebody else has made of a field, when it is not what was typed.
    fn saved(&self, field: &str) -> Option<&str> {
        let theirs = self.theirs.as_ref()?.field(field);
        (theirs != self.form.field(field)).then_some(theirs)
    }

    fn answer(
        status: StatusCode,
        by: &Authorized<ManageDesk>,
        form: SettingsForm,
        problems: Problems,
        theirs: Option<SettingsForm>,
    ) -> Result<HttpResponse> {
        page(status, &Self { shell: Shell::new(&by.viewer()), form, problems, theirs })
    }
}

#[get("/{desk}/settings")]
pub async fn show(by: Authorized<ManageDesk>, pool: Pool) -> Result<HttpResponse> {
    let (settings, version) = store::desks::settings(&mut *pool.acquire().await?, by.desk.id).await?;
    SettingsPage::answer(StatusCode::OK, &by, SettingsForm::of(&settings, version), Problems::default(), None)
}

#[post("/{desk}/settings")]
pub async fn change(posted: Posted<ManageDesk, SettingsForm>, pool: Pool) -> Result<HttpResponse> {
    let Posted { by, form, submission } = posted;
    let settings = match form.parse() {
        Ok(settings) => settings,
        Err(problems) => {
            return SettingsPage::answer(StatusCode::UNPROCESSABLE_ENTITY, &by, form, problems, None);
        }
    };
    let location = format!("/{}/settings", by.desk.slug);
    let (writer, target, version) = (by.clone(), location.clone(), form.row_version);
    let changed = unit_of_work(&pool, async move |tx| {
        audit::once(tx, &writer, submission.as_ref(), &target).await?;
        let (before, now) = store::desks::settings(tx, writer.desk.id).await?;
        let difference = before.difference(&settings);
        if now == version && difference.is_empty() {
            return Ok(());
        }
        let change = audit::record(tx, &writer, "desk.edit", "desk", writer.desk.id, &difference).await?;
        store::desks::update(tx, &writer, &change, &settings, version).await
    })
    .await;
    match changed {
        Ok(()) => Ok(see_other(&location)),
        Err(Error::Conflict(_)) => {
            let (settings, version) = store::desks::settings(&mut *pool.acquire().await?, by.desk.id).await?;
            let theirs = SettingsForm::of(&settings, version);
            let form = SettingsForm { row_version: version, ..form };
            SettingsPage::answer(StatusCode::CONFLICT, &by, form, Problems::default(), Some(theirs))
        }
        Err(error) => Err(error),
    }
}
