//! The versions of an article: the states in which its text was seen, one after the other.

pub mod store;

use serde::Serialize;

use super::Format;
use super::intake::Received;
use super::store::hash;
use crate::id::{SnapshotId, VersionId};
use crate::text::Document;

/// A text of an article as it comes in again.
#[derive(Clone, Debug)]
pub struct NewVersion {
    pub id: VersionId,
    pub document: Document,
    pub format: Format,
    /// The name of the file it was uploaded as.
    pub file_name: Option<String>,
    /// The encoding that the file had.
    pub charset: Option<String>,
    /// The bytes it was read from.
    pub bytes: Option<Bytes>,
}

/// The bytes that a version was read from.
#[derive(Clone, Debug)]
pub enum Bytes {
    /// They are kept already.
    Kept(SnapshotId),
    /// They are kept with the version, if it becomes one.
    Received(Received),
}

impl NewVersion {
    /// One with an identifier of its own.
    #[must_use]
    pub fn new(document: Document, format: Format) -> Self {
        Self { id: VersionId::new(), document, format, file_name: None, charset: None, bytes: None }
    }

    /// What the record says of it.
    #[must_use]
    pub fn event<C: Serialize>(
        &self,
        number: i32,
        changed: C,
        carried: usize,
        waiting: usize,
    ) -> impl Serialize + use<C> {
        #[derive(Serialize)]
        struct Revised<C> {
            version: VersionId,
            number: i32,
            format: Format,
            text_sha256: String,
            /// How much of the text.
            changed: C,
            /// How many marks went over by themselves, and how many wait for a person.
            carried: usize,
            waiting: usize,
        }
        Revised {
            version: self.id,
            number,
            format: self.format,
            text_sha256: super::hex(&hash(self.document.text())),
            changed,
            carried,
            waiting,
        }
    }
}
