//! Makes a new cluster: complete, or not at all.

use std::{
    fs::{self, File},
    io::Write,
    process::Stdio,
};

use tokio::{io::AsyncWriteExt, process::Command};
use tracing::info;

use super::{
    super::{APP_ROLE, DATABASE, OWNER_ROLE, StartError},
    Durability,
    binaries::Binaries,
    folder::Folder,
};

/// What an operator may change, at the end of the cluster's `postgresql.conf`. What must hold is given at each start.
const TUNING: &str = "
# Factdesk: for a small machine. Change what you like; fsync, full_page_writes, synchronous_commit
# and where it listens are set by the server at each start.
shared_buffers = 64MB
max_connections = 60
work_mem = 8MB
maintenance_work_mem = 64MB
max_wal_size = 512MB
max_parallel_workers_per_gather = 0
jit = off
log_checkpoints = off
# Details of an error have users' words in them.
log_error_verbosity = terse
timezone = 'UTC'
";

/// Makes the data directory with the database and its roles.
///
/// # Errors
/// [`StartError::Program`] when PostgreSQL cannot make one here.
pub async fn initialize(
    folder: &Folder,
    binaries: &Binaries,
    durability: Durability,
) -> Result<(), StartError> {
    info!("making a new PostgreSQL {} cluster in {}", binaries.version, folder.home().display());
    let unfinished = folder.unfinished();
    let mut initdb = folder.account.command(&binaries.program("initdb"));
    initdb.arg("-D").arg(&unfinished);
    initdb.args(["--username", OWNER_ROLE, "--auth", "trust", "--encoding", "UTF8", "--data-checksums"]);
    // Collation by code point, the same everywhere; classes of characters from Unicode. Never the system's collations:
    // an upgrade of the system changes them under the indexes.
    initdb.args(match binaries.version.major {
        17.. => &["--no-locale", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"][..],
        _ if cfg!(target_os = "macos") => &["--no-locale", "--lc-ctype=UTF-8"],
        _ => &["--locale=C.UTF-8"],
    });
    if durability == Durability::Throwaway {
        initdb.arg("--no-sync");
    }
    run("initdb", &mut initdb, "").await?;

    let configuration = unfinished.join("postgresql.conf");
    File::options()
        .append(true)
        .open(&configuration)
        .and_then(|mut file| file.write_all(TUNING.as_bytes()))
        .map_err(StartError::folder("write", configuration))?;

    // One line is one statement. The server's own failures are reported by the server, so its role logs none here.
    let statements = format!(
        "CREATE ROLE {APP_ROLE} LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE\n\
         ALTER ROLE {APP_ROLE} SET log_min_messages = 'log'\n\
         CREATE DATABASE {DATABASE}\n"
    );
    let mut single = folder.account.command(&binaries.program("postgres"));
    single.arg("--single").arg("-D").arg(&unfinished);
    single.args(["-c", "exit_on_error=on"]).args(durability.settings()).arg("postgres");
    run("postgres", &mut single, &statements).await?;

    fs::rename(&unfinished, folder.data())
        .and_then(|()| File::open(folder.home())?.sync_all())
        .map_err(StartError::folder("finish", folder.data()))
}

async fn run(program: &'static str, command: &mut Command, input: &str) -> Result<(), StartError> {
    let failed = |status: String, said: &[u8]| StartError::Program {
        program,
        status,
        said: String::from_utf8_lossy(said).trim().to_owned(),
    };
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .map_err(|error| failed(error.to_string(), b""))?;
    let mut stdin = child.stdin.take().expect("standard input is piped");
    // A program that ends early does not read it all; its status and its words say why.
    let _ = stdin.write_all(input.as_bytes()).await;
    drop(stdin);
    let output = child.wait_with_output().await.map_err(|error| failed(error.to_string(), b""))?;
    if output.status.success() { Ok(()) } else { Err(failed(output.status.to_string(), &output.stderr)) }
}
