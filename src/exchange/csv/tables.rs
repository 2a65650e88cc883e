//! The columns of each table, and how a claim fills them. `docs/exports.md` says what each column holds.

use super::grouped::{self, QUESTIONS, SETS};
use super::{Rows, Table};
use crate::error::Result;
use crate::exchange::{Appearance, ClaimRecord, Correction, Day, Instant, Rating, Site, Verdict};

const CLAIMS: [&str; 49] = [
    "id",
    "url",
    "stage",
    "claim",
    "language",
    "claim_types",
    "topics",
    "speaker",
    "speaker_kind",
    "speaker_office",
    "said",
    "said_precision",
    "place",
    "medium",
    "event",
    "attitude",
    "quote",
    "article_title",
    "article_url",
    "appearance_url",
    "appearance_count",
    "rating",
    "rating_code",
    "rating_value",
    "rating_best",
    "rating_worst",
    "scale",
    "one_line",
    "rationale",
    "no_evidence_reason",
    "as_of",
    "method",
    "first_published",
    "published",
    "verdict_count",
    "correction_count",
    "correction_kind",
    "correction_note",
    "source_count",
    "source_urls",
    "confidential_count",
    "duplicate_of",
    "decline_reason",
    "draft_state",
    "publisher_count",
    "independent_publisher_count",
    "later_count",
    "set_count",
    "question_count",
];

const APPEARANCES: [&str; 23] = [
    "claim_id",
    "id",
    "is_first_known",
    "url",
    "speakers",
    "speaker_offices",
    "said",
    "said_precision",
    "place",
    "medium",
    "event",
    "attitude",
    "article_id",
    "article_url",
    "article_title",
    "article_publisher",
    "article_published",
    "article_version",
    "article_sha256",
    "exact",
    "start",
    "end",
    "created",
];

const EVIDENCE: [&str; 40] = [
    "claim_id",
    "id",
    "stance",
    "exact",
    "locator",
    "note",
    "source_id",
    "source_url",
    "source_title",
    "source_publisher",
    "source_authors",
    "source_published",
    "source_class",
    "source_medium",
    "source_access",
    "source_modified",
    "source_language",
    "source_doi",
    "source_isbn",
    "source_canonical_url",
    "source_independence",
    "source_interest",
    "created",
    "independence",
    "published_after_claim",
    "quote_check",
    "quote_reason",
    "found",
    "start",
    "end",
    "page",
    "time_from_ms",
    "time_to_ms",
    "cell_table",
    "cell_row",
    "cell_column",
    "copy_id",
    "copy_received",
    "copy_sha256",
    "copy_text_sha256",
];

const VERDICTS: [&str; 20] = [
    "claim_id",
    "number",
    "is_current",
    "rating",
    "rating_code",
    "rating_value",
    "rating_best",
    "rating_worst",
    "scale",
    "one_line",
    "rationale",
    "no_evidence_reason",
    "as_of",
    "method",
    "tally",
    "dissent",
    "published",
    "correction_kind",
    "correction_note",
    "correction_at",
];

/// The names of a table's columns.
pub(super) fn columns(table: Table) -> &'static [&'static str] {
    match table {
        Table::Claims => &CLAIMS,
        Table::Appearances => &APPEARANCES,
        Table::Evidence => &EVIDENCE,
        Table::Sets => &SETS,
        Table::Questions => &QUESTIONS,
        Table::Verdicts => &VERDICTS,
    }
}

/// Adds what a table says of a claim.
pub(super) fn rows(site: &Site, record: &ClaimRecord, table: Table, to: &mut Rows<'_>) -> Result<()> {
    match table {
        Table::Claims => to.add(claim(site, record)),
        Table::Appearances => record.appearances.iter().try_for_each(|made| to.add(appearance(record, made))),
        Table::Evidence => {
            record.evidence.iter().try_for_each(|evidence| to.add(self::evidence(record, evidence)))
        }
        Table::Sets => record.evidence_sets.iter().try_for_each(|set| to.add(grouped::set(record, set))),
        Table::Questions => record
            .questions
            .iter()
            .flat_map(|asked| grouped::answers(record, asked))
            .try_for_each(|row| to.add(row)),
        Table::Verdicts => {
            record.verdicts.iter().try_for_each(|verdict| to.add(self::verdict(record, verdict)))
        }
    }
}

