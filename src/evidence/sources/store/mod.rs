//! The SQL of sources.

mod changes;
mod describe;
mod doubles;
mod listing;
mod merging;
mod source;
mod warned;

pub use changes::{create, edit};
pub use describe::{believe, describe};
pub use doubles::{Decision, Double, Why, keep_apart, of_source};
pub use listing::{Filter, Listed, Only, Use, counts, list, uses};
pub use merging::{merge, merged, part};
pub use source::{addresses, cut, find, find_again, source, standing, those};
pub use warned::{unwarn, warn, warned};

pub(in crate::evidence) use source::published;
