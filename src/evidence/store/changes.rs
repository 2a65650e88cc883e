//! Evidence on a claim: added, edited, removed, restored.

use serde_json::json;
use sqlx::PgConnection;

use super::evidence::stands_still;
use crate::audit;
use crate::auth::Authorized;
use crate::auth::permission::CiteEvidence;
use crate::db::IfViolates as _;
use crate::editing;
use crate::error::{Error, Result};
use crate::evidence::cited::{Added, Evidence, EvidenceFields};
use crate::evidence::copies;
use crate::evidence::quotes::store::look;
use crate::evidence::quotes::{Locators, Quoted};
use crate::evidence::sources::store::{create, standing};
use crate::evidence::sources::{Pasted, SourceFields};
use crate::id::{ClaimId, DeskId, EvidenceId, SourceId};
use crate::text::selector::Selector;

const STILL: &str = "What is cited stands still while it is in review and once it is public. Take the draft back, or begin a correction, to change it.";

/// What is cited: addresses, each found or made a source; a source that the desk has; or a new one without address.
#[derive(Clone, Debug)]
pub enum Cite {
    Pasted(Pasted),
    Known(SourceId),
    New(Box<SourceFields>),
}

/// Adds evidence: one piece for each source that is cited. What the claim cites already is not added again.
///
/// # Errors
/// [`Error::NotFound`] when the desk has no such claim or source.
pub async fn add(
    conn: &mut PgConnection,
    by: &Authorized<CiteEvidence>,
    claim: ClaimId,
    cite: &Cite,
    fields: &EvidenceFields,
) -> Result<Added> {
    let mut added = Added::default();
    let mut sources = Vec::new();
    match cite {
        Cite::Known(id) => sources.push(standing(conn, by.desk.id, *id).await?.id),
        Cite::New(fields) => sources.push(create(conn, by, SourceId::new(), fields).await?),
        Cite::Pasted(pasted) => {
            for fields in pasted.sources() {
                sources.push(create(conn, by, SourceId::new(), fields).await?);
            }
            added.cut = pasted.cut();
        }
    }
    for source in sources {
        if cites(conn, by.desk.id, claim, source, fields.exact.as_deref()).await? {
            continue;
        }
        let id = EvidenceId::new();
        insert(conn, by, claim, source, id, fields).await?;
        added.evidence.push(id);
        added.sources.push(source);
    }
    Ok(added)
}

async fn cites(
    conn: &mut PgConnection,
    desk: DeskId,
    claim: ClaimId,
    source: SourceId,
    exact: Option<&str>,
) -> Result<bool> {
    Ok(sqlx::query_scalar!(
        r#"
        SELECT EXISTS (SELECT FROM evidence e
                       JOIN sources s ON s.desk_id = e.desk_id AND s.id = e.source_id
                       WHERE e.desk_id = $1 AND e.claim_id = $2 AND coalesce(s.merged_into, s.id) = $3
                         AND e.removed_at IS NULL AND e.exact IS NOT DISTINCT FROM $4) AS "cites!"
        "#,
        desk as _,
        claim as _,
        source as _,
        exact,
    )
    .fetch_one(conn)
    .await?)
}

