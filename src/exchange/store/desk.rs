//! The desk as a whole: what it says of itself, how much it has, and in what state it is.

use serde_json::json;
use sha2::{Digest as _, Sha256};
use sqlx::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

use crate::audit;
use crate::auth::Authorized;
use crate::auth::permission::ManageDesk;
use crate::base_url::BaseUrl;
use crate::error::{Error, Result};
use crate::exchange::{Scope, Site};
use crate::id::{AppearanceId, ClaimId, DeskId};
use crate::policies;
use crate::text::address::SafeUrl;

/// The desk of that name.
///
/// # Errors
/// [`Error::NotFound`] when there is none.
pub async fn site(conn: &mut PgConnection, base: &BaseUrl, slug: &str) -> Result<Site> {
    let desk = sqlx::query!(
        r#"
        SELECT id AS "id: DeskId", name, language, licence_url, methodology_url, corrections_url
        FROM desks WHERE slug = $1
        "#,
        slug
    )
    .fetch_optional(&mut *conn)
    .await?
    .ok_or(Error::NotFound("desk"))?;
    let policy = policies::find(conn, desk.id).await?;
    Ok(Site {
        base: base.clone(),
        desk: desk.id,
        slug: slug.to_owned(),
        name: desk.name,
        language: desk.language,
        rules: policy.map(|policy| policy.rules).unwrap_or_default(),
        licence: desk.licence_url,
        methodology: desk.methodology_url,
        corrections: desk.corrections_url,
        head: String::new(),
    })
}

/// A state of the desk.
#[derive(Clone, Debug)]
pub struct State {
    /// Another one after every change.
    pub name: String,
    /// When the last change was made; none when there was none yet.
    pub changed: Option<OffsetDateTime>,
}

/// The state that a snapshot shows, and the record of changes that proves it.
#[derive(Clone, Debug)]
pub struct Head {
    pub state: State,
    /// The last batch of the record of changes that is sealed, and its hash in hex.
    pub seal: i64,
    pub hash: String,
    pub at: OffsetDateTime,
}

impl Head {
    /// The end of the record, as it is noted.
    #[must_use]
    pub fn chain(&self) -> String {
        format!("{}:{}", self.seal, self.hash)
    }
}

/// What this transaction sees of the record of changes.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn head(conn: &mut PgConnection, desk: DeskId) -> Result<Head> {
    let state = state(&mut *conn, desk).await?;
    let chain = sqlx::query!(
        r#"SELECT number, encode(hash, 'hex') AS "hash!" FROM event_chains WHERE desk_id = $1"#,
        desk as _
    )
    .fetch_optional(&mut *conn)
    .await?;
    let at = sqlx::query_scalar!(r#"SELECT now() AS "at!""#).fetch_one(conn).await?;
    let (seal, hash) = chain.map(|chain| (chain.number, chain.hash)).unwrap_or_default();
    Ok(Head { state, seal, hash, at })
}

/// A name for the state of a desk: another one after every change, for `ETag`.
///
/// It is made from the latest events in the order of the record. An event can become visible after others that stand
/// behind it there, so it looks back to before the oldest transaction that is not over yet: from there on everything is
/// seen, and before it nothing comes any more.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn state(conn: &mut PgConnection, desk: DeskId) -> Result<State> {
    let seen = sqlx::query!(
        r#"
        WITH certain AS (
            SELECT (SELECT max(epoch) FROM events WHERE desk_id = $1) AS epoch,
                   pg_snapshot_xmin(pg_current_snapshot())::text::bigint AS xid
        ), seen AS (
            SELECT e.id, e.at FROM events e
            WHERE e.desk_id = $1
            ORDER BY e.epoch DESC, e.xid DESC, e.id DESC
            LIMIT greatest(16, 1 + (SELECT count(*) FROM events u
                                    WHERE u.desk_id = $1
                                      AND (u.epoch, u.xid) >= (SELECT c.epoch, c.xid FROM certain c)))
        )
        SELECT ARRAY(SELECT id FROM seen ORDER BY id) AS "events!: Vec<Uuid>", (SELECT max(at) FROM seen) AS changed
        "#,
        desk as _
    )
    .fetch_one(conn)
    .await?;
    let hash = seen.events.iter().fold(Sha256::new(), |hash, event| hash.chain_update(event.as_bytes()));
    let name = hash.finalize().iter().take(12).fold(String::new(), |text, byte| format!("{text}{byte:02x}"));
    Ok(State { name, changed: seen.changed })
}

