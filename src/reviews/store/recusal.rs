//! Leaving the judging to others, because of a conflict of interest.

use serde_json::json;
use sqlx::PgConnection;
use time::OffsetDateTime;

use super::read::locked;
use super::review::{Keep, begin_again};
use super::round::effect;
use crate::audit::{self, Change};
use crate::auth::Authorized;
use crate::auth::permission::{ManageDesk, ReviewVerdict};
use crate::claims::Stage;
use crate::error::{Error, Result};
use crate::id::{AccountId, AgentId, ClaimId, DeskId};
use crate::reviews::judging::Judging;
use crate::reviews::round::{Kind, Round, State};
use crate::reviews::stage::Act;

/// How many recusals a list shows, and how many claims one is looked up in.
const ROWS_MAX: i64 = 500;

fn checked(reason: &str) -> Result<()> {
    if reason.is_empty() || reason.chars().count() > 1000 {
        return Err(Error::invalid("Say why, in at most 1000 characters: it stays on record."));
    }
    Ok(())
}

/// Leaves the judging of a claim to others. What the person approved or rated, and what is not public yet, does not stand.
///
/// # Errors
/// [`Error::Invalid`] without a reason; when the person is recused already, or the claim is not judged any more.
pub async fn recuse(
    conn: &mut PgConnection,
    by: &Authorized<ReviewVerdict>,
    claim: ClaimId,
    reason: &str,
) -> Result<()> {
    checked(reason)?;
    let judging = locked(conn, by.desk.id, claim, by.person.account).await?;
    effect(by, &judging, Act::Recuse)?;
    let change = audit::record(conn, by, "claim.recuse", "claim", claim, &json!({"reason": reason})).await?;
    sqlx::query!(
        r#"
        INSERT INTO recusals (desk_id, claim_id, account_id, reason, created_at, event_id)
        VALUES ($1, $2, $3, $4, $5, $6)
        "#,
        change.desk as _,
        claim as _,
        change.by as _,
        reason,
        change.at,
        change.event as _,
    )
    .execute(&mut *conn)
    .await?;
    withdraw(conn, by, &change, &judging).await
}

/// Leaves to others what an agent says, or what is judged by what it publishes.
///
/// # Errors
/// [`Error::Invalid`] without a reason, [`Error::Conflict`] when the person is recused from it already.
pub async fn recuse_from_agent(
    conn: &mut PgConnection,
    by: &Authorized<ReviewVerdict>,
    agent: AgentId,
    reason: &str,
) -> Result<()> {
    checked(reason)?;
    let account = by.person.account;
    // What is judged now and touches the agent, in the order in which rows are locked.
    let open = sqlx::query_scalar!(
        r#"
        SELECT r.claim_id AS "claim: ClaimId" FROM rounds r
        WHERE r.desk_id = $1 AND r.state IN ('drafting', 'in_review', 'adjudicating', 'approved')
          AND NOT is_recused(r.desk_id, r.claim_id, $2)
          AND EXISTS (SELECT FROM assessments a
                      WHERE a.desk_id = r.desk_id AND a.round_id = r.id AND a.reviewer_id = $2)
        ORDER BY r.claim_id LIMIT $3
        "#,
        by.desk.id as _,
        account as _,
        ROWS_MAX,
    )
    .fetch_all(&mut *conn)
    .await?;
    let mut judged = Vec::new();
    for claim in open {
        judged.push(locked(conn, by.desk.id, claim, account).await?);
    }
    let change = audit::record(conn, by, "agent.recuse", "agent", agent, &json!({"reason": reason})).await?;
    let kept = sqlx::query!(
        r#"
        INSERT INTO agent_recusals (desk_id, agent_id, account_id, reason, created_at, event_id)
        SELECT a.desk_id, a.id, $3, $4, $5, $6 FROM agents a
        WHERE a.desk_id = $1 AND a.id = $2 AND a.merged_into IS NULL
        ON CONFLICT (desk_id, agent_id, account_id) DO UPDATE
        SET reason = EXCLUDED.reason, created_at = EXCLUDED.created_at, ended_at = NULL,
            row_version = agent_recusals.row_version + 1, event_id = EXCLUDED.event_id
        WHERE agent_recusals.ended_at IS NOT NULL
        "#,
        change.desk as _,
        agent as _,
        account as _,
        reason,
        change.at,
        change.event as _,
    )
    .execute(&mut *conn)
    .await?;
    if kept.rows_affected() == 0 {
        return Err(Error::conflict("You recused yourself from this already, or it is not there any more."));
    }
    for judging in &judged {
        let recused = sqlx::query_scalar!(
            r#"SELECT is_recused($1, $2, $3) AS "is!""#,
            change.desk as _,
            judging.claim as _,
            account as _,
        )
        .fetch_one(&mut *conn)
        .await?;
        if recused {
            withdraw(conn, by, &change, judging).await?;
        }
    }
    Ok(())
}

