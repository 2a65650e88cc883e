//! One time that somebody was asked for comment, or the reason why nobody was.

use time::macros::format_description;
use time::{Date, OffsetDateTime};

use crate::codes::codes;
use crate::editing::{Field, Values, Widget};
use crate::id::{ClaimId, ContactId};
use crate::web::problems::Problems;

codes! {
    /// How somebody was asked.
    Channel {
        Email = "email", "by e-mail";
        Phone = "phone", "by phone";
        Letter = "letter", "by letter";
        Message = "message", "by a message on a platform";
        Form = "form", "through a form on their website";
        InPerson = "in_person", "in person";
        PressOffice = "press_office", "through their press office";
        Other = "other", "in another way";
    }

    /// What came of it.
    Outcome {
        Waiting = "waiting", "Waiting for an answer";
        Replied = "replied", "They answered";
        NoReply = "no_reply", "They did not answer";
        Refused = "refused", "They declined to comment";
        NotAttempted = "not_attempted", "They were not asked";
    }
}

/// An entry of the log.
#[derive(Clone, Debug)]
pub struct Contact {
    pub id: ContactId,
    pub claim: ClaimId,
    pub fields: ContactFields,
    /// Who logged it.
    pub created_by: String,
    pub removed_at: Option<OffsetDateTime>,
    pub row_version: i32,
}

/// What can be edited of an entry.
pub static CONTACT: [Field; 8] = [
    Field {
        name: "whom",
        label: "Whom",
        hint: "A person, or an office that speaks for them. Readers see it.",
        widget: Widget::Line,
    },
    Field { name: "outcome", label: "What came of it", hint: "", widget: Widget::Pick(Outcome::CHOICES) },
    Field { name: "channel", label: "How", hint: "", widget: Widget::Choice(Channel::CHOICES) },
    Field { name: "asked_on", label: "Asked on", hint: "As in 2026-03-14.", widget: Widget::Line },
    Field {
        name: "deadline",
        label: "Answer asked for by",
        hint: "As in 2026-03-16. Leave it empty if there was none.",
        widget: Widget::Line,
    },
    Field {
        name: "answer",
        label: "What they said",
        hint: "In their words where that is possible. Readers see it.",
        widget: Widget::Text,
    },
    Field {
        name: "reason",
        label: "Why they were not asked",
        hint: "Only if they were not. Readers see it.",
        widget: Widget::Text,
    },
    Field {
        name: "note",
        label: "Note for the desk",
        hint: "What was asked, and where to reach them. Members only.",
        widget: Widget::Text,
    },
];

/// The fields of an entry, each as it may be stored.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ContactFields {
    pub whom: String,
    pub outcome: Outcome,
    /// Nothing when nobody was asked.
    pub channel: Option<Channel>,
    pub asked_on: Option<Date>,
    pub deadline: Option<Date>,
    pub answer: String,
    pub reason: String,
    /// For members only.
    pub note: String,
}

impl ContactFields {
    /// The fields as texts.
    #[must_use]
    pub fn values(&self) -> Values {
        let day = |day: Option<Date>| day.map_or_else(String::new, |day| day.to_string());
        [
            ("whom", self.whom.clone()),
            ("outcome", self.outcome.as_str().to_owned()),
            ("channel", self.channel.map_or("", Channel::as_str).to_owned()),
            ("asked_on", day(self.asked_on)),
            ("deadline", day(self.deadline)),
            ("answer", self.answer.clone()),
            ("reason", self.reason.clone()),
            ("note", self.note.clone()),
        ]
        .into()
    }

