//! Everything that was corrected.

use actix_web::web::{Data, Query};
use actix_web::{HttpRequest, HttpResponse, get};
use askama::Template;
use serde::Deserialize;
use uuid::Uuid;

use super::reader;
use super::store::{self, Corrected};
use crate::auth::Viewer;
use crate::base_url::BaseUrl;
use crate::db::Pool;
use crate::error::Result;
use crate::exchange::Site;
use crate::exchange::store::{site, state};
use crate::web::paging::{Page, limit};
use crate::web::{Shell, clock};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    /// Corrections before this one.
    before: Option<Uuid>,
}

#[derive(Template)]
#[template(path = "publish/corrections.html")]
struct CorrectionsPage {
    shell: Shell,
    site: Site,
    corrections: Page<Corrected>,
    is_first: bool,
}

/// Every correction, newest first.
#[get("/{desk}/corrections")]
pub(super) async fn list(
    request: HttpRequest,
    asked: Query<Asked>,
    viewer: Viewer,
    base: Data<BaseUrl>,
    pool: Pool,
) -> Result<HttpResponse> {
    let mut conn = pool.acquire().await?;
    let state = state(&mut conn, viewer.desk.id).await?;
    if let Some(unchanged) = reader::unchanged(&request, &viewer, &state) {
        return Ok(unchanged);
    }
    let rows = store::corrections(&mut conn, viewer.desk.id, asked.before, limit()).await?;
    let shown = CorrectionsPage {
        shell: Shell::new(&viewer),
        site: site(&mut conn, &base, &viewer.desk.slug).await?,
        corrections: Page::of(rows, |correction| correction.id.uuid()),
        is_first: asked.before.is_none(),
    };
    reader::page(&request, &viewer, &state, &[], &shown)
}
