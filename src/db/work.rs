//! The unit of work: every change of the database runs in one.

use std::sync::LazyLock;

use sqlx::error::DatabaseError;
use sqlx::{Connection, PgConnection, PgPool};
use tokio::sync::watch;

use crate::error::{Error, Result};

static COMMITS: LazyLock<watch::Sender<()>> = LazyLock::new(|| watch::Sender::new(()));

/// Tells when this process has committed events, so that those who read the record need not wait to look.
#[must_use]
pub fn commits() -> watch::Receiver<()> {
    COMMITS.subscribe()
}

/// Wakes those who read the record. Only for a statement that writes its event by itself.
pub fn announce_commit() {
    COMMITS.send_replace(());
}

/// How often a transaction is tried when PostgreSQL asks for a new try.
const TRIES: u32 = 4;

/// Runs `work` in one transaction and commits it when it succeeds.
///
/// The work runs to its end even if the client goes away meanwhile: sqlx 0.9 can leave a pooled connection
/// inside a transaction when a `begin` is cancelled (transact-rs/sqlx#4385), and a half-made answer would leave
/// the person in doubt. A transaction that PostgreSQL ends for the sake of another is tried again.
///
/// # Errors
/// What the work fails with, and [`Error::Unavailable`] when no connection can be had.
///
/// # Panics
/// When the work panics; and outside of an actix runtime.
pub async fn unit_of_work<T, W>(pool: &PgPool, work: W) -> Result<T>
where
    T: 'static,
    W: AsyncFn(&mut PgConnection) -> Result<T> + 'static,
{
    let outcome = unit_of_work_quietly(pool, work).await?;
    announce_commit();
    Ok(outcome)
}

/// The same for what writes no event, such as a session or the chain itself: nobody is woken.
///
/// # Errors
/// As [`unit_of_work`].
///
/// # Panics
/// As [`unit_of_work`].
pub async fn unit_of_work_quietly<T, W>(pool: &PgPool, work: W) -> Result<T>
where
    T: 'static,
    W: AsyncFn(&mut PgConnection) -> Result<T> + 'static,
{
    let pool = pool.clone();
    let task = actix_web::rt::spawn(async move {
        let mut tries = 1;
        loop {
            match once(&pool, &work).await {
                Err(Error::Database(error)) if tries < TRIES && asks_for_another_try(&error) => tries += 1,
                outcome => return outcome,
            }
        }
    });
    match task.await {
        Ok(outcome) => outcome,
        Err(ended) if ended.is_panic() => std::panic::resume_unwind(ended.into_panic()),
        Err(_) => Err(Error::Unavailable),
    }
}

async fn once<T>(pool: &PgPool, work: &impl AsyncFn(&mut PgConnection) -> Result<T>) -> Result<T> {
    let mut connection = pool.acquire().await?;
    let mut tx = connection.begin().await?;
    match work(&mut tx).await {
        Ok(outcome) => {
            tx.commit().await?;
            Ok(outcome)
        }
        Err(error) => {
            // Before the answer: whoever reads it may try again, and must not meet the locks of this try. What the work
            // failed with matters more than that the connection broke as well.
            let _ = tx.rollback().await;
            Err(error)
        }
    }
}

/// Serialization failure and deadlock: <https://www.postgresql.org/docs/current/mvcc-serialization-failure-handling.html>.
fn asks_for_another_try(error: &sqlx::Error) -> bool {
    let code = error.as_database_error().and_then(DatabaseError::code);
    matches!(code.as_deref(), Some("40001" | "40P01"))
}

/// Turns the violation of a named constraint into the words of the domain.
pub trait IfViolates<T> {
    /// The result, with a violation of `constraint` replaced by `error`.
    ///
    /// # Errors
    /// `error`, or what else the query failed with.
    fn if_violates(self, constraint: &str, error: Error) -> Result<T>;
}

impl<T> IfViolates<T> for Result<T, sqlx::Error> {
    fn if_violates(self, constraint: &str, error: Error) -> Result<T> {
        self.map_err(Error::from).if_violates(constraint, error)
    }
}

impl<T> IfViolates<T> for Result<T> {
    fn if_violates(self, constraint: &str, error: Error) -> Result<T> {
        match self {
            Err(Error::Database(cause))
                if cause.as_database_error().and_then(|cause| cause.constraint()) == Some(constraint) =>
            {
                Err(error)
            }
            other => other,
        }
    }
}
