//! Forms: read once, proven to come from here and from somebody who may, and kept when they cannot be taken.

use std::future::Future;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use serde::de::DeserializeOwned;
use uuid::Uuid;

use super::body;
use crate::audit::Submission;
use crate::auth::session::SessionToken;
use crate::auth::{Authorized, Permission, Person, Viewer, Visitor};
use crate::db::Pool;
use crate::error::{Error, Resend, Result};

type Extraction<T> = Pin<Box<dyn Future<Output = Result<T>>>>;

/// A form sent by a member who may do `P`. Its fields are `F`'s, and besides `csrf` and `submission`
/// (templates print both with `shell.form_fields()`).
#[derive(Debug)]
pub struct Posted<P: Permission, F> {
    pub by: Authorized<P>,
    pub form: F,
    /// Tells a repeated sending from a new one.
    pub submission: Option<Submission>,
}

impl<P: Permission, F: DeserializeOwned + 'static> FromRequest for Posted<P, F> {
    type Error = Error;
    type Future = Extraction<Self>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let request = request.clone();
        let mut payload = payload.take();
        Box::pin(async move {
            let fields = Fields::read(&request, &mut payload, body::ARTICLE_LIMIT).await?;
            let by = fields.authorize(&request).await?;
            let form = fields.parse()?;
            Ok(Self { by, form, submission: fields.submission })
        })
    }
}

/// A form sent by somebody without a session, as at signing in: only its origin is checked.
#[derive(Debug)]
pub struct SignedIn<F>(pub F);

impl<F: DeserializeOwned + 'static> FromRequest for SignedIn<F> {
    type Error = Error;
    type Future = Extraction<Self>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let request = request.clone();
        let mut payload = payload.take();
        Box::pin(
            async move { Ok(Self(Fields::read(&request, &mut payload, body::FORM_LIMIT).await?.parse()?)) },
        )
    }
}

/// What a form sent, before it is known who sent it.
#[derive(Debug)]
pub struct Fields {
    pairs: Vec<(String, String)>,
    csrf: Option<String>,
    /// Tells a repeated sending from a new one.
    pub submission: Option<Submission>,
}

impl Fields {
    /// Reads a URL-encoded form.
    ///
    /// # Errors
    /// When it is something else, too large, too slow, or from another site.
    pub async fn read(request: &HttpRequest, payload: &mut Payload, limit: usize) -> Result<Self> {
        body::same_origin(request)?;
        if !body::is(request, "application/x-www-form-urlencoded") {
            return Err(Error::MediaType("forms (application/x-www-form-urlencoded)"));
        }
        let body = body::read(payload, limit).await?;
        let pairs = serde_html_form::from_bytes(&body).map_err(|_| unreadable())?;
        Self::new(request, pairs)
    }

    /// The form with these fields, wherever they came from.
    ///
    /// # Errors
    /// When its submission key is none.
    pub fn new(request: &HttpRequest, mut pairs: Vec<(String, String)>) -> Result<Self> {
        let csrf = take(&mut pairs, "csrf");
        let key = take(&mut pairs, "submission").filter(|key| !key.is_empty());
        let submission = match key {
            None => None,
            Some(key) => {
                let key: Uuid = key.parse().map_err(|_| unreadable())?;
                let asked = serde_html_form::to_string(&pairs).map_err(Error::internal)?;
                Some(Submission::new(key, request.path(), asked.as_bytes()))
            }
        };
        Ok(Self { pairs, csrf, submission })
    }

    /// Proves that the form is from the session it came with, and that its owner may do `P` at the desk in the path.
    ///
    /// # Errors
    /// [`Error::Resend`], which keeps what was typed, when the session is over or another; and as
    /// [`Viewer::authorize`].
    pub async fn authorize<P: Permission>(&self, request: &HttpRequest) -> Result<Authorized<P>> {
        let slug = request.match_info().get("desk").unwrap_or_default();
        let pool = Pool::of(request)?;
        let viewer = Viewer::of(&pool, slug, SessionToken::of(request)).await?;
        let expected = viewer.person.as_ref().map(|person| person.csrf.clone());
        if expected.is_none() || self.csrf != expected {
            return Err(Error::Resend(Box::new(self.resend(request, expected))));
        }
        viewer.authorize()
    }

    /// Proves that the form is from the session it came with, whatever the desk.
    ///
    /// # Errors
    /// [`Error::Resend`], which keeps what was typed, when the session is over or another.
    pub async fn signed_in(&self, request: &HttpRequest) -> Result<(Person, SessionToken)> {
        let visitor = Visitor::of(request).await?;
        let expected = visitor.person.as_ref().map(|person| person.csrf.clone());
        if expected.is_none() || self.csrf != expected {
            return Err(Error::Resend(Box::new(self.resend(request, expected))));
        }
        visitor.signed_in()
    }

    /// Whether the form is from the session whose forms carry `csrf`.
    ///
    /// # Errors
    /// [`Error::Resend`], which keeps what was typed.
    pub fn check(&self, request: &HttpRequest, csrf: &str) -> Result<()> {
        if self.csrf.as_deref() == Some(csrf) {
            return Ok(());
        }
        Err(Error::Resend(Box::new(self.resend(request, Some(csrf.to_owned())))))
    }

    /// Whether a field of that name is filled.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.pairs.iter().any(|(field, value)| field == name && !value.trim().is_empty())
    }

    fn resend(&self, request: &HttpRequest, csrf: Option<String>) -> Resend {
        let secret = |name: &str| name.contains("password");
        let fields = self.pairs.iter().filter(|(name, _)| !secret(name)).cloned().collect();
        Resend { action: request.uri().to_string(), fields, csrf }
    }

    /// The fields as the form of this address has them.
    ///
    /// # Errors
    /// [`Error::Malformed`] when a field is missing, unknown, twice there, or not what it should be.
    pub fn parse<F: DeserializeOwned>(&self) -> Result<F> {
        let encoded = serde_html_form::to_string(&self.pairs).map_err(Error::internal)?;
        serde_html_form::from_str(&encoded)
            .map_err(|error| Error::Malformed(format!("This form cannot be read: {error}.").into()))
    }
}

fn take(pairs: &mut Vec<(String, String)>, name: &str) -> Option<String> {
    let at = pairs.iter().position(|(key, _)| key == name)?;
    Some(pairs.remove(at).1)
}

fn unreadable() -> Error {
    Error::Malformed("This form cannot be read. Open the page again and send it from there.".into())
}
