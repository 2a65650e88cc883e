//! Accounts, sessions, desks and memberships, and who may do what.

mod member;
pub mod permission;
pub mod session;

pub use member::{Authorized, Desk, Member, Person, Viewer, ViewerRow};
pub use permission::{Permission, Role};
