//! Lists of claims.

use sqlx::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

use crate::auth::Viewer;
use crate::claims::Stage;
use crate::error::Result;
use crate::id::{AccountId, AgentId, ArticleId, ClaimId, DeskId};
use crate::scales::Badge;
use crate::web::paging::{self, Page};

/// Which claims are listed: those for which all of these hold.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    pub stage: Option<Stage>,
    /// The code of the public verdict's rating.
    pub rating: Option<String>,
    pub speaker: Option<AgentId>,
    pub topic: Option<String>,
    /// Words to search for, as in a search engine: "in quotes", or, -not.
    pub words: Option<String>,
    /// Who marked it, works on it, or drafted a verdict.
    pub mine: Option<AccountId>,
    pub article: Option<ArticleId>,
}

/// A claim in a list.
#[derive(Clone, Debug)]
pub struct Listed {
    pub id: ClaimId,
    pub claim_reviewed: String,
    pub stage: Stage,
    pub topics: Vec<String>,
    /// The public verdict's.
    pub rating: Option<Badge>,
    /// The names of those who said it, each once.
    pub speakers: Vec<String>,
    pub evidence: i64,
    pub assignee: Option<String>,
    pub created_at: OffsetDateTime,
}

/// The claims that the viewer may see and the filter lets through, newest first, from the one before `before` on.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn list(
    conn: &mut PgConnection,
    viewer: &Viewer,
    filter: &Filter,
    before: Option<Uuid>,
) -> Result<Page<Listed>> {
    let rows = sqlx::query!(
        r#"
        SELECT c.id AS "id: ClaimId", c.claim_reviewed, c.stage AS "stage: Stage", c.topics, c.created_at,
               v.label AS "label?", v.shape AS "shape?", v.colour AS "colour?", a.display_name AS "assignee?",
               (SELECT count(*) FROM evidence e
                WHERE e.desk_id = c.desk_id AND e.claim_id = c.id AND e.removed_at IS NULL) AS "evidence!",
               (SELECT coalesce(array_agg(DISTINCT g.name), '{}')
                FROM appearances p
                JOIN appearance_speakers s ON s.desk_id = p.desk_id AND s.appearance_id = p.id
                JOIN agents g ON g.desk_id = s.desk_id AND g.id = s.agent_id
                WHERE p.desk_id = c.desk_id AND p.claim_id = c.id AND p.removed_at IS NULL) AS "speakers!"
        FROM claims c
        LEFT JOIN accounts a ON a.id = c.assignee_id
        LEFT JOIN verdicts d ON c.stage = 'published' AND d.desk_id = c.desk_id AND d.claim_id = c.id AND d.number = c.current_verdict
        LEFT JOIN rating_values v ON v.desk_id = d.desk_id AND v.scale_version_id = d.scale_version_id AND v.code = d.rating_code
        WHERE c.desk_id = $1
          AND ($2 OR c.stage IN ('published', 'retracted'))
          AND ($3::text IS NULL OR c.stage = $3)
          AND ($4::text IS NULL OR v.code = $4)
          AND ($5::text IS NULL OR c.topics @> ARRAY[$5])
          AND ($6::text IS NULL OR c.search @@ websearch_to_tsquery('simple', $6))
          AND ($7::uuid IS NULL OR EXISTS (
                SELECT FROM appearances p
                JOIN appearance_speakers s ON s.desk_id = p.desk_id AND s.appearance_id = p.id
                WHERE p.desk_id = c.desk_id AND p.claim_id = c.id AND p.removed_at IS NULL AND s.agent_id = $7))
          AND ($8::uuid IS NULL OR EXISTS (
                SELECT FROM appearances p
                WHERE p.desk_id = c.desk_id AND p.claim_id = c.id AND p.removed_at IS NULL AND p.article_id = $8))
          AND ($9::uuid IS NULL OR c.created_by = $9 OR c.assignee_id = $9 OR EXISTS (
                SELECT FROM rounds r
                JOIN round_drafters w ON w.desk_id = r.desk_id AND w.round_id = r.id
                WHERE r.desk_id = c.desk_id AND r.claim_id = c.id AND w.account_id = $9))
          AND ($10::uuid IS NULL OR c.id < $10)
        ORDER BY c.id DESC
        LIMIT $11
        "#,
        viewer.desk.id as _,
        viewer.is_member(),
        filter.stage as _,
        filter.rating,
        filter.topic,
        filter.words,
        filter.speaker as _,
        filter.article as _,
        filter.mine as _,
        before,
        paging::limit(),
    )
    .fetch_all(conn)
    .await?;
    let claims = rows
        .into_iter()
        .map(|row| Listed {
            id: row.id,
            claim_reviewed: row.claim_reviewed,
            stage: row.stage,
            topics: row.topics,
            rating: Badge::of(row.label, row.shape.as_deref(), row.colour.as_deref()),
            speakers: row.speakers,
            evidence: row.evidence,
            assignee: row.assignee,
            created_at: row.created_at,
        })
        .collect();
    Ok(Page::of(claims, |claim: &Listed| claim.id.uuid()))
}

/// How many claims are in each stage.
#[derive(Clone, Debug, Default)]
pub struct Counts(Vec<(Stage, i64)>);

impl Counts {
    /// The stages that have claims, in their order, with the number of claims.
    #[must_use]
    pub fn stages(&self) -> &[(Stage, i64)] {
        &self.0
    }

    /// All of them.
    #[must_use]
    pub fn all(&self) -> i64 {
        self.0.iter().map(|(_, count)| count).sum()
    }
}

/// How many claims of each stage the viewer may see.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn counts(conn: &mut PgConnection, viewer: &Viewer) -> Result<Counts> {
    let rows = sqlx::query!(
        r#"
        SELECT stage AS "stage: Stage", count(*) AS "count!" FROM claims
        WHERE desk_id = $1 AND ($2 OR stage IN ('published', 'retracted'))
        GROUP BY stage
        "#,
        viewer.desk.id as _,
        viewer.is_member(),
    )
    .fetch_all(conn)
    .await?;
    let mut counts: Vec<_> = rows.into_iter().map(|row| (row.stage, row.count)).collect();
    counts.sort();
    Ok(Counts(counts))
}

/// The topics that the desk's last claims have (the public ones, for who is no member), for the suggestions of a form.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn topics(conn: &mut PgConnection, desk: DeskId, member: bool) -> Result<Vec<String>> {
    let topics = sqlx::query_scalar!(
        r#"
        SELECT DISTINCT topic AS "topic!"
        FROM (SELECT topics FROM claims
              WHERE desk_id = $1 AND topics <> '{}' AND ($2 OR stage IN ('published', 'retracted'))
              ORDER BY id DESC LIMIT 500) latest,
             unnest(latest.topics) AS topic
        ORDER BY 1
        LIMIT 200
        "#,
        desk as _,
        member,
    )
    .fetch_all(conn)
    .await?;
    Ok(topics)
}
