//! The files of folders and archives, one after the other.

use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use super::archive;
use crate::articles::intake::{FILE_BYTES_MAX, Refused};

/// How many files are taken in at once.
pub const FILES_MAX: usize = 100_000;
/// How much all that is unpacked from one archive may have, in bytes.
pub const ARCHIVE_BYTES_MAX: u64 = 4_000_000_000;

/// A file: its bytes, or why there are none.
#[derive(Debug)]
pub struct Entry {
    /// Where it stands, for people: the path, and within an archive the path in it.
    pub name: String,
    pub content: Result<Vec<u8>, String>,
}

/// Goes through all files of these paths in the order of their names: files, folders with what is in them, and archives
/// (zip, tar, tar.gz). `take` says whether to go on. Links are not followed, and names that begin with a dot are left out.
///
/// # Errors
/// When a path that was given cannot be read at all.
pub fn each(paths: &[PathBuf], take: &mut dyn FnMut(Entry) -> bool) -> io::Result<()> {
    let mut left = FILES_MAX;
    let mut take = |entry: Entry| {
        if left == 0 {
            let refused = format!(
                "More than {FILES_MAX} files are not taken in at once: this and what follows was left."
            );
            take(Entry { name: entry.name, content: Err(refused) });
            return false;
        }
        left -= 1;
        take(entry)
    };
    for path in paths {
        let kind = fs::metadata(path).map_err(|error| named(path, &error))?;
        if !(if kind.is_dir() { folder(path, &mut take) } else { file(path, &mut take) }) {
            break;
        }
    }
    Ok(())
}

fn named(path: &Path, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("{}: {error}", path.display()))
}

fn folder(folder: &Path, take: &mut dyn FnMut(Entry) -> bool) -> bool {
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        let entries = match fs::read_dir(&folder).and_then(Iterator::collect::<io::Result<Vec<_>>>) {
            Ok(entries) => entries,
            Err(error) => {
                if !take(Entry {
                    name: folder.display().to_string(),
                    content: Err(format!("It cannot be read: {error}.")),
                }) {
                    return false;
                }
                continue;
            }
        };
        let mut paths: Vec<PathBuf> = entries.iter().map(fs::DirEntry::path).collect();
        paths.sort();
        let mut within = Vec::new();
        for path in paths.into_iter().filter(|path| !is_hidden(path)) {
            // Of a link it says that it is one, and not what it leads to.
            match fs::symlink_metadata(&path) {
                Ok(kind) if kind.is_dir() => within.push(path),
                Ok(kind) if kind.is_file() => {
                    if !file(&path, take) {
                        return false;
                    }
                }
                Ok(_) => {
                    let content = Err("This is a link or a device, and no file.".to_owned());
                    if !take(Entry { name: path.display().to_string(), content }) {
                        return false;
                    }
                }
                Err(error) => {
                    let content = Err(format!("It cannot be read: {error}."));
                    if !take(Entry { name: path.display().to_string(), content }) {
                        return false;
                    }
                }
            }
        }
        folders.extend(within.into_iter().rev());
    }
    true
}

/// Whether a name begins with a dot, as those do that systems keep for themselves.
pub(super) fn is_hidden(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b"."))
}

fn file(path: &Path, take: &mut dyn FnMut(Entry) -> bool) -> bool {
    let name = path.display().to_string();
    let opened = File::open(path).and_then(|mut file| {
        let mut head = Vec::new();
        file.by_ref().take(512).read_to_end(&mut head)?;
        Ok((file, head))
    });
    match opened {
        Err(error) => take(Entry { name, content: Err(format!("It cannot be read: {error}.")) }),
        Ok((file, head)) => match archive::kind(&name, &head) {
            Some(kind) => archive::each(kind, path, take),
            None => take(Entry { name, content: read(head, file) }),
        },
    }
}

/// The rest of what was begun to be read, unless it is too large.
pub(super) fn read(mut bytes: Vec<u8>, rest: impl io::Read) -> Result<Vec<u8>, String> {
    let most = (FILE_BYTES_MAX + 1).saturating_sub(bytes.len());
    rest.take(most as u64).read_to_end(&mut bytes).map_err(|error| format!("It cannot be read: {error}."))?;
    if bytes.len() > FILE_BYTES_MAX { Err(Refused::TooLarge.label().to_owned()) } else { Ok(bytes) }
}
