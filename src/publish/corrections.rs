//! Everything that was corrected.

use actix_web::web::{Data, Path, Query};
use actix_web::{HttpRequest, HttpResponse, get};
use askama::Template;
use serde::Deserialize;
use uuid::Uuid;

use super::changed::{Changed, changed};
use super::claim::Read;
use super::reader;
use super::store::{self, Corrected, Kinds};
use crate::auth::Viewer;
use crate::base_url::BaseUrl;
use crate::db::Pool;
use crate::editing::diff::Piece;
use crate::error::{Error, Result};
use crate::evidence::AsOf;
use crate::exchange::store::{site, state};
use crate::exchange::{ClaimRecord, Correction, Site};
use crate::id::CorrectionId;
use crate::reviews::CorrectionKind;
use crate::web::paging::{Page, limit};
use crate::web::{Shell, clock};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    /// Corrections before this one.
    before: Option<Uuid>,
    /// Only those of one kind.
    kind: Option<CorrectionKind>,
}

#[derive(Template)]
#[template(path = "publish/corrections.html")]
struct CorrectionsPage {
    shell: Shell,
    site: Site,
    corrections: Page<Corrected>,
    kinds: Kinds,
    kind: Option<CorrectionKind>,
    is_first: bool,
}

impl CorrectionsPage {
    /// How many there are in all.
    fn all(&self) -> i64 {
        self.kinds.iter().map(|(_, count)| count).sum()
    }

    /// The address of the next page.
    fn older(&self, before: &Uuid) -> String {
        let kind = self.kind.map_or_else(String::new, |kind| format!("&kind={}", kind.as_str()));
        self.shell.path(&format!("/corrections?before={before}{kind}"))
    }
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
    let rows = store::corrections(&mut conn, viewer.desk.id, asked.kind, asked.before, limit()).await?;
    let shown = CorrectionsPage {
        shell: Shell::new(&viewer),
        site: site(&mut conn, &base, &viewer.desk.slug).await?,
        corrections: Page::of(rows, |correction| correction.id.uuid()),
        kinds: store::kinds(&mut conn, viewer.desk.id).await?,
        kind: asked.kind,
        is_first: asked.before.is_none(),
    };
    reader::page(&request, &viewer, &state, &[], &shown)
}

#[derive(Template)]
#[template(path = "publish/correction.html")]
struct CorrectionPage {
    shell: Shell,
    site: Site,
    record: ClaimRecord,
    correction: Correction,
    /// Nothing for a retraction.
    changed: Option<Vec<Changed>>,
    by_reader: bool,
}

impl CorrectionPage {
    fn url(&self) -> String {
        self.site.url(&format!("/corrections/{}", self.correction.id))
    }

    fn claim(&self) -> String {
        self.shell.path(&format!("/claims/{}", self.record.id))
    }
}

/// One correction: why, and both texts.
#[get("/{desk}/corrections/{correction}")]
pub(super) async fn show(
    request: HttpRequest,
    path: Path<(String, CorrectionId)>,
    viewer: Viewer,
    pool: Pool,
) -> Result<HttpResponse> {
    let mut conn = pool.acquire().await?;
    let state = state(&mut conn, viewer.desk.id).await?;
    if let Some(unchanged) = reader::unchanged(&request, &viewer, &state) {
        return Ok(unchanged);
    }
    let claim = store::claim_of(&mut conn, viewer.desk.id, path.1).await?;
    drop(conn);
    let mut read = Read::new(&request, &viewer, &pool, claim, AsOf::Now).await?;
    let at = read.record.corrections.iter().position(|correction| correction.id == path.1);
    let correction = read.record.corrections.swap_remove(at.ok_or(Error::NotFound("correction"))?);
    let shown = CorrectionPage {
        shell: Shell::new(&viewer),
        changed: changed(&read.record.verdicts, &correction),
        by_reader: read.by_readers.contains(&correction.from_verdict),
        correction,
        site: read.site,
        record: read.record,
    };
    reader::page(&request, &viewer, &read.head.state, &[], &shown)
}
