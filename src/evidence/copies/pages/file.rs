//! Taking a copy away: as a file, never as a page of this server.

use actix_web::http::header::{
    self, Charset, ContentDisposition, DispositionParam, DispositionType, ExtendedValue,
};
use actix_web::web::Path;
use actix_web::{HttpResponse, get};

use crate::auth::Viewer;
use crate::auth::permission::ReadDesk;
use crate::blobs;
use crate::db::Pool;
use crate::error::Result;
use crate::evidence::copies::store;
use crate::id::{CopyId, SourceId};

/// The bytes of a copy as they came. Whatever they are, no browser shows or runs them. Readers get them when the desk
/// gives its copies to readers, and a published claim cites the source.
#[get("/{desk}/sources/{source}/copies/{copy}/file")]
pub(super) async fn download(
    viewer: Viewer,
    path: Path<(String, SourceId, CopyId)>,
    pool: Pool,
) -> Result<HttpResponse> {
    let (_, source, id) = path.into_inner();
    let conn = &mut *pool.acquire().await?;
    if !viewer.is_member() && !store::is_public(conn, viewer.desk.id, source).await? {
        viewer.clone().authorize::<ReadDesk>()?;
    }
    let copy = store::get(conn, viewer.desk.id, source, id).await?;
    let bytes = blobs::get(conn, viewer.desk.id, &copy.sha256).await?;
    let name = copy.name();
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
        .insert_header(("X-Robots-Tag", "noindex, noarchive"))
        .body(bytes))
}
