//! The files of an archive. What an archive says of its files is not believed: sizes are counted while unpacking, and
//! nothing is written anywhere, so that no name leads out of it.

use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::{Component, Path};

use flate2::read::MultiGzDecoder;
use zip::ZipArchive;
use zip::result::ZipError;

use super::files::{ARCHIVE_BYTES_MAX, Entry, is_hidden, read};
use crate::articles::intake::Refused;

/// How many times its size a member may have unpacked once it is larger than [`SWOLLEN_MIN`].
const SWELLING_MAX: u64 = 200;
const SWOLLEN_MIN: u64 = 1_000_000;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Zip,
    Tar,
    TarGz,
}

/// Which archive a file is, by its first bytes. A Word file is a zip archive, too: its name, or what stands in it first,
/// tells.
pub(super) fn kind(name: &str, head: &[u8]) -> Option<Kind> {
    let name = name.to_ascii_lowercase();
    let is_office = ["docx", "docm", "xlsx", "pptx", "odt", "ods", "odp", "epub"]
        .iter()
        .any(|ending| name.ends_with(&format!(".{ending}")));
    let has = |wanted: &[u8]| head.windows(wanted.len()).any(|window| window == wanted);
    if head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06") {
        return (!is_office && !has(b"[Content_Types].xml") && !has(b"mimetypeapplication/"))
            .then_some(Kind::Zip);
    }
    let is_packed_tar = [".tar.gz", ".tgz"].iter().any(|ending| name.ends_with(ending));
    if is_packed_tar && head.starts_with(b"\x1F\x8B") {
        return Some(Kind::TarGz);
    }
    (head.get(257..262) == Some(b"ustar".as_slice())).then_some(Kind::Tar)
}

/// Goes through the files of an archive; says whether to go on with what follows it.
pub(super) fn each(kind: Kind, path: &Path, take: &mut dyn FnMut(Entry) -> bool) -> bool {
    let archive = path.display().to_string();
    let outcome = File::open(path).map_err(|error| format!("It cannot be read: {error}.")).and_then(|file| {
        let file = BufReader::new(file);
        match kind {
            Kind::Zip => zip(&archive, file, take),
            Kind::Tar => tar(&archive, file, take),
            Kind::TarGz => tar(&archive, MultiGzDecoder::new(file), take),
        }
    });
    outcome.unwrap_or_else(|words| take(Entry { name: archive, content: Err(words) }))
}

fn zip(archive: &str, file: BufReader<File>, take: &mut dyn FnMut(Entry) -> bool) -> Result<bool, String> {
    let mut members = ZipArchive::new(file).map_err(|error| format!("This archive is damaged: {error}."))?;
    let mut left = ARCHIVE_BYTES_MAX;
    for number in 0..members.len() {
        let member = match members.by_index(number) {
            Ok(member) => member,
            Err(error) => {
                let words = match error {
                    ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) => {
                        "It is locked with a password.".to_owned()
                    }
                    error => format!("It cannot be unpacked: {error}."),
                };
                if !take(Entry { name: format!("{archive}: member {}", number + 1), content: Err(words) }) {
                    return Ok(false);
                }
                continue;
            }
        };
        if member.is_dir() {
            continue;
        }
        let name =
            member.name().map_or_else(|_| format!("member {}", number + 1), std::borrow::Cow::into_owned);
        let Some(content) = (match member.enclosed_name().as_deref().map(place) {
            Some(Place::Inside) if member.is_symlink() => Some(Err(NO_FILE.to_owned())),
            Some(Place::Inside) => {
                let most = SWOLLEN_MIN.max(member.compressed_size().saturating_mul(SWELLING_MAX));
                let content = unpacked(member, most);
                left = left.saturating_sub(content.as_ref().map_or(0, |bytes| bytes.len() as u64));
                Some(content)
            }
            Some(Place::Hidden) => None,
            None | Some(Place::Outside) => Some(Err(OUTSIDE.to_owned())),
        }) else {
            continue;
        };
        if left == 0 {
            return Err(TOO_LARGE.to_owned());
        }
        if !take(Entry { name: format!("{archive}: {name}"), content }) {
            return Ok(false);
        }
    }
    Ok(true)
}

fn tar(archive: &str, file: impl Read, take: &mut dyn FnMut(Entry) -> bool) -> Result<bool, String> {
    let damaged = |error: io::Error| format!("This archive is damaged: {error}.");
    let mut members = tar::Archive::new(Counted { inner: file, left: ARCHIVE_BYTES_MAX });
    for member in members.entries().map_err(damaged)? {
        let member = member.map_err(damaged)?;
        let kind = member.header().entry_type();
        if kind.is_dir() || kind.is_pax_global_extensions() {
            continue;
        }
        let path = member.path().map_err(damaged)?.into_owned();
        let content = match place(&path) {
            Place::Hidden => continue,
            Place::Outside => Err(OUTSIDE.to_owned()),
            Place::Inside if !kind.is_file() => Err(NO_FILE.to_owned()),
            Place::Inside => read(Vec::new(), member),
        };
        if !take(Entry { name: format!("{archive}: {}", path.display()), content }) {
            return Ok(false);
        }
    }
    Ok(true)
}

const OUTSIDE: &str = "Its name leads out of the archive.";
const NO_FILE: &str = "This is a link or a device, and no file.";
const TOO_LARGE: &str = "All that is in this archive is larger than 4 GB unpacked. What follows was left.";

enum Place {
    Inside,
    /// Something that a system keeps for itself.
    Hidden,
    Outside,
}

fn place(path: &Path) -> Place {
    if path.components().any(|part| !matches!(part, Component::Normal(_) | Component::CurDir)) {
        Place::Outside
    } else if path.ancestors().any(is_hidden) || path.starts_with("__MACOSX") {
        Place::Hidden
    } else {
        Place::Inside
    }
}

/// The bytes of a member, unless they are far more than they look.
fn unpacked(member: impl Read, most: u64) -> Result<Vec<u8>, String> {
    let bytes = read(Vec::new(), member.take(most + 1))?;
    if bytes.len() as u64 > most { Err(Refused::Swells.label().to_owned()) } else { Ok(bytes) }
}

/// Reads up to so many bytes, and fails at the next.
struct Counted<R> {
    inner: R,
    left: u64,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.left = self
            .left
            .checked_sub(read as u64)
            .ok_or_else(|| io::Error::other("it is larger than 4 GB unpacked"))?;
        Ok(read)
    }
}
