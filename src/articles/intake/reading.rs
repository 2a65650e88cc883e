//! From bytes to a document: pure, and of whatever strangers send.

use serde::{Deserialize, Serialize};

use super::received::{FILE_BYTES_MAX, Received, Said};
use super::sniff::{Kind, sniff};
use super::{Refused, guess, import};
use crate::articles::Format;
use crate::text::import::{Imported, decode, from_docx, from_email, from_pdf};

/// What became of bytes.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Reading {
    pub imported: Imported,
    pub format: Format,
    /// The encoding of a text.
    pub charset: Option<String>,
}

/// Reads what came in, in this process. What strangers sent is read in one of its own.
///
/// # Errors
/// [`Refused`], in words for the person who sent it.
pub fn read(received: &Received) -> Result<Reading, Refused> {
    read_bytes(&received.said(), &received.bytes)
}

/// Reads bytes. What they are is seen from them first, and only then from their name and what the sender said.
///
/// # Errors
/// [`Refused`], in words for the person who sent them.
pub fn read_bytes(said: &Said, bytes: &[u8]) -> Result<Reading, Refused> {
    if bytes.len() > FILE_BYTES_MAX {
        return Err(Refused::TooLarge);
    }
    match sniff(bytes, said)? {
        Kind::Text => read_text(said, bytes),
        Kind::Pdf => Ok(Reading { imported: from_pdf(bytes)?, format: Format::Pdf, charset: None }),
        Kind::Docx => Ok(Reading { imported: from_docx(bytes)?, format: Format::Docx, charset: None }),
        Kind::Email => Ok(Reading { imported: from_email(bytes)?, format: Format::Email, charset: None }),
    }
}

fn read_text(said: &Said, bytes: &[u8]) -> Result<Reading, Refused> {
    let (text, charset) = decode(bytes, said.charset.as_deref());
    look_over(&text)?;
    let format = match said.media_type.as_deref() {
        Some("text/html" | "application/xhtml+xml") => Format::Html,
        Some("text/markdown") => Format::Markdown,
        _ => guess(&text, said.file_name.as_deref()),
    };
    let imported = import(&text, format, said.page.as_ref())?;
    Ok(Reading { imported, format, charset: Some(charset.to_owned()) })
}

/// How many characters of a text are looked over.
const LOOKED_OVER: usize = 64 * 1024;

/// Refuses what is no text, whatever it is called.
///
/// # Errors
/// [`Refused`], in words for the person who sent it.
pub fn look_over(text: &str) -> Result<(), Refused> {
    let (mut all, mut controls, mut lost) = (0_usize, 0_usize, 0_usize);
    for character in text.chars().take(LOOKED_OVER) {
        all += 1;
        match character {
            '\t' | '\n' | '\r' | '\u{C}' | '\u{85}' => {}
            '\u{FFFD}' => lost += 1,
            _ if character.is_control() => controls += 1,
            _ => {}
        }
    }
    // A stray one is dropped or shown; a program, picture or packed file has one in ten.
    if controls * 20 > all {
        return Err(Refused::NotText);
    }
    if lost * 20 > all {
        return Err(if controls > 0 { Refused::NotText } else { Refused::Charset });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use time::OffsetDateTime;

    use super::*;
    use crate::articles::intake::How;

    fn refusal(name: &str, bytes: &[u8]) -> Option<Refused> {
        let mut received = Received::new(How::File, bytes.to_vec(), OffsetDateTime::UNIX_EPOCH);
        received.file_name = Some(name.to_owned());
        read(&received).err()
    }

    #[test]
    fn bytes_that_pose_as_a_page_are_refused() {
        // Every byte about as often as any other, as in what is packed or made by a compiler.
        let noise: Vec<u8> = (0..4_096_u32).map(|at| (at.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
        assert_eq!(refusal("page.html", &noise), Some(Refused::NotText));
        let posing = [b"<!DOCTYPE html><p>".as_slice(), &noise].concat();
        assert_eq!(refusal("page.html", &posing), Some(Refused::NotText));
        assert_eq!(refusal("page.html", b"<p>One\0 word</p>"), Some(Refused::NotText));
        assert_eq!(refusal("page.html", format!("<p>{}\0</p>", "One word. ".repeat(9)).as_bytes()), None);
    }

    #[test]
    fn what_is_too_large_is_not_looked_at() {
        assert_eq!(refusal("a.txt", &vec![b'a'; FILE_BYTES_MAX + 1]), Some(Refused::TooLarge));
    }
}
