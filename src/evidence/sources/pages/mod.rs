//! The pages of sources.

mod doubling;
mod edit;
mod list;
mod new;
mod show;
mod warned;

use actix_web::web::ServiceConfig;

pub(in crate::evidence) use edit::Undo;
pub(super) use list::ListQuery;

/// The addresses of these pages. Fixed words come before ids.
pub(super) fn routes(config: &mut ServiceConfig) {
    config
        .service(list::list)
        .service(new::new)
        .service(new::create)
        .service(warned::show)
        .service(warned::warn)
        .service(warned::unwarn)
        .service(show::show)
        .service(edit::save)
        .service(edit::undo)
        .service(edit::finding)
        .service(doubling::merger)
        .service(doubling::separation)
        .service(doubling::distinction);
}
