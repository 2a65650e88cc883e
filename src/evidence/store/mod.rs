//! The SQL of sources and evidence.

mod changes;
mod evidence;
mod listing;
mod public;
mod sources;
mod undo;

pub use changes::{Cite, add, remove, restore, update};
pub use evidence::{get, of_claim, stands_still};
pub use listing::{Listed, Use, list, uses};
pub use public::{Shown, ShownSource, public};
pub use sources::{create, cut, edit, find, source};
pub use undo::{bring_back, take_back};
