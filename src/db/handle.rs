//! The way from a request to the database, which may not be up yet.

use std::future::{Ready, ready};
use std::ops::Deref;
use std::sync::OnceLock;

use actix_web::dev::Payload;
use actix_web::web::Data;
use actix_web::{FromRequest, HttpRequest};
use sqlx::PgPool;

use crate::error::{Error, Result};

/// The database of this server, empty until it answers.
#[derive(Debug, Default)]
pub struct Handle(OnceLock<PgPool>);

impl Handle {
    /// Opens the way: requests are answered from now on.
    pub fn set(&self, pool: PgPool) {
        // Set twice it would be the same database, so the first stays.
        let _ = self.0.set(pool);
    }

    /// The pool of connections.
    ///
    /// # Errors
    /// [`Error::Unavailable`] while the database is not up.
    pub fn get(&self) -> Result<&PgPool> {
        self.0.get().ok_or(Error::Unavailable)
    }
}

/// The pool of connections, for a handler.
#[derive(Clone, Debug)]
pub struct Pool(PgPool);

impl Pool {
    /// The pool of the server that got this request.
    ///
    /// # Errors
    /// [`Error::Unavailable`] while the database is not up.
    ///
    /// # Panics
    /// When the application was put together without a database handle.
    pub fn of(request: &HttpRequest) -> Result<Self> {
        let handle = request.app_data::<Data<Handle>>().expect("the application is given its database");
        Ok(Self(handle.get()?.clone()))
    }
}

impl Deref for Pool {
    type Target = PgPool;

    fn deref(&self) -> &PgPool {
        &self.0
    }
}

impl FromRequest for Pool {
    type Error = Error;
    type Future = Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Self::of(request))
    }
}
