//! The public site: what anybody can read of a desk, kept by caches and found by machines.

mod changed;
mod claim;
mod corrections;
mod feeds;
mod front;
mod method;
mod reader;
mod references;
mod store;
mod web_archive;

use actix_web::web::ServiceConfig;

pub use claim::claim;

/// The addresses of this capability. A claim's page itself is [`claim`]: who may see more than readers sees that at the
/// same address.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(front::front)
        .service(method::method)
        .service(corrections::list)
        .service(corrections::show)
        .service(feeds::published)
        .service(feeds::corrections)
        .service(claim::one_verdict)
        .service(references::of_claim)
        .service(references::of_claim_as_file)
        .service(references::of_source)
        .service(references::of_source_as_file)
        .service(web_archive::of_claim)
        .service(web_archive::of_source)
        .service(web_archive::of_desk);
}
