//! One's own drafts, to be read and copied without the script.

use actix_web::http::StatusCode;
use actix_web::web::ServiceConfig;
use actix_web::{HttpResponse, get, post};
use askama::Template;
use serde::Deserialize;

use super::{Draft, store};
use crate::auth::Authorized;
use crate::auth::permission::ReadDesk;
use crate::db::{Pool, unit_of_work_quietly};
use crate::error::Result;
use crate::web::{Posted, Shell, page, see_other};

/// The addresses of drafts.
pub(super) fn routes(config: &mut ServiceConfig) {
    config.service(list).service(removal);
}

#[derive(Template)]
#[template(path = "drafts/list.html")]
struct ListPage {
    shell: Shell,
    drafts: Vec<Draft>,
}

impl ListPage {
    /// The page's title without the names of desk and program after it.
    fn title(draft: &Draft) -> &str {
        draft.title.split(" – ").next().unwrap_or_default()
    }

    fn rows(value: &str) -> usize {
        (value.len() / 60 + value.lines().count()).clamp(1, 20)
    }
}

#[get("/{desk}/drafts")]
async fn list(member: Authorized<ReadDesk>, pool: Pool) -> Result<HttpResponse> {
    let conn = &mut *pool.acquire().await?;
    let drafts = store::list(conn, member.desk.id, member.person.account, None).await?;
    page(StatusCode::OK, &ListPage { shell: Shell::new(&member.viewer()), drafts })
}

/// What is thrown away.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Removal {
    form: String,
}

#[post("/{desk}/drafts/removal")]
async fn removal(posted: Posted<ReadDesk, Removal>, pool: Pool) -> Result<HttpResponse> {
    let Posted { by, form, .. } = posted;
    let (desk, account) = (by.desk.id, by.person.account);
    unit_of_work_quietly(&pool, async move |tx| store::remove(tx, desk, account, &form.form).await).await?;
    Ok(see_other(&format!("/{}/drafts", by.desk.slug)))
}
