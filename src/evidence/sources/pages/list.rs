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
use crate::evidence::sources::store::{self, Filter, Listed, Only};
use crate::evidence::sources::{Access, SourceClass};
use crate::web::paging::Page;
use crate::web::{Shell, page};

/// What the list is asked for.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListQuery {
    #[serde(default)]
    pub q: String,
    /// A code of [`Only`]; nothing for all.
    #[serde(default)]
    pub only: String,
    /// A code of [`SourceClass`]; nothing for all.
    #[serde(default)]
    pub class: String,
    pub after: Option<Uuid>,
}

impl ListQuery {
    /// What it asks for. Codes that are none ask for everything.
    pub fn filter(&self) -> Filter {
        Filter { part: self.q.clone(), only: Only::parse(&self.only), class: SourceClass::parse(&self.class) }
    }
}

#[derive(Template)]
#[template(path = "evidence/sources/list.html")]
struct ListPage {
    shell: Shell,
    filter: Filter,
    counts: Vec<(Only, i64)>,
    sources: Page<Listed>,
}

impl ListPage {
    /// The address of the list with another choice of these.
    fn with(&self, only: Option<Only>, after: Option<Uuid>) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        let pairs = [
            ("q", self.filter.part.trim().to_owned()),
            ("only", only.map_or("", Only::as_str).to_owned()),
            ("class", self.filter.class.map_or("", SourceClass::as_str).to_owned()),
            ("after", after.map(|after| after.to_string()).unwrap_or_default()),
        ];
        query.extend_pairs(pairs.iter().filter(|(_, value)| !value.is_empty()));
        format!("?{}", query.finish())
    }

    fn is_filtered(&self) -> bool {
        !self.filter.part.trim().is_empty() || self.filter.only.is_some() || self.filter.class.is_some()
    }
}

#[get("/{desk}/sources")]
pub(super) async fn list(
    member: Authorized<ReadDesk>,
    query: Query<ListQuery>,
    pool: Pool,
) -> Result<HttpResponse> {
    let conn = &mut *pool.acquire().await?;
    let filter = query.filter();
    let sources = store::list(conn, member.desk.id, &filter, query.after).await?;
    let counts = store::counts(conn, member.desk.id).await?;
    let shell = Shell::new(&member.viewer());
    page(StatusCode::OK, &ListPage { shell, filter, counts, sources })
}
