//! A desk's public front.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get};
use askama::Template;

use super::reader;
use super::store::{self, Published};
use crate::auth::Viewer;
use crate::base_url::BaseUrl;
use crate::db::Pool;
use crate::error::Result;
use crate::exchange::store::{Totals, site, state, totals};
use crate::exchange::{Scope, Site};
use crate::web::{Shell, clock};

/// How many of each the front shows.
const LATEST: i64 = 12;
const TOPICS: i64 = 24;

#[derive(Template)]
#[template(path = "publish/front.html")]
struct FrontPage {
    shell: Shell,
    site: Site,
    totals: Totals,
    latest: Vec<Published>,
    topics: Vec<(String, i64)>,
}

/// The latest verdicts, search, topics, feeds.
#[get("/{desk}")]
pub async fn front(
    request: HttpRequest,
    viewer: Viewer,
    base: Data<BaseUrl>,
    pool: Pool,
) -> Result<HttpResponse> {
    let mut conn = pool.acquire().await?;
    let desk = viewer.desk.id;
    let state = state(&mut conn, desk).await?;
    if let Some(unchanged) = reader::unchanged(&request, &viewer, &state) {
        return Ok(unchanged);
    }
    let shown = FrontPage {
        shell: Shell::new(&viewer),
        site: site(&mut conn, &base, &viewer.desk.slug).await?,
        totals: totals(&mut conn, desk, Scope::Public).await?,
        latest: store::latest(&mut conn, desk, false, LATEST).await?,
        topics: store::topics(&mut conn, desk, TOPICS).await?,
    };
    let feed =
        format!("<{}>; rel=\"alternate\"; type=\"application/atom+xml\"", shown.site.url("/feed.atom"));
    reader::page(&request, &viewer, &state, &[feed], &shown)
}

impl FrontPage {
    /// The list of claims about a topic.
    fn about(&self, topic: &str) -> String {
        let topic: String = url::form_urlencoded::byte_serialize(topic.as_bytes()).collect();
        self.shell.path(&format!("/claims?topic={topic}"))
    }

    /// The class that colours a card.
    fn class(published: &Published) -> &str {
        published.badge.as_ref().map_or("", |badge| &badge.class)
    }
}
