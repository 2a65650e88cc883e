//! The pages about an article's versions: what waits for a look, what changed, and a new text for it.

mod anew;
mod context;
mod review;

use actix_web::web::ServiceConfig;

/// The addresses of this part.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(anew::start)
        .service(anew::create)
        .service(review::show).service(review::decide).service(review::undo);
}
