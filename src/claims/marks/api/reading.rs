//! Marks as JSON: reading them.

use actix_web::http::StatusCode;
use actix_web::web::{Path, Query};
use actix_web::{HttpRequest, HttpResponse, get};
use serde::{Deserialize, Serialize};
use sqlx::PgPool;
use time::OffsetDateTime;
use uuid::Uuid;

use crate::articles::texts;
use crate::auth::session::SessionToken;
use crate::claims::carry::background;
use crate::claims::marks::Rating;
use crate::claims::{Stage, address};
use crate::db::Pool;
use crate::error::{Error, Result};
use crate::id::{AppearanceId, ArticleId, ClaimId, DeskId, VersionId};
use crate::scales::{Colour, Shape};
use crate::text::offsets::Cursor;
use crate::web::json::answer;

/// How many marks one answer lists.
const PAGE: usize = 200;

/// A mark as JSON: the W3C selector, and what is known of its claim.
#[derive(Debug, Serialize)]
struct Told<'a> {
    appearance: AppearanceId,
    claim: ClaimId,
    url: String,
    claim_reviewed: &'a str,
    stage: Stage,
    rating: Option<&'a Rating>,
    speakers: Option<&'a str>,
    evidence_count: i32,
    state: &'a str,
    version: VersionId,
    exact: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    prefix: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    suffix: Option<&'a str>,
    start: i32,
    end: i32,
}

/// One mark.
#[get("/api/v1/desks/{desk}/marks/{appearance}")]
pub async fn show(
    request: HttpRequest,
    at: Path<(String, AppearanceId)>,
    pool: Pool,
) -> Result<HttpResponse> {
    let (desk, appearance) = at.into_inner();
    let token = SessionToken::of(&request);
    let row = sqlx::query!(
        r#"
        SELECT p.claim_id AS "claim: ClaimId", p.version_id AS "version!: VersionId", p.exact AS "exact!",
               p.prefix AS "prefix!", p.suffix AS "suffix!", p.start_at AS "start!", p.end_at AS "end!",
               n.claim_reviewed, n.stage AS "stage: Stage", n.speakers, n.rating_label,
               n.rating_shape AS "rating_shape: Shape", n.rating_colour AS "rating_colour: Colour", n.evidence_count,
               n.state
        FROM viewer($1, $2, $3) v
        JOIN appearances p ON p.desk_id = v.desk_id AND p.id = $4 AND p.removed_at IS NULL
        JOIN anchors n ON n.desk_id = p.desk_id AND n.version_id = p.version_id AND n.start_at = p.start_at
            AND n.end_at = p.end_at AND n.appearance_id = p.id
        WHERE v.roles <> '{}' OR n.stage IN ('published', 'retracted')
        "#,
        token.as_ref().map(SessionToken::hash) as _,
        desk,
        OffsetDateTime::now_utc(),
        appearance as _,
    )
    .fetch_optional(&*pool)
    .await?
    .ok_or(Error::NotFound("mark"))?;
    let rating = Rating::of(row.rating_label, row.rating_shape, row.rating_colour);
    let told = Told {
        appearance,
        claim: row.claim,
        url: address(&desk, row.claim),
        claim_reviewed: &row.claim_reviewed,
        stage: row.stage,
        rating: rating.as_ref(),
        speakers: row.speakers.as_deref(),
        evidence_count: row.evidence_count,
        state: &row.state,
        version: row.version,
        exact: &row.exact,
        prefix: Some(&row.prefix),
        suffix: Some(&row.suffix),
        start: row.start,
        end: row.end,
    };
    Ok(answer(StatusCode::OK, &told))
}

/// From where on marks are listed.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    /// The version's number; the latest when there is none.
    version: Option<i32>,
    /// The key that the list before ended with.
    after: Option<String>,
}

#[derive(Serialize)]
struct Listed<'a> {
    version: VersionId,
    marks: Vec<Told<'a>>,
    /// What to ask for `after`; nothing at the end.
    next: Option<String>,
}

struct Row {
    desk: DeskId,
    version: VersionId,
    member: bool,
    start_at: Option<i32>,
    end_at: Option<i32>,
    appearance: Option<AppearanceId>,
    claim: Option<ClaimId>,
    claim_reviewed: Option<String>,
    stage: Option<Stage>,
    state: Option<String>,
    speakers: Option<String>,
    rating_label: Option<String>,
    rating_shape: Option<Shape>,
    rating_colour: Option<Colour>,
    evidence_count: Option<i32>,
}