async fn insert(
    conn: &mut PgConnection,
    by: &Authorized<CiteEvidence>,
    claim: ClaimId,
    source: SourceId,
    id: EvidenceId,
    fields: &EvidenceFields,
) -> Result<()> {
    let (quoted, found) = match &fields.exact {
        Some(exact) => look(conn, by.desk.id, source, exact, fields.place).await?.unzip(),
        None => (None, None),
    };
    let locators = fields.locators.or(found.unwrap_or_default());
    let mut details = json!({
        "claim": claim,
        "source": source,
        "stance": {"before": null, "after": fields.stance},
        "exact": {"before": null, "after": fields.exact},
        "locator": {"before": null, "after": fields.locator},
        "note": {"before": null, "after": Some(&fields.note).filter(|note| !note.is_empty())},
        "independence": {"before": null, "after": fields.independence},
    });
    for (name, text) in locators.values().into_iter().filter(|(_, text)| !text.is_empty()) {
        details[name] = json!({"before": null, "after": text});
    }
    if let Some(quoted) = &quoted {
        details["copy"] = json!(quoted.copy);
        details["quote_check"] = json!(quoted.check);
    }
    let change = audit::record(conn, by, "evidence.add", "evidence", id, &details).await?;
    sqlx::query!(
        r#"
        INSERT INTO evidence (desk_id, id, claim_id, source_id, stance, exact, locator, note, independence, created_by,
                              created_at, event_id, page, time_from_ms, time_to_ms, cell_table, cell_row, cell_column,
                              copy_id, quote_check, start_at, end_at, found, prefix, suffix)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23,
                $24, $25)
        "#,
        change.desk as _,
        id as _,
        claim as _,
        source as _,
        fields.stance as _,
        fields.exact.as_deref(),
        fields.locator.as_deref(),
        fields.note,
        fields.independence as _,
        change.by as _,
        change.at,
        change.event as _,
        locators.page,
        locators.time.map(|time| time.from_ms),
        locators.time.and_then(|time| time.to_ms),
        locators.cell.map(|cell| cell.table),
        locators.cell.map(|cell| cell.row),
        locators.cell.map(|cell| cell.column),
        quoted.as_ref().map(|quoted| quoted.copy) as _,
        quoted.as_ref().map(|quoted| quoted.check) as _,
        place(quoted.as_ref()).map(|place| place.start),
        place(quoted.as_ref()).map(|place| place.end),
        place(quoted.as_ref()).map(|place| &*place.exact),
        place(quoted.as_ref()).map(|place| &*place.prefix),
        place(quoted.as_ref()).map(|place| &*place.suffix),
    )
    .execute(&mut *conn)
    .await
    .if_violates("evidence_claim", Error::NotFound("claim"))?;
    copies::store::begin(conn, by, &change, source).await
}

fn place(quoted: Option<&Quoted>) -> Option<&Selector> {
    quoted?.place.as_ref()
}

/// Stores the fields of evidence, if nobody changed it since `was` was read. `details` are those of the event.
///
/// # Errors
/// [`Error::Conflict`] when somebody did, or what is cited stands still.
pub async fn update(
    conn: &mut PgConnection,
    by: &Authorized<CiteEvidence>,
    was: &Evidence,
    to: &EvidenceFields,
    details: &serde_json::Value,
) -> Result<()> {
    movable(conn, by.desk.id, was.claim).await?;
    // Other words have to be looked for; what was said of the old ones does not hold for them.
    let (quoted, found) = match &to.exact {
        Some(exact) if was.exact.as_ref() == Some(exact) && was.quoted.is_some() => {
            (was.quoted.clone(), None)
        }
        Some(exact) => look(conn, by.desk.id, was.source.id, exact, to.place).await?.unzip(),
        None => (None, None),
    };
    // Other words stand in another place, unless somebody says where just now.
    let locators = match found.filter(|_| to.locators == was.locators && place(quoted.as_ref()).is_some()) {
        Some(found) => Locators { page: found.page.or(to.locators.page), cell: found.cell, ..to.locators },
        None => to.locators,
    };
    let keeps_reason = quoted.as_ref().is_some_and(|quoted| quoted.reason.is_some());
    let mut details = details.clone();
    let check = |quoted: &Option<Quoted>| quoted.as_ref().map(|quoted| quoted.check);
    if check(&quoted) != check(&was.quoted) {
        details["quote_check"] = json!(check(&quoted));
    }
    let before = was.locators.values().into_iter();
    for ((name, before), (_, after)) in
        before.zip(locators.values()).filter(|(before, after)| before != after)
    {
        details[name] = json!({"before": before, "after": after});
    }
    let change = audit::record(conn, by, "evidence.edit", "evidence", was.id, &details).await?;
    let updated = sqlx::query!(
        r#"
        UPDATE evidence
        SET stance = $4, exact = $5, locator = $6, note = $7, row_version = row_version + 1, event_id = $8,
            page = $9, time_from_ms = $10, time_to_ms = $11, cell_table = $12, cell_row = $13, cell_column = $14,
            copy_id = $15, quote_check = $16, start_at = $17, end_at = $18, found = $19, prefix = $20, suffix = $21,
            quote_reason = CASE WHEN $22 THEN quote_reason END,
            quote_reason_by = CASE WHEN $22 THEN quote_reason_by END, independence = $23
        WHERE desk_id = $1 AND id = $2 AND row_version = $3 AND removed_at IS NULL
        "#,
        change.desk as _,
        was.id as _,
        was.row_version,
        to.stance as _,
        to.exact.as_deref(),
        to.locator.as_deref(),
        to.note,
        change.event as _,
        locators.page,
        locators.time.map(|time| time.from_ms),
        locators.time.and_then(|time| time.to_ms),
        locators.cell.map(|cell| cell.table),
        locators.cell.map(|cell| cell.row),
        locators.cell.map(|cell| cell.column),
        quoted.as_ref().map(|quoted| quoted.copy) as _,
        quoted.as_ref().map(|quoted| quoted.check) as _,
        place(quoted.as_ref()).map(|place| place.start),
        place(quoted.as_ref()).map(|place| place.end),
        place(quoted.as_ref()).map(|place| &*place.exact),
        place(quoted.as_ref()).map(|place| &*place.prefix),
        place(quoted.as_ref()).map(|place| &*place.suffix),
        keeps_reason,
        to.independence as _,
    )
    .execute(conn)
    .await?;
    if updated.rows_affected() == 1 {
        return Ok(());
    }
    Err(editing::stale())
}

