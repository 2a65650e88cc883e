//! The numbers by which documents are known: DOI and ISBN.

mod doi;
mod isbn;

pub use doi::Doi;
pub use isbn::Isbn;
