//! Guessing is slowed down, and nobody is ever locked out: token buckets for each account, network and known device.

use std::net::IpAddr;

use actix_web::HttpRequest;
use sha2::{Digest, Sha256};
use sqlx::{PgConnection, PgPool};
use time::OffsetDateTime;

use super::names::Handle;
use super::store::throttles as store;
use crate::base_url::BaseUrl;
use crate::db::unit_of_work;
use crate::error::{Error, Result};
use crate::fetch::AN_HOUR;
use crate::id::{AccountId, DeskId};

/// How many reports one network sends to a desk before it has to wait.
pub const REPORTS_AT_ONCE: u32 = 5;

/// Tries that are left for one name, one network, one device.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Bucket {
    key: String,
    capacity: u32,
    /// Seconds until one more try is there.
    every_s: u32,
}

impl Bucket {
    /// Tries from anywhere for one account, whether or not it exists: 10, and one more a minute.
    #[must_use]
    pub fn account(handle: &Handle) -> Self {
        // People type passwords into the wrong field: what is not a name of ours is not kept as it was typed.
        let digest = Sha256::digest(handle.as_str().as_bytes());
        let key = digest.iter().take(16).fold("account:".to_owned(), |key, byte| format!("{key}{byte:02x}"));
        Self { key, capacity: 10, every_s: 60 }
    }

    /// Tries from one network for all accounts: 50, and one more in six seconds.
    #[must_use]
    pub fn network(network: &str) -> Self {
        Self { key: format!("network:{network}"), capacity: 50, every_s: 6 }
    }

    /// Tries from a browser that the account has signed in with before. It is its own, so that others who guess, from
    /// wherever, do not keep the person out.
    #[must_use]
    pub fn device(hash: &[u8]) -> Self {
        let key = hash.iter().take(16).fold("device:".to_owned(), |key, byte| format!("{key}{byte:02x}"));
        Self { key, capacity: 10, every_s: 60 }
    }

    /// Addresses that a person may have fetched: 30, and one more in two minutes, which is 30 an hour.
    #[must_use]
    pub fn fetches(account: AccountId) -> Self {
        Self { key: format!("fetches:{account}"), capacity: AN_HOUR, every_s: 3_600 / AN_HOUR }
    }

    /// The name under which it is kept.
    #[must_use]
    pub fn key(&self) -> &str {
        &self.key
    }

    /// Letters to addresses that a person has not confirmed: 5, and one more in ten minutes.
    #[must_use]
    pub fn letters(account: AccountId) -> Self {
        Self { key: format!("letters:{account}"), capacity: 5, every_s: 600 }
    }

    /// Reports that one network may send to a desk: 5, and one more in ten minutes.
    #[must_use]
    pub fn reports(desk: DeskId, network: &str) -> Self {
        Self { key: format!("reports:{desk}:{network}"), capacity: REPORTS_AT_ONCE, every_s: 600 }
    }

    /// How full it is after a time.
    fn refilled(&self, tokens: f64, since: OffsetDateTime, now: OffsetDateTime) -> f64 {
        let passed = (now - since).as_seconds_f64().max(0.0);
        (tokens + passed / f64::from(self.every_s)).min(f64::from(self.capacity))
    }

    /// Seconds until there is a whole token again.
    fn wait_s(&self, tokens: f64) -> u64 {
        let wait = ((1.0 - tokens) * f64::from(self.every_s)).ceil().max(1.0);
        // At most the time for one token, which is small and positive.
        std::time::Duration::try_from_secs_f64(wait).map_or(1, |wait| wait.as_secs())
    }
}

/// Takes a try out of each bucket, or out of none.
///
/// # Errors
/// [`Error::TooMany`] when one is empty.
pub async fn take(pool: &PgPool, mut buckets: Vec<Bucket>, now: OffsetDateTime) -> Result<()> {
    // Always in the same order, so that two do not wait for each other.
    buckets.sort();
    unit_of_work(pool, async move |tx| {
        for bucket in &buckets {
            take_within(tx, bucket, now).await?;
        }
        Ok(())
    })
    .await
}

/// Takes a try out of a bucket within a unit of work, so that what fails takes none.
///
/// # Errors
/// [`Error::TooMany`] when it is empty.
pub async fn take_within(conn: &mut PgConnection, bucket: &Bucket, now: OffsetDateTime) -> Result<()> {
    let (tokens, filled_at) = store::lock(conn, &bucket.key, f64::from(bucket.capacity), now).await?;
    let tokens = bucket.refilled(tokens, filled_at, now);
    if tokens < 1.0 {
        return Err(Error::TooMany { retry_after_s: bucket.wait_s(tokens) });
    }
    store::set(conn, &bucket.key, tokens - 1.0, now).await
}

