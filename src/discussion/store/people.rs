//! Who can be called, and who was.

use sqlx::PgConnection;

use crate::discussion::body::{People, Person};
use crate::error::Result;
use crate::id::{AccountId, DeskId};

/// The desk's members of now, by name: at most 1,000.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn members(conn: &mut PgConnection, desk: DeskId) -> Result<Vec<Person>> {
    Ok(sqlx::query_as!(
        Person,
        r#"
        SELECT a.id AS "account: AccountId", a.handle, a.display_name AS name
        FROM memberships m JOIN accounts a ON a.id = m.account_id
        WHERE m.desk_id = $1 AND m.roles <> '{}' AND a.disabled_at IS NULL
        ORDER BY a.handle
        LIMIT 1000
        "#,
        desk as _,
    )
    .fetch_all(conn)
    .await?)
}

/// The names of accounts that texts name.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn called_in(conn: &mut PgConnection, accounts: &[AccountId]) -> Result<People> {
    let people = sqlx::query_as!(
        Person,
        r#"SELECT id AS "account: AccountId", handle, display_name AS name FROM accounts WHERE id = ANY($1) LIMIT 10000"#,
        accounts as _,
    )
    .fetch_all(conn)
    .await?;
    Ok(People::new(people))
}
