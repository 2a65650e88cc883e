//! What belongs to the claims of a batch.

use std::collections::HashMap;

use sqlx::PgConnection;
use time::{Date, OffsetDateTime};
use uuid::Uuid;

use super::shared::date;
use super::{Loader, Places, ids};
use crate::claims::{Attitude, Medium};
use crate::error::{Error, Result};
use crate::exchange::record::{
    Anchor, Appearance, Assessed, Correction, DissentNote, Draft, Mark, Rating, Speaker, Verdict,
};
use crate::exchange::{ClaimRecord, Scope};
use crate::id::{
    AccountId, AgentId, AppearanceId, ClaimId, CorrectionId, RoundId, ScaleVersionId, VersionId,
};
use crate::reviews::{Confidence, CorrectionKind, Kind, Method, State, Tally, dissent};

impl Loader {
    /// Where the claims were made, and by whom.
    pub(super) async fn appearances(
        &mut self,
        conn: &mut PgConnection,
        places: &Places,
        records: &mut [ClaimRecord],
    ) -> Result<()> {
        // A range costs PostgreSQL half of what as many single ids do. What stands between, readers do not get.
        let (from, to) = ends(records);
        let mut rows = sqlx::query_as!(
            AppearanceRow,
            r#"
            SELECT id AS "id: AppearanceId", claim_id AS "claim: ClaimId", version_id AS "version: VersionId",
                   exact, prefix, suffix, start_at, end_at, url, said_from, said_to, said_precision, place,
                   medium AS "medium: Medium", event, attitude AS "attitude: Attitude", is_first_known, created_at
            FROM appearances
            WHERE desk_id = $1 AND claim_id BETWEEN $2 AND $3 AND removed_at IS NULL
            "#,
            self.desk as _,
            from as _,
            to as _,
        )
        .fetch_all(&mut *conn)
        .await?;
        let elsewhere = |claim: &Uuid| *claim < from.uuid() || *claim > to.uuid();
        let doubles: Vec<Uuid> = places.keys().copied().filter(elsewhere).collect();
        if !doubles.is_empty() {
            let more = sqlx::query_as!(
                AppearanceRow,
                r#"
                SELECT id AS "id: AppearanceId", claim_id AS "claim: ClaimId", version_id AS "version: VersionId",
                       exact, prefix, suffix, start_at, end_at, url, said_from, said_to, said_precision, place,
                       medium AS "medium: Medium", event, attitude AS "attitude: Attitude", is_first_known, created_at
                FROM appearances
                WHERE desk_id = $1 AND claim_id = ANY($2) AND removed_at IS NULL
                "#,
                self.desk as _,
                &doubles,
            )
            .fetch_all(&mut *conn)
            .await?;
            rows.extend(more);
        }
        rows.retain(|row| places.contains_key(&row.claim.uuid()));
        self.shared.read_articles(conn, self.desk, rows.iter().filter_map(|row| row.version)).await?;
        for row in rows {
            let mark = match (row.version, row.exact, row.prefix, row.suffix, row.start_at, row.end_at) {
                (Some(version), Some(exact), Some(prefix), Some(suffix), Some(start), Some(end)) => {
                    let article = self.shared.article(version)?;
                    Some(Mark { article, exact, prefix, suffix, start, end, anchors: Vec::new() })
                }
                _ => None,
            };
            records[places[&row.claim.uuid()]].appearances.push(Appearance {
                id: row.id,
                claim: row.claim,
                is_first_known: row.is_first_known,
                url: row.url,
                mark,
                said: date(row.said_from, row.said_to, &row.said_precision)?,
                place: row.place,
                medium: row.medium,
                event: row.event,
                attitude: row.attitude,
                speakers: Vec::new(),
                created_at: row.created_at,
            });
        }
        for record in &mut *records {
            record.appearances.sort_unstable_by_key(|appearance| {
                (!(appearance.is_first_known && appearance.claim == record.id), appearance.id)
            });
        }
        self.speakers(conn, records).await?;
        self.anchors(conn, records).await
    }

