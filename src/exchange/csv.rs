//! Tables: for people in a spreadsheet, and for programs.

mod grouped;
mod guard;
mod tables;

use ::csv::{Terminator, WriterBuilder};
use clap::ValueEnum;
use serde::Deserialize;

use super::{ClaimRecord, Site};
use crate::error::{Error, Result};

/// For whom the table is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Deserialize, ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Flavour {
    /// A spreadsheet: a byte order mark, so that it is read as UTF-8, and no cell that it would run as a formula.
    #[default]
    Human,
    /// A program: the values as they are.
    Machine,
}

/// What a row is about.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Deserialize, ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Table {
    /// A claim, with where it was made first and what was decided last.
    #[default]
    Claims,
    /// A place where a claim was made.
    Appearances,
    /// A piece of evidence.
    Evidence,
    /// Evidence that bears on a claim only together.
    Sets,
    /// An answer to a question, or a question without one.
    Questions,
    /// A published verdict, and why it was replaced.
    Verdicts,
}

impl Table {
    /// Every table.
    pub const ALL: [Self; 6] =
        [Self::Claims, Self::Appearances, Self::Evidence, Self::Sets, Self::Questions, Self::Verdicts];

    /// The word for it in addresses.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Claims => "claims",
            Self::Appearances => "appearances",
            Self::Evidence => "evidence",
            Self::Sets => "sets",
            Self::Questions => "questions",
            Self::Verdicts => "verdicts",
        }
    }
}

/// A text for a cell of a table that people open in a spreadsheet, which does not run it.
#[must_use]
pub fn cell(text: &str) -> String {
    if guard::is_needed(text) { guard::guarded(text) } else { text.to_owned() }
}

/// Begins the table: the names of its columns.
pub(super) fn begin(table: Table, flavour: Flavour, to: &mut Vec<u8>) -> Result<()> {
    if flavour == Flavour::Human {
        to.extend_from_slice("\u{feff}".as_bytes());
    }
    let mut rows = Rows::new(Flavour::Machine, "chain_head", to);
    rows.add(tables::columns(table))?;
    rows.end()
}

/// Adds the rows of some claims.
pub(super) fn write(
    site: &Site,
    records: &[ClaimRecord],
    table: Table,
    flavour: Flavour,
    to: &mut Vec<u8>,
) -> Result<()> {
    let mut rows = Rows::new(flavour, &site.head, to);
    for record in records {
        tables::rows(site, record, table, &mut rows)?;
    }
    rows.end()
}

/// Rows on their way into a table (RFC 4180).
struct Rows<'a> {
    flavour: Flavour,
    /// What stands in the last column of every row: of which state of the record of changes the table is.
    last: &'a str,
    writer: ::csv::Writer<&'a mut Vec<u8>>,
}

impl<'a> Rows<'a> {
    fn new(flavour: Flavour, last: &'a str, to: &'a mut Vec<u8>) -> Self {
        Self { flavour, last, writer: WriterBuilder::new().terminator(Terminator::CRLF).from_writer(to) }
    }

    fn add<T: AsRef<str>>(&mut self, cells: impl IntoIterator<Item = T>) -> Result<()> {
        for cell in cells {
            let cell = cell.as_ref();
            let guarded = self.flavour == Flavour::Human && guard::is_needed(cell);
            let outcome = if guarded {
                self.writer.write_field(guard::guarded(cell))
            } else {
                self.writer.write_field(cell)
            };
            outcome.map_err(Error::internal)?;
        }
        self.writer.write_field(self.last).map_err(Error::internal)?;
        self.writer.write_record(None::<&[u8]>).map_err(Error::internal)
    }

    fn end(mut self) -> Result<()> {
        self.writer.flush().map_err(Error::internal)
    }
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use super::super::sample;
    use super::*;

    fn table(table: Table, flavour: Flavour, record: ClaimRecord) -> String {
        let mut text = Vec::new();
        begin(table, flavour, &mut text).unwrap();
        write(&sample::site(), &[record], table, flavour, &mut text).unwrap();
        String::from_utf8(text).unwrap()
    }

