//! The parts of a Word file: a zip archive of XML documents.

use std::io::{Cursor, Read as _};

use zip::ZipArchive;
use zip::result::ZipError;

use crate::text::import::{ImportError, decode};

/// How much all parts that are read may have unpacked, in bytes. The text of a long book has a twentieth of that.
const UNPACKED_MAX: u64 = 64_000_000;
/// How many times its size a part may have unpacked once it is larger than [`SWOLLEN_MIN`]: Word's own have up to 40.
const SWELLING_MAX: u64 = 200;
const SWOLLEN_MIN: u64 = 4_000_000;
/// How many parts a file may have.
const PARTS_MAX: usize = 20_000;

/// An open Word file.
pub(super) struct Package<'a> {
    archive: ZipArchive<Cursor<&'a [u8]>>,
    left: u64,
}

impl<'a> Package<'a> {
    pub(super) fn open(bytes: &'a [u8]) -> Result<Self, ImportError> {
        let archive = ZipArchive::new(Cursor::new(bytes)).map_err(|error| refused(&error))?;
        if archive.len() > PARTS_MAX {
            return Err(ImportError::Swells);
        }
        Ok(Self { archive, left: UNPACKED_MAX })
    }

    /// The text of a part, if there is one of that name.
    pub(super) fn part(&mut self, name: &str) -> Result<Option<String>, ImportError> {
        let part = match self.archive.by_name(name) {
            Ok(part) => part,
            Err(ZipError::FileNotFound) => return Ok(None),
            Err(error) => return Err(refused(&error)),
        };
        let packed = part.compressed_size().max(1);
        // What the archive says of the size is not believed: it is counted while unpacking.
        let most = self.left.min(SWOLLEN_MIN.max(packed.saturating_mul(SWELLING_MAX)));
        let mut bytes = Vec::new();
        part.take(most + 1).read_to_end(&mut bytes).map_err(|_| ImportError::WordBroken)?;
        let size = bytes.len() as u64;
        if size > most {
            return Err(ImportError::Swells);
        }
        self.left -= size;
        Ok(Some(decode(&bytes, None).0))
    }
}

fn refused(error: &ZipError) -> ImportError {
    match error {
        ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) | ZipError::InvalidPassword => {
            ImportError::WordEncrypted
        }
        _ => ImportError::WordBroken,
    }
}
