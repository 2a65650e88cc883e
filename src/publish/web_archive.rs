//! Kept copies as a web archive: of a claim, of a source, of the whole desk.

use std::pin::Pin;

use actix_web::http::header;
use actix_web::web::Path;
use actix_web::{HttpResponse, get};
use futures_util::stream;

use crate::auth::permission::ReadDesk;
use crate::auth::{Authorized, Viewer};
use crate::db::Pool;
use crate::error::{Error, Result};
use crate::evidence::web_archive::store::{For, Of, title};
use crate::evidence::web_archive::{Form, start};
use crate::id::{ClaimId, SourceId};

async fn archive(viewer: Viewer, pool: &Pool, of: Of, ending: &str, name: String) -> Result<HttpResponse> {
    let form = Form::parse(ending).ok_or(Error::NotFound("file"))?;
    let whom = if viewer.is_member() { For::Members } else { For::Readers };
    let desk = viewer.desk.id;
    let title = title(&mut *pool.acquire().await?, desk, of, whom).await?;
    let mut pieces = start(pool, desk, of, whom, form, title).await?;
    let pieces = stream::poll_fn(move |context| pieces.poll(context));
    let file = format!("attachment; filename=\"{name}.{}\"", form.ending());
    let mut answer = HttpResponse::Ok();
    answer
        .insert_header((header::CONTENT_TYPE, form.media_type()))
        .insert_header((header::CONTENT_DISPOSITION, file))
        .insert_header((header::CACHE_CONTROL, "private, no-store"))
        // What is inside is packed already.
        .insert_header((header::CONTENT_ENCODING, "identity"))
        .insert_header((header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox"))
        .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"));
    let pieces: Pin<Box<dyn futures_util::Stream<Item = Result<_>>>> = Box::pin(pieces);
    Ok(answer.streaming(pieces))
}

#[get("/{desk}/claims/{claim}/copies.{ending}")]
pub(super) async fn of_claim(
    path: Path<(String, ClaimId, String)>,
    viewer: Viewer,
    pool: Pool,
) -> Result<HttpResponse> {
    let (_, claim, ending) = path.into_inner();
    archive(viewer, &pool, Of::Claim(claim), &ending, format!("claim-{claim}")).await
}

#[get("/{desk}/sources/{source}/copies.{ending}")]
pub(super) async fn of_source(
    path: Path<(String, SourceId, String)>,
    viewer: Viewer,
    pool: Pool,
) -> Result<HttpResponse> {
    let (_, source, ending) = path.into_inner();
    archive(viewer, &pool, Of::Source(source), &ending, format!("source-{source}")).await
}

/// All copies that the desk has, for members only: it takes long.
#[get("/{desk}/copies.{ending}")]
pub(super) async fn of_desk(
    member: Authorized<ReadDesk>,
    path: Path<(String, String)>,
    pool: Pool,
) -> Result<HttpResponse> {
    let (slug, ending) = path.into_inner();
    archive(member.viewer(), &pool, Of::Desk, &ending, format!("{slug}-copies")).await
}