fn claim(site: &Site, record: &ClaimRecord) -> [String; CLAIMS.len()] {
    let origin = record.origin();
    let speaker = origin.and_then(|made| made.speakers.first());
    let mark = origin.and_then(|made| made.mark.as_ref());
    let verdict = record.verdict();
    let [rating, code, value, best, worst, scale] = self::rating(verdict.map(|verdict| &verdict.rating));
    let correction = record.corrections.last();
    let publishers = record.publishers();
    let sources: Vec<_> =
        record.evidence.iter().filter_map(|evidence| evidence.source.url.as_deref()).collect();
    let [said, said_precision, place, medium, event, attitude] =
        origin.map(circumstances).unwrap_or_default();
    [
        record.id.to_string(),
        site.claim(record.id),
        record.stage.as_str().to_owned(),
        record.claim_reviewed.clone(),
        record.language.clone(),
        record.claim_types.join("; "),
        record.topics.join("; "),
        speaker.map(|speaker| speaker.agent.name.clone()).unwrap_or_default(),
        speaker.map(|speaker| speaker.agent.kind.as_str().to_owned()).unwrap_or_default(),
        speaker.and_then(|speaker| speaker.office.clone()).unwrap_or_default(),
        said,
        said_precision,
        place,
        medium,
        event,
        attitude,
        mark.map(|mark| mark.exact.clone()).unwrap_or_default(),
        mark.and_then(|mark| mark.article.title.clone()).unwrap_or_default(),
        mark.and_then(|mark| mark.article.url.clone()).unwrap_or_default(),
        origin.and_then(|made| made.url.clone()).unwrap_or_default(),
        record.appearances.len().to_string(),
        rating,
        code,
        value,
        best,
        worst,
        scale,
        verdict.map(|verdict| verdict.one_line.clone()).unwrap_or_default(),
        verdict.map(|verdict| verdict.rationale.clone()).unwrap_or_default(),
        verdict.and_then(|verdict| verdict.no_evidence_reason.clone()).unwrap_or_default(),
        verdict.map(|verdict| Day(verdict.as_of).to_string()).unwrap_or_default(),
        verdict.map(|verdict| verdict.method.as_str().to_owned()).unwrap_or_default(),
        record.first_published().map(|at| Instant(at).to_string()).unwrap_or_default(),
        verdict.map(|verdict| Instant(verdict.published_at).to_string()).unwrap_or_default(),
        record.verdicts.len().to_string(),
        record.corrections.len().to_string(),
        correction.map(|correction| correction.kind.as_str().to_owned()).unwrap_or_default(),
        correction.map(|correction| correction.public_note.clone()).unwrap_or_default(),
        record.evidence.len().to_string(),
        sources.join(" "),
        record.confidential_evidence.to_string(),
        record.duplicate_of.map(|claim| claim.to_string()).unwrap_or_default(),
        record.decline_reason.map(|reason| reason.as_str().to_owned()).unwrap_or_default(),
        record.draft.as_ref().map(|draft| draft.state.as_str().to_owned()).unwrap_or_default(),
        publishers.known.to_string(),
        publishers.independent.to_string(),
        record.later_evidence.to_string(),
        record.evidence_sets.len().to_string(),
        record.questions.len().to_string(),
    ]
}

/// When, where and how a claim was made.
fn circumstances(made: &Appearance) -> [String; 6] {
    [
        made.said.to_iso().unwrap_or_default(),
        made.said.columns().2.as_str().to_owned(),
        made.place.clone().unwrap_or_default(),
        made.medium.map(|medium| medium.as_str().to_owned()).unwrap_or_default(),
        made.event.clone().unwrap_or_default(),
        made.attitude.map(|attitude| attitude.as_str().to_owned()).unwrap_or_default(),
    ]
}

/// Label, code, three numbers, and the scale.
fn rating(rating: Option<&Rating>) -> [String; 6] {
    let Some(rating) = rating else { return <[String; 6]>::default() };
    let numbers = rating.value().and_then(|value| value.numbers);
    [
        rating.label().unwrap_or_default().to_owned(),
        rating.code.clone().unwrap_or_default(),
        numbers.map(|numbers| numbers.value.to_string()).unwrap_or_default(),
        numbers.map(|numbers| numbers.best.to_string()).unwrap_or_default(),
        numbers.map(|numbers| numbers.worst.to_string()).unwrap_or_default(),
        rating.scale.name.clone(),
    ]
}

fn appearance(record: &ClaimRecord, made: &Appearance) -> [String; APPEARANCES.len()] {
    let mark = made.mark.as_ref();
    let article = mark.map(|mark| &mark.article);
    let names: Vec<_> = made.speakers.iter().map(|speaker| speaker.agent.name.as_str()).collect();
    let offices: Vec<_> =
        made.speakers.iter().map(|speaker| speaker.office.as_deref().unwrap_or_default()).collect();
    let [said, said_precision, place, medium, event, attitude] = circumstances(made);
    let publisher = article.and_then(|article| article.publisher.as_deref());
    [
        record.id.to_string(),
        made.id.to_string(),
        made.is_first_known.to_string(),
        made.url.clone().unwrap_or_default(),
        names.join("; "),
        offices.join("; "),
        said,
        said_precision,
        place,
        medium,
        event,
        attitude,
        article.map(|article| article.id.to_string()).unwrap_or_default(),
        article.and_then(|article| article.url.clone()).unwrap_or_default(),
        article.and_then(|article| article.title.clone()).unwrap_or_default(),
        publisher.map(|publisher| publisher.name.clone()).unwrap_or_default(),
        article.and_then(|article| article.published.to_iso()).unwrap_or_default(),
        article.map(|article| article.version.to_string()).unwrap_or_default(),
        article.map(|article| article.sha256.clone()).unwrap_or_default(),
        mark.map(|mark| mark.exact.clone()).unwrap_or_default(),
        mark.map(|mark| mark.start.to_string()).unwrap_or_default(),
        mark.map(|mark| mark.end.to_string()).unwrap_or_default(),
        Instant(made.created_at).to_string(),
    ]
}

