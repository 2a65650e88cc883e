//! Taking a snapshot away: as a file, never as a page of this server.

use actix_web::http::header::{
    self, Charset, ContentDisposition, DispositionParam, DispositionType, ExtendedValue,
};
use actix_web::web::Path;
use actix_web::{HttpResponse, get};

use super::store;
use crate::auth::Authorized;
use crate::auth::permission::ReadDesk;
use crate::db::Pool;
use crate::error::Result;
use crate::id::SnapshotId;

/// The bytes as they came in. Whatever they are, no browser shows or runs them.
#[get("/{desk}/snapshots/{snapshot}")]
pub async fn download(
    by: Authorized<ReadDesk>,
    at: Path<(String, SnapshotId)>,
    pool: Pool,
) -> Result<HttpResponse> {
    let kept = store::get(&pool, by.desk.id, at.1).await?;
    let name = kept.received.file_name.unwrap_or_else(|| format!("{}.bin", kept.id));
    let plain: String = name
        .chars()
        .map(|c| if c.is_ascii_graphic() && !matches!(c, '"' | '\\' | '%') { c } else { '_' })
        .collect();
    let disposition = ContentDisposition {
        disposition: DispositionType::Attachment,
        parameters: vec![
            DispositionParam::Filename(plain),
            DispositionParam::FilenameExt(ExtendedValue {
                charset: Charset::Ext("UTF-8".to_owned()),
                language_tag: None,
                value: name.into_bytes(),
            }),
        ],
    };
    Ok(HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, "application/octet-stream"))
        .insert_header(disposition)
        .insert_header((header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox"))
        .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .body(kept.received.bytes))
}
