//! A claim for tests: published, corrected, with everything there can be.

use std::rc::Rc;

use time::macros::{date, datetime};
use url::Url;
use uuid::Uuid;

use super::{
    Agent, Anchor, Answer, Appearance, Article, Cell, ClaimRecord, Copy, Correction, Evidence, EvidenceSet,
    Mark, Place, Question, Quote, Rating, Site, Source, Speaker, Verdict,
};
use crate::agents::Kind;
use crate::base_url::BaseUrl;
use crate::claims::{Attitude, Medium, Stage};
use crate::evidence::groups::AnswerKind;
use crate::evidence::{Access, Independence, SourceClass, SourceMedium, Stance};
use crate::id::{DeskId, ScaleId, ScaleVersionId};
use crate::policies::Rules;
use crate::reviews::{CorrectionKind, Method};
use crate::scales::{self, Colour, Numbers, RatingValue, Scale, Shape};

/// An id that says which one it is.
pub(crate) fn id<T: From<Uuid>>(number: u128) -> T {
    Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0000 + number).into()
}

pub(crate) fn site() -> Site {
    let base: Url = "https://checks.example.org".parse().unwrap();
    Site {
        base: BaseUrl::new(&base),
        desk: DeskId::from(Uuid::nil()),
        slug: "demo".to_owned(),
        name: "Example Checks".to_owned(),
        language: "en".to_owned(),
        rules: Rules::default(),
        licence: Some("https://creativecommons.org/licenses/by/4.0/".to_owned()),
        methodology: None,
        corrections: None,
        head: String::new(),
    }
}

pub(crate) fn scale() -> Rc<Scale> {
    let value = |code: &str, label: &str, numbers| RatingValue {
        code: code.to_owned(),
        label: label.to_owned(),
        definition: format!("What {label} means."),
        shape: Shape::Cross,
        colour: Colour::Orange,
        numbers,
        averitec: Some("Refuted".to_owned()),
    };
    Rc::new(Scale {
        id: ScaleId::from(Uuid::nil()),
        name: "Seven values".to_owned(),
        kind: scales::Kind::Ordinal,
        version: ScaleVersionId::from(Uuid::nil()),
        number: 1,
        description: String::new(),
        values: vec![
            value("mostly_false", "Mostly false", Numbers::new(2, 5, 1)),
            value("false", "False", Numbers::new(1, 5, 1)),
            value("misleading", "Misleading", None),
        ],
    })
}

fn speaker() -> Speaker {
    let agent = Agent {
        id: id(10),
        kind: Kind::Person,
        name: "Dana Whitlock".to_owned(),
        description: String::new(),
        same_as: vec!["https://www.wikidata.org/wiki/Q999999999".to_owned()],
    };
    Speaker { agent: Rc::new(agent), office: Some("Riverton councillor".to_owned()) }
}

fn publisher() -> Rc<Agent> {
    Rc::new(Agent {
        id: id(11),
        kind: Kind::Outlet,
        name: "The Riverton Post".to_owned(),
        description: String::new(),
        same_as: Vec::new(),
    })
}

/// The text of the article of [`record`].
pub(crate) const TEXT: &str = "🌍 Riverton: “Our water bills have doubled since 2021,” she said.";

fn mark() -> Mark {
    let article = Article {
        id: id(20),
        url: Some("https://news.example.net/2026/09/28/riverton,water".to_owned()),
        title: Some("Bills are up".to_owned()),
        byline: None,
        publisher: Some(publisher()),
        language: "en".to_owned(),
        published: "2026-09-28".parse().unwrap(),
        version_id: id(21),
        version: 1,
        sha256: "5f".repeat(32),
    };
    Mark {
        article: Rc::new(article),
        exact: "Our water bills have doubled since 2021".to_owned(),
        prefix: "🌍 Riverton: “".to_owned(),
        suffix: ",” she said.".to_owned(),
        start: 13,
        end: 52,
        anchors: vec![Anchor {
            version: 2,
            state: "drifted".to_owned(),
            exact: "Our water bills doubled since 2021".to_owned(),
            start: 13,
            end: 47,
        }],
    }
}

fn appearances() -> Vec<Appearance> {
    let first = Appearance {
        id: id(30),
        claim: id(1),
        is_first_known: true,
        url: None,
        mark: Some(mark()),
        said: "2026-09".parse().unwrap(),
        place: Some("Riverton".to_owned()),
        medium: Some(Medium::Speech),
        event: Some("at a council meeting".to_owned()),
        attitude: Some(Attitude::Asserts),
        speakers: vec![speaker()],
        created_at: datetime!(2026-09-29 08:00 UTC),
    };
    let second = Appearance {
        id: id(31),
        claim: id(1),
        is_first_known: false,
        url: Some("https://social.example.com/@dana/1".to_owned()),
        mark: None,
        said: crate::text::dates::PartialDate::Unknown,
        place: None,
        medium: None,
        event: None,
        attitude: None,
        speakers: Vec::new(),
        created_at: datetime!(2026-09-29 09:00 UTC),
    };
    vec![first, second]
}

