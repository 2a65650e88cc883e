//! What can be said of a set, a question and an answer.

use crate::codes::codes;
use crate::editing::{Field, Values, Widget};
use crate::id::EvidenceId;
use crate::web::problems::Problems;

codes! {
    /// How an answer follows from its evidence.
    AnswerKind {
        Extractive = "extractive", "In the words of the source";
        Abstractive = "abstractive", "In our own words";
        Boolean = "boolean", "Yes or no";
        /// It was looked for, and there is no evidence.
        Unanswerable = "unanswerable", "It cannot be answered";
    }
}

/// Which evidence it is about.
const EVIDENCE: Field =
    Field { name: "evidence", label: "Evidence", hint: "All that belongs to it.", widget: Widget::Offered };

/// What can be edited of a set of evidence.
pub static SET: [Field; 3] = [
    Field {
        name: "label",
        label: "What they show together",
        hint: "In a few words. Readers see it.",
        widget: Widget::Line,
    },
    EVIDENCE,
    Field {
        name: "note",
        label: "Note",
        hint: "Why one alone does not tell. Readers see it.",
        widget: Widget::Text,
    },
];

/// What can be edited of a question.
pub static QUESTION: [Field; 1] = [Field {
    name: "question",
    label: "Question",
    hint: "What has to be known to judge the claim, so that somebody who has not read it understands the question.",
    widget: Widget::Line,
}];

/// What can be edited of an answer.
pub static ANSWER: [Field; 5] = [
    Field { name: "kind", label: "Kind of answer", hint: "", widget: Widget::Pick(AnswerKind::CHOICES) },
    Field {
        name: "is_yes",
        label: "Yes or no",
        hint: "Only for an answer that is yes or no.",
        widget: Widget::Pick(&[("yes", "Yes"), ("no", "No")]),
    },
    Field {
        name: "answer",
        label: "Answer",
        hint: "The words of the source, or your own. Leave it empty for yes or no, and where there is no answer.",
        widget: Widget::Text,
    },
    EVIDENCE,
    Field {
        name: "explanation",
        label: "Explanation",
        hint: "How the evidence leads to the answer; or what was looked for, and where.",
        widget: Widget::Text,
    },
];

/// The fields of a set, each as it may be stored.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SetFields {
    pub label: String,
    pub note: String,
    /// At least two.
    pub evidence: Vec<EvidenceId>,
}

/// The fields of a question, each as it may be stored.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct QuestionFields {
    pub question: String,
}

/// The fields of an answer, each as it may be stored.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AnswerFields {
    pub kind: AnswerKind,
    /// The words, of an extractive or abstractive answer.
    pub answer: Option<String>,
    /// Of a boolean answer.
    pub is_yes: Option<bool>,
    pub explanation: String,
    /// On what it rests; none for an unanswerable question, and at least one for every other.
    pub evidence: Vec<EvidenceId>,
}

impl SetFields {
    /// Reads the fields.
    ///
    /// # Errors
    /// What is wrong with which field.
    pub fn parse(values: &Values) -> Result<Self, Problems> {
        let mut problems = Problems::default();
        let label = line(values, "label", 200, "Say what they show together.", &mut problems);
        let note = optional(values, "note", 2_000, &mut problems);
        let evidence = evidence(values, &mut problems);
        if evidence.len() < 2 && problems.of("evidence").is_none() {
            problems.add("evidence", "Choose at least two: alone, a piece of evidence stands for itself.");
        }
        problems.unless(Self { label, note, evidence })
    }

    /// Its fields as texts.
    #[must_use]
    pub fn values(&self) -> Values {
        [("label", self.label.clone()), ("note", self.note.clone()), ("evidence", listed(&self.evidence))]
            .into()
    }
}

impl QuestionFields {
    /// Reads the fields.
    ///
    /// # Errors
    /// What is wrong with which field.
    pub fn parse(values: &Values) -> Result<Self, Problems> {
        let mut problems = Problems::default();
        let question = line(values, "question", 1_000, "Write the question.", &mut problems);
        problems.unless(Self { question })
    }

