//! What bytes are, by what they begin with, then by their name and what the sender said. Pure.

use crate::articles::Format;
use crate::articles::intake::{Said, guess};

/// What kinds of documents there are, as far as reading them depends on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Media {
    Html,
    Text,
    Csv,
    Json,
    Xml,
    Pdf,
    Docx,
    Email,
    /// Nothing in it can be read; the words are its media type.
    Other(&'static str),
}

/// How files begin (<https://mimesniff.spec.whatwg.org/>).
const BEGINNINGS: [(&[u8], &str); 20] = [
    (b"\x89PNG\r\n", "image/png"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"\xFF\xD8\xFF", "image/jpeg"),
    (b"II*\0", "image/tiff"),
    (b"MM\0*", "image/tiff"),
    (b"\0\0\x01\0", "image/x-icon"),
    (b"BM", "image/bmp"),
    (b"ID3", "audio/mpeg"),
    (b"OggS", "audio/ogg"),
    (b"fLaC", "audio/flac"),
    (b"\x1A\x45\xDF\xA3", "video/webm"),
    (b"\x1F\x8B", "application/gzip"),
    (b"7z\xBC\xAF\x27\x1C", "application/x-7z-compressed"),
    (b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", "application/x-ole-storage"),
    (b"{\\rtf", "application/rtf"),
    (b"%!PS", "application/postscript"),
    (b"\x7FELF", "application/octet-stream"),
    (b"MZ\x90\0", "application/octet-stream"),
    (b"SQLite format 3\0", "application/vnd.sqlite3"),
];

impl Media {
    /// What the bytes are. `text` is them read as text, when they can be.
    #[must_use]
    pub fn of(bytes: &[u8], said: &Said) -> Self {
        if let Some(other) = in_container(bytes) {
            return other;
        }
        if let Some((_, media_type)) = BEGINNINGS.iter().find(|(beginning, _)| bytes.starts_with(beginning)) {
            return Self::Other(media_type);
        }
        let head = &bytes[..bytes.len().min(1024)];
        if has(head, b"%PDF-") && !head.trim_ascii_start().starts_with(b"<") {
            return Self::Pdf;
        }
        let declared = said.media_type.as_deref().unwrap_or_default();
        let name = said.file_name.as_deref().unwrap_or_default().to_ascii_lowercase();
        let is = |endings: &[&str]| endings.iter().any(|ending| name.ends_with(ending));
        if declared == "message/rfc822" || is(&[".eml", ".mht", ".mhtml"]) {
            return Self::Email;
        }
        if matches!(declared, "text/csv" | "application/csv" | "text/tab-separated-values")
            || is(&[".csv", ".tsv"])
        {
            return Self::Csv;
        }
        if matches!(declared, "application/json" | "text/json")
            || declared.ends_with("+json")
            || is(&[".json"])
        {
            return Self::Json;
        }
        if matches!(declared, "text/html" | "application/xhtml+xml") || is(&[".html", ".htm", ".xhtml"]) {
            return Self::Html;
        }
        let is_xml = matches!(declared, "application/xml" | "text/xml") || declared.ends_with("+xml");
        if is_xml || head.trim_ascii_start().starts_with(b"<?xml") {
            return if has(head, b"<html") { Self::Html } else { Self::Xml };
        }
        let is_plain = declared == "text/plain";
        let looks = || guess(&String::from_utf8_lossy(head), said.file_name.as_deref()) == Format::Html;
        if !is_plain && looks() { Self::Html } else { Self::Text }
    }

    /// The media type, for showing and for files.
    #[must_use]
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Html => "text/html",
            Self::Text => "text/plain",
            Self::Csv => "text/csv",
            Self::Json => "application/json",
            Self::Xml => "application/xml",
            Self::Pdf => "application/pdf",
            Self::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            Self::Email => "message/rfc822",
            Self::Other(media_type) => media_type,
        }
    }

    /// How the name of a file of that media type ends.
    #[must_use]
    pub fn ending(media_type: &str) -> &str {
        match media_type {
            "text/html" => "html",
            "text/plain" => "txt",
            "text/csv" => "csv",
            "application/json" => "json",
            "application/xml" => "xml",
            "application/pdf" => "pdf",
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document" => "docx",
            "message/rfc822" => "eml",
            "image/jpeg" => "jpg",
            "audio/mpeg" => "mp3",
            _ => match media_type.split_once('/') {
                Some(("image" | "video" | "audio", kind))
                    if kind.bytes().all(|b| b.is_ascii_alphanumeric()) =>
                {
                    kind
                }
                _ => "bin",
            },
        }
    }
}

