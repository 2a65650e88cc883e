//! The record of everything that changed: written with each change, chained by hash afterwards.

mod base64;
pub mod chain;
pub mod head;
mod record;
pub mod seal;
pub mod signing;
mod store;
pub mod verify;

pub use record::{Actor, Change, Submission, first_answer, once, record, record_by_reader, record_by_server};
