//! As whom PostgreSQL runs: it refuses to be root.

use std::{
    fs,
    os::unix::fs::{MetadataExt, lchown},
    path::Path,
};

use tokio::process::Command;

use super::super::StartError;

/// The operating system's user that owns the cluster's files and runs its programs.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Account {
    /// Whoever runs the server.
    Ourselves {
        /// Our user's number.
        uid: u32,
    },
    /// As root: another user, who can reach the data folder.
    Other {
        /// The user's number.
        uid: u32,
        /// The user's group.
        gid: u32,
    },
    /// As root, in a folder that only root reaches: root itself, that sees itself as another user (a user namespace).
    Mapped {
        /// Which user PostgreSQL believes to be.
        uid: u32,
    },
}

impl Account {
    /// Chooses the account for a cluster in a folder, which may exist. As root that is the folder's owner, else
    /// `postgres` or `nobody`.
    ///
    /// # Errors
    /// [`StartError::NoOrdinaryUser`] as root on a machine without another user.
    pub fn choose(home: &Path) -> Result<Self, StartError> {
        let ours = effective_uid();
        if ours != 0 {
            return Ok(Self::Ourselves { uid: ours });
        }
        let owner = fs::metadata(home).map(|home| (home.uid(), home.gid())).ok();
        let (uid, gid) = match owner {
            Some((uid, gid)) if uid != 0 => (uid, gid),
            _ => {
                let users = fs::read_to_string("/etc/passwd").unwrap_or_default();
                ["postgres", "nobody"]
                    .iter()
                    .find_map(|name| ids_of(&users, name))
                    .ok_or(StartError::NoOrdinaryUser)?
            }
        };
        let mut ancestors = home.ancestors().skip(1);
        if ancestors.all(|ancestor| lets_through(ancestor, uid, gid)) {
            Ok(Self::Other { uid, gid })
        } else {
            Ok(Self::Mapped { uid })
        }
    }

    /// A command that runs as this account, away from our working folder and environment.
    #[must_use]
    pub fn command(self, program: &Path) -> Command {
        let mut command = match self {
            Self::Ourselves { .. } => Command::new(program),
            Self::Other { uid, gid } => {
                let mut command = Command::new(program);
                command.uid(uid).gid(gid);
                command
            }
            Self::Mapped { uid } => {
                let mut command = Command::new("unshare");
                command.arg("--user").arg(format!("--map-user={uid}")).arg("--").arg(program);
                command
            }
        };
        // PostgreSQL's programs take settings from variables (PGPORT, PGDATA …) that are not meant for this cluster.
        command
            .env_clear()
            .env("PATH", "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin")
            .env("LC_ALL", "C")
            .current_dir("/");
        command
    }

    /// Who owns the cluster's files, as seen from outside.
    #[must_use]
    pub fn file_uid(self) -> u32 {
        match self {
            Self::Ourselves { uid } | Self::Other { uid, .. } => uid,
            Self::Mapped { .. } => 0,
        }
    }

    /// Makes this account the owner of a folder and of everything in it, where somebody else is: it is new, a backup
    /// was restored as root, or the folder was moved.
    ///
    /// # Errors
    /// [`StartError::Folder`] when that is not allowed.
    pub fn take_over(self, path: &Path) -> Result<(), StartError> {
        let (uid, gid) = match self {
            Self::Ourselves { .. } => return Ok(()),
            Self::Other { uid, gid } => (uid, gid),
            Self::Mapped { .. } => (0, 0),
        };
        let owner = fs::symlink_metadata(path).map_err(StartError::folder("read", path))?;
        if owner.uid() == uid {
            return Ok(());
        }
        if owner.is_dir() {
            for entry in fs::read_dir(path).map_err(StartError::folder("read", path))? {
                self.take_over(&entry.map_err(StartError::folder("read", path))?.path())?;
            }
        }
        // The folder itself comes last: while it is not ours, the work is not finished.
        lchown(path, Some(uid), Some(gid)).map_err(StartError::folder("change the owner of", path))
    }
}

/// The user that we are. The standard library does not say, but the system shows our process as that user's.
fn effective_uid() -> u32 {
    if let Ok(process) = fs::metadata("/proc/self") {
        return process.uid();
    }
    let output = std::process::Command::new("id").arg("-u").output();
    output
        .ok()
        .and_then(|output| String::from_utf8_lossy(&output.stdout).trim().parse().ok())
        .unwrap_or(u32::MAX)
}

/// User and group from the text of `/etc/passwd`.
fn ids_of(users: &str, name: &str) -> Option<(u32, u32)> {
    let line = users.lines().find(|line| line.split(':').next() == Some(name))?;
    let mut fields = line.split(':').skip(2);
    Some((fields.next()?.parse().ok()?, fields.next()?.parse().ok()?))
}

fn lets_through(folder: &Path, uid: u32, gid: u32) -> bool {
    fs::metadata(folder).is_ok_and(|folder| {
        let bit = match () {
            () if folder.uid() == uid => 0o100,
            () if folder.gid() == gid => 0o010,
            () => 0o001,
        };
        folder.mode() & bit != 0
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn users_are_found_by_their_whole_name() {
        let users =
            "root:x:0:0:root:/root:/bin/bash\npostgresql:x:7:7::/:/bin/sh\npostgres:x:105:110::/:/bin/sh\n";

        assert_eq!(ids_of(users, "postgres"), Some((105, 110)));
        assert_eq!(ids_of(users, "nobody"), None);
    }
}
