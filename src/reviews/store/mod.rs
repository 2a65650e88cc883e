//! The SQL of judging.

mod draft;
mod history;
mod outcome;
mod precedents;
mod publication;
mod rating;
mod read;
mod recusal;
mod review;
mod round;

pub use draft::{draft, merged, submit, withdraw};
pub use history::{Round as PastRound, Step, Verdict, rounds, verdict};
pub use outcome::get as outcome;
pub use precedents::{depart, departures, drafted_departure, precedents};
pub use publication::{abandon, correct, publish, retract};
pub use rating::{NewRating, RATIONALE_MAX, adjudicate, assess, ratings};
pub use read::{Remark, judging, last_return, recusals, who_drafted};
pub use recusal::{AgentRecusal, agent_recusals, end_agent_recusal, recuse, recuse_from_agent};
pub use review::{approve, send_back};
