//! JSON requests: the same proofs as for forms.

use std::future::Future;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest, HttpResponse};
use serde::Serialize;
use serde::de::DeserializeOwned;
use uuid::Uuid;

use super::body;
use crate::audit::Submission;
use crate::auth::session::SessionToken;
use crate::auth::{Authorized, Permission, Viewer};
use crate::db::Pool;
use crate::error::{Error, Result};

/// A request's body before it is read as JSON, with all that can be checked without a database.
struct Raw {
    bytes: Vec<u8>,
    token: SessionToken,
    submission: Option<Submission>,
}

impl Raw {
    async fn read(request: &HttpRequest, payload: &mut Payload) -> Result<Self> {
        body::same_origin(request)?;
        if !body::is(request, "application/json") {
            return Err(Error::MediaType("JSON (application/json)"));
        }
        let token = SessionToken::of(request).ok_or(Error::SignIn)?;
        let header = |name| request.headers().get(name).and_then(|value| value.to_str().ok());
        if header("x-csrf-token") != Some(token.csrf().as_str()) {
            return Err(Error::Forged);
        }
        let bytes = body::read(payload, body::ARTICLE_LIMIT).await?;
        let submission = match header("idempotency-key") {
            None => None,
            Some(key) => {
                let key: Uuid = key
                    .parse()
                    .map_err(|_| Error::Malformed("The Idempotency-Key has to be a UUID.".into()))?;
                Some(Submission::new(key, request.path(), &bytes))
            }
        };
        Ok(Self { bytes, token, submission })
    }

    fn parse<B: DeserializeOwned>(&self) -> Result<B> {
        serde_json::from_slice(&self.bytes)
            .map_err(|error| Error::Malformed(format!("This JSON cannot be read: {error}.").into()))
    }
}

/// A JSON document that passed all checks that need no database: its origin and the session's own token.
#[derive(Debug)]
pub struct Document<B> {
    pub body: B,
    pub token: SessionToken,
    pub submission: Option<Submission>,
}

impl<B: DeserializeOwned> Document<B> {
    /// Reads a request's JSON document.
    ///
    /// # Errors
    /// When it is something else, too large, too slow, from another site, or without a session.
    pub async fn read(request: &HttpRequest, payload: &mut Payload) -> Result<Self> {
        let raw = Raw::read(request, payload).await?;
        Ok(Self { body: raw.parse()?, token: raw.token, submission: raw.submission })
    }
}

impl<B: DeserializeOwned + 'static> FromRequest for Document<B> {
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let request = request.clone();
        let mut payload = payload.take();
        Box::pin(async move { Self::read(&request, &mut payload).await })
    }
}

/// A JSON document sent by a member who may do `P`.
#[derive(Debug)]
pub struct Sent<P: Permission, B> {
    pub by: Authorized<P>,
    pub body: B,
    /// Tells a repeated sending from a new one.
    pub submission: Option<Submission>,
}

impl<P: Permission, B: DeserializeOwned + 'static> FromRequest for Sent<P, B> {
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let request = request.clone();
        let mut payload = payload.take();
        Box::pin(async move {
            let raw = Raw::read(&request, &mut payload).await?;
            let slug = request.match_info().get("desk").unwrap_or_default();
            let pool = Pool::of(&request)?;
            let by = Viewer::of(&pool, slug, Some(raw.token.clone())).await?.authorize()?;
            // What was sent is read last: what is wrong with it is nobody's business who may not send it.
            Ok(Self { by, body: raw.parse()?, submission: raw.submission })
        })
    }
}

/// A JSON answer.
#[must_use]
pub fn answer(status: actix_web::http::StatusCode, body: &impl Serialize) -> HttpResponse {
    HttpResponse::build(status).json(body)
}
