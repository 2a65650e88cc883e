//! All SQL of the public lists. A single claim is read by `exchange::store`.

use std::collections::HashMap;

use sqlx::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

use crate::claims::Stage;
use crate::editing::diff::{Piece, words};
use crate::error::{Error, Result};
use crate::id::{AppearanceId, ClaimId, CorrectionId, DeskId, ScaleVersionId};
use crate::reviews::{CorrectionKind, Method};
use crate::scales::{Colour, Shape};

/// A rating as lists show it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Badge {
    pub(super) code: String,
    pub(super) label: String,
    /// The classes that draw it.
    pub(super) class: String,
}

impl Badge {
    fn new(
        code: Option<String>,
        label: Option<String>,
        shape: Option<Shape>,
        colour: Option<Colour>,
    ) -> Option<Self> {
        let class = format!("{} {}", shape?.class(), colour?.class());
        Some(Self { code: code?, label: label?, class })
    }
}

/// A published claim, as lists and feeds show it.
#[derive(Debug)]
pub(super) struct Published {
    pub(super) id: ClaimId,
    pub(super) claim_reviewed: String,
    pub(super) stage: Stage,
    pub(super) topics: Vec<String>,
    pub(super) speakers: Option<String>,
    pub(super) badge: Option<Badge>,
    pub(super) one_line: String,
    pub(super) rationale: String,
    pub(super) method: Method,
    /// When it became public, and when the verdict did that counts.
    pub(super) first_at: OffsetDateTime,
    pub(super) at: OffsetDateTime,
    /// The last correction.
    pub(super) corrected: Option<Note>,
}

/// What is said of a correction.
#[derive(Debug)]
pub(super) struct Note {
    pub(super) kind: CorrectionKind,
    pub(super) words: String,
    pub(super) at: OffsetDateTime,
}

/// The claims whose verdicts were published last, newest first; with `retracted` also those that were withdrawn since.
pub(super) async fn latest(
    conn: &mut PgConnection,
    desk: DeskId,
    retracted: bool,
    limit: i64,
) -> Result<Vec<Published>> {
    let rows = sqlx::query!(
        r#"
        SELECT c.id AS "id: ClaimId", c.claim_reviewed, c.stage AS "stage: Stage", c.topics, v.one_line, v.rationale,
               v.method AS "method: Method", p.published_at, first.at AS "first_published!",
               r.code AS "code?", r.label AS "label?", r.shape AS "shape?: Shape", r.colour AS "colour?: Colour",
               said.names AS speakers, k.kind AS "kind?: CorrectionKind", k.public_note AS "note?",
               k.created_at AS "corrected_at?"
        FROM publications p
        JOIN claims c ON c.desk_id = p.desk_id AND c.id = p.claim_id AND c.current_verdict = p.number
        JOIN verdicts v ON v.desk_id = p.desk_id AND v.claim_id = p.claim_id AND v.number = p.number
        LEFT JOIN rating_values r
            ON r.desk_id = v.desk_id AND r.scale_version_id = v.scale_version_id AND r.code = v.rating_code
        LEFT JOIN corrections k ON k.desk_id = c.desk_id AND k.claim_id = c.id
            AND CASE WHEN c.stage = 'retracted' THEN k.to_verdict IS NULL ELSE k.to_verdict = c.current_verdict END
        CROSS JOIN LATERAL (
            SELECT min(f.published_at) AS at FROM publications f WHERE f.desk_id = p.desk_id AND f.claim_id = p.claim_id
        ) first
        CROSS JOIN LATERAL (
            SELECT string_agg(DISTINCT coalesce(m.name, g.name), ', ') AS names
            FROM appearances a
            JOIN appearance_speakers s ON s.desk_id = a.desk_id AND s.appearance_id = a.id
            JOIN agents g ON g.desk_id = s.desk_id AND g.id = s.agent_id
            LEFT JOIN agents m ON m.desk_id = g.desk_id AND m.id = g.merged_into
            WHERE a.desk_id = p.desk_id AND a.claim_id = p.claim_id AND a.removed_at IS NULL
        ) said
        WHERE p.desk_id = $1 AND (c.stage = 'published' OR ($2 AND c.stage = 'retracted'))
        ORDER BY p.published_at DESC, p.claim_id DESC
        LIMIT $3
        "#,
        desk as _,
        retracted,
        limit,
    )
    .fetch_all(conn)
    .await?;
    let published = rows.into_iter().map(|row| Published {
        id: row.id,
        claim_reviewed: row.claim_reviewed,
        stage: row.stage,
        topics: row.topics,
        speakers: row.speakers,
        badge: Badge::new(row.code, row.label, row.shape, row.colour),
        one_line: row.one_line,
        rationale: row.rationale,
        method: row.method,
        first_at: row.first_published,
        at: row.published_at,
        corrected: match (row.kind, row.note, row.corrected_at) {
            (Some(kind), Some(note), Some(at)) => Some(Note { kind, words: note, at }),
            _ => None,
        },
    });
    Ok(published.collect())
}

