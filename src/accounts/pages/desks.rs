//! Another desk on the same server.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, get, post};
use askama::Template;
use serde::Deserialize;

use super::setup::DeskFields;
use crate::accounts::forms::Own;
use crate::accounts::store;
use crate::audit;
use crate::auth::{Person, Visitor};
use crate::db::{Pool, unit_of_work};
use crate::error::{Error, Result};
use crate::policies;
use crate::scales;
use crate::web::problems::Problems;
use crate::web::{Shell, page, see_other};

#[derive(Template)]
#[template(path = "accounts/new_desk.html")]
struct NewDeskPage {
    shell: Shell,
    desk: DeskFields,
    problems: Problems,
}

impl NewDeskPage {
    fn answer(
        status: StatusCode,
        person: Person,
        desk: DeskFields,
        problems: Problems,
    ) -> Result<HttpResponse> {
        page(status, &Self { shell: Shell::outside(Some(person)), desk, problems })
    }
}

/// Admins make desks; a server that lets everybody do so would fill up.
async fn check(person: &Person, pool: &Pool) -> Result<()> {
    if store::desks::is_admin_anywhere(&mut *pool.acquire().await?, person.account).await? {
        return Ok(());
    }
    Err(Error::Forbidden("make another desk: admins of a desk may"))
}

#[get("/desks/new")]
pub async fn show(visitor: Visitor, pool: Pool) -> Result<HttpResponse> {
    let (person, _) = visitor.signed_in()?;
    check(&person, &pool).await?;
    let desk = DeskFields { language: "en".into(), ..DeskFields::default() };
    NewDeskPage::answer(StatusCode::OK, person, desk, Problems::default())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewDeskForm {
    desk_name: String,
    slug: String,
    language: String,
    #[serde(default)]
    alone: Option<String>,
}

impl From<NewDeskForm> for DeskFields {
    fn from(form: NewDeskForm) -> Self {
        Self { desk_name: form.desk_name, slug: form.slug, language: form.language, alone: form.alone }
    }
}

#[post("/desks")]
pub async fn create(own: Own<NewDeskForm>, pool: Pool) -> Result<HttpResponse> {
    let Own { person, form, submission, now, .. } = own;
    check(&person, &pool).await?;
    let fields = DeskFields::from(form);
    let mut problems = Problems::default();
    let Some(desk) = fields.parse(&mut problems) else {
        return NewDeskPage::answer(StatusCode::UNPROCESSABLE_ENTITY, person, fields, problems);
    };
    let location = format!("/{}/people", desk.slug.as_str());
    let (new, founder, noted, target) = (desk.clone(), person.account, submission.clone(), location.clone());
    let made = unit_of_work(&pool, async move |tx| {
        let by = store::desks::insert(tx, &new, founder, now).await?;
        audit::once(tx, by, noted.as_ref(), &target).await?;
        let change = audit::record(tx, by, "desk.create", "desk", new.id, &new.described()).await?;
        policies::install(tx, &change, &new.rules()).await?;
        scales::install_presets(tx, &change).await
    })
    .await;
    match made {
        Ok(()) => Ok(see_other(&location)),
        Err(Error::Conflict(words)) => {
            if let Some(submission) = submission {
                let conn = &mut *pool.acquire().await?;
                let answer = store::desks::answer(conn, &desk.slug, person.account, &submission, now).await?;
                if let Some(answer) = answer {
                    return Err(answer);
                }
            }
            problems.add("slug", words);
            NewDeskPage::answer(StatusCode::CONFLICT, person, fields, problems)
        }
        Err(error) => Err(error),
    }
}
