//! Sources: the documents that are cited.

pub(super) mod api;
mod fields;
mod found;
mod kinds;
pub(super) mod pages;
mod pasted;
mod source;
pub mod store;
pub mod warned;

use actix_web::web::ServiceConfig;

pub use fields::{SOURCE, SourceFields};
pub use found::Page;
pub use kinds::{Access, SourceClass, SourceMedium};
pub use pasted::{LINES_MAX, Pasted};
pub use source::{Finding, Findings, Origins, Source};

use crate::id::SourceId;

/// The page of a source.
#[must_use]
pub fn address(desk: &str, source: SourceId) -> String {
    format!("/{desk}/sources/{source}")
}

/// The addresses of sources. They come before those of evidence.
pub(super) fn routes(config: &mut ServiceConfig) {
    pages::routes(config);
    api::routes(config);
}
