//! All SQL of blobs.

use actix_web::web::{self, Bytes};
use sqlx::PgConnection;

use super::{Storage, hash, pack, unpack};
use crate::audit::Change;
use crate::error::{Error, Result};
use crate::id::DeskId;

/// Keeps bytes, and gives their hash. Those that the desk has are not stored again.
///
/// # Errors
/// When PostgreSQL fails; [`Error::Invalid`] when there are no bytes.
pub async fn put(conn: &mut PgConnection, change: &Change, bytes: &Bytes) -> Result<Vec<u8>> {
    if bytes.is_empty() {
        return Err(Error::invalid("There is nothing in this file."));
    }
    let sha256 = hash(bytes);
    let is_here = sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT FROM blobs WHERE desk_id = $1 AND sha256 = $2) AS "is_here!""#,
        change.desk as _,
        sha256,
    )
    .fetch_one(&mut *conn)
    .await?;
    if is_here {
        return Ok(sha256);
    }
    let size = i32::try_from(bytes.len()).map_err(Error::internal)?;
    if let Some(storage) = Storage::installed() {
        // The object comes before the row: what a row names is there, and one that no row names does no harm.
        storage.put(change.desk, &sha256, bytes.clone()).await?;
        return insert(conn, change, sha256, size, None).await;
    }
    let bytes = bytes.clone();
    // Ten megabytes take a quarter of a second: not on the thread that answers others.
    let packed = web::block(move || pack(&bytes)).await.map_err(Error::internal)?.map_err(Error::internal)?;
    insert(conn, change, sha256, size, Some(packed)).await
}

async fn insert(
    conn: &mut PgConnection,
    change: &Change,
    sha256: Vec<u8>,
    size: i32,
    packed: Option<Vec<u8>>,
) -> Result<Vec<u8>> {
    sqlx::query!(
        r#"
        INSERT INTO blobs (desk_id, sha256, size, packed, event_id) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT DO NOTHING
        "#,
        change.desk as _,
        sha256,
        size,
        packed as _,
        change.event as _,
    )
    .execute(conn)
    .await?;
    Ok(sha256)
}

/// The bytes with that hash.
///
/// # Errors
/// [`Error::Internal`] when they are not those that were kept; [`Error::NotFound`] when the desk has none with that hash.
pub async fn get(conn: &mut PgConnection, desk: DeskId, sha256: &[u8]) -> Result<Vec<u8>> {
    let packed = sqlx::query_scalar!(
        r#"SELECT packed FROM blobs WHERE desk_id = $1 AND sha256 = $2"#,
        desk as _,
        sha256,
    )
    .fetch_optional(conn)
    .await?
    .ok_or(Error::NotFound("snapshot"))?;
    let Some(packed) = packed else {
        let outside = "the bytes are in storage that this server is not told of (FACTDESK_BLOBS)";
        return Storage::installed().ok_or_else(|| Error::internal(outside))?.get(desk, sha256).await;
    };
    let sha256 = sha256.to_vec();
    web::block(move || {
        let bytes = unpack(&packed).map_err(Error::internal)?;
        if hash(&bytes) == sha256 { Ok(bytes) } else { Err(Error::internal("the bytes have another hash")) }
    })
    .await
    .map_err(Error::internal)?
}
