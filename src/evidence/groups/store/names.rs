//! Evidence by its name, where a record has its id.

use std::collections::HashMap;
use std::hash::BuildHasher;

use sqlx::PgConnection;

use crate::editing::Entry;
use crate::error::Result;
use crate::evidence::groups::piece::Kind;
use crate::id::{ClaimId, DeskId, EvidenceId};

/// How many characters of a passage tell it from others.
const PASSAGE: usize = 60;

/// What to call each piece of evidence of a claim, by its id: its source, and how its passage begins.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn names(conn: &mut PgConnection, desk: DeskId, claim: ClaimId) -> Result<HashMap<String, String>> {
    let rows = sqlx::query!(
        r#"
        SELECT e.id AS "id: EvidenceId", coalesce(s.title, s.url, 'Source without a title') AS "source!", e.exact
        FROM evidence e
        JOIN sources c ON c.desk_id = e.desk_id AND c.id = e.source_id
        JOIN sources s ON s.desk_id = c.desk_id AND s.id = coalesce(c.merged_into, c.id)
        WHERE e.desk_id = $1 AND e.claim_id = $2
        ORDER BY e.id
        LIMIT 1000
        "#,
        desk as _,
        claim as _,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| (row.id.to_string(), name(&row.source, row.exact.as_deref()))).collect())
}

/// What to call a piece of evidence.
pub(in crate::evidence) fn name(source: &str, exact: Option<&str>) -> String {
    let Some(exact) = exact else { return source.to_owned() };
    let mut begin: String = exact.chars().take(PASSAGE).collect();
    if begin.len() < exact.len() {
        begin.push('…');
    }
    format!("{source}: “{begin}”")
}

/// Puts names in place of the ids of evidence, in the changes of sets and answers of a claim.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn name_entries(
    conn: &mut PgConnection,
    desk: DeskId,
    claim: ClaimId,
    entries: &mut [Entry],
) -> Result<()> {
    let has_ids =
        |entry: &&mut Entry| Kind::of(&entry.entity).is_some() && entry.details.get("evidence").is_some();
    let mut changed: Vec<_> = entries.iter_mut().filter(has_ids).collect();
    if changed.is_empty() {
        return Ok(());
    }
    let names = names(conn, desk, claim).await?;
    for entry in &mut changed {
        for side in ["before", "after"] {
            let place = &mut entry.details["evidence"][side];
            if let Some(ids) = place.as_str() {
                *place = named(&names, ids).into();
            }
        }
    }
    Ok(())
}

/// Ids as the text of a field, by their names.
#[must_use]
pub fn named(names: &HashMap<String, String, impl BuildHasher>, ids: &str) -> String {
    let name = |id: &str| names.get(id).cloned().unwrap_or_else(|| id.to_owned());
    ids.split(", ").filter(|id| !id.is_empty()).map(name).collect::<Vec<_>>().join("; ")
}
