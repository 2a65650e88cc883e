//! All SQL of the stream.

use sqlx::PgPool;

use crate::error::Result;
use crate::id::{ArticleId, ClaimId, DeskId, VersionId};

/// One mark that an event has touched.
#[derive(Debug)]
pub struct Touched {
    pub claim: ClaimId,
    pub start: i32,
    pub end: i32,
    pub stage: String,
    /// Who did it.
    pub by: Option<String>,
}

/// The first transaction that is still under way: everything before it is certain.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn horizon(pool: &PgPool) -> Result<i64> {
    let horizon =
        sqlx::query_scalar!(r#"SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint AS "xmin!""#)
            .fetch_one(pool)
            .await?;
    Ok(horizon)
}

/// The marks of a version that events from one transaction up to another have touched.
///
/// An event is about a claim, or about something of one: where it appears, evidence, a round of judging. At most 10,000
/// events are read: more between two looks are an import, which a page shows when it is opened again. Each leads to its
/// marks by their index, whatever the planner believes of tables that have just grown.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn touched(
    pool: &PgPool,
    desk: DeskId,
    version: VersionId,
    from_xid: i64,
    to_xid: i64,
) -> Result<Vec<Touched>> {
    Ok(sqlx::query_as!(
        Touched,
        r#"
        WITH latest AS MATERIALIZED (
            SELECT e.xid, e.id, e.actor_id, coalesce(p.claim_id, v.claim_id, r.claim_id, e.entity_id) AS claim_id
            FROM events e
            LEFT JOIN appearances p ON p.desk_id = e.desk_id AND p.id = e.entity_id
            LEFT JOIN evidence v ON v.desk_id = e.desk_id AND v.id = e.entity_id
            LEFT JOIN rounds r ON r.desk_id = e.desk_id AND r.id = e.entity_id
            WHERE e.desk_id = $1 AND e.xid >= $3 AND e.xid < $4
                AND e.epoch = (SELECT l.epoch FROM events l WHERE l.desk_id = $1 ORDER BY l.epoch DESC LIMIT 1)
            ORDER BY e.xid, e.id
            LIMIT 10000
        )
        SELECT n.claim_id AS "claim!: ClaimId", n.start_at AS "start!", n.end_at AS "end!", n.stage AS "stage!",
               a.display_name AS "by?"
        FROM latest
        CROSS JOIN LATERAL (
            SELECT m.claim_id, m.start_at, m.end_at, m.stage
            FROM anchors m
            WHERE m.desk_id = $1 AND m.claim_id = latest.claim_id AND m.version_id = $2
            ORDER BY m.start_at
            LIMIT 100
        ) n
        LEFT JOIN accounts a ON a.id = latest.actor_id
        ORDER BY latest.xid, latest.id
        "#,
        desk as _,
        version as _,
        from_xid,
        to_xid,
    )
    .fetch_all(pool)
    .await?)
}

/// Whether the desk has any event from one transaction up to another; asked before anything dearer.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn anything(pool: &PgPool, desk: DeskId, from_xid: i64, to_xid: i64) -> Result<bool> {
    Ok(sqlx::query_scalar!(
        r#"
        SELECT EXISTS (
            SELECT FROM events e
            WHERE e.desk_id = $1 AND e.xid >= $2 AND e.xid < $3
                AND e.epoch = (SELECT l.epoch FROM events l WHERE l.desk_id = $1 ORDER BY l.epoch DESC LIMIT 1)
        ) AS "exists!"
        "#,
        desk as _,
        from_xid,
        to_xid,
    )
    .fetch_one(pool)
    .await?)
}

/// The version of an article that has this number, or the latest.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn version(
    pool: &PgPool,
    desk: DeskId,
    article: ArticleId,
    number: Option<i32>,
) -> Result<Option<VersionId>> {
    Ok(sqlx::query_scalar!(
        r#"
        SELECT id AS "id: VersionId" FROM article_versions
        WHERE desk_id = $1 AND article_id = $2 AND ($3::integer IS NULL OR number = $3)
        ORDER BY number DESC LIMIT 1
        "#,
        desk as _,
        article as _,
        number,
    )
    .fetch_optional(pool)
    .await?)
}