    async fn speakers(&mut self, conn: &mut PgConnection, records: &mut [ClaimRecord]) -> Result<()> {
        let mut appearances = by_id(records);
        let rows = sqlx::query!(
            r#"
            SELECT appearance_id AS "appearance: AppearanceId", agent_id AS "agent: AgentId", office
            FROM appearance_speakers
            WHERE desk_id = $1 AND appearance_id = ANY($2)
            ORDER BY appearance_id, position
            "#,
            self.desk as _,
            appearances.iter().map(|(id, _)| *id).collect::<Vec<_>>() as _,
        )
        .fetch_all(&mut *conn)
        .await?;
        self.shared.read_agents(conn, self.desk, rows.iter().map(|row| row.agent)).await?;
        for row in rows {
            let agent = self.shared.agent(row.agent)?;
            if let Some(appearance) = find(&mut appearances, row.appearance) {
                appearance.speakers.push(Speaker { agent, office: row.office });
            }
        }
        Ok(())
    }

    /// Where the marks stand in other versions, at a desk that has articles in several.
    async fn anchors(&mut self, conn: &mut PgConnection, records: &mut [ClaimRecord]) -> Result<()> {
        let reanchored = match self.reanchored {
            Some(known) => known,
            None => {
                sqlx::query_scalar!(
                    r#"SELECT EXISTS (SELECT FROM article_versions WHERE desk_id = $1 AND number > 1) AS "some!""#,
                    self.desk as _
                )
                .fetch_one(&mut *conn)
                .await?
            }
        };
        self.reanchored = Some(reanchored);
        if !reanchored {
            return Ok(());
        }
        let claims: Vec<_> =
            records.iter().flat_map(|record| &record.appearances).map(|made| made.claim).collect();
        let rows = sqlx::query!(
            r#"
            SELECT n.appearance_id AS "appearance!: AppearanceId", v.number, n.version_id AS "version!: VersionId",
                   n.state AS "state!", n.exact AS "exact!", n.start_at AS "start_at!", n.end_at AS "end_at!"
            FROM (
                SELECT a.appearance_id, a.version_id, a.state, a.exact, a.start_at, a.end_at
                FROM anchors a WHERE a.desk_id = $1 AND a.claim_id = ANY($2) AND NOT a.removed
                UNION ALL
                -- Nobody has found these words there, or said that they are others now.
                SELECT r.appearance_id, r.version_id, 'orphaned', coalesce(b.exact, p.exact), r.from_start, r.from_end
                FROM reanchorings r
                JOIN appearances p ON p.desk_id = r.desk_id AND p.id = r.appearance_id AND p.removed_at IS NULL
                LEFT JOIN reanchorings b ON b.desk_id = r.desk_id AND b.version_id = r.from_version_id
                    AND b.appearance_id = r.appearance_id
                WHERE r.desk_id = $1 AND r.claim_id = ANY($2) AND r.exact IS NULL
            ) n
            JOIN article_versions v ON v.desk_id = $1 AND v.id = n.version_id
            ORDER BY n.appearance_id, v.number
            "#,
            self.desk as _,
            claims as _,
        )
        .fetch_all(&mut *conn)
        .await?;
        let mut appearances = by_id(records);
        for row in rows {
            let mark = find(&mut appearances, row.appearance).and_then(|appearance| appearance.mark.as_mut());
            if let Some(mark) = mark.filter(|mark| mark.article.version_id != row.version) {
                mark.anchors.push(Anchor {
                    version: row.number,
                    state: row.state,
                    exact: row.exact,
                    start: row.start_at,
                    end: row.end_at,
                });
            }
        }
        Ok(())
    }

