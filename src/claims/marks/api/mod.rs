//! Marks as JSON: making and removing them.

mod reading;

use actix_web::web::Path;
use actix_web::{HttpResponse, delete, post};
use serde::{Deserialize, Serialize};
use serde_json::json;
use time::OffsetDateTime;

use super::write::{self, Marker};
use super::{NewMark, passage};
use crate::articles::texts;
use crate::audit;
use crate::auth::Viewer;
use crate::auth::permission::{MarkClaim, Publish};
use crate::claims::{address, store};
use crate::db::{Pool, unit_of_work};
use crate::error::{Error, Result};
use crate::id::{AppearanceId, ArticleId, ClaimId, VersionId};
use crate::text::Document;
use crate::text::selector::PassageError;
use crate::web::Sent;
use crate::web::json::Document as Body;

pub use reading::{list, show};

/// Words to be marked.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wanted {
    version: VersionId,
    /// Code points of the version's text, half-open.
    start: i32,
    end: i32,
    /// The words that were seen there.
    exact: String,
    claim_reviewed: Option<String>,
    /// The claim that they make once more.
    claim: Option<ClaimId>,
}

#[derive(Serialize)]
struct Made<'a> {
    claim: ClaimId,
    appearance: AppearanceId,
    /// The claim's page.
    url: &'a str,
}

/// Marks words.
#[post("/api/v1/desks/{desk}/articles/{article}/marks")]
pub async fn create(at: Path<(String, ArticleId)>, sent: Body<Wanted>, pool: Pool) -> Result<HttpResponse> {
    let (desk, article) = at.into_inner();
    let Body { body: wanted, token, submission } = sent;
    let now = OffsetDateTime::now_utc();
    let marker = Marker { token, desk, submission, now };
    let kept = texts::kept(wanted.version);
    let new = if let Some(new) = kept.and_then(|(_, document)| new_mark(article, &wanted, &document).ok()) {
        new
    } else {
        // What is wrong with it is told to those only who may mark there.
        let by = Viewer::of(&pool, &marker.desk, Some(marker.token.clone())).await?;
        let by = by.authorize::<MarkClaim>()?;
        let document = texts::get(&pool, by.desk.id, wanted.version).await?;
        new_mark(article, &wanted, &document)?
    };
    let slug = marker.desk.clone();
    let at = (new.version, new.selector.start, new.selector.end);
    let stored = match write::mark(&pool, marker, new, |stored| write::location(&slug, stored)).await {
        Err(Error::Repeated(first)) => repeated(&pool, first, at).await?,
        stored => stored?,
    };
    let url = &address(&slug, stored.claim);
    let made = Made { claim: stored.claim, appearance: stored.appearance, url };
    Ok(HttpResponse::Created().insert_header(("Location", url.as_str())).json(made))
}

/// What the same request made before: programs get the same answer, not a page to go to.
async fn repeated(
    pool: &Pool,
    location: String,
    (version, start, end): (VersionId, i32, i32),
) -> Result<write::Marked> {
    let claim: Option<ClaimId> = location.rsplit('/').next().and_then(|id| id.parse().ok());
    let Some((claim, (desk, _))) = claim.zip(texts::kept(version)) else {
        return Err(Error::Repeated(location));
    };
    let appearance = sqlx::query_scalar!(
        r#"
        SELECT appearance_id AS "appearance: AppearanceId" FROM anchors
        WHERE desk_id = $1 AND version_id = $2 AND start_at = $3 AND end_at = $4 AND claim_id = $5
        ORDER BY appearance_id LIMIT 1
        "#,
        desk as _,
        version as _,
        start,
        end,
        claim as _,
    )
    .fetch_optional(&**pool)
    .await?
    .ok_or(Error::Repeated(location))?;
    Ok(write::Marked { claim, appearance })
}

fn new_mark(article: ArticleId, wanted: &Wanted, document: &Document) -> Result<NewMark> {
    let passage =
        passage(document, wanted.start, wanted.end, Some(&wanted.exact)).map_err(|error| match error {
            PassageError::Differs => Error::conflict(error.to_string()),
            _ => Error::invalid(error.to_string()),
        })?;
    let words = wanted.claim_reviewed.as_deref();
    NewMark::new(article, wanted.version, document, &passage, words, wanted.claim).map_err(Error::invalid)
}

/// A document without anything in it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Nothing {}

/// Takes a mark away. It can be brought back on the claim's page.
#[delete("/api/v1/desks/{desk}/marks/{appearance}")]
pub async fn remove(
    at: Path<(String, AppearanceId)>,
    sent: Sent<MarkClaim, Nothing>,
    pool: Pool,
) -> Result<HttpResponse> {
    let id = at.1;
    let Sent { by, submission, .. } = sent;
    let claim = sqlx::query_scalar!(
        r#"SELECT claim_id AS "claim: ClaimId" FROM appearances WHERE desk_id = $1 AND id = $2"#,
        by.desk.id as _,
        id as _,
    )
    .fetch_optional(&*pool)
    .await?
    .ok_or(Error::NotFound("mark"))?;
    let location = address(&by.desk.slug, claim);
    unit_of_work(&pool, async move |tx| {
        audit::once(tx, &by, submission.as_ref(), &location).await?;
        if store::get(tx, by.desk.id, claim).await?.stage.is_public() {
            by.and::<Publish>()?;
        }
        let appearance = store::appearance(tx, by.desk.id, claim, id).await?;
        let words = appearance.mark.as_ref().map(|mark| &mark.exact);
        let details = json!({"place": {"before": words, "after": null}});
        let change = audit::record(tx, &by, "appearance.remove", "appearance", id, &details).await?;
        store::set_removed(tx, &by, &change, &appearance, true).await
    })
    .await?;
    Ok(HttpResponse::NoContent().finish())
}
