//! Changing records field by field, whatever the record is: what a form was made on and what others made of it
//! meanwhile, the form itself, the record's history, and taking a change back.
//!
//! A record is a set of named texts here ([`Values`]). Its capability turns them into typed fields, and says what is
//! wrong with which.

pub mod diff;
mod field;
mod form;
pub mod history;
mod merge;
mod sent;

use crate::error::{Error, Result};

pub use field::{Field, Values, Widget};
pub use form::{Conflict, Drawn, Form, conflict, is_fragment, is_panel, problems};
pub use history::{Entry, merge};
pub use merge::{Merge, Three};
pub use sent::Sent;

/// Somebody changed a row between reading it and writing it: what was sent is merged again.
const STALE: &str = "Somebody changed this at the same moment. Please try again.";

/// How often a change is merged anew before the person is asked to try again.
pub const TRIES: usize = 4;

/// The failure of a write that found its row in another version than it was read in.
#[must_use]
pub fn stale() -> Error {
    Error::conflict(STALE)
}

/// Whether a write found its row in another version than it was read in.
#[must_use]
pub fn is_stale<T>(outcome: &Result<T>) -> bool {
    matches!(outcome, Err(Error::Conflict(words)) if words == STALE)
}

/// The fields of a form whose names are only known to the record it edits.
pub type Pairs = Vec<(String, String)>;