    /// What was decided and published, and what was corrected.
    pub(super) async fn verdicts(
        &mut self,
        conn: &mut PgConnection,
        places: &Places,
        records: &mut [ClaimRecord],
    ) -> Result<()> {
        if !records.iter().any(|record| record.stage.is_public()) {
            return Ok(());
        }
        let (from, to) = ends(records);
        let rows = sqlx::query!(
            r#"
            SELECT p.claim_id AS "claim: ClaimId", p.number, v.scale_version_id AS "scale: ScaleVersionId", v.rating_code,
                   v.one_line, v.rationale, v.no_evidence_reason, v.as_of, v.method AS "method: Method", v.approvals,
                   v.drafted_by AS "drafted_by: AccountId", v.approved_by AS "approved_by: AccountId",
                   v.created_at, p.published_at, v.tally::text AS tally, v.round_id AS "round: RoundId",
                   coalesce(q.dissent_notes, false) AS "dissent_notes!"
            FROM publications p
            JOIN verdicts v ON v.desk_id = p.desk_id AND v.claim_id = p.claim_id AND v.number = p.number
            LEFT JOIN rounds r ON r.desk_id = v.desk_id AND r.id = v.round_id
            LEFT JOIN review_policies q ON q.desk_id = r.desk_id AND q.id = r.policy_id
            WHERE p.desk_id = $1 AND p.claim_id BETWEEN $2 AND $3 AND v.claim_id BETWEEN $2 AND $3
            "#,
            self.desk as _,
            from as _,
            to as _,
        )
        .fetch_all(&mut *conn)
        .await?;
        self.shared.read_scales(conn, self.desk, rows.iter().map(|row| row.scale)).await?;
        if self.scope == Scope::Desk {
            let people = rows.iter().flat_map(|row| [row.drafted_by, row.approved_by]);
            self.shared.read_accounts(conn, people).await?;
        }
        let several: Vec<_> = rows.iter().filter(|row| row.tally.is_some()).map(|row| row.round).collect();
        let mut given = self.given(conn, &several).await?;
        for row in rows {
            let Some(place) = places.get(&row.claim.uuid()) else { continue };
            let tally: Option<Tally> = match &row.tally {
                Some(text) => Some(serde_json::from_str(text).map_err(Error::internal)?),
                None => None,
            };
            let given = given.remove(&row.round).unwrap_or_default();
            let others = given.iter().filter(|given| Some(&given.rating) != row.rating_code.as_ref());
            let notes = others
                .map(|given| DissentNote { rating: given.rating.clone(), note: given.rationale.clone() });
            records[*place].verdicts.push(Verdict {
                dissent: tally.as_ref().map_or(0, |tally| dissent(tally, row.rating_code.as_deref())),
                dissent_notes: if row.dissent_notes { notes.collect() } else { Vec::new() },
                assessments: (self.scope == Scope::Desk && tally.is_some()).then_some(given),
                tally,
                number: row.number,
                rating: Rating { scale: self.shared.scale(row.scale)?, code: row.rating_code },
                one_line: row.one_line,
                rationale: row.rationale,
                no_evidence_reason: row.no_evidence_reason,
                as_of: row.as_of,
                method: row.method,
                approvals: row.approvals,
                drafted_by: self.shared.account(row.drafted_by),
                approved_by: self.shared.account(row.approved_by),
                decided_at: row.created_at,
                published_at: row.published_at,
            });
        }
        for record in &mut *records {
            record.verdicts.sort_unstable_by_key(|verdict| verdict.number);
        }
        self.corrections(conn, places, records).await
    }

    /// What several people gave in these rounds, which are over: the last one of each, under a pseudonym.
    async fn given(
        &self,
        conn: &mut PgConnection,
        rounds: &[RoundId],
    ) -> Result<HashMap<RoundId, Vec<Assessed>>> {
        let mut given: HashMap<_, Vec<_>> = HashMap::new();
        if rounds.is_empty() {
            return Ok(given);
        }
        let rows = sqlx::query!(
            r#"
            WITH RECURSIVE origins (round, origin) AS (
                SELECT o.round_id, o.round_id FROM round_outcomes o WHERE o.desk_id = $1 AND o.round_id = ANY($2)
                UNION ALL
                SELECT g.round, o.carried_from FROM origins g
                JOIN round_outcomes o ON o.desk_id = $1 AND o.round_id = g.origin
                WHERE o.carried_from IS NOT NULL
            )
            SELECT g.round AS "round!: RoundId", pseudonym(d.pseudonym_key, a.reviewer_id) AS "pseudonym!",
                   a.rating_code AS "rating!", a.confidence AS "confidence!: Confidence", a.rationale,
                   a.guideline_number, a.seconds_active, a.created_at
            FROM origins g
            JOIN desks d ON d.id = $1
            JOIN assessments a ON a.desk_id = $1 AND a.round_id = g.origin AND a.kind = 'rating'
            WHERE NOT EXISTS (SELECT FROM assessments b WHERE b.desk_id = a.desk_id AND b.supersedes = a.id)
            ORDER BY a.id
            "#,
            self.desk as _,
            rounds as _,
        )
        .fetch_all(conn)
        .await?;
        for row in rows {
            given.entry(row.round).or_default().push(Assessed {
                pseudonym: row.pseudonym,
                rating: row.rating,
                confidence: row.confidence,
                rationale: row.rationale,
                guideline: row.guideline_number,
                seconds_active: row.seconds_active,
                at: row.created_at,
            });
        }
        Ok(given)
    }

