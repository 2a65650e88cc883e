//! JSON Lines: a claim a line, with everything, and the same keys on every line.

use serde::Serialize;

use super::{ClaimRecord, Site};
use crate::evidence::Publishers;

/// The version of the lines' shape: raised when a key changes its meaning or goes away.
pub const SCHEMA_VERSION: u8 = 1;

#[derive(Serialize)]
struct Line<'a> {
    schema_version: u8,
    /// The end of the record of changes that the export shows.
    chain_head: &'a str,
    url: String,
    #[serde(flatten)]
    record: &'a ClaimRecord,
    /// Who stands behind what is cited.
    publishers: Publishers,
}

/// Adds the line of a claim.
///
/// # Errors
/// None: memory takes everything.
pub(super) fn write(site: &Site, record: &ClaimRecord, to: &mut Vec<u8>) -> serde_json::Result<()> {
    let line = Line {
        schema_version: SCHEMA_VERSION,
        chain_head: &site.head,
        url: site.claim(record.id),
        record,
        publishers: record.publishers(),
    };
    serde_json::to_writer(&mut *to, &line)?;
    to.push(b'\n');
    Ok(())
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;
    use serde_json::Value;

    use super::super::sample;
    use super::*;

    fn text(record: &ClaimRecord) -> String {
        let mut text = Vec::new();
        write(&sample::site(), record, &mut text).unwrap();
        String::from_utf8(text).unwrap()
    }

    fn line(record: &ClaimRecord) -> Value {
        let text = text(record);
        assert_eq!(text.find('\n'), Some(text.len() - 1), "one line, with its end");
        serde_json::from_str(&text).unwrap()
    }

    /// The path of every key, whatever the values are.
    fn keys(value: &Value, path: &str, found: &mut Vec<String>) {
        if let Value::Object(fields) = value {
            for (key, value) in fields {
                found.push(format!("{path}.{key}"));
                keys(value, &format!("{path}.{key}"), found);
            }
        }
    }

    #[test]
    fn a_line_has_everything() {
        assert_snapshot!(text(&sample::record()), @r#"
        {"schema_version":1,"chain_head":"","url":"https://checks.example.org/demo/claims/01900000-0000-7000-8000-000000000001","id":"01900000-0000-7000-8000-000000000001","stage":"published","claim_reviewed":"Riverton water bills have doubled since 2021","language":"en","claim_types":["numerical"],"topics":["water"],"created_at":"2026-09-29T08:00:00Z","decline_reason":null,"decline_note":null,"duplicate_of":null,"duplicates":[],"appearances":[{"id":"01900000-0000-7000-8000-00000000001e","claim":"01900000-0000-7000-8000-000000000001","is_first_known":true,"url":null,"mark":{"article":{"id":"01900000-0000-7000-8000-000000000014","url":"https://news.example.net/2026/09/28/riverton,water","title":"Bills are up","byline":null,"publisher":{"id":"01900000-0000-7000-8000-00000000000b","kind":"outlet","name":"The Riverton Post","description":"","same_as":[]},"language":"en","published":{"date":"2026-09-28","precision":"day"},"version_id":"01900000-0000-7000-8000-000000000015","version":1,"sha256":"5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f"},"exact":"Our water bills have doubled since 2021","prefix":"🌍 Riverton: “","suffix":",” she said.","start":13,"end":52,"anchors":[{"version":2,"state":"drifted","exact":"Our water bills doubled since 2021","start":13,"end":47}]},"said":{"date":"2026-09","precision":"month"},"place":"Riverton","medium":"speech","event":"at a council meeting","attitude":"asserts","speakers":[{"agent":{"id":"01900000-0000-7000-8000-00000000000a","kind":"person","name":"Dana Whitlock","description":"","same_as":["https://www.wikidata.org/wiki/Q999999999"]},"office":"Riverton councillor"}],"created_at":"2026-09-29T08:00:00Z"},{"id":"01900000-0000-7000-8000-00000000001f","claim":"01900000-0000-7000-8000-000000000001","is_first_known":false,"url":"https://social.example.com/@dana/1","mark":null,"said":{"date":null,"precision":"unknown"},"place":null,"medium":null,"event":null,"attitude":null,"speakers":[],"created_at":"2026-09-29T09:00:00Z"}],"evidence":[{"id":"01900000-0000-7000-8000-000000000028","stance":"refutes","exact":"412 in 2021, 540 in 2026","locator":"Table 4","note":"A rise of 31 per cent.","independence":"independent","published_after_claim":null,"quote":{"check":"nearly","found":"412 in 2021; 540 in 2026","prefix":"Average: ","suffix":".","start":120,"end":144,"reason":"A comma for a semicolon."},"place":{"page":null,"time_from_ms":null,"time_to_ms":null,"cell":{"table":4,"row":2,"column":3}},"copy":{"id":"01900000-0000-7000-8000-00000000002b","number":1,"media_type":"text/html","received_at":"2026-09-30T10:01:00Z","sha256":"2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a","text_sha256":"3b3b3b3b3b3b3b3b3b3b3b3b3b3b3b3b3b3b3b3b3b3b3b3b3b3b3b3b3b3b3b3b"},"source":{"id":"01900000-0000-7000-8000-000000000029","url":"https://stats.example.org/water","title":"Water charges 2021 to 2026","publisher":null,"authors":["Statistics Office"],"published":{"date":"2026","precision":"year"},"modified":{"date":null,"precision":"unknown"},"language":"en","doi":null,"isbn":null,"canonical_url":null,"class":"primary_data","medium":"web_table","access":"open","independence":"","interest":"","description":""},"created_at":"2026-09-30T10:00:00Z"}],"confidential_evidence":1,"later_evidence":0,"evidence_sets":[{"id":"01900000-0000-7000-8000-00000000003f","label":"","note":"","evidence":["01900000-0000-7000-8000-000000000028"],"confidential_evidence":1}],"questions":[{"id":"01900000-0000-7000-8000-00000000003c","question":"By how much did the average bill rise?","answers":[{"id":"01900000-0000-7000-8000-00000000003d","kind":"abstractive","answer":"By 31 per cent","is_yes":null,"explanation":"We read the table.","evidence":["01900000-0000-7000-8000-000000000028"],"confidential_evidence":0},{"id":"01900000-0000-7000-8000-00000000003e","kind":"unanswerable","answer":null,"is_yes":null,"explanation":"We read the table.","evidence":[],"confidential_evidence":0}]}],"verdicts":[{"number":1,"rating":{"code":"false","label":"False","definition":"What False means.","shape":"cross","value":1,"best":5,"worst":1,"averitec":"Refuted","scale":"Seven values","scale_version":1},"one_line":"The average bill rose 31% between 2021 and 2026, not 100%.","rationale":"The bill was 412 in 2021.\n\nIt is 540 now.","no_evidence_reason":null,"as_of":"2026-10-01","method":"two_person","approvals":1,"tally":null,"dissent":0,"dissent_notes":[],"assessments":null,"drafted_by":null,"approved_by":null,"decided_at":"2026-10-02T23:30:00Z","published_at":"2026-10-02T23:30:00Z"},{"number":2,"rating":{"code":"mostly_false","label":"Mostly false","definition":"What Mostly false means.","shape":"cross","value":2,"best":5,"worst":1,"averitec":"Refuted","scale":"Seven values","scale_version":1},"one_line":"The average bill rose 31% between 2021 and 2026, not 100%.","rationale":"The bill was 412 in 2021.\n\nIt is 540 now.","no_evidence_reason":null,"as_of":"2026-10-01","method":"two_person","approvals":1,"tally":null,"dissent":0,"dissent_notes":[],"assessments":null,"drafted_by":null,"approved_by":null,"decided_at":"2026-10-05T12:00:00Z","published_at":"2026-10-05T12:00:00Z"}],"corrections":[{"id":"01900000-0000-7000-8000-000000000032","kind":"major","public_note":"Bills did rise, though by less.","from_verdict":1,"to_verdict":2,"at":"2026-10-05T12:00:00Z"}],"draft":null,"publishers":{"known":0,"independent":0}}
        "#);
    }

    #[test]
    fn every_line_has_the_same_keys() {
        let full = line(&sample::record());
        let mut record = sample::record();
        record.appearances.clear();
        record.evidence.clear();
        record.verdicts.clear();
        record.corrections.clear();
        let empty = line(&record);
        let of = |value| {
            let mut found = Vec::new();
            keys(value, "", &mut found);
            found
        };
        assert_eq!(of(&full), of(&empty));
    }
}
