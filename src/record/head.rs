//! Heads of the record, for everybody to note: who has one can tell a record that was written anew.

use actix_web::http::header::CACHE_CONTROL;
use actix_web::web::{Data, Query};
use actix_web::{HttpResponse, get};
use serde::Deserialize;

use crate::audit::head::Head;
use crate::audit::signing::SigningKey;
use crate::auth::Viewer;
use crate::db::Pool;
use crate::error::{Error, Result};

/// Which head.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    /// Of this batch; without, the latest.
    batch: Option<i64>,
}

/// The head of a desk's record as a text, signed where the server has a key.
#[get("/{desk}/record/head")]
pub async fn head(
    viewer: Viewer,
    asked: Query<Asked>,
    key: Data<Option<SigningKey>>,
    pool: Pool,
) -> Result<HttpResponse> {
    let conn = &mut *pool.acquire().await?;
    let head = match asked.batch {
        Some(number) => Head::of(conn, viewer.desk.id, number).await?,
        None => Head::latest(conn, viewer.desk.id).await?,
    };
    Ok(text(head.note(key.as_ref().as_ref())))
}

/// The key with which signatures of heads are checked.
#[get("/record-key.pem")]
pub async fn public_key(key: Data<Option<SigningKey>>) -> Result<HttpResponse> {
    let key = key.as_ref().as_ref().ok_or(Error::NotFound("key"))?;
    Ok(text(key.public().to_pem()))
}

fn text(body: String) -> HttpResponse {
    HttpResponse::Ok()
        .content_type("text/plain; charset=utf-8")
        .insert_header((CACHE_CONTROL, "no-cache"))
        .body(body)
}
