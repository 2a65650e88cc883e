//! A reader's report: what it says, how far it is, what members found, what the reader is told.

use sha2::{Digest as _, Sha256};
use time::OffsetDateTime;
use unicode_normalization::UnicodeNormalization as _;
use url::Url;

use crate::agents::key;
use crate::codes::codes;
use crate::id::{AccountId, ClaimId, ReportId};
use crate::web::problems::Problems;

codes! {
    /// What a reader wants.
    Kind {
        Error = "error", "Error";
        NewEvidence = "new_evidence", "New evidence";
        RightOfReply = "right_of_reply", "Reply by whoever is quoted";
        Appeal = "appeal", "Appeal";
    }

    /// How far a report is.
    State {
        New = "new", "Nobody has looked yet";
        FirstLook = "first_look", "One person has looked";
        SecondLook = "second_look", "Two people have looked";
        Answered = "answered", "Answered";
        Withdrawn = "withdrawn", "Taken back";
    }

    /// What is to become of it: found by those who look, and said in the answer.
    Finding {
        Upheld = "upheld", "They are right";
        Partly = "partly", "They are partly right";
        Rejected = "rejected", "Nothing has to change";
        Spam = "spam", "Spam or abuse";
    }
}

/// How long a report may be, in characters.
pub const WORDS_MAX: usize = 5_000;
/// How many addresses may come with it.
pub const LINKS_MAX: usize = 10;
const LINK_MAX: usize = 2_000;
const NAME_MAX: usize = 200;
const REACH_MAX: usize = 300;

impl Kind {
    /// What a reader chooses between, in the reader's words.
    #[must_use]
    pub const fn wish(self) -> (&'static str, &'static str) {
        match self {
            Self::Error => ("Something is wrong", "a fact, a name, a number, a quote, a link"),
            Self::NewEvidence => ("I have evidence", "a document or source that bears on the claim"),
            Self::RightOfReply => {
                ("I am quoted here and reply", "your answer, as the person or office that is named")
            }
            Self::Appeal => ("Look at the verdict again", "why the evidence leads to another one"),
        }
    }
}

impl State {
    /// Whether something is still to be done.
    #[must_use]
    pub const fn is_open(self) -> bool {
        matches!(self, Self::New | Self::FirstLook | Self::SecondLook)
    }
}

impl Finding {
    /// The same as readers are told it.
    #[must_use]
    pub const fn told(self) -> &'static str {
        match self {
            Self::Upheld => "You are right",
            Self::Partly => "You are partly right",
            Self::Rejected => "We leave it as it is",
            Self::Spam => "We do not look into this",
        }
    }
}

/// A report as members read it.
#[derive(Clone, Debug)]
pub struct Report {
    pub id: ReportId,
    pub claim: ClaimId,
    pub claim_reviewed: String,
    /// The verdict that was public when it came, and the one that is now.
    pub verdict: i32,
    pub current_verdict: i32,
    pub is_retracted: bool,
    pub kind: Kind,
    pub state: State,
    pub sent: NewReport,
    pub erased_at: Option<OffsetDateTime>,
    pub created_at: OffsetDateTime,
    pub looks: Vec<Look>,
    pub answer: Option<Answer>,
    pub correction: Option<Correction>,
}

/// What one member found.
#[derive(Clone, Debug)]
pub struct Look {
    pub account: AccountId,
    pub by: String,
    pub finding: Finding,
    /// For members.
    pub note: String,
    pub at: OffsetDateTime,
}

/// What the reader is told in the end.
#[derive(Clone, Debug)]
pub struct Answer {
    pub outcome: Finding,
    pub words: String,
    pub is_public: bool,
    /// Whether the reader's words stand beside it.
    pub with_words: bool,
    pub by: String,
    pub at: OffsetDateTime,
}

/// The correction that a report led to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Correction {
    UnderWay,
    Published,
    Dropped,
}

/// What a reader sends.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct NewReport {
    /// Nothing in a form that nobody has filled in.
    pub kind: Option<Kind>,
    pub words: String,
    pub links: Vec<String>,
    pub name: Option<String>,
    /// How to reach them.
    pub reach: Option<String>,
    pub may_publish: bool,
}

/// What was typed into the form of a report.
#[derive(Clone, Debug, Default)]
pub struct Typed {
    pub kind: String,
    pub words: String,
    pub links: String,
    pub name: String,
    pub reach: String,
    pub may_publish: bool,
}

impl NewReport {
    /// Reads what was typed.
    ///
    /// # Errors
    /// What is wrong with which field.
    pub fn parse(typed: &Typed) -> Result<Self, Problems> {
        let mut problems = Problems::default();
        let words = tidy(&typed.words);
        let known = |text: &str| Some(line(text)).filter(|text| !text.is_empty());
        let (name, reach) = (known(&typed.name), known(&typed.reach));
        let kind = Kind::parse(&typed.kind);
        if kind.is_none() {
            problems.add("kind", "Choose what it is about.");
        }
        if words.is_empty() {
            problems.add("words", "Write what the desk should know.");
        }
        if kind == Some(Kind::RightOfReply) && name.is_none() {
            problems.add("name", "A reply needs the name of who replies.");
        }
        for (field, length, most) in [
            ("words", words.chars().count(), WORDS_MAX),
            ("name", name.as_ref().map_or(0, |name| name.chars().count()), NAME_MAX),
            ("reach", reach.as_ref().map_or(0, |reach| reach.chars().count()), REACH_MAX),
        ] {
            if length > most {
                problems.add(field, format!("At most {most} characters fit here; these are {length}."));
            }
        }
        let mut links = Vec::new();
        for given in typed.links.split_whitespace() {
            match address(given) {
                Some(link) if links.contains(&link) => {}
                Some(link) => links.push(link),
                None => problems
                    .add("links", "One of these is not an address that begins with https:// or http://."),
            }
        }
        if links.len() > LINKS_MAX {
            problems.add("links", format!("At most {LINKS_MAX} addresses fit here."));
        }
        problems.unless(Self { kind, words, links, name, reach, may_publish: typed.may_publish })
    }

