//! Storing a mark: session, permission, event, claim, appearance and anchor in one statement, and so in one round trip.

mod follow;
mod statement;

use serde::Serialize;
use sqlx::{PgConnection, PgPool};
use time::OffsetDateTime;

use super::NewMark;
use crate::audit::{self, Actor, Submission};
use crate::auth::permission::{MarkClaim, Publish};
use crate::auth::session::SessionToken;
use crate::auth::{Authorized, Permission, Viewer};
use crate::claims::fields::ClaimFields;
use crate::claims::{self, address};
use crate::db::{IfViolates as _, announce_commit};
use crate::error::{Error, Result};
use crate::id::{AppearanceId, ClaimId, EventId, VersionId};

/// What became of a mark.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Marked {
    pub claim: ClaimId,
    pub appearance: AppearanceId,
}

/// Who marks, as far as a request says: the statement finds out whether they may.
#[derive(Clone, Debug)]
pub struct Marker {
    pub token: SessionToken,
    /// The desk's name in addresses.
    pub desk: String,
    pub submission: Option<Submission>,
    /// When the request came.
    pub now: OffsetDateTime,
}

/// What the event of a mark says.
#[derive(Serialize)]
struct Details<'a> {
    appearance: AppearanceId,
    article: crate::id::ArticleId,
    version: VersionId,
    start: i32,
    end: i32,
    #[serde(skip_serializing_if = "Option::is_none")]
    claim_reviewed: Option<First<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    place: Option<First<'a>>,
}

impl<'a> Details<'a> {
    fn of(new: &'a NewMark, marked: Marked) -> Self {
        let selector = &new.selector;
        Self {
            appearance: marked.appearance,
            article: new.article,
            version: new.version,
            start: selector.start,
            end: selector.end,
            claim_reviewed: new.claim.is_none().then_some(First { before: None, after: &new.claim_reviewed }),
            place: new.claim.is_some().then_some(First { before: None, after: &selector.exact }),
        }
    }
}

/// A field of something new, as the history of changes has it.
#[derive(Serialize)]
struct First<'a> {
    before: Option<()>,
    after: &'a str,
}

/// Marks words as a claim, or as a further appearance of one. `location` says where a repeated submission is led.
///
/// It runs to its end even if the client goes away: see [`unit_of_work`](crate::db::unit_of_work), whose transaction
/// this statement is by itself. Words that were seen in an older version are marked in the latest one, when they stand
/// there as they did.
///
/// # Errors
/// [`Error::SignIn`], [`Error::NotFound`] or [`Error::Forbidden`] when the person may not mark there,
/// [`Error::Repeated`] when it was sent before, [`Error::Conflict`] when other words stand there or in the latest version.
///
/// # Panics
/// When the statement panics; and outside of an actix runtime.
pub async fn mark(
    pool: &PgPool,
    by: Marker,
    new: NewMark,
    location: impl FnOnce(Marked) -> String,
) -> Result<Marked> {
    let marked = Marked { claim: new.claim.unwrap_or_else(ClaimId::new), appearance: AppearanceId::new() };
    let location = location(marked);
    let pool = pool.clone();
    let task = actix_web::rt::spawn(async move {
        let mut new = new;
        for _ in 0..TRIES {
            // Given back before anything else is asked: who waits for a second connection must not hold a first one.
            let stored = store(&mut *pool.acquire().await?, &by, &new, marked, &location).await;
            match stored {
                Ok(true) => return Ok(()),
                Ok(false) => return Err(why_not(&pool, &by, &new).await?),
                Err(error) if is_outdated(&error) => new = follow::follow(&pool, &by, new).await?,
                Err(error) => return Err(explain(&pool, &by, error).await?),
            }
        }
        Err(Error::Unavailable)
    });
    match task.await {
        Ok(outcome) => outcome?,
        Err(ended) if ended.is_panic() => std::panic::resume_unwind(ended.into_panic()),
        Err(_) => return Err(Error::Unavailable),
    }
    announce_commit();
    Ok(marked)
}

/// How often a mark follows an article that gets new versions meanwhile.
const TRIES: u32 = 3;

fn is_outdated(error: &sqlx::Error) -> bool {
    let constraint = error.as_database_error().and_then(sqlx::error::DatabaseError::constraint);
    constraint == Some("appearances_in_the_latest_version")
}

/// The statement; `false` when it found nobody who may mark, no such article, or no such claim.
async fn store(
    conn: &mut PgConnection,
    by: &Marker,
    new: &NewMark,
    marked: Marked,
    location: &str,
) -> Result<bool, sqlx::Error> {
    let details = serde_json::to_string(&Details::of(new, marked))
        .map_err(|error| sqlx::Error::Encode(error.into()))?;
    let (key, fingerprint) = by.submission.as_ref().map(Submission::parts).unzip();
    let written =
        statement::Written { by, new, marked, event: EventId::new(), details, key, fingerprint, location };
    if new.claim.is_none() {
        statement::first(conn, &written).await
    } else {
        statement::again(conn, &written).await
    }
}

