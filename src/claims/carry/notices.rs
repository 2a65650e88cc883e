//! Notices that the words of a public claim changed after the verdict.

use sqlx::PgConnection;

use crate::editing::diff::{self, Piece};
use crate::error::Result;
use crate::id::{AppearanceId, ArticleId, ClaimId, DeskId, VersionId};

/// Words of a public claim that a new version of an article has not as they were checked.
#[derive(Clone, Debug)]
pub struct Notice {
    pub appearance: AppearanceId,
    pub article: ArticleId,
    /// The article's name.
    pub name: String,
    pub version: VersionId,
    pub number: i32,
    /// The version in which the words stand.
    pub from_number: i32,
    /// The words that were checked.
    pub sought: String,
    /// What most likely stands for them now.
    pub found: Option<String>,
    pub row_version: i32,
}

impl Notice {
    /// What changed in the words; all of them went when nothing stands for them.
    #[must_use]
    pub fn pieces(&self) -> Vec<Piece> {
        diff::words(&self.sought, self.found.as_deref().unwrap_or_default())
    }
}

/// What nobody has looked at yet of a claim: at most 50.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn of(conn: &mut PgConnection, desk: DeskId, claim: ClaimId) -> Result<Vec<Notice>> {
    let notices = sqlx::query_as!(
        Notice,
        r#"
        SELECT r.appearance_id AS "appearance: AppearanceId", r.article_id AS "article: ArticleId",
               coalesce(a.title, a.url, 'Article without a title') AS "name!", r.version_id AS "version: VersionId",
               v.number, w.number AS from_number, coalesce(b.exact, p.exact) AS "sought!",
               substr(v.body, r.found_start + 1, r.found_end - r.found_start) AS found, r.row_version
        FROM reanchorings r
        JOIN claims c ON c.desk_id = r.desk_id AND c.id = r.claim_id AND c.stage = 'published'
        JOIN appearances p ON p.desk_id = r.desk_id AND p.id = r.appearance_id AND p.removed_at IS NULL
        JOIN articles a ON a.desk_id = r.desk_id AND a.id = r.article_id
        JOIN article_versions v ON v.desk_id = r.desk_id AND v.id = r.version_id
        JOIN article_versions w ON w.desk_id = r.desk_id AND w.id = r.from_version_id
        LEFT JOIN reanchorings b ON b.desk_id = r.desk_id AND b.version_id = r.from_version_id
            AND b.appearance_id = r.appearance_id
        WHERE r.desk_id = $1 AND r.claim_id = $2 AND r.verdict IS NOT NULL AND r.seen_at IS NULL
          AND r.decision = 'pending'
        ORDER BY r.created_at, r.appearance_id
        LIMIT 50
        "#,
        desk as _,
        claim as _,
    )
    .fetch_all(conn)
    .await?;
    Ok(notices)
}
