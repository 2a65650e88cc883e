//! The SQL of copies.

mod archives;
mod copies;
mod kept;

pub use archives::{Wanted, again, begin, looked, miss, wanted};
pub use copies::{add, document, get, newest, of_source};
pub use kept::{are_public, is_public, kept, of_sources};
