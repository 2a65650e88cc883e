//! The pages of guidelines: as they are, as they were, what changed, and the form for the next version.

use actix_web::http::StatusCode;
use actix_web::web::Path;
use actix_web::{HttpResponse, get, post};
use askama::Template;

use super::compare as diff;
use super::form::{GuidelinesForm, TEXT_MAX, TITLE_MAX};
use super::store::{self, Guidelines, Version};
use crate::audit;
use crate::auth::Authorized;
use crate::auth::permission::{ReadDesk, WriteGuidelines};
use crate::db::{Pool, unit_of_work};
use crate::editing::diff::Piece;
use crate::error::{Error, Result};
use crate::web::problems::Problems;
use crate::web::{Posted, Shell, page, see_other};

#[derive(Template)]
#[template(path = "guidelines/show.html")]
struct GuidelinesPage {
    shell: Shell,
    /// Nothing when the desk has none yet.
    guidelines: Option<Guidelines>,
    versions: Vec<Version>,
    may_write: bool,
}

impl GuidelinesPage {
    /// Whether a newer version exists than the one that is shown.
    fn is_old(&self) -> bool {
        let latest = self.versions.first().map(|version| version.number);
        self.guidelines.as_ref().map(|shown| shown.number) < latest
    }

    /// The version before, for what changed since.
    fn before(number: i32) -> i32 {
        number - 1
    }
}

/// The guidelines as they are now.
#[get("/{desk}/guidelines")]
pub async fn show(member: Authorized<ReadDesk>, pool: Pool) -> Result<HttpResponse> {
    let conn = &mut *pool.acquire().await?;
    let guidelines = store::current(conn, member.desk.id).await?;
    let versions = store::versions(conn, member.desk.id).await?;
    let may_write = member.may::<WriteGuidelines>();
    let shell = Shell::new(&member.viewer());
    page(StatusCode::OK, &GuidelinesPage { shell, guidelines, versions, may_write })
}

/// The guidelines as they were in one version.
#[get("/{desk}/guidelines/versions/{number}")]
pub async fn show_version(
    member: Authorized<ReadDesk>,
    path: Path<(String, i32)>,
    pool: Pool,
) -> Result<HttpResponse> {
    let conn = &mut *pool.acquire().await?;
    let guidelines = Some(store::numbered(conn, member.desk.id, path.1).await?);
    let versions = store::versions(conn, member.desk.id).await?;
    let may_write = member.may::<WriteGuidelines>();
    let shell = Shell::new(&member.viewer());
    page(StatusCode::OK, &GuidelinesPage { shell, guidelines, versions, may_write })
}

#[derive(Template)]
#[template(path = "guidelines/compare.html")]
struct ComparePage {
    shell: Shell,
    old: Guidelines,
    new: Guidelines,
    title: Vec<Piece>,
    text: Vec<Piece>,
}

impl ComparePage {
    fn is_same(&self) -> bool {
        self.title.iter().chain(&self.text).all(|piece| matches!(piece, Piece::Same(_)))
    }
}

/// What changed between two versions.
#[get("/{desk}/guidelines/versions/{number}/compare/{with}")]
pub async fn compare(
    member: Authorized<ReadDesk>,
    path: Path<(String, i32, i32)>,
    pool: Pool,
) -> Result<HttpResponse> {
    let (_, one, other) = path.into_inner();
    let conn = &mut *pool.acquire().await?;
    let old = store::numbered(conn, member.desk.id, one.min(other)).await?;
    let new = store::numbered(conn, member.desk.id, one.max(other)).await?;
    let compared = ComparePage {
        shell: Shell::new(&member.viewer()),
        title: diff::texts(&old.title, &new.title),
        text: diff::texts(&old.text, &new.text),
        old,
        new,
    };
    page(StatusCode::OK, &compared)
}

#[derive(Template)]
#[template(path = "guidelines/form.html")]
struct FormPage {
    shell: Shell,
    form: GuidelinesForm,
    problems: Problems,
    /// What somebody else made of them meanwhile: from what this form was made on to what they say now.
    changed: Option<(Guidelines, Vec<Piece>)>,
}

/// The form for the next version.
#[get("/{desk}/guidelines/edit")]
pub async fn edit(by: Authorized<WriteGuidelines>, pool: Pool) -> Result<HttpResponse> {
    let now = store::current(&mut *pool.acquire().await?, by.desk.id).await?;
    let shell = Shell::new(&by.viewer());
    let form = GuidelinesForm::of(now.as_ref());
    page(StatusCode::OK, &FormPage { shell, form, problems: Problems::default(), changed: None })
}

/// Makes the next version.
#[post("/{desk}/guidelines")]
pub async fn write(posted: Posted<WriteGuidelines, GuidelinesForm>, pool: Pool) -> Result<HttpResponse> {
    let Posted { by, form, submission } = posted;
    let mut form = form.tidy();
    let problems = form.problems();
    let shell = Shell::new(&by.viewer());
    if !problems.is_empty() {
        let refused = FormPage { shell, form, problems, changed: None };
        return page(StatusCode::UNPROCESSABLE_ENTITY, &refused);
    }
    let location = shell.path("/guidelines");
    let (writer, target, wanted) = (by.clone(), location.clone(), form.clone());
    let written = unit_of_work(&pool, async move |tx| {
        audit::once(tx, &writer, submission.as_ref(), &target).await?;
        store::write(tx, &writer, &wanted).await
    })
    .await;
    match written {
        Ok(()) => Ok(see_other(&location)),
        Err(Error::Conflict(_)) => {
            let conn = &mut *pool.acquire().await?;
            let now = store::current(conn, by.desk.id).await?.ok_or(Error::NotFound("guidelines"))?;
            let base = match form.version {
                1.. => store::numbered(conn, by.desk.id, form.version).await?.text,
                _ => String::new(),
            };
            let pieces = diff::texts(&base, &now.text);
            form.version = now.number;
            let changed = Some((now, pieces));
            page(StatusCode::CONFLICT, &FormPage { shell, form, problems, changed })
        }
        Err(error) => Err(error),
    }
}
