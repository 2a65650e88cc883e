//! The pages of copies: how far the keeping is, archiving again, giving a copy by hand, taking one away.

mod again;
mod file;
mod panel;
mod upload;

use actix_web::web::ServiceConfig;

pub use panel::Panel;

/// The addresses of copies.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(panel::show)
        .service(again::again)
        .service(upload::form)
        .service(upload::take)
        .service(file::download);
}