    async fn corrections(
        &mut self,
        conn: &mut PgConnection,
        places: &Places,
        records: &mut [ClaimRecord],
    ) -> Result<()> {
        let corrected = |record: &&ClaimRecord| record.verdicts.len() > 1 || record.is_retracted();
        let claims: Vec<_> = records.iter().filter(corrected).map(|record| record.id).collect();
        if claims.is_empty() {
            return Ok(());
        }
        let rows = sqlx::query!(
            r#"
            SELECT id AS "id: CorrectionId", claim_id AS "claim: ClaimId", kind AS "kind: CorrectionKind", public_note,
                   from_verdict, to_verdict, created_at
            FROM corrections
            WHERE desk_id = $1 AND claim_id = ANY($2)
            ORDER BY from_verdict
            "#,
            self.desk as _,
            claims as _,
        )
        .fetch_all(conn)
        .await?;
        for row in rows {
            records[places[&row.claim.uuid()]].corrections.push(Correction {
                id: row.id,
                kind: row.kind,
                public_note: row.public_note,
                from_verdict: row.from_verdict,
                to_verdict: row.to_verdict,
                at: row.created_at,
            });
        }
        Ok(())
    }

    /// The rounds of judging that are under way.
    pub(super) async fn drafts(
        &mut self,
        conn: &mut PgConnection,
        places: &Places,
        records: &mut [ClaimRecord],
    ) -> Result<()> {
        let rows = sqlx::query!(
            r#"
            SELECT claim_id AS "claim: ClaimId", kind AS "kind: Kind", state AS "state: State",
                   scale_version_id AS "scale: ScaleVersionId", rating_code, one_line, rationale, no_evidence_reason, as_of,
                   correction_kind AS "correction_kind: CorrectionKind", public_note
            FROM rounds
            WHERE desk_id = $1 AND claim_id = ANY($2) AND state IN ('drafting', 'in_review', 'approved')
            "#,
            self.desk as _,
            &ids(places),
        )
        .fetch_all(&mut *conn)
        .await?;
        self.shared.read_scales(conn, self.desk, rows.iter().map(|row| row.scale)).await?;
        for row in rows {
            records[places[&row.claim.uuid()]].draft = Some(Draft {
                kind: row.kind,
                state: row.state,
                rating: Rating { scale: self.shared.scale(row.scale)?, code: row.rating_code },
                one_line: row.one_line,
                rationale: row.rationale,
                no_evidence_reason: row.no_evidence_reason,
                as_of: row.as_of,
                correction_kind: row.correction_kind,
                public_note: row.public_note,
            });
        }
        Ok(())
    }
}

/// The first and the last claim of a batch.
pub(super) fn ends(records: &[ClaimRecord]) -> (ClaimId, ClaimId) {
    let id = |record: Option<&ClaimRecord>| record.map_or(ClaimId::from(Uuid::nil()), |record| record.id);
    (id(records.first()), id(records.last()))
}

struct AppearanceRow {
    id: AppearanceId,
    claim: ClaimId,
    version: Option<VersionId>,
    exact: Option<String>,
    prefix: Option<String>,
    suffix: Option<String>,
    start_at: Option<i32>,
    end_at: Option<i32>,
    url: Option<String>,
    said_from: Option<Date>,
    said_to: Option<Date>,
    said_precision: String,
    place: Option<String>,
    medium: Option<Medium>,
    event: Option<String>,
    attitude: Option<Attitude>,
    is_first_known: bool,
    created_at: OffsetDateTime,
}

/// The appearances of all claims by their ids, in order.
fn by_id(records: &mut [ClaimRecord]) -> Vec<(AppearanceId, &mut Appearance)> {
    let mut all: Vec<_> = records
        .iter_mut()
        .flat_map(|record| &mut record.appearances)
        .map(|appearance| (appearance.id, appearance))
        .collect();
    all.sort_unstable_by_key(|(id, _)| *id);
    all
}

fn find<'a>(all: &'a mut [(AppearanceId, &mut Appearance)], id: AppearanceId) -> Option<&'a mut Appearance> {
    let place = all.binary_search_by_key(&id, |(id, _)| *id).ok()?;
    Some(&mut *all[place].1)
}
