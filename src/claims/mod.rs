//! Claims: statements somebody wants checked, and the places where they were made.

mod kinds;
pub mod stage;

pub use kinds::{Attitude, ClaimType, DeclineReason, Medium};
pub use stage::Stage;
