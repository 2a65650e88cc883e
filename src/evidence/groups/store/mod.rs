//! The SQL of sets, questions and answers.

mod changes;
mod names;
mod read;
mod undo;
mod write;

pub use changes::{add, refused, reorder, set_removed, update};
pub(in crate::evidence) use names::name;
pub use names::{name_entries, named, names};
pub use read::{get, of_claim};
pub use undo::{bring_back, take_back};
