//! From the bytes of a source to its text, in a process of its own: of whatever strangers made.

use serde::{Deserialize, Serialize};

use super::{Media, NoText, Why};
use crate::articles::intake::{How, Received, Said, look_over};
use crate::fetch::forbids_keeping;
use crate::isolated::{Broken, Isolated, Message, Work};
use crate::text::Document;
use crate::text::document::leave_out;
use crate::text::import::html::signs;
use crate::text::import::{
    Found, ImportError, Imported, decode, from_csv, from_docx, from_email, from_html, from_pdf, from_plain,
};

/// Which program reads sources, and its version.
pub const READER: &str = concat!("factdesk ", env!("CARGO_PKG_VERSION"));
/// A page that asks for a password and has fewer characters besides its menus is a wall, and not what was cited.
const WALL_MAX: usize = 600;

/// What was read out of a source.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Reading {
    pub media_type: String,
    /// All words that it shows, or why there are none.
    pub text: Result<Document, NoText>,
    /// What it says about itself.
    pub found: Found,
    /// Its words without menus and other surroundings, white space folded: what it is about.
    pub gist: String,
    /// Why it is not to be kept although it came.
    pub wall: Option<Why>,
}

/// What goes to the process.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Order {
    said: Said,
    /// Whether it was fetched: what a person gave is what they say it is.
    fetched: bool,
}

/// Reads a source in this process. What strangers made is read in one of its own.
#[must_use]
pub fn read(said: &Said, bytes: &[u8], fetched: bool) -> Reading {
    let media = Media::of(bytes, said);
    let mut wall = None;
    let imported = match media {
        Media::Pdf => from_pdf(bytes),
        Media::Docx => from_docx(bytes),
        Media::Email => from_email(bytes),
        Media::Other(media_type) if media_type.starts_with("image/") => Err(ImportError::Picture),
        Media::Other(_) => Err(ImportError::NotText),
        Media::Html | Media::Text | Media::Csv | Media::Json | Media::Xml => {
            let (text, _) = decode(bytes, said.charset.as_deref());
            look_over(&text).and_then(|()| match media {
                Media::Html => {
                    let imported = from_html(&text, said.page.as_ref());
                    wall = if fetched { wall_of(&text, imported.as_ref().ok()) } else { None };
                    imported
                }
                Media::Csv => from_csv(&text),
                _ => from_plain(&text),
            })
        }
    };
    let media_type = media.media_type().to_owned();
    match imported {
        Ok(imported) => {
            let gist = gist(&imported);
            Reading { media_type, text: Ok(imported.document), found: imported.found, gist, wall }
        }
        Err(error) => {
            let text = Err(no_text(error));
            Reading { media_type, text, found: Found::default(), gist: String::new(), wall }
        }
    }
}

fn gist(imported: &Imported) -> String {
    let article = leave_out(imported.document.clone(), &imported.surroundings);
    let text = article.as_ref().map_or(imported.document.text(), Document::text);
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn wall_of(html: &str, imported: Option<&Imported>) -> Option<Why> {
    let signs = signs(html);
    if signs.robots.iter().any(|said| forbids_keeping(said)) {
        return Some(Why::NoArchive);
    }
    let words = imported.map_or(0, |imported| gist(imported).chars().count());
    (signs.asks_password && words < WALL_MAX).then_some(Why::SignIn)
}

const fn no_text(error: ImportError) -> NoText {
    match error {
        ImportError::Empty | ImportError::EmailEmpty => NoText::Blank,
        ImportError::Picture | ImportError::PdfPictures => NoText::Picture,
        ImportError::PdfEncrypted | ImportError::WordEncrypted => NoText::Protected,
        ImportError::PdfBroken | ImportError::WordBroken | ImportError::EmailBroken => NoText::Broken,
        ImportError::TooLong
        | ImportError::TooMuchMarkup
        | ImportError::TooManyBlocks
        | ImportError::TooLarge
        | ImportError::PdfTooManyPages => NoText::TooLong,
        _ => NoText::Unreadable,
    }
}

/// Reads a source in a process of its own. One that ends it, or takes too long, has no text.
pub async fn read_apart(isolated: &Isolated, received: &Received) -> Reading {
    let order = Order { said: received.said(), fetched: received.how == How::Url };
    match isolated.run::<Reading>(Work::ReadSource, &order, &received.bytes).await {
        Ok(answer) => answer.head,
        Err(broken) => {
            if let Broken::Unavailable(_) = broken {
                tracing::error!(error = &broken as &dyn std::error::Error, "a source could not be read");
            }
            Reading {
                media_type: Media::of(&received.bytes, &order.said).media_type().to_owned(),
                text: Err(NoText::Unreadable),
                found: Found::default(),
                gist: String::new(),
                wall: None,
            }
        }
    }
}

/// The process's side.
#[must_use]
pub fn answer(sent: &Message<Order>) -> Message<Reading> {
    Message { head: read(&sent.head.said, &sent.bytes, sent.head.fetched), bytes: Vec::new() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fetched(media_type: &str, bytes: &[u8]) -> Reading {
        read(&Said { media_type: Some(media_type.to_owned()), ..Said::default() }, bytes, true)
    }

    #[test]
    fn a_page_that_only_asks_for_a_password_is_a_wall() {
        let wall = "<!doctype html><h1>Sign in</h1><form><input type=password></form><p>Please sign in.";
        assert_eq!(fetched("text/html", wall.as_bytes()).wall, Some(Why::SignIn));
        let article = format!("{wall}<p>{}", "A long report about the bridge. ".repeat(40));
        assert_eq!(fetched("text/html", article.as_bytes()).wall, None);
        // What a person saved is what they saw.
        assert_eq!(read(&Said::default(), wall.as_bytes(), false).wall, None);
    }

    #[test]
    fn a_page_that_asks_not_to_be_kept_says_so() {
        let page = "<!doctype html><meta name=robots content='noarchive'><p>Words of the page.";
        assert_eq!(fetched("text/html", page.as_bytes()).wall, Some(Why::NoArchive));
    }

    #[test]
    fn whatever_it_is_it_has_a_text_or_a_reason() {
        assert_eq!(fetched("image/png", b"\x89PNG\r\n\x1a\n").text.unwrap_err(), NoText::Picture);
        assert_eq!(fetched("application/pdf", b"%PDF-1.7\nbroken").text.unwrap_err(), NoText::Broken);
        assert_eq!(fetched("text/plain", b" \n ").text.unwrap_err(), NoText::Blank);
        assert_eq!(fetched("text/csv", b"town,people\na,1\n").text.unwrap().blocks().len(), 4);
        assert_eq!(fetched("application/json", b"{\"a\": 1}").text.unwrap().text(), "{\"a\": 1}");
    }

    #[test]
    fn the_gist_leaves_out_what_surrounds() {
        let page = "<!doctype html><title>The bridge</title><nav><a href=/a>Home</a> <a href=/b>News</a></nav>\
            <article><h1>The bridge</h1><p>The bridge opened on Monday, said the mayor, after three years.</p></article>";
        let reading = fetched("text/html", page.as_bytes());
        assert!(reading.text.unwrap().text().contains("Home"));
        assert!(!reading.gist.contains("Home") && reading.gist.contains("opened on Monday"));
    }
}
