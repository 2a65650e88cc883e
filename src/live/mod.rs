//! What others change while one looks at an article: a stream of events for its page.
//!
//! The record of changes is the truth; a commit in this process only wakes whoever reads it, and changes made by other
//! servers are found by looking again and again.

mod feed;
mod pages;
mod store;

use actix_web::web::ServiceConfig;

/// The addresses of this capability.
pub fn routes(config: &mut ServiceConfig) {
    config.service(pages::stream);
}
