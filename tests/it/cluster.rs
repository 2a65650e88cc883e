//! The private cluster: made, started, killed, restarted, with the real program and the real PostgreSQL.

use std::{
    fs,
    io::{Read, Write},
    net::{TcpListener, TcpStream},
    os::unix::{
        fs::{DirBuilderExt, MetadataExt, PermissionsExt},
        process::CommandExt,
    },
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Output, Stdio},
    thread::sleep,
    time::{Duration, Instant},
};

use sqlx::{ConnectOptions, PgConnection, postgres::PgConnectOptions};
use uuid::Uuid;

const SOON: Duration = Duration::from_secs(30);

/// A data folder of its own, removed at the end.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        Self::below(&std::env::temp_dir())
    }

    fn below(parent: &Path) -> Self {
        let path = parent.join(format!("factdesk-test-{}", Uuid::new_v4().simple()));
        fs::create_dir(&path).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o711)).unwrap();
        Self(path)
    }

    fn data(&self) -> PathBuf {
        self.0.join("data")
    }

    /// PostgreSQL's process, while it runs.
    fn postgres(&self) -> Option<u32> {
        let text = fs::read_to_string(self.data().join("postgres/data/postmaster.pid")).ok()?;
        let pid = text.lines().next()?.parse().ok()?;
        is_running(pid).then_some(pid)
    }

    async fn connect(&self) -> PgConnection {
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
struct Program {
    child: Child,
    port: u16,
}

impl Program {
    fn start(data: &Path) -> Self {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let child = factdesk(data).env("FACTDESK_LISTEN", format!("127.0.0.1:{port}")).spawn().unwrap();
        Self { child, port }
    }

    /// The status that an address answers with; none when nobody listens.
    fn status(&self, path: &str) -> Option<u16> {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).ok()?;
        write!(stream, "GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").ok()?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).ok()?;
        answer.split(' ').nth(1)?.parse().ok()
    }

    fn wait_for(&self, path: &str, status: u16) {
        eventually(&format!("{path} answers {status}"), || self.status(path) == Some(status));
    }

    fn signal(&mut self, signal: &str) -> ExitStatus {
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

fn factdesk(data: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_factdesk"));
    command
        .env_remove("DATABASE_URL")
        .env_remove("DATABASE_DIRECT_URL")
        .env("FACTDESK_DATA", data)
        .env("FACTDESK_LOG", "error")
        .stdin(Stdio::null());
    command
}

fn run(data: &Path, arguments: &[&str]) -> Output {
    factdesk(data).args(arguments).output().unwrap()
}

fn send(signal: &str, pid: u32) {
    let sent = Command::new("kill").args(["-s", signal, &pid.to_string()]).status().unwrap();
    assert!(sent.success());
}

fn is_running(pid: u32) -> bool {
    let output = Command::new("ps").args(["-o", "stat=", "-p", &pid.to_string()]).output().unwrap();
    let state = String::from_utf8_lossy(&output.stdout);
    // A zombie has ended.
    !state.trim().is_empty() && !state.starts_with('Z')
}

fn eventually(what: &str, mut holds: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !holds() {
        assert!(begun.elapsed() < SOON, "it does not come about that {what}");
        sleep(Duration::from_millis(5));
    }
}

/// Writes numbers, one transaction each, until the database goes away; the last that was acknowledged.
async fn write_until_the_end(mut connection: PgConnection) -> i32 {
    for number in 1.. {
        let written =
            sqlx::query("INSERT INTO acknowledged VALUES ($1)").bind(number).execute(&mut connection).await;
        if written.is_err() {
            return number - 1;
        }
    }
    unreachable!("the database goes away")
}

#[actix_web::test]
async fn nothing_acknowledged_is_lost_by_kill_9() {
    let folder = Folder::new();
    let mut server = Program::start(&folder.data());
    for kill_postgres in [false, true] {
        server.wait_for("/ready", 200);
        let mut connection = folder.connect().await;
        for statement in ["DROP TABLE IF EXISTS acknowledged", "CREATE TABLE acknowledged (n integer)"] {
            sqlx::query(statement).execute(&mut connection).await.unwrap();
        }
        let writer = actix_web::rt::spawn(write_until_the_end(connection));
        actix_web::rt::time::sleep(Duration::from_millis(300)).await;
        let postgres = folder.postgres().expect("PostgreSQL runs");

        server.child.kill().unwrap();
        if kill_postgres {
            send("KILL", postgres);
        }
        server.child.wait().unwrap();
        // Another one at once, while the old PostgreSQL is still about to end.
        server = Program::start(&folder.data());
        server.wait_for("/ready", 200);

        let acknowledged = writer.await.unwrap();
        assert!(acknowledged > 0);
        assert!(!is_running(postgres), "the PostgreSQL of the killed server has ended");
        let found: i64 = sqlx::query_scalar("SELECT count(*) FROM acknowledged WHERE n <= $1")
            .bind(acknowledged)
            .fetch_one(&mut folder.connect().await)
            .await
            .unwrap();
        assert_eq!(found, i64::from(acknowledged));
    }
    server.child.kill().unwrap();
    server.child.wait().unwrap();
    eventually("no PostgreSQL is left", || folder.postgres().is_none());
}

#[actix_web::test]
async fn what_keeps_acknowledged_changes_is_on() {
    let folder = Folder::new();
    let server = Program::start(&folder.data());
    server.wait_for("/ready", 200);

    let mut connection = folder.connect().await;
    for setting in ["fsync", "full_page_writes", "synchronous_commit", "data_checksums"] {
        let value: String = sqlx::query_scalar("SELECT current_setting($1)")
            .bind(setting)
            .fetch_one(&mut connection)
            .await
            .unwrap();
        assert_eq!(value, "on", "{setting}");
    }
}

#[test]
fn killed_at_any_moment_of_its_first_start_it_begins_anew() {
    let folder = Folder::new();
    for after_ms in (20..800).step_by(90) {
        let mut server = Program::start(&folder.data());
        sleep(Duration::from_millis(after_ms));
        server.child.kill().unwrap();
        server.child.wait().unwrap();
    }

    let mut server = Program::start(&folder.data());
    server.wait_for("/ready", 200);
    assert!(server.signal("INT").success());
}

#[test]
fn a_stop_ends_the_server_and_its_postgres_in_order() {
    let folder = Folder::new();
    let mut server = Program::start(&folder.data());
    server.wait_for("/live", 200);
    server.wait_for("/ready", 200);
    let mut kept_alive = TcpStream::connect(("127.0.0.1", server.port)).unwrap();
    send("TERM", server.child.id());

    // Told to go elsewhere, by an answer and not by a broken connection.
    eventually("new requests are kept away", || server.status("/ready") == Some(503));
    write!(kept_alive, "GET /live HTTP/1.1\r\nHost: localhost\r\n\r\n").unwrap();
    let mut answer = String::new();
    kept_alive.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    assert!(answer.to_lowercase().contains("connection: close"), "{answer}");

    eventually("the server has ended", || server.child.try_wait().unwrap().is_some());
    assert!(server.child.wait().unwrap().success());
    assert_eq!(folder.postgres(), None);
    let pid_file = folder.data().join("postgres/data/postmaster.pid");
    assert!(!pid_file.exists(), "PostgreSQL was shut down, not killed");
}

#[test]
fn a_postgres_that_ends_is_started_again() {
    let folder = Folder::new();
    let mut server = Program::start(&folder.data());
    server.wait_for("/ready", 200);

    for signal in ["KILL", "INT"] {
        let postgres = folder.postgres().unwrap();
        send(signal, postgres);
        eventually("there is a new one", || folder.postgres().is_some_and(|new| new != postgres));
        server.wait_for("/ready", 200);
    }

    assert!(server.signal("INT").success());
}

#[test]
fn a_second_process_uses_the_same_postgres_and_takes_over() {
    let folder = Folder::new();
    let mut first = Program::start(&folder.data());
    first.wait_for("/ready", 200);
    let postgres = folder.postgres();

    assert!(run(&folder.data(), &["migrate"]).status.success());
    let second = Program::start(&folder.data());
    second.wait_for("/ready", 200);
    assert_eq!(folder.postgres(), postgres);

    first.signal("INT");
    eventually("the second one has started its own", || {
        folder.postgres().is_some_and(|new| Some(new) != postgres)
    });
    second.wait_for("/ready", 200);
}

#[test]
fn processes_that_start_together_share_one_postgres() {
    let folder = Folder::new();
    let servers: Vec<_> = (0..4).map(|_| Program::start(&folder.data())).collect();

    for server in &servers {
        server.wait_for("/ready", 200);
    }
}

#[test]
fn a_folder_that_only_its_owner_enters_is_good_enough() {
    let folder = Folder::new();
    fs::set_permissions(&folder.0, fs::Permissions::from_mode(0o700)).unwrap();

    for _ in 0..2 {
        let mut server = Program::start(&folder.data());
        server.wait_for("/ready", 200);
        server.child.kill().unwrap();
        server.child.wait().unwrap();
    }

    let mut server = Program::start(&folder.data());
    server.wait_for("/ready", 200);
    assert!(server.signal("INT").success());
}

#[test]
fn a_path_too_long_for_a_socket_is_good_enough() {
    let folder = Folder::new();
    let long = folder.0.join("a".repeat(100));
    fs::DirBuilder::new().mode(0o711).create(&long).unwrap();
    let data = long.join("data");

    let mut server = Program::start(&data);
    server.wait_for("/ready", 200);
    assert!(run(&data, &["migrate"]).status.success());
    assert!(server.signal("INT").success());
}

#[test]
fn a_half_made_cluster_is_made_again() {
    let folder = Folder::new();
    fs::DirBuilder::new()
        .recursive(true)
        .mode(0o711)
        .create(folder.data().join("postgres/data.new/base"))
        .unwrap();

    let output = run(&folder.data(), &["migrate"]);

    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(folder.data().join("postgres/data/PG_VERSION").exists());
    let left = fs::read_dir(folder.data().join("postgres")).unwrap();
    let left: Vec<_> = left.map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left.len(), 2, "data and socket, and not {left:?}");
}

#[test]
fn a_stale_file_with_the_number_of_another_process_is_no_obstacle() {
    let folder = Folder::new();
    assert!(run(&folder.data(), &["migrate"]).status.success());
    let pid_file = folder.data().join("postgres/data/postmaster.pid");
    let owner = fs::metadata(folder.data().join("postgres")).unwrap();
    let mut other = Command::new("sleep").arg("60").uid(owner.uid()).spawn().unwrap();
    fs::write(&pid_file, format!("{}\n/elsewhere\n0\n5432\n/elsewhere\n\n  1 1\nready\n", other.id()))
        .unwrap();

    let output = run(&folder.data(), &["migrate"]);

    other.kill().unwrap();
    other.wait().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn a_cluster_of_another_version_is_refused_by_name() {
    let folder = Folder::new();
    assert!(run(&folder.data(), &["migrate"]).status.success());
    fs::write(folder.data().join("postgres/data/PG_VERSION"), "9\n").unwrap();

    let output = run(&folder.data(), &["migrate"]);

    let said = String::from_utf8(output.stderr).unwrap();
    assert!(!output.status.success());
    assert!(said.contains("was written by PostgreSQL 9, which is not on this machine"), "{said}");
}
