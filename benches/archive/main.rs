//! Archives a thousand sources from a server on loopback while somebody reads pages, and measures both: how many are kept
//! in a second, and how much longer a page takes meanwhile.
//!
//!     cargo bench --bench archive

#[path = "../server/client.rs"]
mod client;
#[path = "../server/fixture.rs"]
#[expect(dead_code, reason = "the other bench makes more")]
mod fixture;
#[path = "../server/process.rs"]
#[expect(dead_code, reason = "the other bench measures more")]
mod process;

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use client::Client;
use fixture::Fixture;
use process::Process;

/// How many sources are archived.
const SOURCES: usize = 1_000;
/// How many addresses go into one form.
const AT_ONCE: usize = 20;
/// How long pages are read before, to compare with.
const BEFORE: Duration = Duration::from_secs(10);
/// How long the reader of pages waits between two.
const PAUSE: Duration = Duration::from_millis(20);

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let folder = std::env::temp_dir().join(format!("factdesk-archive-bench-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a temporary folder");
    let local = tokio::task::LocalSet::new();
    local.run_until(measure(&folder)).await;
    std::fs::remove_dir_all(&folder).expect("the folder is ours");
}

async fn measure(folder: &Path) {
    let site = site();
    let (server, _) = Process::start_with(folder, &[("FACTDESK_FETCH_ALLOW", &site.to_string())]);
    thread::sleep(Duration::from_secs(2));
    let fixture = Fixture::make(folder).await;
    let article = fixture.article("Two hundred marks").await;
    let (address, cookie, csrf) = (server.address, fixture.cookie.clone(), fixture.csrf.clone());
    let client = || Client::new(address, cookie.clone(), csrf.clone());
    let claim = claim(&mut client(), &article);

    let reader = Reader::start(client(), format!("/bench/articles/{}", article.id));
    thread::sleep(BEFORE);
    let before = reader.take();
    let (_, idle) = server.memory();
    let begun = Instant::now();
    let mut writer = client();
    for first in (0..SOURCES).step_by(AT_ONCE) {
        let lines: Vec<String> =
            (first..first + AT_ONCE).map(|n| format!("http://{site}/page/{n}")).collect();
        let body = serde_json::json!({ "url": lines.join("\n") });
        let path = format!("/api/v1/desks/bench/claims/{claim}/evidence");
        writer.post_json(&path, &body.to_string());
    }
    let ordered = begun.elapsed();
    while kept(&fixture).await < i64::try_from(SOURCES).expect("a small number") {
        assert!(begun.elapsed() < Duration::from_secs(300), "{} are kept", kept(&fixture).await);
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let took = begun.elapsed();
    let during = reader.take();
    #[expect(clippy::cast_precision_loss, reason = "a thousand is exact")]
    let rate = SOURCES as f64 / took.as_secs_f64();
    println!("sources ordered in {ordered:?}, kept in {took:?}: {rate:.0} a second");
    for (name, mut times) in [("before", before), ("during", during)] {
        times.sort();
        let at = |share: usize| times[(times.len() - 1) * share / 100];
        println!("pages {name}: {} read, p50 {:?}, p95 {:?}", times.len(), at(50), at(95));
    }
    println!(
        "memory of the server's process, at most: {idle:.1} MiB before, {:.1} MiB after",
        server.memory().1
    );
}

async fn kept(fixture: &Fixture) -> i64 {
    sqlx::query_scalar("SELECT count(*) FROM source_archives WHERE state = 'kept'")
        .fetch_one(fixture.pool())
        .await
        .expect("a count")
}

/// Marks a claim; gives its id.
fn claim(client: &mut Client, article: &fixture::Article) -> String {
    let (start, end, exact) = &article.sentences[0];
    let body = serde_json::json!({
        "version": article.version, "start": start, "end": end, "exact": exact, "claim_reviewed": "The basin is full",
    });
    let answer =
        client.post_json(&format!("/api/v1/desks/bench/articles/{}/marks", article.id), &body.to_string());
    let answer: serde_json::Value = serde_json::from_slice(&answer.body).expect("JSON");
    answer["claim"].as_str().or_else(|| answer["claim"]["id"].as_str()).expect("a claim").to_owned()
}

/// Somebody who reads one page again and again.
struct Reader(Arc<Mutex<Vec<Duration>>>, Arc<AtomicBool>);

impl Reader {
    fn start(mut client: Client, path: String) -> Self {
        let (times, stop) = (Arc::new(Mutex::new(Vec::new())), Arc::new(AtomicBool::new(false)));
        let (its, stopped) = (times.clone(), stop.clone());
        thread::spawn(move || {
            while !stopped.load(Ordering::SeqCst) {
                let begun = Instant::now();
                client.get(&path, "");
                its.lock().expect("nobody panics").push(begun.elapsed());
                thread::sleep(PAUSE);
            }
        });
        Self(times, stop)
    }

    /// How long each page took since the last time.
    fn take(&self) -> Vec<Duration> {
        std::mem::take(&mut self.0.lock().expect("nobody panics"))
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        self.1.store(true, Ordering::SeqCst);
    }
}

/// A site with any number of pages of some 20 kB, each another.
fn site() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").expect("loopback");
    let address = listener.local_addr().expect("loopback");
    let filling = "<p>The reservoir held as much water at the end of the month as in the month before.</p>\n"
        .repeat(220);
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let filling = filling.clone();
            thread::spawn(move || {
                let mut lines = BufReader::new(&stream);
                let mut head = String::new();
                while lines.read_line(&mut head).is_ok_and(|read| read > 2) {}
                let path = head.split(' ').nth(1).unwrap_or_default();
                let mut stream = &stream;
                let _ = if path == "/robots.txt" {
                    write!(stream, "HTTP/1.1 404 No\r\nconnection: close\r\ncontent-length: 0\r\n\r\n")
                } else {
                    let page =
                        format!("<!doctype html><title>Report {path}</title><h1>Report {path}</h1>{filling}");
                    write!(
                        stream,
                        "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-type: text/html\r\ncontent-length: {}\r\n\r\n{page}",
                        page.len()
                    )
                };
            });
        }
    });
    address
}
