//! The list of sources.

use actix_web::http::StatusCode;
use actix_web::web::Query;
use actix_web::{HttpResponse, get};
use askama::Template;
use serde::Deserialize;
use uuid::Uuid;

use crate::auth::Authorized;
use crate::auth::permission::ReadDesk;
use crate::db::Pool;
use crate::error::Result;
use crate::evidence::sources::Access;
use crate::evidence::sources::store::{self, Listed};
use crate::web::paging::Page;
use crate::web::{Shell, page};

/// What the list is asked for.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListQuery {
    #[serde(default)]
    pub q: String,
    pub after: Option<Uuid>,
}

#[derive(Template)]
#[template(path = "evidence/sources/list.html")]
struct ListPage {
    shell: Shell,
    q: String,
    sources: Page<Listed>,
}

#[get("/{desk}/sources")]
pub(super) async fn list(
    member: Authorized<ReadDesk>,
    query: Query<ListQuery>,
    pool: Pool,
) -> Result<HttpResponse> {
    let sources = store::list(&mut *pool.acquire().await?, member.desk.id, &query.q, query.after).await?;
    let shell = Shell::new(&member.viewer());
    page(StatusCode::OK, &ListPage { shell, q: query.into_inner().q, sources })
}