    /// Its fields as texts.
    #[must_use]
    pub fn values(&self) -> Values {
        [("question", self.question.clone())].into()
    }
}

impl AnswerFields {
    /// Reads the fields.
    ///
    /// # Errors
    /// What is wrong with which field.
    pub fn parse(values: &Values) -> Result<Self, Problems> {
        let mut problems = Problems::default();
        let kind = AnswerKind::parse(text(values, "kind"));
        if kind.is_none() {
            problems.add("kind", "Choose what kind of answer it is.");
        }
        let kind = kind.unwrap_or(AnswerKind::Abstractive);
        let is_yes = match text(values, "is_yes") {
            "" => None,
            "yes" => Some(true),
            "no" => Some(false),
            _ => {
                problems.add("is_yes", "Choose yes or no.");
                None
            }
        };
        let answer =
            Some(optional(values, "answer", 5_000, &mut problems)).filter(|answer| !answer.is_empty());
        let explanation = optional(values, "explanation", 5_000, &mut problems);
        let evidence = evidence(values, &mut problems);
        let has_words = matches!(kind, AnswerKind::Extractive | AnswerKind::Abstractive);
        let mut rule = |broken: bool, field: &'static str, words: &'static str| {
            if broken && problems.of(field).is_none() {
                problems.add(field, words);
            }
        };
        rule(has_words && answer.is_none(), "answer", "Write the answer.");
        rule(
            !has_words && answer.is_some(),
            "answer",
            "Leave this empty for this kind of answer; the explanation can say more.",
        );
        rule(kind == AnswerKind::Boolean && is_yes.is_none(), "is_yes", "Choose yes or no.");
        rule(
            kind != AnswerKind::Boolean && is_yes.is_some(),
            "is_yes",
            "Leave this open for this kind of answer.",
        );
        rule(
            kind == AnswerKind::Boolean && explanation.is_empty(),
            "explanation",
            "Say how the evidence leads to yes or no.",
        );
        rule(
            kind != AnswerKind::Unanswerable && evidence.is_empty(),
            "evidence",
            "Choose the evidence that gives the answer.",
        );
        rule(
            kind == AnswerKind::Unanswerable && !evidence.is_empty(),
            "evidence",
            "What cannot be answered rests on no evidence.",
        );
        problems.unless(Self { kind, answer, is_yes, explanation, evidence })
    }

    /// Its fields as texts.
    #[must_use]
    pub fn values(&self) -> Values {
        let is_yes = match self.is_yes {
            None => "",
            Some(true) => "yes",
            Some(false) => "no",
        };
        [
            ("kind", self.kind.as_str().to_owned()),
            ("is_yes", is_yes.to_owned()),
            ("answer", self.answer.clone().unwrap_or_default()),
            ("evidence", listed(&self.evidence)),
            ("explanation", self.explanation.clone()),
        ]
        .into()
    }

    /// The answer in words, as far as it is one.
    #[must_use]
    pub fn words(&self) -> &str {
        answer_words(self.kind, self.answer.as_deref(), self.is_yes)
    }
}

/// An answer in words: its own, yes or no, or that there is none.
#[must_use]
pub fn answer_words(kind: AnswerKind, answer: Option<&str>, is_yes: Option<bool>) -> &str {
    match (kind, answer, is_yes) {
        (_, Some(answer), _) => answer,
        (_, None, Some(true)) => "Yes",
        (_, None, Some(false)) => "No",
        (kind, None, None) => kind.label(),
    }
}

/// Evidence as the text of a field.
fn listed(evidence: &[EvidenceId]) -> String {
    let ids: Vec<_> = evidence.iter().map(ToString::to_string).collect();
    EVIDENCE.tidy(&ids.join(","))
}

fn text<'a>(values: &'a Values, name: &str) -> &'a str {
    values.get(name).map_or("", String::as_str)
}

fn line(
    values: &Values,
    name: &'static str,
    most: usize,
    missing: &'static str,
    problems: &mut Problems,
) -> String {
    let text = optional(values, name, most, problems);
    if text.is_empty() {
        problems.add(name, missing);
    }
    text
}

