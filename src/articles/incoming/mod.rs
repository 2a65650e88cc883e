//! What came in, or is on its way, and is no article yet: a list that the desk looks through.

pub mod by_address;
mod store;

pub use store::{advance, begin_fetching, count_ready, get, insert, list, seen, stop_fetching};

use time::OffsetDateTime;

use super::intake::{How, Refused};
use crate::codes::codes;
use crate::editing::Values;
use crate::id::{ArticleId, IntakeId, SnapshotId};
use crate::text::address::SafeUrl;

codes! {
    /// Where something that came in stands.
    State {
        Waiting = "waiting", "waiting to be fetched";
        Fetching = "fetching", "being fetched";
        Ready = "ready", "ready to look at";
        Refused = "refused", "could not be read";
        Taken = "taken", "became an article";
        Dismissed = "dismissed", "put aside";
    }
}

/// Something that comes in.
#[derive(Clone, Debug)]
pub struct NewIntake {
    pub id: IntakeId,
    pub how: How,
    /// What to call it: a file's name, a page's title, an address.
    pub label: String,
    pub address: Option<SafeUrl>,
    /// What was said about it, as the form's fields.
    pub details: Values,
    pub arrived: Arrived,
}

/// What there is of something when it is first heard of.
#[derive(Clone, Debug)]
pub enum Arrived {
    /// Only its address.
    OnItsWay,
    /// Its bytes, which can be read.
    Ready(SnapshotId),
    /// Nothing that can be read; why is the code of a [`Refused`] or of what else stopped it.
    Refused(&'static str),
}

/// The next step of something that came in.
#[derive(Clone, Debug)]
pub enum Step {
    /// Its bytes are here; it may have a better name now.
    Ready { snapshot: SnapshotId, label: Option<String> },
    /// It cannot be had or read; why is a code as in [`Arrived::Refused`].
    Refused(&'static str),
    /// It is tried again.
    Wait,
    /// It became this article, or a version of it.
    Taken(ArticleId),
    /// It is put aside.
    Dismissed,
    /// It is no longer put aside.
    Back,
}

/// Something that came in, as it is kept.
#[derive(Clone, Debug)]
pub struct Incoming {
    pub id: IntakeId,
    pub how: How,
    pub label: String,
    pub address: Option<SafeUrl>,
    pub details: Values,
    pub state: State,
    /// Why it was refused, as a code.
    pub reason: Option<String>,
    pub snapshot: Option<SnapshotId>,
    pub article: Option<ArticleId>,
    /// Who asked for it.
    pub requested_by: String,
    pub created_at: OffsetDateTime,
    pub changed_at: OffsetDateTime,
}

impl Incoming {
    /// Why it was refused, in words.
    #[must_use]
    pub fn reason_words(&self) -> Option<&'static str> {
        self.reason.as_deref().map(|code| match self.address {
            Some(_) => crate::errands::words(code),
            None => Refused::parse(code).map_or("It could not be read.", Refused::label),
        })
    }

    /// Whether it came from a feed, and nobody has had it fetched yet.
    #[must_use]
    pub fn waits_for_somebody(&self) -> bool {
        self.state == State::Waiting && self.how == How::Feed
    }

    /// Whether it could be fetched once more.
    #[must_use]
    pub fn can_be_fetched_again(&self) -> bool {
        self.state == State::Refused && self.snapshot.is_none() && self.address.is_some()
    }
}

/// A label from what something is called: one line, not empty, not too long.
#[must_use]
pub fn label(called: &str) -> String {
    let words: Vec<&str> =
        called.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty()).collect();
    let label: String = words.join(" ").chars().take(500).collect();
    if label.is_empty() { "Without a name".to_owned() } else { label }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_is_one_line_that_says_something() {
        assert_eq!(label(" The\0 harbour\n report "), "The harbour report");
        assert_eq!(label("\u{7}"), "Without a name");
        assert_eq!(label(&"é".repeat(501)).chars().count(), 500);
    }
}
