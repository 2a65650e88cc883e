//! Domains that a desk warns about.

use std::collections::HashMap;

use serde_json::json;
use sqlx::PgConnection;
use time::OffsetDateTime;

use crate::audit;
use crate::auth::Authorized;
use crate::auth::permission::CiteEvidence;
use crate::editing;
use crate::error::{Error, Result};
use crate::evidence::sources::warned::{WARNED_MAX, Warned, Warning};
use crate::id::DeskId;

/// All domains that the desk warns about, in the order of their letters.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn warned(conn: &mut PgConnection, desk: DeskId) -> Result<Vec<Warned>> {
    Ok(sqlx::query_as!(
        Warned,
        r#"
        SELECT w.domain, w.reason, a.display_name AS "by!", w.created_at AS "at: OffsetDateTime", w.row_version
        FROM warned_domains w JOIN accounts a ON a.id = w.created_by
        WHERE w.desk_id = $1 AND w.removed_at IS NULL
        ORDER BY w.domain
        LIMIT $2
        "#,
        desk as _,
        i64::try_from(WARNED_MAX).map_err(Error::internal)?,
    )
    .fetch_all(conn)
    .await?)
}

/// The reasons to warn of those of these domains that the desk warns about.
pub(super) async fn reasons(
    conn: &mut PgConnection,
    desk: DeskId,
    domains: &[String],
) -> Result<HashMap<String, String>> {
    if domains.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = sqlx::query!(
        "SELECT domain, reason FROM warned_domains WHERE desk_id = $1 AND domain = ANY($2) AND removed_at IS NULL",
        desk as _,
        domains,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| (row.domain, row.reason)).collect())
}

/// Warns about a domain from now on, or for another reason when it is on the list in the version `from`.
///
/// # Errors
/// [`Error::Conflict`] when it is on the list in another version, [`Error::Invalid`] when the list is full.
pub async fn warn(
    conn: &mut PgConnection,
    by: &Authorized<CiteEvidence>,
    warning: &Warning,
    from: Option<i32>,
) -> Result<()> {
    let was = sqlx::query!(
        r#"
        SELECT reason, row_version, removed_at IS NOT NULL AS "is_removed!" FROM warned_domains
        WHERE desk_id = $1 AND domain = $2
        FOR UPDATE
        "#,
        by.desk.id as _,
        warning.domain,
    )
    .fetch_optional(&mut *conn)
    .await?;
    let there = was.as_ref().filter(|was| !was.is_removed);
    if there.map(|was| was.row_version) != from {
        return Err(Error::conflict(match there {
            Some(was) => format!("This domain is on the list already: {}", was.reason),
            None => "Somebody took this domain off the list meanwhile.".to_owned(),
        }));
    }
    if there.is_none() && warned(conn, by.desk.id).await?.len() >= WARNED_MAX {
        return Err(Error::invalid(format!("A desk warns about at most {WARNED_MAX} domains.")));
    }
    let details = json!({
        "domain": warning.domain,
        "reason": {"before": there.map(|was| &was.reason), "after": warning.reason},
    });
    let change = audit::record(conn, by, "domain.warn", "desk", by.desk.id, &details).await?;
    sqlx::query!(
        r#"
        INSERT INTO warned_domains (desk_id, domain, reason, created_by, created_at, event_id)
        VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT (desk_id, domain) DO UPDATE
        SET reason = $3, removed_at = NULL, row_version = warned_domains.row_version + 1, event_id = $6
        "#,
        change.desk as _,
        warning.domain,
        warning.reason,
        change.by as _,
        change.at,
        change.event as _,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Warns about a domain no longer.
///
/// # Errors
/// [`Error::Conflict`] when somebody changed the warning since the version `from`.
pub async fn unwarn(
    conn: &mut PgConnection,
    by: &Authorized<CiteEvidence>,
    domain: &str,
    from: i32,
) -> Result<()> {
    let details = json!({ "domain": domain });
    let change = audit::record(conn, by, "domain.unwarn", "desk", by.desk.id, &details).await?;
    let updated = sqlx::query!(
        r#"
        UPDATE warned_domains SET removed_at = $4, row_version = row_version + 1, event_id = $5
        WHERE desk_id = $1 AND domain = $2 AND row_version = $3 AND removed_at IS NULL
        "#,
        change.desk as _,
        domain,
        from,
        change.at,
        change.event as _,
    )
    .execute(conn)
    .await?;
    if updated.rows_affected() == 1 { Ok(()) } else { Err(editing::stale()) }
}
