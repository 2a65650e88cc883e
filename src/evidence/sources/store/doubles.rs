//! Sources that look like one document, and what somebody said of it.

use serde_json::json;
use sqlx::PgConnection;
use uuid::Uuid;

use super::merging::{merge, survivor};
use super::source::those;
use crate::audit::{self, Change};
use crate::auth::Authorized;
use crate::auth::permission::CiteEvidence;
use crate::codes::codes;
use crate::error::{Error, Result};
use crate::evidence::sources::Source;
use crate::id::{DeskId, SourceId};
use crate::text::address::UrlKey;

codes! {
    /// Why two sources look like one document.
    Why {
        Address = "address", "both lead to the same address";
        Canonical = "canonical", "one says that its own address is the other’s, or both name the same";
        Doi = "doi", "both have the same DOI";
        Isbn = "isbn", "both have the same ISBN";
        Bytes = "bytes", "their copies are the same to the last byte";
        Person = "person", "somebody saw that they are";
    }

    /// What became of two sources that look like one document.
    Decision {
        Suggested = "suggested", "to be decided";
        Merged = "merged", "one document";
        Apart = "apart", "two documents";
    }
}

/// Another source that may be the same document.
#[derive(Clone, Debug)]
pub struct Double {
    pub other: Source,
    pub why: Why,
}

/// Takes the sources for oneself, in one order, so that two mergers never wait for each other.
pub(super) async fn lock(
    conn: &mut PgConnection,
    by: &Authorized<CiteEvidence>,
    sources: &[SourceId],
) -> Result<()> {
    let ids: Vec<Uuid> = sources.iter().map(|id| id.uuid()).collect();
    let locked = sqlx::query_scalar!(
        r#"SELECT id AS "id: SourceId" FROM sources WHERE desk_id = $1 AND id = ANY($2) ORDER BY id FOR UPDATE"#,
        by.desk.id as _,
        &ids,
    )
    .fetch_all(conn)
    .await?;
    if locked.len() == sources.len() { Ok(()) } else { Err(Error::NotFound("source")) }
}

