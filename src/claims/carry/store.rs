//! The SQL of marks in new versions.

use sqlx::PgConnection;
use uuid::Uuid;

use super::Decision;
use super::decide::{Decided, Held, Seen};
use super::find::{Finding, Standing};
use crate::audit::Change;
use crate::claims::Stage;
use crate::error::{Error, Result};
use crate::id::{AppearanceId, ArticleId, ClaimId, DeskId, VersionId};

/// All marks of an article, each with the last place that is known: where it was marked, or where it went from there.
///
/// # Errors
/// When PostgreSQL fails.
pub(super) async fn standing(
    conn: &mut PgConnection,
    desk: DeskId,
    article: ArticleId,
) -> Result<Vec<Standing>> {
    let rows = sqlx::query!(
        r#"
        SELECT p.id AS "appearance: AppearanceId", p.claim_id AS "claim: ClaimId", p.removed_at IS NOT NULL AS "removed!",
               p.prefix AS "prefix!", p.suffix AS "suffix!", p.version_id AS "marked_in!: VersionId",
               coalesce(last.version_id, p.version_id) AS "version!: VersionId",
               coalesce(last.start_at, p.start_at) AS "start!", coalesce(last.end_at, p.end_at) AS "end!",
               coalesce(last.exact, p.exact) AS "exact!"
        FROM article_versions v
        JOIN anchors a ON a.desk_id = v.desk_id AND a.version_id = v.id
        JOIN appearances p ON p.desk_id = a.desk_id AND p.id = a.appearance_id AND p.version_id = v.id
        LEFT JOIN LATERAL (
            SELECT r.version_id, r.start_at, r.end_at, r.exact
            FROM article_versions w
            JOIN reanchorings r ON r.desk_id = w.desk_id AND r.version_id = w.id AND r.appearance_id = p.id
            WHERE w.desk_id = v.desk_id AND w.article_id = v.article_id AND r.exact IS NOT NULL
            ORDER BY w.number DESC LIMIT 1
        ) last ON true
        WHERE v.desk_id = $1 AND v.article_id = $2
        ORDER BY p.id
        LIMIT 100000
        "#,
        desk as _,
        article as _,
    )
    .fetch_all(conn)
    .await?;
    let marks = rows.into_iter().map(|row| Standing {
        appearance: row.appearance,
        claim: row.claim,
        removed: row.removed,
        version: row.version,
        start: row.start,
        end: row.end,
        exact: row.exact,
        around: (row.version == row.marked_in).then_some((row.prefix, row.suffix)),
    });
    Ok(marks.collect())
}

