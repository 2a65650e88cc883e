//! Under which address browsers reach the server.

use actix_web::HttpRequest;
use actix_web::web::Data;
use url::Url;

/// An origin, as in `https://facts.example.org`: scheme, host and perhaps port, without a path.
#[derive(Clone, Debug)]
pub struct BaseUrl {
    origin: String,
    https: bool,
}

impl BaseUrl {
    /// The origin of that address.
    #[must_use]
    pub fn new(url: &Url) -> Self {
        Self { origin: url.origin().ascii_serialization(), https: url.scheme() == "https" }
    }

    /// The one this server was started with.
    ///
    /// # Panics
    /// When the application was put together without one.
    #[must_use]
    pub fn of(request: &HttpRequest) -> &Self {
        request.app_data::<Data<Self>>().expect("the application is given its address")
    }

    /// Without a slash at the end.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.origin
    }

    /// A path on this server as a whole address.
    #[must_use]
    pub fn join(&self, path: &str) -> String {
        format!("{}{path}", self.origin)
    }

    /// Whether connections are encrypted, so that cookies can be marked `Secure`.
    #[must_use]
    pub fn is_https(&self) -> bool {
        self.https
    }

    /// The name of the session's cookie. Browsers take `__Host-` over HTTPS only.
    #[must_use]
    pub fn session_cookie(&self) -> &'static str {
        if self.https { "__Host-factdesk" } else { "factdesk" }
    }
}
