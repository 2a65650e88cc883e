//! The database: the way to it, and the unit of work that every change runs in.

mod handle;
mod work;

pub use handle::{Handle, Pool};
pub use work::{IfViolates, unit_of_work};
