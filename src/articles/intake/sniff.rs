//! What bytes are, by what they begin with.

use super::Refused;
use super::received::Said;

/// What can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Plain text, Markdown or HTML: its words decide.
    Text,
}

/// What the bytes are.
///
/// # Errors
/// [`Refused`] for what is known and cannot be read.
pub(super) fn sniff(bytes: &[u8], _said: &Said) -> Result<Kind, Refused> {
    if let Some((_, refused)) = KNOWN.iter().find(|(beginning, _)| bytes.starts_with(beginning)) {
        return Err(*refused);
    }
    match bytes {
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Err(Refused::Picture),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W' | b'A', ..] => Err(Refused::Media),
        [0, 0, 0, _, b'f', b't', b'y', b'p', b'h' | b'a', ..] => Err(Refused::Picture),
        [0, 0, 0, _, b'f', b't', b'y', b'p', ..] => Err(Refused::Media),
        _ => Ok(Kind::Text),
    }
}

/// How files begin that are known, and hold no text that can be read
/// (<https://www.iana.org/assignments/media-types/>, <https://mimesniff.spec.whatwg.org/>).
const KNOWN: [(&[u8], Refused); 25] = [
    (b"{\\rtf", Refused::RichText),
    (b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", Refused::OldOffice),
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
