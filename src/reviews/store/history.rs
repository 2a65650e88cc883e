//! What became of a claim's rounds: every draft that was sent for review, what reviewers said of it, every verdict.

use serde_json::Value;
use sqlx::PgConnection;
use time::{Date, OffsetDateTime};

use crate::error::{Error, Result};
use crate::id::{AccountId, ClaimId, DeskId, RoundId, ScaleVersionId};
use crate::policies::Mode;
use crate::reviews::round::{Assessment, CorrectionKind, Decision, Kind, Method, Outcome, State};
use crate::scales::{self, RatingValue};

/// How many rounds, and how many steps of all of them, are shown.
const ROWS_MAX: i64 = 200;

/// One round, as it went.
#[derive(Clone, Debug)]
pub struct Round {
    pub number: i32,
    pub kind: Kind,
    pub mode: Mode,
    pub state: State,
    /// What several people came to.
    pub outcome: Option<Outcome>,
    /// Their ratings, as far as they may be read; each with the value of the scale.
    pub ratings: Vec<(Option<RatingValue>, Assessment)>,
    pub correction_kind: Option<CorrectionKind>,
    pub public_note: String,
    pub steps: Vec<Step>,
    pub verdict: Option<Verdict>,
}

/// Something that was done with a round's draft.
#[derive(Clone, Debug)]
pub struct Step {
    pub by: String,
    pub at: OffsetDateTime,
    /// As in `verdict.submit`.
    pub action: String,
    /// The draft that was sent.
    pub draft: Option<Sent>,
    /// What a reviewer said.
    pub remark: String,
}

/// A draft as it was sent for review.
#[derive(Clone, Debug)]
pub struct Sent {
    pub rating: Option<RatingValue>,
    pub one_line: String,
    pub rationale: String,
    pub public_note: String,
}

/// A decision of the desk.
#[derive(Clone, Debug)]
pub struct Verdict {
    pub number: i32,
    pub rating: Option<RatingValue>,
    pub one_line: String,
    pub rationale: String,
    pub no_evidence_reason: Option<String>,
    pub as_of: Date,
    pub method: Method,
    pub drafted_by: String,
    pub approved_by: String,
    pub published: Option<OffsetDateTime>,
}

/// The rounds of a claim, newest first, as `reader` may read them.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn rounds(
    conn: &mut PgConnection,
    desk: DeskId,
    claim: ClaimId,
    reader: Option<AccountId>,
) -> Result<Vec<Round>> {
    let rows = sqlx::query!(
        r#"
        SELECT r.id AS "id: RoundId", r.number, r.kind AS "kind: Kind", r.mode AS "mode: Mode", r.judged, r.state AS "state: State",
               r.correction_kind AS "correction_kind: CorrectionKind", r.public_note,
               r.scale_version_id AS "scale_version: ScaleVersionId",
               v.number AS "verdict?", v.rating_code AS "rating_code?", v.one_line AS "one_line?",
               v.rationale AS "rationale?", v.no_evidence_reason AS "no_evidence_reason?",
               v.as_of AS "as_of?: Date", v.method AS "method?: Method", d.display_name AS "drafted_by?",
               a.display_name AS "approved_by?", p.published_at AS "published?: OffsetDateTime"
        FROM rounds r
        LEFT JOIN verdicts v ON v.desk_id = r.desk_id AND v.round_id = r.id
        LEFT JOIN accounts d ON d.id = v.drafted_by
        LEFT JOIN accounts a ON a.id = v.approved_by
        LEFT JOIN publications p ON p.desk_id = v.desk_id AND p.claim_id = v.claim_id AND p.number = v.number
        WHERE r.desk_id = $1 AND r.claim_id = $2
        ORDER BY r.number DESC
        LIMIT $3
        "#,
        desk as _,
        claim as _,
        ROWS_MAX,
    )
    .fetch_all(&mut *conn)
    .await?;
    let mut told = steps(conn, desk, claim).await?;
    let mut rounds = Vec::with_capacity(rows.len());
    for row in rows {
        let scale = scales::version(conn, desk, row.scale_version).await?;
        let rating = |code: Option<&str>| code.and_then(|code| scale.value(code)).cloned();
        let (of_this, others): (Vec<_>, Vec<_>) =
            told.into_iter().partition(|told| told.round == Some(i64::from(row.number)));
        told = others;
        let verdict = row.verdict.zip(row.as_of).zip(row.method).map(|((number, as_of), method)| Verdict {
            number,
            rating: rating(row.rating_code.as_deref()),
            one_line: row.one_line.unwrap_or_default(),
            rationale: row.rationale.unwrap_or_default(),
            no_evidence_reason: row.no_evidence_reason,
            as_of,
            method,
            drafted_by: row.drafted_by.unwrap_or_default(),
            approved_by: row.approved_by.unwrap_or_default(),
            published: row.published,
        });
        let outcome = if row.judged { Some(super::outcome(conn, desk, row.id).await?) } else { None };
        let ratings = if row.mode.is_rated_by_several() {
            super::ratings(conn, desk, row.id, reader).await?
        } else {
            Vec::new()
        };
        let ratings = ratings.into_iter().map(|given| (rating(Some(&given.rating)), given)).collect();
        rounds.push(Round {
            mode: row.mode,
            outcome,
            ratings,
            number: row.number,
            kind: row.kind,
            state: row.state,
            correction_kind: row.correction_kind,
            public_note: row.public_note,
            steps: of_this.into_iter().map(|told| told.step(&rating)).collect(),
            verdict,
        });
    }
    Ok(rounds)
}

