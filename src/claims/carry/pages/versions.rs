//! The list of an article's versions.

use actix_web::http::StatusCode;
use actix_web::web::{Path, Query};
use actix_web::{HttpResponse, get};
use askama::Template;
use serde::Deserialize;

use super::compare::readable;
use crate::articles::versions::store::{self, Line};
use crate::articles::{self, Article};
use crate::auth::Viewer;
use crate::auth::permission::AddArticle;
use crate::claims::carry::list::{self, Counts};
use crate::db::Pool;
use crate::error::Result;
use crate::id::ArticleId;
use crate::web::paging::PAGE;
use crate::web::{Shell, page};

#[derive(Template)]
#[template(path = "versions/list.html")]
struct ListPage {
    shell: Shell,
    article: Article,
    lines: Vec<Line>,
    /// The latest version's number.
    latest: i32,
    counts: Counts,
    may_add: bool,
    /// The number to go on before.
    next: Option<i32>,
    later: bool,
}

impl ListPage {
    fn path(&self) -> String {
        articles::path(&self.shell, self.article.id)
    }
}

/// Where the page begins.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    before: Option<i32>,
}

/// The versions, the newest first. Who added them is for members.
#[get("/{desk}/articles/{article}/versions")]
pub async fn show(
    viewer: Viewer,
    at: Path<(String, ArticleId)>,
    asked: Query<Asked>,
    pool: Pool,
) -> Result<HttpResponse> {
    let article = readable(&pool, &viewer, at.1).await?;
    let desk = viewer.desk.id;
    let conn = &mut *pool.acquire().await?;
    let latest = store::latest(conn, desk, article.id).await?;
    let counts = list::counts(conn, desk, latest.id).await?;
    let mut lines = store::list(conn, desk, article.id, asked.before).await?;
    let more = lines.len() > PAGE;
    lines.truncate(PAGE);
    let shown = ListPage {
        shell: Shell::new(&viewer),
        next: lines.last().filter(|_| more).map(|line| line.number),
        later: asked.before.is_some(),
        latest: latest.number,
        may_add: viewer.may::<AddArticle>(),
        article,
        lines,
        counts,
    };
    page(StatusCode::OK, &shown)
}
