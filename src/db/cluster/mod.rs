//! The private PostgreSQL cluster in the data folder: made, started, watched and stopped by the server itself.
//!
//! It listens on a socket in a folder that only its owner can enter, so there is no password to leak and no port to
//! guard. Nothing acknowledged is lost: `fsync`, `full_page_writes` and `synchronous_commit` are on. One process runs
//! PostgreSQL, the one that holds the folder's lock; others that start meanwhile (`factdesk export` beside a running
//! server) use the same, and take over when the first one ends.

mod account;
pub mod binaries;
mod folder;
mod initialize;
mod leftover;
mod process;
mod throwaway;

use std::{fs::File, path::Path, time::Duration};

use sqlx::postgres::{PgConnectOptions, PgSslMode};
use tokio::{
    sync::watch,
    task::JoinHandle,
    time::{Instant, sleep},
};
use tracing::{info, warn};

pub use self::throwaway::Throwaway;
use self::{binaries::Binaries, folder::Folder, process::Process};
use super::{APP_ROLE, DATABASE, OWNER_ROLE, StartError};

/// How long to leave PostgreSQL alone after it ended by itself; doubled each time it ends again soon.
const FIRST_PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(10);
/// A run this long was a good one.
const GOOD_RUN: Duration = Duration::from_mins(1);
/// How often to look whether the process that runs PostgreSQL has ended.
const LOOK_FOR_OWNER_EVERY: Duration = Duration::from_millis(250);
/// How long the children of a killed PostgreSQL may take to notice.
const LONGEST_END: Duration = Duration::from_secs(10);
/// How long another process may take to start PostgreSQL, which includes making the cluster.
const LONGEST_START_OF_ANOTHER: Duration = Duration::from_mins(1);

/// What a cluster promises.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Durability {
    /// What was acknowledged survives everything but the loss of the disk.
    Full,
    /// Nothing survives the end of the process.
    Throwaway,
}

impl Durability {
    /// What must hold whatever the cluster's `postgresql.conf` says.
    fn settings(self) -> impl Iterator<Item = String> {
        let always = [
            "listen_addresses=",
            "port=5432",
            "logging_collector=off",
            "log_destination=stderr",
            "log_line_prefix=",
        ];
        let promise: &[&str] = match self {
            Self::Full => &["fsync=on", "full_page_writes=on", "synchronous_commit=on"],
            Self::Throwaway => &[
                "fsync=off",
                "full_page_writes=off",
                "synchronous_commit=off",
                // In the folder, to be removed with it.
                "dynamic_shared_memory_type=mmap",
                "wal_level=minimal",
                "max_wal_senders=0",
                "max_connections=200",
            ],
        };
        always
            .into_iter()
            .chain(promise.iter().copied())
            .flat_map(|setting| ["-c".to_owned(), setting.to_owned()])
    }
}

/// The private cluster, up until it is stopped.
#[derive(Debug)]
pub struct Cluster {
    folder: Folder,
    started: watch::Receiver<Instant>,
    stop: watch::Sender<bool>,
    task: JoinHandle<()>,
}

impl Cluster {
    /// Brings up the cluster in a data folder, which is made if there is none.
    ///
    /// # Errors
    /// [`StartError`], when PostgreSQL is not installed, the folder cannot be used or PostgreSQL does not start.
    pub async fn start(data: &Path, durability: Durability) -> Result<Self, StartError> {
        let folder = Folder::prepare(data)?;
        let runner = Runner { folder: folder.clone(), durability };
        let state = runner.begin().await?;
        let (started, started_at) = watch::channel(Instant::now());
        let (stop, stopped) = watch::channel(false);
        let task = tokio::spawn(runner.keep_up(state, started, stopped));
        Ok(Self { folder, started: started_at, stop, task })
    }

    /// How the server's own role connects.
    #[must_use]
    pub fn app(&self) -> PgConnectOptions {
        self.connect_as(APP_ROLE)
    }

    /// How the owner connects, who may do everything.
    #[must_use]
    pub fn owner(&self) -> PgConnectOptions {
        self.connect_as(OWNER_ROLE)
    }

