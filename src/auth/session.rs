//! Sessions: a random token in a cookie, its hash in the database, checked on each request.

use actix_web::HttpRequest;
use actix_web::cookie::{Cookie, SameSite, time::Duration};
use sqlx::{PgConnection, PgPool};
use time::OffsetDateTime;

use super::member::Person;
use super::secret::Secret;
use crate::base_url::BaseUrl;
use crate::db::unit_of_work;
use crate::error::Result;
use crate::id::AccountId;

/// A session nobody uses ends after 12 hours, any session after 30 days.
pub const IDLE: time::Duration = time::Duration::hours(12);
/// See [`IDLE`].
pub const ABSOLUTE: time::Duration = time::Duration::days(30);

/// A session that is in use is made to last at most this often.
const RENEW_EVERY: time::Duration = time::Duration::minutes(5);

/// The secret in the cookie.
#[derive(Clone, Debug)]
pub struct SessionToken(Secret);

impl SessionToken {
    /// A new secret.
    ///
    /// # Errors
    /// [`Error::Internal`](crate::error::Error::Internal) when the operating system has no randomness.
    pub fn new() -> Result<Self> {
        Ok(Self(Secret::new()?))
    }

    /// The secret that came with a request.
    #[must_use]
    pub fn of(request: &HttpRequest) -> Option<Self> {
        let cookie = request.cookie(BaseUrl::of(request).session_cookie())?;
        Secret::parse(cookie.value()).map(Self)
    }

    /// What the database keeps.
    #[must_use]
    pub fn hash(&self) -> Vec<u8> {
        self.0.hash()
    }

    /// What forms of this session carry: nobody without the cookie can work it out.
    #[must_use]
    pub fn csrf(&self) -> String {
        self.0.derive("form")
    }

    /// The cookie to set. `__Host-` and `Secure` need HTTPS; a server on plain loopback does without.
    #[must_use]
    pub fn cookie(&self, base: &BaseUrl) -> Cookie<'static> {
        Cookie::build(base.session_cookie(), self.0.expose().to_owned())
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

/// Ends a session.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn end(conn: &mut PgConnection, token: &SessionToken) -> Result<()> {
    sqlx::query!("DELETE FROM sessions WHERE token_hash = $1", token.hash()).execute(conn).await?;
    Ok(())
}

/// Ends every session of an account, except perhaps one.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn end_all(
    conn: &mut PgConnection,
    account: AccountId,
    except: Option<&SessionToken>,
) -> Result<u64> {
    let ended = sqlx::query!(
        "DELETE FROM sessions WHERE account_id = $1 AND token_hash IS DISTINCT FROM $2",
        account as _,
        except.map(SessionToken::hash),
    )
    .execute(conn)
    .await?;
    Ok(ended.rows_affected())
}

/// Whose session it is, when it has not ended.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn person(pool: &PgPool, token: &SessionToken, now: OffsetDateTime) -> Result<Option<Person>> {
    let row = sqlx::query!(
        r#"
        SELECT a.id AS "id: AccountId", a.handle, a.display_name, s.idle_until
        FROM sessions s
        JOIN accounts a ON a.id = s.account_id
        WHERE s.token_hash = $1 AND s.ends_at > $2 AND s.idle_until > $2 AND a.disabled_at IS NULL
        "#,
        token.hash(),
        now,
    )
    .fetch_optional(pool)
    .await?;
    Ok(row.map(|row| Person {
        account: row.id,
        handle: row.handle,
        name: row.display_name,
        csrf: token.csrf(),
        idle_until: row.idle_until,
    }))
}

/// Notes that a session is in use, so that it does not end for idleness. It does nothing but compare two times, except
/// once in five minutes, and then the request does not wait for it.
pub fn keep_alive(pool: &PgPool, token: &SessionToken, idle_until: OffsetDateTime, now: OffsetDateTime) {
    if idle_until - now > IDLE - RENEW_EVERY {
        return;
    }
    let (pool, hash) = (pool.clone(), token.hash());
    actix_web::rt::spawn(async move {
        let renewed = unit_of_work(&pool, async move |tx| renew(tx, &hash, now).await).await;
        if let Err(error) = renewed {
            tracing::warn!(%error, "a session could not be renewed");
        }
    });
}

/// Requests that come together renew once: the others find the row changed.
async fn renew(conn: &mut PgConnection, hash: &[u8], now: OffsetDateTime) -> Result<()> {
    sqlx::query!(
        r#"
        UPDATE sessions SET last_seen_at = $2, idle_until = $3
        WHERE token_hash = $1 AND ends_at > $2 AND idle_until > $2 AND last_seen_at <= $4
        "#,
        hash,
        now,
        now + IDLE,
        now - RENEW_EVERY,
    )
    .execute(conn)
    .await?;
    Ok(())
}
