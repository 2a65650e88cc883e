//! Reading the appearances of a claim.

use std::collections::HashMap;

use sqlx::PgConnection;

use crate::claims::appearance::{Appearance, Mark};
use crate::claims::speakers::Speaker;
use crate::claims::{Attitude, Medium};
use crate::error::{Error, Result};
use crate::id::{AgentId, AppearanceId, ArticleId, ClaimId, DeskId, EventId, VersionId};
use crate::text::dates::{PartialDate, Precision};

/// The appearances of a claim: those there are, then the removed ones, each in the order in which they were added.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn appearances(conn: &mut PgConnection, desk: DeskId, claim: ClaimId) -> Result<Vec<Appearance>> {
    read(conn, desk, claim, None).await
}

/// One appearance of a claim.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn appearance(
    conn: &mut PgConnection,
    desk: DeskId,
    claim: ClaimId,
    id: AppearanceId,
) -> Result<Appearance> {
    read(conn, desk, claim, Some(id)).await?.pop().ok_or(Error::NotFound("appearance"))
}

async fn read(
    conn: &mut PgConnection,
    desk: DeskId,
    claim: ClaimId,
    id: Option<AppearanceId>,
) -> Result<Vec<Appearance>> {
    let mut speakers = speakers(conn, desk, claim).await?;
    let rows = sqlx::query!(
        r#"
        SELECT p.id AS "id: AppearanceId", p.article_id AS "article: ArticleId", p.version_id AS "version: VersionId",
               p.exact, p.prefix, p.suffix, p.start_at, p.end_at, p.url, p.said_from, p.said_to, p.said_precision,
               p.place, p.medium AS "medium: Medium", p.event, p.attitude AS "attitude: Attitude", p.is_first_known,
               p.removed_at, p.row_version, p.event_id AS "changed_by: EventId",
               r.title AS "title?", r.url AS "article_url?", g.name AS "publisher?"
        FROM appearances p
        LEFT JOIN articles r ON r.desk_id = p.desk_id AND r.id = p.article_id
        LEFT JOIN agents g ON g.desk_id = r.desk_id AND g.id = r.publisher_id
        WHERE p.desk_id = $1 AND p.claim_id = $2 AND ($3::uuid IS NULL OR p.id = $3)
        ORDER BY p.removed_at IS NOT NULL, p.id
        LIMIT 1000
        "#,
        desk as _,
        claim as _,
        id as _,
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter()
        .map(|row| {
            let mark = match (row.article, row.version, row.exact, row.start_at, row.end_at) {
                (Some(article), Some(version), Some(exact), Some(start), Some(end)) => Some(Mark {
                    article,
                    version,
                    exact,
                    prefix: row.prefix.unwrap_or_default(),
                    suffix: row.suffix.unwrap_or_default(),
                    start,
                    end,
                    title: row.title,
                    publisher: row.publisher,
                    url: row.article_url,
                }),
                _ => None,
            };
            Ok(Appearance {
                id: row.id,
                claim,
                mark,
                url: row.url,
                said: said(row.said_from, row.said_to, &row.said_precision)?,
                place: row.place,
                medium: row.medium,
                event: row.event,
                attitude: row.attitude,
                is_first_known: row.is_first_known,
                speakers: speakers.remove(&row.id).unwrap_or_default(),
                removed_at: row.removed_at,
                row_version: row.row_version,
                changed_by: row.changed_by,
            })
        })
        .collect()
}

async fn speakers(
    conn: &mut PgConnection,
    desk: DeskId,
    claim: ClaimId,
) -> Result<HashMap<AppearanceId, Vec<Speaker>>> {
    let rows = sqlx::query!(
        r#"
        SELECT s.appearance_id AS "appearance: AppearanceId", s.agent_id AS "agent: AgentId", g.name, s.office
        FROM appearances p
        JOIN appearance_speakers s ON s.desk_id = p.desk_id AND s.appearance_id = p.id
        JOIN agents g ON g.desk_id = s.desk_id AND g.id = s.agent_id
        WHERE p.desk_id = $1 AND p.claim_id = $2
        ORDER BY s.appearance_id, s.position
        "#,
        desk as _,
        claim as _,
    )
    .fetch_all(conn)
    .await?;
    let mut speakers: HashMap<_, Vec<Speaker>> = HashMap::new();
    for row in rows {
        let speaker = Speaker { agent: row.agent, name: row.name, office: row.office };
        speakers.entry(row.appearance).or_default().push(speaker);
    }
    Ok(speakers)
}

fn said(from: Option<time::Date>, to: Option<time::Date>, precision: &str) -> Result<PartialDate> {
    let precision: Precision = precision.parse().map_err(Error::internal)?;
    PartialDate::from_columns(from, to, precision).map_err(Error::internal)
}

/// The latest version of an article; nothing when the desk has no such article.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn latest_version(
    conn: &mut PgConnection,
    desk: DeskId,
    article: ArticleId,
) -> Result<Option<VersionId>> {
    let version = sqlx::query_scalar!(
        r#"
        SELECT id AS "id: VersionId" FROM article_versions
        WHERE desk_id = $1 AND article_id = $2
        ORDER BY number DESC
        LIMIT 1
        "#,
        desk as _,
        article as _,
    )
    .fetch_optional(conn)
    .await?;
    Ok(version)
}

/// The desk's last articles, by their titles.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn latest_articles(conn: &mut PgConnection, desk: DeskId) -> Result<Vec<(ArticleId, String)>> {
    let rows = sqlx::query!(
        r#"
        SELECT id AS "id: ArticleId", coalesce(title, url, 'Article without a title') AS "name!" FROM articles
        WHERE desk_id = $1
        ORDER BY id DESC
        LIMIT 50
        "#,
        desk as _,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.name)).collect())
}
