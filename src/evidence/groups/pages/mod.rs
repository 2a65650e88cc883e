//! The pages of sets, questions and answers.

mod add;
mod edit;

use actix_web::web::ServiceConfig;
use sqlx::PgConnection;
use uuid::Uuid;

use super::fields::AnswerKind;
use super::piece::{Kind, Piece};
use super::store::name;
use crate::editing::{Form, Values};
use crate::error::Result;
use crate::evidence;
use crate::id::{ClaimId, DeskId, QuestionId};
use crate::web::Shell;

/// The addresses of these pages. Fixed words come before ids.
pub(super) fn routes(config: &mut ServiceConfig) {
    config
        .service(add::new_set)
        .service(add::add_set)
        .service(add::add_question)
        .service(add::add_answer)
        .service(edit::show_set)
        .service(edit::show_question)
        .service(edit::show_answer)
        .service(edit::save_set)
        .service(edit::save_question)
        .service(edit::save_answer)
        .service(edit::remove_set)
        .service(edit::remove_question)
        .service(edit::remove_answer)
        .service(edit::restore_set)
        .service(edit::restore_question)
        .service(edit::restore_answer)
        .service(edit::place);
}

/// The evidence of a claim that can be named: id and name of each, in the order of the claim's page.
type Offers = Vec<(String, String)>;

async fn offers(conn: &mut PgConnection, desk: DeskId, claim: ClaimId) -> Result<Offers> {
    let all = evidence::store::of_claim(conn, desk, claim).await?;
    let there = all.into_iter().filter(|item| item.removed_at.is_none());
    Ok(there.map(|item| (item.id.to_string(), name(item.source.name(), item.exact.as_deref()))).collect())
}

/// The address at which one is edited.
fn address(shell: &Shell, claim: ClaimId, kind: Kind, id: Uuid) -> String {
    shell.path(&format!("/claims/{claim}/{}/{id}", kind.path()))
}

fn names(kind: Kind) -> Vec<&'static str> {
    kind.fields().iter().map(|field| field.name).collect()
}

/// The form that adds one.
pub(super) fn new_form(
    shell: &Shell,
    claim: ClaimId,
    kind: Kind,
    question: Option<QuestionId>,
    offers: &[(String, String)],
) -> Form {
    let action = match question {
        Some(question) => shell.path(&format!("/claims/{claim}/questions/{question}/answers")),
        None => shell.path(&format!("/claims/{claim}/{}", kind.path())),
    };
    let values: Values = match kind {
        Kind::Answer => [("kind", AnswerKind::Extractive.as_str().to_owned())].into(),
        Kind::Set | Kind::Question => Values::new(),
    };
    let button = match kind {
        Kind::Set => "Add the set",
        Kind::Question => "Ask the question",
        Kind::Answer => "Add the answer",
    };
    Form::new(shell, format!("new-{}", kind.entity()), action, kind.fields(), &names(kind), &values)
        .button(button)
        .offer("evidence", offers.to_vec())
}

/// The form over one.
fn form(shell: &Shell, piece: &Piece, offers: &[(String, String)]) -> Form {
    let kind = piece.kind();
    let action = address(shell, piece.claim, kind, piece.id);
    let id = format!("edit-{}", kind.entity());
    Form::new(shell, id, action, kind.fields(), &names(kind), &piece.fields.values())
        .offer("evidence", offers.to_vec())
}
