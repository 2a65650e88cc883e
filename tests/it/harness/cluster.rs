//! One PostgreSQL for a run of the tests: in memory, without durability, gone with the run.
//!
//! A run is whatever the test program's parent is: `cargo test`, or nextest, which starts a process for each test. The
//! first process makes the cluster, the others find it; a companion stops it and removes it once the parent has ended.

use std::{
    env,
    fs::{self, DirBuilder, File},
    os::unix::{
        fs::{DirBuilderExt, MetadataExt, chown},
        process::{CommandExt, parent_id},
    },
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::OnceLock,
    thread::sleep,
    time::{Duration, Instant},
};

use factdesk::db::cluster::binaries::Binaries;
use sqlx::{
    ConnectOptions, Connection, Executor,
    migrate::Migrator,
    postgres::{PgConnectOptions, PgSslMode},
};

pub const OWNER: &str = "factdesk_owner";
pub const APP: &str = "factdesk_app";
/// The migrated database that each test's is a copy of.
pub const TEMPLATE: &str = "factdesk_template";

/// Runs PostgreSQL until the process `$1` has ended, then removes `$2`.
const COMPANION: &str = r#"
parent=$1 root=$2
shift 2
lives() { if [ -d /proc/self ]; then [ -d "/proc/$1" ]; else ps -p "$1" >/dev/null; fi; }
"$@" &
postgres=$!
while lives "$parent" && lives "$postgres"; do sleep 0.2; done
kill -s INT "$postgres"
wait "$postgres"
rm -rf "$root"
"#;

const SETTINGS: [&str; 12] = [
    "listen_addresses=",
    "port=5432",
    "fsync=off",
    "full_page_writes=off",
    "synchronous_commit=off",
    "wal_level=minimal",
    "max_wal_senders=0",
    "max_connections=200",
    "shared_buffers=64MB",
    "jit=off",
    "autovacuum=off",
    "timezone=UTC",
];

/// How to connect to a database of the run's cluster as a role.
pub fn connect_as(role: &str, database: &str) -> PgConnectOptions {
    PgConnectOptions::new_without_pgpass()
        .socket(root().join("socket"))
        .port(5432)
        .username(role)
        .password("")
        .database(database)
        .ssl_mode(PgSslMode::Disable)
        .disable_statement_logging()
}

/// The folder of the cluster, which is up.
///
/// # Panics
/// When PostgreSQL is not installed or does not start: a test without a database fails.
fn root() -> &'static Path {
    static ROOT: OnceLock<PathBuf> = OnceLock::new();
    ROOT.get_or_init(|| {
        let memory = Path::new("/dev/shm");
        let parent = if memory.is_dir() { memory.to_owned() } else { env::temp_dir() };
        let root = parent.join(format!("factdesk-tests-{}", parent_id()));
        DirBuilder::new().mode(0o711).recursive(true).create(&root).expect("the folder can be made");
        let lock = File::create(root.join("lock")).expect("the folder is ours");
        lock.lock().expect("files can be locked");
        if !root.join("ready").exists() {
            // On a thread of its own: this may be called from within a runtime.
            let making = root.clone();
            std::thread::spawn(move || make(&making)).join().expect("the cluster can be made");
            File::create(root.join("ready")).expect("the folder is ours");
        }
        root
    })
}

fn make(root: &Path) {
    let account = Account::choose();
    if let Account::Other(uid, gid) = account {
        chown(root, Some(uid), Some(gid)).expect("root may give folders away");
    }
    let socket = root.join("socket");
    DirBuilder::new().mode(0o700).create(&socket).expect("the folder is ours");
    if let Account::Other(uid, gid) = account {
        chown(&socket, Some(uid), Some(gid)).expect("root may give folders away");
    }
    let data = root.join("data");
    let programs = Binaries::newest().unwrap_or_else(|missing| panic!("{missing}"));
    let made = account
        .command(&programs.program("initdb"))
        .arg("-D")
        .arg(&data)
        .args(["--username", OWNER, "--auth", "trust", "--encoding", "UTF8", "--locale=C.UTF-8", "--no-sync"])
        .output()
        .expect("initdb can be run");
    assert!(made.status.success(), "initdb: {}", String::from_utf8_lossy(&made.stderr));

    let companion = account
        .command(Path::new("/bin/sh"))
        .args(["-c", COMPANION, "companion", &parent_id().to_string()])
        .arg(root)
        .arg(programs.program("postgres"))
        .arg("-D")
        .arg(&data)
        .arg("-k")
        .arg(&socket)
        .args(SETTINGS.iter().flat_map(|setting| ["-c", setting]))
        .process_group(0)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(File::create(root.join("log")).expect("the folder is ours"))
        .spawn()
        .expect("PostgreSQL can be run");
    // It outlives this process where others of the run go on; whoever is its parent then, waits for it.
    std::mem::forget(companion);
    let begun = Instant::now();
    while !fs::read_to_string(data.join("postmaster.pid"))
        .is_ok_and(|text| text.lines().nth(7).is_some_and(|state| state.trim() == "ready"))
    {
        let log = || fs::read_to_string(root.join("log")).unwrap_or_default();
        assert!(begun.elapsed() < Duration::from_secs(30), "PostgreSQL does not start: {}", log());
        sleep(Duration::from_millis(5));
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(migrate(socket));
}

async fn migrate(socket: PathBuf) {
    let connect = PgConnectOptions::new_without_pgpass()
        .socket(socket)
        .port(5432)
        .username(OWNER)
        .ssl_mode(PgSslMode::Disable);
    let mut postgres = connect.clone().database("postgres").connect().await.expect("PostgreSQL is up");
    postgres
        .execute("CREATE ROLE factdesk_app LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE")
        .await
        .expect("the role is new");
    postgres.execute("CREATE DATABASE factdesk_template").await.expect("the database is new");
    let mut template = connect.database(TEMPLATE).connect().await.expect("PostgreSQL is up");
    // Read at run time, so that a new migration needs no recompiling.
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations");
    let migrator = Migrator::new(folder.as_path()).await.expect("the migrations can be read");
    migrator.run_direct(None, &mut template, false).await.expect("the migrations can be applied");
    template.close().await.expect("the connection is ours");
}

/// As whom PostgreSQL runs: it refuses to be root.
#[derive(Clone, Copy)]
enum Account {
    Ourselves,
    Other(u32, u32),
}

impl Account {
    fn choose() -> Self {
        let file = env::temp_dir().join(format!("factdesk-tests-{}", std::process::id()));
        let ours =
            File::create(&file).and_then(|file| file.metadata()).expect("temporary files can be made").uid();
        let _ = fs::remove_file(file);
        if ours != 0 {
            return Self::Ourselves;
        }
        let users = fs::read_to_string("/etc/passwd").expect("every system has users");
        ["postgres", "nobody"]
            .iter()
            .find_map(|name| {
                let line = users.lines().find(|line| line.split(':').next() == Some(name))?;
                let mut fields = line.split(':').skip(2);
                Some(Self::Other(fields.next()?.parse().ok()?, fields.next()?.parse().ok()?))
            })
            .expect("PostgreSQL refuses to run as root, and there is no user `postgres` or `nobody`")
    }

    fn command(self, program: &Path) -> Command {
        let mut command = Command::new(program);
        if let Self::Other(uid, gid) = self {
            command.uid(uid).gid(gid);
        }
        command.env_clear().env("PATH", "/usr/local/bin:/usr/bin:/bin").env("LC_ALL", "C").current_dir("/");
        command
    }
}
