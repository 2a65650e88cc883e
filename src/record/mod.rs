//! The record of changes, to be read and checked by those who may.

mod back;
mod head;
mod pages;
mod store;

use actix_web::web::ServiceConfig;

/// The addresses of this capability.
pub fn routes(config: &mut ServiceConfig) {
    config.service(head::public_key).service(head::head).service(pages::list);
}
