//! Where members work: one claim with all that belongs to it, and the queue of what waits for whom.

mod claim;
mod history;
pub mod lane;
mod presence;
mod queue;
mod store;
mod undo;
mod versions;

use actix_web::web::ServiceConfig;

pub use presence::LEASE as PRESENCE;

/// The addresses of this capability.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(claim::show)
        .service(history::show)
        .service(undo::undo)
        .service(presence::say)
        .service(presence::end)
        .service(versions::choose)
        .service(versions::show)
        .service(versions::compare)
        .service(versions::restore)
        .service(queue::show)
        .service(queue::give)
        .service(queue::decisions);
}