fn optional(values: &Values, name: &'static str, most: usize, problems: &mut Problems) -> String {
    let text = text(values, name);
    if text.chars().count() > most {
        problems.add(name, format!("At most {most} characters fit here."));
    }
    text.to_owned()
}

fn evidence(values: &Values, problems: &mut Problems) -> Vec<EvidenceId> {
    let ids = text(values, "evidence").split(", ").filter(|id| !id.is_empty()).map(str::parse);
    ids.collect::<Result<_, _>>().unwrap_or_else(|_| {
        problems.add("evidence", "Choose from these.");
        Vec::new()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(kind: &str, fields: &[(&'static str, &str)]) -> Values {
        let all = [("kind", kind)].into_iter().chain(fields.iter().copied());
        all.map(|(name, text)| (name, text.to_owned())).collect()
    }

    fn wrong(values: &Values) -> Vec<String> {
        let problems = AnswerFields::parse(values).unwrap_err();
        problems.iter().map(|problem| problem.field.to_string()).collect()
    }

    #[test]
    fn an_answer_has_what_its_kind_has_and_nothing_else() {
        let id = EvidenceId::new().to_string();
        let evidence = ("evidence", id.as_str());
        for kind in ["extractive", "abstractive"] {
            AnswerFields::parse(&answer(kind, &[("answer", "412"), evidence])).unwrap();
            assert_eq!(wrong(&answer(kind, &[evidence])), ["answer"]);
            assert_eq!(wrong(&answer(kind, &[("answer", "412")])), ["evidence"]);
            assert_eq!(wrong(&answer(kind, &[("answer", "412"), ("is_yes", "no"), evidence])), ["is_yes"]);
        }
        let yes = [("is_yes", "yes"), ("explanation", "540 is more than 412."), evidence];
        AnswerFields::parse(&answer("boolean", &yes)).unwrap();
        assert_eq!(wrong(&answer("boolean", &[])), ["is_yes", "explanation", "evidence"]);
        assert_eq!(wrong(&answer("boolean", &[yes[0], yes[1], evidence, ("answer", "Yes")])), ["answer"]);
        AnswerFields::parse(&answer("unanswerable", &[])).unwrap();
        AnswerFields::parse(&answer("unanswerable", &[("explanation", "No figures are kept.")])).unwrap();
        assert_eq!(wrong(&answer("unanswerable", &[evidence])), ["evidence"]);
        assert_eq!(wrong(&answer("hearsay", &[("answer", "x"), evidence])), ["kind"]);
        assert_eq!(wrong(&answer("abstractive", &[("answer", "x"), ("evidence", "all")])), ["evidence"]);
    }

    #[test]
    fn a_set_holds_two() {
        let (one, other) = (EvidenceId::new(), EvidenceId::new());
        let set =
            |evidence: String| -> Values { [("label", "A rise".to_owned()), ("evidence", evidence)].into() };
        let fields = SetFields::parse(&set(format!("{one}, {other}"))).unwrap();
        assert_eq!(fields.evidence, [one, other]);
        assert!(SetFields::parse(&set(one.to_string())).unwrap_err().of("evidence").is_some());
        assert!(SetFields::parse(&Values::new()).unwrap_err().of("label").is_some());
    }

    #[test]
    fn fields_read_back_from_their_texts() {
        let id = EvidenceId::new();
        let values = answer("boolean", &[("is_yes", "no"), ("explanation", "It fell.")]);
        let mut fields = AnswerFields::parse(&{
            let mut values = values.clone();
            values.insert("evidence", id.to_string());
            values
        })
        .unwrap();
        assert_eq!(AnswerFields::parse(&fields.values()).unwrap(), fields);
        assert_eq!(fields.words(), "No");
        (fields.kind, fields.is_yes, fields.evidence) = (AnswerKind::Unanswerable, None, Vec::new());
        assert_eq!(AnswerFields::parse(&fields.values()).unwrap(), fields);
        assert_eq!(fields.words(), "It cannot be answered");
        let asked = QuestionFields { question: "How high was the bill?".to_owned() };
        assert_eq!(QuestionFields::parse(&asked.values()).unwrap(), asked);
        assert!(QuestionFields::parse(&Values::new()).is_err());
    }
}