/// Puts a try back: it was none, the password was right.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn give_back(conn: &mut PgConnection, buckets: &[Bucket]) -> Result<()> {
    let mut buckets: Vec<&Bucket> = buckets.iter().collect();
    buckets.sort();
    for bucket in buckets {
        store::add(conn, &bucket.key, f64::from(bucket.capacity)).await?;
    }
    Ok(())
}

/// The network that a request comes from: IPv4 /24, IPv6 /48.
///
/// This server speaks no TLS. So where its address is HTTPS and the peer is on the same machine or network, that is the
/// proxy in front of it, and the last address of `X-Forwarded-For` is what the proxy saw. Otherwise the header is
/// anybody's claim and is not read.
#[must_use]
pub fn network(request: &HttpRequest) -> String {
    let peer = request.peer_addr().map(|peer| peer.ip().to_canonical());
    let forwarded = request
        .headers()
        .get_all("x-forwarded-for")
        .last()
        .and_then(|value| value.to_str().ok()?.rsplit(',').next()?.trim().parse::<IpAddr>().ok());
    let address = match peer {
        Some(peer) if BaseUrl::of(request).is_https() && is_near(peer) => Some(forwarded.unwrap_or(peer)),
        peer => peer,
    };
    address.map_or_else(|| "unknown".to_owned(), |address| prefix(address.to_canonical()))
}

fn is_near(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => address.is_loopback() || address.is_private(),
        IpAddr::V6(address) => address.is_loopback() || address.is_unique_local(),
    }
}

fn prefix(address: IpAddr) -> String {
    match address {
        IpAddr::V4(address) => {
            let [a, b, c, _] = address.octets();
            format!("{a}.{b}.{c}.0/24")
        }
        IpAddr::V6(address) => {
            let [a, b, c, ..] = address.segments();
            format!("{a:x}:{b:x}:{c:x}::/48")
        }
    }
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;
    use actix_web::web::Data;
    use time::Duration;

    use super::*;

    fn seen(base: &str, peer: &str, forwarded: Option<&str>) -> String {
        let mut request = TestRequest::default()
            .peer_addr(peer.parse().unwrap())
            .app_data(Data::new(BaseUrl::new(&base.parse().unwrap())));
        if let Some(forwarded) = forwarded {
            request = request.insert_header(("x-forwarded-for", forwarded));
        }
        network(&request.to_http_request())
    }

    #[test]
    fn a_bucket_fills_with_time_up_to_its_size() {
        let bucket = Bucket::account(&Handle::parse("ana").unwrap());
        let start = OffsetDateTime::UNIX_EPOCH;
        assert!((bucket.refilled(0.0, start, start + Duration::minutes(3)) - 3.0).abs() < 1e-9);
        assert!((bucket.refilled(9.5, start, start + Duration::hours(3)) - 10.0).abs() < 1e-9);
        // A clock that was set back takes nothing away.
        assert!((bucket.refilled(4.0, start, start - Duration::hours(3)) - 4.0).abs() < 1e-9);
        assert_eq!(bucket.wait_s(0.0), 60);
        assert_eq!(bucket.wait_s(0.99), 1);
    }

    #[test]
    fn what_others_claim_to_be_is_not_believed() {
        assert_eq!(seen("http://localhost", "127.0.0.1:999", Some("9.9.9.9")), "127.0.0.0/24");
        assert_eq!(seen("https://facts.example", "8.8.4.4:999", Some("9.9.9.9")), "8.8.4.0/24");
    }

    #[test]
    fn the_proxy_in_front_is_believed_and_only_its_own_word() {
        assert_eq!(seen("https://facts.example", "127.0.0.1:999", Some("1.2.3.4, 9.9.9.9")), "9.9.9.0/24");
        assert_eq!(seen("https://facts.example", "10.0.0.5:999", Some("2001:db8:7:8::1")), "2001:db8:7::/48");
        assert_eq!(seen("https://facts.example", "[::1]:999", Some("nonsense")), "0:0:0::/48");
        assert_eq!(seen("https://facts.example", "127.0.0.1:999", None), "127.0.0.0/24");
    }

    #[test]
    fn one_machine_has_one_network_in_either_notation() {
        assert_eq!(seen("http://localhost", "[::ffff:8.8.4.4]:999", None), "8.8.4.0/24");
    }
}
