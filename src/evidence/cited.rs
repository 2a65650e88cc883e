//! Evidence: a source's passage that bears on a claim.

use time::OffsetDateTime;

use super::kinds::{Independence, Stance};
use super::quotes::{Locators, Quoted};
use super::sources::Source;
use crate::editing::{Field, Values, Widget};
use crate::id::{ClaimId, CopyId, EventId, EvidenceId, SourceId};
use crate::web::problems::Problems;

/// A passage of a source, and how it bears on a claim.
#[derive(Clone, Debug)]
pub struct Evidence {
    pub id: EvidenceId,
    pub claim: ClaimId,
    pub source: Source,
    pub stance: Stance,
    /// The passage in its own words; nothing when the whole document is meant.
    pub exact: Option<String>,
    /// Page, paragraph or minute.
    pub locator: Option<String>,
    /// Page, time and cell, as numbers.
    pub locators: Locators,
    /// Whether the passage stands in a copy; nothing when it was not looked for.
    pub quoted: Option<Quoted>,
    pub note: String,
    /// Whether what it says is its own finding; nothing when that is not known.
    pub independence: Option<Independence>,
    pub created_by: String,
    pub removed_at: Option<OffsetDateTime>,
    pub row_version: i32,
    /// The last change.
    pub event: EventId,
}

/// What can be edited of evidence.
pub static EVIDENCE: [Field; 8] = [
    Field {
        name: "stance",
        label: "How it bears on the claim",
        hint: "",
        widget: Widget::Pick(Stance::CHOICES),
    },
    Field {
        name: "exact",
        label: "The passage, word for word",
        hint: "Leave it empty when the whole document is meant.",
        widget: Widget::Text,
    },
    Field {
        name: "locator",
        label: "Where it stands",
        hint: "Section, paragraph, line: whatever leads to it.",
        widget: Widget::Line,
    },
    Field { name: "page", label: "Page", hint: "Of a PDF, counted from the first.", widget: Widget::Line },
    Field {
        name: "time",
        label: "Time",
        hint: "In audio or video: 1:02:03, or from and to, 1:02:03–1:02:30.",
        widget: Widget::Line,
    },
    Field {
        name: "cell",
        label: "Table cell",
        hint: "Which table, row and column: 2, 3, 4.",
        widget: Widget::Line,
    },
    Field {
        name: "note",
        label: "Note",
        hint: "Why it matters, and what has to be known about it. Readers see it.",
        widget: Widget::Text,
    },
    Field {
        name: "independence",
        label: "Independence",
        hint: "Whether it found this out for itself. The guard of the review counts independent publishers.",
        widget: Widget::Choice(Independence::CHOICES),
    },
];

/// The fields of evidence, each as it may be stored.
#[derive(Clone, Debug)]
pub struct EvidenceFields {
    pub stance: Stance,
    pub exact: Option<String>,
    pub locator: Option<String>,
    pub locators: Locators,
    pub note: String,
    pub independence: Option<Independence>,
    /// The copy in which the passage was selected, and where it begins, in code points.
    pub place: Option<(CopyId, u32)>,
}

/// What adding came to.
#[derive(Clone, Debug, Default)]
pub struct Added {
    pub evidence: Vec<EvidenceId>,
    pub sources: Vec<SourceId>,
    /// Tracking parameters that were cut from addresses.
    pub cut: Vec<String>,
}

impl Evidence {
    /// Its fields as texts.
    #[must_use]
    pub fn values(&self) -> Values {
        [
            ("stance", self.stance.as_str().to_owned()),
            ("exact", self.exact.clone().unwrap_or_default()),
            ("locator", self.locator.clone().unwrap_or_default()),
            ("note", self.note.clone()),
            ("independence", self.independence.map_or(String::new(), |how| how.as_str().to_owned())),
        ]
        .into_iter()
        .chain(self.locators.values())
        .collect()
    }
}

impl EvidenceFields {
    /// Reads the fields. Without a stance it is context.
    ///
    /// # Errors
    /// What is wrong with which field.
    pub fn parse(values: &Values) -> Result<Self, Problems> {
        let text = |name: &str| values.get(name).map_or("", String::as_str);
        let known = |name: &str| Some(text(name).to_owned()).filter(|text| !text.is_empty());
        let mut problems = Problems::default();
        let stance = match text("stance") {
            "" => Stance::Context,
            code => Stance::parse(code).unwrap_or_else(|| {
                problems.add("stance", "Choose one of these.");
                Stance::Context
            }),
        };
        for (name, most) in [("exact", 5_000), ("locator", 200), ("note", 5_000)] {
            if text(name).chars().count() > most {
                problems.add(name, format!("At most {most} characters fit here."));
            }
        }
        let independence = known("independence").and_then(|code| {
            let how = Independence::parse(&code);
            if how.is_none() {
                problems.add("independence", "Choose one of these.");
            }
            how
        });
        let locators = Locators::parse(values, &mut problems);
        problems.unless(Self {
            stance,
            exact: known("exact"),
            locator: known("locator"),
            locators,
            note: text("note").to_owned(),
            independence,
            place: None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_a_stance_it_is_context() {
        let fields = EvidenceFields::parse(&Values::new()).unwrap();
        assert_eq!((fields.stance, fields.exact, fields.locator), (Stance::Context, None, None));
        let wrong = EvidenceFields::parse(&[("stance", "hearsay".to_owned())].into());
        assert!(wrong.unwrap_err().of("stance").is_some());
        assert_eq!(fields.independence, None);
        let wrong = EvidenceFields::parse(&[("independence", "neutral".to_owned())].into());
        assert!(wrong.unwrap_err().of("independence").is_some());
    }
}
