//! The cookie by which a browser is known again after signing out. It proves nothing but that: whoever has it still
//! needs the password.

use actix_web::HttpRequest;
use actix_web::cookie::{Cookie, SameSite, time::Duration};

use crate::auth::Secret;
use crate::base_url::BaseUrl;

/// A browser is forgotten after half a year without signing in.
pub const KNOWN_FOR: time::Duration = time::Duration::days(180);

fn name(base: &BaseUrl) -> &'static str {
    if base.is_https() { "__Host-factdesk-device" } else { "factdesk-device" }
}

/// The secret that came with a request.
#[must_use]
pub fn of(request: &HttpRequest) -> Option<Secret> {
    Secret::parse(request.cookie(name(BaseUrl::of(request)))?.value())
}

/// The cookie to set.
#[must_use]
pub fn cookie(secret: &Secret, base: &BaseUrl) -> Cookie<'static> {
    Cookie::build(name(base), secret.expose().to_owned())
        .path("/")
        .http_only(true)
        .secure(base.is_https())
        .same_site(SameSite::Lax)
        .max_age(Duration::seconds(KNOWN_FOR.whole_seconds()))
        .finish()
}
