//! Sources and evidence: the documents that are cited, and which passage of them bears on a claim.
//!
//! Neither is ever deleted. Evidence is removed and restored; while it is reviewed and once it is public, what is cited
//! stands still.

mod api;
mod cited;
mod kinds;
mod pages;
mod pasted;
mod section;
mod source;
pub mod store;

use actix_web::web::ServiceConfig;

pub use cited::{Added, EVIDENCE, Evidence, EvidenceFields};
pub use kinds::{Access, SourceClass, SourceMedium, Stance};
pub use pasted::{LINES_MAX, Pasted};
pub use section::Section;
pub use source::{SOURCE, Source, SourceFields};

use crate::id::SourceId;

/// The page of a source.
#[must_use]
pub fn address(desk: &str, source: SourceId) -> String {
    format!("/{desk}/sources/{source}")
}

/// The addresses of sources and evidence.
pub fn routes(config: &mut ServiceConfig) {
    pages::routes(config);
    api::routes(config);
}
