//! All SQL of accounts, desks, memberships and invitations.

pub mod accounts;
pub mod desks;
pub mod devices;
pub mod erasure;
pub mod invitations;
pub mod passwords;
pub mod people;
pub mod setup;
pub mod throttles;

use crate::auth::Role;

/// Roles as the database keeps them: each once, in the order in which pages list them.
fn names(roles: &[Role]) -> Vec<String> {
    Role::ALL.into_iter().filter(|role| roles.contains(role)).map(|role| role.as_str().to_owned()).collect()
}
