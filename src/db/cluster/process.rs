//! One run of PostgreSQL, from its start to its end.

use std::{
    collections::VecDeque,
    fs,
    path::Path,
    process::{ExitStatus, Stdio},
    sync::{Arc, Mutex},
    time::Duration,
};

use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    process::{Child, ChildStderr, ChildStdin},
    time::{Instant, sleep},
};
use tracing::{Level, debug, info};

use super::{super::StartError, Durability, binaries::Binaries, folder::Folder};

/// Becomes PostgreSQL, with a companion that ends it when our end of the pipe closes: that happens in whatever way we
/// end, `kill -9` included. A line through the pipe sends the companion away. It is nobody's child, so that PostgreSQL
/// does not take its end for a crash of its own. `$1` is the signal.
///
/// `PR_SET_PDEATHSIG` would not do: it fires when the *thread* that started the child ends.
const RUN: &str = r#"
exec 3<&0 </dev/null
( { read -r _ <&3 || kill -s "$1" $$; } >/dev/null 2>&1 & )
shift
exec "$@" 3<&-
"#;

/// How often to look whether PostgreSQL is ready. It takes some 30 ms, and looking is reading a small file.
const LOOK_EVERY: Duration = Duration::from_millis(2);

/// How many of PostgreSQL's last lines a report of its failure has.
const LAST_LINES: usize = 12;

type LastLines = Arc<Mutex<VecDeque<String>>>;

/// PostgreSQL, running as our child. It stops when this is dropped.
#[derive(Debug)]
pub struct Process {
    child: Child,
    alive: ChildStdin,
    said: LastLines,
}

impl Process {
    /// Starts PostgreSQL and waits until it takes connections, however long it has to recover.
    ///
    /// # Errors
    /// [`StartError::Program`] with what PostgreSQL said when it ends instead.
    pub async fn start(
        binaries: &Binaries,
        folder: &Folder,
        durability: Durability,
    ) -> Result<Self, StartError> {
        let mut command = folder.account.command(Path::new("/bin/sh"));
        command.args(["-c", RUN, "factdesk"]);
        command
            .arg(match durability {
                Durability::Full => "INT",
                Durability::Throwaway => "QUIT",
            })
            .arg(binaries.program("postgres"))
            .arg("-D")
            .arg(folder.data())
            .arg("-k")
            .arg(folder.socket())
            .args(durability.settings())
            // Ctrl-C in a terminal goes to the whole group; PostgreSQL has to outlive our last transactions.
            .process_group(0)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::piped());
        let mut child = command.spawn().map_err(StartError::folder("run", "/bin/sh"))?;
        let alive = child.stdin.take().expect("standard input is piped");
        let said = LastLines::default();
        tokio::spawn(pass_on(child.stderr.take().expect("standard error is piped"), said.clone()));
        let mut process = Self { child, alive, said };
        process.wait_until_ready(&folder.pid_file()).await?;
        Ok(process)
    }

    async fn wait_until_ready(&mut self, pid_file: &Path) -> Result<(), StartError> {
        let begun = Instant::now();
        let mut report_after = Duration::from_secs(5);
        let id = self.child.id().map(|id| id.to_string());
        loop {
            if let Ok(Some(status)) = self.child.try_wait() {
                return Err(self.ended(status).await);
            }
            // Line 1 is the process, line 8 its state (PostgreSQL's miscadmin.h, LOCK_FILE_LINE_PM_STATUS).
            let text = fs::read_to_string(pid_file).unwrap_or_default();
            let mut lines = text.lines();
            if lines.next() == id.as_deref() && lines.nth(6).is_some_and(|state| state.trim() == "ready") {
                debug!(startup_ms = begun.elapsed().as_millis(), "PostgreSQL is ready");
                return Ok(());
            }
            if begun.elapsed() > report_after {
                report_after *= 2;
                info!("PostgreSQL is still starting; after a crash it has to recover first");
            }
            sleep(LOOK_EVERY).await;
        }
    }

    /// Waits until PostgreSQL ends, which it does not by itself: something happened.
    pub async fn end(&mut self) -> StartError {
        match self.child.wait().await {
            Ok(status) => self.ended(status).await,
            Err(error) => StartError::folder("wait for", "postgres")(error),
        }
    }

    async fn ended(&mut self, status: ExitStatus) -> StartError {
        // Sends the companion away: the process's number may soon be another's.
        let _ = self.alive.write_all(b"\n").await;
        // The last lines may still be on their way.
        sleep(Duration::from_millis(20)).await;
        let said = self.said.lock().expect("no holder panics");
        StartError::Program {
            program: "postgres",
            status: status.to_string(),
            said: said.iter().map(String::as_str).collect::<Vec<_>>().join("\n"),
        }
    }

    /// Stops PostgreSQL in its fast way, which rolls back what is open and writes a checkpoint, and waits for its end.
    pub async fn stop(self) {
        let Self { mut child, alive, .. } = self;
        drop(alive);
        if let Ok(status) = child.wait().await {
            debug!(%status, "PostgreSQL has stopped");
        }
    }
}

/// Puts PostgreSQL's lines into our log.
async fn pass_on(lines: ChildStderr, last: LastLines) {
    let mut lines = BufReader::new(lines).split(b'\n');
    let mut level = Level::DEBUG;
    while let Ok(Some(line)) = lines.next_segment().await {
        let line = String::from_utf8_lossy(&line);
        // A line that starts with a tab continues the one before.
        let text = if let Some((severity, text)) = line.split_once(":  ") {
            level = level_of(severity, text);
            text
        } else {
            line.trim()
        };
        match level {
            Level::ERROR => tracing::error!(target: "postgres", "{text}"),
            Level::WARN => tracing::warn!(target: "postgres", "{text}"),
            _ => debug!(target: "postgres", "{text}"),
        }
        let mut last = last.lock().expect("no holder panics");
        if last.len() == LAST_LINES {
            last.pop_front();
        }
        last.push_back(line.into_owned());
    }
}

fn level_of(severity: &str, text: &str) -> Level {
    match severity {
        // What a start, a stop and a crash do to connections. Each of them is reported as such.
        "FATAL"
            if text.starts_with("terminating connection") || text.starts_with("the database system is") =>
        {
            Level::DEBUG
        }
        "FATAL" if text.starts_with("connection to client lost") => Level::DEBUG,
        "PANIC" => Level::ERROR,
        "WARNING" | "ERROR" | "FATAL" => Level::WARN,
        _ => Level::DEBUG,
    }
}
