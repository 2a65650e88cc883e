//! How a desk rates: its scales, how a verdict comes about, who may do what, and how mistakes are put right.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get};
use askama::Template;

use super::{reader, store};
use crate::auth::permission::{Row, TABLE};
use crate::auth::{Role, Viewer};
use crate::base_url::BaseUrl;
use crate::db::Pool;
use crate::error::{Error, Result};
use crate::exchange::Site;
use crate::exchange::store::{site, state};
use crate::reviews::CorrectionKind;
use crate::scales::{self, Scale};
use crate::web::Shell;

/// How many older scales are explained.
const OLDER: i64 = 10;

#[derive(Template)]
#[template(path = "publish/method.html")]
struct MethodPage {
    shell: Shell,
    site: Site,
    /// The scale of today, where the desk has chosen one.
    scale: Option<Scale>,
    /// Others that published verdicts were given on.
    older: Vec<Scale>,
}

/// How we rate.
#[get("/{desk}/method")]
pub(super) async fn method(
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
    let scale = match scales::default(&mut conn, desk).await {
        Ok(scale) => Some(scale),
        Err(Error::NotFound(_)) => None,
        Err(error) => return Err(error),
    };
    let mut older = Vec::new();
    for version in store::used_scales(&mut conn, desk, OLDER).await? {
        if scale.as_ref().is_none_or(|scale| scale.version != version) {
            older.push(scales::version(&mut conn, desk, version).await?);
        }
    }
    let site = site(&mut conn, &base, &viewer.desk.slug).await?;
    let shown = MethodPage { shell: Shell::new(&viewer), site, scale, older };
    reader::page(&request, &viewer, &state, &[], &shown)
}

impl MethodPage {
    /// The kinds of corrections, with what each means.
    fn corrections() -> impl Iterator<Item = (&'static str, &'static str)> {
        let withdrawn = (CorrectionKind::Retraction, "the verdict is withdrawn; its page stays and says so");
        CorrectionKind::REPLACING
            .iter()
            .copied()
            .chain([withdrawn])
            .map(|(kind, meaning)| (kind.label(), meaning))
    }

    /// What takes a role, with a mark for each role that has it.
    fn permissions() -> impl Iterator<Item = (&'static str, Vec<(Role, bool)>)> {
        TABLE.iter().map(|Row { to, roles, .. }| {
            (*to, Role::ALL.into_iter().map(|role| (role, roles.contains(&role))).collect())
        })
    }
}
