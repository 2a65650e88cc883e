//! Judging: rounds, assessments, verdicts, corrections, and the one function that says what can be done next.

pub mod agreement;
mod api;
mod conflict;
mod draft;
mod judging;
mod pages;
pub mod places;
pub mod precedents;
mod round;
mod section;
pub mod stage;
pub mod store;

use actix_web::web::ServiceConfig;

pub use crate::policies::{Mode, Policy, Rules};
pub use draft::{Draft, FIELDS, NOTE_MAX, iso, long};
pub use judging::{Facts, Judging, Missing, Standing};
pub use round::{
    Assessment, Confidence, CorrectionKind, Decision, How, Kind, Method, Outcome, Round, State, Tally,
    dissent,
};
pub use section::Section;

/// The addresses of judging.
pub fn routes(config: &mut ServiceConfig) {
    pages::routes(config);
    api::routes(config);
    places::routes(config);
}
