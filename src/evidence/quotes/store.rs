//! Looking for quotations in copies, and keeping what it came to.

use actix_web::web;
use serde_json::json;
use sqlx::PgConnection;
use sqlx::types::Json;

use super::{Locators, Quoted};
use crate::audit;
use crate::auth::Authorized;
use crate::auth::permission::CiteEvidence;
use crate::error::{Error, Result};
use crate::evidence::cited::Evidence;
use crate::id::{ClaimId, CopyId, DeskId, EvidenceId, SourceId};
use crate::text::document::Shape;
use crate::text::quote::{self, QuoteCheck};

/// How many pieces of evidence are looked at when a copy comes.
const CHECKED_MAX: i64 = 1_000;

/// Looks for words in the newest copy of a source that has a text; nothing when there is none. `place` is the copy in which they
/// were selected, and where. Where they stand, page and table cell come along.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn look(
    conn: &mut PgConnection,
    desk: DeskId,
    source: SourceId,
    exact: &str,
    place: Option<(CopyId, u32)>,
) -> Result<Option<(Quoted, Locators)>> {
    let found = sqlx::query!(
        r#"
        SELECT p.id AS "copy: CopyId", p.body AS "body!", p.blocks AS "shape!: Json<Shape>"
        FROM source_copies p
        JOIN sources s ON s.desk_id = p.desk_id AND s.id = p.source_id
        JOIN sources c ON c.desk_id = s.desk_id
            AND coalesce(c.merged_into, c.id) = coalesce(s.merged_into, s.id)
        WHERE c.desk_id = $1 AND c.id = $2 AND p.body IS NOT NULL
        ORDER BY p.id = $3 DESC NULLS LAST, p.created_at DESC, p.id DESC
        LIMIT 1
        "#,
        desk as _,
        source as _,
        place.map(|(copy, _)| copy) as _,
    )
    .fetch_optional(conn)
    .await?;
    let Some(found) = found else { return Ok(None) };
    let near = place.filter(|(copy, _)| *copy == found.copy).map(|(_, at)| at);
    let (body, Json(shape), words) = (found.body, found.shape, exact.to_owned());
    let look = move || {
        let checked = quote::check(&body, &words, near);
        let locators = checked.place.as_ref().map(|place| Locators::of(&shape.blocks, place.start));
        (checked, locators.unwrap_or_default())
    };
    let (checked, locators) = web::block(look).await.map_err(Error::internal)?;
    Ok(Some((Quoted::just(found.copy, checked), locators)))
}

/// Looks for all quotations from a source again that do not stand in a copy yet: for when a copy has come, or sources were
/// merged. What stands in a copy stands there for good. What is cited by a claim that is in review or public is looked for
/// the first time only, so that what was decided on stays what was decided on.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn check_source(
    conn: &mut PgConnection,
    by: &Authorized<CiteEvidence>,
    source: SourceId,
) -> Result<()> {
    let open = sqlx::query!(
        r#"
        SELECT e.id AS "id: EvidenceId", e.claim_id AS "claim: ClaimId", e.exact AS "exact!", e.copy_id AS "copy: CopyId",
               e.quote_check AS "check: QuoteCheck"
        FROM evidence e
        JOIN claims k ON k.desk_id = e.desk_id AND k.id = e.claim_id
        JOIN sources s ON s.desk_id = e.desk_id AND s.id = e.source_id
        JOIN sources c ON c.desk_id = s.desk_id
            AND coalesce(c.merged_into, c.id) = coalesce(s.merged_into, s.id)
        WHERE e.desk_id = $1 AND c.id = $2 AND e.removed_at IS NULL AND e.exact IS NOT NULL
          AND (e.quote_check IS NULL OR e.quote_check <> 'stands' AND k.stage IN ('marked', 'researching'))
        ORDER BY e.id
        LIMIT $3
        FOR UPDATE OF e
        "#,
        by.desk.id as _,
        source as _,
        CHECKED_MAX,
    )
    .fetch_all(&mut *conn)
    .await?;
    for one in open {
        let Some((quoted, locators)) = look(conn, by.desk.id, source, &one.exact, None).await? else {
            return Ok(());
        };
        if one.check == Some(quoted.check) && one.copy == Some(quoted.copy) {
            continue;
        }
        let details = json!({
            "claim": one.claim,
            "copy": quoted.copy,
            "quote_check": quoted.check,
        });
        let change = audit::record(conn, by, "evidence.check", "evidence", one.id, &details).await?;
        let (start, end) = quoted.place.as_ref().map(|place| (place.start, place.end)).unzip();
        sqlx::query!(
            r#"
            UPDATE evidence
            SET copy_id = $3, quote_check = $4, start_at = $5, end_at = $6, found = $7, prefix = $8, suffix = $9,
                quote_reason = CASE WHEN $4 = 'stands' THEN NULL ELSE quote_reason END,
                quote_reason_by = CASE WHEN $4 = 'stands' THEN NULL ELSE quote_reason_by END,
                page = coalesce(page, $11), cell_table = coalesce(cell_table, $12), cell_row = coalesce(cell_row, $13),
                cell_column = coalesce(cell_column, $14), row_version = row_version + 1, event_id = $10
            WHERE desk_id = $1 AND id = $2
            "#,
            change.desk as _,
            one.id as _,
            quoted.copy as _,
            quoted.check as _,
            start,
            end,
            quoted.place.as_ref().map(|place| &*place.exact),
            quoted.place.as_ref().map(|place| &*place.prefix),
            quoted.place.as_ref().map(|place| &*place.suffix),
            change.event as _,
            locators.page,
            locators.cell.map(|cell| cell.table),
            locators.cell.map(|cell| cell.row),
            locators.cell.map(|cell| cell.column),
        )
        .execute(&mut *conn)
        .await?;
    }
    Ok(())
}

/// Says why words are cited that do not stand in the copy so, or takes that back.
///
/// # Errors
/// [`Error::Conflict`] when they stand there, or somebody changed the evidence meanwhile.
pub async fn acknowledge(
    conn: &mut PgConnection,
    by: &Authorized<CiteEvidence>,
    was: &Evidence,
    reason: Option<&str>,
) -> Result<()> {
    let before = was.quoted.as_ref().and_then(|quoted| quoted.reason.as_ref()).map(|(reason, _)| reason);
    let details = json!({"claim": was.claim, "quote_reason": {"before": before, "after": reason}});
    let change = audit::record(conn, by, "evidence.acknowledge", "evidence", was.id, &details).await?;
    let updated = sqlx::query!(
        r#"
        UPDATE evidence
        SET quote_reason = $4, quote_reason_by = CASE WHEN $4::text IS NULL THEN NULL ELSE $5::uuid END,
            row_version = row_version + 1, event_id = $6
        WHERE desk_id = $1 AND id = $2 AND row_version = $3 AND removed_at IS NULL AND quote_check IN ('nearly', 'missing')
        "#,
        change.desk as _,
        was.id as _,
        was.row_version,
        reason,
        change.by as _,
        change.event as _,
    )
    .execute(conn)
    .await?;
    if updated.rows_affected() == 1 {
        return Ok(());
    }
    Err(Error::conflict("These words were changed or found meanwhile. Look at them again."))
}
