//! Reading where the judging of a claim stands.

use sqlx::PgConnection;
use time::{Date, OffsetDateTime};

use crate::claims::Stage;
use crate::error::{Error, Result};
use crate::id::{AccountId, ClaimId, DeskId, RoundId, ScaleVersionId};
use crate::reviews::draft::Draft;
use crate::reviews::judging::{Judging, Standing};
use crate::reviews::round::{CorrectionKind, Kind, Policy, Round, State};
use crate::scales;

/// Where the judging of a claim stands, and where `account` stands to it.
///
/// # Errors
/// [`Error::NotFound`] when the desk has no such claim.
pub async fn judging(
    conn: &mut PgConnection,
    desk: DeskId,
    claim: ClaimId,
    account: Option<AccountId>,
) -> Result<Judging> {
    let row = sqlx::query!(
        r#"
        SELECT c.claim_reviewed, c.stage AS "stage: Stage", c.current_verdict,
               (SELECT count(*) FROM evidence e
                WHERE e.desk_id = c.desk_id AND e.claim_id = c.id AND e.removed_at IS NULL) AS "evidence!",
               EXISTS (SELECT FROM recusals x
                       WHERE x.desk_id = c.desk_id AND x.claim_id = c.id AND x.account_id = $3) AS "recused!"
        FROM claims c WHERE c.desk_id = $1 AND c.id = $2
        "#,
        desk as _,
        claim as _,
        account as _,
    )
    .fetch_optional(&mut *conn)
    .await?
    .ok_or(Error::NotFound("claim"))?;
    let latest = latest(conn, desk, claim).await?;
    let mut seed = Draft::default();
    let mut round = None;
    match latest {
        Some(latest) if !matches!(latest.state, State::Published | State::Void) => round = Some(latest),
        Some(latest) if latest.state == State::Void && latest.kind == Kind::Initial => seed = latest.draft,
        _ => {}
    }
    let mut drafted = false;
    let scale = match &round {
        None => scales::default(conn, desk).await?,
        Some(round) => {
            if let Some(account) = account {
                drafted = has_drafted(conn, desk, round.id, account).await?;
            }
            scales::version(conn, desk, round.scale_version).await?
        }
    };
    // The desk may have chosen another scale since.
    if round.is_none() && seed.rating.as_deref().is_some_and(|code| scale.value(code).is_none()) {
        seed.rating = None;
    }
    Ok(Judging {
        claim,
        claim_reviewed: row.claim_reviewed,
        stage: row.stage,
        current_verdict: row.current_verdict,
        round,
        seed,
        scale,
        evidence: row.evidence,
        standing: Standing { account, drafted, recused: row.recused },
    })
}

/// [`judging`] for somebody who is about to change it: nobody else can until the transaction ends.
pub(super) async fn locked(
    conn: &mut PgConnection,
    desk: DeskId,
    claim: ClaimId,
    account: AccountId,
) -> Result<Judging> {
    sqlx::query_scalar!(
        r#"SELECT 1 AS "one!" FROM claims WHERE desk_id = $1 AND id = $2 FOR UPDATE"#,
        desk as _,
        claim as _,
    )
    .fetch_optional(&mut *conn)
    .await?
    .ok_or(Error::NotFound("claim"))?;
    judging(conn, desk, claim, Some(account)).await
}

async fn latest(conn: &mut PgConnection, desk: DeskId, claim: ClaimId) -> Result<Option<Round>> {
    let row = sqlx::query!(
        r#"
        SELECT id AS "id: RoundId", number, kind AS "kind: Kind", policy AS "policy: Policy", state AS "state: State",
               scale_version_id AS "scale_version: ScaleVersionId", rating_code, one_line, rationale,
               no_evidence_reason, as_of AS "as_of: Date", correction_kind AS "correction_kind: CorrectionKind",
               public_note, draft_version, created_by AS "created_by: AccountId",
               created_at AS "created_at: OffsetDateTime"
        FROM rounds WHERE desk_id = $1 AND claim_id = $2
        ORDER BY number DESC LIMIT 1
        "#,
        desk as _,
        claim as _,
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(|row| Round {
        id: row.id,
        number: row.number,
        kind: row.kind,
        policy: row.policy,
        state: row.state,
        scale_version: row.scale_version,
        draft: Draft {
            rating: row.rating_code,
            one_line: row.one_line,
            rationale: row.rationale,
            no_evidence_reason: row.no_evidence_reason,
            as_of: row.as_of,
            correction_kind: row.correction_kind,
            public_note: row.public_note,
        },
        draft_version: row.draft_version,
        created_by: row.created_by,
        created_at: row.created_at,
    }))
}

async fn has_drafted(
    conn: &mut PgConnection,
    desk: DeskId,
    round: RoundId,
    account: AccountId,
) -> Result<bool> {
    Ok(sqlx::query_scalar!(
        r#"
        SELECT EXISTS (SELECT FROM round_drafters
                       WHERE desk_id = $1 AND round_id = $2 AND account_id = $3) AS "drafted!"
        "#,
        desk as _,
        round as _,
        account as _,
    )
    .fetch_one(conn)
    .await?)
}

/// The names of those who wrote a round's draft.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn who_drafted(conn: &mut PgConnection, desk: DeskId, round: RoundId) -> Result<Vec<String>> {
    Ok(sqlx::query_scalar!(
        r#"
        SELECT a.display_name FROM round_drafters d JOIN accounts a ON a.id = d.account_id
        WHERE d.desk_id = $1 AND d.round_id = $2
        ORDER BY a.display_name, a.id
        LIMIT 50
        "#,
        desk as _,
        round as _,
    )
    .fetch_all(conn)
    .await?)
}

/// What somebody said, and when.
#[derive(Clone, Debug)]
pub struct Remark {
    pub by: String,
    pub at: OffsetDateTime,
    pub words: String,
}

/// Why the draft came back, when it has not been sent for review since.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn last_return(conn: &mut PgConnection, desk: DeskId, claim: ClaimId) -> Result<Option<Remark>> {
    let last = sqlx::query!(
        r#"
        SELECT e.action, a.display_name, e.at AS "at: OffsetDateTime", e.details->>'reason' AS reason
        FROM events e JOIN accounts a ON a.id = e.actor_id
        WHERE e.desk_id = $1 AND e.entity_id = $2
          AND e.action IN ('verdict.return', 'verdict.submit', 'verdict.publish', 'claim.decline')
        ORDER BY e.id DESC LIMIT 1
        "#,
        desk as _,
        claim.uuid(),
    )
    .fetch_optional(conn)
    .await?;
    Ok(last.filter(|last| last.action == "verdict.return").map(|last| Remark {
        by: last.display_name,
        at: last.at,
        words: last.reason.unwrap_or_default(),
    }))
}

/// Who is recused from a claim, and why.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn recusals(conn: &mut PgConnection, desk: DeskId, claim: ClaimId) -> Result<Vec<Remark>> {
    Ok(sqlx::query_as!(
        Remark,
        r#"
        SELECT a.display_name AS "by!", x.created_at AS "at!", x.reason AS "words!"
        FROM recusals x JOIN accounts a ON a.id = x.account_id
        WHERE x.desk_id = $1 AND x.claim_id = $2
        ORDER BY x.created_at, x.account_id
        LIMIT 50
        "#,
        desk as _,
        claim as _,
    )
    .fetch_all(conn)
    .await?)
}
