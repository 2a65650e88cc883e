//! How evidence is put together: sets that bear on a claim only together, and questions with the answers that evidence
//! gives to them, in the sense of `AVeriTeC` (<https://arxiv.org/abs/2305.13117>, section 3.2).
//!
//! What is put together stands still with the evidence: while it is reviewed and once it is public.

mod api;
mod fields;
mod pages;
mod piece;
mod section;
pub mod store;

use actix_web::web::ServiceConfig;

pub use fields::{ANSWER, AnswerFields, AnswerKind, QUESTION, QuestionFields, SET, SetFields, answer_words};
pub use piece::{Fields, Kind, Piece};
pub use section::Section;

/// The addresses of sets, questions and answers.
pub(super) fn routes(config: &mut ServiceConfig) {
    pages::routes(config);
    api::routes(config);
}
