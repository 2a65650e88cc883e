//! Why the database could not be opened, in words that say what to do.

use std::{io, path::PathBuf};

use sqlx::error::DatabaseError;

use super::cluster::binaries::Version;

/// Why the server has no database. `Display` is for the operator: what is wrong, where, and what helps.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// No PostgreSQL server program was found.
    #[error(
        "There is no PostgreSQL {minimum} or newer on this machine. Install it with\n\n    {command}\n\n\
         or set PG_BIN to the folder that has `postgres` and `initdb`, or DATABASE_URL to a database elsewhere.{found}"
    )]
    NotInstalled {
        /// The oldest version that will do.
        minimum: u32,
        /// What installs one here.
        command: String,
        /// What was found and would not do, as a sentence with a space before it, or nothing.
        found: String,
    },

    /// The data folder belongs to another major version than what is installed.
    #[error(
        "The data in {} was written by PostgreSQL {written}, which is not on this machine (found: {found}). \
         Install PostgreSQL {written} again, or set PG_BIN to the folder that has it.",
        folder.display()
    )]
    OtherMajor {
        /// The data folder.
        folder: PathBuf,
        /// The major version that wrote it.
        written: u32,
        /// What is installed.
        found: String,
    },

    /// A file or folder of the private cluster cannot be used.
    #[error("Cannot {attempt} {}: {source}.", path.display())]
    Folder {
        /// What was tried, as a verb.
        attempt: &'static str,
        /// With what.
        path: PathBuf,
        /// Why it failed.
        source: io::Error,
    },

    /// Somebody else owns the folder in which the socket would have to be.
    #[error(
        "The path of the data folder is too long for a socket, and {} belongs to somebody else. \
         Choose a shorter path with FACTDESK_DATA.",
        path.display()
    )]
    ForeignSocketFolder {
        /// The folder.
        path: PathBuf,
    },

    /// Another process holds the folder, and its PostgreSQL does not come up.
    #[error("Another Factdesk uses {} and has not started its PostgreSQL yet. Is it stuck?", folder.display())]
    Busy {
        /// The cluster's folder.
        folder: PathBuf,
    },

    /// As root there is no other user to run PostgreSQL as.
    #[error(
        "PostgreSQL does not run as root, and this machine has neither a user `postgres` nor `nobody` to run it as. \
         Start Factdesk as an ordinary user."
    )]
    NoOrdinaryUser,

    /// A program of PostgreSQL's failed.
    #[error("{program} failed ({status}). It said:\n{said}")]
    Program {
        /// Which one.
        program: &'static str,
        /// How it ended.
        status: String,
        /// Its last lines.
        said: String,
    },

    /// `DATABASE_URL` or `DATABASE_DIRECT_URL` is not one.
    #[error("{setting} is not a PostgreSQL URL like postgres://user:password@host:5432/name: {reason}.")]
    Url {
        /// The name of the setting.
        setting: &'static str,
        /// What is wrong with it.
        reason: String,
    },

    /// Nobody answers at the address.
    #[error(
        "PostgreSQL at {server} ({setting}) does not answer: {source}. Is it running, and may this machine reach it?"
    )]
    Unreachable {
        /// The name of the setting.
        setting: &'static str,
        /// Host and port, or the socket.
        server: String,
        /// What the connection attempt said.
        source: sqlx::Error,
    },

    /// The server answers, and does not let us in.
    #[error("PostgreSQL at {server} ({setting}) refuses user {user:?}: {reason}.")]
    Refused {
        /// The name of the setting.
        setting: &'static str,
        /// Host and port, or the socket.
        server: String,
        /// As whom we came.
        user: String,
        /// In PostgreSQL's words.
        reason: String,
    },

    /// There is no database of this name.
    #[error(
        "PostgreSQL at {server} has no database {name:?} ({setting}). Create it with: CREATE DATABASE {name} OWNER {user};"
    )]
    NoDatabase {
        /// The name of the setting.
        setting: &'static str,
        /// Host and port, or the socket.
        server: String,
        /// Which database.
        name: String,
        /// As whom we came.
        user: String,
    },

    /// The server is older than what the migrations need.
    #[error("The database runs PostgreSQL {version}; Factdesk needs {minimum} or newer.")]
    ServerTooOld {
        /// What it runs.
        version: Version,
        /// The oldest that will do.
        minimum: u32,
    },

    /// The database cannot hold every text.
    #[error(
        "The database {name:?} is encoded in {encoding}; create one with ENCODING 'UTF8' TEMPLATE template0."
    )]
    Encoding {
        /// Which database.
        name: String,
        /// Its encoding.
        encoding: String,
    },

    /// The database is a standby.
    #[error("The database is a read-only standby. DATABASE_URL has to name the primary.")]
    ReadOnly,

    /// The user lacks a right.
    #[error(
        "The database user {user:?} may not {action}. Let an administrator of the database run:\n\n    {remedy}\n"
    )]
    MissingRight {
        /// Who.
        user: String,
        /// What it may not.
        action: &'static str,
        /// SQL that gives the right.
        remedy: String,
    },

    /// Migrations are missing, and the server's own role may not apply them.
    #[error(
        "The database has to be migrated by its owner first: run `factdesk migrate` with the owner's URL in \
         DATABASE_DIRECT_URL, or set it for the server."
    )]
    NotMigrated,

    /// The database was migrated by a newer Factdesk.
    #[error(
        "The database was written by a newer Factdesk (it has migration {found}, this one ends at {known}). \
         Run that version, or restore a backup from before it."
    )]
    SchemaNewer {
        /// The newest migration in the database.
        found: i64,
        /// The newest this program has.
        known: i64,
    },

    /// A migration is not what was applied under its number, or failed.
    #[error("The database could not be migrated: {0}.")]
    Migration(#[from] sqlx::migrate::MigrateError),

    /// Another process has been migrating for too long.
    #[error(
        "Another Factdesk has been migrating the database for {waited_s} seconds. Start again when it is done."
    )]
    MigrationBusy {
        /// How long we waited, in seconds.
        waited_s: u64,
    },

    /// What stands between us and PostgreSQL gives one query the answer of another.
    #[error(
        "The connection to the database mixes up answers: {problem}. This is what a connection pooler in transaction mode does. \
         Use PgBouncer 1.24 or newer with max_prepared_statements above 0 and a DATABASE_URL that logs in as factdesk_app, \
         or session mode, or no pooler: Factdesk keeps its own pool."
    )]
    MixedAnswers {
        /// What was seen.
        problem: String,
    },

    /// PostgreSQL failed otherwise.
    #[error("The database failed while starting: {0}.")]
    Database(#[source] sqlx::Error),
}

impl From<sqlx::Error> for StartError {
    fn from(error: sqlx::Error) -> Self {
        let code = error.as_database_error().and_then(DatabaseError::code);
        match code.as_deref() {
            // A prepared statement exists already, or does not: it is on somebody else's connection.
            Some("42P05" | "26000") => Self::MixedAnswers { problem: error.to_string() },
            _ => Self::Database(error),
        }
    }
}

impl StartError {
    /// Makes the error for a failed operation on a path.
    pub(super) fn folder(attempt: &'static str, path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |source| Self::Folder { attempt, path, source }
    }
}
