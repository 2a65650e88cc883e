//! What whoever runs the server does to accounts, from the command line.

use sqlx::{PgConnection, PgPool};
use time::OffsetDateTime;

use super::names::Handle;
use super::{erasure, store};
use crate::auth::{Secret, session};
use crate::base_url::BaseUrl;
use crate::db::{IfViolates as _, unit_of_work};
use crate::error::{Error, Result};
use crate::id::AccountId;

async fn get(conn: &mut PgConnection, handle: &str) -> Result<AccountId> {
    let handle = Handle::parse(handle).ok_or(Error::NotFound("account"))?;
    store::accounts::find(conn, &handle).await?.ok_or(Error::NotFound("account"))
}

/// Keeps somebody out. Says how many sessions ended.
///
/// # Errors
/// [`Error::NotFound`] when nobody signs in with that name.
pub async fn disable(pool: &PgPool, handle: &str) -> Result<u64> {
    let handle = handle.to_owned();
    unit_of_work(pool, async move |tx| {
        let account = get(tx, &handle).await?;
        store::accounts::set_disabled(tx, account, Some(OffsetDateTime::now_utc())).await?;
        store::devices::forget(tx, account, None).await?;
        session::end_all(tx, account, None).await
    })
    .await
}

/// Lets somebody in again.
///
/// # Errors
/// [`Error::NotFound`] when nobody signs in with that name.
pub async fn enable(pool: &PgPool, handle: &str) -> Result<()> {
    let handle = handle.to_owned();
    unit_of_work(pool, async move |tx| {
        let account = get(tx, &handle).await?;
        store::accounts::set_disabled(tx, account, None)
            .await
            .if_violates("accounts_erased_stay", Error::conflict("This account was erased, for ever."))
    })
    .await
}

/// Erases an account. Gives the name that it has from now on.
///
/// # Errors
/// [`Error::NotFound`] when nobody signs in with that name, and as [`erasure::erase`].
pub async fn erase(pool: &PgPool, handle: &str) -> Result<String> {
    let handle = Handle::parse(handle).ok_or(Error::NotFound("account"))?;
    unit_of_work(pool, async move |tx| {
        let account = get(tx, handle.as_str()).await?;
        erasure::erase(tx, account, &handle, false, OffsetDateTime::now_utc()).await?;
        store::erasure::name(tx, account).await
    })
    .await
}

/// Ends all sessions of an account. Says how many there were.
///
/// # Errors
/// [`Error::NotFound`] when nobody signs in with that name.
pub async fn end_sessions(pool: &PgPool, handle: &str) -> Result<u64> {
    let handle = handle.to_owned();
    unit_of_work(pool, async move |tx| {
        let account = get(tx, &handle).await?;
        session::end_all(tx, account, None).await
    })
    .await
}

/// A one-time link with which somebody sets a new password.
///
/// # Errors
/// [`Error::NotFound`] when nobody signs in with that name.
pub async fn password_link(pool: &PgPool, base: &BaseUrl, handle: &str) -> Result<String> {
    let secret = Secret::new()?;
    let link = base.join(&format!("/new-password/{}", secret.expose()));
    let handle = handle.to_owned();
    unit_of_work(pool, async move |tx| {
        let account = get(tx, &handle).await?;
        store::passwords::insert(tx, &secret, account, OffsetDateTime::now_utc()).await
    })
    .await?;
    Ok(link)
}