    #[test]
    fn the_claims_for_a_program() {
        assert_snapshot!(table(Table::Claims, Flavour::Machine, sample::record()), @r#"
        id,url,stage,claim,language,claim_types,topics,speaker,speaker_kind,speaker_office,said,said_precision,place,medium,event,attitude,quote,article_title,article_url,appearance_url,appearance_count,rating,rating_code,rating_value,rating_best,rating_worst,scale,one_line,rationale,no_evidence_reason,as_of,method,first_published,published,verdict_count,correction_count,correction_kind,correction_note,source_count,source_urls,confidential_count,duplicate_of,decline_reason,draft_state,publisher_count,independent_publisher_count,later_count,set_count,question_count,chain_head
        01900000-0000-7000-8000-000000000001,https://checks.example.org/demo/claims/01900000-0000-7000-8000-000000000001,published,Riverton water bills have doubled since 2021,en,numerical,water,Dana Whitlock,person,Riverton councillor,2026-09,month,Riverton,speech,at a council meeting,asserts,Our water bills have doubled since 2021,Bills are up,"https://news.example.net/2026/09/28/riverton,water",,2,Mostly false,mostly_false,2,5,1,Seven values,"The average bill rose 31% between 2021 and 2026, not 100%.","The bill was 412 in 2021.

        It is 540 now.",,2026-10-01,two_person,2026-10-02T23:30:00Z,2026-10-05T12:00:00Z,2,1,major,"Bills did rise, though by less.",1,https://stats.example.org/water,1,,,,0,0,0,1,1,
        "#);
    }

    #[test]
    fn the_other_tables_for_a_program() {
        let all = [Table::Appearances, Table::Evidence, Table::Sets, Table::Questions, Table::Verdicts]
            .map(|which| table(which, Flavour::Machine, sample::record()));
        assert_snapshot!(all.join("\n"), @r#"
        claim_id,id,is_first_known,url,speakers,speaker_offices,said,said_precision,place,medium,event,attitude,article_id,article_url,article_title,article_publisher,article_published,article_version,article_sha256,exact,start,end,created,chain_head
        01900000-0000-7000-8000-000000000001,01900000-0000-7000-8000-00000000001e,true,,Dana Whitlock,Riverton councillor,2026-09,month,Riverton,speech,at a council meeting,asserts,01900000-0000-7000-8000-000000000014,"https://news.example.net/2026/09/28/riverton,water",Bills are up,The Riverton Post,2026-09-28,1,5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f,Our water bills have doubled since 2021,13,52,2026-09-29T08:00:00Z,
        01900000-0000-7000-8000-000000000001,01900000-0000-7000-8000-00000000001f,false,https://social.example.com/@dana/1,,,,unknown,,,,,,,,,,,,,,,2026-09-29T09:00:00Z,

        claim_id,id,stance,exact,locator,note,source_id,source_url,source_title,source_publisher,source_authors,source_published,source_class,source_medium,source_access,source_modified,source_language,source_doi,source_isbn,source_canonical_url,source_independence,source_interest,created,independence,published_after_claim,quote_check,quote_reason,found,start,end,page,time_from_ms,time_to_ms,cell_table,cell_row,cell_column,copy_id,copy_received,copy_sha256,copy_text_sha256,chain_head
        01900000-0000-7000-8000-000000000001,01900000-0000-7000-8000-000000000028,refutes,"412 in 2021, 540 in 2026",Table 4,A rise of 31 per cent.,01900000-0000-7000-8000-000000000029,https://stats.example.org/water,Water charges 2021 to 2026,,Statistics Office,2026,primary_data,web_table,open,,en,,,,,,2026-09-30T10:00:00Z,independent,,nearly,A comma for a semicolon.,412 in 2021; 540 in 2026,120,144,,,,4,2,3,01900000-0000-7000-8000-00000000002b,2026-09-30T10:01:00Z,2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a,3b3b3b3b3b3b3b3b3b3b3b3b3b3b3b3b3b3b3b3b3b3b3b3b3b3b3b3b3b3b3b3b,

        claim_id,id,label,note,evidence_ids,confidential_count,chain_head
        01900000-0000-7000-8000-000000000001,01900000-0000-7000-8000-00000000003f,,,01900000-0000-7000-8000-000000000028,1,

        claim_id,id,position,question,answer_id,kind,answer,is_yes,explanation,evidence_ids,confidential_count,chain_head
        01900000-0000-7000-8000-000000000001,01900000-0000-7000-8000-00000000003c,1,By how much did the average bill rise?,01900000-0000-7000-8000-00000000003d,abstractive,By 31 per cent,,We read the table.,01900000-0000-7000-8000-000000000028,0,
        01900000-0000-7000-8000-000000000001,01900000-0000-7000-8000-00000000003c,1,By how much did the average bill rise?,01900000-0000-7000-8000-00000000003e,unanswerable,,,We read the table.,,0,

        claim_id,number,is_current,rating,rating_code,rating_value,rating_best,rating_worst,scale,one_line,rationale,no_evidence_reason,as_of,method,tally,dissent,published,correction_kind,correction_note,correction_at,chain_head
        01900000-0000-7000-8000-000000000001,1,false,False,false,1,5,1,Seven values,"The average bill rose 31% between 2021 and 2026, not 100%.","The bill was 412 in 2021.

        It is 540 now.",,2026-10-01,two_person,,,2026-10-02T23:30:00Z,major,"Bills did rise, though by less.",2026-10-05T12:00:00Z,
        01900000-0000-7000-8000-000000000001,2,true,Mostly false,mostly_false,2,5,1,Seven values,"The average bill rose 31% between 2021 and 2026, not 100%.","The bill was 412 in 2021.

        It is 540 now.",,2026-10-01,two_person,,,2026-10-05T12:00:00Z,,,,
        "#);
    }

    #[test]
    fn a_spreadsheet_gets_a_mark_and_no_formula() {
        let mut record = sample::record();
        record.claim_reviewed = "=HYPERLINK(\"https://evil.example\")".to_owned();
        let human = table(Table::Claims, Flavour::Human, record);
        assert!(human.starts_with("\u{feff}id,url,stage,claim,"), "{human}");
        assert!(human.contains(",\"'=HYPERLINK(\"\"https://evil.example\"\")\","), "{human}");
        assert_eq!(human.matches("\r\n").count(), 2);
        assert!(human.ends_with("\r\n"));

        let mut record = sample::record();
        record.claim_reviewed = "=1".to_owned();
        let machine = table(Table::Claims, Flavour::Machine, record);
        assert!(machine.starts_with("id,") && machine.contains(",=1,"), "{machine}");
    }

    #[test]
    fn every_row_has_a_cell_for_each_column() {
        for which in Table::ALL {
            let text = table(which, Flavour::Machine, sample::record());
            let mut reader = ::csv::Reader::from_reader(text.as_bytes());
            let columns = reader.headers().unwrap().len();
            assert_eq!(columns, tables::columns(which).len() + 1);
            assert!(reader.records().all(|row| row.unwrap().len() == columns));
        }
    }
}
