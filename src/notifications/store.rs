//! All SQL of notifications and of watching. No change here is an event: what one has read, and what one wants to be told
//! of, is nobody else's business.

use sqlx::PgConnection;
use time::OffsetDateTime;

use super::{Kind, Notification};
use crate::db::IfViolates as _;
use crate::error::{Error, Result};
use crate::id::{AccountId, ClaimId, CommentId, DeskId, EventId};
use crate::web::paging::{Page, limit};

/// What a member was told, latest first, before `before`; perhaps only what they did not read.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn list(
    conn: &mut PgConnection,
    desk: DeskId,
    account: AccountId,
    unread_only: bool,
    before: Option<EventId>,
) -> Result<Page<Notification>> {
    let rows = sqlx::query_as!(
        Notification,
        r#"
        SELECT n.event_id AS "event: EventId", n.kind AS "kind: Kind", e.action, a.display_name AS "who?",
               n.created_at AS at, n.read_at IS NOT NULL AS "is_read!", n.claim_id AS "claim: ClaimId", c.claim_reviewed,
               n.comment_id AS "comment: CommentId", m.body AS "body?"
        FROM notifications n
        JOIN events e ON e.desk_id = n.desk_id AND e.id = n.event_id
        JOIN claims c ON c.desk_id = n.desk_id AND c.id = n.claim_id
        LEFT JOIN accounts a ON a.id = e.actor_id
        LEFT JOIN comments m ON m.desk_id = n.desk_id AND m.id = n.comment_id AND m.removed_at IS NULL
        WHERE n.desk_id = $1 AND n.account_id = $2 AND (NOT $3 OR n.read_at IS NULL)
          AND ($4::uuid IS NULL OR n.event_id < $4)
        ORDER BY n.event_id DESC
        LIMIT $5
        "#,
        desk as _,
        account as _,
        unread_only,
        before as _,
        limit(),
    )
    .fetch_all(conn)
    .await?;
    Ok(Page::of(rows, |row| row.event.uuid()))
}

/// What a member chose to have mailed, did not read, and was not mailed yet: the first 50, in the order in which it
/// happened.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn to_mail(conn: &mut PgConnection, desk: DeskId, account: AccountId) -> Result<Vec<Notification>> {
    Ok(sqlx::query_as!(
        Notification,
        r#"
        SELECT n.event_id AS "event: EventId", n.kind AS "kind: Kind", e.action, a.display_name AS "who?",
               n.created_at AS at, n.read_at IS NOT NULL AS "is_read!", n.claim_id AS "claim: ClaimId", c.claim_reviewed,
               n.comment_id AS "comment: CommentId", m.body AS "body?"
        FROM notifications n
        JOIN mail_addresses w ON w.account_id = n.account_id AND w.address IS NOT NULL AND n.kind = ANY (w.kinds)
        JOIN events e ON e.desk_id = n.desk_id AND e.id = n.event_id
        JOIN claims c ON c.desk_id = n.desk_id AND c.id = n.claim_id
        LEFT JOIN accounts a ON a.id = e.actor_id
        LEFT JOIN comments m ON m.desk_id = n.desk_id AND m.id = n.comment_id AND m.removed_at IS NULL
        WHERE n.desk_id = $1 AND n.account_id = $2 AND n.read_at IS NULL AND n.mailed_at IS NULL
        ORDER BY n.event_id
        LIMIT 50
        "#,
        desk as _,
        account as _,
    )
    .fetch_all(conn)
    .await?)
}

