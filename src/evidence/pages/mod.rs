//! The pages of sources and evidence.

mod citing;
mod evidence;
mod sources;

use actix_web::web::ServiceConfig;

pub(super) use sources::ListQuery;

/// The addresses of these pages. Fixed words come before ids.
pub(super) fn routes(config: &mut ServiceConfig) {
    config
        .service(sources::list)
        .service(sources::new)
        .service(sources::create)
        .service(sources::show)
        .service(sources::save)
        .service(sources::undo)
        .service(evidence::of_claim)
        .service(citing::add)
        .service(evidence::show)
        .service(evidence::save)
        .service(evidence::undo)
        .service(evidence::removal)
        .service(evidence::restoration);
}