/// Closes what nobody decided in older versions.
///
/// # Errors
/// When PostgreSQL fails.
pub(super) async fn supersede(
    conn: &mut PgConnection,
    change: &Change,
    article: ArticleId,
    latest: VersionId,
) -> Result<()> {
    sqlx::query!(
        r#"
        UPDATE reanchorings SET decision = 'superseded', row_version = row_version + 1, event_id = $4
        WHERE desk_id = $1 AND article_id = $2 AND version_id <> $3 AND decision = 'pending'
        "#,
        change.desk as _,
        article as _,
        latest as _,
        change.event as _,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Stores what was found, and the anchors of what goes over by itself.
///
/// # Errors
/// When PostgreSQL fails.
pub(super) async fn insert(
    conn: &mut PgConnection,
    change: &Change,
    article: ArticleId,
    version: VersionId,
    findings: &[Finding],
) -> Result<()> {
    if findings.is_empty() {
        return Ok(());
    }
    // What anchors repeat of their claims, and which verdict is public, stands still until this is over.
    let mut claims: Vec<Uuid> = findings.iter().map(|finding| finding.mark.claim.uuid()).collect();
    claims.sort_unstable();
    claims.dedup();
    sqlx::query!(
        r#"SELECT id AS "id: ClaimId" FROM claims WHERE desk_id = $1 AND id = ANY($2) ORDER BY id LIMIT 100000 FOR SHARE"#,
        change.desk as _,
        &claims,
    )
    .fetch_all(&mut *conn)
    .await?;
    let marks = || findings.iter().map(|finding| &finding.mark);
    let (found_start, found_end): (Vec<_>, Vec<_>) = findings.iter().map(Finding::columns).unzip();
    sqlx::query!(
        r#"
        INSERT INTO reanchorings (desk_id, version_id, appearance_id, article_id, claim_id, from_version_id, from_start,
                                  from_end, outcome, score, found_start, found_end, candidates, decision, start_at,
                                  end_at, exact, created_at, event_id)
        SELECT $1, $2, f.appearance, $3, f.claim, f.version, f.from_start, f.from_end, f.outcome, f.score, f.found_start,
               f.found_end, f.candidates::json, CASE WHEN f.exact IS NULL THEN 'pending' ELSE 'carried' END,
               CASE WHEN f.exact IS NOT NULL THEN f.found_start END, CASE WHEN f.exact IS NOT NULL THEN f.found_end END,
               f.exact, $4, $5
        FROM unnest($6::uuid[], $7::uuid[], $8::uuid[], $9::integer[], $10::integer[], $11::text[], $12::real[],
                    $13::integer[], $14::integer[], $15::text[], $16::text[])
            AS f (appearance, claim, version, from_start, from_end, outcome, score, found_start, found_end, candidates,
                  exact)
        "#,
        change.desk as _,
        version as _,
        article as _,
        change.at,
        change.event as _,
        &marks().map(|mark| mark.appearance.uuid()).collect::<Vec<_>>(),
        &marks().map(|mark| mark.claim.uuid()).collect::<Vec<_>>(),
        &marks().map(|mark| mark.version.uuid()).collect::<Vec<_>>(),
        &marks().map(|mark| mark.start).collect::<Vec<_>>(),
        &marks().map(|mark| mark.end).collect::<Vec<_>>(),
        &findings.iter().map(|finding| finding.outcome.as_str().to_owned()).collect::<Vec<_>>(),
        &findings.iter().map(|finding| finding.score).collect::<Vec<_>>(),
        &found_start as &[Option<i32>],
        &found_end as &[Option<i32>],
        &findings.iter().map(Finding::candidates).collect::<Vec<_>>(),
        &findings.iter().map(|finding| finding.exact.clone()).collect::<Vec<_>>() as &[Option<String>],
    )
    .execute(&mut *conn)
    .await?;
    draw(conn, change, version, None).await
}

/// Draws the marks of a version where they now stand: all, or one. What an anchor repeats of its claim is taken from
/// where it was marked. Words that a person chose and that are others are drawn as drifted.
///
/// # Errors
/// When PostgreSQL fails.
pub(super) async fn draw(
    conn: &mut PgConnection,
    change: &Change,
    version: VersionId,
    appearance: Option<AppearanceId>,
) -> Result<()> {
    sqlx::query!(
        r#"
        INSERT INTO anchors (desk_id, version_id, start_at, end_at, appearance_id, claim_id, exact, state, claim_reviewed,
                             stage, rating_label, rating_shape, rating_colour, evidence_count, speakers, removed)
        SELECT r.desk_id, r.version_id, r.start_at, r.end_at, r.appearance_id, r.claim_id, r.exact,
               CASE WHEN r.decision = 'carried' OR r.exact = p.exact THEN 'located' ELSE 'drifted' END,
               o.claim_reviewed, o.stage, o.rating_label, o.rating_shape, o.rating_colour, o.evidence_count, o.speakers,
               p.removed_at IS NOT NULL
        FROM reanchorings r
        JOIN appearances p ON p.desk_id = r.desk_id AND p.id = r.appearance_id
        JOIN anchors o ON o.desk_id = p.desk_id AND o.version_id = p.version_id AND o.start_at = p.start_at
            AND o.end_at = p.end_at AND o.appearance_id = p.id
        WHERE r.desk_id = $1 AND r.version_id = $2 AND ($3::uuid IS NULL OR r.appearance_id = $3) AND r.exact IS NOT NULL
        ON CONFLICT (desk_id, version_id, start_at, end_at, appearance_id) DO UPDATE
        SET claim_id = excluded.claim_id, state = excluded.state, claim_reviewed = excluded.claim_reviewed,
            stage = excluded.stage, rating_label = excluded.rating_label, rating_shape = excluded.rating_shape,
            rating_colour = excluded.rating_colour, evidence_count = excluded.evidence_count,
            speakers = excluded.speakers, removed = excluded.removed, drawn = anchors.drawn + 1
        "#,
        change.desk as _,
        version as _,
        appearance as _,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// What is stored of a mark in a version, held until the transaction ends.
///
/// # Errors
/// [`Error::NotFound`].
pub(super) async fn held(conn: &mut PgConnection, desk: DeskId, seen: Seen) -> Result<Held> {
    let row = sqlx::query_as!(
        Held,
        r#"
        SELECT c.stage AS "stage: Stage", p.removed_at IS NOT NULL AS "removed!",
               r.decision AS "decision: Decision", r.outcome, r.found_start, r.found_end, r.start_at AS "start",
               r.end_at AS "end", r.exact, coalesce(b.exact, p.exact) AS "sought!", r.verdict, r.row_version
        FROM reanchorings r
        JOIN claims c ON c.desk_id = r.desk_id AND c.id = r.claim_id
        JOIN appearances p ON p.desk_id = r.desk_id AND p.id = r.appearance_id
        LEFT JOIN reanchorings b ON b.desk_id = r.desk_id AND b.version_id = r.from_version_id
            AND b.appearance_id = r.appearance_id
        WHERE r.desk_id = $1 AND r.version_id = $2 AND r.appearance_id = $3 AND r.article_id = $4
        FOR UPDATE OF r
        FOR SHARE OF c
        "#,
        desk as _,
        seen.version as _,
        seen.appearance as _,
        seen.article as _,
    )
    .fetch_optional(conn)
    .await?;
    row.ok_or(Error::NotFound("mark"))
}

/// The words between two offsets of a version.
///
/// # Errors
/// [`Error::NotFound`] when they lie outside of it.
pub(super) async fn words(
    conn: &mut PgConnection,
    desk: DeskId,
    version: VersionId,
    start: i32,
    end: i32,
) -> Result<String> {
    let words = sqlx::query_scalar!(
        r#"SELECT substr(body, $3 + 1, $4) AS "words!" FROM article_versions WHERE desk_id = $1 AND id = $2"#,
        desk as _,
        version as _,
        start,
        end - start,
    )
    .fetch_optional(conn)
    .await?;
    words.filter(|words| !words.is_empty()).ok_or(Error::NotFound("words"))
}

/// Stores a decision.
///
/// # Errors
/// When PostgreSQL fails.
pub(super) async fn decide(
    conn: &mut PgConnection,
    change: &Change,
    seen: Seen,
    decided: &Decided<'_>,
) -> Result<()> {
    let (by, at) = decided.decider(change);
    sqlx::query!(
        r#"
        UPDATE reanchorings
        SET decision = $4, start_at = $5, end_at = $6, exact = $7, decided_by = $8, decided_at = $9,
            seen_by = CASE WHEN $10 THEN $8::uuid END, seen_at = CASE WHEN $10 THEN $9::timestamptz END,
            row_version = row_version + 1, event_id = $11
        WHERE desk_id = $1 AND version_id = $2 AND appearance_id = $3
        "#,
        change.desk as _,
        seen.version as _,
        seen.appearance as _,
        decided.decision as _,
        decided.start,
        decided.end,
        decided.exact,
        by as _,
        at,
        decided.seen,
        change.event as _,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Takes a mark's drawing away from a place; the row stays, so that the sums that pages are told apart by only grow.
///
/// # Errors
/// When PostgreSQL fails.
pub(super) async fn erase(
    conn: &mut PgConnection,
    change: &Change,
    seen: Seen,
    start: i32,
    end: i32,
) -> Result<()> {
    sqlx::query!(
        r#"
        UPDATE anchors SET removed = true, drawn = drawn + 1
        WHERE desk_id = $1 AND version_id = $2 AND start_at = $3 AND end_at = $4 AND appearance_id = $5
        "#,
        change.desk as _,
        seen.version as _,
        start,
        end,
        seen.appearance as _,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Notes that somebody has looked at a public claim whose words changed: all that waits of it does so without a notice.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn see(conn: &mut PgConnection, change: &Change, claim: ClaimId) -> Result<()> {
    sqlx::query!(
        r#"
        UPDATE reanchorings SET seen_by = $3, seen_at = $4, row_version = row_version + 1, event_id = $5
        WHERE desk_id = $1 AND claim_id = $2 AND verdict IS NOT NULL AND seen_at IS NULL AND decision = 'pending'
        "#,
        change.desk as _,
        claim as _,
        change.by as _,
        change.at,
        change.event as _,
    )
    .execute(conn)
    .await?;
    Ok(())
}
