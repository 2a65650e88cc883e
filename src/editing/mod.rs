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

pub use field::{Field, Values, Widget};
pub use form::{Conflict, Drawn, Form, conflict, is_fragment, problems};
pub use history::Entry;
pub use merge::{Merge, Sent, Three};

/// The fields of a form whose names are only known to the record it edits.
pub type Pairs = Vec<(String, String)>;
