//! The page of one version of a claim, and of two compared.

use actix_web::http::StatusCode;
use actix_web::web::{Path, Query};
use actix_web::{HttpResponse, get};
use askama::Template;
use serde::Deserialize;

use super::{Being, Difference, Kind, Part, differences, load};
use crate::auth::permission::{CiteEvidence, DraftVerdict, ReadDesk};
use crate::auth::{Authorized, Viewer};
use crate::claims::{self, Claim, Stage};
use crate::db::Pool;
use crate::editing::Entry;
use crate::error::{Error, Result};
use crate::evidence;
use crate::id::{ClaimId, EventId};
use crate::web::{Shell, page, see_other};
use crate::workbench::history::did;

/// Something that can be made what it was, and why not if not.
struct Choice {
    difference: Difference,
    why_not: Option<&'static str>,
}

#[derive(Template)]
#[template(path = "workbench/version.html")]
struct VersionPage {
    shell: Shell,
    claim: Claim,
    version: Entry,
    parts: Vec<Part>,
    /// How the claim differs now, from what it was.
    since: Vec<Choice>,
    /// The last change, which the form to restore is made on.
    latest: EventId,
}

impl VersionPage {
    fn did(&self) -> String {
        did(&self.version.action)
    }

    fn can_restore(&self) -> bool {
        self.since.iter().any(|choice| choice.why_not.is_none())
    }

    fn path(&self) -> String {
        history(&self.shell, &self.claim)
    }
}

fn history(shell: &Shell, claim: &Claim) -> String {
    format!("{}/history", claims::address(shell.slug(), claim.id))
}

/// A claim as it was after a change.
#[get("/{desk}/claims/{claim}/history/{event}")]
pub async fn show(
    member: Authorized<ReadDesk>,
    path: Path<(String, ClaimId, EventId)>,
    pool: Pool,
) -> Result<HttpResponse> {
    let viewer = member.viewer();
    let conn = &mut *pool.acquire().await?;
    let claim = claims::store::get(conn, viewer.desk.id, path.1).await?;
    let version = load::version(conn, &viewer, &claim, path.2).await?;
    let mut now = load::now(conn, &viewer, &claim).await?;
    let mut then = load::then(conn, &viewer, &claim, &now, version.id).await?;
    load::name_evidence(conn, &viewer, &claim, &mut [&mut now, &mut then]).await?;
    let still = evidence::store::stands_still(conn, viewer.desk.id, claim.id).await?;
    let since = differences(&then, &now)
        .into_iter()
        .map(|difference| Choice { why_not: why_not(&viewer, &claim, &difference, still), difference })
        .collect();
    let latest = load::latest(conn, &viewer, &claim).await?;
    let parts = then.into_iter().filter(|part| part.being == Being::There).collect();
    let shell = Shell::new(&viewer);
    page(StatusCode::OK, &VersionPage { shell, claim, version, parts, since, latest })
}

/// Why the viewer cannot make a part what it was.
fn why_not(
    viewer: &Viewer,
    claim: &Claim,
    difference: &Difference,
    evidence_stands_still: bool,
) -> Option<&'static str> {
    let role = Some("Your role does not allow you to change it.");
    match difference.kind {
        Kind::Claim | Kind::Place if !claims::pages::may_edit(viewer, claim) => role,
        Kind::Evidence | Kind::Set | Kind::Question | Kind::Answer if !viewer.may::<CiteEvidence>() => role,
        Kind::Draft if difference.whole.is_some() => {
            Some("A draft that was begun stays. Empty its fields instead.")
        }
        Kind::Draft if !viewer.may::<DraftVerdict>() => role,
        Kind::Claim if matches!(claim.stage, Stage::InReview) => {
            Some("The words of a claim stand still while its draft is reviewed.")
        }
        Kind::Evidence | Kind::Set | Kind::Question | Kind::Answer if evidence_stands_still => {
            Some("What is cited stands still while it is in review and once it is public.")
        }
        Kind::Draft if matches!(claim.stage, Stage::InReview | Stage::Decided) => {
            Some("The draft stands still while it is reviewed.")
        }
        _ => None,
    }
}

#[derive(Template)]
#[template(path = "workbench/versions.html")]
struct VersionsPage {
    shell: Shell,
    claim: Claim,
    from: Entry,
    to: Entry,
    differences: Vec<Difference>,
}

impl VersionsPage {
    fn path(&self) -> String {
        history(&self.shell, &self.claim)
    }
}

/// What differs between two versions of a claim; the older one comes first, however they are named.
#[get("/{desk}/claims/{claim}/history/{event}/compare/{other}")]
pub async fn compare(
    member: Authorized<ReadDesk>,
    path: Path<(String, ClaimId, EventId, EventId)>,
    pool: Pool,
) -> Result<HttpResponse> {
    let viewer = member.viewer();
    let conn = &mut *pool.acquire().await?;
    let claim = claims::store::get(conn, viewer.desk.id, path.1).await?;
    let (older, newer) = (path.2.min(path.3), path.2.max(path.3));
    let from = load::version(conn, &viewer, &claim, older).await?;
    let to = load::version(conn, &viewer, &claim, newer).await?;
    let now = load::now(conn, &viewer, &claim).await?;
    let mut after = load::then(conn, &viewer, &claim, &now, newer).await?;
    let mut before = load::then(conn, &viewer, &claim, &now, older).await?;
    load::name_evidence(conn, &viewer, &claim, &mut [&mut before, &mut after]).await?;
    let differences = differences(&before, &after);
    page(StatusCode::OK, &VersionsPage { shell: Shell::new(&viewer), claim, from, to, differences })
}

/// The two versions that were chosen in a list.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Chosen {
    from: Option<String>,
    to: Option<String>,
}

/// Leads to the comparison of two versions.
#[get("/{desk}/claims/{claim}/history/compare")]
pub async fn choose(
    member: Authorized<ReadDesk>,
    path: Path<(String, ClaimId)>,
    chosen: Query<Chosen>,
) -> Result<HttpResponse> {
    let claim = claims::address(&member.desk.slug, path.1);
    let version = |chosen: &Option<String>| -> Option<EventId> { chosen.as_deref()?.parse().ok() };
    let (from, to) = version(&chosen.from).zip(version(&chosen.to)).ok_or(Error::NotFound("version"))?;
    Ok(see_other(&format!("{claim}/history/{from}/compare/{to}")))
}