/// The marks of an article, by their start, 200 at a time.
#[get("/api/v1/desks/{desk}/articles/{article}/marks")]
pub async fn list(
    request: HttpRequest,
    at: Path<(String, ArticleId)>,
    asked: Query<Asked>,
    pool: Pool,
) -> Result<HttpResponse> {
    let (desk, article) = at.into_inner();
    let after = asked.after.as_deref().map_or(Some((-1, -1, Uuid::nil())), key);
    let after = after.ok_or_else(|| Error::Malformed("“after” is none of our keys.".into()))?;
    let rows = rows(&pool, SessionToken::of(&request), &desk, article, asked.version, after).await?;
    let first = rows.first().ok_or(Error::NotFound("article"))?;
    let is_empty = first.appearance.is_none();
    let hidden = is_empty && !first.member && asked.after.is_none();
    if hidden && !background::is_public(&mut *pool.acquire().await?, first.desk, article).await? {
        return Err(Error::NotFound("article"));
    }
    let (of, version) = (first.desk, first.version);
    let document = texts::get(&pool, of, version).await?;
    let ratings: Vec<Option<Rating>> = rows
        .iter()
        .map(|row| Rating::of(row.rating_label.clone(), row.rating_shape, row.rating_colour))
        .collect();
    let mut cursor = Cursor::new(document.text());
    let marks = rows.iter().zip(&ratings).take(PAGE).filter_map(|(row, rating)| {
        let (start, end) = (row.start_at?, row.end_at?);
        // By their start, so that the text is gone through once.
        let first = cursor.advance_to(start.unsigned_abs());
        let last = cursor.clone().advance_to(end.unsigned_abs());
        Some(Told {
            appearance: row.appearance?,
            claim: row.claim?,
            url: address(&desk, row.claim?),
            claim_reviewed: row.claim_reviewed.as_deref()?,
            stage: row.stage?,
            rating: rating.as_ref(),
            speakers: row.speakers.as_deref(),
            evidence_count: row.evidence_count?,
            state: row.state.as_deref()?,
            version,
            exact: &document.text()[first..last],
            prefix: None,
            suffix: None,
            start,
            end,
        })
    });
    let marks: Vec<Told<'_>> = marks.collect();
    let last = marks.last().filter(|_| rows.len() > PAGE);
    let next = last.map(|mark| format!("{}.{}.{}", mark.start, mark.end, mark.appearance));
    Ok(answer(StatusCode::OK, &Listed { version, marks, next }))
}

/// A row for each mark, at least one for an article that is there.
async fn rows(
    pool: &PgPool,
    token: Option<SessionToken>,
    desk: &str,
    article: ArticleId,
    number: Option<i32>,
    (start, end, appearance): (i32, i32, Uuid),
) -> Result<Vec<Row>> {
    let rows = sqlx::query_as!(
        Row,
        r#"
        SELECT v.desk_id AS "desk!: DeskId", w.id AS "version: VersionId", v.roles <> '{}' AS "member!", n.start_at,
               n.end_at, n.appearance_id AS "appearance: AppearanceId", n.claim_id AS "claim: ClaimId",
               n.claim_reviewed, n.stage AS "stage: Stage", n.state, n.speakers, n.rating_label,
               n.rating_shape AS "rating_shape: Shape", n.rating_colour AS "rating_colour: Colour", n.evidence_count
        FROM viewer($1, $2, $3) v
        JOIN LATERAL (
            SELECT x.id FROM article_versions x
            WHERE x.desk_id = v.desk_id AND x.article_id = $4 AND ($5::integer IS NULL OR x.number = $5)
            ORDER BY x.number DESC LIMIT 1
        ) w ON true
        LEFT JOIN LATERAL (
            SELECT m.start_at, m.end_at, m.appearance_id, m.claim_id, m.claim_reviewed, m.stage, m.state, m.speakers,
                   m.rating_label, m.rating_shape, m.rating_colour, m.evidence_count
            FROM anchors m
            WHERE m.desk_id = v.desk_id AND m.version_id = w.id AND NOT m.removed
              AND (v.roles <> '{}' OR m.stage IN ('published', 'retracted'))
              AND (m.start_at, m.end_at, m.appearance_id) > ($6, $7, $8)
            ORDER BY m.start_at, m.end_at, m.appearance_id LIMIT 201
        ) n ON true
        "#,
        token.as_ref().map(SessionToken::hash) as _,
        desk,
        OffsetDateTime::now_utc(),
        article as _,
        number,
        start,
        end,
        appearance,
    )
    .fetch_all(pool)
    .await?;
    Ok(rows)
}

/// The parts of a key, as in `441.502.01890a5d-…`.
fn key(text: &str) -> Option<(i32, i32, Uuid)> {
    let mut parts = text.splitn(3, '.');
    let start = parts.next()?.parse().ok()?;
    let end = parts.next()?.parse().ok()?;
    Some((start, end, parts.next()?.parse().ok()?))
}
