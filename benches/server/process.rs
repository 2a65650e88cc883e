//! The server as a process: started, measured from outside, ended.

use std::fs;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

pub struct Process {
    child: Child,
    pub address: SocketAddr,
    data: PathBuf,
}

impl Process {
    /// Starts a release server on a data folder; gives how long it took to its first answer.
    pub fn start(data: &Path) -> (Self, Duration) {
        Self::start_with(data, &[])
    }

    /// The same with settings.
    pub fn start_with(data: &Path, settings: &[(&str, &str)]) -> (Self, Duration) {
        let listener = TcpListener::bind("127.0.0.1:0").expect("loopback");
        let address = listener.local_addr().expect("loopback");
        drop(listener);
        let begun = Instant::now();
        let child = Command::new(env!("CARGO_BIN_EXE_factdesk"))
            .args(["serve", "--listen", &address.to_string(), "--log", "error", "--data"])
            .arg(data)
            .envs(settings.iter().copied())
            .stdout(Stdio::null())
            .spawn()
            .expect("the server can be run");
        let process = Self { child, address, data: data.to_owned() };
        while !process.is_ready() {
            assert!(begun.elapsed() < Duration::from_secs(60), "the server does not start");
            sleep(Duration::from_millis(1));
        }
        (process, begun.elapsed())
    }

    fn is_ready(&self) -> bool {
        use std::io::{Read as _, Write as _};
        let Ok(mut stream) = TcpStream::connect(self.address) else { return false };
        let request = b"GET /ready HTTP/1.1\r\nHost: bench\r\nConnection: close\r\n\r\n";
        let mut answer = String::new();
        stream.write_all(request).is_ok()
            && stream.read_to_string(&mut answer).is_ok()
            && answer.starts_with("HTTP/1.1 200")
    }

    /// CPU time that the server and its PostgreSQL have used so far.
    pub fn cpu(&self) -> Cpu {
        let postgres = self.postgres();
        let alive: f64 = postgres.iter().map(|process| on_cpu(*process)).sum();
        Cpu { server: on_cpu(self.child.id()), postgres: alive + of_ended_children(postgres[0]) }
    }

    /// Resident memory of the server's process now, and the most it ever had, in MiB.
    pub fn memory(&self) -> (f64, f64) {
        let status =
            fs::read_to_string(format!("/proc/{}/status", self.child.id())).expect("the server runs");
        let field = |name| {
            let line = status.lines().find(|line| line.starts_with(name)).expect("Linux tells");
            let kib: f64 =
                line.split_whitespace().nth(1).and_then(|word| word.parse().ok()).expect("a number");
            kib / 1024.0
        };
        (field("VmRSS:"), field("VmHWM:"))
    }

    /// The postmaster and its children.
    fn postgres(&self) -> Vec<u32> {
        let pid =
            fs::read_to_string(self.data.join("postgres/data/postmaster.pid")).expect("PostgreSQL runs");
        let postmaster: u32 =
            pid.lines().next().and_then(|line| line.trim().parse().ok()).expect("a process");
        let mut all = vec![postmaster];
        for entry in fs::read_dir("/proc").expect("Linux").flatten() {
            let Some(process) = entry.file_name().to_str().and_then(|name| name.parse().ok()) else {
                continue;
            };
            let stat = fs::read_to_string(entry.path().join("stat")).unwrap_or_default();
            let parent = stat.rsplit_once(')').and_then(|(_, rest)| rest.split_whitespace().nth(1));
            if parent == Some(&postmaster.to_string()) {
                all.push(process);
            }
        }
        all
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // As a service manager does; the child is ours, so its number is not another's.
        let _ = Command::new("kill").arg(self.child.id().to_string()).status();
        let _ = self.child.wait();
    }
}

/// CPU time, in seconds.
#[derive(Clone, Copy, Debug)]
pub struct Cpu {
    pub server: f64,
    pub postgres: f64,
}

impl Cpu {
    pub fn since(self, before: Self) -> Self {
        Self { server: self.server - before.server, postgres: self.postgres - before.postgres }
    }

    pub fn total(self) -> f64 {
        self.server + self.postgres
    }
}

/// The time that all threads of a process were on a CPU, as the scheduler counts it, in seconds.
fn on_cpu(process: u32) -> f64 {
    let Ok(threads) = fs::read_dir(format!("/proc/{process}/task")) else { return 0.0 };
    threads
        .flatten()
        .filter_map(|thread| fs::read_to_string(thread.path().join("schedstat")).ok())
        .filter_map(|text| text.split_whitespace().next()?.parse::<f64>().ok())
        .sum::<f64>()
        / 1e9
}

/// The time that children which have ended used, in seconds; Linux counts it in hundredths.
fn of_ended_children(process: u32) -> f64 {
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).expect("PostgreSQL runs");
    // Fields 16 and 17 of proc(5), counted from behind the name.
    let (_, fields) = stat.rsplit_once(')').expect("a name");
    fields.split_whitespace().skip(13).take(2).filter_map(|ticks| ticks.parse::<f64>().ok()).sum::<f64>()
        / 100.0
}
