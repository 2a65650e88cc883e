//! What kind of work a source is, in the words of each format.

use super::Reference;
use crate::evidence::sources::{SourceClass, SourceMedium};

/// A kind of work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    JournalArticle,
    Book,
    NewsArticle,
    Report,
    DataSet,
    WebPage,
    Post,
    Interview,
    Video,
    Sound,
    Picture,
    Entry,
    Software,
    Document,
}

impl Kind {
    /// The kind of a source, by its class first, and by its medium where the class leaves it open.
    #[must_use]
    #[expect(clippy::match_same_arms, reason = "the first that fits counts, so their order matters")]
    pub(super) fn of(source: &Reference) -> Self {
        if source.isbn.is_some() {
            return Self::Book;
        }
        match (source.medium, source.class) {
            (Some(SourceMedium::Interview), _) => Self::Interview,
            (_, Some(SourceClass::SocialPost)) => Self::Post,
            (Some(SourceMedium::Video), _) => Self::Video,
            (Some(SourceMedium::Audio), _) => Self::Sound,
            (Some(SourceMedium::Image), _) => Self::Picture,
            (_, Some(SourceClass::PeerReviewed)) => Self::JournalArticle,
            (_, Some(SourceClass::NewsReport)) => Self::NewsArticle,
            (_, Some(SourceClass::PrimaryData)) => Self::DataSet,
            (_, Some(SourceClass::OfficialRecord)) => Self::Report,
            (_, Some(SourceClass::ReferenceWork)) => Self::Entry,
            (_, Some(SourceClass::AiOutput)) => Self::Software,
            (Some(SourceMedium::Pdf), _) => Self::Report,
            _ if source.url.is_some() => Self::WebPage,
            _ => Self::Document,
        }
    }

    /// CSL's word: <https://docs.citationstyles.org/en/stable/specification.html#appendix-iii-types>.
    #[must_use]
    pub const fn csl(self) -> &'static str {
        match self {
            Self::JournalArticle => "article-journal",
            Self::Book => "book",
            Self::NewsArticle => "article-newspaper",
            Self::Report => "report",
            Self::DataSet => "dataset",
            Self::WebPage => "webpage",
            Self::Post => "post",
            Self::Interview => "interview",
            Self::Video => "motion_picture",
            Self::Sound => "broadcast",
            Self::Picture => "graphic",
            Self::Entry => "entry-encyclopedia",
            Self::Software => "software",
            Self::Document => "document",
        }
    }

    /// `BibTeX`'s word. What asks for more than is known (a journal needs its name) is `misc`.
    #[must_use]
    pub(super) const fn bibtex(self, has_publisher: bool) -> &'static str {
        match self {
            Self::JournalArticle if has_publisher => "article",
            Self::Book if has_publisher => "book",
            Self::Report if has_publisher => "techreport",
            _ => "misc",
        }
    }

    /// The word of RIS.
    #[must_use]
    pub(super) const fn ris(self) -> &'static str {
        match self {
            Self::JournalArticle => "JOUR",
            Self::Book => "BOOK",
            Self::NewsArticle => "NEWS",
            Self::Report => "RPRT",
            Self::DataSet => "DATA",
            Self::WebPage | Self::Post => "ELEC",
            Self::Interview => "PCOMM",
            Self::Video => "VIDEO",
            Self::Sound => "SOUND",
            Self::Picture => "FIGURE",
            Self::Entry => "ENCYC",
            Self::Software => "COMP",
            Self::Document => "GEN",
        }
    }

    /// Whether its publisher is what it appeared in (a paper, a site), rather than who brought it out.
    #[must_use]
    pub(super) const fn is_part(self) -> bool {
        matches!(self, Self::JournalArticle | Self::NewsArticle | Self::WebPage | Self::Post | Self::Entry)
    }
}
