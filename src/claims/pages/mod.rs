//! The pages of claims: the list, a new one, and the changes of one.

pub mod appearances;
pub mod edit;
mod list;
pub mod plan;
pub mod quotation;
pub mod sections;
pub mod sort;
pub mod speakers;
mod undo;

use actix_web::web::ServiceConfig;

use super::Claim;
use crate::auth::permission::{MarkClaim, Publish};
use crate::auth::{Authorized, Viewer};
use crate::error::Result;

pub use list::Asked;
pub use undo::{can_undo, undo};

/// The addresses of claims, but for the page of one, which shows what other capabilities know of it.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(list::list)
        .service(edit::new)
        .service(edit::create)
        .service(edit::save)
        .service(appearances::add)
        .service(appearances::save)
        .service(speakers::save)
        .service(appearances::remove)
        .service(appearances::restore)
        .service(quotation::add)
        .service(sort::decline)
        .service(sort::reopen)
        .service(sort::join)
        .service(sort::distinguish)
        .service(sort::assign)
        .service(plan::save);
}

/// Whether the viewer may change what the claim says: once it is public, editors only.
#[must_use]
pub fn may_edit(viewer: &Viewer, claim: &Claim) -> bool {
    viewer.may::<MarkClaim>() && (!claim.stage.is_public() || viewer.may::<Publish>())
}

/// Refuses a change of what is public to all but editors.
///
/// # Errors
/// [`crate::error::Error::Forbidden`].
pub fn check_public(by: &Authorized<MarkClaim>, claim: &Claim) -> Result<()> {
    if claim.stage.is_public() {
        by.and::<Publish>()?;
    }
    Ok(())
}

/// Where a change of a claim leads to: its page, which says what was saved.
#[must_use]
pub fn saved(desk: &str, claim: crate::id::ClaimId) -> String {
    format!("{}?saved=1", super::address(desk, claim))
}
