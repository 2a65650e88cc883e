//! What every page shares: layout, forms, assets, errors, headers, lists by key.

pub mod assets;
pub mod body;
pub mod bookmarklet;
pub mod cache;
pub mod clock;
pub mod demo_mode;
pub mod drain;
pub mod errors;
pub mod form;
pub mod headers;
pub mod json;
pub mod page;
pub mod paging;
pub mod problems;
pub mod squeeze;

pub use assets::asset;
pub use bookmarklet::bookmarklet;
pub use drain::Drain;
pub use form::{Posted, SignedIn};
pub use json::Sent;
pub use page::{Shell, page, see_other};
