//! Training claims: what somebody learns on how a desk rates, before rating in earnest. Each has a rating and a reason, read
//! after one's own answer. They are kept apart from the desk's work: in tables that have nothing to do with it.

mod form;
mod pages;
mod store;

use actix_web::web::ServiceConfig;
use time::OffsetDateTime;

use crate::id::TrainingClaimId;
use crate::scales::{RatingValue, Scale};

pub use form::{AnswerForm, NewTraining};
pub use store::{answer, create, get};

/// A claim to learn on, as somebody may read it.
#[derive(Clone, Debug)]
pub struct TrainingClaim {
    pub id: TrainingClaimId,
    pub claim_reviewed: String,
    /// Who said it, when and where.
    pub context: String,
    /// What is known of it.
    pub evidence: String,
    pub scale: Scale,
    pub written_by: String,
    /// Whether whoever reads it wrote it.
    pub is_own: bool,
    pub retired_at: Option<OffsetDateTime>,
    /// What the reader answered.
    pub answer: Option<Answer>,
    /// How the desk rates it: for those who answered, and for who wrote it.
    pub gold: Option<Gold>,
}

/// What somebody answered.
#[derive(Clone, Debug)]
pub struct Answer {
    pub rating: RatingValue,
    pub rationale: String,
}

/// How the desk rates a training claim.
#[derive(Clone, Debug)]
pub struct Gold {
    pub rating: RatingValue,
    pub explanation: String,
    /// The version of the guidelines that it went by.
    pub guideline: Option<i32>,
}

impl TrainingClaim {
    /// Whether the reader answered as the desk rates it.
    #[must_use]
    pub fn is_right(&self) -> bool {
        match (&self.answer, &self.gold) {
            (Some(answer), Some(gold)) => answer.rating.code == gold.rating.code,
            _ => false,
        }
    }
}

/// The addresses of training.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(pages::list)
        .service(pages::new)
        .service(pages::create)
        .service(pages::show)
        .service(pages::answer)
        .service(pages::retire)
        .service(pages::bring_back);
}
