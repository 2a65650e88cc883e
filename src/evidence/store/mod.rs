//! The SQL of evidence.

mod changes;
mod evidence;
mod public;
mod undo;

pub use changes::{Cite, add, remove, restore, update};
pub use evidence::{get, made, of_claim, stands_still};
pub use public::{Shown, ShownSource, public};
pub use undo::{bring_back, take_back};
