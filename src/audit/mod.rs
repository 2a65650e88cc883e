//! The record of everything that changed: written with each change, chained by hash afterwards.

pub mod chain;
mod record;
pub mod seal;
mod store;
pub mod verify;

pub use record::{Actor, Change, Submission, first_answer, once, record};
