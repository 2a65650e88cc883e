//! Creating claims and changing their fields.

use serde_json::json;
use sqlx::PgConnection;

use crate::audit::{self, Change};
use crate::auth::Authorized;
use crate::auth::permission::{DraftVerdict, MarkClaim};
use crate::claims::ClaimFields;
use crate::db::IfViolates as _;
use crate::editing;
use crate::error::{Error, Result};
use crate::id::{AccountId, ClaimId};

/// Stores a new claim.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn create(
    conn: &mut PgConnection,
    by: &Authorized<MarkClaim>,
    change: &Change,
    id: ClaimId,
    fields: &ClaimFields,
) -> Result<()> {
    let types: Vec<String> = fields.claim_types.iter().map(|kind| kind.as_str().to_owned()).collect();
    sqlx::query!(
        r#"
        INSERT INTO claims (desk_id, id, claim_reviewed, language, claim_types, topics, search, created_by, created_at, event_id)
        VALUES ($1, $2, $3, $4, $5, $6, to_tsvector('simple', $3 || ' ' || array_to_string($6::text[], ' ')), $7, $8, $9)
        "#,
        by.desk.id as _,
        id as _,
        fields.claim_reviewed,
        fields.language.as_deref().unwrap_or("und"),
        &types,
        &fields.topics,
        change.by as _,
        change.at,
        change.event as _,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Stores a claim's fields, if nobody changed it since `row_version`.
///
/// # Errors
/// [`Error::Conflict`] when somebody did, or when its words are being judged.
pub async fn update(
    conn: &mut PgConnection,
    by: &Authorized<MarkClaim>,
    change: &Change,
    id: ClaimId,
    row_version: i32,
    to: &ClaimFields,
) -> Result<()> {
    let types: Vec<String> = to.claim_types.iter().map(|kind| kind.as_str().to_owned()).collect();
    let updated = sqlx::query!(
        r#"
        UPDATE claims
        SET claim_reviewed = $4, language = $5, claim_types = $6, topics = $7,
            search = to_tsvector('simple', $4 || ' ' || array_to_string($7::text[], ' ')),
            row_version = row_version + 1, event_id = $8
        WHERE desk_id = $1 AND id = $2 AND row_version = $3
        "#,
        by.desk.id as _,
        id as _,
        row_version,
        to.claim_reviewed,
        to.language.as_deref().unwrap_or("und"),
        &types,
        &to.topics,
        change.event as _,
    )
    .execute(conn)
    .await
    .if_violates(
        "claims_words_stand_still",
        Error::conflict(
            "The words of a claim do not change while its draft is reviewed. Take the draft back first.",
        ),
    )?;
    if updated.rows_affected() == 1 { Ok(()) } else { Err(editing::stale()) }
}

/// Gives a claim to somebody, or to nobody.
///
/// # Errors
/// [`Error::Invalid`] when the person is no member of the desk.
pub async fn give(
    conn: &mut PgConnection,
    by: &Authorized<DraftVerdict>,
    id: ClaimId,
    to: Option<AccountId>,
) -> Result<()> {
    let claim = super::get(conn, by.desk.id, id).await?;
    if let Some(account) = to {
        check_member(conn, by, account).await?;
    }
    // Ids, no names: a name in the record could never be erased.
    let details = json!({"assignee": {"before": claim.assignee.map(|(account, _)| account), "after": to}});
    let change = audit::record(conn, by, "claim.assign", "claim", id, &details).await?;
    sqlx::query!(
        r#"
        UPDATE claims SET assignee_id = $3, row_version = row_version + 1, event_id = $4
        WHERE desk_id = $1 AND id = $2
        "#,
        by.desk.id as _,
        id as _,
        to as _,
        change.event as _,
    )
    .execute(conn)
    .await?;
    Ok(())
}

async fn check_member(
    conn: &mut PgConnection,
    by: &Authorized<DraftVerdict>,
    account: AccountId,
) -> Result<()> {
    let belongs = sqlx::query_scalar!(
        r#"
        SELECT EXISTS (
            SELECT FROM memberships WHERE desk_id = $1 AND account_id = $2 AND roles <> '{}'
        ) AS "belongs!"
        "#,
        by.desk.id as _,
        account as _,
    )
    .fetch_one(conn)
    .await?;
    if belongs { Ok(()) } else { Err(Error::invalid("This person does not belong to the desk.")) }
}
