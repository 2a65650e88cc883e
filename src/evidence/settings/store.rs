//! The SQL of what a desk has decided about its sources.

use serde_json::json;
use sqlx::PgConnection;

use super::{Archive, ReferenceStyle, SourceSettings};
use crate::audit;
use crate::auth::Authorized;
use crate::auth::permission::ManageDesk;
use crate::db::IfViolates as _;
use crate::editing;
use crate::error::Result;
use crate::id::DeskId;

/// What the desk has decided; before it did, what holds then.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn settings(conn: &mut PgConnection, desk: DeskId) -> Result<SourceSettings> {
    let row = sqlx::query!(
        r#"
        SELECT copies_public, hand_to, reference_style AS "reference_style: ReferenceStyle", own_style, row_version
        FROM source_settings
        WHERE desk_id = $1
        "#,
        desk as _,
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map_or_else(SourceSettings::default, |row| SourceSettings {
        copies_public: row.copies_public,
        hand_to: row.hand_to.iter().filter_map(|code| Archive::parse(code)).collect(),
        reference_style: row.reference_style,
        own_style: row.own_style,
        row_version: row.row_version,
    }))
}

/// Decides anew, if nobody did since the version that `to` was made on.
///
/// # Errors
/// [`crate::error::Error::Conflict`] when somebody did.
pub async fn decide(conn: &mut PgConnection, by: &Authorized<ManageDesk>, to: &SourceSettings) -> Result<()> {
    let was = settings(conn, by.desk.id).await?;
    if was == *to {
        return Ok(());
    }
    if was.row_version != to.row_version {
        return Err(editing::stale());
    }
    let details = json!({
        "copies_public": {"before": was.copies_public, "after": to.copies_public},
        "hand_to": {"before": was.hand_to, "after": to.hand_to},
        "reference_style": {"before": was.reference_style, "after": to.reference_style},
        "own_style": {"before": was.own_style, "after": to.own_style},
    });
    let change = audit::record(conn, by, "desk.sources", "desk", by.desk.id, &details).await?;
    let archives: Vec<String> = to.hand_to.iter().map(|archive| archive.as_str().to_owned()).collect();
    if was.row_version == 0 {
        sqlx::query!(
            r#"
            INSERT INTO source_settings (desk_id, copies_public, hand_to, reference_style, own_style, event_id)
            VALUES ($1, $2, $3, $4, $5, $6)
            "#,
            change.desk as _,
            to.copies_public,
            &archives,
            to.reference_style as _,
            to.own_style.as_deref(),
            change.event as _,
        )
        .execute(conn)
        .await
        .if_violates("source_settings_pkey", editing::stale())?;
        return Ok(());
    }
    let updated = sqlx::query!(
        r#"
        UPDATE source_settings
        SET copies_public = $2, hand_to = $3, reference_style = $4, own_style = $5, row_version = row_version + 1,
            event_id = $6
        WHERE desk_id = $1 AND row_version = $7
        "#,
        change.desk as _,
        to.copies_public,
        &archives,
        to.reference_style as _,
        to.own_style.as_deref(),
        change.event as _,
        to.row_version,
    )
    .execute(conn)
    .await?;
    if updated.rows_affected() == 1 { Ok(()) } else { Err(editing::stale()) }
}