/// Notes what was mailed.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn mailed(
    conn: &mut PgConnection,
    desk: DeskId,
    account: AccountId,
    events: &[EventId],
    now: OffsetDateTime,
) -> Result<()> {
    sqlx::query!(
        "UPDATE notifications SET mailed_at = $4 WHERE desk_id = $1 AND account_id = $2 AND event_id = ANY($3)",
        desk as _,
        account as _,
        events as _,
        now,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Notes that a member has read all they were told about a claim, and says how much that was.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn read_about(
    conn: &mut PgConnection,
    desk: DeskId,
    account: AccountId,
    claim: ClaimId,
    now: OffsetDateTime,
) -> Result<i64> {
    let read = sqlx::query!(
        r#"
        UPDATE notifications SET read_at = $4
        WHERE desk_id = $1 AND account_id = $2 AND claim_id = $3 AND read_at IS NULL
        "#,
        desk as _,
        account as _,
        claim as _,
        now,
    )
    .execute(conn)
    .await?;
    Ok(i64::try_from(read.rows_affected()).unwrap_or(i64::MAX))
}

/// Notes that a member has read everything up to that event.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn read_through(
    conn: &mut PgConnection,
    desk: DeskId,
    account: AccountId,
    through: EventId,
    now: OffsetDateTime,
) -> Result<()> {
    sqlx::query!(
        r#"
        UPDATE notifications SET read_at = $4
        WHERE desk_id = $1 AND account_id = $2 AND event_id <= $3 AND read_at IS NULL
        "#,
        desk as _,
        account as _,
        through as _,
        now,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Notes whether a member has read one thing.
///
/// # Errors
/// [`Error::NotFound`] when they were not told of it.
pub async fn set_read(
    conn: &mut PgConnection,
    desk: DeskId,
    account: AccountId,
    event: EventId,
    read_at: Option<OffsetDateTime>,
) -> Result<()> {
    let set = sqlx::query!(
        "UPDATE notifications SET read_at = $4 WHERE desk_id = $1 AND account_id = $2 AND event_id = $3",
        desk as _,
        account as _,
        event as _,
        read_at,
    )
    .execute(conn)
    .await?;
    if set.rows_affected() == 1 { Ok(()) } else { Err(Error::NotFound("notification")) }
}

/// Whether a member is told of what happens to a claim.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn is_watching(
    conn: &mut PgConnection,
    desk: DeskId,
    account: AccountId,
    claim: ClaimId,
) -> Result<bool> {
    Ok(sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT FROM claim_watchers($1, $3) w WHERE w.account_id = $2) AS "is!""#,
        desk as _,
        account as _,
        claim as _,
    )
    .fetch_one(conn)
    .await?)
}

/// Notes whether a member wants to be told of what happens to a claim.
///
/// # Errors
/// [`Error::NotFound`] when the desk has no such claim.
pub async fn watch(
    conn: &mut PgConnection,
    desk: DeskId,
    account: AccountId,
    claim: ClaimId,
    watching: bool,
    now: OffsetDateTime,
) -> Result<()> {
    sqlx::query!(
        r#"
        INSERT INTO claim_watches (desk_id, claim_id, account_id, watching, changed_at) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (desk_id, account_id, claim_id)
        DO UPDATE SET watching = excluded.watching, changed_at = excluded.changed_at
        "#,
        desk as _,
        claim as _,
        account as _,
        watching,
        now,
    )
    .execute(conn)
    .await
    .if_violates("claim_watches_claim", Error::NotFound("claim"))?;
    Ok(())
}

/// A claim that a member watches.
#[derive(Clone, Debug)]
pub struct Watched {
    pub claim: ClaimId,
    pub claim_reviewed: String,
    pub stage: crate::claims::Stage,
    /// Why: the member said so, or has to do with it.
    pub by_choice: bool,
}

/// What a member watches, latest first, before `before`.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn watched(
    conn: &mut PgConnection,
    desk: DeskId,
    account: AccountId,
    before: Option<ClaimId>,
) -> Result<Page<Watched>> {
    let rows = sqlx::query_as!(
        Watched,
        r#"
        SELECT c.id AS "claim: ClaimId", c.claim_reviewed, c.stage AS "stage: crate::claims::Stage",
               coalesce(w.watching, false) AS "by_choice!"
        FROM (
            SELECT m.id FROM claims m WHERE m.desk_id = $1 AND (m.created_by = $2 OR m.assignee_id = $2)
            UNION SELECT r.claim_id FROM round_drafters d JOIN rounds r ON r.desk_id = d.desk_id AND r.id = d.round_id
                WHERE d.desk_id = $1 AND d.account_id = $2
            UNION SELECT s.claim_id FROM comments s WHERE s.desk_id = $1 AND s.author_id = $2
            UNION SELECT e.claim_id FROM claim_watches e WHERE e.desk_id = $1 AND e.account_id = $2 AND e.watching
        ) mine
        JOIN claims c ON c.desk_id = $1 AND c.id = mine.id
        LEFT JOIN claim_watches w ON w.desk_id = $1 AND w.account_id = $2 AND w.claim_id = c.id
        WHERE w.watching IS NOT FALSE AND ($3::uuid IS NULL OR c.id < $3)
        ORDER BY c.id DESC
        LIMIT $4
        "#,
        desk as _,
        account as _,
        before as _,
        limit(),
    )
    .fetch_all(conn)
    .await?;
    Ok(Page::of(rows, |row| row.claim.uuid()))
}
