//! The pages of readers' reports: the form and the reader's own page, and the desk's inbox.

mod form;
mod inbox;
mod report;
mod track;

use actix_web::web::ServiceConfig;

pub(super) fn routes(config: &mut ServiceConfig) {
    config
        .service(form::show)
        .service(form::send)
        .service(track::show)
        .service(track::withdraw)
        .service(inbox::list)
        .service(report::show)
        .service(report::look_at)
        .service(report::reply)
        .service(report::correct);
}
