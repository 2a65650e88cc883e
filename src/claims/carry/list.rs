//! Reading what waits in the latest version of an article, and what was decided there.

use sqlx::PgConnection;
use sqlx::types::Json;
use time::OffsetDateTime;
use uuid::Uuid;

use super::Decision;
use crate::claims::Stage;
use crate::claims::marks::Rating;
use crate::error::Result;
use crate::id::{AppearanceId, ArticleId, ClaimId, DeskId, VersionId};
use crate::scales::{Colour, Shape};
use crate::text::anchor::Outcome;
use crate::web::paging;

/// How many marks of an article wait, of how many that came from older versions.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Counts {
    pub waiting: i64,
    pub decided: i64,
    pub all: i64,
}

/// Counts what came to a version from older ones. Removed marks do not count.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn counts(conn: &mut PgConnection, desk: DeskId, version: VersionId) -> Result<Counts> {
    let counts = sqlx::query_as!(
        Counts,
        r#"
        SELECT count(*) FILTER (WHERE r.decision = 'pending') AS "waiting!",
               count(*) FILTER (WHERE r.decision IN ('confirmed', 'moved', 'orphaned')) AS "decided!",
               count(*) AS "all!"
        FROM reanchorings r
        JOIN appearances p ON p.desk_id = r.desk_id AND p.id = r.appearance_id AND p.removed_at IS NULL
        WHERE r.desk_id = $1 AND r.version_id = $2
        "#,
        desk as _,
        version as _,
    )
    .fetch_one(conn)
    .await?;
    Ok(counts)
}

/// A mark that came from an older version.
#[derive(Clone, Debug)]
pub struct Line {
    pub appearance: AppearanceId,
    pub claim: ClaimId,
    pub claim_reviewed: String,
    pub stage: Stage,
    pub rating: Option<Rating>,
    /// Where it was last known to stand.
    pub from_version: VersionId,
    pub from_number: i32,
    pub from: (i32, i32),
    pub outcome: Outcome,
    /// The likeliest place.
    pub found: Option<(i32, i32)>,
    /// Other places that may be meant.
    pub candidates: Vec<(i32, i32)>,
    pub decision: Decision,
    /// The place that was decided on.
    pub place: Option<(i32, i32)>,
    pub decided_by: Option<String>,
    pub decided_at: Option<OffsetDateTime>,
    /// Whether it raises a notice: the words changed after the verdict.
    pub notice: bool,
    pub row_version: i32,
}

/// Where a page of the list begins: after the mark that stood there.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct After {
    pub start: i32,
    pub appearance: AppearanceId,
}

impl After {
    /// As it stands in an address.
    #[must_use]
    pub fn written(self) -> String {
        format!("{}.{}", self.start, self.appearance)
    }

    /// Reads one.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (start, appearance) = text.split_once('.')?;
        Some(Self { start: start.parse().ok()?, appearance: appearance.parse().ok()? })
    }
}

struct Stored {
    appearance: AppearanceId,
    claim: ClaimId,
    claim_reviewed: String,
    stage: Stage,
    rating_label: Option<String>,
    rating_shape: Option<Shape>,
    rating_colour: Option<Colour>,
    from_version: VersionId,
    from_number: i32,
    from_start: i32,
    from_end: i32,
    outcome: Outcome,
    found_start: Option<i32>,
    found_end: Option<i32>,
    candidates: Json<Vec<(i32, i32)>>,
    decision: Decision,
    start_at: Option<i32>,
    end_at: Option<i32>,
    decided_by: Option<String>,
    decided_at: Option<OffsetDateTime>,
    notice: bool,
    row_version: i32,
}

