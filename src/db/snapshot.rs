//! Reading several things as they were at one moment.

use sqlx::{Connection, PgConnection, PgPool};

use crate::error::{Error, Result};

/// Runs `work` on one snapshot of the database: everything it reads is from the same moment, and nothing it does
/// changes anything.
///
/// As with `unit_of_work`, it runs to its end even if the client goes away.
///
/// # Errors
/// What the work fails with, and [`Error::Unavailable`] when no connection can be had.
///
/// # Panics
/// When the work panics; and outside of an actix runtime.
pub async fn snapshot<T, W>(pool: &PgPool, work: W) -> Result<T>
where
    T: 'static,
    W: AsyncFnOnce(&mut PgConnection) -> Result<T> + 'static,
{
    let pool = pool.clone();
    let task = actix_web::rt::spawn(async move {
        let mut connection = pool.acquire().await?;
        let mut tx = connection.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await?;
        let outcome = work(&mut tx).await?;
        tx.commit().await?;
        Ok(outcome)
    });
    match task.await {
        Ok(outcome) => outcome,
        Err(ended) if ended.is_panic() => std::panic::resume_unwind(ended.into_panic()),
        Err(_) => Err(Error::Unavailable),
    }
}
