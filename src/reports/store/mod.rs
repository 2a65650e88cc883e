//! All SQL of readers' reports.

mod handle;
mod inbox;
mod read;
mod receive;

pub use handle::{NewAnswer, answer, correct, look};
pub use inbox::{Counts, Listed, Part, counts, list};
pub use read::{Published, by_requests, get, is_alone, others, published, tracked};
pub use receive::{Subject, is_repeat, key, receive, sent_before, subject, withdraw};
