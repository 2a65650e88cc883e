//! How far people agree: of ratings that were given independently, and of what was marked as a claim. The arithmetic is in
//! [`reviews::agreement`](crate::reviews::agreement); here is what it is done to, and the pages.

mod breakdown;
mod chart;
mod files;
mod filter;
mod lines;
mod marking;
mod pages;
mod store;
mod study;

use actix_web::web::ServiceConfig;

pub use chart::count_of;
pub use filter::Rounds;
pub use marking::TEXTS_MAX;
pub use store::ROUNDS_MAX;

/// The addresses of agreement.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(pages::show)
        .service(files::table)
        .service(files::tables)
        .service(marking::page::show)
        .service(marking::files::sentences)
        .service(marking::files::lines)
        .service(marking::files::marked);
}
