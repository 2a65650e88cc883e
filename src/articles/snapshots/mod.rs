//! What came in, kept as it came: each time with how and from where. The bytes are a blob.

pub mod pages;
mod store;

pub use store::{Kept, find, get, keep};
