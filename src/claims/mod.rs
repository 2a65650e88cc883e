//! Claims: statements somebody wants checked, and the places where they were made.

mod api;
pub mod appearance;
pub mod carry;
pub mod fields;
pub mod findings;
mod kinds;
pub mod marks;
pub mod pages;
mod plan;
pub mod speakers;
pub mod stage;
pub mod store;

use time::OffsetDateTime;

use actix_web::web::ServiceConfig;

use crate::id::{AccountId, ClaimId, EventId};

pub use appearance::Appearance;
pub use fields::{CLAIM, ClaimFields};
pub use kinds::{Attitude, ClaimType, DeclineReason, Medium};
pub use plan::{PLAN, Plan, Priority};
pub use stage::Stage;

/// A statement somebody wants checked, in plain words.
#[derive(Clone, Debug)]
pub struct Claim {
    pub id: ClaimId,
    pub claim_reviewed: String,
    /// BCP 47; nothing when it is not known.
    pub language: Option<String>,
    pub claim_types: Vec<ClaimType>,
    pub topics: Vec<String>,
    pub stage: Stage,
    /// Why it is not checked, when it is declined.
    pub declined: Option<(DeclineReason, Option<String>)>,
    /// The claim that stands for it, when it is a duplicate.
    pub duplicate_of: Option<ClaimId>,
    /// Who works on it, and that person's name.
    pub assignee: Option<(AccountId, String)>,
    /// How urgent it is, and by when the desk wants to be done.
    pub plan: Plan,
    /// The number of the verdict that is public.
    pub current_verdict: Option<i32>,
    pub created_by: String,
    pub created_at: OffsetDateTime,
    pub row_version: i32,
    /// The last change.
    pub event: EventId,
}

/// The page of a claim.
#[must_use]
pub fn address(desk: &str, claim: ClaimId) -> String {
    format!("/{desk}/claims/{claim}")
}

/// The addresses of this capability.
pub fn routes(config: &mut ServiceConfig) {
    pages::routes(config);
    api::routes(config);
}
