//! Accounts, sessions, desks and memberships, and who may do what.

mod member;
pub mod permission;
pub mod secret;
pub mod session;
mod visitor;

pub use member::{Authorized, Desk, Member, Person, Viewer, ViewerRow, Waiting, acting};
pub use permission::{Permission, Role};
pub use secret::Secret;
pub use visitor::Visitor;
