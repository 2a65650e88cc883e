//! The SQL of sources and evidence.

mod evidence;
mod public;
mod sources;
mod undo;

pub use evidence::{Cite, add, get, of_claim, remove, restore, stands_still, update};
pub use public::{Shown, ShownSource, public};
pub use sources::{Listed, Use, create, cut, edit, find, list, source, uses};
pub use undo::take_back;
