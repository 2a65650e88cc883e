//! The draft of a verdict: its fields, as texts and as what they mean.

use std::collections::BTreeMap;

use time::Date;
use time::macros::format_description;

use super::round::{CorrectionKind, Kind};
use crate::editing::{Field, Values, Widget};
use crate::scales::Scale;
use crate::web::problems::Problems;

/// How long a public note may be, in characters.
pub const NOTE_MAX: usize = 2_000;

/// How long the reasons for what a policy asks in vain may be, in characters.
const REASON_MAX: usize = 2_000;

/// The fields of a draft.
pub static FIELDS: [Field; 9] = [
    Field { name: "rating", label: "Rating", hint: "", widget: Widget::Line },
    Field {
        name: "one_line",
        label: "In one line",
        hint: "What readers see first: the finding in a sentence, at most 300 characters.",
        widget: Widget::Line,
    },
    Field {
        name: "rationale",
        label: "Rationale",
        hint: "How you know. Plain text; an empty line begins a new paragraph.",
        widget: Widget::Text,
    },
    Field {
        name: "as_of",
        label: "As of",
        hint: "The day up to which facts were looked at, as in 2026-03-14.",
        widget: Widget::Line,
    },
    Field {
        name: "no_evidence_reason",
        label: "Why there is no evidence",
        hint: "Only when nothing could be found to cite: what was looked for, and where.",
        widget: Widget::Text,
    },
    Field {
        name: "sole_source_reason",
        label: "Why so few publishers are cited",
        hint: "Only when the policy asks for more: why these are enough here.",
        widget: Widget::Text,
    },
    Field {
        name: "unarchived_reason",
        label: "Why an address has no kept copy",
        hint: "Only when a cited address could not be kept: what was tried.",
        widget: Widget::Text,
    },
    Field {
        name: "correction_kind",
        label: "Kind of correction",
        hint: "",
        widget: Widget::Choice(CorrectionKind::CHOICES),
    },
    Field {
        name: "public_note",
        label: "Public note",
        hint: "What readers are told about what changed, and why.",
        widget: Widget::Text,
    },
];

/// The words of a verdict before it is one.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Draft {
    /// The code of a value of the round's scale.
    pub rating: Option<String>,
    pub one_line: String,
    /// Paragraphs, parted by an empty line.
    pub rationale: String,
    /// Why nothing could be cited.
    pub no_evidence_reason: Option<String>,
    /// Why fewer publishers are cited than the policy asks for.
    pub sole_source_reason: Option<String>,
    /// Why a cited address has no kept copy.
    pub unarchived_reason: Option<String>,
    pub as_of: Option<Date>,
    pub correction_kind: Option<CorrectionKind>,
    pub public_note: String,
}

impl Draft {
    /// The draft without what would lead those who rate the claim.
    #[must_use]
    pub fn without_words(&self) -> Self {
        Self { rating: None, one_line: String::new(), rationale: String::new(), as_of: None, ..self.clone() }
    }

    /// The draft as texts, as forms and events have it.
    #[must_use]
    pub fn values(&self) -> Values {
        BTreeMap::from([
            ("rating", self.rating.clone().unwrap_or_default()),
            ("one_line", self.one_line.clone()),
            ("rationale", self.rationale.clone()),
            ("as_of", self.as_of.as_ref().map(iso).unwrap_or_default()),
            ("no_evidence_reason", self.no_evidence_reason.clone().unwrap_or_default()),
            ("sole_source_reason", self.sole_source_reason.clone().unwrap_or_default()),
            ("unarchived_reason", self.unarchived_reason.clone().unwrap_or_default()),
            (
                "correction_kind",
                self.correction_kind.map_or_else(String::new, |kind| kind.as_str().to_owned()),
            ),
            ("public_note", self.public_note.clone()),
        ])
    }

