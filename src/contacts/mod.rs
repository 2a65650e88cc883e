//! Who was asked for comment on a claim: when, how, by which deadline, and what came of it. Readers see the log beside
//! the verdict, but for the notes.

mod api;
mod contact;
mod pages;
mod section;
pub mod store;

use actix_web::web::ServiceConfig;

pub use contact::{CONTACT, Channel, Contact, ContactFields, Outcome};
pub use section::Section;

/// The addresses of this capability.
pub fn routes(config: &mut ServiceConfig) {
    pages::routes(config);
    api::routes(config);
}