    /// When PostgreSQL was started last: older connections are dead.
    #[must_use]
    pub fn started(&self) -> watch::Receiver<Instant> {
        self.started.clone()
    }

    /// Stops PostgreSQL, if this process runs it, and waits for its end.
    pub async fn stop(self) {
        // Fails only when the task has ended already.
        let _ = self.stop.send(true);
        let _ = self.task.await;
    }

    fn connect_as(&self, role: &str) -> PgConnectOptions {
        PgConnectOptions::new_without_pgpass()
            .socket(self.folder.socket())
            .port(5432)
            .username(role)
            .password("")
            .database(DATABASE)
            .ssl_mode(PgSslMode::Disable)
    }
}

/// Who runs PostgreSQL.
enum State {
    /// We do.
    Running { lock: File, process: Box<Process>, since: Instant },
    /// We are to, and it is down.
    Down { lock: File },
    /// Another process does.
    Adopted,
}

struct Runner {
    folder: Folder,
    durability: Durability,
}

impl Runner {
    /// Starts PostgreSQL, or waits until another process has.
    async fn begin(&self) -> Result<State, StartError> {
        let begun = Instant::now();
        loop {
            if let Some(lock) = self.folder.try_lock()? {
                return Ok(State::Running { process: self.run().await?, lock, since: Instant::now() });
            }
            if leftover::is_ready(&self.folder) {
                return Ok(State::Adopted);
            }
            if begun.elapsed() > LONGEST_START_OF_ANOTHER {
                return Err(StartError::Busy { folder: self.folder.home().to_owned() });
            }
            sleep(Duration::from_millis(10)).await;
        }
    }

    /// Starts PostgreSQL, for which the lock must be held.
    async fn run(&self) -> Result<Box<Process>, StartError> {
        self.folder.take()?;
        leftover::wait_until_gone(&self.folder).await?;
        let binaries = if let Some(major) = self.folder.written_by()? {
            Binaries::for_data(&self.folder.data(), major)?
        } else {
            let newest = Binaries::newest()?;
            initialize::initialize(&self.folder, &newest, self.durability).await?;
            newest
        };
        let begun = Instant::now();
        loop {
            match Process::start(&binaries, &self.folder, self.durability).await {
                Err(error) if leftover::is_ending(&error) && begun.elapsed() < LONGEST_END => {
                    sleep(FIRST_PAUSE).await;
                }
                started => return started.map(Box::new),
            }
        }
    }

    /// Starts PostgreSQL again whenever it ends, until told to stop.
    async fn keep_up(
        self,
        mut state: State,
        started: watch::Sender<Instant>,
        mut stopped: watch::Receiver<bool>,
    ) {
        let mut pause = FIRST_PAUSE;
        loop {
            state = match state {
                State::Running { lock, mut process, since } => {
                    let end = tokio::select! {
                        _ = stopped.changed() => None,
                        end = process.end() => Some(end),
                    };
                    let Some(end) = end else {
                        process.stop().await;
                        self.folder.release();
                        return;
                    };
                    warn!("PostgreSQL ended by itself and is started again. {end}");
                    if since.elapsed() > GOOD_RUN {
                        pause = FIRST_PAUSE;
                    }
                    State::Down { lock }
                }
                State::Down { lock } => {
                    tokio::select! {
                        _ = stopped.changed() => return,
                        () = sleep(pause) => {}
                    }
                    pause = (pause * 2).min(LONGEST_PAUSE);
                    match self.run().await {
                        Ok(process) => {
                            info!("PostgreSQL is up again");
                            started.send_replace(Instant::now());
                            State::Running { lock, process, since: Instant::now() }
                        }
                        Err(error) => {
                            warn!("PostgreSQL cannot be started, which is tried again. {error}");
                            State::Down { lock }
                        }
                    }
                }
                State::Adopted => {
                    tokio::select! {
                        _ = stopped.changed() => return,
                        () = sleep(LOOK_FOR_OWNER_EVERY) => {}
                    }
                    match self.folder.try_lock() {
                        Ok(Some(lock)) => State::Down { lock },
                        Ok(None) => State::Adopted,
                        Err(error) => {
                            warn!("{error}");
                            State::Adopted
                        }
                    }
                }
            };
        }
    }
}
