//! How far the keeping of sources is, for pages.

use std::collections::HashMap;

use sqlx::PgConnection;
use time::OffsetDateTime;

use crate::error::Result;
use crate::evidence::copies::{Copy, Kept, Link, NoText, State, Why};
use crate::id::{CopyId, DeskId, SnapshotId, SourceId};

/// How far the keeping of one source is; nothing when it was never begun, as for one without address.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn kept(conn: &mut PgConnection, desk: DeskId, source: SourceId) -> Result<Option<Kept>> {
    Ok(of_sources(conn, desk, &[source]).await?.remove(&source))
}

/// The same for several, by the ids that were asked for: for one that was merged, how far that of the one is that stands
/// for it.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn of_sources(
    conn: &mut PgConnection,
    desk: DeskId,
    sources: &[SourceId],
) -> Result<HashMap<SourceId, Kept>> {
    let ids: Vec<_> = sources.iter().map(|source| source.uuid()).collect();
    let rows = sqlx::query!(
        r#"
        SELECT q.id AS "asked: SourceId", k.source_id AS "source: SourceId", k.state AS "state: State",
               k.reason AS "reason: Why", k.link AS "link: Link", k.link_reason AS "link_reason: Why",
               k.link_since AS "link_since: OffsetDateTime",
               greatest(k.looked_at, l.checked_at) AS "looked_at: OffsetDateTime",
               c.id AS "copy?: CopyId", c.number AS "number?", c.snapshot_id AS "snapshot?: SnapshotId",
               c.media_type AS "media_type?", c.body_length, c.no_text AS "no_text: NoText",
               n.received_at AS "received_at?: OffsetDateTime", coalesce(n.final_address, n.address) AS address, n.file_name,
               n.sha256 AS "sha256?", b.size AS "size?", a.display_name AS "created_by?",
               j.attempts AS "tries?", j.due_at AS "due_at?: OffsetDateTime", j.reason AS "last_reason: Why",
               coalesce(j.state = 'waiting', false) AS "is_waiting!"
        FROM sources q
        JOIN source_archives k ON k.desk_id = q.desk_id AND k.source_id = coalesce(q.merged_into, q.id)
        LEFT JOIN source_copies c ON c.desk_id = k.desk_id AND c.id = k.copy_id
        LEFT JOIN snapshots n ON n.desk_id = c.desk_id AND n.id = c.snapshot_id
        LEFT JOIN blobs b ON b.desk_id = n.desk_id AND b.sha256 = n.sha256
        LEFT JOIN accounts a ON a.id = c.created_by
        LEFT JOIN jobs j ON j.desk_id = k.desk_id AND j.kind = 'archive' AND j.subject_id = k.source_id
            AND k.state = 'pending'
        LEFT JOIN jobs l ON l.desk_id = k.desk_id AND l.kind = 'link' AND l.subject_id = k.source_id
        WHERE q.desk_id = $1 AND q.id = ANY($2)
        "#,
        desk as _,
        &ids,
    )
    .fetch_all(conn)
    .await?;
    let mut kept = HashMap::with_capacity(rows.len());
    for row in rows {
        let copy = match (row.copy, row.number, row.snapshot, row.media_type, row.received_at, row.sha256) {
            (Some(id), Some(number), Some(snapshot), Some(media_type), Some(received_at), Some(sha256)) => {
                Some(Copy {
                    id,
                    source: row.source,
                    number,
                    snapshot,
                    media_type,
                    length: row.body_length,
                    no_text: row.no_text,
                    received_at,
                    address: row.address,
                    file_name: row.file_name,
                    sha256,
                    size: row.size.unwrap_or_default(),
                    created_by: row.created_by.unwrap_or_default(),
                })
            }
            _ => None,
        };
        let it = Kept {
            source: row.source,
            state: row.state,
            reason: row.reason,
            copy,
            link: row.link,
            link_reason: row.link_reason,
            link_since: row.link_since,
            looked_at: row.looked_at,
            tries: row.tries.unwrap_or_default(),
            next_try: row.due_at.filter(|_| row.is_waiting && row.tries.is_some_and(|tries| tries > 0)),
            last_reason: row.last_reason,
        };
        kept.insert(row.asked, it);
    }
    Ok(kept)
}

/// Whether readers get the copies of a source: the desk gives its copies to readers, the source is not confidential, and a
/// published claim cites it.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn is_public(conn: &mut PgConnection, desk: DeskId, source: SourceId) -> Result<bool> {
    Ok(sqlx::query_scalar!(
        r#"
        SELECT EXISTS (
            SELECT FROM source_settings t
            JOIN sources s ON s.desk_id = t.desk_id AND s.id = $2 AND s.access <> 'confidential'
            JOIN sources m ON m.desk_id = s.desk_id AND coalesce(m.merged_into, m.id) = coalesce(s.merged_into, s.id)
            JOIN evidence e ON e.desk_id = m.desk_id AND e.source_id = m.id AND e.removed_at IS NULL
            JOIN claims c ON c.desk_id = e.desk_id AND c.id = e.claim_id AND c.stage = 'published'
            WHERE t.desk_id = $1 AND t.copies_public
        ) AS "is_public!"
        "#,
        desk as _,
        source as _,
    )
    .fetch_one(conn)
    .await?)
}

/// Whether the desk gives its copies to readers.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn are_public(conn: &mut PgConnection, desk: DeskId) -> Result<bool> {
    Ok(sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT FROM source_settings WHERE desk_id = $1 AND copies_public) AS "are_public!""#,
        desk as _,
    )
    .fetch_one(conn)
    .await?)
}