    /// Reads the fields.
    ///
    /// # Errors
    /// What is wrong with which field.
    pub fn parse(values: &Values) -> Result<Self, Problems> {
        let text = |name: &str| values.get(name).map_or("", String::as_str);
        let mut problems = Problems::default();
        for (name, most) in [("whom", 200), ("answer", 5_000), ("reason", 1_000), ("note", 5_000)] {
            if text(name).chars().count() > most {
                problems.add(name, format!("At most {most} characters fit here."));
            }
        }
        if text("whom").is_empty() {
            problems.add("whom", "Say who was, or was not, asked.");
        }
        let mut day = |name: &'static str| {
            let day = parse_day(text(name));
            if day.is_none() && !text(name).is_empty() {
                problems.add(name, "Write the day as year, month and day, as in 2026-03-14.");
            }
            day
        };
        let (asked_on, deadline) = (day("asked_on"), day("deadline"));
        let channel = Channel::parse(text("channel"));
        if channel.is_none() && !text("channel").is_empty() {
            problems.add("channel", "Choose one of these.");
        }
        let outcome = Outcome::parse(text("outcome")).unwrap_or_else(|| {
            problems.add("outcome", "Choose what came of it.");
            Outcome::Waiting
        });
        let asked = outcome != Outcome::NotAttempted;
        let mut rule = |field: &'static str, broken: bool, words: &'static str| {
            if broken && problems.of(field).is_none() {
                problems.add(field, words);
            }
        };
        rule("channel", asked && channel.is_none(), "Choose how they were asked.");
        rule("asked_on", asked && asked_on.is_none(), "Give the day on which they were asked.");
        rule(
            "deadline",
            deadline < asked_on && deadline.is_some(),
            "The deadline is before the day they were asked.",
        );
        rule("answer", outcome == Outcome::Replied && text("answer").is_empty(), "Tell what they said.");
        rule("reason", !asked && text("reason").is_empty(), "Say why they were not asked.");
        rule("reason", asked && !text("reason").is_empty(), "This is only for those who were not asked.");
        for field in ["channel", "asked_on", "deadline"] {
            rule(field, !asked && !text(field).is_empty(), "Leave this empty, as they were not asked.");
        }
        problems.unless(Self {
            whom: text("whom").to_owned(),
            outcome,
            channel,
            asked_on,
            deadline,
            answer: text("answer").to_owned(),
            reason: text("reason").to_owned(),
            note: text("note").to_owned(),
        })
    }

    /// Whether an answer was due before a day, and none is known.
    #[must_use]
    pub fn is_overdue(&self, today: Date) -> bool {
        self.outcome == Outcome::Waiting && self.deadline.is_some_and(|deadline| deadline < today)
    }
}

fn parse_day(text: &str) -> Option<Date> {
    Date::parse(text, format_description!("[year]-[month]-[day]")).ok()
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;

    fn values(changes: &[(&'static str, &str)]) -> Values {
        let asked = [("whom", "The harbour office"), ("outcome", "waiting"), ("channel", "email")];
        let dates = [("asked_on", "2026-03-14"), ("deadline", "2026-03-16")];
        let all = asked.iter().chain(&dates).chain(changes);
        all.map(|(name, text)| (*name, (*text).to_owned())).collect()
    }

    #[test]
    fn an_entry_reads_back_from_its_texts() {
        let fields = ContactFields::parse(&values(&[("note", "Called twice.")])).unwrap();
        assert_eq!(ContactFields::parse(&fields.values()).unwrap(), fields);
        assert_eq!(fields.asked_on, Some(date!(2026 - 03 - 14)));
    }

    #[test]
    fn what_is_wrong_is_said_at_its_field() {
        let wrong = |changes: &[(&'static str, &str)]| -> Vec<String> {
            let problems = ContactFields::parse(&values(changes)).unwrap_err();
            problems.iter().map(|problem| problem.field.to_string()).collect()
        };
        assert_eq!(wrong(&[("whom", "")]), ["whom"]);
        assert_eq!(wrong(&[("outcome", "")]), ["outcome"]);
        assert_eq!(wrong(&[("channel", "")]), ["channel"]);
        assert_eq!(wrong(&[("asked_on", "14 March")]), ["asked_on"]);
        assert_eq!(wrong(&[("deadline", "2026-03-13")]), ["deadline"]);
        assert_eq!(wrong(&[("outcome", "replied")]), ["answer"]);
        assert_eq!(wrong(&[("reason", "No time.")]), ["reason"]);
        assert_eq!(wrong(&[("outcome", "not_attempted")]), ["reason", "channel", "asked_on", "deadline"]);
    }

    #[test]
    fn an_answer_is_overdue_the_day_after() {
        let fields = ContactFields::parse(&values(&[])).unwrap();
        assert!(!fields.is_overdue(date!(2026 - 03 - 16)));
        assert!(fields.is_overdue(date!(2026 - 03 - 17)));
        let replied = ContactFields::parse(&values(&[("outcome", "replied"), ("answer", "No.")])).unwrap();
        assert!(!replied.is_overdue(date!(2026 - 03 - 17)));
    }
}
