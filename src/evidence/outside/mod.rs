//! Copies of sources in archives outside of the desk: the desk has them made there, or a member says where one is. Off unless
//! an operator gives the key of an archive; what is confidential is never handed on.

mod answers;
mod pages;
mod section;
mod service;
pub mod store;

pub use answers::{Step, outcome, receipt};
pub use pages::routes;
pub use section::Section;
pub use service::{Archives, Service};

use time::OffsetDateTime;

use crate::codes::codes;
use crate::id::{OutsideCopyId, SourceId};
use crate::text::address::SafeUrl;

codes! {
    /// Whose archive it is.
    Provider {
        Wayback = "wayback", "Wayback Machine";
        Perma = "perma", "Perma.cc";
        Other = "other", "another archive";
    }

    /// How far a copy is.
    State {
        Pending = "pending", "on its way";
        Kept = "kept", "kept";
        Failed = "failed", "not kept";
    }

    /// Why there is no copy.
    Why {
        NoKey = "no_key", "This server has no key for the archive.";
        KeyRefused = "key_refused", "The archive does not take the key of this server.";
        NoAccess = "no_access", "The archive does not keep this address: it was refused, or the site does not let the archive in.";
        LimitReached = "limit_reached", "The archive takes no more from us for now.";
        TookTooLong = "took_too_long", "The archive did not finish within an hour.";
        NotReached = "not_reached", "The archive cannot be reached.";
        OddAnswer = "odd_answer", "The archive answers in a way that we do not know.";
        Withheld = "withheld", "The source became confidential, or lost its address, before it was handed on.";
        NoRight = "no_right", "Whoever asked for this may not do it any more.";
        Failed = "archive_failed", "Something went wrong at the archive.";
    }
}

impl Why {
    /// Whether it may be another one in a while.
    #[must_use]
    pub const fn passes(self) -> bool {
        matches!(self, Self::LimitReached | Self::NotReached | Self::OddAnswer | Self::Failed)
    }
}

impl Provider {
    /// Whose archive an address is in.
    #[must_use]
    pub fn of(address: &SafeUrl) -> Self {
        match address.host().trim_start_matches("www.") {
            "web.archive.org" | "archive.org" => Self::Wayback,
            "perma.cc" => Self::Perma,
            _ => Self::Other,
        }
    }
}

/// A copy in an archive outside, or what became of the wish for one.
#[derive(Clone, Debug)]
pub struct OutsideCopy {
    pub id: OutsideCopyId,
    pub source: SourceId,
    pub provider: Provider,
    pub state: State,
    /// The number under which the archive works on it.
    pub receipt: Option<String>,
    /// Where it is.
    pub address: Option<String>,
    /// Why there is none.
    pub reason: Option<String>,
    pub created_by: String,
    pub created_at: OffsetDateTime,
    pub removed_at: Option<OffsetDateTime>,
}

impl OutsideCopy {
    /// Why there is none, in words.
    #[must_use]
    pub fn why(&self) -> Option<&'static str> {
        let reason = self.reason.as_deref()?;
        Some(Why::parse(reason).unwrap_or(Why::Failed).label())
    }
}

#[cfg(test)]
mod tests;
