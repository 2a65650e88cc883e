//! The SQL of judging.

mod draft;
mod history;
mod publication;
mod read;
mod review;
mod round;

pub use draft::{draft, merged, submit, withdraw};
pub use history::{Round as PastRound, Step, Verdict, rounds, verdict};
pub use publication::{abandon, correct, publish, retract};
pub use read::{Remark, judging, last_return, recusals, who_drafted};
pub use review::{approve, recuse, send_back};
