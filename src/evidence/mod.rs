//! Evidence: cited documents, and the passages of them that bear on claims.

mod kinds;

pub use kinds::{Access, SourceClass, SourceMedium, Stance};
