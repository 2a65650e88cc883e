//! The two statements that store a mark.

use sqlx::PgConnection;
use uuid::Uuid;

use super::{Marked, Marker};
use crate::auth::permission::{MarkClaim, Publish};
use crate::auth::{Permission, Role};
use crate::claims::marks::NewMark;
use crate::id::EventId;

/// All that the statements write.
pub(super) struct Written<'a> {
    pub by: &'a Marker,
    pub new: &'a NewMark,
    pub marked: Marked,
    pub event: EventId,
    pub details: String,
    pub key: Option<Uuid>,
    pub fingerprint: Option<&'a [u8]>,
    pub location: &'a str,
}

/// The mark of a new claim; `false` when nobody was found who may mark, or no such article.
pub(super) async fn first(conn: &mut PgConnection, w: &Written<'_>) -> Result<bool, sqlx::Error> {
    let stored = sqlx::query_scalar!(
        r#"
        WITH who AS MATERIALIZED (
            SELECT v.desk_id, v.account_id, a.language
            FROM viewer($1, $2, $3) v JOIN articles a ON a.desk_id = v.desk_id AND a.id = $4
            WHERE v.roles && $5::text[]
        ), event AS (
            INSERT INTO events (desk_id, id, at, actor_kind, actor_id, action, entity, entity_id, details)
            SELECT desk_id, $6, $3, 'person', account_id, 'claim.mark', 'claim', $7, $8::text::json FROM who
        ), once AS (
            INSERT INTO submissions (desk_id, account_id, key, fingerprint, location, created_at)
            SELECT desk_id, account_id, $9, $10, $11, $3 FROM who WHERE $9::uuid IS NOT NULL
        ), claim AS (
            INSERT INTO claims (desk_id, id, claim_reviewed, language, search, created_by, created_at, event_id)
            SELECT desk_id, $7, $12, language, to_tsvector('simple', $12::text), account_id, $3, $6 FROM who
        ), appearance AS (
            INSERT INTO appearances (desk_id, id, claim_id, article_id, version_id, exact, prefix, suffix, start_at,
                                     end_at, created_by, created_at, event_id)
            SELECT desk_id, $13, $7, $4, $14, $15, $16, $17, $18, $19, account_id, $3, $6 FROM who
        )
        INSERT INTO anchors (desk_id, version_id, start_at, end_at, appearance_id, claim_id, exact, claim_reviewed)
        SELECT desk_id, $14, $18, $19, $13, $7, $15, $12 FROM who
        RETURNING true AS "stored!"
        "#,
        w.by.token.hash(),
        w.by.desk,
        w.by.now,
        w.new.article as _,
        &names(MarkClaim::ROLES),
        w.event as _,
        w.marked.claim as _,
        w.details,
        w.key,
        w.fingerprint,
        w.location,
        w.new.claim_reviewed,
        w.marked.appearance as _,
        w.new.version as _,
        w.new.selector.exact,
        w.new.selector.prefix,
        w.new.selector.suffix,
        w.new.selector.start,
        w.new.selector.end,
    )
    .fetch_optional(conn)
    .await?;
    Ok(stored.is_some())
}

/// One more mark of a claim that is there; `false` also when the claim is not, or is public and the person no editor.
pub(super) async fn again(conn: &mut PgConnection, w: &Written<'_>) -> Result<bool, sqlx::Error> {
    let stored = sqlx::query_scalar!(
        r#"
        WITH who AS MATERIALIZED (
            SELECT v.desk_id, v.account_id, c.claim_reviewed, c.stage, r.label, r.shape, r.colour,
                   (SELECT count(*) FROM evidence e
                    WHERE e.desk_id = v.desk_id AND e.claim_id = c.id AND e.removed_at IS NULL) AS evidence_count
            FROM viewer($1, $2, $3) v
            JOIN articles a ON a.desk_id = v.desk_id AND a.id = $4
            JOIN claims c ON c.desk_id = v.desk_id AND c.id = $7
            LEFT JOIN verdicts d ON d.desk_id = c.desk_id AND d.claim_id = c.id AND d.number = c.current_verdict
            LEFT JOIN rating_values r ON r.desk_id = d.desk_id AND r.scale_version_id = d.scale_version_id
                AND r.code = d.rating_code
            WHERE v.roles && $5::text[] AND (c.stage NOT IN ('published', 'retracted') OR v.roles && $19::text[])
        ), event AS (
            INSERT INTO events (desk_id, id, at, actor_kind, actor_id, action, entity, entity_id, details)
            SELECT desk_id, $6, $3, 'person', account_id, 'appearance.add', 'appearance', $12, $8::text::json FROM who
        ), once AS (
            INSERT INTO submissions (desk_id, account_id, key, fingerprint, location, created_at)
            SELECT desk_id, account_id, $9, $10, $11, $3 FROM who WHERE $9::uuid IS NOT NULL
        ), appearance AS (
            INSERT INTO appearances (desk_id, id, claim_id, article_id, version_id, exact, prefix, suffix, start_at,
                                     end_at, created_by, created_at, event_id)
            SELECT desk_id, $12, $7, $4, $13, $14, $15, $16, $17, $18, account_id, $3, $6 FROM who
        )
        INSERT INTO anchors (desk_id, version_id, start_at, end_at, appearance_id, claim_id, exact, claim_reviewed,
                             stage, rating_label, rating_shape, rating_colour, evidence_count)
        SELECT desk_id, $13, $17, $18, $12, $7, $14, claim_reviewed, stage, label, shape, colour, evidence_count
        FROM who
        RETURNING true AS "stored!"
        "#,
        w.by.token.hash(),
        w.by.desk,
        w.by.now,
        w.new.article as _,
        &names(MarkClaim::ROLES),
        w.event as _,
        w.marked.claim as _,
        w.details,
        w.key,
        w.fingerprint,
        w.location,
        w.marked.appearance as _,
        w.new.version as _,
        w.new.selector.exact,
        w.new.selector.prefix,
        w.new.selector.suffix,
        w.new.selector.start,
        w.new.selector.end,
        &names(Publish::ROLES),
    )
    .fetch_optional(conn)
    .await?;
    Ok(stored.is_some())
}

fn names(roles: &[Role]) -> Vec<String> {
    roles.iter().map(|role| role.as_str().to_owned()).collect()
}
