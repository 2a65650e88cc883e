//! Work on what strangers send, in a process of its own: our own program, started anew for one piece of work with an
//! empty environment, so without any password, and with limits that it sets itself. Whatever becomes of it, the server
//! goes on.

pub mod child;
mod limits;
mod message;

use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::sync::Arc;

use clap::ValueEnum;
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::process::{Child, Command};
use tokio::sync::Semaphore;
use tokio::time::timeout;

pub use self::limits::{Limits, MIB};
pub use self::message::Message;

/// How many fetches run at once, whoever asked for them (OWASP's advice is a limit for what costs time:
/// <https://cheatsheetseries.owasp.org/cheatsheets/Denial_of_Service_Cheat_Sheet.html>).
pub const FETCHES_AT_ONCE: usize = 4;
/// How many files are read at once: more would not be faster on the machines this runs on.
pub const READINGS_AT_ONCE: usize = 2;

/// What is done in a process of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Work {
    /// Fetching an address.
    Fetch,
    /// Fetching a document that is cited, which may be larger and slower.
    FetchSource,
    /// Reading a file that came in as text.
    Read,
    /// Reading a document that is cited, whatever it is.
    ReadSource,
    /// Calling the interface of a service.
    Call,
    /// Writing references out in a style that a desk gave.
    Cite,
}

impl Work {
    fn name(self) -> &'static str {
        match self {
            Self::Fetch => "fetch",
            Self::FetchSource => "fetch-source",
            Self::Read => "read",
            Self::ReadSource => "read-source",
            Self::Call => "call",
            Self::Cite => "cite",
        }
    }
}

/// Why there is no answer. The words are for the person whose file or address it was.
#[derive(Debug, thiserror::Error)]
pub enum Broken {
    /// It took longer than it may.
    #[error("This took too long, so it was stopped.")]
    TooSlow,
    /// It ended without an answer: it took more memory or time of the processor than it may, or has a fault.
    #[error("This could not be read: it took more than it may, or is not what it seems to be.")]
    Crashed(ExitStatus),
    /// The process cannot be started or talked to.
    #[error("Something went wrong on our side. Please try again.")]
    Unavailable(#[source] std::io::Error),
}

/// The way to the processes: which program they run, and how many at once.
#[derive(Clone, Debug)]
pub struct Isolated {
    program: PathBuf,
    fetches: Arc<Semaphore>,
    readings: Arc<Semaphore>,
}

impl Default for Isolated {
    /// The program that runs now.
    fn default() -> Self {
        // The file itself, also after another version took its place on the disk.
        let itself = Path::new("/proc/self/exe");
        let program = if itself.exists() { Ok(itself.to_owned()) } else { std::env::current_exe() };
        Self::new(program.unwrap_or_else(|_| PathBuf::from("factdesk")))
    }
}

impl Isolated {
    /// Runs that program, which is `factdesk`.
    #[must_use]
    pub fn new(program: impl Into<PathBuf>) -> Self {
        let most = |most| Arc::new(Semaphore::new(most));
        Self { program: program.into(), fetches: most(FETCHES_AT_ONCE), readings: most(READINGS_AT_ONCE) }
    }

    /// Has a piece of work done, when it is its turn. The process is killed when it takes too long, and when the
    /// caller goes away.
    ///
    /// # Errors
    /// [`Broken`] when there is no answer.
    ///
    /// # Panics
    /// Never: the limits on how many run at once are not taken away.
    pub async fn run<A: DeserializeOwned>(
        &self,
        work: Work,
        head: &impl Serialize,
        bytes: &[u8],
    ) -> Result<Message<A>, Broken> {
        let turns = match work {
            Work::Fetch | Work::FetchSource | Work::Call => &self.fetches,
            Work::Read | Work::ReadSource | Work::Cite => &self.readings,
        };
        let _turn = turns.acquire().await.expect("nobody closes it");
        let request = Message::write(head, bytes).map_err(Broken::Unavailable)?;
        let limits = Limits::of(work);
        let mut child = self.start(work).map_err(Broken::Unavailable)?;
        let Ok(answered) = timeout(limits.wall, exchange(&mut child, &request, limits)).await else {
            // It is dropped at the end, and so killed; here it is also waited for.
            let _ = child.kill().await;
            return Err(Broken::TooSlow);
        };
        let (answer, status) = answered.map_err(Broken::Unavailable)?;
        if !status.success() {
            tracing::warn!(work = work.name(), %status, "a process of its own ended without an answer");
            return Err(Broken::Crashed(status));
        }
        Message::read(&answer).ok_or(Broken::Crashed(status))
    }

    fn start(&self, work: Work) -> std::io::Result<Child> {
        Command::new(&self.program)
            .args(["isolated", work.name()])
            .env_clear()
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
    }
}

async fn exchange(
    child: &mut Child,
    request: &[u8],
    limits: Limits,
) -> std::io::Result<(Vec<u8>, ExitStatus)> {
    if let Some(mut stdin) = child.stdin.take() {
        // One that does not listen to the end may still answer, or says by its end why not.
        let _ = stdin.write_all(request).await;
    }
    let mut answer = Vec::new();
    if let Some(stdout) = child.stdout.take() {
        stdout.take(limits.answer + 1).read_to_end(&mut answer).await?;
    }
    if u64::try_from(answer.len()).is_ok_and(|length| length > limits.answer) {
        child.kill().await?;
    }
    Ok((answer, child.wait().await?))
}
