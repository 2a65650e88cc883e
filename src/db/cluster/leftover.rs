//! What a previous run of PostgreSQL has left behind.

use std::{fs, path::Path, process::id, time::Duration};

use tokio::{
    process::Command,
    time::{Instant, sleep},
};
use tracing::{info, warn};

use super::{super::StartError, folder::Folder};

/// After `kill -9` of the server its PostgreSQL stops by itself, within moments. One that does not is told to.
const GOES_BY_ITSELF_WITHIN: Duration = Duration::from_secs(5);

/// Whether the PostgreSQL that another process started takes connections.
pub fn is_ready(folder: &Folder) -> bool {
    fs::read_to_string(folder.pid_file())
        .is_ok_and(|text| text.lines().nth(7).is_some_and(|state| state.trim() == "ready"))
}

/// Waits until the PostgreSQL of a process that has ended has ended, too. To be called by the holder of the lock.
///
/// # Errors
/// [`StartError::Folder`] when a stale file cannot be corrected.
pub async fn wait_until_gone(folder: &Folder) -> Result<(), StartError> {
    let path = folder.pid_file();
    let begun = Instant::now();
    let mut told = false;
    while let Some(pid) = running(&path).await? {
        if !told && begun.elapsed() > GOES_BY_ITSELF_WITHIN {
            told = true;
            info!(pid, "stopping a PostgreSQL that a previous run has left");
            let status = Command::new("kill").args(["-s", "INT", &pid.to_string()]).status().await;
            if !status.is_ok_and(|status| status.success()) {
                warn!(pid, "the PostgreSQL that a previous run has left cannot be stopped");
            }
        }
        sleep(Duration::from_millis(5)).await;
    }
    Ok(())
}

/// Whether PostgreSQL refuses to start only because processes of a killed one have not all ended yet.
pub fn is_ending(error: &StartError) -> bool {
    matches!(error, StartError::Program { said, .. } if said.contains("pre-existing shared memory block"))
}

/// The process that the file names, if it is there and PostgreSQL.
async fn running(pid_file: &Path) -> Result<Option<u32>, StartError> {
    let Ok(text) = fs::read_to_string(pid_file) else {
        return Ok(None);
    };
    let (first, others) = text.split_once('\n').unwrap_or((&text, ""));
    let Ok(pid) = first.trim().parse::<u32>() else {
        return Ok(None);
    };
    match program_of(pid).await {
        Some(name) if name.contains("postgres") => return Ok(Some(pid)),
        // Numbers come again, soon where every start is in a new container. PostgreSQL would take that process for
        // one of its kind, unless it is its parent. The file has to stay: it also says how to find leftover children.
        Some(_) if pid != id() => fs::write(pid_file, format!("{}\n{others}", id()))
            .map_err(StartError::folder("correct", pid_file))?,
        _ => {}
    }
    Ok(None)
}

/// What a process runs; none when there is no such process.
async fn program_of(pid: u32) -> Option<String> {
    if Path::new("/proc/self/comm").exists() {
        return fs::read_to_string(format!("/proc/{pid}/comm")).ok();
    }
    let output = Command::new("ps").args(["-o", "comm=", "-p", &pid.to_string()]).output().await.ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}
