//! Sources and evidence: the documents that are cited, and which passage of them bears on a claim.
//!
//! Neither is ever deleted. Evidence is removed and restored; while it is reviewed and once it is public, what is cited
//! stands still.

mod api;
mod as_of;
mod cited;
pub mod copies;
pub mod groups;
mod kinds;
pub mod outside;
mod pages;
mod publishers;
pub mod quotes;
pub mod references;
mod section;
pub mod settings;
pub mod sources;
pub mod store;
pub mod web_archive;

use actix_web::web::ServiceConfig;

pub use as_of::AsOf;
pub use cited::{Added, EVIDENCE, Evidence, EvidenceFields};
pub use kinds::{Independence, Stance};
pub use publishers::Publishers;
pub use section::Section;
pub use sources::{
    Access, LINES_MAX, Pasted, SOURCE, Source, SourceClass, SourceFields, SourceMedium, address,
};

/// The addresses of sources and evidence.
pub fn routes(config: &mut ServiceConfig) {
    copies::routes(config);
    settings::routes(config);
    sources::routes(config);
    pages::routes(config);
    groups::routes(config);
    quotes::routes(config);
    api::routes(config);
    outside::routes(config);
}
