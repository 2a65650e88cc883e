//! What the demo's desks hold: the articles and the two documents in `demo/`, built into the binary.
//!
//! Places, people, organisations and figures are made up. Things are named by a `key` and refer to each other by it.
//! Words of closed sets (`stance`, `rating`, …) are the codes that forms and the database use.

mod claim;
mod grouped;
#[cfg(test)]
mod tests;
mod training;

use std::sync::LazyLock;

use serde::Deserialize;
use time::Date;

pub use claim::{
    Adjudication, Appearance, Assessed, At, Claim, Correction, Draft, Evidence, Publication, Quote, Rating,
    Retraction, Returned, Speaker, Stage, Verdict,
};
pub use grouped::{Answer, EvidenceSet, Question};
pub use training::{Guidelines, Training};

time::serde::format_description!(iso_date, Date, "[year]-[month]-[day]");

/// The sample content of a desk of fact-checkers. Never fails to be read: the tests beside this module read the same text,
/// which cannot change after the build.
pub static CONTENT: LazyLock<Content> = LazyLock::new(|| read(include_str!("../../demo/desk.json")));

/// The sample content of a desk that makes a dataset: its claims are assessed blindly.
pub static DATASET: LazyLock<Content> = LazyLock::new(|| read(include_str!("../../demo/dataset.json")));

fn read(text: &str) -> Content {
    serde_json::from_str(text).expect("the text is built in, and a test has parsed it")
}

/// Everything about a desk, as in `demo/desk.json`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Content {
    pub desk: Desk,
    pub articles: Vec<Article>,
    pub revisions: Vec<Revision>,
    pub incoming: Vec<Incoming>,
    pub agents: Vec<Agent>,
    pub sources: Vec<Source>,
    pub claims: Vec<Claim>,
    pub guidelines: Vec<Guidelines>,
    pub training: Vec<Training>,
}

impl Content {
    /// The agent with that key.
    ///
    /// # Panics
    /// When there is none, which a test rules out.
    #[must_use]
    pub fn agent(&self, key: &str) -> &Agent {
        self.agents.iter().find(|agent| agent.key == key).expect("tests follow every key")
    }

    /// The source with that key.
    ///
    /// # Panics
    /// When there is none, which a test rules out.
    #[must_use]
    pub fn source(&self, key: &str) -> &Source {
        self.sources.iter().find(|source| source.key == key).expect("tests follow every key")
    }
}

/// The desk itself.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Desk {
    pub slug: String,
    pub name: String,
    /// BCP 47.
    pub language: String,
    /// The `code` of one of `presets/scales.json`.
    pub scale: String,
    /// Who works there.
    pub team: Vec<Account>,
    /// How many assess each claim blindly; otherwise a second person approves what one has drafted.
    #[serde(default)]
    pub assessors: Option<i16>,
}

/// One of the demo's accounts, each named after what it does at the desk.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, PartialEq)]
#[serde(rename_all = "snake_case")]
pub enum Account {
    Annotator,
    Checker,
    Reviewer,
    Editor,
    Admin,
    Auditor,
    FirstCoder,
    SecondCoder,
    ThirdCoder,
}

impl Account {
    pub const ALL: [Self; 9] = [
        Self::Annotator,
        Self::Checker,
        Self::Reviewer,
        Self::Editor,
        Self::Admin,
        Self::Auditor,
        Self::FirstCoder,
        Self::SecondCoder,
        Self::ThirdCoder,
    ];

    /// The name to sign in with.
    #[must_use]
    pub fn handle(self) -> &'static str {
        match self {
            Self::Annotator => "annotator",
            Self::Checker => "checker",
            Self::Reviewer => "reviewer",
            Self::Editor => "editor",
            Self::Admin => "admin",
            Self::Auditor => "auditor",
            Self::FirstCoder => "coder-1",
            Self::SecondCoder => "coder-2",
            Self::ThirdCoder => "coder-3",
        }
    }
}

/// An article to import.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Article {
    pub key: String,
    pub file: ArticleFile,
    pub format: Format,
    pub language: String,
    pub title: String,
    pub url: String,
    /// The key of an agent.
    pub publisher: String,
    pub authors: Vec<String>,
    pub published: Dated,
}

/// A later text of an article.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Revision {
    /// The key of the article.
    pub article: String,
    pub file: ArticleFile,
    pub format: Format,
    /// When the desk saw it.
    #[serde(with = "iso_date")]
    pub seen: Date,
}

/// A file that came in, and waits to be looked at or cannot be read.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Incoming {
    pub file: IncomingFile,
    #[serde(with = "iso_date")]
    pub came: Date,
}

/// A file of `demo/` that is no article yet.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq)]
pub enum IncomingFile {
    #[serde(rename = "ferry-timetable.eml")]
    FerryTimetable,
    #[serde(rename = "council-minutes-scan.pdf")]
    CouncilMinutesScan,
}

impl IncomingFile {
    /// What the file is called.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::FerryTimetable => "ferry-timetable.eml",
            Self::CouncilMinutesScan => "council-minutes-scan.pdf",
        }
    }

    /// The bytes as they would be uploaded.
    #[must_use]
    pub fn read(self) -> &'static [u8] {
        match self {
            Self::FerryTimetable => include_bytes!("../../demo/ferry-timetable.eml"),
            Self::CouncilMinutesScan => include_bytes!("../../demo/council-minutes-scan.pdf"),
        }
    }
}

/// A file of `demo/` which holds an article.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq)]
pub enum ArticleFile {
    #[serde(rename = "water-bills.html")]
    WaterBills,
    #[serde(rename = "hospital-and-bus.md")]
    HospitalAndBus,
    #[serde(rename = "hospital-and-bus.corrected.md")]
    HospitalAndBusCorrected,
    #[serde(rename = "harbour-dredging.ar.txt")]
    HarbourDredging,
    #[serde(rename = "transport-plan.md")]
    TransportPlan,
}

impl ArticleFile {
    /// The article as it would be uploaded.
    #[must_use]
    pub fn read(self) -> &'static str {
        match self {
            Self::WaterBills => include_str!("../../demo/water-bills.html"),
            Self::HospitalAndBus => include_str!("../../demo/hospital-and-bus.md"),
            Self::HospitalAndBusCorrected => include_str!("../../demo/hospital-and-bus.corrected.md"),
            Self::HarbourDredging => include_str!("../../demo/harbour-dredging.ar.txt"),
            Self::TransportPlan => include_str!("../../demo/transport-plan.md"),
        }
    }
}

/// How an article is written down.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    Html,
    Markdown,
    Text,
}

/// When something was said or published, as precisely as it is known.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Dated {
    Day(#[serde(with = "iso_date")] Date),
    Month {
        year: i32,
        /// 1 is January.
        month: u8,
    },
    Year(i32),
    /// Somewhere between two days, both included.
    Range {
        #[serde(with = "iso_date")]
        from: Date,
        #[serde(with = "iso_date")]
        to: Date,
    },
    Unknown,
}

/// Somebody who speaks or publishes.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Agent {
    pub key: String,
    pub kind: String,
    pub name: String,
}

/// A document which is cited.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    pub key: String,
    pub title: String,
    pub url: Option<String>,
    /// The key of an agent.
    pub publisher: Option<String>,
    pub authors: Vec<String>,
    pub published: Dated,
    pub class: String,
    pub medium: String,
    /// Where a copy can be read in an archive outside.
    #[serde(default)]
    pub archived: Option<String>,
}
