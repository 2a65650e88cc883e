//! What an article's page says of its other versions: which one was checked, what changed since, and which verdicts are
//! about words that are not in this one.

use sqlx::PgConnection;
use time::OffsetDateTime;

use crate::claims::Stage;
use crate::claims::marks::Rating;
use crate::error::Result;
use crate::id::{ArticleId, ClaimId, DeskId, VersionId};
use crate::scales::{Colour, Shape};

/// A version by its number, and since when it is here.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Dated {
    pub number: i32,
    pub at: OffsetDateTime,
}

/// A public claim whose words do not stand in the version.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Elsewhere {
    pub claim: ClaimId,
    pub claim_reviewed: String,
    pub stage: Stage,
    pub rating: Option<Rating>,
    /// The words that were checked.
    pub exact: String,
    /// The version in which they stand, and the number of the mark there.
    pub version: i32,
    pub mark: i64,
}

/// What stands behind the version that is shown.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Background {
    /// The newest version that a public verdict is about.
    pub checked: Option<Dated>,
    /// The version after that: the first change after the verdict.
    pub changed: Option<Dated>,
    /// How many marks wait for a look, of how many; for members.
    pub waiting: i64,
    pub all: i64,
    /// At most 200.
    pub elsewhere: Vec<Elsewhere>,
}

/// Reads the background of a version. An article of one version has none: do not ask.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn background(
    conn: &mut PgConnection,
    desk: DeskId,
    article: ArticleId,
    version: VersionId,
    member: bool,
) -> Result<Background> {
    let checked = checked(conn, desk, article).await?;
    let changed = match checked {
        Some(checked) => after(conn, desk, article, checked.number).await?,
        None => None,
    };
    let counts = super::list::counts(conn, desk, version).await?;
    Ok(Background {
        checked,
        changed,
        waiting: if member { counts.waiting } else { 0 },
        all: if member { counts.all } else { 0 },
        elsewhere: elsewhere(conn, desk, version, member).await?,
    })
}

/// The newest version that a public verdict is about: one that was here when the verdict was published, or in which
/// somebody decided where the words stand.
async fn checked(conn: &mut PgConnection, desk: DeskId, article: ArticleId) -> Result<Option<Dated>> {
    let checked = sqlx::query_as!(
        Dated,
        r#"
        SELECT v.number, v.created_at AS at
        FROM article_versions v
        WHERE v.desk_id = $1 AND v.article_id = $2 AND EXISTS (
            SELECT FROM anchors a
            JOIN claims c ON c.desk_id = a.desk_id AND c.id = a.claim_id
            JOIN publications p ON p.desk_id = c.desk_id AND p.claim_id = c.id AND p.number = c.current_verdict
            LEFT JOIN reanchorings r ON r.desk_id = a.desk_id AND r.version_id = a.version_id
                AND r.appearance_id = a.appearance_id
            WHERE a.desk_id = v.desk_id AND a.version_id = v.id AND NOT a.removed
              AND a.stage IN ('published', 'retracted')
              AND (r.decision IS DISTINCT FROM 'carried' OR v.created_at <= p.published_at)
        )
        ORDER BY v.number DESC
        LIMIT 1
        "#,
        desk as _,
        article as _,
    )
    .fetch_optional(conn)
    .await?;
    Ok(checked)
}

async fn after(
    conn: &mut PgConnection,
    desk: DeskId,
    article: ArticleId,
    number: i32,
) -> Result<Option<Dated>> {
    let after = sqlx::query_as!(
        Dated,
        r#"
        SELECT number, created_at AS at FROM article_versions
        WHERE desk_id = $1 AND article_id = $2 AND number = $3 + 1
        "#,
        desk as _,
        article as _,
        number,
    )
    .fetch_optional(conn)
    .await?;
    Ok(after)
}

async fn elsewhere(
    conn: &mut PgConnection,
    desk: DeskId,
    version: VersionId,
    member: bool,
) -> Result<Vec<Elsewhere>> {
    let rows = sqlx::query!(
        r#"
        SELECT r.claim_id AS "claim: ClaimId", c.claim_reviewed, c.stage AS "stage: Stage", a.exact,
               a.rating_label, a.rating_shape AS "rating_shape: Shape", a.rating_colour AS "rating_colour: Colour",
               v.number AS version,
               (SELECT count(*) FROM anchors o
                WHERE o.desk_id = a.desk_id AND o.version_id = a.version_id AND o.appearance_id <= a.appearance_id
                  AND ($3 OR o.stage IN ('published', 'retracted'))) AS "mark!"
        FROM reanchorings r
        JOIN claims c ON c.desk_id = r.desk_id AND c.id = r.claim_id AND c.stage IN ('published', 'retracted')
        JOIN article_versions v ON v.desk_id = r.desk_id AND v.id = r.from_version_id
        JOIN anchors a ON a.desk_id = r.desk_id AND a.version_id = r.from_version_id AND a.start_at = r.from_start
            AND a.end_at = r.from_end AND a.appearance_id = r.appearance_id AND NOT a.removed
        WHERE r.desk_id = $1 AND r.version_id = $2 AND r.exact IS NULL
        ORDER BY r.from_start, r.appearance_id
        LIMIT 200
        "#,
        desk as _,
        version as _,
        member,
    )
    .fetch_all(conn)
    .await?;
    let elsewhere = rows.into_iter().map(|row| Elsewhere {
        claim: row.claim,
        claim_reviewed: row.claim_reviewed,
        stage: row.stage,
        rating: Rating::of(row.rating_label, row.rating_shape, row.rating_colour),
        exact: row.exact,
        version: row.version,
        mark: row.mark,
    });
    Ok(elsewhere.collect())
}

/// Whether anything that is public is marked in any version of an article, so that everybody may read all of them.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn is_public(conn: &mut PgConnection, desk: DeskId, article: ArticleId) -> Result<bool> {
    let public = sqlx::query_scalar!(
        r#"
        SELECT EXISTS (
            SELECT FROM article_versions v
            JOIN anchors a ON a.desk_id = v.desk_id AND a.version_id = v.id AND a.stage IN ('published', 'retracted')
            WHERE v.desk_id = $1 AND v.article_id = $2
        ) AS "public!"
        "#,
        desk as _,
        article as _,
    )
    .fetch_one(conn)
    .await?;
    Ok(public)
}
