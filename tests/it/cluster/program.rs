//! A running `factdesk` with a data folder of its own.

use std::{
    fs,
    io::{Read, Write},
    net::{TcpListener, TcpStream},
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Output, Stdio},
    thread::sleep,
    time::{Duration, Instant},
};

use sqlx::{ConnectOptions, PgConnection, postgres::PgConnectOptions};
use uuid::Uuid;

const SOON: Duration = Duration::from_secs(30);

/// A data folder of its own, removed at the end.
pub struct Folder(pub PathBuf);

impl Folder {
    pub fn new() -> Self {
        let path = std::env::temp_dir().join(format!("factdesk-test-{}", Uuid::new_v4().simple()));
        fs::create_dir(&path).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o711)).unwrap();
        Self(path)
    }

    pub fn data(&self) -> PathBuf {
        self.0.join("data")
    }

    /// PostgreSQL's process, while it runs.
    pub fn postgres(&self) -> Option<u32> {
        let text = fs::read_to_string(self.data().join("postgres/data/postmaster.pid")).ok()?;
        let pid = text.lines().next()?.parse().ok()?;
        is_running(pid).then_some(pid)
    }

    pub async fn connect(&self) -> PgConnection {
        let options = PgConnectOptions::new_without_pgpass()
            .socket(self.data().join("postgres/socket"))
            .username("factdesk_owner")
            .database("factdesk");
        options.connect().await.unwrap()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // PostgreSQL may still be stopping, and write.
        let begun = Instant::now();
        while self.postgres().is_some() && begun.elapsed() < SOON {
            sleep(Duration::from_millis(10));
        }
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// A running `factdesk`, killed at the end.
pub struct Program {
    pub child: Child,
    pub port: u16,
}

impl Program {
    pub fn start(data: &Path) -> Self {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let child = factdesk(data).env("FACTDESK_LISTEN", format!("127.0.0.1:{port}")).spawn().unwrap();
        Self { child, port }
    }

    /// The status that an address answers with; none when nobody listens.
    pub fn status(&self, path: &str) -> Option<u16> {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).ok()?;
        write!(stream, "GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").ok()?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).ok()?;
        answer.split(' ').nth(1)?.parse().ok()
    }

    pub fn wait_for(&self, path: &str, status: u16) {
        eventually(&format!("{path} answers {status}"), || self.status(path) == Some(status));
    }

    pub fn signal(&mut self, signal: &str) -> ExitStatus {
        send(signal, self.child.id());
        let begun = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status;
            }
            assert!(begun.elapsed() < SOON, "the program does not end by {signal}");
            sleep(Duration::from_millis(5));
        }
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub fn factdesk(data: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_factdesk"));
    command
        .env_remove("DATABASE_URL")
        .env_remove("DATABASE_DIRECT_URL")
        .env("FACTDESK_DATA", data)
        .env("FACTDESK_LOG", "error")
        .stdin(Stdio::null());
    command
}

pub fn run(data: &Path, arguments: &[&str]) -> Output {
    factdesk(data).args(arguments).output().unwrap()
}

pub fn send(signal: &str, pid: u32) {
    let sent = Command::new("kill").args(["-s", signal, &pid.to_string()]).status().unwrap();
    assert!(sent.success());
}

pub fn is_running(pid: u32) -> bool {
    let output = Command::new("ps").args(["-o", "stat=", "-p", &pid.to_string()]).output().unwrap();
    let state = String::from_utf8_lossy(&output.stdout);
    // A zombie has ended.
    !state.trim().is_empty() && !state.starts_with('Z')
}

pub fn eventually(what: &str, mut holds: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !holds() {
        assert!(begun.elapsed() < SOON, "it does not come about that {what}");
        sleep(Duration::from_millis(5));
    }
}
