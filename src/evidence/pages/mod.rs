//! The pages of evidence.

mod citing;
pub(super) mod evidence;

use actix_web::web::ServiceConfig;

/// The addresses of these pages.
pub(super) fn routes(config: &mut ServiceConfig) {
    config
        .service(evidence::of_claim)
        .service(citing::add)
        .service(evidence::show)
        .service(evidence::save)
        .service(evidence::undo)
        .service(evidence::removal)
        .service(evidence::restoration);
}
