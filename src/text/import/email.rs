//! E-mail (EML) to blocks: what a mail program shows of it. Attachments are not read.
//!
//! The format is RFC 5322 with MIME, RFC 2045 to 2049. Browsers save whole pages in the same format (MHTML, RFC 2557).

use mail_parser::{Address, Message, MessageParser, MimeHeaders as _, PartType};

use super::{ImportError, Imported, decode, from_html, from_plain, line};
use crate::text::address::SafeUrl;
use crate::text::dates::PartialDate;

/// Fields that stand at the head of an e-mail, in lower case.
const FIELDS: [&str; 16] = [
    "from",
    "to",
    "cc",
    "subject",
    "date",
    "message-id",
    "mime-version",
    "received",
    "return-path",
    "delivered-to",
    "reply-to",
    "sender",
    "content-type",
    "content-transfer-encoding",
    "x-mailer",
    "dkim-signature",
];
/// Fields that only programs write.
const OF_PROGRAMS: [&str; 7] = [
    "message-id",
    "mime-version",
    "received",
    "return-path",
    "content-transfer-encoding",
    "content-type",
    "dkim-signature",
];

/// Whether bytes are an e-mail, by the fields at their head. A letter that somebody typed can begin with some of them, so
/// one that only programs write has to be there, unless the sender calls it an e-mail.
#[must_use]
pub fn is_email(bytes: &[u8], is_called_so: bool) -> bool {
    let head = &bytes[..bytes.len().min(16 * 1024)];
    let (mut known, mut of_programs) = (0, 0);
    for (number, line) in head.split(|byte| *byte == b'\n').enumerate() {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        // Mailboxes of Unix begin each with a line of their own; longer fields go on with a blank.
        if number == 0 && line.starts_with(b"From ") || line.starts_with(b" ") || line.starts_with(b"\t") {
            continue;
        }
        if line.is_empty() {
            break;
        }
        let Some(at) = line.iter().position(|byte| *byte == b':') else { return false };
        let name = &line[..at];
        if name.is_empty() || !name.iter().all(u8::is_ascii_graphic) {
            return false;
        }
        let name = String::from_utf8_lossy(name).to_ascii_lowercase();
        known += usize::from(FIELDS.contains(&name.as_str()));
        of_programs += usize::from(OF_PROGRAMS.contains(&name.as_str()));
    }
    if is_called_so { known >= 1 } else { known >= 3 && of_programs >= 1 }
}

/// Imports an e-mail: its HTML if it has some, else its text.
///
/// # Errors
/// [`ImportError`] when there is none that can be read.
pub fn from_email(bytes: &[u8]) -> Result<Imported, ImportError> {
    let message = MessageParser::default().parse(bytes).ok_or(ImportError::EmailBroken)?;
    let page = saved_from(&message);
    let mut imported = body(&message, page.as_ref())?;
    let found = &mut imported.found;
    found.title = message.subject().and_then(line).or(found.title.take());
    if page.is_none() {
        found.author = message.from().and_then(author).or(found.author.take());
        if let Some(date) = message.date() {
            let date = format!("{:04}-{:02}-{:02}", date.year, date.month, date.day);
            found.published = PartialDate::of_timestamp(&date);
        }
    }
    found.address = found.address.take().or(page);
    Ok(imported)
}

fn body(message: &Message<'_>, page: Option<&SafeUrl>) -> Result<Imported, ImportError> {
    let parts = message.html_bodies().chain(message.text_bodies());
    let mut plain = None;
    for part in parts {
        match &part.body {
            PartType::Html(html) => return from_html(&text_of(part, html), page),
            PartType::Text(text) if plain.is_none() => plain = Some(text_of(part, text)),
            _ => {}
        }
    }
    let plain = plain.ok_or(if message.attachment_count() > 0 {
        ImportError::EmailEmpty
    } else {
        ImportError::Empty
    })?;
    from_plain(&plain)
}

/// The text of a part. Where it names no encoding, or one that is not known, its bytes are looked at.
fn text_of(part: &mail_parser::MessagePart<'_>, text: &str) -> String {
    let named = part.content_type().and_then(|kind| kind.attribute("charset"));
    let known = named.is_some_and(|name| encoding_rs::Encoding::for_label(name.as_bytes()).is_some());
    if known || !text.contains('\u{FFFD}') {
        return text.to_owned();
    }
    decode(part.contents(), named).0
}

