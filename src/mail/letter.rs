//! What stands in a letter: plain text, for any reader.

use std::fmt::Write as _;

use crate::discussion::People;
use crate::notifications::Notification;

/// A letter, but for whom it is to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Letter {
    pub subject: String,
    pub text: String,
}

/// Characters of a subject.
const SUBJECT_MAX: usize = 120;

/// One letter about several things that happened at a desk.
#[must_use]
pub fn digest(base: &str, desk: (&str, &str), told: &[Notification], people: &People) -> Letter {
    let (slug, name) = desk;
    let subject = match told {
        [one] => format!("{} {}: {}", one.who(), one.words(), one.claim_reviewed),
        more => format!("{} things happened at {name}", more.len()),
    };
    let mut text = String::new();
    for one in told {
        let _ = writeln!(text, "{} {}:\n{}", one.who(), one.words(), one.claim_reviewed);
        if let Some(excerpt) = one.excerpt(people) {
            for line in excerpt.lines() {
                let _ = writeln!(text, "> {line}");
            }
        }
        let _ = writeln!(text, "{base}{}\n", one.address(slug));
    }
    let _ = write!(
        text,
        "-- \n{name}, on Factdesk. What is mailed to you, and whether anything is: {base}/account/mail\n"
    );
    Letter { subject: one_line(&subject), text }
}

/// The letter that shows that an address is the person's.
#[must_use]
pub fn confirmation(base: &str, handle: &str, secret: &str) -> Letter {
    Letter {
        subject: "Confirm your address for mail from Factdesk".to_owned(),
        text: format!(
            "The account {handle} at {base} wants notifications mailed here.\n\n\
             If that is you, confirm it within a day:\n{base}/account/mail/confirmations/{secret}\n\n\
             If not, do nothing: no further mail comes.\n"
        ),
    }
}

fn one_line(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= SUBJECT_MAX {
        return line;
    }
    line.chars().take(SUBJECT_MAX - 1).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use time::OffsetDateTime;

    use super::*;
    use crate::id::{ClaimId, CommentId, EventId};
    use crate::notifications::Kind;

    fn told(kind: Kind, action: &str, body: Option<&str>) -> Notification {
        Notification {
            event: EventId::new(),
            kind,
            action: action.to_owned(),
            who: Some("Rita".to_owned()),
            at: OffsetDateTime::UNIX_EPOCH,
            is_read: false,
            claim: ClaimId::from(uuid::Uuid::nil()),
            claim_reviewed: "Every third nurse\nleft".to_owned(),
            comment: body.map(|_| CommentId::from(uuid::Uuid::nil())),
            body: body.map(str::to_owned),
        }
    }

    #[test]
    fn one_thing_is_said_in_the_subject() {
        let letter = digest(
            "https://f.example",
            ("north", "North"),
            &[told(Kind::Mention, "comment.add", Some("Look!"))],
            &People::default(),
        );
        assert_eq!(letter.subject, "Rita called you: Every third nurse left");
        let nil = uuid::Uuid::nil();
        assert!(
            letter.text.contains(&format!("> Look!\nhttps://f.example/north/claims/{nil}#comment-{nil}\n")),
            "{}",
            letter.text
        );
    }

    #[test]
    fn several_things_are_counted_and_a_subject_is_one_short_line() {
        let one = told(Kind::Verdict, "verdict.return", None);
        let letter =
            digest("https://f.example", ("north", "North"), &[one.clone(), one.clone()], &People::default());
        assert_eq!(letter.subject, "2 things happened at North");
        assert_eq!(letter.text.matches("Rita returned the draft:").count(), 2);
        let long = Notification { claim_reviewed: "é".repeat(400), ..one };
        assert_eq!(digest("", ("n", "N"), &[long], &People::default()).subject.chars().count(), SUBJECT_MAX);
    }
}
