//! Who belongs to a desk, and as what.

use sqlx::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

use super::names;
use crate::audit::{Actor, Change};
use crate::auth::permission::{ManageDesk, ReadDesk};
use crate::auth::{Authorized, Role};
use crate::error::{Error, Result};
use crate::id::{AccountId, DeskId};

/// What is said to who would leave a desk without anybody to manage it.
pub const LAST_ADMIN: &str =
    "A desk needs an admin who can sign in. Make somebody else an admin first, then try again.";

/// A member, or somebody who was.
#[derive(Clone, Debug)]
pub struct Member {
    pub account: AccountId,
    pub handle: String,
    pub name: String,
    pub roles: Vec<Role>,
    pub disabled: bool,
    pub row_version: i32,
}

impl Member {
    /// Whether they have that role.
    #[must_use]
    pub fn is(&self, role: Role) -> bool {
        self.roles.contains(&role)
    }

    /// The id of the fields with their roles.
    #[must_use]
    pub fn roles_id(&self) -> String {
        format!("roles-{}", self.account)
    }
}

struct Found {
    account_id: AccountId,
    handle: String,
    display_name: String,
    roles: Vec<String>,
    disabled: bool,
    row_version: i32,
}

impl From<Found> for Member {
    fn from(row: Found) -> Self {
        Self {
            account: row.account_id,
            handle: row.handle,
            name: row.display_name,
            roles: row.roles.iter().filter_map(|role| Role::parse(role)).collect(),
            disabled: row.disabled,
            row_version: row.row_version,
        }
    }
}

/// Makes an account a member of a desk that it was none of. The event is written next: before, there is nobody it could
/// name.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn insert(
    conn: &mut PgConnection,
    desk: DeskId,
    account: AccountId,
    roles: &[Role],
    now: OffsetDateTime,
) -> Result<Actor> {
    sqlx::query!(
        "INSERT INTO memberships (desk_id, account_id, roles, created_at) VALUES ($1, $2, $3, $4)",
        desk as _,
        account as _,
        &names(roles),
        now,
    )
    .execute(conn)
    .await?;
    Ok(Actor { desk, account, at: now })
}

/// The members of a desk in the order in which their accounts were made, after one of them.
pub async fn list(
    conn: &mut PgConnection,
    by: &Authorized<ReadDesk>,
    after: Option<Uuid>,
    limit: i64,
) -> Result<Vec<Member>> {
    let rows = sqlx::query_as!(
        Found,
        r#"
        SELECT m.account_id AS "account_id: AccountId", a.handle, a.display_name, m.roles,
               a.disabled_at IS NOT NULL AS "disabled!", m.row_version
        FROM memberships m JOIN accounts a ON a.id = m.account_id
        WHERE m.desk_id = $1 AND ($2::uuid IS NULL OR m.account_id > $2)
        ORDER BY m.account_id
        LIMIT $3
        "#,
        by.desk.id as _,
        after,
        limit,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(Member::from).collect())
}

/// One of them.
///
/// # Errors
/// [`Error::NotFound`] when the account never belonged to the desk.
pub async fn get(conn: &mut PgConnection, by: &Authorized<ManageDesk>, account: AccountId) -> Result<Member> {
    let row = sqlx::query_as!(
        Found,
        r#"
        SELECT m.account_id AS "account_id: AccountId", a.handle, a.display_name, m.roles,
               a.disabled_at IS NOT NULL AS "disabled!", m.row_version
        FROM memberships m JOIN accounts a ON a.id = m.account_id
        WHERE m.desk_id = $1 AND m.account_id = $2
        "#,
        by.desk.id as _,
        account as _,
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.ok_or(Error::NotFound("member"))?.into())
}

/// Gives a member these roles and no others; none at all means that they have left. Who is an admin no more takes back
/// the invitations that they made.
///
/// # Errors
/// [`Error::Conflict`] when somebody else changed them since `row_version`, or when the desk would be left without an
/// admin.
pub async fn set_roles(
    conn: &mut PgConnection,
    by: &Authorized<ManageDesk>,
    change: &Change,
    account: AccountId,
    roles: &[Role],
    row_version: i32,
) -> Result<()> {
    // Two admins who remove each other wait for each other here, and the second one finds that they are the last. Nobody
    // else waits: foreign keys that point at a member do not collide with this lock.
    sqlx::query!(
        r#"
        SELECT account_id FROM memberships
        WHERE desk_id = $1 AND 'admin' = ANY (roles)
        ORDER BY account_id
        FOR NO KEY UPDATE
        "#,
        by.desk.id as _,
    )
    .fetch_all(&mut *conn)
    .await?;
    let changed = sqlx::query!(
        r#"
        UPDATE memberships SET roles = $4, row_version = row_version + 1
        WHERE desk_id = $1 AND account_id = $2 AND row_version = $3
        "#,
        by.desk.id as _,
        account as _,
        row_version,
        &names(roles),
    )
    .execute(&mut *conn)
    .await?;
    if changed.rows_affected() == 0 {
        return Err(Error::conflict(
            "Somebody else changed this member's roles meanwhile. Look at them again.",
        ));
    }
    let has_admin = sqlx::query_scalar!(
        r#"
        SELECT EXISTS (
            SELECT FROM memberships m JOIN accounts a ON a.id = m.account_id
            WHERE m.desk_id = $1 AND 'admin' = ANY (m.roles) AND a.disabled_at IS NULL
        ) AS "has!"
        "#,
        by.desk.id as _,
    )
    .fetch_one(&mut *conn)
    .await?;
    if !has_admin {
        return Err(Error::conflict(LAST_ADMIN));
    }
    if !roles.contains(&Role::Admin) {
        withdraw_all_of(conn, change, account, change.at).await?;
    }
    Ok(())
}

async fn withdraw_all_of(
    conn: &mut PgConnection,
    change: &Change,
    account: AccountId,
    now: OffsetDateTime,
) -> Result<()> {
    sqlx::query!(
        r#"
        UPDATE invitations SET withdrawn_at = $3
        WHERE desk_id = $1 AND created_by = $2 AND accepted_at IS NULL AND withdrawn_at IS NULL
        "#,
        change.desk as _,
        account as _,
        now,
    )
    .execute(conn)
    .await?;
    Ok(())
}
