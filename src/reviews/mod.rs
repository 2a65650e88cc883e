//! Judging: scales, rounds, assessments, verdicts, corrections.

pub mod scales;

use actix_web::web::ServiceConfig;

/// The addresses of judging.
pub fn routes(config: &mut ServiceConfig) {
    config.configure(scales::routes);
}
