//! Finds PostgreSQL's programs on this machine.

use std::{
    collections::BTreeSet,
    env,
    fmt::{self, Display},
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use super::super::{OLDEST_POSTGRES, StartError};

/// Where package managers put PostgreSQL; `*` stands for any part of one name.
const USUAL_FOLDERS: [&str; 12] = [
    "/usr/lib/postgresql/*/bin",                          // Debian, Ubuntu
    "/usr/pgsql-*/bin",                                   // PostgreSQL's own RPMs
    "/usr/lib/postgresql*/bin",                           // openSUSE
    "/usr/lib64/postgresql-*/bin",                        // Gentoo
    "/usr/libexec/postgresql*",                           // Alpine
    "/usr/local/pgsql/bin",                               // built from source
    "/usr/local/bin",                                     // FreeBSD
    "/opt/homebrew/opt/postgresql@*/bin",                 // Homebrew on Apple silicon
    "/usr/local/opt/postgresql@*/bin",                    // Homebrew on Intel
    "/home/linuxbrew/.linuxbrew/opt/postgresql@*/bin",    // Homebrew on Linux
    "/Applications/Postgres.app/Contents/Versions/*/bin", // Postgres.app
    "/opt/local/lib/postgresql*/bin",                     // MacPorts
];

/// A version as PostgreSQL counts since 10: major and minor.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct Version {
    /// Data folders fit one major version only.
    pub major: u32,
    /// Bug fixes within it.
    pub minor: u32,
}

impl Version {
    /// Reads `postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)`, also `… 18beta1`.
    fn from_output(output: &str) -> Option<Self> {
        let number = output.split("(PostgreSQL) ").nth(1)?.split_whitespace().next()?;
        let mut parts = number.split(|c: char| !c.is_ascii_digit());
        let major = parts.next()?.parse().ok()?;
        let minor = parts.next().and_then(|minor| minor.parse().ok()).unwrap_or(0);
        Some(Self { major, minor })
    }

    /// Reads `server_version_num`, as in 150018.
    #[must_use]
    pub fn from_number(number: i32) -> Self {
        let number = number.unsigned_abs();
        Self { major: number / 10_000, minor: number % 10_000 }
    }
}

impl Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.major, self.minor)
    }
}

/// A folder with `postgres` and `initdb` of one version.
#[derive(Clone, Debug)]
pub struct Binaries {
    folder: PathBuf,
    /// Whose programs these are.
    pub version: Version,
}

impl Binaries {
    /// The newest that will do for a new data folder.
    ///
    /// # Errors
    /// [`StartError::NotInstalled`], with the command that helps on this machine.
    pub fn newest() -> Result<Self, StartError> {
        let all = installed(&candidates());
        match all.iter().max_by_key(|binaries| binaries.version) {
            Some(newest) if newest.version.major >= OLDEST_POSTGRES => Ok(newest.clone()),
            too_old => Err(StartError::NotInstalled {
                minimum: OLDEST_POSTGRES,
                command: install_command(),
                found: too_old.map_or_else(String::new, |old| {
                    format!(" PostgreSQL {} in {} is too old.", old.version, old.folder.display())
                }),
            }),
        }
    }

    /// Those that can open a data folder written by a major version.
    ///
    /// # Errors
    /// [`StartError::OtherMajor`] when that version is not installed.
    pub fn for_data(folder: &Path, written: u32) -> Result<Self, StartError> {
        // Debian's folders are named after the version: asking each program would cost 15 ms of the start.
        let candidates = candidates();
        let (likely, others): (Vec<_>, Vec<_>) = candidates
            .into_iter()
            .partition(|folder| folder.iter().any(|part| *part == *written.to_string()));
        let mut found = Vec::new();
        for candidates in [likely, others] {
            let fitting = installed(&candidates);
            if let Some(newest) = fitting
                .iter()
                .filter(|binaries| binaries.version.major == written)
                .max_by_key(|binaries| binaries.version)
            {
                return Ok(newest.clone());
            }
            found.extend(fitting);
        }
        let versions: BTreeSet<_> = found.iter().map(|binaries| binaries.version).collect();
        let versions: Vec<_> = versions.iter().map(ToString::to_string).collect();
        Err(StartError::OtherMajor {
            folder: folder.to_owned(),
            written,
            found: if versions.is_empty() { "none".to_owned() } else { versions.join(", ") },
        })
    }

    /// The path of one of the programs.
    #[must_use]
    pub fn program(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }
}

