//! What came in: the list that a desk looks through, and the page on which something of it becomes an article, or the next
//! version of one.

mod check;
mod list;
mod settle;
mod take;

use actix_web::web::ServiceConfig;

/// The addresses of this capability. They come before those of articles, whose ids they look like.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(list::list)
        .service(check::look)
        .service(take::take)
        .service(settle::dismiss)
        .service(settle::restore);
}