/// Gives this transaction the time that a large desk takes, and a reader who takes it slowly.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn allow_time(conn: &mut PgConnection) -> Result<()> {
    sqlx::query!(
        r#"
        SELECT set_config('statement_timeout', '60s', true) AS statements,
               set_config('idle_in_transaction_session_timeout', '10min', true) AS pauses
        "#
    )
    .fetch_one(conn)
    .await?;
    Ok(())
}

/// How much there is.
#[derive(Clone, Copy, Debug)]
pub struct Totals {
    pub claims: i64,
    pub published: i64,
    pub retracted: i64,
    /// Appearances in articles.
    pub marks: i64,
}

/// How much an export of this scope holds.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn totals(conn: &mut PgConnection, desk: DeskId, scope: Scope) -> Result<Totals> {
    let whole = scope == Scope::Desk;
    let claims = sqlx::query!(
        r#"
        SELECT count(*) AS "claims!", count(*) FILTER (WHERE stage = 'published') AS "published!",
               count(*) FILTER (WHERE stage = 'retracted') AS "retracted!"
        FROM claims WHERE desk_id = $1 AND ($2 OR stage IN ('published', 'retracted'))
        "#,
        desk as _,
        whole,
    )
    .fetch_one(&mut *conn)
    .await?;
    let marks = sqlx::query_scalar!(
        r#"
        SELECT count(*) AS "marks!"
        FROM appearances a
        JOIN claims c ON c.desk_id = a.desk_id AND c.id = a.claim_id
        LEFT JOIN claims o ON o.desk_id = c.desk_id AND o.id = c.duplicate_of
        WHERE a.desk_id = $1 AND a.article_id IS NOT NULL AND a.removed_at IS NULL
          AND ($2 OR coalesce(o.stage, c.stage) IN ('published', 'retracted'))
        "#,
        desk as _,
        whole,
    )
    .fetch_one(conn)
    .await?;
    Ok(Totals { claims: claims.claims, published: claims.published, retracted: claims.retracted, marks })
}

/// The claim that an appearance belongs to: the one that stands for it, where it is a duplicate.
///
/// # Errors
/// [`Error::NotFound`] when there is no such appearance any more.
pub async fn claim_of(conn: &mut PgConnection, desk: DeskId, appearance: AppearanceId) -> Result<ClaimId> {
    sqlx::query_scalar!(
        r#"
        SELECT coalesce(c.duplicate_of, c.id) AS "claim!: ClaimId"
        FROM appearances a JOIN claims c ON c.desk_id = a.desk_id AND c.id = a.claim_id
        WHERE a.desk_id = $1 AND a.id = $2 AND a.removed_at IS NULL
        "#,
        desk as _,
        appearance as _,
    )
    .fetch_optional(conn)
    .await?
    .ok_or(Error::NotFound("annotation"))
}

/// States under which licence the desk gives away what it publishes; none is: not stated.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn set_licence(
    conn: &mut PgConnection,
    by: &Authorized<ManageDesk>,
    licence: Option<&SafeUrl>,
) -> Result<()> {
    let licence = licence.map(SafeUrl::as_str);
    let before = sqlx::query_scalar!("SELECT licence_url FROM desks WHERE id = $1", by.desk.id as _)
        .fetch_one(&mut *conn)
        .await?;
    let details = json!({"licence_url": {"before": before, "after": licence}});
    audit::record(&mut *conn, by, "desk.licence", "desk", by.desk.id, &details).await?;
    sqlx::query!(
        "UPDATE desks SET licence_url = $2, row_version = row_version + 1 WHERE id = $1",
        by.desk.id as _,
        licence,
    )
    .execute(conn)
    .await?;
    Ok(())
}