/// Folders that have both programs, the preferred ones first, each once.
fn candidates() -> Vec<PathBuf> {
    let mut folders = Vec::new();
    if let Some(chosen) = env::var_os("PG_BIN") {
        folders.push(PathBuf::from(chosen));
    } else {
        folders.extend(env::var_os("PATH").iter().flat_map(env::split_paths));
        folders.extend(USUAL_FOLDERS.iter().flat_map(|pattern| matching(pattern)));
    }
    let mut seen = BTreeSet::new();
    folders
        .iter()
        // A link to the server in a folder of its own leads to where the other programs are.
        .filter_map(|folder| fs::canonicalize(folder.join("postgres")).ok())
        .filter_map(|postgres| postgres.parent().map(Path::to_owned))
        .filter(|folder| folder.join("initdb").is_file() && seen.insert(folder.clone()))
        .collect()
}

fn matching(pattern: &str) -> Vec<PathBuf> {
    let Some((before, after)) = pattern.split_once('*') else {
        return vec![PathBuf::from(pattern)];
    };
    let (parent, prefix) = before.rsplit_once('/').expect("the patterns are absolute paths");
    let entries = fs::read_dir(parent).into_iter().flatten().flatten();
    entries
        .filter(|entry| entry.file_name().to_string_lossy().starts_with(prefix))
        .map(|entry| entry.path().join(after.trim_start_matches('/')))
        .collect()
}

fn installed(folders: &[PathBuf]) -> Vec<Binaries> {
    let version = |folder: &Path| {
        let output = Command::new(folder.join("postgres")).arg("--version").output().ok()?;
        Version::from_output(&String::from_utf8_lossy(&output.stdout))
    };
    folders
        .iter()
        .filter_map(|folder| Some(Binaries { folder: folder.clone(), version: version(folder)? }))
        .collect()
}

/// What installs a PostgreSQL server here.
fn install_command() -> String {
    if cfg!(target_os = "macos") {
        return "brew install postgresql@17".to_owned();
    }
    if cfg!(target_os = "freebsd") {
        return "sudo pkg install postgresql17-server".to_owned();
    }
    command_for(&fs::read_to_string("/etc/os-release").unwrap_or_default()).to_owned()
}

/// The command for the system that an [os-release file](https://www.freedesktop.org/software/systemd/man/os-release.html) describes.
fn command_for(os_release: &str) -> &'static str {
    let is_like = |name: &str| {
        os_release
            .lines()
            .filter_map(|line| line.strip_prefix("ID=").or_else(|| line.strip_prefix("ID_LIKE=")))
            .any(|ids| ids.trim_matches('"').split(' ').any(|id| id == name))
    };
    match () {
        () if is_like("rhel") => "sudo dnf module install -y postgresql:16/server",
        () if is_like("fedora") => "sudo dnf install -y postgresql-server",
        () if is_like("arch") => "sudo pacman -S postgresql",
        () if is_like("alpine") => "sudo apk add postgresql17",
        () if is_like("suse") || is_like("opensuse") => "sudo zypper install postgresql-server",
        () if is_like("nixos") => "nix-shell -p postgresql",
        () => "sudo apt-get install -y postgresql",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read_from_what_the_program_prints() {
        let read = |output| Version::from_output(output).map(|version| version.to_string());

        assert_eq!(read("postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)\n").as_deref(), Some("15.18"));
        assert_eq!(read("postgres (PostgreSQL) 19beta1\n").as_deref(), Some("19.0"));
        assert_eq!(read("postgres (PostgreSQL) 18\n").as_deref(), Some("18.0"));
        assert_eq!(read("postgres: command not found"), None);
        assert_eq!(Version::from_number(150_018).to_string(), "15.18");
    }

    #[test]
    fn a_link_to_the_server_leads_to_its_other_programs() {
        for folder in candidates() {
            assert!(folder.join("postgres").is_file() && folder.join("initdb").is_file());
        }
        assert!(Binaries::newest().is_ok(), "the tests need a PostgreSQL server on this machine");
    }

    #[test]
    fn a_version_that_is_not_installed_is_named() {
        let error = Binaries::for_data(Path::new("/srv/factdesk"), 3).unwrap_err().to_string();

        assert!(error.contains("/srv/factdesk was written by PostgreSQL 3"), "{error}");
    }

    #[test]
    fn each_system_is_told_its_own_command() {
        assert_eq!(command_for("ID=ubuntu\nID_LIKE=debian"), "sudo apt-get install -y postgresql");
        assert_eq!(
            command_for("ID=\"rocky\"\nID_LIKE=\"rhel centos fedora\""),
            "sudo dnf module install -y postgresql:16/server"
        );
        assert_eq!(command_for("ID=alpine"), "sudo apk add postgresql17");
    }
}