/// Notes that a source was found at a further address, unless another source is known there.
pub(super) async fn note_address(
    conn: &mut PgConnection,
    by: &Authorized<CiteEvidence>,
    id: SourceId,
    key: &UrlKey,
) -> Result<()> {
    if key.address.as_str().chars().count() > 2_000 {
        return Ok(());
    }
    let details = json!({"address": key.address.as_str()});
    let change = audit::record(conn, by, "source.locate", "source", id, &details).await?;
    sqlx::query!(
        r#"
        INSERT INTO source_addresses (desk_id, url_key, source_id, url, event_id) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT DO NOTHING
        "#,
        change.desk as _,
        key.key,
        id as _,
        key.address.as_str(),
        change.event as _,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The other sources that stand for themselves and have this DOI.
pub(super) async fn with_doi(
    conn: &mut PgConnection,
    desk: DeskId,
    id: SourceId,
    doi: &str,
) -> Result<Vec<SourceId>> {
    Ok(sqlx::query_scalar!(
        r#"
        SELECT id AS "id: SourceId" FROM sources
        WHERE desk_id = $1 AND doi = $2 AND id <> $3 AND merged_into IS NULL AND access <> 'confidential'
        ORDER BY id
        LIMIT 20
        "#,
        desk as _,
        doi,
        id as _,
    )
    .fetch_all(conn)
    .await?)
}

/// The other sources that stand for themselves and have this ISBN.
pub(super) async fn with_isbn(
    conn: &mut PgConnection,
    desk: DeskId,
    id: SourceId,
    isbn: &str,
) -> Result<Vec<SourceId>> {
    Ok(sqlx::query_scalar!(
        r#"
        SELECT id AS "id: SourceId" FROM sources
        WHERE desk_id = $1 AND isbn = $2 AND id <> $3 AND merged_into IS NULL AND access <> 'confidential'
        ORDER BY id
        LIMIT 20
        "#,
        desk as _,
        isbn,
        id as _,
    )
    .fetch_all(conn)
    .await?)
}

/// The other sources that stand for themselves and call this address their own.
pub(super) async fn with_canonical(
    conn: &mut PgConnection,
    desk: DeskId,
    id: SourceId,
    address: &str,
) -> Result<Vec<SourceId>> {
    Ok(sqlx::query_scalar!(
        r#"
        SELECT id AS "id: SourceId" FROM sources
        WHERE desk_id = $1 AND canonical_url = $2 AND id <> $3 AND merged_into IS NULL AND access <> 'confidential'
        ORDER BY id
        LIMIT 20
        "#,
        desk as _,
        address,
        id as _,
    )
    .fetch_all(conn)
    .await?)
}

/// The other sources that stand for themselves and have a copy of the same bytes.
pub(super) async fn with_bytes(conn: &mut PgConnection, desk: DeskId, id: SourceId) -> Result<Vec<SourceId>> {
    Ok(sqlx::query_scalar!(
        r#"
        SELECT DISTINCT s.id AS "id: SourceId"
        FROM source_archives k
        JOIN source_copies c ON c.desk_id = k.desk_id AND c.id = k.copy_id
        JOIN snapshots n ON n.desk_id = c.desk_id AND n.id = c.snapshot_id
        JOIN snapshots m ON m.desk_id = n.desk_id AND m.sha256 = n.sha256
        JOIN source_copies d ON d.desk_id = m.desk_id AND d.snapshot_id = m.id
        JOIN sources s ON s.desk_id = d.desk_id AND s.id = d.source_id AND s.merged_into IS NULL
        WHERE k.desk_id = $1 AND k.source_id = $2 AND s.id <> $2 AND s.access <> 'confidential'
        ORDER BY s.id
        LIMIT 20
        "#,
        desk as _,
        id as _,
    )
    .fetch_all(conn)
    .await?)
}

/// Two sources were found to look like one document: merges them when that is certain, and suggests it else; does nothing
/// when somebody said that they are two. Whether they were merged.
pub(super) async fn found(
    conn: &mut PgConnection,
    by: &Authorized<CiteEvidence>,
    id: SourceId,
    other: SourceId,
    why: Why,
    is_certain: bool,
) -> Result<bool> {
    let known = decided(conn, by.desk.id, id, other).await?;
    match (known, is_certain) {
        (Some(Decision::Apart | Decision::Merged), _) | (Some(Decision::Suggested), false) => Ok(false),
        (_, true) => {
            let (double, into) = survivor(conn, by.desk.id, id, other).await?;
            merge(conn, by, double, into, why).await?;
            Ok(true)
        }
        (None, false) => {
            let details = json!({"other": other, "why": why});
            let change = audit::record(conn, by, "source.suspect", "source", id, &details).await?;
            decide(conn, &change, (id, other), why, Decision::Suggested).await?;
            Ok(false)
        }
    }
}

async fn decided(
    conn: &mut PgConnection,
    desk: DeskId,
    id: SourceId,
    other: SourceId,
) -> Result<Option<Decision>> {
    Ok(sqlx::query_scalar!(
        r#"
        SELECT decision AS "decision: Decision" FROM source_doubles
        WHERE desk_id = $1 AND one_id = least($2::uuid, $3) AND other_id = greatest($2::uuid, $3)
        "#,
        desk as _,
        id as _,
        other as _,
    )
    .fetch_optional(conn)
    .await?)
}

pub(super) async fn decide(
    conn: &mut PgConnection,
    change: &Change,
    (id, other): (SourceId, SourceId),
    why: Why,
    decision: Decision,
) -> Result<()> {
    sqlx::query!(
        r#"
        INSERT INTO source_doubles (desk_id, one_id, other_id, why, decision, created_at, event_id)
        VALUES ($1, least($2::uuid, $3), greatest($2::uuid, $3), $4, $5, $6, $7)
        ON CONFLICT (desk_id, one_id, other_id) DO UPDATE SET decision = $5, event_id = $7
        "#,
        change.desk as _,
        id as _,
        other as _,
        why as _,
        decision as _,
        change.at,
        change.event as _,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Remembers that two sources are different documents, so that they are not suggested again.
///
/// # Errors
/// [`Error::NotFound`] when the desk does not have both.
pub async fn keep_apart(
    conn: &mut PgConnection,
    by: &Authorized<CiteEvidence>,
    id: SourceId,
    other: SourceId,
) -> Result<()> {
    if id == other {
        return Err(Error::NotFound("source"));
    }
    lock(conn, by, &[id, other]).await?;
    let change =
        audit::record(conn, by, "source.distinguish", "source", id, &json!({"other": other})).await?;
    decide(conn, &change, (id, other), Why::Person, Decision::Apart).await
}

/// Suggests the other sources that have the same DOI or ISBN as this one, after a person gave it.
pub(super) async fn suspect(
    conn: &mut PgConnection,
    by: &Authorized<CiteEvidence>,
    is: &Source,
) -> Result<()> {
    if let Some(doi) = &is.doi {
        for other in with_doi(conn, by.desk.id, is.id, doi).await? {
            found(conn, by, is.id, other, Why::Doi, false).await?;
        }
    }
    if let Some(isbn) = &is.isbn {
        for other in with_isbn(conn, by.desk.id, is.id, isbn).await? {
            found(conn, by, is.id, other, Why::Isbn, false).await?;
        }
    }
    Ok(())
}

/// The other sources that may be the same document as this one, and nobody has decided.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn of_source(conn: &mut PgConnection, desk: DeskId, id: SourceId) -> Result<Vec<Double>> {
    let pairs = sqlx::query!(
        r#"
        SELECT s.id AS "other: SourceId", d.why AS "why: Why"
        FROM source_doubles d
        JOIN sources s ON s.desk_id = d.desk_id
            AND s.id = CASE WHEN d.one_id = $2 THEN d.other_id ELSE d.one_id END AND s.merged_into IS NULL
        WHERE d.desk_id = $1 AND (d.one_id = $2 OR d.other_id = $2) AND d.decision = 'suggested'
        ORDER BY s.id
        LIMIT 20
        "#,
        desk as _,
        id as _,
    )
    .fetch_all(&mut *conn)
    .await?;
    let ids: Vec<Uuid> = pairs.iter().map(|pair| pair.other.uuid()).collect();
    let mut others = those(conn, desk, &ids).await?;
    let double = |(other, why)| Some(Double { other: others.remove(&other)?, why });
    Ok(pairs.into_iter().map(|pair| (pair.other, pair.why)).filter_map(double).collect())
}
