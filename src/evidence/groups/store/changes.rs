//! Sets, questions and answers: added, edited, removed, brought back, put in order.

use serde_json::{Value, json};
use sqlx::PgConnection;
use uuid::Uuid;

use super::read::{get, of_claim};
use super::write;
use crate::audit;
use crate::auth::Authorized;
use crate::auth::permission::CiteEvidence;
use crate::db::IfViolates as _;
use crate::editing;
use crate::error::{Error, Result};
use crate::evidence::groups::piece::{Fields, Kind, Piece};
use crate::evidence::store::stands_still;
use crate::id::{ClaimId, DeskId, QuestionId};

const STILL: &str = "Questions, answers and sets stand still with what is cited: while it is in review and once it is public. Take the draft back, or begin a correction, to change them.";
const DONE: &str = "Somebody else has done this already.";

/// The outcome of a unit of work, with the words for what is only looked at when it ends.
///
/// # Errors
/// [`Error::Conflict`] when an answer would be left without evidence, or a set with less than two pieces.
pub fn refused<T>(outcome: Result<T>) -> Result<T> {
    let answer = "An answer has to rest on evidence that is there. Change or remove the answer first.";
    let set = "A set has to hold two pieces of evidence that are there. Change or remove the set first.";
    outcome
        .if_violates("answers_rest_on_evidence", Error::conflict(answer))
        .if_violates("evidence_sets_hold_two", Error::conflict(set))
}

/// Adds one to a claim; an answer to its question. `details` are those of the event.
///
/// # Errors
/// [`Error::NotFound`] when the desk has no such claim or question; [`Error::Conflict`] when what is cited stands still.
pub async fn add(
    conn: &mut PgConnection,
    by: &Authorized<CiteEvidence>,
    claim: ClaimId,
    question: Option<QuestionId>,
    id: Uuid,
    fields: &Fields,
    mut details: Value,
) -> Result<()> {
    movable(conn, by.desk.id, claim).await?;
    details["claim"] = json!(claim);
    if let Some(question) = question {
        let asked = get(conn, by.desk.id, claim, Kind::Question, question.uuid()).await?;
        if asked.removed_at.is_some() {
            return Err(Error::conflict("The question was removed. Bring it back to answer it."));
        }
        details["question"] = json!(question);
    }
    let kind = fields.kind();
    let action = match kind {
        Kind::Set => "set.add",
        Kind::Question => "question.add",
        Kind::Answer => "answer.add",
    };
    let change = audit::record(conn, by, action, kind.entity(), id, &details).await?;
    write::insert(conn, &change, claim, question, id, fields).await
}

/// Stores the fields of one, if nobody changed it since `was` was read. `details` are those of the event.
///
/// # Errors
/// [`Error::Conflict`] when somebody did, or what is cited stands still.
pub async fn update(
    conn: &mut PgConnection,
    by: &Authorized<CiteEvidence>,
    was: &Piece,
    to: &Fields,
    details: &Value,
) -> Result<()> {
    movable(conn, by.desk.id, was.claim).await?;
    let kind = to.kind();
    let action = match kind {
        Kind::Set => "set.edit",
        Kind::Question => "question.edit",
        Kind::Answer => "answer.edit",
    };
    let change = audit::record(conn, by, action, kind.entity(), was.id, details).await?;
    if write::update(conn, &change, was, to).await? { Ok(()) } else { Err(editing::stale()) }
}

/// Removes one, or brings it back.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Conflict`] when that was done already, or what is cited stands still.
pub async fn set_removed(
    conn: &mut PgConnection,
    by: &Authorized<CiteEvidence>,
    claim: ClaimId,
    kind: Kind,
    id: Uuid,
    removed: bool,
) -> Result<()> {
    movable(conn, by.desk.id, claim).await?;
    get(conn, by.desk.id, claim, kind, id).await?;
    let action = match (kind, removed) {
        (Kind::Set, true) => "set.remove",
        (Kind::Set, false) => "set.restore",
        (Kind::Question, true) => "question.remove",
        (Kind::Question, false) => "question.restore",
        (Kind::Answer, true) => "answer.remove",
        (Kind::Answer, false) => "answer.restore",
    };
    let change = audit::record(conn, by, action, kind.entity(), id, &json!({"claim": claim})).await?;
    if write::set_removed(conn, &change, claim, kind, id, removed).await? {
        Ok(())
    } else {
        Err(Error::conflict(DONE))
    }
}

/// Moves a question one place up or down among those that are there.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Conflict`] when it is at the end already, or what is cited stands still.
pub async fn reorder(
    conn: &mut PgConnection,
    by: &Authorized<CiteEvidence>,
    claim: ClaimId,
    id: QuestionId,
    up: bool,
) -> Result<()> {
    movable(conn, by.desk.id, claim).await?;
    let pieces = of_claim(conn, by.desk.id, claim).await?;
    let mut order: Vec<_> =
        pieces.iter().filter(|piece| piece.kind() == Kind::Question && piece.removed_at.is_none()).collect();
    let at = order.iter().position(|piece| piece.id == id.uuid()).ok_or(Error::NotFound("question"))?;
    let to = if up { at.checked_sub(1) } else { Some(at + 1).filter(|to| *to < order.len()) };
    let to = to.ok_or(Error::Conflict(DONE.into()))?;
    let place = |at: usize| i32::try_from(at).unwrap_or(i32::MAX).saturating_add(1);
    let details = json!({"claim": claim, "position": {"before": place(at), "after": place(to)}});
    order.swap(at, to);
    let change = audit::record(conn, by, "question.move", "question", id, &details).await?;
    let ids: Vec<Uuid> = order.iter().map(|piece| piece.id).collect();
    sqlx::query!(
        r#"
        UPDATE questions q SET position = n.position, row_version = q.row_version + 1, event_id = $3
        FROM (SELECT o.id, o.position::integer AS position FROM unnest($2::uuid[]) WITH ORDINALITY AS o (id, position)) n
        WHERE q.desk_id = $1 AND q.id = n.id AND q.position <> n.position
        "#,
        change.desk as _,
        &ids,
        change.event as _,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Refuses changes while what is cited stands still. The claim's row is locked, so that it cannot begin to meanwhile.
async fn movable(conn: &mut PgConnection, desk: DeskId, claim: ClaimId) -> Result<()> {
    sqlx::query_scalar!(
        r#"SELECT 1 AS "one!" FROM claims WHERE desk_id = $1 AND id = $2 FOR UPDATE"#,
        desk as _,
        claim as _,
    )
    .fetch_optional(&mut *conn)
    .await?;
    if stands_still(conn, desk, claim).await? { Err(Error::conflict(STILL)) } else { Ok(()) }
}
