//! Kept copies as web archives: WARC 1.1, and WACZ 1.1.1 around it, written a copy at a time.

mod index;
mod package;
mod record;
pub mod store;
mod stream;

pub use package::Package;
pub use record::{Copy, Earlier, Written};
pub use stream::{AT_ONCE, Pieces, start};

use sha2::{Digest, Sha256};

/// The file that is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// The records, each a gzip member of its own.
    Warc,
    /// The records with an index, a list of pages, and a hash of each of its parts.
    Wacz,
}

impl Form {
    /// The form with that ending of a file's name.
    #[must_use]
    pub fn parse(ending: &str) -> Option<Self> {
        match ending {
            "warc.gz" => Some(Self::Warc),
            "wacz" => Some(Self::Wacz),
            _ => None,
        }
    }

    /// The ending of its file's name.
    #[must_use]
    pub const fn ending(self) -> &'static str {
        match self {
            Self::Warc => "warc.gz",
            Self::Wacz => "wacz",
        }
    }

    /// The media type of its file.
    #[must_use]
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Warc => "application/warc",
            Self::Wacz => "application/wacz",
        }
    }
}

/// A SHA-256 as both formats write it.
fn labelled(hash: &[u8]) -> String {
    use std::fmt::Write as _;
    let mut text = "sha256:".to_owned();
    for byte in hash {
        // Writing to a String does not fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}

fn sha256(bytes: &[u8]) -> String {
    labelled(&Sha256::digest(bytes))
}

#[cfg(test)]
mod tests;
