//! What became of each file.

use std::fmt;
use std::io;

use crate::id::ArticleId;

/// What became of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It is an article; in a dry run, it would be.
    Added(Option<ArticleId>),
    /// It is the next version of an article; in a dry run, it would be.
    NextVersion(ArticleId),
    /// The same text is here.
    Double(ArticleId),
    /// An article with the same address and another text is here.
    OtherText(ArticleId),
    /// The same text or address came in with another file of this import.
    Again(String),
    /// It could not be read or stored, and why.
    Refused(String),
}

impl Outcome {
    /// The word for it in a table.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Added(_) => "added",
            Self::NextVersion(_) => "next version",
            Self::Double(_) | Self::Again(_) => "double",
            Self::OtherText(_) => "other text",
            Self::Refused(_) => "refused",
        }
    }

    /// Which article it is.
    #[must_use]
    pub const fn article(&self) -> Option<ArticleId> {
        match self {
            Self::Added(article) => *article,
            Self::NextVersion(article) | Self::Double(article) | Self::OtherText(article) => Some(*article),
            Self::Again(_) | Self::Refused(_) => None,
        }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Added(_) => f.write_str("It is an article now."),
            Self::NextVersion(article) => write!(f, "It is the next version of article {article}."),
            Self::Double(article) => write!(f, "The same text is here already, as article {article}."),
            Self::OtherText(article) => {
                write!(
                    f,
                    "Article {article} has this address and another text; --update adds this as its next version."
                )
            }
            Self::Again(name) => write!(f, "It is the same article as {name}."),
            Self::Refused(words) => f.write_str(words),
        }
    }
}

/// A file and what became of it.
#[derive(Clone, Debug)]
pub struct Line {
    pub name: String,
    pub outcome: Outcome,
}

/// What became of all files.
#[derive(Clone, Debug, Default)]
pub struct Report {
    pub lines: Vec<Line>,
}

impl Report {
    /// How many files became what a word says.
    #[must_use]
    pub fn count(&self, word: &str) -> usize {
        self.lines.iter().filter(|line| line.outcome.word() == word).count()
    }

    /// The counts in a sentence.
    #[must_use]
    pub fn summary(&self, dry: bool) -> String {
        let [added, version, double, other, refused] =
            ["added", "next version", "double", "other text", "refused"].map(|word| self.count(word));
        let would = if dry { "would be " } else { "" };
        let mut parts = vec![format!("{added} {would}added")];
        if version > 0 {
            parts.push(format!("{version} {would}added as next versions"));
        }
        parts.push(format!("{double} here already"));
        if other > 0 {
            parts.push(format!("{other} here with another text"));
        }
        parts.push(format!("{refused} refused"));
        format!("{} files: {}.", self.lines.len(), parts.join(", "))
    }

    /// Writes a table: file, outcome, article, why.
    ///
    /// # Errors
    /// What writing fails with.
    pub fn write_csv(&self, to: impl io::Write) -> io::Result<()> {
        let mut table = csv::Writer::from_writer(to);
        table.write_record(["file", "outcome", "article", "why"])?;
        for line in &self.lines {
            let article = line.outcome.article().map(|article| article.to_string()).unwrap_or_default();
            let why = match line.outcome {
                Outcome::Added(_) => String::new(),
                _ => line.outcome.to_string(),
            };
            table.write_record([
                &crate::exchange::cell(&line.name),
                line.outcome.word(),
                &article,
                &crate::exchange::cell(&why),
            ])?;
        }
        table.flush()
    }
}
