//! Copies of sources: the bytes as they came and the text that was read out of them, kept when a source is cited, and
//! what has become of its address since.

mod came;
mod media;
mod pages;
mod reading;
pub mod store;
mod why;

use time::OffsetDateTime;

use crate::codes::codes;
use crate::id::{CopyId, SnapshotId, SourceId};

pub use came::{Came, came};
pub use media::Media;
pub use pages::{Panel, routes};
pub use reading::{READER, Reading, answer, read, read_apart};
pub use why::Why;

/// How long it is at least until a link is looked at again, and how long it becomes while nothing changes, in seconds.
pub const LOOK_S: (i32, i32) = (7 * 24 * 60 * 60, 30 * 24 * 60 * 60);
/// How often in a row a site may not answer before its link counts as dead.
pub const SILENCES: i32 = 3;

codes! {
    /// How far the keeping of a source is.
    State {
        Pending = "pending", "being archived";
        Kept = "kept", "archived";
        Failed = "failed", "not archived";
        Refused = "refused", "refused by the site";
        Gone = "gone", "gone";
    }
    /// What a source's address shows now.
    Link {
        Unknown = "unknown", "not looked at yet";
        Alive = "alive", "as it was archived";
        Changed = "changed", "changed since it was archived";
        Dead = "dead", "dead";
    }
    /// Why there is no text of a copy.
    NoText {
        Blank = "blank", "There are no words in it.";
        Picture = "picture", "It holds pictures and no text.";
        Protected = "protected", "It is locked with a password.";
        Broken = "broken", "It is damaged, so its words cannot be read.";
        TooLong = "too_long", "It has more text than can be shown.";
        Unreadable = "unreadable", "Its words cannot be read by a program.";
    }
}

/// A copy of a source, without its bytes and words.
#[derive(Clone, Debug)]
pub struct Copy {
    pub id: CopyId,
    pub source: SourceId,
    /// 1, 2, 3 … of its source.
    pub number: i32,
    pub snapshot: SnapshotId,
    /// What the bytes are, whatever the sender said.
    pub media_type: String,
    /// How many code points its text has, if it has one.
    pub length: Option<i32>,
    pub no_text: Option<NoText>,
    /// When the bytes came.
    pub received_at: OffsetDateTime,
    /// The address that answered; nothing for a copy that a member gave.
    pub address: Option<String>,
    pub file_name: Option<String>,
    /// SHA-256 of the bytes.
    pub sha256: Vec<u8>,
    /// Bytes.
    pub size: i32,
    /// Who gave it, or had it fetched.
    pub created_by: String,
}

/// How far the keeping of a source is, and what its address shows since.
#[derive(Clone, Debug)]
pub struct Kept {
    pub source: SourceId,
    pub state: State,
    /// Why it was not kept.
    pub reason: Option<Why>,
    /// The newest copy.
    pub copy: Option<Copy>,
    pub link: Link,
    /// Why it is dead.
    pub link_reason: Option<Why>,
    /// Since when it is so.
    pub link_since: Option<OffsetDateTime>,
    /// The last look at its address.
    pub looked_at: Option<OffsetDateTime>,
    /// How often it was tried without success, while it is being archived.
    pub tries: i32,
    /// When it is tried again, while it is being archived.
    pub next_try: Option<OffsetDateTime>,
    /// Why the last try failed, while it is being archived.
    pub last_reason: Option<Why>,
}

impl Kept {
    /// Whether something will happen soon without anybody's doing.
    #[must_use]
    pub fn waits(&self) -> bool {
        self.state == State::Pending
    }
}

impl Copy {
    /// The name under which it is taken away.
    #[must_use]
    pub fn name(&self) -> String {
        let ending = Media::ending(&self.media_type);
        self.file_name.clone().unwrap_or_else(|| format!("copy-{}.{ending}", self.id))
    }

    /// How much it has, as people write it.
    #[must_use]
    pub fn weight(&self) -> String {
        match self.size {
            size @ ..1_000 => format!("{size} bytes"),
            size @ 1_000..1_000_000 => format!("{} KB", size / 1_000),
            size => format!("{}.{} MB", size / 1_000_000, size % 1_000_000 / 100_000),
        }
    }

    /// Its hash, in hexadecimal digits.
    #[must_use]
    pub fn hash(&self) -> String {
        crate::articles::hex(&self.sha256)
    }
}
