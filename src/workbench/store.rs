//! The SQL of the queue. What waits in which lane is the database's function `queue`.

use sqlx::PgConnection;
use time::OffsetDateTime;

use super::lane::Lane;
use crate::audit::{self, Submission};
use crate::auth::permission::{DraftVerdict, Publish, ReviewVerdict};
use crate::auth::{Authorized, Member};
use crate::claims::{self, Stage};
use crate::error::{Error, Result};
use crate::id::ClaimId;
use crate::web::paging;

/// How many claims wait in a lane, and since when the oldest does.
#[derive(Clone, Debug)]
pub struct Waiting {
    pub lane: Lane,
    pub count: i64,
    pub oldest: OffsetDateTime,
}

/// What waits for the member, lane by lane.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn waiting(conn: &mut PgConnection, member: &Member) -> Result<Vec<Waiting>> {
    let mut waiting = sqlx::query_as!(
        Waiting,
        r#"
        SELECT q.lane AS "lane!: Lane", count(*) AS "count!", min(q.since) AS "oldest!"
        FROM queue($1, $2, $3, $4, $5) q
        GROUP BY q.lane
        ORDER BY q.lane
        LIMIT 100
        "#,
        member.desk.id as _,
        member.person.account as _,
        member.may::<DraftVerdict>(),
        member.may::<ReviewVerdict>(),
        member.may::<Publish>(),
    )
    .fetch_all(conn)
    .await?;
    waiting.sort_by_key(|waiting| waiting.lane);
    Ok(waiting)
}

/// A claim that waits.
#[derive(Clone, Debug)]
pub struct Item {
    pub claim: ClaimId,
    pub claim_reviewed: String,
    pub stage: Stage,
    pub since: OffsetDateTime,
    pub assignee: Option<String>,
    /// Who wrote the open draft.
    pub drafters: Vec<String>,
    pub evidence: i64,
}

/// Where a page of the queue begins: after the claim that waits since then.
#[derive(Clone, Copy, Debug)]
pub struct After {
    pub since: OffsetDateTime,
    pub claim: ClaimId,
}

/// What waits for the member in a lane, oldest first: a page and one more.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn items(
    conn: &mut PgConnection,
    member: &Member,
    lane: Lane,
    after: Option<After>,
) -> Result<Vec<Item>> {
    let items = sqlx::query_as!(
        Item,
        r#"
        SELECT c.id AS "claim: ClaimId", c.claim_reviewed, c.stage AS "stage: Stage", q.since AS "since!",
               a.display_name AS "assignee?",
               (SELECT coalesce(array_agg(w.display_name ORDER BY w.display_name), '{}')
                FROM rounds r
                JOIN round_drafters d ON d.desk_id = r.desk_id AND d.round_id = r.id
                JOIN accounts w ON w.id = d.account_id
                WHERE r.desk_id = c.desk_id AND r.claim_id = c.id AND r.state IN ('drafting', 'in_review', 'approved')) AS "drafters!",
               (SELECT count(*) FROM evidence e
                WHERE e.desk_id = c.desk_id AND e.claim_id = c.id AND e.removed_at IS NULL) AS "evidence!"
        FROM queue($1, $2, $3, $4, $5) q
        JOIN claims c ON c.desk_id = $1 AND c.id = q.claim_id
        LEFT JOIN accounts a ON a.id = c.assignee_id
        WHERE q.lane = $6 AND ($7::timestamptz IS NULL OR (q.since, c.id) > ($7, $8))
        ORDER BY q.since, c.id
        LIMIT $9
        "#,
        member.desk.id as _,
        member.person.account as _,
        member.may::<DraftVerdict>(),
        member.may::<ReviewVerdict>(),
        member.may::<Publish>(),
        lane as _,
        after.map(|after| after.since),
        after.map(|after| after.claim) as _,
        paging::limit(),
    )
    .fetch_all(conn)
    .await?;
    Ok(items)
}

/// Gives the member the claim that waits longest with nobody. Two who take one at the same time get two.
///
/// # Errors
/// [`Error::NotFound`] when none waits; [`Error::Repeated`] when this was sent before.
pub async fn take_next(
    conn: &mut PgConnection,
    by: &Authorized<DraftVerdict>,
    submission: Option<&Submission>,
) -> Result<ClaimId> {
    let claim = sqlx::query_scalar!(
        r#"
        SELECT c.id AS "id: ClaimId" FROM claims c
        WHERE c.desk_id = $1 AND c.stage = 'marked' AND c.assignee_id IS NULL
          AND EXISTS (SELECT FROM appearances p
                      WHERE p.desk_id = c.desk_id AND p.claim_id = c.id AND p.removed_at IS NULL)
        ORDER BY c.created_at, c.id
        LIMIT 1
        FOR UPDATE SKIP LOCKED
        "#,
        by.desk.id as _,
    )
    .fetch_optional(&mut *conn)
    .await?
    .ok_or(Error::NotFound("claim that waits"))?;
    audit::once(conn, by, submission, &claims::address(&by.desk.slug, claim)).await?;
    claims::store::give(conn, by, claim, Some(by.person.account)).await?;
    Ok(claim)
}
