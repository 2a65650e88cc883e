//! All SQL of the queue. No change here is an event: what a job brings about has its own.

use sqlx::{PgConnection, PgPool};
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use super::{Job, Kind, LEASE, Progress, State, Step};
use crate::error::{Error, Result};
use crate::fetch::Validators;
use crate::id::{AccountId, DeskId};

/// Something to be done for a person.
#[derive(Clone, Copy, Debug)]
pub struct Order {
    pub desk: DeskId,
    pub kind: Kind,
    pub subject: Uuid,
    pub account: AccountId,
    /// How long until it is done again; `None` is once.
    pub every_s: Option<i32>,
}

/// Has something done now, also if it was given up, or is done already. One that is at work is let finish.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn order(conn: &mut PgConnection, order: Order, now: OffsetDateTime) -> Result<()> {
    sqlx::query!(
        r#"
        INSERT INTO jobs (desk_id, id, kind, subject_id, account_id, every_s, due_at, created_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $7)
        ON CONFLICT (desk_id, kind, subject_id) DO UPDATE
        SET account_id = excluded.account_id, every_s = excluded.every_s, state = 'waiting', attempts = 0, reason = NULL,
            due_at = excluded.due_at
        WHERE jobs.state <> 'running'
        "#,
        order.desk as _,
        Uuid::now_v7(),
        order.kind as _,
        order.subject,
        order.account as _,
        order.every_s,
        now,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Leaves something undone from now on. One that is at work loses its lease, and what it does comes to nothing.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn cancel(conn: &mut PgConnection, desk: DeskId, kind: Kind, subject: Uuid) -> Result<()> {
    sqlx::query!(
        r#"
        UPDATE jobs SET state = 'done', lease = NULL, lease_until = NULL, step = NULL, every_s = NULL
        WHERE desk_id = $1 AND kind = $2 AND subject_id = $3
        "#,
        desk as _,
        kind as _,
        subject,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The desks that have something to be done, the one that waits longest first.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn desks(pool: &PgPool, now: OffsetDateTime) -> Result<Vec<DeskId>> {
    let desks = sqlx::query_scalar!(
        r#"
        SELECT due.desk_id AS "desk_id!: DeskId"
        FROM (
            SELECT w.desk_id, w.due_at AS at FROM jobs w WHERE w.state = 'waiting' AND w.due_at <= $1
            UNION ALL
            SELECT r.desk_id, r.lease_until FROM jobs r WHERE r.state = 'running' AND r.lease_until < $1
        ) due
        GROUP BY due.desk_id
        ORDER BY min(due.at), due.desk_id
        LIMIT 100
        "#,
        now,
    )
    .fetch_all(pool)
    .await?;
    Ok(desks)
}

/// Takes the job of a desk that waits longest; also one whose server has not been heard of, which counts as a failure.
/// What people wait for comes before copies of sources, of which there can be thousands.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn take(conn: &mut PgConnection, desk: DeskId, now: OffsetDateTime) -> Result<Option<Job>> {
    let lease = Uuid::new_v4();
    let row = sqlx::query!(
        r#"
        UPDATE jobs j
        SET state = 'running', step = NULL, lease = $3, lease_until = $4,
            attempts = j.attempts + CASE j.state WHEN 'running' THEN 1 ELSE 0 END
        WHERE j.desk_id = $1 AND j.id = (
            SELECT n.id FROM jobs n
            WHERE n.desk_id = $1
              AND ((n.state = 'waiting' AND n.due_at <= $2) OR (n.state = 'running' AND n.lease_until < $2))
            ORDER BY n.kind IN ('archive', 'link', 'outside'), n.due_at, n.id
            LIMIT 1
            FOR UPDATE SKIP LOCKED
        )
        RETURNING j.id, j.kind AS "kind: Kind", j.subject_id, j.account_id AS "account: AccountId", j.attempts, j.every_s,
                  j.etag, j.last_modified
        "#,
        desk as _,
        now,
        lease,
        now + LEASE,
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(|row| Job {
        desk,
        id: row.id,
        kind: row.kind,
        subject: row.subject_id,
        account: row.account,
        attempts: row.attempts,
        every_s: row.every_s,
        have: Validators { etag: row.etag, last_modified: row.last_modified },
        lease,
    }))
}

/// Says what is being done, and that the job is still being worked on.
///
/// # Errors
/// [`Error::Conflict`] when it is not ours any more.
pub async fn at(conn: &mut PgConnection, job: &Job, step: Step, now: OffsetDateTime) -> Result<()> {
    let said = sqlx::query!(
        "UPDATE jobs SET step = $4, lease_until = $5 WHERE desk_id = $1 AND id = $2 AND lease = $3",
        job.desk as _,
        job.id,
        job.lease,
        step as _,
        now + LEASE,
    )
    .execute(conn)
    .await?;
    ours(said.rows_affected())
}

/// Ends a job that is done; call it in the transaction of what it brought about, so that this happens once.
/// `again_s` says when to do it again.
///
/// # Errors
/// [`Error::Conflict`] when it is not ours any more.
pub async fn finish(
    conn: &mut PgConnection,
    job: &Job,
    again_s: Option<i32>,
    validators: &Validators,
    now: OffsetDateTime,
) -> Result<()> {
    let due_at = now + Duration::seconds(again_s.unwrap_or(0).into());
    let said = sqlx::query!(
        r#"
        UPDATE jobs
        SET state = CASE WHEN $4::integer IS NULL THEN 'done' ELSE 'waiting' END, every_s = $4, due_at = $5, step = NULL,
            lease = NULL, lease_until = NULL, attempts = 0, reason = NULL, etag = $6, last_modified = $7, checked_at = $8
        WHERE desk_id = $1 AND id = $2 AND lease = $3
        "#,
        job.desk as _,
        job.id,
        job.lease,
        again_s,
        due_at,
        validators.etag.as_deref().filter(|etag| etag.len() <= VALIDATOR_MAX),
        validators.last_modified.as_deref().filter(|at| at.len() <= VALIDATOR_MAX),
        now,
    )
    .execute(conn)
    .await?;
    ours(said.rows_affected())
}

/// What a sender says of its answer is kept up to this length, in bytes.
const VALIDATOR_MAX: usize = 500;

/// Ends an attempt that failed, for a reason given as a code; `next` says how long until it is tried again, and `None`
/// gives it up.
///
/// # Errors
/// [`Error::Conflict`] when it is not ours any more.
pub async fn fail(
    conn: &mut PgConnection,
    job: &Job,
    reason: &str,
    next: Option<Duration>,
    now: OffsetDateTime,
) -> Result<()> {
    let state = if next.is_some() { State::Waiting } else { State::Dead };
    let said = sqlx::query!(
        r#"
        UPDATE jobs
        SET state = $4, reason = $5, due_at = $6, attempts = attempts + 1, step = NULL, lease = NULL, lease_until = NULL
        WHERE desk_id = $1 AND id = $2 AND lease = $3
        "#,
        job.desk as _,
        job.id,
        job.lease,
        state as _,
        reason,
        now + next.unwrap_or_default(),
    )
    .execute(conn)
    .await?;
    ours(said.rows_affected())
}

/// Ends a part of a job that goes on after a while, because somebody else is to finish something first.
///
/// # Errors
/// [`Error::Conflict`] when it is not ours any more.
pub async fn put_off(conn: &mut PgConnection, job: &Job, wait: Duration, now: OffsetDateTime) -> Result<()> {
    let said = sqlx::query!(
        r#"
        UPDATE jobs
        SET state = 'waiting', due_at = $4, attempts = 0, reason = NULL, step = NULL, lease = NULL, lease_until = NULL
        WHERE desk_id = $1 AND id = $2 AND lease = $3
        "#,
        job.desk as _,
        job.id,
        job.lease,
        now + wait,
    )
    .execute(conn)
    .await?;
    ours(said.rows_affected())
}

/// Gives a job back as it was taken, for another server.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn give_back(conn: &mut PgConnection, job: &Job) -> Result<()> {
    sqlx::query!(
        r#"
        UPDATE jobs SET state = 'waiting', step = NULL, lease = NULL, lease_until = NULL
        WHERE desk_id = $1 AND id = $2 AND lease = $3
        "#,
        job.desk as _,
        job.id,
        job.lease,
    )
    .execute(conn)
    .await?;
    Ok(())
}

fn ours(rows: u64) -> Result<()> {
    if rows == 1 { Ok(()) } else { Err(Error::conflict("This was taken over by another server.")) }
}

/// How far the work on something is, if any was asked for.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn progress(pool: &PgPool, desk: DeskId, kind: Kind, subject: Uuid) -> Result<Option<Progress>> {
    let progress = sqlx::query_as!(
        Progress,
        r#"
        SELECT state AS "state: State", step AS "step: Step", attempts, reason, due_at, checked_at
        FROM jobs WHERE desk_id = $1 AND kind = $2 AND subject_id = $3
        "#,
        desk as _,
        kind as _,
        subject,
    )
    .fetch_optional(pool)
    .await?;
    Ok(progress)
}