    /// The draft that the texts say. It need not be complete, but what is there must be right.
    ///
    /// # Errors
    /// What is wrong with which field.
    pub fn parse(values: &Values, kind: Kind, scale: &Scale) -> Result<Self, Problems> {
        let mut problems = Problems::default();
        let text = |name: &str| values.get(name).cloned().unwrap_or_default();
        let known = |name: &str| Some(text(name)).filter(|text| !text.is_empty());

        let rating = known("rating");
        if rating.as_deref().is_some_and(|code| scale.value(code).is_none()) {
            problems.add("rating", "Choose one of the ratings.");
        }
        let as_of = known("as_of").map(|text| parse_day(&text));
        if as_of == Some(None) {
            problems.add("as_of", "Write the day as year, month and day, as in 2026-03-14.");
        }
        let correction_kind = known("correction_kind").and_then(|code| CorrectionKind::parse(&code));
        let fits = match kind {
            Kind::Initial => correction_kind.is_none(),
            Kind::Correction => correction_kind.is_some_and(|kind| kind != CorrectionKind::Retraction),
            Kind::Retraction => correction_kind == Some(CorrectionKind::Retraction),
        };
        if !fits {
            problems.add("correction_kind", "Choose what kind of correction it is.");
        }
        for (name, most) in [
            ("one_line", 300),
            ("rationale", 50_000),
            ("no_evidence_reason", 5_000),
            ("sole_source_reason", REASON_MAX),
            ("unarchived_reason", REASON_MAX),
            ("public_note", NOTE_MAX),
        ] {
            let length = text(name).chars().count();
            if length > most {
                let words = format!("At most {most} characters fit here; these are {length}.");
                problems.add(name, words);
            }
        }
        problems.unless(Self {
            rating,
            one_line: text("one_line"),
            rationale: text("rationale"),
            no_evidence_reason: known("no_evidence_reason"),
            sole_source_reason: known("sole_source_reason"),
            unarchived_reason: known("unarchived_reason"),
            as_of: as_of.flatten(),
            correction_kind,
            public_note: text("public_note"),
        })
    }
}

/// A day as in `2026-03-14`.
#[must_use]
pub fn iso(day: &Date) -> String {
    day.to_string()
}

/// A day as in `14 March 2026`.
#[must_use]
pub fn long(day: &Date) -> String {
    format!("{} {} {}", day.day(), day.month(), day.year())
}

fn parse_day(text: &str) -> Option<Date> {
    Date::parse(text, format_description!("[year]-[month]-[day]")).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::{ScaleId, ScaleVersionId};
    use crate::scales::{Colour, Kind as ScaleKind, RatingValue, Shape};

    fn scale() -> Scale {
        Scale {
            id: ScaleId::new(),
            name: "Two".into(),
            kind: ScaleKind::Nominal,
            version: ScaleVersionId::new(),
            number: 1,
            description: String::new(),
            values: vec![RatingValue {
                code: "false".into(),
                label: "False".into(),
                definition: "It is not so.".into(),
                shape: Shape::Cross,
                colour: Colour::Red,
                numbers: None,
                averitec: None,
            }],
        }
    }

    #[test]
    fn a_draft_reads_back_from_its_texts() {
        let draft = Draft {
            rating: Some("false".into()),
            one_line: "It is not so.".into(),
            rationale: "First.\n\nSecond.".into(),
            as_of: Some(Date::from_calendar_date(2026, time::Month::March, 4).unwrap()),
            ..Draft::default()
        };
        assert_eq!(Draft::parse(&draft.values(), Kind::Initial, &scale()).unwrap(), draft);
        assert_eq!(draft.values()["as_of"], "2026-03-04");
        assert_eq!(Draft::parse(&Values::new(), Kind::Initial, &scale()).unwrap(), Draft::default());
    }

    #[test]
    fn what_is_wrong_is_said_at_its_field() {
        let values = Values::from([
            ("rating", "true".to_owned()),
            ("as_of", "2026-02-30".to_owned()),
            ("one_line", "x".repeat(301)),
            ("correction_kind", "major".to_owned()),
        ]);
        let problems = Draft::parse(&values, Kind::Initial, &scale()).unwrap_err();
        let fields: Vec<_> = problems.iter().map(|problem| &*problem.field).collect();
        assert_eq!(fields, ["rating", "as_of", "correction_kind", "one_line"]);
    }

    #[test]
    fn a_correction_has_a_kind_that_replaces() {
        let kind = |code: &str| Values::from([("correction_kind", code.to_owned())]);
        assert!(Draft::parse(&kind("typo"), Kind::Correction, &scale()).is_ok());
        assert!(Draft::parse(&kind("retraction"), Kind::Correction, &scale()).is_err());
        assert!(Draft::parse(&kind("retraction"), Kind::Retraction, &scale()).is_ok());
        assert!(Draft::parse(&kind(""), Kind::Correction, &scale()).is_err());
    }
}
