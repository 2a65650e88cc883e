//! What readers write about published claims: an error, evidence, a reply by whoever is quoted, an appeal. It takes no
//! account; two members look at each report, and it ends with an answer.

mod api;
mod pages;
mod report;
pub mod store;
pub mod ticket;

use actix_web::web::ServiceConfig;

pub use report::{Answer, Finding, Kind, LINKS_MAX, Look, NewReport, Report, State, WORDS_MAX};

/// The addresses of this capability.
pub fn routes(config: &mut ServiceConfig) {
    pages::routes(config);
    api::routes(config);
}