fn evidence() -> Evidence {
    let source = Source {
        id: id(41),
        url: Some("https://stats.example.org/water".to_owned()),
        title: Some("Water charges 2021 to 2026".to_owned()),
        publisher: None,
        authors: vec!["Statistics Office".to_owned()],
        published: "2026".parse().unwrap(),
        modified: crate::text::dates::PartialDate::Unknown,
        language: Some("en".to_owned()),
        doi: None,
        isbn: None,
        canonical_url: None,
        class: Some(SourceClass::PrimaryData),
        medium: Some(SourceMedium::WebTable),
        access: Access::Open,
        independence: String::new(),
        interest: String::new(),
        description: String::new(),
    };
    Evidence {
        id: id(40),
        stance: Stance::Refutes,
        exact: Some("412 in 2021, 540 in 2026".to_owned()),
        locator: Some("Table 4".to_owned()),
        note: "A rise of 31 per cent.".to_owned(),
        independence: Some(Independence::Independent),
        published_after_claim: None,
        quote: Some(Quote {
            check: "nearly".to_owned(),
            found: Some("412 in 2021; 540 in 2026".to_owned()),
            prefix: Some("Average: ".to_owned()),
            suffix: Some(".".to_owned()),
            start: Some(120),
            end: Some(144),
            reason: Some("A comma for a semicolon.".to_owned()),
        }),
        place: Place { cell: Some(Cell { table: 4, row: 2, column: 3 }), ..Place::default() },
        copy: Some(Copy {
            id: id(43),
            number: 1,
            media_type: "text/html".to_owned(),
            received_at: datetime!(2026-09-30 10:01 UTC),
            sha256: "2a".repeat(32),
            text_sha256: Some("3b".repeat(32)),
        }),
        source: Rc::new(source),
        created_at: datetime!(2026-09-30 10:00 UTC),
    }
}

fn questions() -> Vec<Question> {
    let answer = |number, kind, answer: Option<&str>, evidence| Answer {
        id: id(number),
        kind,
        answer: answer.map(str::to_owned),
        is_yes: None,
        explanation: "We read the table.".to_owned(),
        evidence,
        confidential_evidence: 0,
    };
    vec![Question {
        id: id(60),
        question: "By how much did the average bill rise?".to_owned(),
        answers: vec![
            answer(61, AnswerKind::Abstractive, Some("By 31 per cent"), vec![id(40)]),
            answer(62, AnswerKind::Unanswerable, None, Vec::new()),
        ],
    }]
}

fn verdict(number: i32, code: &str, published_at: time::OffsetDateTime) -> Verdict {
    Verdict {
        number,
        rating: Rating { scale: scale(), code: Some(code.to_owned()) },
        one_line: "The average bill rose 31% between 2021 and 2026, not 100%.".to_owned(),
        rationale: "The bill was 412 in 2021.\n\nIt is 540 now.".to_owned(),
        no_evidence_reason: None,
        as_of: date!(2026 - 10 - 01),
        method: Method::TwoPerson,
        approvals: 1,
        tally: None,
        dissent: 0,
        dissent_notes: Vec::new(),
        assessments: None,
        drafted_by: None,
        approved_by: None,
        decided_at: published_at,
        published_at,
    }
}

/// A claim that was published as false, and corrected to mostly false.
pub(crate) fn record() -> ClaimRecord {
    ClaimRecord {
        id: id(1),
        stage: Stage::Published,
        claim_reviewed: "Riverton water bills have doubled since 2021".to_owned(),
        language: "en".to_owned(),
        claim_types: vec!["numerical".to_owned()],
        topics: vec!["water".to_owned()],
        created_at: datetime!(2026-09-29 08:00 UTC),
        decline_reason: None,
        decline_note: None,
        duplicate_of: None,
        duplicates: Vec::new(),
        appearances: appearances(),
        evidence: vec![evidence()],
        confidential_evidence: 1,
        later_evidence: 0,
        evidence_sets: vec![EvidenceSet {
            id: id(63),
            label: String::new(),
            note: String::new(),
            evidence: vec![id(40)],
            confidential_evidence: 1,
        }],
        questions: questions(),
        verdicts: vec![
            verdict(1, "false", datetime!(2026-10-02 23:30 UTC)),
            verdict(2, "mostly_false", datetime!(2026-10-05 12:00 UTC)),
        ],
        corrections: vec![Correction {
            id: id(50),
            kind: CorrectionKind::Major,
            public_note: "Bills did rise, though by less.".to_owned(),
            from_verdict: 1,
            to_verdict: Some(2),
            at: datetime!(2026-10-05 12:00 UTC),
        }],
        draft: None,
    }
}
