//! The list of a desk's articles.

use actix_web::http::StatusCode;
use actix_web::web::Query;
use actix_web::{HttpResponse, get};
use askama::Template;
use serde::Deserialize;
use uuid::Uuid;

use crate::articles::store::{self, Listed};
use crate::auth::Viewer;
use crate::db::Pool;
use crate::error::Result;
use crate::web::paging::Page;
use crate::web::{Shell, page};

#[derive(Debug, Deserialize)]
struct Asked {
    /// Words of the title.
    #[serde(default)]
    q: String,
    after: Option<Uuid>,
}

#[derive(Template)]
#[template(path = "articles/list.html")]
struct ListPage {
    shell: Shell,
    q: String,
    /// Whether this is a later page.
    later: bool,
    articles: Page<Listed>,
}

impl ListPage {
    /// The address of the next page.
    fn next(&self, after: &Uuid) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        if !self.q.is_empty() {
            query.append_pair("q", &self.q);
        }
        query.append_pair("after", &after.to_string());
        format!("?{}", query.finish())
    }
}

/// The articles, the newest first.
#[get("/{desk}/articles")]
pub async fn list(viewer: Viewer, asked: Query<Asked>, pool: Pool) -> Result<HttpResponse> {
    let Asked { q, after } = asked.into_inner();
    let articles = store::list(&pool, viewer.desk.id, viewer.is_member(), &q, after).await?;
    let shell = Shell::new(&viewer);
    page(StatusCode::OK, &ListPage { shell, q: q.trim().to_owned(), later: after.is_some(), articles })
}
