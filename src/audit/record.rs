//! Writing an event in the transaction of the change it tells of.

use serde::Serialize;
use sha2::{Digest, Sha256};
use sqlx::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

use crate::error::{Error, Result};
use crate::id::{AccountId, DeskId, EventId};

/// Who changes something, at which desk, and when.
#[derive(Clone, Copy, Debug)]
pub struct Actor {
    pub desk: DeskId,
    pub account: AccountId,
    pub at: OffsetDateTime,
}

/// The proof that an event was written in this transaction. What changes a row asks for it, and the row keeps its id.
#[derive(Clone, Copy, Debug)]
pub struct Change {
    pub desk: DeskId,
    pub event: EventId,
    /// Who changes.
    pub by: AccountId,
    /// When.
    pub at: OffsetDateTime,
}

/// Writes that `actor` did `action` (`claim.mark`, `verdict.publish` …) to the `entity` with that id.
///
/// `details` says what changed: for an edit, `{"field": {"before": …, "after": …}}`.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn record(
    conn: &mut PgConnection,
    actor: impl Into<Actor>,
    action: &str,
    entity: &str,
    entity_id: impl Into<Uuid>,
    details: &impl Serialize,
) -> Result<Change> {
    let Actor { desk, account: by, at } = actor.into();
    let change = Change { desk, event: EventId::new(), by, at };
    let details = serde_json::to_string(details).map_err(Error::internal)?;
    sqlx::query!(
        r#"
        INSERT INTO events (desk_id, id, at, actor_kind, actor_id, action, entity, entity_id, details)
        VALUES ($1, $2, $3, 'person', $4, $5, $6, $7, $8::text::json)
        "#,
        change.desk as _,
        change.event as _,
        change.at,
        change.by as _,
        action,
        entity,
        entity_id.into(),
        details,
    )
    .execute(conn)
    .await?;
    Ok(change)
}

/// The same for what nobody at the desk does: whoever runs the server, or the server by itself.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn record_by_server(
    conn: &mut PgConnection,
    desk: DeskId,
    at: OffsetDateTime,
    action: &str,
    entity: &str,
    entity_id: impl Into<Uuid>,
    details: &impl Serialize,
) -> Result<EventId> {
    record_by(conn, (desk, at, "system"), action, entity, entity_id.into(), details).await
}

/// The same for what a reader does, whom the desk does not know.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn record_by_reader(
    conn: &mut PgConnection,
    desk: DeskId,
    at: OffsetDateTime,
    action: &str,
    entity: &str,
    entity_id: impl Into<Uuid>,
    details: &impl Serialize,
) -> Result<EventId> {
    record_by(conn, (desk, at, "reader"), action, entity, entity_id.into(), details).await
}

async fn record_by(
    conn: &mut PgConnection,
    (desk, at, kind): (DeskId, OffsetDateTime, &str),
    action: &str,
    entity: &str,
    entity_id: Uuid,
    details: &impl Serialize,
) -> Result<EventId> {
    let event = EventId::new();
    let details = serde_json::to_string(details).map_err(Error::internal)?;
    sqlx::query!(
        r#"
        INSERT INTO events (desk_id, id, at, actor_kind, action, entity, entity_id, details)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8::text::json)
        "#,
        desk as _,
        event as _,
        at,
        kind,
        action,
        entity,
        entity_id,
        details,
    )
    .execute(conn)
    .await?;
    Ok(event)
}

/// A form or request that may arrive twice: its key, and what it asks.
#[derive(Clone, Debug)]
pub struct Submission {
    key: Uuid,
    fingerprint: Vec<u8>,
}

impl Submission {
    /// The submission with that key. `asked` is all that was sent, in the order it was sent.
    #[must_use]
    pub fn new(key: Uuid, path: &str, asked: &[u8]) -> Self {
        let fingerprint = Sha256::new().chain_update(path).chain_update([0]).chain_update(asked).finalize();
        Self { key, fingerprint: fingerprint.to_vec() }
    }

    /// The key and the hash of what was asked, for a statement that stores them itself.
    #[must_use]
    pub fn parts(&self) -> (Uuid, &[u8]) {
        (self.key, &self.fingerprint)
    }
}

/// Notes that a submission leads to `location`; call it first in the transaction.
///
/// # Errors
/// [`Error::Repeated`] with the first result when it was sent before, [`Error::Invalid`] when its key was used for
/// something else.
pub async fn once(
    conn: &mut PgConnection,
    actor: impl Into<Actor>,
    submission: Option<&Submission>,
    location: &str,
) -> Result<()> {
    let Some(submission) = submission else {
        return Ok(());
    };
    let actor = actor.into();
    let noted = sqlx::query!(
        r#"
        INSERT INTO submissions (desk_id, account_id, key, fingerprint, location, created_at)
        VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT DO NOTHING
        "#,
        actor.desk as _,
        actor.account as _,
        submission.key,
        submission.fingerprint,
        location,
        actor.at,
    )
    .execute(&mut *conn)
    .await?;
    if noted.rows_affected() == 1 {
        return Ok(());
    }
    Err(first_answer(conn, actor, submission).await?)
}

/// The answer to a submission that is stored already.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn first_answer(conn: &mut PgConnection, actor: Actor, submission: &Submission) -> Result<Error> {
    let first = sqlx::query!(
        "SELECT location, fingerprint FROM submissions WHERE desk_id = $1 AND account_id = $2 AND key = $3",
        actor.desk as _,
        actor.account as _,
        submission.key,
    )
    .fetch_one(conn)
    .await?;
    Ok(if first.fingerprint == submission.fingerprint {
        Error::Repeated(first.location)
    } else {
        Error::invalid(
            "This form was sent before with other words. Open the page again and send it from there.",
        )
    })
}
