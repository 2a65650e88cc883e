//! What can be edited of a claim, as texts and as it is stored.

use super::{Claim, ClaimType};
use crate::editing::{Field, Values, Widget};
use crate::web::problems::Problems;

/// How long the words of a claim may be, in code points; the database says the same.
pub const WORDS_MAX: usize = 400;
/// How many topics a claim may have.
const TOPICS_MAX: usize = 20;

/// The claim itself.
pub const CLAIM_REVIEWED: Field = Field {
    name: "claim_reviewed",
    label: "The claim in plain words",
    hint: "One statement that can be checked on its own: who, what, when. It need not be the quotation.",
    widget: Widget::Text,
};

/// What it is about.
pub const TOPICS: Field = Field {
    name: "topics",
    label: "Topics",
    hint: "Parted by commas, as in: water, prices.",
    widget: Widget::Line,
};

/// What can be edited of a claim.
pub static CLAIM: [Field; 4] = [
    CLAIM_REVIEWED,
    Field {
        name: "claim_types",
        label: "What kind of claim is it?",
        hint: "",
        widget: Widget::Choices(ClaimType::CHOICES),
    },
    TOPICS,
    Field {
        name: "language",
        label: "Language",
        hint: "Of the claim in plain words, as a code: en, ar, pt-BR. Leave it empty if you do not know it.",
        widget: Widget::Line,
    },
];

/// A claim's fields, each as it may be stored.
#[derive(Clone, Debug)]
pub struct ClaimFields {
    pub claim_reviewed: String,
    pub language: Option<String>,
    pub claim_types: Vec<ClaimType>,
    pub topics: Vec<String>,
}

impl Claim {
    /// The claim's fields as texts.
    #[must_use]
    pub fn values(&self) -> Values {
        let types: Vec<_> = self.claim_types.iter().map(|kind| kind.as_str()).collect();
        [
            ("claim_reviewed", self.claim_reviewed.clone()),
            ("claim_types", types.join(", ")),
            ("topics", self.topics.join(", ")),
            ("language", self.language.clone().unwrap_or_default()),
        ]
        .into()
    }
}

impl ClaimFields {
    /// Reads the fields.
    ///
    /// # Errors
    /// What is wrong with which field.
    pub fn parse(values: &Values) -> Result<Self, Problems> {
        let text = |name: &str| values.get(name).map_or("", String::as_str);
        let mut problems = Problems::default();
        let claim_reviewed = text("claim_reviewed").split_whitespace().collect::<Vec<_>>().join(" ");
        let length = claim_reviewed.chars().count();
        if length == 0 {
            problems.add("claim_reviewed", "Say what is claimed.");
        } else if length > WORDS_MAX {
            problems.add(
                "claim_reviewed",
                format!("The claim is {length} characters long. At most {WORDS_MAX} fit: one statement, not all of them."),
            );
        }
        let language = Some(text("language").to_owned()).filter(|code| !code.is_empty());
        if language.as_deref().is_some_and(|code| !is_language(code)) {
            problems.add("language", "Give the language as a code, such as en, ar or pt-BR.");
        }
        let mut claim_types = Vec::new();
        for code in text("claim_types").split(", ").filter(|code| !code.is_empty()) {
            match ClaimType::parse(code) {
                Some(kind) => claim_types.push(kind),
                None => problems.add("claim_types", format!("There is no kind of claim “{code}”.")),
            }
        }
        let topics = topics(text("topics"));
        if topics.len() > TOPICS_MAX {
            problems.add("topics", format!("Give at most {TOPICS_MAX} topics."));
        }
        if topics.iter().any(|topic| topic.chars().count() > 60) {
            problems.add("topics", "A topic is at most 60 characters long. Part topics by commas.");
        }
        problems.unless(Self { claim_reviewed, language, claim_types, topics })
    }
}

/// The topics in a list parted by commas, each in the one spelling by which it is found: lower case, one blank between
/// words, no `#`.
#[must_use]
pub fn topics(list: &str) -> Vec<String> {
    let mut topics: Vec<String> = Vec::new();
    for part in list.split([',', '،', '\n']) {
        let topic = part.to_lowercase().replace('#', " ").split_whitespace().collect::<Vec<_>>().join(" ");
        if !topic.is_empty() && !topics.contains(&topic) {
            topics.push(topic);
        }
    }
    topics
}

/// Whether it has the form of a language tag: <https://www.rfc-editor.org/rfc/rfc5646#section-2.1>.
fn is_language(code: &str) -> bool {
    let mut parts = code.split('-');
    let is_first =
        |part: &str| (2..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphabetic());
    let is_next =
        |part: &str| (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric());
    code.len() <= 35 && code != "und" && parts.next().is_some_and(is_first) && parts.all(is_next)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(pairs: &[(&'static str, &str)]) -> Values {
        pairs.iter().map(|(name, text)| (*name, (*text).to_owned())).collect()
    }

    #[test]
    fn what_is_not_known_is_nothing() {
        let fields = ClaimFields::parse(&values(&[("claim_reviewed", "Bills doubled.")])).unwrap();
        assert_eq!(fields.language, None);
        assert!(fields.claim_types.is_empty() && fields.topics.is_empty());
    }

    #[test]
    fn topics_have_one_spelling() {
        assert_eq!(topics(" Water, #water,Drinking  Water ,,"), ["water", "drinking water"]);
    }

    #[test]
    fn everything_that_is_wrong_is_told_at_once() {
        let long = "a".repeat(401);
        for (pairs, fields) in [
            (&[("claim_reviewed", " "), ("language", "English!")][..], &["claim_reviewed", "language"][..]),
            (&[("claim_reviewed", &long), ("claim_types", "gossip")], &["claim_reviewed", "claim_types"]),
            (&[("claim_reviewed", "a"), ("language", "und")], &["language"]),
        ] {
            let problems = ClaimFields::parse(&values(pairs)).unwrap_err();
            let found: Vec<_> = problems.iter().map(|problem| &*problem.field).collect();
            assert_eq!(found, fields);
        }
    }
}
