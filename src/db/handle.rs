//! The way from a request to the database, which may not be up yet.

use std::cell::OnceCell;
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

/// One worker's own connections. A connection wakes the thread that opened it: were they shared, most answers of
/// PostgreSQL would wake a thread that has to wake another.
#[derive(Debug, Default)]
pub struct WorkerPool(OnceCell<PgPool>);

impl WorkerPool {
    fn get(&self, handle: &Handle) -> Result<PgPool> {
        let shared = handle.get()?;
        let own = || shared.options().clone().connect_lazy_with((*shared.connect_options()).clone());
        Ok(self.0.get_or_init(own).clone())
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
        let worker = request.app_data::<WorkerPool>().expect("each worker's application is given a pool");
        Ok(Self(worker.get(handle)?))
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