/// The topics of what is published, the most frequent first.
pub(super) async fn topics(conn: &mut PgConnection, desk: DeskId, limit: i64) -> Result<Vec<(String, i64)>> {
    let rows = sqlx::query!(
        r#"
        SELECT t.topic AS "topic!", count(*) AS "claims!"
        FROM claims c CROSS JOIN LATERAL unnest(c.topics) AS t (topic)
        WHERE c.desk_id = $1 AND c.stage = 'published'
        GROUP BY t.topic
        ORDER BY count(*) DESC, t.topic
        LIMIT $2
        "#,
        desk as _,
        limit,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| (row.topic, row.claims)).collect())
}

/// A correction, as lists and feeds show it.
#[derive(Debug)]
pub(super) struct Corrected {
    pub(super) id: CorrectionId,
    pub(super) claim: ClaimId,
    pub(super) claim_reviewed: String,
    pub(super) kind: CorrectionKind,
    pub(super) public_note: String,
    pub(super) at: OffsetDateTime,
    pub(super) from_verdict: i32,
    pub(super) to_verdict: Option<i32>,
    pub(super) before: Option<Badge>,
    pub(super) after: Option<Badge>,
    /// The finding in one line, before and after; nothing after a retraction.
    pub(super) line_before: String,
    pub(super) line_after: Option<String>,
    /// Whether a reader asked for it.
    pub(super) by_reader: bool,
}

impl Corrected {
    /// Whether the rating itself changed.
    pub(super) fn changed_rating(&self) -> bool {
        self.to_verdict.is_some() && self.before != self.after
    }

    /// The way from one line to the other, word by word, when it changed.
    pub(super) fn line(&self) -> Option<Vec<Piece>> {
        let after = self.line_after.as_ref().filter(|after| **after != self.line_before)?;
        Some(words(&self.line_before, after))
    }
}

/// How many corrections of which kind there are, those that are in the order of the kinds.
pub(super) type Kinds = Vec<(CorrectionKind, i64)>;

/// Counts the corrections of each kind.
pub(super) async fn kinds(conn: &mut PgConnection, desk: DeskId) -> Result<Kinds> {
    let rows = sqlx::query!(
        r#"
        SELECT kind AS "kind: CorrectionKind", count(*) AS "count!"
        FROM corrections WHERE desk_id = $1 GROUP BY kind
        "#,
        desk as _,
    )
    .fetch_all(conn)
    .await?;
    let mut kinds: Kinds = rows.into_iter().map(|row| (row.kind, row.count)).collect();
    kinds.sort_unstable();
    Ok(kinds)
}

/// The claim that a correction is about.
pub(super) async fn claim_of(conn: &mut PgConnection, desk: DeskId, id: CorrectionId) -> Result<ClaimId> {
    sqlx::query_scalar!(
        r#"SELECT claim_id AS "claim: ClaimId" FROM corrections WHERE desk_id = $1 AND id = $2"#,
        desk as _,
        id as _,
    )
    .fetch_optional(conn)
    .await?
    .ok_or(Error::NotFound("correction"))
}