/// The proof that somebody may mark at a desk, or why not.
async fn authorize(pool: &PgPool, by: &Marker) -> Result<Authorized<MarkClaim>> {
    Viewer::of(pool, &by.desk, Some(by.token.clone())).await?.authorize()
}

/// Why nothing was stored.
async fn why_not(pool: &PgPool, by: &Marker, new: &NewMark) -> Result<Error> {
    let marker = match authorize(pool, by).await {
        Ok(marker) => marker,
        Err(error) => return Ok(error),
    };
    let there = sqlx::query!(
        r#"
        SELECT EXISTS (SELECT FROM articles WHERE desk_id = $1 AND id = $2) AS "article!",
               EXISTS (SELECT FROM claims WHERE desk_id = $1 AND id = $3) AS "claim!"
        "#,
        marker.desk.id as _,
        new.article as _,
        new.claim as _,
    )
    .fetch_one(pool)
    .await?;
    Ok(match (there.article, there.claim) {
        (false, _) => Error::NotFound("article"),
        (true, false) => Error::NotFound("claim"),
        // The words of a public claim's new place would be public at once.
        (true, true) => Error::Forbidden(Publish::TO),
    })
}

/// What a failure means for the person.
async fn explain(pool: &PgPool, by: &Marker, error: sqlx::Error) -> Result<Error> {
    let constraint = error.as_database_error().and_then(|cause| cause.constraint()).unwrap_or_default();
    Ok(match (constraint, &by.submission) {
        ("submissions_pkey", Some(submission)) => {
            let actor = Actor::from(&authorize(pool, by).await?);
            audit::first_answer(&mut *pool.acquire().await?, actor, submission).await?
        }
        ("anchors_exact_is_the_text" | "appearances_exact_is_the_text", _) => Error::conflict(
            "The text changed: other words stand there. Load the page again and mark them there.",
        ),
        ("appearances_version" | "anchors_version", _) => Error::NotFound("version"),
        _ => error.into(),
    })
}

/// Marks words as a new claim, in the transaction that one is in: for those who bring the article in with the mark. Its
/// language is the article's.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn mark_new(
    conn: &mut PgConnection,
    by: &Authorized<MarkClaim>,
    new: &NewMark,
    language: &str,
) -> Result<Marked> {
    let marked = Marked { claim: ClaimId::new(), appearance: AppearanceId::new() };
    let change =
        audit::record(conn, by, "claim.mark", "claim", marked.claim, &Details::of(new, marked)).await?;
    let fields = ClaimFields {
        claim_reviewed: new.claim_reviewed.clone(),
        language: Some(language.to_owned()),
        claim_types: Vec::new(),
        topics: Vec::new(),
    };
    claims::store::create(conn, by, &change, marked.claim, &fields).await?;
    mark_in(conn, by, &change, marked, new).await?;
    Ok(marked)
}

/// The same for a member whose permission is proven already, as demos and imports have it: in the transaction they are in.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn mark_in(
    conn: &mut PgConnection,
    by: &Authorized<MarkClaim>,
    change: &audit::Change,
    marked: Marked,
    new: &NewMark,
) -> Result<()> {
    let selector = &new.selector;
    sqlx::query!(
        r#"
        INSERT INTO appearances (desk_id, id, claim_id, article_id, version_id, exact, prefix, suffix, start_at, end_at,
                                 created_by, created_at, event_id)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
        "#,
        by.desk.id as _,
        marked.appearance as _,
        marked.claim as _,
        new.article as _,
        new.version as _,
        selector.exact,
        selector.prefix,
        selector.suffix,
        selector.start,
        selector.end,
        change.by as _,
        change.at,
        change.event as _,
    )
    .execute(&mut *conn)
    .await
    .if_violates(
        "appearances_in_the_latest_version",
        Error::conflict("The article has a newer version. Look for the words there."),
    )?;
    sqlx::query!(
        r#"
        INSERT INTO anchors (desk_id, version_id, start_at, end_at, appearance_id, claim_id, exact, claim_reviewed, stage,
                             rating_label, rating_shape, rating_colour, evidence_count)
        SELECT c.desk_id, $3, $4, $5, $6, c.id, $7, c.claim_reviewed, c.stage, r.label, r.shape, r.colour,
               (SELECT count(*) FROM evidence e
                WHERE e.desk_id = c.desk_id AND e.claim_id = c.id AND e.removed_at IS NULL)
        FROM claims c
        LEFT JOIN verdicts d ON d.desk_id = c.desk_id AND d.claim_id = c.id AND d.number = c.current_verdict
        LEFT JOIN rating_values r ON r.desk_id = d.desk_id AND r.scale_version_id = d.scale_version_id
            AND r.code = d.rating_code
        WHERE c.desk_id = $1 AND c.id = $2
        "#,
        by.desk.id as _,
        marked.claim as _,
        new.version as _,
        selector.start,
        selector.end,
        marked.appearance as _,
        selector.exact,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Where the claim of a mark is.
#[must_use]
pub fn location(desk: &str, marked: Marked) -> String {
    address(desk, marked.claim)
}
