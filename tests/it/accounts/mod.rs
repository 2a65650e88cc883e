//! Accounts and desks: signing in, setting up, inviting, roles, settings.

mod admin;
mod demo;
mod erasure;
mod invitations;
mod own;
mod people;
mod permissions;
mod sessions;
mod settings;
mod setup;
mod sign_in;
mod throttle;

/// A password that is long enough.
pub const PASSWORD: &str = "three green umbrellas";
