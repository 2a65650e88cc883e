//! Forms of somebody signed in about what is their own: their account, and desks they do not belong to yet.

use std::future::Future;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use serde::de::DeserializeOwned;
use time::OffsetDateTime;

use crate::audit::Submission;
use crate::auth::Person;
use crate::auth::session::SessionToken;
use crate::error::{Error, Result};
use crate::web::body::FORM_LIMIT;
use crate::web::form::Fields;

/// A form that is proven to be from the session of this person.
#[derive(Debug)]
pub struct Own<F> {
    pub person: Person,
    pub token: SessionToken,
    pub form: F,
    pub submission: Option<Submission>,
    /// When the request came.
    pub now: OffsetDateTime,
}

impl<F: DeserializeOwned + 'static> FromRequest for Own<F> {
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let request = request.clone();
        let mut payload = payload.take();
        Box::pin(async move {
            let fields = Fields::read(&request, &mut payload, FORM_LIMIT).await?;
            let (person, token) = fields.signed_in(&request).await?;
            let form = fields.parse()?;
            Ok(Self { person, token, form, submission: fields.submission, now: OffsetDateTime::now_utc() })
        })
    }
}

/// A form without fields of its own.
#[derive(Clone, Copy, Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Nothing {}
