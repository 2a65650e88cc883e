//! What bytes are, by what they begin with.

use super::Refused;
use super::received::Said;
use crate::text::import::is_email;

/// What can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Plain text, Markdown or HTML: its words decide.
    Text,
    Pdf,
    Docx,
    Email,
}

/// What the bytes are.
///
/// # Errors
/// [`Refused`] for what is known and cannot be read.
pub(super) fn sniff(bytes: &[u8], said: &Said) -> Result<Kind, Refused> {
    if let Some((_, refused)) = KNOWN.iter().find(|(beginning, _)| bytes.starts_with(beginning)) {
        return Err(*refused);
    }
    match bytes {
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..]
        | [0, 0, 0, _, b'f', b't', b'y', b'p', b'h' | b'a', ..] => return Err(Refused::Picture),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W' | b'A', ..] | [0, 0, 0, _, b'f', b't', b'y', b'p', ..] => {
            return Err(Refused::Media);
        }
        [b'P', b'K', 3, 4, ..] => return in_archive(bytes),
        [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1, ..] => return Err(old_office(bytes)),
        _ => {}
    }
    // Some files have a few bytes before their beginning.
    let head = &bytes[..bytes.len().min(1024)];
    if has(head, b"%PDF-") && !head.trim_ascii_start().starts_with(b"<") {
        return Ok(Kind::Pdf);
    }
    let named = |ending: &str| {
        said.file_name.as_deref().is_some_and(|name| name.to_ascii_lowercase().ends_with(ending))
    };
    let is_called_email = named(".eml")
        || named(".mht")
        || named(".mhtml")
        || said.media_type.as_deref() == Some("message/rfc822");
    Ok(if is_email(bytes, is_called_email) { Kind::Email } else { Kind::Text })
}

fn has(bytes: &[u8], wanted: &[u8]) -> bool {
    bytes.windows(wanted.len()).any(|window| window == wanted)
}

/// What a zip archive is, by the names of its parts, which stand in it unpacked.
fn in_archive(bytes: &[u8]) -> Result<Kind, Refused> {
    if has(bytes, b"word/document") {
        Ok(Kind::Docx)
    } else if has(&bytes[..bytes.len().min(200)], b"mimetypeapplication/")
        || has(bytes, b"xl/workbook")
        || has(bytes, b"ppt/presentation")
    {
        Err(Refused::OtherOffice)
    } else {
        Err(Refused::Archive)
    }
}

/// A file of the old Office, or a new one that is locked: both are compound files, whose parts are named in UTF-16.
fn old_office(bytes: &[u8]) -> Refused {
    let locked: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
    if has(bytes, &locked) { Refused::WordEncrypted } else { Refused::OldOffice }
}

/// How files begin that are known, and hold no text that can be read
/// (<https://www.iana.org/assignments/media-types/>, <https://mimesniff.spec.whatwg.org/>).
const KNOWN: [(&[u8], Refused); 24] = [
    (b"{\\rtf", Refused::RichText),
    (b"\x89PNG\r\n", Refused::Picture),
    (b"GIF87a", Refused::Picture),
    (b"GIF89a", Refused::Picture),
    (b"\xFF\xD8\xFF", Refused::Picture),
    (b"II*\0", Refused::Picture),
    (b"MM\0*", Refused::Picture),
    (b"\0\0\x01\0", Refused::Picture),
    (b"8BPS", Refused::Picture),
    (b"\x1F\x8B", Refused::Archive),
    (b"BZh", Refused::Archive),
    (b"\xFD7zXZ\0", Refused::Archive),
    (b"7z\xBC\xAF\x27\x1C", Refused::Archive),
    (b"Rar!\x1A\x07", Refused::Archive),
    (b"\x28\xB5\x2F\xFD", Refused::Archive),
    (b"PK\x05\x06", Refused::Archive),
    (b"ID3", Refused::Media),
    (b"OggS", Refused::Media),
    (b"fLaC", Refused::Media),
    (b"\x1A\x45\xDF\xA3", Refused::Media),
    (b"\x7FELF", Refused::NotText),
    (b"MZ\x90\0", Refused::NotText),
    (b"\xCA\xFE\xBA\xBE", Refused::NotText),
    (b"SQLite format 3\0", Refused::NotText),
];

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(name: &str, bytes: &[u8]) -> Result<Kind, Refused> {
        sniff(bytes, &Said { file_name: Some(name.to_owned()), ..Said::default() })
    }

    #[test]
    fn what_bytes_are_is_seen_from_them_whatever_they_are_called() {
        assert_eq!(kind("a.html", b"\xEF\xBB\xBF%PDF-1.7\n"), Ok(Kind::Pdf));
        assert_eq!(kind("a.html", b"<p>It begins with %PDF-1.7"), Ok(Kind::Text));
        assert_eq!(kind("a.txt", b"PK\x03\x04 \x00 word/document.xml"), Ok(Kind::Docx));
        assert_eq!(kind("a.docx", b"PK\x03\x04 \x00 xl/workbook.xml"), Err(Refused::OtherOffice));
        assert_eq!(kind("a.docx", b"PK\x03\x04\0\0mimetypeapplication/vnd.oasis"), Err(Refused::OtherOffice));
        assert_eq!(kind("a.docx", b"PK\x03\x04 \x00 photos/1.jpg"), Err(Refused::Archive));
        assert_eq!(kind("a.html", b"\x89PNG\r\n\x1a\n"), Err(Refused::Picture));
        assert_eq!(kind("a.html", b"RIFF\0\0\0\0WEBPVP8"), Err(Refused::Picture));
        assert_eq!(kind("a.html", b"\0\0\0\x20ftypisom"), Err(Refused::Media));
        assert_eq!(kind("a.html", b"{\\rtf1"), Err(Refused::RichText));
        assert_eq!(kind("a.docx", b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"), Err(Refused::OldOffice));
        let locked = [
            b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1".as_slice(),
            b"E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e\0",
        ];
        assert_eq!(kind("a.docx", &locked.concat()), Err(Refused::WordEncrypted));
        assert_eq!(
            kind("a.txt", b"From: a@e.example\nSubject: Hi\nMIME-Version: 1.0\n\nHi"),
            Ok(Kind::Email)
        );
        assert_eq!(kind("a.eml", b"Subject: Hi\r\n\r\nHi"), Ok(Kind::Email));
        assert_eq!(kind("a.txt", b"Subject: Hi\r\n\r\nHi"), Ok(Kind::Text));
        assert_eq!(kind("a.txt", b"From: the desk\n\nDate: today"), Ok(Kind::Text));
    }
}