fn evidence(record: &ClaimRecord, evidence: &crate::exchange::Evidence) -> [String; EVIDENCE.len()] {
    let source = &*evidence.source;
    let (quote, cell, copy) = (evidence.quote.as_ref(), evidence.place.cell, evidence.copy.as_ref());
    [
        record.id.to_string(),
        evidence.id.to_string(),
        evidence.stance.as_str().to_owned(),
        evidence.exact.clone().unwrap_or_default(),
        evidence.locator.clone().unwrap_or_default(),
        evidence.note.clone(),
        source.id.to_string(),
        source.url.clone().unwrap_or_default(),
        source.title.clone().unwrap_or_default(),
        source.publisher.as_ref().map(|publisher| publisher.name.clone()).unwrap_or_default(),
        source.authors.join("; "),
        source.published.to_iso().unwrap_or_default(),
        source.class.map(|class| class.as_str().to_owned()).unwrap_or_default(),
        source.medium.map(|medium| medium.as_str().to_owned()).unwrap_or_default(),
        source.access.as_str().to_owned(),
        source.modified.to_iso().unwrap_or_default(),
        source.language.clone().unwrap_or_default(),
        source.doi.clone().unwrap_or_default(),
        source.isbn.clone().unwrap_or_default(),
        source.canonical_url.clone().unwrap_or_default(),
        source.independence.clone(),
        source.interest.clone(),
        Instant(evidence.created_at).to_string(),
        evidence.independence.map(|how| how.as_str().to_owned()).unwrap_or_default(),
        shown(evidence.published_after_claim),
        quote.map(|quote| quote.check.clone()).unwrap_or_default(),
        quote.and_then(|quote| quote.reason.clone()).unwrap_or_default(),
        quote.and_then(|quote| quote.found.clone()).unwrap_or_default(),
        shown(quote.and_then(|quote| quote.start)),
        shown(quote.and_then(|quote| quote.end)),
        shown(evidence.place.page),
        shown(evidence.place.time_from_ms),
        shown(evidence.place.time_to_ms),
        shown(cell.map(|cell| cell.table)),
        shown(cell.map(|cell| cell.row)),
        shown(cell.map(|cell| cell.column)),
        shown(copy.map(|copy| copy.id)),
        shown(copy.map(|copy| Instant(copy.received_at))),
        copy.map(|copy| copy.sha256.clone()).unwrap_or_default(),
        copy.and_then(|copy| copy.text_sha256.clone()).unwrap_or_default(),
    ]
}

/// A value as text, or nothing.
fn shown<T: ToString>(value: Option<T>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}

/// How many gave which rating, as in `false: 2; true: 1`.
fn tally(verdict: &Verdict) -> String {
    let counts = verdict.tally.iter().flatten().map(|(code, times)| format!("{code}: {times}"));
    counts.collect::<Vec<_>>().join("; ")
}

fn verdict(record: &ClaimRecord, verdict: &Verdict) -> [String; VERDICTS.len()] {
    let [rating, code, value, best, worst, scale] = self::rating(Some(&verdict.rating));
    let replaced = record.corrections.iter().find(|correction| correction.from_verdict == verdict.number);
    let why = |of: fn(&Correction) -> String| replaced.map(of).unwrap_or_default();
    [
        record.id.to_string(),
        verdict.number.to_string(),
        replaced.is_none().to_string(),
        rating,
        code,
        value,
        best,
        worst,
        scale,
        verdict.one_line.clone(),
        verdict.rationale.clone(),
        verdict.no_evidence_reason.clone().unwrap_or_default(),
        Day(verdict.as_of).to_string(),
        verdict.method.as_str().to_owned(),
        tally(verdict),
        verdict.tally.as_ref().map(|_| verdict.dissent.to_string()).unwrap_or_default(),
        Instant(verdict.published_at).to_string(),
        why(|correction| correction.kind.as_str().to_owned()),
        why(|correction| correction.public_note.clone()),
        why(|correction| Instant(correction.at).to_string()),
    ]
}