/// One decision about a claim.
///
/// # Errors
/// [`Error::NotFound`] when there is none with that number.
pub async fn verdict(conn: &mut PgConnection, desk: DeskId, claim: ClaimId, number: i32) -> Result<Verdict> {
    let row = sqlx::query!(
        r#"
        SELECT v.scale_version_id AS "scale_version: ScaleVersionId", v.rating_code, v.one_line, v.rationale,
               v.no_evidence_reason, v.as_of AS "as_of: Date", v.method AS "method: Method",
               d.display_name AS "drafted_by!", a.display_name AS "approved_by!",
               p.published_at AS "published?: OffsetDateTime"
        FROM verdicts v
        JOIN accounts d ON d.id = v.drafted_by
        JOIN accounts a ON a.id = v.approved_by
        LEFT JOIN publications p ON p.desk_id = v.desk_id AND p.claim_id = v.claim_id AND p.number = v.number
        WHERE v.desk_id = $1 AND v.claim_id = $2 AND v.number = $3
        "#,
        desk as _,
        claim as _,
        number,
    )
    .fetch_optional(&mut *conn)
    .await?
    .ok_or(Error::NotFound("verdict"))?;
    let scale = scales::version(conn, desk, row.scale_version).await?;
    Ok(Verdict {
        number,
        rating: row.rating_code.and_then(|code| scale.value(&code).cloned()),
        one_line: row.one_line,
        rationale: row.rationale,
        no_evidence_reason: row.no_evidence_reason,
        as_of: row.as_of,
        method: row.method,
        drafted_by: row.drafted_by,
        approved_by: row.approved_by,
        published: row.published,
    })
}

struct Told {
    by: String,
    at: OffsetDateTime,
    action: String,
    round: Option<i64>,
    details: Value,
}

impl Told {
    fn step(self, rating: &impl Fn(Option<&str>) -> Option<RatingValue>) -> Step {
        let text = |value: &Value, name: &str| value[name].as_str().unwrap_or_default().to_owned();
        let draft = self.details.get("draft").filter(|_| self.action == "verdict.submit").map(|draft| Sent {
            rating: rating(draft["rating"].as_str()),
            one_line: text(draft, "one_line"),
            rationale: text(draft, "rationale"),
            public_note: text(draft, "public_note"),
        });
        let remark = match self.action.as_str() {
            "verdict.return" | "judgement.adjudicate" => text(&self.details, "reason"),
            _ => text(&self.details, "remark"),
        };
        Step { by: self.by, at: self.at, action: self.action, draft, remark }
    }
}

async fn steps(conn: &mut PgConnection, desk: DeskId, claim: ClaimId) -> Result<Vec<Told>> {
    let rows = sqlx::query!(
        r#"
        SELECT a.display_name AS "by!", e.at AS "at: OffsetDateTime", e.action, e.details::text AS "details!"
        FROM events e JOIN accounts a ON a.id = e.actor_id
        WHERE e.desk_id = $1 AND e.entity_id = $2 AND e.action IN (
            'verdict.submit', 'verdict.withdraw', 'verdict.approve', 'verdict.return', 'verdict.publish',
            'verdict.correct', 'verdict.retract', 'correction.abandon', 'judgement.split', 'judgement.agree',
            'judgement.adjudicate', 'judgement.carry')
        ORDER BY e.id DESC
        LIMIT $3
        "#,
        desk as _,
        claim.uuid(),
        ROWS_MAX,
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter()
        .map(|row| {
            let details: Value = serde_json::from_str(&row.details).map_err(Error::internal)?;
            let round = details["round"].as_i64();
            Ok(Told { by: row.by, at: row.at, action: row.action, round, details })
        })
        .collect()
}

impl Step {
    /// What was done, after the person's name.
    #[must_use]
    pub fn did(&self) -> &'static str {
        match self.action.as_str() {
            "verdict.submit" => "asked for a review",
            "verdict.withdraw" => "took it back",
            "verdict.approve" => Decision::Approve.label(),
            "verdict.return" => Decision::Return.label(),
            "verdict.publish" => "published it",
            "verdict.correct" => "published the correction",
            "verdict.retract" => "published the retraction",
            "judgement.split" => "gave the last rating; they differ",
            "judgement.agree" => "gave the last rating; they agree",
            "judgement.adjudicate" => "decided between the ratings",
            "judgement.carry" => "went on from what was decided",
            _ => "dropped it",
        }
    }
}
