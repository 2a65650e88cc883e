//! What an agent said, and what became of it.

use sqlx::PgConnection;
use uuid::Uuid;

use crate::auth::Viewer;
use crate::error::{Error, Result};
use crate::id::{AgentId, AppearanceId, ClaimId, DeskId};
use crate::scales::Badge;
use crate::text::dates::PartialDate;
use crate::web::paging::{self, Page};

/// One appearance of an agent as a speaker.
#[derive(Clone, Debug)]
pub struct Saying {
    pub appearance: AppearanceId,
    pub claim: ClaimId,
    pub claim_reviewed: String,
    /// As the database has it.
    pub stage: String,
    pub office: Option<String>,
    pub said: PartialDate,
    /// The article it stands in, or the address.
    pub place: Option<String>,
    /// The public verdict's.
    pub rating: Option<Badge>,
}

/// The appearances of an agent that the viewer may see, newest first, from the one before `before` on.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn sayings(
    conn: &mut PgConnection,
    viewer: &Viewer,
    agent: AgentId,
    before: Option<Uuid>,
) -> Result<Page<Saying>> {
    let rows = sqlx::query!(
        r#"
        SELECT p.id AS "appearance: AppearanceId", c.id AS "claim: ClaimId", c.claim_reviewed, c.stage, s.office,
               p.said_from, p.said_to, p.said_precision, coalesce(r.title, r.url, p.url) AS place,
               v.label AS "label?", v.shape AS "shape?", v.colour AS "colour?"
        FROM appearance_speakers s
        JOIN appearances p ON p.desk_id = s.desk_id AND p.id = s.appearance_id
        JOIN claims c ON c.desk_id = p.desk_id AND c.id = p.claim_id
        LEFT JOIN articles r ON r.desk_id = p.desk_id AND r.id = p.article_id
        LEFT JOIN verdicts d ON c.stage = 'published' AND d.desk_id = c.desk_id AND d.claim_id = c.id AND d.number = c.current_verdict
        LEFT JOIN rating_values v ON v.desk_id = d.desk_id AND v.scale_version_id = d.scale_version_id AND v.code = d.rating_code
        WHERE s.desk_id = $1 AND s.agent_id = $2 AND p.removed_at IS NULL
          AND ($3 OR c.stage IN ('published', 'retracted'))
          AND ($4::uuid IS NULL OR p.id < $4)
        ORDER BY p.id DESC
        LIMIT $5
        "#,
        viewer.desk.id as _,
        agent as _,
        viewer.is_member(),
        before,
        paging::limit(),
    )
    .fetch_all(conn)
    .await?;
    let sayings = rows
        .into_iter()
        .map(|row| {
            let precision = row.said_precision.parse().map_err(Error::internal)?;
            Ok(Saying {
                appearance: row.appearance,
                claim: row.claim,
                claim_reviewed: row.claim_reviewed,
                stage: row.stage,
                office: row.office,
                said: PartialDate::from_columns(row.said_from, row.said_to, precision)
                    .map_err(Error::internal)?,
                place: row.place,
                rating: Badge::of(row.label, row.shape.as_deref(), row.colour.as_deref()),
            })
        })
        .collect::<Result<_>>()?;
    Ok(Page::of(sayings, |saying: &Saying| saying.appearance.uuid()))
}

/// Whether a public claim names the agent, as its speaker or as publisher of its evidence.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn is_public(conn: &mut PgConnection, desk: DeskId, agent: AgentId) -> Result<bool> {
    let public = sqlx::query_scalar!(
        r#"
        SELECT EXISTS (
            SELECT FROM appearance_speakers s
            JOIN appearances p ON p.desk_id = s.desk_id AND p.id = s.appearance_id AND p.removed_at IS NULL
            JOIN claims c ON c.desk_id = p.desk_id AND c.id = p.claim_id AND c.stage IN ('published', 'retracted')
            WHERE s.desk_id = $1 AND s.agent_id = $2
        ) OR EXISTS (
            SELECT FROM sources o
            JOIN evidence e ON e.desk_id = o.desk_id AND e.source_id = o.id AND e.removed_at IS NULL
            JOIN claims c ON c.desk_id = e.desk_id AND c.id = e.claim_id AND c.stage = 'published'
            WHERE o.desk_id = $1 AND o.publisher_id = $2
        ) AS "public!"
        "#,
        desk as _,
        agent as _,
    )
    .fetch_one(conn)
    .await?;
    Ok(public)
}
