//! Articles: texts under scrutiny. How they come in, what is known about them, and their versions.

pub mod details;
pub mod incoming;
pub mod intake;
pub mod pages;
pub mod snapshots;
pub mod store;
pub mod texts;
pub mod versions;
pub mod watches;

use actix_web::web::ServiceConfig;
use serde::Serialize;
use time::OffsetDateTime;

use crate::codes::codes;
use crate::id::{AgentId, ArticleId, EventId, SnapshotId, VersionId};
use crate::text::Document;
use crate::text::address::SafeUrl;
use crate::text::dates::PartialDate;
use crate::web::Shell;

/// A language that is not known: <https://www.rfc-editor.org/rfc/rfc5646#section-2.2>, as `und`.
pub const LANGUAGE_UNKNOWN: &str = "und";

codes! {
    /// What a version was read from.
    Format {
        Text = "text", "Plain text";
        Markdown = "markdown", "Markdown";
        Html = "html", "Web page (HTML)";
        Pdf = "pdf", "PDF";
        Docx = "docx", "Word (DOCX)";
        Email = "email", "E-mail (EML)";
    }
}

impl Format {
    /// Those whose words can be pasted: the others are bytes.
    pub const PASTED: &[Self] = &[Self::Text, Self::Markdown, Self::Html];

    /// Whether it is text that people can paste.
    #[must_use]
    pub const fn is_text(self) -> bool {
        matches!(self, Self::Text | Self::Markdown | Self::Html)
    }
}

/// What is known about an article. Everything but the language's code may be unknown.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Known {
    pub url: Option<SafeUrl>,
    pub title: Option<String>,
    /// Whoever is named as writing it, several separated by commas.
    pub byline: Option<String>,
    pub publisher: Option<AgentId>,
    /// BCP 47, or [`LANGUAGE_UNKNOWN`].
    pub language: String,
    pub published: PartialDate,
}

/// An article as it is kept.
#[derive(Clone, Debug)]
pub struct Article {
    pub id: ArticleId,
    pub known: Known,
    /// The publisher's name.
    pub publisher_name: Option<String>,
    pub created_at: OffsetDateTime,
    /// Raised by each change.
    pub row_version: i32,
    /// The last change.
    pub event: EventId,
}

impl Article {
    /// What to call it: its title, or that it has none.
    #[must_use]
    pub fn name(&self) -> &str {
        self.known.title.as_deref().unwrap_or("Article without a title")
    }

    /// Its language for a `lang` attribute: empty when it is not known.
    #[must_use]
    pub fn lang(&self) -> &str {
        if self.known.language == LANGUAGE_UNKNOWN { "" } else { &self.known.language }
    }
}

/// An article that comes in, with its first version.
#[derive(Clone, Debug)]
pub struct NewArticle {
    pub id: ArticleId,
    pub version: VersionId,
    pub known: Known,
    pub document: Document,
    pub format: Format,
    /// The name of the file it was uploaded as.
    pub file_name: Option<String>,
    /// The encoding that the file had.
    pub charset: Option<String>,
    /// The bytes it was read from.
    pub snapshot: Option<SnapshotId>,
}

impl NewArticle {
    /// One with identifiers of its own.
    #[must_use]
    pub fn new(known: Known, document: Document, format: Format) -> Self {
        Self {
            id: ArticleId::new(),
            version: VersionId::new(),
            known,
            document,
            format,
            file_name: None,
            charset: None,
            snapshot: None,
        }
    }

    /// What the record says of it.
    #[must_use]
    pub fn event(&self) -> impl Serialize + use<> {
        #[derive(Serialize)]
        struct Added {
            version: VersionId,
            title: Option<String>,
            url: Option<SafeUrl>,
            format: Format,
            text_sha256: String,
        }
        Added {
            version: self.version,
            title: self.known.title.clone(),
            url: self.known.url.clone(),
            format: self.format,
            text_sha256: hex(&store::hash(self.document.text())),
        }
    }
}

/// Bytes as the record writes them.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut hex, byte| {
        use std::fmt::Write as _;
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

/// The path of an article's page.
#[must_use]
pub fn path(shell: &Shell, article: ArticleId) -> String {
    shell.path(&format!("/articles/{article}"))
}

/// The addresses of this capability, but for the reading page, which shows claims.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(pages::list::list)
        .service(pages::new::start)
        .service(pages::new::create)
        .service(pages::edit::details)
        .service(pages::edit::save)
        .service(pages::edit::undo)
        .service(incoming::by_address::pages::start)
        .service(incoming::by_address::pages::create)
        .service(incoming::by_address::pages::progress)
        .service(incoming::by_address::pages::fetch)
        .service(watches::pages::show)
        .service(watches::pages::fetch)
        .service(watches::pages::begin)
        .service(watches::pages::end)
        .service(snapshots::pages::download);
}
