//! The SQL of sources.

mod listing;
mod source;

pub use listing::{Listed, Use, list, uses};
pub use source::{create, cut, edit, find, source};

pub(in crate::evidence) use source::published;
