//! The steps about what people go by, and what they learn on.

use sqlx::PgConnection;
use time::OffsetDateTime;

use super::Book;
use crate::demo::content::{Account, Guidelines, Training};
use crate::error::Result;
use crate::guidelines::{self, GuidelinesForm};
use crate::id::TrainingClaimId;
use crate::scales;
use crate::training::{self, AnswerForm, NewTraining};

impl Book {
    /// The editor writes the next version of the guidelines.
    ///
    /// # Errors
    /// When PostgreSQL fails.
    pub(super) async fn write_guidelines(
        &self,
        conn: &mut PgConnection,
        at: OffsetDateTime,
        written: &Guidelines,
    ) -> Result<()> {
        let by = self.team.member(Account::Editor, at)?;
        let form = GuidelinesForm {
            version: guidelines::current_number(conn, by.desk.id).await?.unwrap_or(0),
            title: written.title.clone(),
            text: written.text.join("\n"),
        };
        guidelines::write(conn, &by, &form.tidy()).await
    }

    /// The editor adds a training claim.
    ///
    /// # Errors
    /// When PostgreSQL fails.
    pub(super) async fn add_training(
        &self,
        conn: &mut PgConnection,
        at: OffsetDateTime,
        training: &Training,
    ) -> Result<()> {
        let by = self.team.member(Account::Editor, at)?;
        let scale = scales::default(conn, by.desk.id).await?;
        let new = NewTraining {
            claim_reviewed: training.claim.clone(),
            context: training.context.clone(),
            evidence: training.evidence.clone(),
            rating: training.rating.clone(),
            explanation: training.explanation.clone(),
        };
        let id = TrainingClaimId::new();
        training::create(conn, &by, id, &scale, &new.tidy()).await?;
        let Some((rating, rationale)) = &training.answer else { return Ok(()) };
        let by = self.team.member(Account::Reviewer, at)?;
        let claim = training::get(conn, by.desk.id, id, by.person.account).await?;
        let form = AnswerForm { rating: rating.clone(), rationale: rationale.clone() };
        training::answer(conn, &by, &claim, &form).await
    }
}