/// The corrections before one, newest first; of all kinds, or of one.
pub(super) async fn corrections(
    conn: &mut PgConnection,
    desk: DeskId,
    kind: Option<CorrectionKind>,
    before: Option<Uuid>,
    limit: i64,
) -> Result<Vec<Corrected>> {
    let rows = sqlx::query!(
        r#"
        SELECT k.id AS "id: CorrectionId", k.claim_id AS "claim: ClaimId", c.claim_reviewed,
               k.kind AS "kind: CorrectionKind", k.public_note, k.created_at, k.from_verdict, k.to_verdict,
               k.requested_by IS NOT NULL AS "by_reader!", v.one_line AS line_before, w.one_line AS "line_after?",
               a.code AS "code_before?", a.label AS "label_before?", a.shape AS "shape_before?: Shape",
               a.colour AS "colour_before?: Colour",
               b.code AS "code_after?", b.label AS "label_after?", b.shape AS "shape_after?: Shape",
               b.colour AS "colour_after?: Colour"
        FROM corrections k
        JOIN claims c ON c.desk_id = k.desk_id AND c.id = k.claim_id
        JOIN verdicts v ON v.desk_id = k.desk_id AND v.claim_id = k.claim_id AND v.number = k.from_verdict
        LEFT JOIN verdicts w ON w.desk_id = k.desk_id AND w.claim_id = k.claim_id AND w.number = k.to_verdict
        LEFT JOIN rating_values a
            ON a.desk_id = v.desk_id AND a.scale_version_id = v.scale_version_id AND a.code = v.rating_code
        LEFT JOIN rating_values b
            ON b.desk_id = w.desk_id AND b.scale_version_id = w.scale_version_id AND b.code = w.rating_code
        WHERE k.desk_id = $1 AND ($2::uuid IS NULL OR k.id < $2) AND ($4::text IS NULL OR k.kind = $4)
        ORDER BY k.id DESC
        LIMIT $3
        "#,
        desk as _,
        before,
        limit,
        kind.map(CorrectionKind::as_str),
    )
    .fetch_all(conn)
    .await?;
    let corrected = rows.into_iter().map(|row| Corrected {
        id: row.id,
        claim: row.claim,
        claim_reviewed: row.claim_reviewed,
        kind: row.kind,
        public_note: row.public_note,
        at: row.created_at,
        from_verdict: row.from_verdict,
        to_verdict: row.to_verdict,
        before: Badge::new(row.code_before, row.label_before, row.shape_before, row.colour_before),
        after: Badge::new(row.code_after, row.label_after, row.shape_after, row.colour_after),
        line_before: row.line_before,
        line_after: row.line_after,
        by_reader: row.by_reader,
    });
    Ok(corrected.collect())
}

/// The scales that published verdicts were given on, the one used last first.
pub(super) async fn used_scales(
    conn: &mut PgConnection,
    desk: DeskId,
    limit: i64,
) -> Result<Vec<ScaleVersionId>> {
    Ok(sqlx::query_scalar!(
        r#"
        SELECT v.scale_version_id AS "id: ScaleVersionId"
        FROM publications p
        JOIN verdicts v ON v.desk_id = p.desk_id AND v.claim_id = p.claim_id AND v.number = p.number
        WHERE p.desk_id = $1
        GROUP BY v.scale_version_id
        ORDER BY max(p.published_at) DESC, v.scale_version_id
        LIMIT $2
        "#,
        desk as _,
        limit,
    )
    .fetch_all(conn)
    .await?)
}

/// The numbers that a claim's marks have on the pages of their articles, as this viewer sees those: members' numbers
/// count every mark, readers' those that are public. A mark that the viewer does not see there has none.
pub(super) async fn references(
    conn: &mut PgConnection,
    desk: DeskId,
    claim: ClaimId,
    member: bool,
) -> Result<HashMap<AppearanceId, i64>> {
    let rows = sqlx::query!(
        r#"
        SELECT p.id AS "appearance: AppearanceId",
               (SELECT count(*) FROM anchors o
                WHERE o.desk_id = a.desk_id AND o.version_id = a.version_id AND o.appearance_id <= a.appearance_id
                  AND ($3 OR o.stage IN ('published', 'retracted'))) AS "number!"
        FROM appearances p
        JOIN anchors a ON a.desk_id = p.desk_id AND a.claim_id = p.claim_id
            AND a.version_id = p.version_id AND a.appearance_id = p.id
        WHERE p.desk_id = $1 AND p.claim_id = $2 AND p.removed_at IS NULL AND NOT a.removed
          AND ($3 OR a.stage IN ('published', 'retracted'))
        ORDER BY p.id
        "#,
        desk as _,
        claim as _,
        member,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| (row.appearance, row.number)).collect())
}
