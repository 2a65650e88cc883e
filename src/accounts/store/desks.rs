//! Desks: making, listing and changing them.

use serde_json::json;
use sqlx::PgConnection;
use time::OffsetDateTime;

use super::people;
use crate::accounts::names::{Name, Slug};
use crate::accounts::settings::Settings;
use crate::audit::{Actor, Change, Submission, first_answer};
use crate::auth::permission::{AddArticle, ManageDesk, allows};
use crate::auth::{Authorized, Role};
use crate::db::IfViolates as _;
use crate::error::{Error, Result};
use crate::id::{AccountId, DeskId};
use crate::policies::Rules;

/// What is said when a desk's address is taken.
pub const SLUG_TAKEN: &str = "This address is taken. Choose another.";

/// A desk to be made.
#[derive(Clone, Debug)]
pub struct NewDesk {
    pub id: DeskId,
    pub slug: Slug,
    pub name: Name,
    pub language: String,
    /// Whether one person may decide alone.
    pub alone: bool,
}

impl NewDesk {
    /// How it decides at first.
    #[must_use]
    pub fn rules(&self) -> Rules {
        if self.alone { Rules::alone() } else { Rules::default() }
    }

    /// What the record says about it.
    #[must_use]
    pub fn described(&self) -> serde_json::Value {
        json!({
            "name": self.name.as_str(),
            "slug": self.slug.as_str(),
            "language": self.language,
            "review_policy": self.rules().mode,
            "founder_roles": ["admin", "editor"],
        })
    }
}

/// Makes a desk, and its founder an admin and editor of it.
///
/// # Errors
/// [`Error::Conflict`] when the address is taken.
pub async fn insert(
    conn: &mut PgConnection,
    desk: &NewDesk,
    founder: AccountId,
    now: OffsetDateTime,
) -> Result<Actor> {
    sqlx::query!(
        r#"
        INSERT INTO desks (id, slug, name, language, created_at)
        VALUES ($1, $2, $3, $4, $5)
        "#,
        desk.id as _,
        desk.slug.as_str(),
        desk.name.as_str(),
        desk.language,
        now,
    )
    .execute(&mut *conn)
    .await
    .if_violates("desks_slug_unique", Error::conflict(SLUG_TAKEN))
    .if_violates("desks_slug_free", Error::conflict(SLUG_TAKEN))?;
    people::insert(conn, desk.id, founder, &[Role::Admin, Role::Editor], now).await
}

/// The answer that this submission of the founder had, when it has made the desk of that address.
pub async fn answer(
    conn: &mut PgConnection,
    slug: &Slug,
    founder: AccountId,
    submission: &Submission,
    now: OffsetDateTime,
) -> Result<Option<Error>> {
    let (key, _) = submission.parts();
    let desk = sqlx::query_scalar!(
        r#"
        SELECT d.id AS "id: DeskId"
        FROM desks d JOIN submissions s ON s.desk_id = d.id AND s.account_id = $2 AND s.key = $3
        WHERE d.slug = $1
        "#,
        slug.as_str(),
        founder as _,
        key,
    )
    .fetch_optional(&mut *conn)
    .await?;
    match desk {
        Some(desk) => {
            Ok(Some(first_answer(conn, Actor { desk, account: founder, at: now }, submission).await?))
        }
        None => Ok(None),
    }
}

/// A desk in a list.
#[derive(Debug)]
pub struct Listed {
    pub slug: String,
    pub name: String,
    pub roles: Vec<String>,
}

impl Listed {
    /// Whether the person may add articles there.
    #[must_use]
    pub fn may_add_articles(&self) -> bool {
        let roles: Vec<Role> = self.roles.iter().filter_map(|role| Role::parse(role)).collect();
        allows::<AddArticle>(&roles)
    }

    /// The roles in words.
    #[must_use]
    pub fn role_labels(&self) -> Vec<&'static str> {
        self.roles.iter().filter_map(|role| Role::parse(role)).map(Role::label).collect()
    }
}

/// The desks that an account has a role at.
pub async fn of_account(conn: &mut PgConnection, account: AccountId) -> Result<Vec<Listed>> {
    Ok(sqlx::query_as!(
        Listed,
        r#"
        SELECT d.slug, d.name, m.roles
        FROM memberships m JOIN desks d ON d.id = m.desk_id
        WHERE m.account_id = $1 AND cardinality(m.roles) > 0
        ORDER BY d.slug
        LIMIT 200
        "#,
        account as _,
    )
    .fetch_all(conn)
    .await?)
}

/// Every desk's public front, by address, after one of them.
pub async fn all(conn: &mut PgConnection, after: &str, limit: i64) -> Result<Vec<Listed>> {
    Ok(sqlx::query_as!(
        Listed,
        r#"SELECT slug, name, '{}'::text[] AS "roles!" FROM desks WHERE slug > $1 ORDER BY slug LIMIT $2"#,
        after,
        limit,
    )
    .fetch_all(conn)
    .await?)
}

/// Whether the account is an admin anywhere, and so may make another desk.
pub async fn is_admin_anywhere(conn: &mut PgConnection, account: AccountId) -> Result<bool> {
    Ok(sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT FROM memberships WHERE account_id = $1 AND 'admin' = ANY (roles)) AS "is!""#,
        account as _,
    )
    .fetch_one(conn)
    .await?)
}

/// A desk's settings, and the number of their version.
pub async fn settings(conn: &mut PgConnection, desk: DeskId) -> Result<(Settings, i32)> {
    let row = sqlx::query!(
        r#"
        SELECT name, language, methodology_url, corrections_url, row_version
        FROM desks WHERE id = $1
        "#,
        desk as _,
    )
    .fetch_optional(conn)
    .await?
    .ok_or(Error::NotFound("desk"))?;
    let settings = Settings {
        name: row.name,
        language: row.language,
        methodology_url: row.methodology_url,
        corrections_url: row.corrections_url,
    };
    Ok((settings, row.row_version))
}

/// Changes a desk's settings.
///
/// # Errors
/// [`Error::Conflict`] when somebody else changed them since `row_version`.
pub async fn update(
    conn: &mut PgConnection,
    by: &Authorized<ManageDesk>,
    _change: &Change,
    settings: &Settings,
    row_version: i32,
) -> Result<()> {
    let changed = sqlx::query!(
        r#"
        UPDATE desks
        SET name = $3, language = $4, methodology_url = $5, corrections_url = $6, row_version = row_version + 1
        WHERE id = $1 AND row_version = $2
        "#,
        by.desk.id as _,
        row_version,
        settings.name,
        settings.language,
        settings.methodology_url,
        settings.corrections_url,
    )
    .execute(conn)
    .await?;
    if changed.rows_affected() == 0 {
        return Err(Error::conflict("Somebody else changed the settings while you were writing."));
    }
    Ok(())
}
