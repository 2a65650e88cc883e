//! Evidence as readers and exports see it.

use sqlx::PgConnection;
use time::Date;

use crate::error::Result;
use crate::evidence::kinds::Stance;
use crate::evidence::sources::store::published;
use crate::evidence::sources::{Access, SourceClass, SourceMedium};
use crate::id::{ClaimId, DeskId, EvidenceId, SourceId};
use crate::text::dates::PartialDate;

/// Evidence as anybody may see it. Of a confidential source that is its stance, class and medium: neither words nor names.
#[derive(Clone, Debug)]
pub struct Shown {
    pub id: EvidenceId,
    pub claim: ClaimId,
    pub stance: Stance,
    pub class: Option<SourceClass>,
    pub medium: Option<SourceMedium>,
    pub access: Access,
    /// Nothing when the source is confidential, and the same for what follows.
    pub source: Option<ShownSource>,
    pub exact: Option<String>,
    pub locator: Option<String>,
    pub note: String,
}

/// A source as anybody may see it.
#[derive(Clone, Debug)]
pub struct ShownSource {
    pub id: SourceId,
    pub url: Option<String>,
    pub title: Option<String>,
    pub publisher: Option<String>,
    pub authors: Vec<String>,
    pub published: PartialDate,
}

impl ShownSource {
    /// What to call it: its title, or else its address.
    #[must_use]
    pub fn name(&self) -> &str {
        self.title.as_deref().or(self.url.as_deref()).unwrap_or("Source without a title")
    }
}

/// The evidence of these claims as anybody may see it, in the order of the claims' ids and then as it was added. Confidential
/// words never leave the database.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn public(conn: &mut PgConnection, desk: DeskId, claims: &[ClaimId]) -> Result<Vec<Shown>> {
    let claims: Vec<_> = claims.iter().map(|claim| claim.uuid()).collect();
    let rows = sqlx::query!(
        r#"
        SELECT e.id AS "id: EvidenceId", e.claim_id AS "claim: ClaimId", e.stance AS "stance: Stance",
               s.class AS "class: SourceClass", s.medium AS "medium: SourceMedium",
               CASE WHEN c.access = 'confidential' THEN c.access ELSE s.access END AS "access!: Access",
               o.id AS "source?: SourceId", o.url AS "url?", o.title AS "title?", g.name AS "publisher?",
               o.authors AS "authors?", o.published_from AS "from?: Date", o.published_to AS "to?: Date",
               o.published_precision AS "precision?",
               CASE WHEN o.id IS NULL THEN NULL ELSE e.exact END AS exact,
               CASE WHEN o.id IS NULL THEN NULL ELSE e.locator END AS locator,
               CASE WHEN o.id IS NULL THEN '' ELSE e.note END AS "note!"
        FROM evidence e
        JOIN sources c ON c.desk_id = e.desk_id AND c.id = e.source_id
        JOIN sources s ON s.desk_id = c.desk_id AND s.id = coalesce(c.merged_into, c.id)
        LEFT JOIN sources o ON o.desk_id = s.desk_id AND o.id = s.id AND s.access <> 'confidential' AND c.access <> 'confidential'
        LEFT JOIN agents g ON g.desk_id = o.desk_id AND g.id = o.publisher_id
        WHERE e.desk_id = $1 AND e.claim_id = ANY($2) AND e.removed_at IS NULL
        ORDER BY e.claim_id, e.id
        "#,
        desk as _,
        &claims,
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter()
        .map(|row| {
            let source = match (row.source, row.precision) {
                (Some(id), Some(precision)) => Some(ShownSource {
                    id,
                    url: row.url,
                    title: row.title,
                    publisher: row.publisher,
                    authors: row.authors.unwrap_or_default(),
                    published: published(row.from, row.to, &precision)?,
                }),
                _ => None,
            };
            Ok(Shown {
                id: row.id,
                claim: row.claim,
                stance: row.stance,
                class: row.class,
                medium: row.medium,
                access: row.access,
                source,
                exact: row.exact,
                locator: row.locator,
                note: row.note,
            })
        })
        .collect()
}