/// The marks of a version with one of these decisions, in the order in which they stood in the older text: a page and one
/// more. With a claim, its marks in whatever article they are.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn lines(
    conn: &mut PgConnection,
    desk: DeskId,
    version: VersionId,
    decisions: &[Decision],
    after: Option<After>,
    only: Option<AppearanceId>,
) -> Result<Vec<Line>> {
    let decisions: Vec<String> = decisions.iter().map(|decision| decision.as_str().to_owned()).collect();
    let rows = sqlx::query_as!(
        Stored,
        r#"
        SELECT r.appearance_id AS "appearance: AppearanceId", r.claim_id AS "claim: ClaimId", c.claim_reviewed,
               c.stage AS "stage: Stage", v.label AS "rating_label?", v.shape AS "rating_shape?: Shape",
               v.colour AS "rating_colour?: Colour", r.from_version_id AS "from_version: VersionId",
               w.number AS from_number, r.from_start, r.from_end, r.outcome AS "outcome: Outcome", r.found_start,
               r.found_end, r.candidates AS "candidates: Json<Vec<(i32, i32)>>", r.decision AS "decision: Decision",
               r.start_at, r.end_at, a.display_name AS "decided_by?", r.decided_at,
               r.verdict IS NOT NULL AND r.seen_at IS NULL AND r.decision = 'pending' AS "notice!", r.row_version
        FROM reanchorings r
        JOIN appearances p ON p.desk_id = r.desk_id AND p.id = r.appearance_id AND p.removed_at IS NULL
        JOIN claims c ON c.desk_id = r.desk_id AND c.id = r.claim_id
        JOIN article_versions w ON w.desk_id = r.desk_id AND w.id = r.from_version_id
        LEFT JOIN verdicts d ON d.desk_id = c.desk_id AND d.claim_id = c.id AND d.number = c.current_verdict
        LEFT JOIN rating_values v ON v.desk_id = d.desk_id AND v.scale_version_id = d.scale_version_id
            AND v.code = d.rating_code
        LEFT JOIN accounts a ON a.id = r.decided_by
        WHERE r.desk_id = $1 AND r.version_id = $2 AND r.decision = ANY($3)
          AND ($4::integer IS NULL OR (r.from_start, r.appearance_id) > ($4, $5))
          AND ($6::uuid IS NULL OR r.appearance_id = $6)
        ORDER BY r.from_start, r.appearance_id
        LIMIT $7
        "#,
        desk as _,
        version as _,
        &decisions,
        after.map(|after| after.start),
        after.map_or(Uuid::nil(), |after| after.appearance.uuid()),
        only as _,
        paging::limit(),
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(Line::from).collect())
}

impl From<Stored> for Line {
    fn from(row: Stored) -> Self {
        Self {
            appearance: row.appearance,
            claim: row.claim,
            claim_reviewed: row.claim_reviewed,
            stage: row.stage,
            rating: Rating::of(row.rating_label, row.rating_shape, row.rating_colour),
            from_version: row.from_version,
            from_number: row.from_number,
            from: (row.from_start, row.from_end),
            outcome: row.outcome,
            found: row.found_start.zip(row.found_end),
            candidates: row.candidates.0,
            decision: row.decision,
            place: row.start_at.zip(row.end_at),
            decided_by: row.decided_by,
            decided_at: row.decided_at,
            notice: row.notice,
            row_version: row.row_version,
        }
    }
}

/// An article some of whose marks wait.
#[derive(Clone, Debug)]
pub struct WaitingArticle {
    pub id: ArticleId,
    pub name: String,
    pub number: i32,
    pub waiting: i64,
    pub since: OffsetDateTime,
}

/// The articles with marks that need a look, those first whose new version has been there longest: at most 20. And how
/// many marks wait at the desk in all.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn articles(conn: &mut PgConnection, desk: DeskId) -> Result<(Vec<WaitingArticle>, i64)> {
    let rows = sqlx::query!(
        r#"
        SELECT v.article_id AS "id: ArticleId", coalesce(a.title, a.url, 'Article without a title') AS "name!", v.number,
               w.waiting AS "waiting!", v.created_at AS since, sum(w.waiting) OVER ()::bigint AS "all!"
        FROM (
            SELECT r.version_id, count(*) AS waiting
            FROM reanchorings r
            JOIN appearances p ON p.desk_id = r.desk_id AND p.id = r.appearance_id AND p.removed_at IS NULL
            WHERE r.desk_id = $1 AND r.decision = 'pending'
            GROUP BY r.version_id
        ) w
        JOIN article_versions v ON v.desk_id = $1 AND v.id = w.version_id
        JOIN articles a ON a.desk_id = v.desk_id AND a.id = v.article_id
        ORDER BY v.created_at, v.id
        LIMIT 20
        "#,
        desk as _,
    )
    .fetch_all(conn)
    .await?;
    let all = rows.first().map_or(0, |row| row.all);
    let articles = rows.into_iter().map(|row| WaitingArticle {
        id: row.id,
        name: row.name,
        number: row.number,
        waiting: row.waiting,
        since: row.since,
    });
    Ok((articles.collect(), all))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_begin_of_a_page_can_be_read_back() {
        let after = After { start: 441, appearance: AppearanceId::new() };
        assert_eq!(After::parse(&after.written()), Some(after));
        assert_eq!(After::parse("441"), None);
    }
}
