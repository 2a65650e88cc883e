//! The SQL of the queue. What waits in which lane is the database's function `queue`.

use sqlx::PgConnection;
use time::{Date, OffsetDateTime};

use super::lane::{Lane, Sort};
use crate::audit::{self, Submission};
use crate::auth::permission::{DraftVerdict, Publish, ReviewVerdict};
use crate::auth::{Authorized, Member};
use crate::claims::{self, Priority, Stage};
use crate::error::{Error, Result};
use crate::id::{AccountId, ClaimId};
use crate::scales::Badge;
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
        FROM queue($1, $2, $3, $4, $5, $6) q
        GROUP BY q.lane
        ORDER BY q.lane
        LIMIT 100
        "#,
        member.desk.id as _,
        member.person.account as _,
        member.may::<DraftVerdict>(),
        member.may::<ReviewVerdict>(),
        member.may::<Publish>(),
        member.now,
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
    pub priority: Priority,
    pub due_on: Option<Date>,
    /// Where it stands in the order, before its age.
    pub rank: i32,
    pub since: OffsetDateTime,
    pub assignee: Option<String>,
    /// Who wrote the open draft.
    pub drafters: Vec<String>,
    pub evidence: i64,
    /// Of a hundred pairs of ratings, how many differ.
    pub disagreement: Option<i32>,
    /// The draft that is in review.
    pub draft: Option<InReview>,
}

/// A draft in review, as much of it as a list shows.
#[derive(Clone, Debug)]
pub struct InReview {
    pub version: i32,
    pub one_line: String,
    pub rating: Option<Badge>,
}

/// Where a page of the queue begins: after the claim with that rank that waits since then.
#[derive(Clone, Copy, Debug)]
pub struct After {
    pub rank: i32,
    pub since: OffsetDateTime,
    pub claim: ClaimId,
}

/// What waits for the member in a lane: a page and one more.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn items(
    conn: &mut PgConnection,
    member: &Member,
    lane: Lane,
    sort: Sort,
    after: Option<After>,
) -> Result<Vec<Item>> {
    let rows = sqlx::query!(
        r#"
        SELECT c.id AS "claim: ClaimId", c.claim_reviewed, c.stage AS "stage: Stage", c.priority AS "priority: Priority",
               c.due_on, w.rank AS "rank!", q.since AS "since!", a.display_name AS "assignee?",
               (SELECT coalesce(array_agg(p.display_name ORDER BY p.display_name), '{}')
                FROM round_drafters d JOIN accounts p ON p.id = d.account_id
                WHERE d.desk_id = c.desk_id AND d.round_id = r.id) AS "drafters!",
               (SELECT count(*) FROM evidence e
                WHERE e.desk_id = c.desk_id AND e.claim_id = c.id AND e.removed_at IS NULL) AS "evidence!",
               w.disagreement / 10000 AS disagreement,
               CASE WHEN q.lane = 'review' THEN r.draft_version END AS draft_version, r.one_line AS "one_line?",
               v.label AS "label?", v.shape AS "shape?", v.colour AS "colour?"
        FROM queue($1, $2, $3, $4, $5, $6) q
        JOIN claims c ON c.desk_id = $1 AND c.id = q.claim_id
        LEFT JOIN rounds r ON r.desk_id = c.desk_id AND r.claim_id = c.id
            AND r.state IN ('drafting', 'in_review', 'adjudicating', 'approved')
        LEFT JOIN rating_values v ON v.desk_id = r.desk_id AND v.scale_version_id = r.scale_version_id
            AND v.code = r.rating_code
        LEFT JOIN accounts a ON a.id = c.assignee_id
        CROSS JOIN LATERAL (SELECT round_disagreement(r) AS disagreement) o
        CROSS JOIN LATERAL (
            SELECT o.disagreement, CASE $8
                WHEN 'priority' THEN priority_rank(c.priority)
                WHEN 'due' THEN coalesce(c.due_on - DATE '2000-01-01', 2147483647)
                WHEN 'disagreement' THEN -coalesce(o.disagreement, 0)
                ELSE 0
            END AS rank
        ) w
        WHERE q.lane = $7 AND ($9::integer IS NULL OR (w.rank, q.since, c.id) > ($9, $10, $11))
        ORDER BY w.rank, q.since, c.id
        LIMIT $12
        "#,
        member.desk.id as _,
        member.person.account as _,
        member.may::<DraftVerdict>(),
        member.may::<ReviewVerdict>(),
        member.may::<Publish>(),
        member.now,
        lane.as_str(),
        sort.as_str(),
        after.map(|after| after.rank),
        after.map(|after| after.since),
        after.map(|after| after.claim) as _,
        paging::limit(),
    )
    .fetch_all(conn)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| Item {
            claim: row.claim,
            claim_reviewed: row.claim_reviewed,
            stage: row.stage,
            priority: row.priority,
            due_on: row.due_on,
            rank: row.rank,
            since: row.since,
            assignee: row.assignee,
            drafters: row.drafters,
            evidence: row.evidence,
            disagreement: row.disagreement,
            draft: row.draft_version.map(|version| InReview {
                version,
                one_line: row.one_line.unwrap_or_default(),
                rating: Badge::of(row.label, row.shape.as_deref(), row.colour.as_deref()),
            }),
        })
        .collect())
}

/// The first claims of a lane that nobody else is on, in the order of a page: those after `left`, when it is among them.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn first(
    conn: &mut PgConnection,
    member: &Member,
    lane: Lane,
    sort: Sort,
    left: Option<ClaimId>,
) -> Result<Vec<ClaimId>> {
    let (me, now): (AccountId, _) = (member.person.account, member.now);
    let items = items(conn, member, lane, sort, None).await?;
    let begin = items.iter().position(|item| Some(item.claim) == left).map_or(0, |at| at + 1);
    let claims: Vec<_> = items[begin..].iter().map(|item| item.claim).collect();
    let taken = super::presence::on(conn, member.desk.id, &claims, me, now).await?;
    Ok(claims.into_iter().filter(|claim| taken.iter().all(|(other, _)| other != claim)).collect())
}

/// Gives the member the most urgent claim that is with nobody, among equals the one that waits longest. Two who take one at
/// the same time get two.
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
        ORDER BY priority_rank(c.priority), c.due_on, c.created_at, c.id
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
