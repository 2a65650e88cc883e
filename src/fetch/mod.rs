//! The only client of HTTP in this program. It takes an address that somebody typed to a public place and nowhere else,
//! in a process of its own, and brings back bytes or one of a few reasons. The rules are those of OWASP's advice against
//! server-side request forgery: <https://cheatsheetseries.owasp.org/cheatsheets/Server_Side_Request_Forgery_Prevention_Cheat_Sheet.html>.

pub mod address;
mod allowed;
pub mod call;
pub mod client;
mod resolve;
mod robots;
mod target;
mod walls;

use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};

pub use self::allowed::Allowed;
pub use self::target::Target;
pub use self::walls::forbids_keeping;
use crate::codes::codes;
use crate::isolated::{Broken, Isolated, Work};
use crate::text::address::SafeUrl;

/// The longest body, in bytes after decompression.
pub const BODY_MAX: usize = 5_000_000;
/// The longest head of an answer, in bytes.
pub const HEAD_MAX: usize = 64 * 1024;
/// All the time there is: for names, connections, redirects and the body.
pub const IN_ALL: Duration = Duration::from_secs(10);
/// The longest body of a source, in bytes after decompression.
pub const SOURCE_MAX: usize = 20_000_000;
/// All the time there is for a source.
pub const SOURCE_IN_ALL: Duration = Duration::from_secs(30);
/// How many redirects are followed.
pub const REDIRECTS_MAX: usize = 4;
/// How many addresses a person may have fetched in an hour.
pub const AN_HOUR: u32 = 30;

codes! {
    /// Why an address was not fetched: all that anybody gets to know, so that nothing of what is behind leaks out.
    Reason {
        NotAllowed = "not_allowed", "The address, or one it leads to, is not on the public web, and only that is fetched.";
        Unreachable = "unreachable", "No site answers at this address.";
        TooSlow = "too_slow", "The site took longer than 10 seconds.";
        Denied = "denied", "The site does not let us in: the page is only for people who are signed in, or not for programs.";
        Missing = "missing", "The site says that there is no such page.";
        Failing = "failing", "The site answers with a fault.";
        TooLarge = "too_large", "The page is larger than 5 MB.";
        Unsuitable = "unsuitable", "There is no web page, PDF or plain text at this address.";
        Endless = "endless", "What the site sends is larger than it may be, and does not come to an end.";
        Circles = "circles", "The address leads around in circles, or on and on.";
        Insecure = "insecure", "The connection cannot be trusted: the site has no valid certificate.";
        Busy = "busy", "The site asks us to come back later.";
        SignIn = "sign_in", "The site wants people to sign in first.";
        Robots = "robots", "The site asks programs not to fetch this (robots.txt).";
        NoArchive = "no_archive", "The site asks that no copy of this is kept (noarchive).";
    }
}

impl Reason {
    /// Whether it may be another one in a while.
    #[must_use]
    pub fn passes(self) -> bool {
        matches!(self, Self::Unreachable | Self::TooSlow | Self::Failing | Self::Busy)
    }
}

/// What kinds of answers are of use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Wanted {
    /// A page, PDF or plain text.
    Article,
    /// A feed or a sitemap, or a page that names its feed.
    Feed,
    /// A document that is cited, to keep a copy of it: where the site allows that.
    Source,
}

impl Wanted {
    /// The longest body, in bytes after decompression.
    #[must_use]
    pub const fn most(self) -> usize {
        match self {
            Self::Article | Self::Feed => BODY_MAX,
            Self::Source => SOURCE_MAX,
        }
    }

    /// All the time there is.
    #[must_use]
    pub const fn in_all(self) -> Duration {
        match self {
            Self::Article | Self::Feed => IN_ALL,
            Self::Source => SOURCE_IN_ALL,
        }
    }
}

/// What a sender said of its answer, so that it need not send the same again (RFC 9110 section 13).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Validators {
    pub etag: Option<String>,
    pub last_modified: Option<String>,
}

/// What is to be fetched.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Request {
    pub address: String,
    pub wanted: Wanted,
    /// Those of the answer that is here already.
    #[serde(default)]
    pub have: Validators,
}

/// What came of it, without the bytes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    Fetched(Head),
    /// The same as before.
    NotModified,
    Refused(Reason),
}

/// What a sender said of its answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    /// Where the answer came from, after redirects.
    pub final_address: SafeUrl,
    pub status: u16,
    /// In lower case, without parameters.
    pub media_type: String,
    pub charset: Option<String>,
    /// All that it said, without cookies.
    pub headers: Vec<(String, String)>,
    pub validators: Validators,
}

/// An answer with its bytes.
#[derive(Clone, Debug)]
pub enum Fetched {
    New(Head, Vec<u8>),
    NotModified,
}

/// The way to the web.
#[derive(Clone, Debug)]
pub struct Fetcher {
    isolated: Arc<Isolated>,
    allowed: Allowed,
}

/// What goes to the process: the request, and what the operator allows.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Order {
    pub request: Request,
    pub allowed: Allowed,
}

impl Fetcher {
    /// One that may also fetch from what is allowed besides the public web.
    #[must_use]
    pub fn new(isolated: Arc<Isolated>, allowed: Allowed) -> Self {
        Self { isolated, allowed }
    }

    /// The processes that it fetches with, which also read what was fetched.
    #[must_use]
    pub fn isolated(&self) -> &Isolated {
        &self.isolated
    }

    /// Whether an address is one that can be tried at all; what it leads to is looked at when it is fetched.
    ///
    /// # Errors
    /// [`Reason::NotAllowed`].
    pub fn check(&self, address: &str) -> Result<Target, Reason> {
        Target::parse(address, &self.allowed)
    }

    /// Fetches an address.
    ///
    /// # Errors
    /// The [`Reason`] why there is nothing.
    pub async fn fetch(&self, request: Request) -> Result<Fetched, Reason> {
        let order = Order { request, allowed: self.allowed.clone() };
        let work = if order.request.wanted == Wanted::Source { Work::FetchSource } else { Work::Fetch };
        match self.isolated.run(work, &order, &[]).await {
            Ok(answer) => match answer.head {
                Outcome::Fetched(head) => Ok(Fetched::New(head, answer.bytes)),
                Outcome::NotModified => Ok(Fetched::NotModified),
                Outcome::Refused(reason) => Err(reason),
            },
            Err(Broken::TooSlow) => Err(Reason::TooSlow),
            Err(broken) => {
                tracing::error!(error = &broken as &dyn std::error::Error, "an address could not be fetched");
                Err(Reason::Failing)
            }
        }
    }
}
