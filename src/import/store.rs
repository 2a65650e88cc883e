//! All SQL of importing.

use sqlx::PgPool;

use crate::error::{Error, Result};
use crate::id::{AccountId, DeskId};

/// The desk and the account of these names.
///
/// # Errors
/// [`Error::NotFound`] of which there is none.
pub(super) async fn desk_and_account(pool: &PgPool, slug: &str, handle: &str) -> Result<(DeskId, AccountId)> {
    let row = sqlx::query!(
        r#"
        SELECT (SELECT id FROM desks WHERE slug = $1) AS "desk: DeskId",
               (SELECT id FROM accounts WHERE handle = $2) AS "account: AccountId"
        "#,
        slug,
        handle,
    )
    .fetch_one(pool)
    .await?;
    let desk = row.desk.ok_or(Error::NotFound("desk"))?;
    Ok((desk, row.account.ok_or(Error::NotFound("account"))?))
}
