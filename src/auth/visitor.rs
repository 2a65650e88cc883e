//! Whoever looks at a page that belongs to no desk.

use std::{future::Future, pin::Pin};

use actix_web::{FromRequest, HttpRequest, dev::Payload};
use time::OffsetDateTime;

use super::member::Person;
use super::session::{self, SessionToken};
use crate::db::Pool;
use crate::error::{Error, Result};

/// A reader, or somebody signed in.
#[derive(Clone, Debug)]
pub struct Visitor {
    pub person: Option<Person>,
    /// When the request came.
    pub now: OffsetDateTime,
    token: Option<SessionToken>,
}

impl Visitor {
    /// Reads who asks.
    ///
    /// # Errors
    /// When PostgreSQL fails or is not up.
    pub async fn of(request: &HttpRequest) -> Result<Self> {
        let now = OffsetDateTime::now_utc();
        let Some(token) = SessionToken::of(request) else {
            return Ok(Self { person: None, now, token: None });
        };
        let pool = Pool::of(request)?;
        let person = session::person(&pool, &token, now).await?;
        if let Some(person) = &person {
            session::keep_alive(&pool, &token, person.idle_until, now);
        }
        Ok(Self { person, now, token: Some(token) })
    }

    /// The person and their session.
    ///
    /// # Errors
    /// [`Error::SignIn`] when nobody is signed in.
    pub fn signed_in(self) -> Result<(Person, SessionToken)> {
        self.person.zip(self.token).ok_or(Error::SignIn)
    }

    /// The session's secret that came with the request, whether or not it is one.
    #[must_use]
    pub fn token(&self) -> Option<&SessionToken> {
        self.token.as_ref()
    }
}

impl FromRequest for Visitor {
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self>>>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move { Self::of(&request).await })
    }
}
