//! The list of what came in.

use actix_web::http::StatusCode;
use actix_web::web::Query;
use actix_web::{HttpResponse, get};
use askama::Template;
use serde::Deserialize;
use uuid::Uuid;

use crate::articles::incoming::{self, Incoming, State};
use crate::auth::Authorized;
use crate::auth::permission::ReadDesk;
use crate::db::Pool;
use crate::error::Result;
use crate::web::paging::Page;
use crate::web::{Shell, page};

#[derive(Debug, Deserialize)]
struct Asked {
    /// Whether what became an article or was put aside is listed, too.
    #[serde(default)]
    all: Option<String>,
    after: Option<Uuid>,
}

#[derive(Template)]
#[template(path = "incoming/list.html")]
struct ListPage {
    shell: Shell,
    all: bool,
    /// Whether this is a later page.
    later: bool,
    /// How many are ready to be looked at.
    ready: i64,
    incoming: Page<Incoming>,
}

impl ListPage {
    fn path(&self, incoming: &Incoming) -> String {
        self.shell.path(&format!("/articles/incoming/{}", incoming.id))
    }

    /// The address of the next page.
    fn next(&self, after: &Uuid) -> String {
        format!("?{}after={after}", if self.all { "all=yes&" } else { "" })
    }
}

/// What came in, the newest first.
#[get("/{desk}/articles/incoming")]
pub async fn list(by: Authorized<ReadDesk>, asked: Query<Asked>, pool: Pool) -> Result<HttpResponse> {
    let Asked { all, after } = asked.into_inner();
    let all = all.is_some();
    let ready = incoming::count_ready(&pool, by.desk.id).await?;
    let incoming = incoming::list(&pool, by.desk.id, all, after).await?;
    let shell = Shell::new(&by.viewer());
    page(StatusCode::OK, &ListPage { shell, all, later: after.is_some(), ready, incoming })
}
