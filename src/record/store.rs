//! All SQL of the record's pages.

use sqlx::PgPool;
use time::OffsetDateTime;
use uuid::Uuid;

use crate::error::Result;
use crate::id::{DeskId, EventId};
use crate::web::paging::{Page, limit};

/// One entry, as the page shows it.
#[derive(Debug)]
pub struct Entry {
    pub id: EventId,
    pub at: OffsetDateTime,
    pub actor: Option<String>,
    pub action: String,
    pub entity: String,
    pub entity_id: Uuid,
    pub details: String,
}

/// The newest entries, or those before one.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn list(
    pool: &PgPool,
    desk: DeskId,
    before: Option<Uuid>,
    about: Option<Uuid>,
) -> Result<Page<Entry>> {
    let rows = sqlx::query_as!(
        Entry,
        r#"
        SELECT e.id AS "id: EventId", e.at, a.display_name AS "actor?", e.action, e.entity, e.entity_id,
               e.details::text AS "details!"
        FROM events e
        LEFT JOIN accounts a ON a.id = e.actor_id
        WHERE e.desk_id = $1 AND ($2::uuid IS NULL OR e.id < $2) AND ($3::uuid IS NULL OR e.entity_id = $3)
        ORDER BY e.id DESC
        LIMIT $4
        "#,
        desk as _,
        before,
        about,
        limit(),
    )
    .fetch_all(pool)
    .await?;
    Ok(Page::of(rows, |entry| entry.id.uuid()))
}
