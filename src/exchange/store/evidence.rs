//! What bears on the claims of a batch, and what puts it together.

use std::collections::{HashMap, HashSet};

use sqlx::PgConnection;

use super::parts::ends;
use super::{Loader, Places};
use crate::error::Result;
use crate::evidence::groups::AnswerKind;
use crate::evidence::sources::Access;
use crate::evidence::{Independence, Stance};
use crate::exchange::grouped::{Answer, Cell, Copy, EvidenceSet, Place, Question, Quote};
use crate::exchange::record::Evidence;
use crate::exchange::{ClaimRecord, Scope};
use crate::id::{AnswerId, ClaimId, CopyId, EvidenceId, EvidenceSetId, QuestionId, SourceId};

impl Loader {
    /// What bears on the claims. From confidential sources, readers learn how much there is and no more.
    pub(super) async fn evidence(
        &mut self,
        conn: &mut PgConnection,
        places: &Places,
        records: &mut [ClaimRecord],
    ) -> Result<()> {
        let (from, to) = ends(records);
        let mut rows = sqlx::query!(
            r#"
            SELECT id AS "id: EvidenceId", claim_id AS "claim: ClaimId", source_id AS "source: SourceId",
                   stance AS "stance: Stance", exact, locator, note, created_at, independence AS "independence: Independence",
                   copy_id AS "copy: CopyId", quote_check, quote_reason, found, prefix, suffix, start_at, end_at,
                   page, time_from_ms, time_to_ms, cell_table, cell_row, cell_column
            FROM evidence
            WHERE desk_id = $1 AND claim_id BETWEEN $2 AND $3 AND removed_at IS NULL
            "#,
            self.desk as _,
            from as _,
            to as _,
        )
        .fetch_all(&mut *conn)
        .await?;
        // A double that stands between has its own, for the desk only.
        rows.retain(|row| places.get(&row.claim.uuid()).is_some_and(|place| records[*place].id == row.claim));
        self.shared.read_sources(conn, self.desk, rows.iter().map(|row| row.source)).await?;
        let looked_in: Vec<CopyId> = rows.iter().filter_map(|row| row.copy).collect();
        let sources: HashSet<SourceId> =
            rows.iter().map(|row| Ok(self.shared.source(row.source)?.id)).collect::<Result<_>>()?;
        let copies = self.copies(conn, &looked_in, &sources.into_iter().collect::<Vec<_>>()).await?;
        let mut confidential = HashSet::new();
        for row in rows {
            let source = self.shared.source(row.source)?;
            let record = &mut records[places[&row.claim.uuid()]];
            if source.access == Access::Confidential {
                record.confidential_evidence += 1;
                if self.scope == Scope::Public {
                    confidential.insert(row.id);
                    continue;
                }
            }
            let copy = match row.copy {
                Some(copy) => copies.by_id.get(&copy),
                None => copies.newest.get(&source.id),
            };
            record.evidence.push(Evidence {
                id: row.id,
                stance: row.stance,
                exact: row.exact,
                locator: row.locator,
                note: row.note,
                independence: row.independence,
                published_after_claim: source.published.is_after(record.made()),
                quote: row.quote_check.map(|check| Quote {
                    check,
                    found: row.found,
                    prefix: row.prefix,
                    suffix: row.suffix,
                    start: row.start_at,
                    end: row.end_at,
                    reason: row.quote_reason,
                }),
                place: Place {
                    page: row.page,
                    time_from_ms: row.time_from_ms,
                    time_to_ms: row.time_to_ms,
                    cell: row
                        .cell_table
                        .zip(row.cell_row)
                        .zip(row.cell_column)
                        .map(|((table, row), column)| Cell { table, row, column }),
                },
                copy: copy.cloned(),
                source,
                created_at: row.created_at,
            });
        }
        for record in &mut *records {
            record.evidence.sort_unstable_by_key(|evidence| evidence.id);
        }
        self.sets(conn, places, records, &confidential).await?;
        self.questions(conn, places, records, &confidential).await
    }

    /// The copies with these ids, and the newest ones of these sources.
    async fn copies(&self, conn: &mut PgConnection, ids: &[CopyId], sources: &[SourceId]) -> Result<Copies> {
        let mut copies = Copies::default();
        if ids.is_empty() && sources.is_empty() {
            return Ok(copies);
        }
        let rows = sqlx::query!(
            r#"
            WITH newest AS (
                SELECT k.copy_id FROM source_archives k
                WHERE k.desk_id = $1 AND k.source_id = ANY($3) AND k.copy_id IS NOT NULL
            )
            SELECT c.id AS "id: CopyId", c.source_id AS "source: SourceId", c.number, c.media_type,
                   encode(c.body_sha256, 'hex') AS text_sha256, encode(s.sha256, 'hex') AS "sha256!", s.received_at,
                   c.id IN (SELECT n.copy_id FROM newest n) AS "is_newest!"
            FROM source_copies c JOIN snapshots s ON s.desk_id = c.desk_id AND s.id = c.snapshot_id
            WHERE c.desk_id = $1 AND (c.id = ANY($2) OR c.id IN (SELECT n.copy_id FROM newest n))
            "#,
            self.desk as _,
            ids as _,
            sources as _,
        )
        .fetch_all(conn)
        .await?;
        for row in rows {
            let copy = Copy {
                id: row.id,
                number: row.number,
                media_type: row.media_type,
                received_at: row.received_at,
                sha256: row.sha256,
                text_sha256: row.text_sha256,
            };
            if row.is_newest {
                copies.newest.insert(row.source, copy.clone());
            }
            copies.by_id.insert(row.id, copy);
        }
        Ok(copies)
    }

