//! Where the private cluster keeps what.

use std::{
    fmt::Write,
    fs::{self, DirBuilder, File, TryLockError},
    io::ErrorKind,
    os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt},
    path::{Path, PathBuf},
};

use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::{super::StartError, account::Account};

/// The longest folder in which a socket fits: an address has 104 bytes on macOS, 108 on Linux, and the socket's name 16.
const LONGEST_SOCKET_FOLDER: usize = 80;

const ROOT: u32 = 0;

/// The private cluster's place in the data folder.
///
/// ```text
/// data/postgres.lock       held by the process that runs PostgreSQL
/// data/postgres/data/      PostgreSQL's own files
/// data/postgres/socket/    where it listens
/// ```
#[derive(Clone, Debug)]
pub struct Folder {
    /// Who owns it, and runs PostgreSQL.
    pub account: Account,
    home: PathBuf,
    lock: PathBuf,
    socket: PathBuf,
}

impl Folder {
    /// Makes the folders that are missing, for their owner only.
    ///
    /// # Errors
    /// [`StartError`] when they cannot be made or belong to somebody else.
    pub fn prepare(data: &Path) -> Result<Self, StartError> {
        if !data.exists() {
            // Others may pass through, for PostgreSQL's user is another one when we are root, but see nothing.
            DirBuilder::new()
                .recursive(true)
                .mode(0o711)
                .create(data)
                .map_err(StartError::folder("create the folder", data))?;
        }
        let data = fs::canonicalize(data).map_err(StartError::folder("find", data))?;
        let home = data.join("postgres");
        let account = Account::choose(&home)?;
        make_private(&home)?;
        let folder = Self { account, lock: data.join("postgres.lock"), socket: socket_folder(&home), home };
        folder.refuse_foreign_socket()?;
        Ok(folder)
    }

    /// Makes the account own what is here, and the socket's folder. To be called by the holder of the lock.
    ///
    /// # Errors
    /// [`StartError`] when that is not allowed.
    pub fn take(&self) -> Result<(), StartError> {
        self.account.take_over(&self.home)?;
        make_private(&self.socket)?;
        self.refuse_foreign_socket()?;
        self.account.take_over(&self.socket)
    }

    /// PostgreSQL's data directory.
    #[must_use]
    pub fn data(&self) -> PathBuf {
        self.home.join("data")
    }

    /// A name for a data directory that is not complete yet, and never was. Those of earlier attempts are removed, but
    /// where one was killed, its `initdb` may still be writing to its own.
    #[must_use]
    pub fn unfinished(&self) -> PathBuf {
        for entry in fs::read_dir(&self.home).into_iter().flatten().flatten() {
            if entry.file_name().to_string_lossy().starts_with("data.new") {
                // What cannot be removed now goes next time; it is in nobody's way.
                let _ = fs::remove_dir_all(entry.path());
            }
        }
        self.home.join(format!("data.new-{}", Uuid::new_v4().simple()))
    }

    /// The folder that has all of these.
    #[must_use]
    pub fn home(&self) -> &Path {
        &self.home
    }

    /// Where PostgreSQL says which process it is, and how far.
    #[must_use]
    pub fn pid_file(&self) -> PathBuf {
        self.data().join("postmaster.pid")
    }

    /// The folder with the socket.
    #[must_use]
    pub fn socket(&self) -> &Path {
        &self.socket
    }

    /// Becomes the one who runs PostgreSQL here, until the file is dropped or the process ends in whatever way;
    /// `None` when another process is.
    ///
    /// # Errors
    /// [`StartError::Folder`] when the file cannot be used.
    pub fn try_lock(&self) -> Result<Option<File>, StartError> {
        // Opened for reading where it exists: the file may be another user's.
        let file = File::open(&self.lock)
            .or_else(|_| File::options().create(true).append(true).mode(0o600).open(&self.lock))
            .map_err(StartError::folder("open", &self.lock))?;
        match file.try_lock() {
            Ok(()) => Ok(Some(file)),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(StartError::folder("lock", &self.lock)(error)),
        }
    }

    /// Leaves nothing elsewhere once PostgreSQL has stopped.
    pub fn release(&self) {
        if !self.socket.starts_with(&self.home) {
            // It may be in use again, or gone.
            let _ = fs::remove_dir(&self.socket);
        }
    }

    /// `/tmp` is everybody's: somebody may have made the folder before us, to stand between us and our database.
    fn refuse_foreign_socket(&self) -> Result<(), StartError> {
        if self.socket.starts_with(&self.home) {
            return Ok(());
        }
        match fs::symlink_metadata(&self.socket) {
            Ok(found)
                if found.is_dir()
                    && found.mode() & 0o777 == 0o700
                    && [self.account.file_uid(), ROOT].contains(&found.uid()) =>
            {
                Ok(())
            }
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
            _ => Err(StartError::ForeignSocketFolder { path: self.socket.clone() }),
        }
    }

    /// The major version that wrote the data, if there is any.
    ///
    /// # Errors
    /// [`StartError::Folder`] when it cannot be read.
    pub fn written_by(&self) -> Result<Option<u32>, StartError> {
        let path = self.data().join("PG_VERSION");
        match fs::read_to_string(&path) {
            Ok(text) => {
                text.trim().parse().map(Some).map_err(|_| {
                    StartError::folder("read a version from", &path)(ErrorKind::InvalidData.into())
                })
            }
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(StartError::folder("read", &path)(error)),
        }
    }
}

/// In the cluster's folder, or where that path is too long, under a name made from it in `/tmp`.
fn socket_folder(home: &Path) -> PathBuf {
    let folder = home.join("socket");
    let bytes = folder.as_os_str().as_encoded_bytes();
    if bytes.len() <= LONGEST_SOCKET_FOLDER {
        return folder;
    }
    let digest = Sha256::digest(bytes);
    let mut name = "/tmp/factdesk-".to_owned();
    for byte in &digest[..8] {
        write!(name, "{byte:02x}").expect("a String takes everything");
    }
    PathBuf::from(name)
}

fn make_private(folder: &Path) -> Result<(), StartError> {
    match DirBuilder::new().mode(0o700).create(folder) {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => {
            Err(StartError::folder("create the folder", folder)(error))
        }
        _ => Ok(()),
    }
}
