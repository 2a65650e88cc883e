//! Beginning a session in the browser that asks.

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse};
use sqlx::PgConnection;
use time::OffsetDateTime;

use crate::accounts::{device, store};
use crate::auth::Secret;
use crate::auth::session::{self, SessionToken};
use crate::base_url::BaseUrl;
use crate::error::Result;
use crate::id::AccountId;

/// What a session begins with: the browser's name for itself, the session it had before, and by what it is known again.
#[derive(Clone, Debug)]
pub struct Arrival {
    user_agent: String,
    before: Option<SessionToken>,
    pub device: Secret,
}

impl Arrival {
    /// Reads it from the request.
    ///
    /// # Errors
    /// When the operating system has no randomness.
    pub fn of(request: &HttpRequest) -> Result<Self> {
        let agent = request.headers().get(header::USER_AGENT).and_then(|agent| agent.to_str().ok());
        let device = match device::of(request) {
            Some(device) => device,
            None => Secret::new()?,
        };
        Ok(Self {
            user_agent: agent.unwrap_or_default().to_owned(),
            before: SessionToken::of(request),
            device,
        })
    }

    /// Begins a session with a new secret; the one that the browser had, if any, ends. So a secret that somebody planted
    /// in the browser is worth nothing.
    ///
    /// # Errors
    /// When PostgreSQL fails.
    pub async fn begin(
        &self,
        conn: &mut PgConnection,
        account: AccountId,
        now: OffsetDateTime,
    ) -> Result<SessionToken> {
        if let Some(before) = &self.before {
            session::end(conn, before).await?;
        }
        store::devices::remember(conn, &self.device, account, now).await?;
        session::begin(conn, account, &self.user_agent, now).await
    }

    /// Sends the browser on, signed in.
    #[must_use]
    pub fn signed_in(&self, token: &SessionToken, base: &BaseUrl, location: &str) -> HttpResponse {
        HttpResponse::SeeOther()
            .cookie(token.cookie(base))
            .cookie(device::cookie(&self.device, base))
            .insert_header((header::LOCATION, location))
            .finish()
    }
}
