//! Storing a mark: session, permission, event, claim, appearance and anchor in one statement, and so in one round trip.

use serde::Serialize;
use sqlx::{PgConnection, PgPool};
use time::OffsetDateTime;
use uuid::Uuid;

use super::NewMark;
use crate::audit::{self, Actor, Submission};
use crate::auth::permission::{MarkClaim, Publish};
use crate::auth::session::SessionToken;
use crate::auth::{Authorized, Permission, Role, Viewer};
use crate::claims::address;
use crate::db::announce_commit;
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

/// A field of something new, as the history of changes has it.
#[derive(Serialize)]
struct First<'a> {
    before: Option<()>,
    after: &'a str,
}

/// Marks words as a claim, or as a further appearance of one. `location` says where a repeated submission is led.
///
/// It runs to its end even if the client goes away: see [`unit_of_work`](crate::db::unit_of_work), whose transaction
/// this statement is by itself.
///
/// # Errors
/// [`Error::SignIn`], [`Error::NotFound`] or [`Error::Forbidden`] when the person may not mark there,
/// [`Error::Repeated`] when it was sent before, [`Error::Conflict`] when other words stand there.
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
        // Given back before anything else is asked: who waits for a second connection must not hold a first one.
        let stored = store(&mut *pool.acquire().await?, &by, &new, marked, &location).await;
        match stored {
            Ok(true) => Ok(()),
            Ok(false) => Err(why_not(&pool, &by, &new).await?),
            Err(error) => Err(explain(&pool, &by, error).await?),
        }
    });
    match task.await {
        Ok(outcome) => outcome?,
        Err(ended) if ended.is_panic() => std::panic::resume_unwind(ended.into_panic()),
        Err(_) => return Err(Error::Unavailable),
    }
    announce_commit();
    Ok(marked)
}

/// All that the statements write.
struct Written<'a> {
    by: &'a Marker,
    new: &'a NewMark,
    marked: Marked,
    event: EventId,
    details: String,
    key: Option<Uuid>,
    fingerprint: Option<&'a [u8]>,
    location: &'a str,
}

/// The statement; `false` when it found nobody who may mark, no such article, or no such claim.
async fn store(
    conn: &mut PgConnection,
    by: &Marker,
    new: &NewMark,
    marked: Marked,
    location: &str,
) -> Result<bool, sqlx::Error> {
    let selector = &new.selector;
    let details = Details {
        appearance: marked.appearance,
        article: new.article,
        version: new.version,
        start: selector.start,
        end: selector.end,
        claim_reviewed: new.claim.is_none().then_some(First { before: None, after: &new.claim_reviewed }),
        place: new.claim.is_some().then_some(First { before: None, after: &selector.exact }),
    };
    let details = serde_json::to_string(&details).map_err(|error| sqlx::Error::Encode(error.into()))?;
    let (key, fingerprint) = by.submission.as_ref().map(Submission::parts).unzip();
    let written = Written { by, new, marked, event: EventId::new(), details, key, fingerprint, location };
    if new.claim.is_none() { first(conn, &written).await } else { again(conn, &written).await }
}

/// The mark of a new claim.
async fn first(conn: &mut PgConnection, w: &Written<'_>) -> Result<bool, sqlx::Error> {
    let stored = sqlx::query_scalar!(
        r#"
        WITH who AS MATERIALIZED (
            SELECT v.desk_id, v.account_id, a.language
            FROM viewer($1, $2, $3) v JOIN articles a ON a.desk_id = v.desk_id AND a.id = $4
            WHERE v.roles && $5::text[]
        ), event AS (
            INSERT INTO events (desk_id, id, at, actor_kind, actor_id, action, entity, entity_id, details)
            SELECT desk_id, $6, $3, 'person', account_id, 'claim.mark', 'claim', $7, $8::text::json FROM who
        ), once AS (
            INSERT INTO submissions (desk_id, account_id, key, fingerprint, location, created_at)
            SELECT desk_id, account_id, $9, $10, $11, $3 FROM who WHERE $9::uuid IS NOT NULL
        ), claim AS (
            INSERT INTO claims (desk_id, id, claim_reviewed, language, search, created_by, created_at, event_id)
            SELECT desk_id, $7, $12, language, to_tsvector('simple', $12::text), account_id, $3, $6 FROM who
        ), appearance AS (
            INSERT INTO appearances (desk_id, id, claim_id, article_id, version_id, exact, prefix, suffix, start_at,
                                     end_at, created_by, created_at, event_id)
            SELECT desk_id, $13, $7, $4, $14, $15, $16, $17, $18, $19, account_id, $3, $6 FROM who
        )
        INSERT INTO anchors (desk_id, version_id, start_at, end_at, appearance_id, claim_id, exact, claim_reviewed)
        SELECT desk_id, $14, $18, $19, $13, $7, $15, $12 FROM who
        RETURNING true AS "stored!"
        "#,
        w.by.token.hash(),
        w.by.desk,
        w.by.now,
        w.new.article as _,
        &names(MarkClaim::ROLES),
        w.event as _,
        w.marked.claim as _,
        w.details,
        w.key,
        w.fingerprint,
        w.location,
        w.new.claim_reviewed,
        w.marked.appearance as _,
        w.new.version as _,
        w.new.selector.exact,
        w.new.selector.prefix,
        w.new.selector.suffix,
        w.new.selector.start,
        w.new.selector.end,
    )
    .fetch_optional(conn)
    .await?;
    Ok(stored.is_some())
}

