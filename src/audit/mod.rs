//! The record of everything that changed: written with each change, chained by hash afterwards.

mod record;

pub use record::{Actor, Change, Submission, first_answer, once, record};
