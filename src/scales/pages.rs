//! The pages of scales: the list, one scale, a new one.

use actix_web::http::StatusCode;
use actix_web::web::{Path, ServiceConfig};
use actix_web::{HttpResponse, get, post};
use askama::Template;
use serde::Deserialize;

use super::form::ScaleForm;
use super::row::AVERITEC;
use super::store::{self, Entry, Scale, Version};
use super::value::{Colour, Kind, Shape};
use super::write;
use crate::audit;
use crate::auth::Authorized;
use crate::auth::permission::{ManageScales, ReadDesk};
use crate::db::{Pool, unit_of_work};
use crate::error::{Error, Result};
use crate::id::ScaleId;
use crate::web::problems::Problems;
use crate::web::{Posted, Shell, page, see_other};

/// The addresses of scales.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(list)
        .service(new)
        .service(create)
        .service(choose)
        .service(show)
        .service(show_version)
        .service(edit)
        .service(revise);
}

#[derive(Template)]
#[template(path = "scales/list.html")]
struct ListPage {
    shell: Shell,
    scales: Vec<Entry>,
}

#[get("/{desk}/scales")]
async fn list(member: Authorized<ReadDesk>, pool: Pool) -> Result<HttpResponse> {
    let scales = store::list(&mut *pool.acquire().await?, member.desk.id).await?;
    page(StatusCode::OK, &ListPage { shell: Shell::new(&member.viewer()), scales })
}

#[derive(Template)]
#[template(path = "scales/scale.html")]
struct ScalePage {
    shell: Shell,
    scale: Scale,
    versions: Vec<Version>,
    /// Whether a newer version exists.
    old: bool,
}

#[get("/{desk}/scales/{scale}")]
async fn show(
    member: Authorized<ReadDesk>,
    path: Path<(String, ScaleId)>,
    pool: Pool,
) -> Result<HttpResponse> {
    let conn = &mut *pool.acquire().await?;
    let scale = store::current(conn, member.desk.id, path.1).await?;
    let versions = store::versions(conn, member.desk.id, path.1).await?;
    page(StatusCode::OK, &ScalePage { shell: Shell::new(&member.viewer()), scale, versions, old: false })
}

#[get("/{desk}/scales/{scale}/versions/{number}")]
async fn show_version(
    member: Authorized<ReadDesk>,
    path: Path<(String, ScaleId, i32)>,
    pool: Pool,
) -> Result<HttpResponse> {
    let (_, id, number) = path.into_inner();
    let conn = &mut *pool.acquire().await?;
    let scale = store::numbered(conn, member.desk.id, id, number).await?;
    let versions = store::versions(conn, member.desk.id, id).await?;
    let old = versions.first().is_some_and(|latest| latest.number > number);
    page(StatusCode::OK, &ScalePage { shell: Shell::new(&member.viewer()), scale, versions, old })
}

#[derive(Template)]
#[template(path = "scales/form.html")]
struct FormPage {
    shell: Shell,
    form: ScaleForm,
    problems: Problems,
    /// The scale as it is now; nothing for a new one.
    scale: Option<Scale>,
    /// Whether somebody else changed it meanwhile.
    changed: bool,
}

impl FormPage {
    /// The id of a field in one of the rows.
    fn field(name: &str, row: usize) -> String {
        format!("{name}-{row}")
    }

    fn answer(
        by: &Authorized<ManageScales>,
        status: StatusCode,
        form: ScaleForm,
        problems: Problems,
        scale: Option<Scale>,
    ) -> Result<HttpResponse> {
        let shell = Shell::new(&by.viewer());
        let changed = status == StatusCode::CONFLICT && scale.is_some();
        page(status, &Self { shell, form, problems, scale, changed })
    }
}

#[get("/{desk}/scales/new")]
async fn new(by: Authorized<ManageScales>) -> Result<HttpResponse> {
    FormPage::answer(&by, StatusCode::OK, ScaleForm::blank(), Problems::default(), None)
}

#[get("/{desk}/scales/{scale}/edit")]
async fn edit(
    by: Authorized<ManageScales>,
    path: Path<(String, ScaleId)>,
    pool: Pool,
) -> Result<HttpResponse> {
    let scale = store::current(&mut *pool.acquire().await?, by.desk.id, path.1).await?;
    FormPage::answer(&by, StatusCode::OK, ScaleForm::of(&scale), Problems::default(), Some(scale))
}

#[post("/{desk}/scales")]
async fn create(posted: Posted<ManageScales, ScaleForm>, pool: Pool) -> Result<HttpResponse> {
    let Posted { by, form, submission } = posted;
    let values = match form.parse() {
        Ok(values) => values,
        Err(problems) => {
            return FormPage::answer(&by, StatusCode::UNPROCESSABLE_ENTITY, form, problems, None);
        }
    };
    let id = ScaleId::new();
    let location = format!("/{}/scales/{id}", by.desk.slug);
    let (writer, target) = (by.clone(), location.clone());
    let created = unit_of_work(&pool, async move |tx| {
        audit::once(tx, &writer, submission.as_ref(), &target).await?;
        write::create(tx, &writer, id, &values).await
    })
    .await;
    match created {
        Ok(()) => Ok(see_other(&location)),
        Err(Error::Conflict(words)) => {
            let mut problems = Problems::default();
            problems.add("name", words);
            FormPage::answer(&by, StatusCode::CONFLICT, form, problems, None)
        }
        Err(error) => Err(error),
    }
}

#[post("/{desk}/scales/{scale}")]
async fn revise(
    posted: Posted<ManageScales, ScaleForm>,
    path: Path<(String, ScaleId)>,
    pool: Pool,
) -> Result<HttpResponse> {
    let Posted { by, mut form, submission } = posted;
    let id = path.1;
    let now = store::current(&mut *pool.acquire().await?, by.desk.id, id).await?;
    // Name and kind are the scale's own and stay.
    form.name.clone_from(&now.name);
    now.kind.as_str().clone_into(&mut form.kind);
    let values = match form.parse() {
        Ok(values) => values,
        Err(problems) => {
            return FormPage::answer(&by, StatusCode::UNPROCESSABLE_ENTITY, form, problems, Some(now));
        }
    };
    let location = format!("/{}/scales/{id}", by.desk.slug);
    let (writer, target, version) = (by.clone(), location.clone(), form.version);
    let revised = unit_of_work(&pool, async move |tx| {
        audit::once(tx, &writer, submission.as_ref(), &target).await?;
        write::revise(tx, &writer, id, version, &values).await
    })
    .await;
    match revised {
        Ok(()) => Ok(see_other(&location)),
        Err(Error::Conflict(_)) => {
            let now = store::current(&mut *pool.acquire().await?, by.desk.id, id).await?;
            form.version = now.number;
            FormPage::answer(&by, StatusCode::CONFLICT, form, Problems::default(), Some(now))
        }
        Err(error) => Err(error),
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Choice {
    scale: ScaleId,
}

#[post("/{desk}/scales/default")]
async fn choose(posted: Posted<ManageScales, Choice>, pool: Pool) -> Result<HttpResponse> {
    let Posted { by, form, submission } = posted;
    let location = format!("/{}/scales", by.desk.slug);
    let target = location.clone();
    unit_of_work(&pool, async move |tx| {
        audit::once(tx, &by, submission.as_ref(), &target).await?;
        write::choose(tx, &by, form.scale).await
    })
    .await?;
    Ok(see_other(&location))
}
