//! What members do in a discussion. Each change has its event.

use serde_json::{Value, json};
use sqlx::PgConnection;

use super::read::{PAUSED, get};
use super::{called_in, members, remove, reopen, resolve, restore};
use crate::audit::{self, Change};
use crate::auth::Authorized;
use crate::auth::permission::Discuss;
use crate::db::IfViolates as _;
use crate::discussion::COMMENT;
use crate::discussion::body::{self, Body, People};
use crate::discussion::thread::Comment;
use crate::editing::{self, Entry, Merge, Sent, Values};
use crate::error::{Error, Result};
use crate::id::{ClaimId, CommentId, EvidenceId};

/// Where a new comment belongs.
#[derive(Clone, Copy, Debug)]
pub struct Opening {
    pub claim: ClaimId,
    /// The evidence that a new thread is about.
    pub about: Option<EvidenceId>,
    /// The thread that is answered.
    pub thread: Option<CommentId>,
}

/// Says something.
///
/// # Errors
/// [`Error::NotFound`] when there is no such claim, evidence or thread; [`Error::Conflict`] while the claim is assessed
/// blind.
pub async fn add(
    conn: &mut PgConnection,
    by: &Authorized<Discuss>,
    id: CommentId,
    opening: Opening,
    body: &Body,
) -> Result<()> {
    // The text stands in the record once, so that what was said first can be read there when it was edited.
    let mut details = json!({"claim": opening.claim, "body": {"before": null, "after": body.as_str()}});
    if let (Some(evidence), Some(details)) = (opening.about, details.as_object_mut()) {
        details.insert("evidence".to_owned(), json!(evidence));
    }
    let change = audit::record(conn, by, "comment.add", "comment", id, &details).await?;
    sqlx::query!(
        r#"
        INSERT INTO comments (desk_id, id, claim_id, evidence_id, thread_id, body, author_id, created_at, event_id)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
        "#,
        change.desk as _,
        id as _,
        opening.claim as _,
        opening.about as _,
        opening.thread as _,
        body.as_str(),
        change.by as _,
        change.at,
        change.event as _,
    )
    .execute(&mut *conn)
    .await
    .if_violates("comments_claim", Error::NotFound("claim"))
    .if_violates("comments_evidence", Error::NotFound("evidence"))
    .if_violates("comments_thread", Error::NotFound("comment"))
    .if_violates("comments_answer_a_beginning", Error::NotFound("comment"))
    .if_violates("comments_wait_for_blind_rounds", Error::conflict(PAUSED))?;
    call(conn, &change, id, body).await
}

/// Notes whom a comment calls that it did not call before.
async fn call(conn: &mut PgConnection, change: &Change, id: CommentId, body: &Body) -> Result<()> {
    if body.mentions().is_empty() {
        return Ok(());
    }
    sqlx::query!(
        r#"
        INSERT INTO comment_mentions (desk_id, comment_id, account_id, event_id)
        SELECT $1, $2, m.account_id, $4 FROM memberships m WHERE m.desk_id = $1 AND m.account_id = ANY($3)
        ON CONFLICT DO NOTHING
        "#,
        change.desk as _,
        id as _,
        body.mentions() as _,
        change.event as _,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// What becomes of a comment that somebody wants changed, with names turned into accounts: what was sent, and how it goes
/// together with what stands there now.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn merged(
    conn: &mut PgConnection,
    by: &Authorized<Discuss>,
    comment: &Comment,
    sent: &Sent,
) -> Result<(Sent, Merge, People)> {
    let people = people(conn, by, comment).await?;
    let encoded = |values: &Values| body::encode(values.get("body").map_or("", String::as_str), &people);
    let mut kept = Sent::default();
    kept.push(&COMMENT[0], &encoded(&sent.base()), &encoded(&sent.mine()));
    let theirs = Values::from([("body", comment.body.clone())]);
    let merge = editing::merge(conn, by, comment.id.uuid(), &kept, &theirs).await?;
    Ok((kept, merge, people))
}

/// Who may be meant: the members of now, and who is named already.
async fn people(conn: &mut PgConnection, by: &Authorized<Discuss>, comment: &Comment) -> Result<People> {
    let mut accounts: Vec<_> =
        members(conn, by.desk.id).await?.into_iter().map(|person| person.account).collect();
    accounts.extend(body::named(std::iter::once(comment.body.as_str())));
    called_in(conn, &accounts).await
}

/// Changes what a comment says. `details` tells of it.
///
/// # Errors
/// [`Error::Forbidden`] when it is somebody else's; [`Error::Conflict`] when it was removed or changed meanwhile, or while
/// the claim is assessed blind.
pub async fn edit(
    conn: &mut PgConnection,
    by: &Authorized<Discuss>,
    comment: &Comment,
    body: &Body,
    details: &Value,
) -> Result<()> {
    if !comment.may_edit(&by.viewer()) {
        return Err(refusal(comment));
    }
    let change = audit::record(conn, by, "comment.edit", "comment", comment.id, details).await?;
    let changed = sqlx::query!(
        r#"
        UPDATE comments SET body = $4, edited_at = $5, row_version = row_version + 1, event_id = $6
        WHERE desk_id = $1 AND id = $2 AND row_version = $3
        "#,
        change.desk as _,
        comment.id as _,
        comment.row_version,
        body.as_str(),
        change.at,
        change.event as _,
    )
    .execute(&mut *conn)
    .await
    .if_violates("comments_wait_for_blind_rounds", Error::conflict(PAUSED))?;
    if changed.rows_affected() != 1 {
        return Err(editing::stale());
    }
    call(conn, &change, comment.id, body).await
}

fn refusal(comment: &Comment) -> Error {
    if comment.removed.is_some() {
        Error::conflict("This comment was removed. Bring it back to change it.")
    } else {
        Error::Barred("Only whoever wrote a comment changes it.")
    }
}

/// Takes back what an entry of the claim's history did in its discussion.
///
/// # Errors
/// [`Error::Conflict`] when it was changed since; [`Error::NotFound`] when the entry is about something else.
pub async fn take_back(
    conn: &mut PgConnection,
    by: &Authorized<Discuss>,
    claim: ClaimId,
    entry: &Entry,
) -> Result<()> {
    let id = CommentId::from(entry.entity_id);
    match &*entry.action {
        "comment.add" | "comment.restore" => remove(conn, by, claim, id).await,
        "comment.remove" => restore(conn, by, claim, id).await,
        "comment.resolve" => reopen(conn, by, claim, id).await,
        "comment.reopen" => resolve(conn, by, claim, id).await,
        "comment.edit" => {
            let sent = entry.undo(&COMMENT).ok_or(Error::NotFound("change"))?;
            let comment = get(conn, by.desk.id, claim, id).await?;
            let (_, merge, people) = merged(conn, by, &comment, &sent).await?;
            if !merge.conflicts.is_empty() {
                return Err(Error::conflict("This was changed again since, so the change before it stays."));
            }
            let body = Body::parse(&merge.result["body"], &people).map_err(Error::invalid)?;
            edit(conn, by, &comment, &body, &merge.details()).await
        }
        _ => Err(Error::NotFound("change")),
    }
}
