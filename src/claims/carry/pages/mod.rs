//! The pages about an article's versions: what waits for a look, what changed, and a new text for it.

mod anew;
mod compare;
mod context;
mod review;
mod versions;

use actix_web::web::ServiceConfig;

/// The addresses of this part.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(anew::start)
        .service(anew::create)
        .service(versions::show)
        .service(compare::choose)
        .service(compare::show)
        .service(review::show)
        .service(review::decide)
        .service(review::undo);
}