/// What stands in a container that several kinds of files share.
fn in_container(bytes: &[u8]) -> Option<Media> {
    Some(match bytes {
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Media::Other("image/webp"),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', ..] => Media::Other("audio/wav"),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'A', ..] => Media::Other("video/avi"),
        [0, 0, 0, _, b'f', b't', b'y', b'p', b'a', b'v', b'i', b'f', ..] => Media::Other("image/avif"),
        [0, 0, 0, _, b'f', b't', b'y', b'p', b'h', ..] => Media::Other("image/heic"),
        [0, 0, 0, _, b'f', b't', b'y', b'p', ..] => Media::Other("video/mp4"),
        [b'P', b'K', 3, 4, ..] if has(bytes, b"word/document") => Media::Docx,
        [b'P', b'K', 3, 4, ..] if has(bytes, b"xl/workbook") => {
            Media::Other("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
        }
        [b'P', b'K', 3, 4, ..] => Media::Other("application/zip"),
        _ => return None,
    })
}

fn has(bytes: &[u8], wanted: &[u8]) -> bool {
    bytes.windows(wanted.len()).any(|window| window == wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn media(declared: &str, name: &str, bytes: &[u8]) -> Media {
        let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        Media::of(bytes, &Said { media_type: some(declared), file_name: some(name), ..Said::default() })
    }

    #[test]
    fn what_bytes_are_is_seen_from_them_first() {
        assert_eq!(media("text/html", "", b"%PDF-1.7\n"), Media::Pdf);
        assert_eq!(media("application/pdf", "a.pdf", b"<!doctype html><p>Not found"), Media::Html);
        assert_eq!(media("text/html", "", b"\x89PNG\r\n\x1a\n"), Media::Other("image/png"));
        assert_eq!(media("", "a.docx", b"PK\x03\x04 word/document.xml"), Media::Docx);
        assert_eq!(media("", "", b"PK\x03\x04 photos"), Media::Other("application/zip"));
        assert_eq!(media("", "", b"\0\0\0\x20ftypisom"), Media::Other("video/mp4"));
    }

    #[test]
    fn text_is_what_it_was_called() {
        assert_eq!(media("text/csv", "", b"a,b"), Media::Csv);
        assert_eq!(media("", "a.tsv", b"a\tb"), Media::Csv);
        assert_eq!(media("application/ld+json", "", b"{}"), Media::Json);
        assert_eq!(media("text/xml", "", b"<a/>"), Media::Xml);
        assert_eq!(media("image/svg+xml", "", b"<svg/>"), Media::Xml);
        assert_eq!(media("", "", b"<?xml version='1.0'?><html>"), Media::Html);
        assert_eq!(media("text/plain", "", b"<!doctype html><p>as text"), Media::Text);
        assert_eq!(media("", "", b"Only words."), Media::Text);
        assert_eq!(media("", "letter.eml", b"Subject: x\n\ny"), Media::Email);
    }

    #[test]
    fn files_are_named_as_they_are() {
        assert_eq!(Media::ending("application/pdf"), "pdf");
        assert_eq!(Media::ending("image/png"), "png");
        assert_eq!(Media::ending("application/zip"), "bin");
    }
}
