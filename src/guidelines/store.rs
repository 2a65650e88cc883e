//! The SQL of guidelines.

use serde_json::json;
use sha2::{Digest, Sha256};
use sqlx::PgConnection;
use time::OffsetDateTime;

use super::blocks::Block;
use super::form::GuidelinesForm;
use crate::audit;
use crate::auth::Authorized;
use crate::auth::permission::WriteGuidelines;
use crate::db::IfViolates as _;
use crate::error::{Error, Result};
use crate::id::DeskId;

/// How many versions the list shows.
const VERSIONS_MAX: i64 = 500;

const CHANGED: &str = "Somebody else changed the guidelines.";

/// One version of a desk's guidelines.
#[derive(Clone, Debug)]
pub struct Guidelines {
    /// 1, 2, 3 …
    pub number: i32,
    pub title: String,
    pub text: String,
    pub by: String,
    pub at: OffsetDateTime,
}

impl Guidelines {
    /// The text as headings, lists and paragraphs.
    #[must_use]
    pub fn blocks(&self) -> Vec<Block> {
        Block::all(&self.text)
    }
}

/// A version in the list of versions.
#[derive(Clone, Debug)]
pub struct Version {
    pub number: i32,
    pub title: String,
    pub by: String,
    pub at: OffsetDateTime,
}

/// The guidelines as they are now.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn current(conn: &mut PgConnection, desk: DeskId) -> Result<Option<Guidelines>> {
    Ok(sqlx::query_as!(
        Guidelines,
        r#"
        SELECT g.number, g.title, g.text, a.display_name AS by, g.created_at AS at
        FROM guidelines g JOIN accounts a ON a.id = g.created_by
        WHERE g.desk_id = $1
        ORDER BY g.number DESC
        LIMIT 1
        "#,
        desk as _,
    )
    .fetch_optional(conn)
    .await?)
}

/// The number of the guidelines' latest version; nothing when the desk has none.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn current_number(conn: &mut PgConnection, desk: DeskId) -> Result<Option<i32>> {
    Ok(sqlx::query_scalar!("SELECT max(number) FROM guidelines WHERE desk_id = $1", desk as _)
        .fetch_one(conn)
        .await?)
}

/// The guidelines in the state of one version.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn numbered(conn: &mut PgConnection, desk: DeskId, number: i32) -> Result<Guidelines> {
    sqlx::query_as!(
        Guidelines,
        r#"
        SELECT g.number, g.title, g.text, a.display_name AS by, g.created_at AS at
        FROM guidelines g JOIN accounts a ON a.id = g.created_by
        WHERE g.desk_id = $1 AND g.number = $2
        "#,
        desk as _,
        number,
    )
    .fetch_optional(conn)
    .await?
    .ok_or(Error::NotFound("version of the guidelines"))
}

/// The versions of the guidelines, newest first.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn versions(conn: &mut PgConnection, desk: DeskId) -> Result<Vec<Version>> {
    Ok(sqlx::query_as!(
        Version,
        r#"
        SELECT g.number, g.title, a.display_name AS by, g.created_at AS at
        FROM guidelines g JOIN accounts a ON a.id = g.created_by
        WHERE g.desk_id = $1
        ORDER BY g.number DESC
        LIMIT $2
        "#,
        desk as _,
        VERSIONS_MAX,
    )
    .fetch_all(conn)
    .await?)
}

/// Makes the next version of the guidelines from the version that the form was made on. What was assessed so far keeps
/// the version that it went by.
///
/// # Errors
/// [`Error::Conflict`] when that is not the latest.
pub async fn write(
    conn: &mut PgConnection,
    by: &Authorized<WriteGuidelines>,
    form: &GuidelinesForm,
) -> Result<()> {
    let now = current(conn, by.desk.id).await?;
    if now.as_ref().map_or(0, |now| now.number) != form.version {
        return Err(Error::conflict(CHANGED));
    }
    let number = form.version + 1;
    let hash =
        Sha256::digest(&form.text).iter().fold(String::new(), |text, byte| format!("{text}{byte:02x}"));
    let details = json!({
        "number": number,
        "title": {"before": now.map(|now| now.title), "after": form.title},
        "text_sha256": hash,
    });
    let change = audit::record(conn, by, "guidelines.write", "guidelines", by.desk.id, &details).await?;
    sqlx::query!(
        r#"
        INSERT INTO guidelines (desk_id, number, title, text, created_by, created_at, event_id)
        VALUES ($1, $2, $3, $4, $5, $6, $7)
        "#,
        change.desk as _,
        number,
        form.title,
        form.text,
        change.by as _,
        change.at,
        change.event as _,
    )
    .execute(conn)
    .await
    .if_violates("guidelines_pkey", Error::conflict(CHANGED))
    // The trigger looks before the key does.
    .if_violates("guidelines_without_gap", Error::conflict(CHANGED))?;
    Ok(())
}
