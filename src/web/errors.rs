//! How failures are answered: a problem document (RFC 9457) for programs, a page for people.

use std::error::Error as _;

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::{StatusCode, header};
use actix_web::middleware::Next;
use actix_web::{HttpResponse, ResponseError};
use askama::Template;
use serde::Serialize;

use super::page::{Shell, html};
use crate::error::{Error, Resend};

/// A failure as RFC 9457 writes it, section 3.1.
#[derive(Serialize)]
struct Problem {
    #[serde(rename = "type")]
    kind: &'static str,
    title: &'static str,
    status: u16,
    detail: String,
}

impl ResponseError for Error {
    fn status_code(&self) -> StatusCode {
        match self {
            Self::NotFound(_) => StatusCode::NOT_FOUND,
            Self::SignIn => StatusCode::UNAUTHORIZED,
            Self::Resend(resend) if resend.csrf.is_none() => StatusCode::UNAUTHORIZED,
            Self::Resend(_) | Self::Forbidden(_) | Self::Barred(_) | Self::Forged => StatusCode::FORBIDDEN,
            Self::Malformed(_) => StatusCode::BAD_REQUEST,
            Self::Invalid(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Conflict(_) => StatusCode::CONFLICT,
            Self::Repeated(_) => StatusCode::SEE_OTHER,
            Self::TooLarge(_) => StatusCode::PAYLOAD_TOO_LARGE,
            Self::TooSlow => StatusCode::REQUEST_TIMEOUT,
            Self::MediaType(_) => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::TooMany { .. } => StatusCode::TOO_MANY_REQUESTS,
            Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            Self::Database(_) | Self::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    fn error_response(&self) -> HttpResponse {
        let status = self.status_code();
        if status.is_server_error() {
            tracing::error!(error = %self, cause = self.source().map(tracing::field::display), "request failed");
        }
        let mut response = HttpResponse::build(status);
        match self {
            Self::Repeated(location) => {
                response.insert_header((header::LOCATION, location.as_str()));
                return response.finish();
            }
            Self::TooMany { retry_after_s } => {
                response.insert_header((header::RETRY_AFTER, retry_after_s.to_string()));
            }
            Self::Unavailable => {
                response.insert_header((header::RETRY_AFTER, "2"));
            }
            Self::SignIn => {
                response.insert_header((header::WWW_AUTHENTICATE, "Cookie"));
            }
            _ => {}
        }
        let problem = Problem {
            kind: "about:blank",
            title: title(status),
            status: status.as_u16(),
            detail: self.to_string(),
        };
        response
            .insert_header((header::CONTENT_TYPE, "application/problem+json; charset=utf-8"))
            .body(serde_json::to_string(&problem).unwrap_or_default())
    }
}

fn title(status: StatusCode) -> &'static str {
    match status {
        StatusCode::NOT_FOUND => "Not found",
        StatusCode::UNAUTHORIZED => "Sign in first",
        StatusCode::FORBIDDEN => "Not allowed",
        StatusCode::UNPROCESSABLE_ENTITY | StatusCode::BAD_REQUEST => "That did not work",
        StatusCode::CONFLICT => "Changed meanwhile",
        StatusCode::TOO_MANY_REQUESTS => "Slow down",
        StatusCode::SERVICE_UNAVAILABLE => "Not available at the moment",
        status if status.is_client_error() => "That could not be taken",
        _ => "Something went wrong",
    }
}

#[derive(Template)]
#[template(path = "web/error.html")]
struct ErrorPage<'a> {
    shell: Shell,
    title: &'static str,
    detail: String,
    sign_in: Option<String>,
    resend: Option<&'a Resend>,
}

impl ErrorPage<'_> {
    /// How many lines a kept text takes at least.
    fn rows(value: &str) -> usize {
        (value.len() / 60 + value.lines().count()).clamp(1, 20)
    }
}

/// Turns failures into pages for those who asked for a page.
///
/// # Errors
/// What the service within fails with.
pub async fn pages(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, actix_web::Error> {
    let wants_page = request
        .headers()
        .get(header::ACCEPT)
        .and_then(|accept| accept.to_str().ok())
        .is_some_and(|accept| accept.contains("text/html"));
    let path = request.uri().path_and_query().map_or_else(String::new, ToString::to_string);
    let is_get = request.method().is_safe();
    let response = next.call(request).await?;
    let status = response.status();
    if !wants_page || !(status.is_client_error() || status.is_server_error()) || is_html(&response) {
        return Ok(response.map_into_boxed_body());
    }
    let error = response.response().error().and_then(|error| error.as_error::<Error>());
    let resend = match error {
        Some(Error::Resend(resend)) => Some(&**resend),
        _ => None,
    };
    let sign_in = (status == StatusCode::UNAUTHORIZED)
        .then(|| if is_get { format!("/sign-in?next={}", encode(&path)) } else { "/sign-in".to_owned() });
    let body = ErrorPage {
        shell: Shell::outside(None),
        title: title(status),
        detail: error
            .map_or_else(|| status.canonical_reason().unwrap_or("Unknown").to_owned(), ToString::to_string),
        sign_in,
        resend,
    }
    .render()
    .map_err(Error::internal)?;
    let mut answer = html(status);
    for (name, value) in response.headers() {
        if name != header::CONTENT_TYPE && name != header::CONTENT_LENGTH {
            answer.append_header((name.clone(), value.clone()));
        }
    }
    let answer = answer.body(body);
    Ok(response.into_response(answer).map_into_boxed_body())
}

fn is_html<B>(response: &ServiceResponse<B>) -> bool {
    response
        .headers()
        .get(header::CONTENT_TYPE)
        .is_some_and(|value| value.as_bytes().starts_with(b"text/html"))
}

fn encode(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}