/// Removes evidence from its claim. It stays on record and can be restored.
///
/// # Errors
/// [`Error::Conflict`] when what is cited stands still, it is the last of a published verdict, or it is removed already.
pub async fn remove(
    conn: &mut PgConnection,
    by: &Authorized<CiteEvidence>,
    claim: ClaimId,
    id: EvidenceId,
) -> Result<()> {
    set_removed(conn, by, claim, id, true).await
}

/// Restores evidence that was removed.
///
/// # Errors
/// [`Error::Conflict`] when what is cited stands still, or it is not removed.
pub async fn restore(
    conn: &mut PgConnection,
    by: &Authorized<CiteEvidence>,
    claim: ClaimId,
    id: EvidenceId,
) -> Result<()> {
    set_removed(conn, by, claim, id, false).await
}

async fn set_removed(
    conn: &mut PgConnection,
    by: &Authorized<CiteEvidence>,
    claim: ClaimId,
    id: EvidenceId,
    removed: bool,
) -> Result<()> {
    movable(conn, by.desk.id, claim).await?;
    let action = if removed { "evidence.remove" } else { "evidence.restore" };
    let change = audit::record(conn, by, action, "evidence", id, &json!({"claim": claim})).await?;
    let updated = sqlx::query!(
        r#"
        UPDATE evidence SET removed_at = $4, row_version = row_version + 1, event_id = $5
        WHERE desk_id = $1 AND claim_id = $2 AND id = $3 AND (removed_at IS NULL) = ($4::timestamptz IS NOT NULL)
        "#,
        change.desk as _,
        claim as _,
        id as _,
        removed.then_some(change.at),
        change.event as _,
    )
    .execute(conn)
    .await
    .if_violates(
        "evidence_of_published_stays",
        Error::conflict("It is the last evidence of a published verdict. Add another one first."),
    )?;
    if updated.rows_affected() == 1 {
        return Ok(());
    }
    Err(Error::conflict("Somebody else has done this already."))
}

/// Refuses changes while what is cited stands still. The claim's row is locked, so that it cannot begin to meanwhile.
async fn movable(conn: &mut PgConnection, desk: DeskId, claim: ClaimId) -> Result<()> {
    sqlx::query_scalar!(
        r#"SELECT 1 AS "one!" FROM claims WHERE desk_id = $1 AND id = $2 FOR UPDATE"#,
        desk as _,
        claim as _,
    )
    .fetch_optional(&mut *conn)
    .await?;
    if stands_still(conn, desk, claim).await? { Err(Error::conflict(STILL)) } else { Ok(()) }
}