    async fn sets(
        &self,
        conn: &mut PgConnection,
        places: &Places,
        records: &mut [ClaimRecord],
        confidential: &HashSet<EvidenceId>,
    ) -> Result<()> {
        let (from, to) = ends(records);
        let rows = sqlx::query!(
            r#"
            SELECT s.id AS "id: EvidenceSetId", s.claim_id AS "claim: ClaimId", s.label, s.note,
                   ARRAY(SELECT m.evidence_id FROM evidence_set_members m
                         JOIN evidence e ON e.desk_id = m.desk_id AND e.id = m.evidence_id AND e.removed_at IS NULL
                         WHERE m.desk_id = s.desk_id AND m.set_id = s.id
                         ORDER BY m.evidence_id) AS "evidence!: Vec<EvidenceId>"
            FROM evidence_sets s
            WHERE s.desk_id = $1 AND s.claim_id BETWEEN $2 AND $3 AND s.removed_at IS NULL
            ORDER BY s.id
            "#,
            self.desk as _,
            from as _,
            to as _,
        )
        .fetch_all(conn)
        .await?;
        for row in rows {
            let Some(record) = own(places, records, row.claim) else { continue };
            let (evidence, hidden) = told(row.evidence, confidential);
            let is_told = hidden == 0;
            record.evidence_sets.push(EvidenceSet {
                id: row.id,
                label: if is_told { row.label } else { String::new() },
                note: if is_told { row.note } else { String::new() },
                evidence,
                confidential_evidence: hidden,
            });
        }
        Ok(())
    }

    async fn questions(
        &self,
        conn: &mut PgConnection,
        places: &Places,
        records: &mut [ClaimRecord],
        confidential: &HashSet<EvidenceId>,
    ) -> Result<()> {
        let (from, to) = ends(records);
        let rows = sqlx::query!(
            r#"
            SELECT id AS "id: QuestionId", claim_id AS "claim: ClaimId", question
            FROM questions
            WHERE desk_id = $1 AND claim_id BETWEEN $2 AND $3 AND removed_at IS NULL
            ORDER BY position, id
            "#,
            self.desk as _,
            from as _,
            to as _,
        )
        .fetch_all(&mut *conn)
        .await?;
        if rows.is_empty() {
            return Ok(());
        }
        for row in rows {
            if let Some(record) = own(places, records, row.claim) {
                record.questions.push(Question { id: row.id, question: row.question, answers: Vec::new() });
            }
        }
        let rows = sqlx::query!(
            r#"
            SELECT n.id AS "id: AnswerId", n.claim_id AS "claim: ClaimId", n.question_id AS "question: QuestionId",
                   n.kind AS "kind: AnswerKind", n.answer, n.is_yes, n.explanation,
                   ARRAY(SELECT m.evidence_id FROM answer_evidence m
                         JOIN evidence e ON e.desk_id = m.desk_id AND e.id = m.evidence_id AND e.removed_at IS NULL
                         WHERE m.desk_id = n.desk_id AND m.answer_id = n.id
                         ORDER BY m.evidence_id) AS "evidence!: Vec<EvidenceId>"
            FROM answers n
            WHERE n.desk_id = $1 AND n.claim_id BETWEEN $2 AND $3 AND n.removed_at IS NULL
            ORDER BY n.id
            "#,
            self.desk as _,
            from as _,
            to as _,
        )
        .fetch_all(conn)
        .await?;
        for row in rows {
            let Some(record) = own(places, records, row.claim) else { continue };
            let asked = record.questions.iter_mut().find(|asked| asked.id == row.question);
            let Some(asked) = asked else { continue };
            let (evidence, hidden) = told(row.evidence, confidential);
            let is_told = hidden == 0;
            asked.answers.push(Answer {
                id: row.id,
                kind: row.kind,
                answer: row.answer.filter(|_| is_told),
                is_yes: row.is_yes.filter(|_| is_told),
                explanation: if is_told { row.explanation } else { String::new() },
                evidence,
                confidential_evidence: hidden,
            });
        }
        Ok(())
    }
}

/// Copies as evidence names them.
#[derive(Debug, Default)]
struct Copies {
    by_id: HashMap<CopyId, Copy>,
    newest: HashMap<SourceId, Copy>,
}

/// The claim's own record. A double has its own, for the desk only.
fn own<'a>(places: &Places, records: &'a mut [ClaimRecord], claim: ClaimId) -> Option<&'a mut ClaimRecord> {
    let record = &mut records[*places.get(&claim.uuid())?];
    (record.id == claim).then_some(record)
}

/// The evidence that may be named, and how much more there is.
fn told(evidence: Vec<EvidenceId>, confidential: &HashSet<EvidenceId>) -> (Vec<EvidenceId>, usize) {
    let all = evidence.len();
    let named: Vec<_> = evidence.into_iter().filter(|id| !confidential.contains(id)).collect();
    let hidden = all - named.len();
    (named, hidden)
}