/// One more mark of a claim that is there.
async fn again(conn: &mut PgConnection, w: &Written<'_>) -> Result<bool, sqlx::Error> {
    let stored = sqlx::query_scalar!(
        r#"
        WITH who AS MATERIALIZED (
            SELECT v.desk_id, v.account_id, c.claim_reviewed, c.stage, r.label, r.shape, r.colour,
                   (SELECT count(*) FROM evidence e
                    WHERE e.desk_id = v.desk_id AND e.claim_id = c.id AND e.removed_at IS NULL) AS evidence_count
            FROM viewer($1, $2, $3) v
            JOIN articles a ON a.desk_id = v.desk_id AND a.id = $4
            JOIN claims c ON c.desk_id = v.desk_id AND c.id = $7
            LEFT JOIN verdicts d ON d.desk_id = c.desk_id AND d.claim_id = c.id AND d.number = c.current_verdict
            LEFT JOIN rating_values r ON r.desk_id = d.desk_id AND r.scale_version_id = d.scale_version_id
                AND r.code = d.rating_code
            WHERE v.roles && $5::text[] AND (c.stage NOT IN ('published', 'retracted') OR v.roles && $19::text[])
        ), event AS (
            INSERT INTO events (desk_id, id, at, actor_kind, actor_id, action, entity, entity_id, details)
            SELECT desk_id, $6, $3, 'person', account_id, 'appearance.add', 'appearance', $12, $8::text::json FROM who
        ), once AS (
            INSERT INTO submissions (desk_id, account_id, key, fingerprint, location, created_at)
            SELECT desk_id, account_id, $9, $10, $11, $3 FROM who WHERE $9::uuid IS NOT NULL
        ), appearance AS (
            INSERT INTO appearances (desk_id, id, claim_id, article_id, version_id, exact, prefix, suffix, start_at,
                                     end_at, created_by, created_at, event_id)
            SELECT desk_id, $12, $7, $4, $13, $14, $15, $16, $17, $18, account_id, $3, $6 FROM who
        )
        INSERT INTO anchors (desk_id, version_id, start_at, end_at, appearance_id, claim_id, exact, claim_reviewed,
                             stage, rating_label, rating_shape, rating_colour, evidence_count)
        SELECT desk_id, $13, $17, $18, $12, $7, $14, claim_reviewed, stage, label, shape, colour, evidence_count
        FROM who
        RETURNING true AS "stored!"
        "#,
        w.by.token.hash(),
        w.by.desk,
        w.by.now,
        w.new.article as _,
        &names(MarkClaim::ROLES),
        w.event as _,
        w.marked.claim as _,
        w.details,
        w.key,
        w.fingerprint,
        w.location,
        w.marked.appearance as _,
        w.new.version as _,
        w.new.selector.exact,
        w.new.selector.prefix,
        w.new.selector.suffix,
        w.new.selector.start,
        w.new.selector.end,
        &names(Publish::ROLES),
    )
    .fetch_optional(conn)
    .await?;
    Ok(stored.is_some())
}

fn names(roles: &[Role]) -> Vec<String> {
    roles.iter().map(|role| role.as_str().to_owned()).collect()
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
    .await?;
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