/// Who wrote it: the name, or else the address.
fn author(from: &Address<'_>) -> Option<String> {
    let first = from.first()?;
    line(first.name.as_deref().or(first.address.as_deref())?)
}

/// The address of the page that a browser saved in this format.
fn saved_from(message: &Message<'_>) -> Option<SafeUrl> {
    let saved = message.header_raw("Snapshot-Content-Location").map(str::to_owned);
    let located = || message.html_bodies().next()?.content_location().map(str::to_owned);
    SafeUrl::parse(saved.or_else(located)?.trim()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::document::Kind;

    const LETTER: &str = "From: =?utf-8?Q?Nora_F=C3=AEeld?= <nora@courier.example>\r\n\
        To: desk@facts.example\r\nSubject: =?windows-1251?B?w+Dn5fLg?=\r\n\
        Date: Wed, 28 Feb 2024 23:30:00 +0100\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=a\r\n\r\n\
        --a\r\nContent-Type: multipart/alternative; boundary=b\r\n\r\n\
        --b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nPlain words.\r\n\
        --b\r\nContent-Type: text/html; charset=iso-8859-1\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n\
        <h1>The caf=E9</h1><p>It costs=\r\n 3 euro.</p>\r\n--b--\r\n\
        --a\r\nContent-Type: text/plain; name=secret.txt\r\nContent-Disposition: attachment; filename=secret.txt\r\n\r\n\
        Attached words.\r\n--a--\r\n";

    #[test]
    fn the_page_of_a_letter_is_read_with_its_head_and_without_attachments() {
        assert!(is_email(LETTER.as_bytes(), false));
        let imported = from_email(LETTER.as_bytes()).unwrap();
        assert_eq!(imported.document.text(), "The café\n\nIt costs 3 euro.");
        assert_eq!(imported.document.blocks()[0].kind, Kind::Heading(1));
        assert_eq!(imported.found.title.as_deref(), Some("Газета"));
        assert_eq!(imported.found.author.as_deref(), Some("Nora Fîeld"));
        assert_eq!(imported.found.published.to_iso().as_deref(), Some("2024-02-28"));
    }

    #[test]
    fn a_letter_without_a_page_is_read_as_text() {
        let base64 = "From: a@e.example\nMessage-ID: <1>\nContent-Type: text/plain; charset=koi8-r\nContent-Transfer-Encoding: base64\n\n8NLJ18XU\n";
        let imported = from_email(base64.as_bytes()).unwrap();
        assert_eq!(imported.document.text(), "Привет");
        assert_eq!(imported.found.author.as_deref(), Some("a@e.example"));
    }

    #[test]
    fn a_letter_without_words_says_so() {
        let picture = "From: a@e.example\nMIME-Version: 1.0\nContent-Type: image/png\nContent-Transfer-Encoding: base64\n\niVBORw0KGgo=\n";
        assert_eq!(from_email(picture.as_bytes()), Err(ImportError::EmailEmpty));
        let empty = "From: a@e.example\nSubject: Nothing\n\n \n";
        assert_eq!(from_email(empty.as_bytes()), Err(ImportError::Empty));
    }

    #[test]
    fn a_page_that_a_browser_saved_has_its_address() {
        let saved = "From: <Saved by Blink>\nSnapshot-Content-Location: https://courier.example/harbour\nSubject: The harbour\n\
            Date: Wed, 28 Feb 2024 10:00:00 -0000\nMIME-Version: 1.0\nContent-Type: multipart/related; type=\"text/html\"; boundary=x\n\n\
            --x\nContent-Type: text/html\nContent-Transfer-Encoding: quoted-printable\nContent-Location: https://courier.example/harbour\n\n\
            <p>It is <a href=3D\"/deep\">deep</a>.</p>\n--x--\n";
        let imported = from_email(saved.as_bytes()).unwrap();
        assert_eq!(
            imported.found.address.as_ref().map(SafeUrl::as_str),
            Some("https://courier.example/harbour")
        );
        assert_eq!(imported.found.author, None);
        assert_eq!(imported.document.text(), "It is deep.");
        assert_eq!(imported.document.blocks()[0].spans.len(), 1);
    }

    #[test]
    fn damaged_letters_have_an_answer() {
        for end in 0..LETTER.len() {
            let _ = from_email(&LETTER.as_bytes()[..end]);
        }
        let nested = format!(
            "From: a@e.example\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=a\n\n{}",
            "--a\nContent-Type: multipart/mixed; boundary=a\n\n".repeat(20_000)
        );
        let _ = from_email(nested.as_bytes());
    }
}
