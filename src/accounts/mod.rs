//! People and desks: signing in, accounts, invitations, roles and settings.

pub mod admin;
mod device;
pub mod erasure;
pub(crate) mod forms;
pub mod hashing;
pub mod names;
pub mod newcomer;
mod next;
mod pages;
pub mod password;
pub mod settings;
pub mod setup;
pub(crate) mod store;
pub mod throttle;

pub use pages::{permissions, routes};
