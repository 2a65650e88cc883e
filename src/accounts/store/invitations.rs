//! Invitations to a desk.

use sqlx::PgConnection;
use time::{Duration, OffsetDateTime};

use super::names;
use crate::accounts::names::Slug;
use crate::audit::{Actor, Change};
use crate::auth::permission::ManageDesk;
use crate::auth::{Authorized, Role, Secret};
use crate::error::{Error, Result};
use crate::id::{AccountId, DeskId, InvitationId};

/// An invitation is good for a week.
pub const GOOD_FOR: Duration = Duration::days(7);

/// An invitation that nobody has accepted yet, for those who manage the desk.
#[derive(Debug)]
pub struct Open {
    pub id: InvitationId,
    pub roles: Vec<String>,
    pub note: String,
    pub created_by: String,
    pub expires_at: OffsetDateTime,
}

impl Open {
    /// The roles in words.
    #[must_use]
    pub fn role_labels(&self) -> Vec<&'static str> {
        self.roles.iter().filter_map(|role| Role::parse(role)).map(Role::label).collect()
    }
}

/// Makes an invitation.
pub async fn insert(
    conn: &mut PgConnection,
    by: &Authorized<ManageDesk>,
    change: &Change,
    id: InvitationId,
    secret: &Secret,
    roles: &[Role],
    note: &str,
) -> Result<()> {
    sqlx::query!(
        r#"
        INSERT INTO invitations (desk_id, id, token_hash, roles, note, created_by, created_at, expires_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
        "#,
        by.desk.id as _,
        id as _,
        secret.hash(),
        &names(roles),
        note,
        change.by as _,
        change.at,
        change.at + GOOD_FOR,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The desk's invitations that can still be accepted, latest first.
pub async fn open(conn: &mut PgConnection, by: &Authorized<ManageDesk>) -> Result<Vec<Open>> {
    Ok(sqlx::query_as!(
        Open,
        r#"
        SELECT i.id AS "id: InvitationId", i.roles, i.note, a.display_name AS created_by, i.expires_at
        FROM invitations i JOIN accounts a ON a.id = i.created_by
        WHERE i.desk_id = $1 AND i.accepted_at IS NULL AND i.withdrawn_at IS NULL AND i.expires_at > $2
        ORDER BY i.id DESC
        LIMIT 100
        "#,
        by.desk.id as _,
        by.now,
    )
    .fetch_all(conn)
    .await?)
}

/// Takes an invitation back.
///
/// # Errors
/// [`Error::NotFound`] when there is none that can be.
pub async fn withdraw(
    conn: &mut PgConnection,
    by: &Authorized<ManageDesk>,
    change: &Change,
    id: InvitationId,
) -> Result<()> {
    let withdrawn = sqlx::query!(
        r#"
        UPDATE invitations SET withdrawn_at = $3
        WHERE desk_id = $1 AND id = $2 AND accepted_at IS NULL AND withdrawn_at IS NULL
        "#,
        by.desk.id as _,
        id as _,
        change.at,
    )
    .execute(conn)
    .await?;
    if withdrawn.rows_affected() == 0 {
        return Err(Error::NotFound("invitation that could be withdrawn"));
    }
    Ok(())
}

/// An invitation, for whoever has the link.
#[derive(Clone, Debug)]
pub struct Invitation {
    pub id: InvitationId,
    pub desk: DeskId,
    pub desk_slug: String,
    pub desk_name: String,
    pub roles: Vec<Role>,
    pub note: String,
    pub created_by: String,
}

/// The invitation that a link is, when it can be accepted.
///
/// # Errors
/// [`Error::NotFound`] when it cannot, for whatever reason.
pub async fn get(
    conn: &mut PgConnection,
    desk: &Slug,
    secret: &Secret,
    now: OffsetDateTime,
) -> Result<Invitation> {
    let row = sqlx::query!(
        r#"
        SELECT i.id AS "id: InvitationId", d.id AS "desk: DeskId", d.slug, d.name, i.roles, i.note, a.display_name
        FROM desks d
        JOIN invitations i ON i.desk_id = d.id AND i.token_hash = $2
        JOIN accounts a ON a.id = i.created_by
        WHERE d.slug = $1 AND i.accepted_at IS NULL AND i.withdrawn_at IS NULL AND i.expires_at > $3
        "#,
        desk.as_str(),
        secret.hash(),
        now,
    )
    .fetch_optional(conn)
    .await?
    .ok_or(Error::NotFound("invitation, or it was used, withdrawn or has expired"))?;
    Ok(Invitation {
        id: row.id,
        desk: row.desk,
        desk_slug: row.slug,
        desk_name: row.name,
        roles: row.roles.iter().filter_map(|role| Role::parse(role)).collect(),
        note: row.note,
        created_by: row.display_name,
    })
}

/// What joining changed.
#[derive(Debug)]
pub struct Joined {
    pub actor: Actor,
    pub before: Vec<String>,
    pub after: Vec<String>,
}

/// Makes the account a member with the invitation's roles, besides those that it has. The event is written next, by the
/// new member: before, there is nobody it could name.
///
/// # Errors
/// [`Error::NotFound`] when the invitation was used or withdrawn meanwhile.
pub async fn accept(
    conn: &mut PgConnection,
    invitation: &Invitation,
    account: AccountId,
    now: OffsetDateTime,
) -> Result<Joined> {
    let still_open = sqlx::query_scalar!(
        r#"
        SELECT id FROM invitations
        WHERE desk_id = $1 AND id = $2 AND accepted_at IS NULL AND withdrawn_at IS NULL AND expires_at > $3
        FOR UPDATE
        "#,
        invitation.desk as _,
        invitation.id as _,
        now,
    )
    .fetch_optional(&mut *conn)
    .await?;
    if still_open.is_none() {
        return Err(Error::NotFound("invitation, or it was used, withdrawn or has expired"));
    }
    let before = sqlx::query_scalar!(
        "SELECT roles FROM memberships WHERE desk_id = $1 AND account_id = $2 FOR NO KEY UPDATE",
        invitation.desk as _,
        account as _,
    )
    .fetch_optional(&mut *conn)
    .await?
    .unwrap_or_default();
    let after: Vec<String> = Role::ALL
        .into_iter()
        .filter(|role| invitation.roles.contains(role) || before.iter().any(|had| had == role.as_str()))
        .map(|role| role.as_str().to_owned())
        .collect();
    sqlx::query!(
        r#"
        INSERT INTO memberships (desk_id, account_id, roles, created_at) VALUES ($1, $2, $3, $4)
        ON CONFLICT (desk_id, account_id)
        DO UPDATE SET roles = excluded.roles, row_version = memberships.row_version + 1
        "#,
        invitation.desk as _,
        account as _,
        &after,
        now,
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query!(
        "UPDATE invitations SET accepted_by = $3, accepted_at = $4 WHERE desk_id = $1 AND id = $2",
        invitation.desk as _,
        invitation.id as _,
        account as _,
        now,
    )
    .execute(conn)
    .await?;
    Ok(Joined { actor: Actor { desk: invitation.desk, account, at: now }, before, after })
}
