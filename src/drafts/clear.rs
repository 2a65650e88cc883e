//! A form that was taken ends its draft.

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::{Method, StatusCode};
use actix_web::middleware::Next;

use super::store;
use crate::auth::session::SessionToken;
use crate::db::{Pool, unit_of_work_quietly};

/// Throws away the draft of a form of a desk once the form is taken: when the answer sends the browser on, or gives a script
/// the parts of the page as they are now.
///
/// # Errors
/// What the service within fails with.
pub async fn clear(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, actix_web::Error> {
    let form = (request.method() == Method::POST).then(|| request.path().to_owned());
    let is_fragment = request.headers().contains_key("x-fragment");
    let token = SessionToken::of(request.request());
    let response = next.call(request).await?;
    let status = response.status();
    let is_taken = status == StatusCode::SEE_OTHER || (is_fragment && status.is_success());
    if let (Some(form), Some(token), true) = (form, token, is_taken)
        && let Some(slug) = response.request().match_info().get("desk").map(str::to_owned)
        && !form.starts_with("/api/")
    {
        let pool = Pool::of(response.request())?;
        let cleared =
            unit_of_work_quietly(&pool, async move |tx| store::sent(tx, &token, &slug, &form).await).await;
        if let Err(error) = cleared {
            // The form is taken all the same, and a draft too much does no harm.
            tracing::warn!(%error, "the draft of a form that was taken could not be thrown away");
        }
    }
    Ok(response)
}