    /// SHA-256 of a salt and all that was sent.
    #[must_use]
    pub fn digest(&self, salt: &[u8]) -> Vec<u8> {
        let mut hash = Sha256::new_with_prefix(salt);
        let mut field = |text: &str| {
            hash.update((text.len() as u64).to_be_bytes());
            hash.update(text.as_bytes());
        };
        field(self.kind.map_or("", Kind::as_str));
        field(&self.words);
        field(&self.links.join("\n"));
        field(self.name.as_deref().unwrap_or_default());
        field(self.reach.as_deref().unwrap_or_default());
        field(if self.may_publish { "yes" } else { "" });
        hash.finalize().to_vec()
    }

    /// SHA-256 of the words as they are compared: without case, accents and punctuation.
    #[must_use]
    pub fn words_hash(&self) -> Vec<u8> {
        let folded = key(&self.words);
        // Words of signs alone fold to nothing.
        let compared = if folded.is_empty() { &self.words } else { &folded };
        Sha256::digest(compared.as_bytes()).to_vec()
    }
}

impl From<&NewReport> for Typed {
    fn from(report: &NewReport) -> Self {
        Self {
            kind: report.kind.map_or("", Kind::as_str).to_owned(),
            words: report.words.clone(),
            links: report.links.join("\n"),
            name: report.name.clone().unwrap_or_default(),
            reach: report.reach.clone().unwrap_or_default(),
            may_publish: report.may_publish,
        }
    }
}

/// An address on the web, in one spelling.
fn address(given: &str) -> Option<String> {
    let url = Url::parse(given).ok()?;
    let on_the_web =
        matches!(url.scheme(), "http" | "https") && url.username().is_empty() && url.password().is_none();
    (on_the_web && url.as_str().len() <= LINK_MAX).then(|| url.to_string())
}

/// Texts as they are stored: normal form C, line breaks as LF, no blanks around.
pub(super) fn tidy(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\t', " ");
    let text: String = text.nfc().filter(|c| !c.is_control() || *c == '\n').collect();
    text.lines().map(str::trim_end).collect::<Vec<_>>().join("\n").trim().to_owned()
}

fn line(text: &str) -> String {
    tidy(text).split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed() -> Typed {
        Typed {
            kind: "error".into(),
            words: "The table is from 2022.\r\n\r\nNot 2023. ".into(),
            ..Typed::default()
        }
    }

    #[test]
    fn a_report_reads_back_from_what_was_typed() {
        let links = "https://stats.example/2022\nhttps://stats.example/2022".into();
        let report = NewReport::parse(&Typed { links, name: " Ines  Roe ".into(), ..typed() }).unwrap();
        assert_eq!(report.words, "The table is from 2022.\n\nNot 2023.");
        assert_eq!(report.links, ["https://stats.example/2022"]);
        assert_eq!(report.name.as_deref(), Some("Ines Roe"));
        assert_eq!(NewReport::parse(&Typed::from(&report)).unwrap(), report);
    }

    #[test]
    fn what_is_wrong_is_said_at_its_field() {
        let wrong = |typed: Typed| -> Vec<String> {
            NewReport::parse(&typed).unwrap_err().iter().map(|problem| problem.field.to_string()).collect()
        };
        assert_eq!(wrong(Typed::default()), ["kind", "words"]);
        assert_eq!(wrong(Typed { kind: "right_of_reply".into(), ..typed() }), ["name"]);
        assert_eq!(wrong(Typed { words: "x".repeat(WORDS_MAX + 1), ..typed() }), ["words"]);
        assert_eq!(wrong(Typed { links: "javascript:alert(1)".into(), ..typed() }), ["links"]);
        assert_eq!(wrong(Typed { links: "https://me:secret@a.example/".into(), ..typed() }), ["links"]);
        let many = (0..11).fold(String::new(), |text, number| format!("{text}https://a.example/{number} "));
        assert_eq!(wrong(Typed { links: many, ..typed() }), ["links"]);
    }

    #[test]
    fn the_same_words_are_known_again_in_another_spelling() {
        let hash =
            |words: &str| NewReport::parse(&Typed { words: words.into(), ..typed() }).unwrap().words_hash();
        assert_eq!(hash("The table is from 2022!"), hash("the  TABLE is from 2022"));
        assert_ne!(hash("The table is from 2022"), hash("The table is from 2021"));
        assert_ne!(hash("?"), hash("!"));
    }

    #[test]
    fn a_digest_needs_its_salt_and_covers_every_field() {
        let report = NewReport::parse(&typed()).unwrap();
        let other = NewReport { may_publish: true, ..report.clone() };
        assert_eq!(report.digest(b"salt"), report.digest(b"salt"));
        assert_ne!(report.digest(b"salt"), report.digest(b"another"));
        assert_ne!(report.digest(b"salt"), other.digest(b"salt"));
    }
}
