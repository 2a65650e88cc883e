//! The page of what the desk has decided about its sources.

use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpResponse, get, post};
use askama::Template;

use super::{Archive, ReferenceStyle, SourceSettings, store};
use crate::audit;
use crate::auth::Authorized;
use crate::auth::permission::ManageDesk;
use crate::db::{Pool, unit_of_work};
use crate::editing::{self, Pairs};
use crate::error::{Error, Result};
use crate::evidence::references::{self, Chosen, Order};
use crate::isolated::Isolated;
use crate::web::problems::Problems;
use crate::web::{Posted, Shell, page, see_other};

#[derive(Template)]
#[template(path = "evidence/settings.html")]
struct SettingsPage {
    shell: Shell,
    /// What was chosen.
    chosen: SourceSettings,
    problems: Problems,
    /// What somebody else has saved meanwhile.
    theirs: Option<SourceSettings>,
}

impl SettingsPage {
    fn hands_to(&self, archive: Archive) -> bool {
        self.chosen.hand_to.contains(&archive)
    }

    fn answer(
        status: StatusCode,
        by: &Authorized<ManageDesk>,
        chosen: SourceSettings,
        problems: Problems,
        theirs: Option<SourceSettings>,
    ) -> Result<HttpResponse> {
        page(status, &Self { shell: Shell::new(&by.viewer()), chosen, problems, theirs })
    }
}

/// Reads the form. Boxes that are not ticked are not sent.
fn read(pairs: &Pairs) -> Result<SourceSettings> {
    let mut settings = SourceSettings::default();
    let malformed = |name: &str| Error::Malformed(format!("This form has no such {name:?}.").into());
    for (name, value) in pairs {
        match name.as_str() {
            "copies_public" => settings.copies_public = value == "yes",
            "hand_to" => settings.hand_to.push(Archive::parse(value).ok_or_else(|| malformed(name))?),
            "reference_style" => {
                settings.reference_style = ReferenceStyle::parse(value).ok_or_else(|| malformed(name))?;
            }
            "own_style" => {
                let style = value.replace("\r\n", "\n");
                settings.own_style = Some(style.trim().to_owned()).filter(|style| !style.is_empty());
            }
            "row_version" => settings.row_version = value.parse().map_err(|_| malformed(name))?,
            _ => return Err(malformed(name)),
        }
    }
    settings.hand_to.sort();
    settings.hand_to.dedup();
    Ok(settings)
}

/// The settings, if something can be written in the style of the desk's own.
async fn try_style(
    isolated: &Isolated,
    settings: SourceSettings,
) -> Result<std::result::Result<SourceSettings, Problems>> {
    let Some(style) = &settings.own_style else { return Ok(Ok(settings)) };
    let sample = Order::sample(Chosen::Own(style.clone()));
    Ok(match references::apart(isolated, sample).await? {
        Ok(_) => Ok(settings),
        Err(fault) => {
            let mut problems = Problems::default();
            problems.add("own_style", fault.to_string());
            Err(problems)
        }
    })
}

#[get("/{desk}/settings/sources")]
pub(super) async fn show(by: Authorized<ManageDesk>, pool: Pool) -> Result<HttpResponse> {
    let settings = store::settings(&mut *pool.acquire().await?, by.desk.id).await?;
    SettingsPage::answer(StatusCode::OK, &by, settings, Problems::default(), None)
}

#[post("/{desk}/settings/sources")]
pub(super) async fn change(
    posted: Posted<ManageDesk, Pairs>,
    isolated: Data<Isolated>,
    pool: Pool,
) -> Result<HttpResponse> {
    let Posted { by, form, submission } = posted;
    let chosen = read(&form)?;
    let tried = match chosen.clone().check() {
        Ok(settings) => try_style(&isolated, settings).await?,
        Err(problems) => Err(problems),
    };
    let settings = match tried {
        Ok(settings) => settings,
        Err(problems) => {
            return SettingsPage::answer(StatusCode::UNPROCESSABLE_ENTITY, &by, chosen, problems, None);
        }
    };
    let location = format!("/{}/settings/sources", by.desk.slug);
    let (writer, to) = (by.clone(), location.clone());
    let decided = unit_of_work(&pool, async move |tx| {
        audit::once(tx, &writer, submission.as_ref(), &to).await?;
        store::decide(tx, &writer, &settings).await
    })
    .await;
    if editing::is_stale(&decided) {
        let theirs = store::settings(&mut *pool.acquire().await?, by.desk.id).await?;
        let chosen = SourceSettings { row_version: theirs.row_version, ..chosen };
        return SettingsPage::answer(StatusCode::CONFLICT, &by, chosen, Problems::default(), Some(theirs));
    }
    decided.map(|()| see_other(&location))
}
