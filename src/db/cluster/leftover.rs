//! What a previous run of PostgreSQL has left behind.

use std::{fs, io::ErrorKind, path::Path, time::Duration};

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
/// [`StartError::Folder`] when a stale file cannot be removed.
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

/// The process that the file names, if it is there and PostgreSQL. A file that names another one's process is removed:
/// PostgreSQL would believe it, and numbers come again soon where every start is in a new container.
async fn running(pid_file: &Path) -> Result<Option<u32>, StartError> {
    let Some(pid) =
        fs::read_to_string(pid_file).ok().and_then(|text| text.lines().next()?.trim().parse::<u32>().ok())
    else {
        return Ok(None);
    };
    if is_postgres(pid).await {
        return Ok(Some(pid));
    }
    match fs::remove_file(pid_file) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            Err(StartError::folder("remove", pid_file)(error))
        }
        _ => Ok(None),
    }
}

async fn is_postgres(pid: u32) -> bool {
    let output = Command::new("ps").args(["-o", "comm=", "-p", &pid.to_string()]).output();
    let name = match fs::read_to_string(format!("/proc/{pid}/comm")) {
        Ok(name) => name,
        Err(_) if Path::new("/proc/self").exists() => return false,
        Err(_) => match output.await {
            Ok(output) => String::from_utf8_lossy(&output.stdout).into_owned(),
            Err(_) => return true,
        },
    };
    name.contains("postgres")
}
