//! The public site: what anybody can read of a desk, kept by caches and found by machines.

mod changed;
mod claim;
mod corrections;
mod feeds;
mod front;
mod method;
mod reader;
mod store;

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
        .service(claim::one_verdict);
}
