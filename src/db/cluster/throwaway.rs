//! A cluster that holds nothing: for demonstrations and tests.

use std::{
    env,
    fs::{self, DirBuilder},
    os::unix::fs::DirBuilderExt,
    path::{Path, PathBuf},
    process::Command,
};

use uuid::Uuid;

use super::{super::StartError, Cluster, Durability};

/// Memory that a cluster and a run of all tests fit in, in KiB.
const ENOUGH_MEMORY: u64 = 1024 * 1024;

/// A cluster in a temporary folder, which is removed with it: by [`Self::stop`], or after this process has ended.
#[derive(Debug)]
pub struct Throwaway {
    /// The cluster, whose promises are off.
    pub cluster: Cluster,
    root: PathBuf,
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
        match Cluster::start(&root, Durability::Throwaway).await {
            Ok(cluster) => Ok(Self { cluster, root }),
            Err(error) => {
                remove(&root);
                Err(error)
            }
        }
    }

    /// Stops PostgreSQL and removes everything.
    pub async fn stop(self) {
        self.cluster.stop().await;
        remove(&self.root);
    }
}

/// PostgreSQL's companion is removing the folder at the same time, so that some of it may be gone already.
fn remove(root: &Path) {
    while root.exists()
        && fs::remove_dir_all(root).is_err_and(|error| error.kind() == std::io::ErrorKind::NotFound)
    {}
}

/// Free space where a folder is; 0 when that cannot be told.
fn free_kib(folder: &Path) -> u64 {
    let output = Command::new("df").arg("-Pk").arg(folder).output();
    output
        .ok()
        .and_then(|output| {
            let table = String::from_utf8_lossy(&output.stdout).into_owned();
            table.lines().nth(1)?.split_whitespace().nth(3)?.parse().ok()
        })
        .unwrap_or(0)
}
