//! What members type and have not sent yet: kept on the server while they type, so that it comes back after signing in
//! anew, a conflict, a crash, a closed window, and on another device. It is theirs alone, and is gone once it is sent.
//!
//! A draft is named by the address that its form is sent to, and where several are sent there also by what tells them apart.
//! When the form is taken, that ends it ([`clear`]): no form has to know of it.

mod api;
mod clear;
mod pages;
pub mod store;

use actix_web::web::ServiceConfig;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

pub use clear::clear;

/// Drafts that one person has at one desk.
pub const DRAFTS_MAX: i64 = 200;
/// What one draft holds, in bytes of its JSON.
pub const DRAFT_BYTES_MAX: usize = 1024 * 1024;
/// Fields of a form that are kept.
pub const FIELDS_MAX: usize = 100;

/// A field that somebody typed into.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Field {
    pub name: String,
    /// Its name for people.
    pub label: String,
    /// What stood there before.
    pub base: String,
    pub value: String,
}

/// A form that somebody typed into.
#[derive(Clone, Debug)]
pub struct Draft {
    /// Where the form is sent, and after a `#` what tells it from others that are sent there.
    pub form: String,
    /// Where it stands.
    pub page: String,
    /// That page's title.
    pub title: String,
    pub fields: Vec<Field>,
    pub saved_at: OffsetDateTime,
}

/// The addresses of drafts.
pub fn routes(config: &mut ServiceConfig) {
    pages::routes(config);
    api::routes(config);
}
