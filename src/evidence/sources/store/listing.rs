//! The list of sources, and where each is used.

use sqlx::PgConnection;
use time::Date;
use uuid::Uuid;

use super::source::published;
use crate::claims::Stage;
use crate::error::Result;
use crate::evidence::kinds::Stance;
use crate::evidence::sources::{Access, SourceClass};
use crate::id::{ClaimId, DeskId, SourceId};
use crate::text::dates::PartialDate;
use crate::web::paging::{self, Page};

/// A source in a list.
#[derive(Clone, Debug)]
pub struct Listed {
    pub id: SourceId,
    pub url: Option<String>,
    pub title: Option<String>,
    pub publisher: Option<String>,
    pub class: Option<SourceClass>,
    pub access: Access,
    pub published: PartialDate,
    /// How many claims cite it.
    pub claims: i64,
}

impl Listed {
    /// What to call it: its title, or else its address.
    #[must_use]
    pub fn name(&self) -> &str {
        self.title.as_deref().or(self.url.as_deref()).unwrap_or("Source without a title")
    }
}

/// The desk's sources, newest first: all, or those with `part` in title, address or publisher; from the one after `after`
/// on.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn list(
    conn: &mut PgConnection,
    desk: DeskId,
    part: &str,
    after: Option<Uuid>,
) -> Result<Page<Listed>> {
    let rows = sqlx::query!(
        r#"
        SELECT s.id AS "id: SourceId", s.url, s.title, g.name AS "publisher?", s.class AS "class: SourceClass",
               s.access AS "access: Access", s.published_from AS "from: Date", s.published_to AS "to: Date",
               s.published_precision,
               (SELECT count(DISTINCT e.claim_id) FROM evidence e
                WHERE e.desk_id = s.desk_id AND e.removed_at IS NULL
                  AND (e.source_id = s.id OR e.source_id IN (SELECT d.id FROM sources d
                       WHERE d.desk_id = s.desk_id AND d.merged_into = s.id))) AS "claims!"
        FROM sources s LEFT JOIN agents g ON g.desk_id = s.desk_id AND g.id = s.publisher_id
        WHERE s.desk_id = $1 AND s.merged_into IS NULL AND ($3::uuid IS NULL OR s.id < $3)
          AND strpos(lower(concat_ws(' ', s.title, s.url, g.name)), lower($2)) > 0
        ORDER BY s.id DESC
        LIMIT $4
        "#,
        desk as _,
        part.trim(),
        after,
        paging::limit(),
    )
    .fetch_all(conn)
    .await?;
    let rows: Result<Vec<Listed>> = rows
        .into_iter()
        .map(|row| {
            Ok(Listed {
                id: row.id,
                url: row.url,
                title: row.title,
                publisher: row.publisher,
                class: row.class,
                access: row.access,
                published: published(row.from, row.to, &row.published_precision)?,
                claims: row.claims,
            })
        })
        .collect();
    Ok(Page::of(rows?, |source| source.id.uuid()))
}

/// A claim that cites a source.
#[derive(Clone, Debug)]
pub struct Use {
    pub claim: ClaimId,
    pub claim_reviewed: String,
    pub stage: Stage,
    pub stance: Stance,
    pub exact: Option<String>,
    pub locator: Option<String>,
}

/// Where a source is used, newest first.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn uses(conn: &mut PgConnection, desk: DeskId, id: SourceId) -> Result<Vec<Use>> {
    Ok(sqlx::query_as!(
        Use,
        r#"
        SELECT c.id AS "claim: ClaimId", c.claim_reviewed, c.stage AS "stage: Stage", e.stance AS "stance: Stance",
               e.exact, e.locator
        FROM evidence e JOIN claims c ON c.desk_id = e.desk_id AND c.id = e.claim_id
        WHERE e.desk_id = $1 AND e.removed_at IS NULL
          AND e.source_id IN (SELECT s.id FROM sources s WHERE s.desk_id = $1 AND (s.id = $2 OR s.merged_into = $2))
        ORDER BY e.id DESC
        LIMIT 500
        "#,
        desk as _,
        id as _,
    )
    .fetch_all(conn)
    .await?)
}
