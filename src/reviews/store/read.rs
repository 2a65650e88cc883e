//! Reading where the judging of a claim stands.

use sqlx::PgConnection;
use time::{Date, OffsetDateTime};

use crate::claims::Stage;
use crate::error::{Error, Result};
use crate::id::{AccountId, ClaimId, DeskId, PolicyId, RoundId, ScaleVersionId};
use crate::policies::{self, Mode, RequiredField};
use crate::reviews::draft::Draft;
use crate::reviews::judging::{Facts, Judging, Standing};
use crate::reviews::round::{CorrectionKind, Kind, Round, State};
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
        SELECT c.claim_reviewed, c.stage AS "stage: Stage", c.current_verdict, c.created_by = $3 AS marked,
               f.evidence AS "evidence!", f.independent AS "independent!", f.unarchived AS "unarchived!",
               f.misquoted AS "misquoted!",
               f.known AS "known!", is_contacted(c.desk_id, c.id) AS "contacted!", is_recused(c.desk_id, c.id, $3) AS "recused!"
        FROM claims c CROSS JOIN LATERAL claim_facts(c.desk_id, c.id) f
        WHERE c.desk_id = $1 AND c.id = $2
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
    let marked = row.marked.unwrap_or(false);
    let mut standing = Standing { account, marked, recused: row.recused, ..Standing::default() };
    let mut counts = Counts::default();
    let (scale, policy) = match &round {
        None => {
            let policy = policies::find(conn, desk).await?.ok_or(Error::NotFound("policy"))?;
            (scales::default(conn, desk).await?, policy)
        }
        Some(round) => {
            counts = self::counts(conn, desk, round, account).await?;
            standing.drafted = counts.drafted;
            standing.began = account == Some(round.created_by);
            standing.assessed = counts.assessed;
            standing.approved = counts.approved_by_account;
            (scales::version(conn, desk, round.scale_version).await?, round.policy.clone())
        }
    };
    if round.is_none() && policy.rules.mode == Mode::Blind {
        // Words of before would lead those who assess.
        seed = Draft {
            no_evidence_reason: seed.no_evidence_reason,
            sole_source_reason: seed.sole_source_reason,
            unarchived_reason: seed.unarchived_reason,
            ..Draft::default()
        };
    }
    // The desk may have chosen another scale since.
    if round.is_none() && seed.rating.as_deref().is_some_and(|code| scale.value(code).is_none()) {
        seed.rating = None;
    }
    let departs_unsaid = match &round {
        Some(round) if round.kind != Kind::Retraction => {
            !super::precedents::is_explained(conn, desk, (claim, &row.claim_reviewed, scale.id), round)
                .await?
        }
        _ => false,
    };
    Ok(Judging {
        claim,
        claim_reviewed: row.claim_reviewed,
        stage: row.stage,
        current_verdict: row.current_verdict,
        round,
        seed,
        scale,
        policy,
        facts: Facts {
            evidence: row.evidence,
            independent: row.independent,
            unarchived: row.unarchived,
            misquoted: row.misquoted,
            known: row.known.iter().filter_map(|name| RequiredField::parse(name)).collect(),
            contacted: row.contacted,
            departs_unsaid,
        },
        given: counts.given,
        approved: counts.approved,
        standing,
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
        SELECT id AS "id: RoundId", number, kind AS "kind: Kind", policy_id AS "policy: PolicyId", mode AS "mode: Mode",
               state AS "state: State", judged, scale_version_id AS "scale_version: ScaleVersionId", rating_code,
               one_line, rationale, no_evidence_reason, sole_source_reason, unarchived_reason, as_of AS "as_of: Date",
               correction_kind AS "correction_kind: CorrectionKind", public_note, draft_version,
               created_by AS "created_by: AccountId", created_at AS "created_at: OffsetDateTime"
        FROM rounds WHERE desk_id = $1 AND claim_id = $2
        ORDER BY number DESC LIMIT 1
        "#,
        desk as _,
        claim as _,
    )
    .fetch_optional(&mut *conn)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let policy = policies::get(conn, desk, row.policy).await?;
    let outcome = if row.judged { Some(super::outcome::get(conn, desk, row.id).await?) } else { None };
    Ok(Some(Round {
        id: row.id,
        number: row.number,
        kind: row.kind,
        policy,
        mode: row.mode,
        state: row.state,
        outcome,
        scale_version: row.scale_version,
        draft: Draft {
            rating: row.rating_code,
            one_line: row.one_line,
            rationale: row.rationale,
            no_evidence_reason: row.no_evidence_reason,
            sole_source_reason: row.sole_source_reason,
            unarchived_reason: row.unarchived_reason,
            as_of: row.as_of,
            correction_kind: row.correction_kind,
            public_note: row.public_note,
        },
        draft_version: row.draft_version,
        created_by: row.created_by,
        created_at: row.created_at,
    }))
}

#[derive(Default)]
struct Counts {
    drafted: bool,
    assessed: bool,
    approved_by_account: bool,
    given: i64,
    approved: i64,
}

async fn counts(
    conn: &mut PgConnection,
    desk: DeskId,
    round: &Round,
    account: Option<AccountId>,
) -> Result<Counts> {
    Ok(sqlx::query_as!(
        Counts,
        r#"
        SELECT EXISTS (SELECT FROM round_drafters
                       WHERE desk_id = $1 AND round_id = $2 AND account_id = $4) AS "drafted!",
               EXISTS (SELECT FROM assessments
                       WHERE desk_id = $1 AND round_id = $2 AND kind = 'rating' AND reviewer_id = $4) AS "assessed!",
               EXISTS (SELECT FROM assessments
                       WHERE desk_id = $1 AND round_id = $2 AND draft_version = $3 AND decision = 'approve'
                         AND reviewer_id = $4) AS "approved_by_account!",
               (SELECT count(*) FROM counted_assessments($1, $2)) AS "given!",
               (SELECT count(*) FROM assessments a
                WHERE a.desk_id = $1 AND a.round_id = $2 AND a.draft_version = $3 AND a.decision = 'approve'
                  AND NOT is_recused(a.desk_id, a.claim_id, a.reviewer_id)) AS "approved!"
        "#,
        desk as _,
        round.id as _,
        round.draft_version,
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

/// Who is recused from a claim, and why: by name, or because of who said it or published what is cited.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn recusals(conn: &mut PgConnection, desk: DeskId, claim: ClaimId) -> Result<Vec<Remark>> {
    Ok(sqlx::query_as!(
        Remark,
        r#"
        SELECT a.display_name AS "by!", x.created_at AS "at!", x.reason AS "words!"
        FROM (
            SELECT r.account_id, r.created_at, r.reason FROM recusals r WHERE r.desk_id = $1 AND r.claim_id = $2
            UNION ALL
            SELECT r.account_id, r.created_at, r.reason FROM agent_recusals r
            WHERE r.desk_id = $1 AND r.ended_at IS NULL
              AND NOT EXISTS (SELECT FROM recusals o
                              WHERE o.desk_id = $1 AND o.claim_id = $2 AND o.account_id = r.account_id)
              AND is_recused($1, $2, r.account_id)
        ) x JOIN accounts a ON a.id = x.account_id
        ORDER BY x.created_at, x.account_id
        LIMIT 50
        "#,
        desk as _,
        claim as _,
    )
    .fetch_all(conn)
    .await?)
}