/// Ends somebody's recusal from an agent. It takes an admin, and not the person: nobody lets themselves in again.
///
/// # Errors
/// [`Error::Barred`] for the person, [`Error::NotFound`] when there is none.
pub async fn end_agent_recusal(
    conn: &mut PgConnection,
    by: &Authorized<ManageDesk>,
    agent: AgentId,
    handle: &str,
) -> Result<()> {
    if by.person.handle == handle {
        return Err(Error::Barred("Somebody else has to end your recusal."));
    }
    let change =
        audit::record(conn, by, "agent.end_recusal", "agent", agent, &json!({"handle": handle})).await?;
    let ended = sqlx::query!(
        r#"
        UPDATE agent_recusals x
        SET ended_at = $4, row_version = x.row_version + 1, event_id = $5
        FROM accounts a
        WHERE x.desk_id = $1 AND x.agent_id = $2 AND a.id = x.account_id AND a.handle = $3 AND x.ended_at IS NULL
        "#,
        change.desk as _,
        agent as _,
        handle,
        change.at,
        change.event as _,
    )
    .execute(conn)
    .await?;
    if ended.rows_affected() == 0 { Err(Error::NotFound("recusal")) } else { Ok(()) }
}

/// Somebody who does not judge what an agent says or publishes.
#[derive(Clone, Debug)]
pub struct AgentRecusal {
    pub account: AccountId,
    pub handle: String,
    pub by: String,
    pub reason: String,
    pub at: OffsetDateTime,
}

/// Who is recused from an agent.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn agent_recusals(
    conn: &mut PgConnection,
    desk: DeskId,
    agent: AgentId,
) -> Result<Vec<AgentRecusal>> {
    Ok(sqlx::query_as!(
        AgentRecusal,
        r#"
        SELECT x.account_id AS "account: AccountId", a.handle, a.display_name AS by, x.reason,
               x.created_at AS "at: OffsetDateTime"
        FROM agent_recusals x JOIN accounts a ON a.id = x.account_id
        WHERE x.desk_id = $1 AND x.agent_id = $2 AND x.ended_at IS NULL
        ORDER BY x.created_at, x.account_id LIMIT $3
        "#,
        desk as _,
        agent as _,
        ROWS_MAX,
    )
    .fetch_all(conn)
    .await?)
}

/// Takes away what somebody who is recused now has said of the open round: an approval of what is not public yet falls,
/// and what several people came to with them is judged anew. A rating that still waits for others just does not count.
async fn withdraw(
    conn: &mut PgConnection,
    by: &Authorized<ReviewVerdict>,
    change: &Change,
    judging: &Judging,
) -> Result<()> {
    let Some(round) = &judging.round else { return Ok(()) };
    let rated = judging.standing.assessed && (round.state != State::InReview || round.outcome.is_some());
    let approved = round.state == State::Approved && judging.standing.approved;
    if !rated && !approved {
        return Ok(());
    }
    let stage = again(judging, round);
    let keep = if rated { Keep::Nothing } else { Keep::Outcome };
    begin_again(conn, by, change, judging, (round, stage), keep).await
}

fn again(judging: &Judging, round: &Round) -> Stage {
    if round.kind == Kind::Initial { Stage::Researching } else { judging.stage }
}
