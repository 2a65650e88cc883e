//! Sessions: a random token in a cookie, its hash in the database, checked on each request.

use actix_web::HttpRequest;
use actix_web::cookie::{Cookie, SameSite, time::Duration};
use sha2::{Digest, Sha256};
use sqlx::PgConnection;
use time::OffsetDateTime;

use crate::base_url::BaseUrl;
use crate::error::{Error, Result};
use crate::id::AccountId;

/// A session nobody uses ends after 12 hours, any session after 30 days.
pub const IDLE: time::Duration = time::Duration::hours(12);
/// See [`IDLE`].
pub const ABSOLUTE: time::Duration = time::Duration::days(30);

/// The secret in the cookie: 32 bytes from the operating system, in hex.
#[derive(Clone, Debug)]
pub struct SessionToken(String);

impl SessionToken {
    /// A new secret.
    ///
    /// # Errors
    /// [`Error::Internal`] when the operating system has no randomness.
    pub fn new() -> Result<Self> {
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes).map_err(|error| Error::internal(error.to_string()))?;
        Ok(Self(hex(&bytes)))
    }

    /// The secret that came with a request.
    #[must_use]
    pub fn of(request: &HttpRequest) -> Option<Self> {
        let cookie = request.cookie(BaseUrl::of(request).session_cookie())?;
        let value = cookie.value();
        (value.len() == 64 && value.bytes().all(|byte| byte.is_ascii_hexdigit()))
            .then(|| Self(value.to_owned()))
    }

    /// What the database keeps.
    #[must_use]
    pub fn hash(&self) -> Vec<u8> {
        Sha256::digest(self.0.as_bytes()).to_vec()
    }

    /// What forms of this session carry: nobody without the cookie can work it out.
    #[must_use]
    pub fn csrf(&self) -> String {
        hex(&Sha256::new().chain_update(b"form\0").chain_update(self.0.as_bytes()).finalize())
    }

    /// The cookie to set. `__Host-` and `Secure` need HTTPS; a server on plain loopback does without.
    #[must_use]
    pub fn cookie(&self, base: &BaseUrl) -> Cookie<'static> {
        Cookie::build(base.session_cookie(), self.0.clone())
            .path("/")
            .http_only(true)
            .secure(base.is_https())
            .same_site(SameSite::Lax)
            .max_age(Duration::days(30))
            .finish()
    }
}

/// The cookie that takes a session away.
#[must_use]
pub fn removal_cookie(base: &BaseUrl) -> Cookie<'static> {
    let mut cookie = Cookie::build(base.session_cookie(), "")
        .path("/")
        .http_only(true)
        .secure(base.is_https())
        .same_site(SameSite::Lax)
        .finish();
    cookie.make_removal();
    cookie
}

/// Begins a session.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn begin(
    conn: &mut PgConnection,
    account: AccountId,
    user_agent: &str,
    now: OffsetDateTime,
) -> Result<SessionToken> {
    let token = SessionToken::new()?;
    let user_agent: String = user_agent.chars().take(200).collect();
    sqlx::query!(
        r#"
        INSERT INTO sessions (token_hash, account_id, created_at, last_seen_at, idle_until, ends_at, user_agent)
        VALUES ($1, $2, $3, $3, $4, $5, $6)
        "#,
        token.hash(),
        account as _,
        now,
        now + IDLE,
        now + ABSOLUTE,
        user_agent,
    )
    .execute(conn)
    .await?;
    Ok(token)
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
