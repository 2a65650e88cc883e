//! Where a document says what it says about itself.

use serde::{Deserialize, Serialize};

/// Where a value was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    JsonLd,
    OpenGraph,
    Meta,
    Html,
    Pdf,
    Header,
    Doi,
    Isbn,
    Address,
    File,
}

impl Origin {
    /// The words that go after "from".
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::JsonLd => "the page’s JSON-LD",
            Self::OpenGraph => "the page’s OpenGraph tags",
            Self::Meta => "the page’s meta tags",
            Self::Html => "the page itself",
            Self::Pdf => "the PDF",
            Self::Header => "what the server said",
            Self::Doi => "its DOI",
            Self::Isbn => "its ISBN",
            Self::Address => "its address",
            Self::File => "the file",
        }
    }
}

impl std::fmt::Display for Origin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.label())
    }
}

/// What kind of document one says it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Genre {
    News,
    Scholarly,
    FactCheck,
    SocialPost,
    Dataset,
    Law,
    Book,
    Video,
    Audio,
}

impl Genre {
    /// By the kinds of schema.org (<https://schema.org/CreativeWork> and those below it), the narrowest first.
    pub(super) fn of_schema(kind: &str) -> Option<Self> {
        let kind = kind.rsplit(['/', ':', '#']).next().unwrap_or_default();
        match kind {
            "ClaimReview" => Some(Self::FactCheck),
            "SocialMediaPosting" | "DiscussionForumPosting" => Some(Self::SocialPost),
            "Dataset" | "DataCatalog" => Some(Self::Dataset),
            "Legislation" | "LegislationObject" => Some(Self::Law),
            "Book" => Some(Self::Book),
            "LiveBlogPosting" => Some(Self::News),
            _ if kind.ends_with("NewsArticle") => Some(Self::News),
            _ if kind.ends_with("ScholarlyArticle") => Some(Self::Scholarly),
            _ => None,
        }
    }

    /// By the types of `OpenGraph` (<https://ogp.me/#types>). An article there is any page.
    pub(super) fn of_open_graph(kind: &str) -> Option<Self> {
        match kind.split(['.', ':']).next().unwrap_or_default() {
            "video" => Some(Self::Video),
            "music" => Some(Self::Audio),
            "book" | "books" => Some(Self::Book),
            _ => None,
        }
    }
}
