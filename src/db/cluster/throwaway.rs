//! A cluster that holds nothing: for demonstrations and tests.

use std::{
    env,
    fs::DirBuilder,
    os::unix::fs::DirBuilderExt,
    path::Path,
    process::{self, Stdio},
};

use tokio::process::{Child, Command};
use uuid::Uuid;

use super::{super::StartError, Cluster, Durability};

/// Waits for the end of the pipe, which comes with ours, `kill -9` included; then for PostgreSQL's; removes `$1`.
const REMOVE: &str = r#"
read -r _
tries=0
while [ -e "$1/postgres/data/postmaster.pid" ] && [ $tries -lt 100 ]; do
    tries=$((tries + 1))
    sleep 0.1
done
while ! { rm -rf "$1" && [ ! -e "$1" ]; } && [ $tries -lt 200 ]; do
    tries=$((tries + 1))
    sleep 0.1
done
"#;

/// Memory that a cluster and a run of all tests fit in, in KiB.
const ENOUGH_MEMORY: u64 = 1024 * 1024;

/// A cluster in a temporary folder, which is removed with it: by [`Self::stop`], or after this process has ended.
#[derive(Debug)]
pub struct Throwaway {
    /// The cluster, whose promises are off.
    pub cluster: Cluster,
    remover: Child,
}

impl Throwaway {
    /// Makes a new one, in memory where there is enough.
    ///
    /// # Errors
    /// [`StartError`] as for [`Cluster::start`].
    pub async fn start() -> Result<Self, StartError> {
        let memory = Path::new("/dev/shm");
        let parent = if free_kib(memory) > ENOUGH_MEMORY { memory.to_owned() } else { env::temp_dir() };
        let root = parent.join(format!("factdesk-{}", Uuid::new_v4().simple()));
        DirBuilder::new()
            .mode(0o711)
            .create(&root)
            .map_err(StartError::folder("create the folder", &root))?;
        let remover = Command::new("/bin/sh")
            .args(["-c", REMOVE, "factdesk"])
            .arg(&root)
            .current_dir("/")
            // Not for Ctrl-C in a terminal.
            .process_group(0)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .map_err(StartError::folder("run", "/bin/sh"))?;
        let cluster = Cluster::start(&root, Durability::Throwaway).await?;
        Ok(Self { cluster, remover })
    }

    /// Stops PostgreSQL and removes everything.
    pub async fn stop(self) {
        let Self { cluster, mut remover } = self;
        cluster.stop().await;
        drop(remover.stdin.take());
        // Fails only where somebody else has waited for it.
        let _ = remover.wait().await;
    }
}

/// Free space where a folder is; 0 when that cannot be told.
fn free_kib(folder: &Path) -> u64 {
    let output = process::Command::new("df").arg("-Pk").arg(folder).output();
    output
        .ok()
        .and_then(|output| {
            let table = String::from_utf8_lossy(&output.stdout).into_owned();
            table.lines().nth(1)?.split_whitespace().nth(3)?.parse().ok()
        })
        .unwrap_or(0)
}
