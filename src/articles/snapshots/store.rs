//! All SQL of snapshots.

use sqlx::types::Json;
use sqlx::{PgConnection, PgPool};
use time::OffsetDateTime;

use crate::articles::intake::{How, Received};
use crate::audit::Change;
use crate::auth::Authorized;
use crate::auth::permission::AddArticle;
use crate::blobs;
use crate::error::{Error, Result};
use crate::id::{DeskId, SnapshotId};
use crate::text::address::SafeUrl;

/// A snapshot as it is kept.
#[derive(Clone, Debug)]
pub struct Kept {
    pub id: SnapshotId,
    pub received: Received,
    /// SHA-256 of the bytes.
    pub sha256: Vec<u8>,
}

/// Keeps what came in. Bytes that the desk has are not stored again, but that they came again is.
///
/// # Errors
/// When PostgreSQL fails; [`Error::Invalid`] when there are no bytes.
pub async fn keep(
    conn: &mut PgConnection,
    _by: &Authorized<AddArticle>,
    change: &Change,
    received: &Received,
) -> Result<SnapshotId> {
    let sha256 = blobs::put(conn, change, &received.bytes).await?;
    let id = SnapshotId::new();
    let address = |address: &Option<SafeUrl>| address.as_ref().map(|address| address.as_str().to_owned());
    sqlx::query!(
        r#"
        INSERT INTO snapshots (desk_id, id, sha256, how, media_type, charset, file_name, address, final_address, status,
                               headers, received_at, created_by, event_id)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
        "#,
        change.desk as _,
        id as _,
        sha256,
        received.how as _,
        received.media_type.as_deref().and_then(|text| short(text, 200)),
        received.charset.as_deref().and_then(|text| short(text, 100)),
        received.file_name.as_deref().and_then(|name| short(&name.replace(['/', '\\'], "_"), 200)),
        address(&received.address),
        address(&received.final_address),
        received.status.and_then(|status| i16::try_from(status).ok()),
        (!received.headers.is_empty()).then_some(Json(&received.headers)) as _,
        received.received_at,
        change.by as _,
        change.event as _,
    )
    .execute(conn)
    .await?;
    Ok(id)
}

/// What a sender declared, as far as it can be kept; `None` when nothing is left.
fn short(text: &str, most: usize) -> Option<String> {
    let text: String = text.chars().filter(|character| !character.is_control()).take(most).collect();
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// A snapshot of a desk, with its bytes.
///
/// # Errors
/// [`Error::NotFound`] when the desk has none with that id.
pub async fn get(pool: &PgPool, desk: DeskId, id: SnapshotId) -> Result<Kept> {
    find(pool, desk, id).await?.ok_or(Error::NotFound("snapshot"))
}

/// A snapshot of a desk, with its bytes, if there is one.
///
/// # Errors
/// [`Error::Internal`] when its bytes are not those that were kept.
pub async fn find(pool: &PgPool, desk: DeskId, id: SnapshotId) -> Result<Option<Kept>> {
    let row = sqlx::query!(
        r#"
        SELECT s.sha256, s.how AS "how: How", s.media_type, s.charset, s.file_name, s.address, s.final_address, s.status,
               s.headers AS "headers: Json<Vec<(String, String)>>", s.received_at AS "received_at: OffsetDateTime"
        FROM snapshots s
        WHERE s.desk_id = $1 AND s.id = $2
        "#,
        desk as _,
        id as _,
    )
    .fetch_optional(pool)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let sha256 = row.sha256;
    let bytes = blobs::get(&mut *pool.acquire().await?, desk, &sha256).await?;
    let address = |text: Option<String>| text.and_then(|text| SafeUrl::parse(&text).ok());
    let received = Received {
        bytes: bytes.into(),
        media_type: row.media_type,
        charset: row.charset,
        file_name: row.file_name,
        address: address(row.address),
        final_address: address(row.final_address),
        status: row.status.and_then(|status| u16::try_from(status).ok()),
        headers: row.headers.map(|headers| headers.0).unwrap_or_default(),
        received_at: row.received_at,
        how: row.how,
    };
    Ok(Some(Kept { id, received, sha256 }))
}
