//! What two texts have in common, and what became of the rest.

pub(in crate::text) mod align;
mod gap;
mod seeds;
pub(in crate::text) mod tokens;
