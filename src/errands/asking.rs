//! What somebody may ask to be fetched, and how much.

use sqlx::PgPool;
use time::OffsetDateTime;
use url::Url;

use crate::accounts::throttle::{self, Bucket};
use crate::articles::details::URL_MAX;
use crate::error::Result;
use crate::fetch::Fetcher;
use crate::id::AccountId;
use crate::text::address::SafeUrl;

/// The address that somebody typed, when it can be tried.
///
/// # Errors
/// What is wrong with it, in words.
pub fn address(typed: &str, fetcher: &Fetcher) -> Result<SafeUrl, String> {
    let address = SafeUrl::parse(typed).map_err(|error| error.to_string())?;
    if address.as_str().chars().count() > URL_MAX {
        return Err("This address is longer than 2,000 characters. Use its short form.".to_owned());
    }
    let names_somebody =
        Url::parse(typed.trim()).is_ok_and(|url| !url.username().is_empty() || url.password().is_some());
    if names_somebody {
        return Err("There is a name or password in this address. Leave it out.".to_owned());
    }
    fetcher.check(address.as_str()).map_err(|reason| reason.label().to_owned())?;
    Ok(address)
}

/// Takes so many fetches from what a person may have in an hour.
///
/// # Errors
/// [`TooMany`](crate::error::Error::TooMany) when there are no more.
pub async fn count_fetches(
    pool: &PgPool,
    account: AccountId,
    fetches: usize,
    now: OffsetDateTime,
) -> Result<()> {
    throttle::take(pool, vec![Bucket::fetches(account); fetches], now).await
}
