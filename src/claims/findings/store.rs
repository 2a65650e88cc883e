//! All SQL of findings.

use std::collections::HashSet;

use serde_json::json;
use sqlx::{PgConnection, PgPool};

use super::{Finding, Found, NewFinding};
use crate::audit::{self, Change};
use crate::auth::Authorized;
use crate::auth::permission::MarkClaim;
use crate::db::IfViolates as _;
use crate::error::{Error, Result};
use crate::id::{AccountId, AppearanceId, ArticleId, DeskId, FindingId, VersionId};
use crate::text::selector::Passage;

/// What one person may find in one version.
const OWN_MAX: i64 = 20_000;

/// Records what a member found, in place of what they found in the same words before.
///
/// # Errors
/// [`Error::NotFound`] when the article has no such version, [`Error::Conflict`] when the same person finds something else
/// there at the same moment.
pub async fn record(
    conn: &mut PgConnection,
    by: &Authorized<MarkClaim>,
    new: &NewFinding,
) -> Result<FindingId> {
    let finding = new.what.finding();
    let passage = new.what.passage();
    let action = match finding {
        Finding::Claim => "passage.agree",
        Finding::NoClaim => "passage.clear",
        Finding::Rest => "article.clear",
    };
    let details = json!({
        "version": new.version,
        "start": passage.map(Passage::start),
        "end": passage.map(Passage::end),
        "alone": new.alone,
    });
    let change = audit::record(conn, by, action, "article", new.article, &details).await?;
    sqlx::query!(
        r#"
        UPDATE passage_findings
        SET withdrawn_at = $6, row_version = row_version + 1, event_id = $7
        WHERE desk_id = $1 AND version_id = $2 AND created_by = $3 AND withdrawn_at IS NULL
          AND start_at IS NOT DISTINCT FROM $4 AND end_at IS NOT DISTINCT FROM $5
        "#,
        change.desk as _,
        new.version as _,
        change.by as _,
        passage.map(Passage::start),
        passage.map(Passage::end),
        change.at,
        change.event as _,
    )
    .execute(&mut *conn)
    .await?;
    insert(conn, &change, new).await
}

async fn insert(conn: &mut PgConnection, change: &Change, new: &NewFinding) -> Result<FindingId> {
    let id = FindingId::new();
    let passage = new.what.passage();
    sqlx::query!(
        r#"
        INSERT INTO passage_findings (desk_id, id, article_id, version_id, finding, start_at, end_at, exact, alone,
                                      created_by, created_at, event_id)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
        "#,
        change.desk as _,
        id as _,
        new.article as _,
        new.version as _,
        new.what.finding() as _,
        passage.map(Passage::start),
        passage.map(Passage::end),
        passage.map(Passage::exact),
        new.alone,
        change.by as _,
        change.at,
        change.event as _,
    )
    .execute(conn)
    .await
    .if_violates("passage_findings_version", Error::NotFound("version"))
    .if_violates("passage_findings_one_live", Error::conflict("You have said so of these words already."))?;
    Ok(id)
}

/// Withdraws what the same member found.
///
/// # Errors
/// [`Error::NotFound`] when it is not theirs, not in the article, or withdrawn already.
pub async fn withdraw(
    conn: &mut PgConnection,
    by: &Authorized<MarkClaim>,
    article: ArticleId,
    finding: FindingId,
) -> Result<()> {
    let details = json!({ "finding": finding });
    let change = audit::record(conn, by, "finding.withdraw", "article", article, &details).await?;
    let withdrawn = sqlx::query!(
        r#"
        UPDATE passage_findings
        SET withdrawn_at = $5, row_version = row_version + 1, event_id = $6
        WHERE desk_id = $1 AND id = $2 AND article_id = $3 AND created_by = $4 AND withdrawn_at IS NULL
        "#,
        change.desk as _,
        finding as _,
        article as _,
        change.by as _,
        change.at,
        change.event as _,
    )
    .execute(conn)
    .await?;
    if withdrawn.rows_affected() == 0 { Err(Error::NotFound("finding")) } else { Ok(()) }
}

/// What a person found in a version and has not withdrawn, by where it stands.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn own(pool: &PgPool, desk: DeskId, version: VersionId, account: AccountId) -> Result<Vec<Found>> {
    let rows = sqlx::query!(
        r#"
        SELECT id AS "id: FindingId", finding AS "finding: Finding", start_at, end_at
        FROM passage_findings
        WHERE desk_id = $1 AND version_id = $2 AND created_by = $3 AND withdrawn_at IS NULL
        ORDER BY start_at, end_at
        LIMIT $4
        "#,
        desk as _,
        version as _,
        account as _,
        OWN_MAX,
    )
    .fetch_all(pool)
    .await?;
    let found = rows.into_iter().map(|row| Found {
        id: row.id,
        finding: row.finding,
        range: row.start_at.zip(row.end_at),
    });
    Ok(found.collect())
}

/// The marks of a version that a person made.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn own_marks(
    pool: &PgPool,
    desk: DeskId,
    version: VersionId,
    account: AccountId,
) -> Result<HashSet<AppearanceId>> {
    let marks = sqlx::query_scalar!(
        r#"
        SELECT p.id AS "id: AppearanceId"
        FROM anchors m JOIN appearances p ON p.desk_id = m.desk_id AND p.id = m.appearance_id
        WHERE m.desk_id = $1 AND m.version_id = $2 AND NOT m.removed AND p.created_by = $3
        LIMIT $4
        "#,
        desk as _,
        version as _,
        account as _,
        OWN_MAX,
    )
    .fetch_all(pool)
    .await?;
    Ok(marks.into_iter().collect())
}

/// Whether somebody marked exactly these words of a version.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn is_marked(pool: &PgPool, desk: DeskId, version: VersionId, passage: &Passage) -> Result<bool> {
    Ok(sqlx::query_scalar!(
        r#"
        SELECT EXISTS (SELECT FROM anchors
                       WHERE desk_id = $1 AND version_id = $2 AND start_at = $3 AND end_at = $4 AND NOT removed)
               AS "marked!"
        "#,
        desk as _,
        version as _,
        passage.start(),
        passage.end(),
    )
    .fetch_one(pool)
    .await?)
}
