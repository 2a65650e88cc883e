//! Measures a running release server on loopback, and beside it what the same database does without the server.
//!
//!     cargo bench --bench server
//!
//! CPU time is that of the server's process and of its PostgreSQL together, as the scheduler counts it. Each figure is
//! the median of several runs. Writes `docs/performance.md`; with `-- sources`, only the pages of a claim with many sources
//! are measured, and nothing is written.

mod client;
mod fixture;
mod floor;
mod process;
mod report;
mod sourced;

use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use client::Client;
use fixture::{Article, Fixture};
use process::Process;
use report::{Figure, Report};

/// Something to ask, n times.
type Ask<'a> = Box<dyn Fn(&mut Client, usize) + 'a>;

/// How often each measurement is taken; its median counts.
const RUNS: usize = 5;

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let folder = std::env::temp_dir().join(format!("factdesk-bench-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a temporary folder");
    let local = tokio::task::LocalSet::new();
    local.run_until(measure(&folder)).await;
    std::fs::remove_dir_all(&folder).expect("the folder is ours");
}

async fn measure(folder: &Path) {
    let mut report = Report::default();
    if std::env::args().any(|argument| argument == "sources") {
        return with_sources(folder, &mut report).await;
    }
    let (first, _) = Process::start(folder);
    drop(first);
    let starts: Vec<f64> = (0..RUNS).map(|_| Process::start(folder).1.as_secs_f64()).collect();
    report.add(Figure::new("start on an existing cluster to the first answer", median(starts), "s", 0.3));

    let (server, _) = Process::start(folder);
    std::thread::sleep(Duration::from_secs(2));
    report.add(Figure::new("memory of the server's process, idle", server.memory().0, "MiB", 15.0));
    let fixture = Fixture::make(folder).await;
    let article = fixture.article("Two hundred marks").await;
    let (address, cookie, csrf) = (server.address, fixture.cookie.clone(), fixture.csrf.clone());
    let client = || Client::new(address, cookie.clone(), csrf.clone());

    // The article that is read has 200 marks; those of the writing measurements go to others.
    let mut one = client();
    let mut claims = Vec::new();
    for n in 0..200 {
        claims.push(mark(&mut one, &article, n));
    }
    fixture.settle().await;
    reading(&server, &mut one, &article, &claims, &mut report);
    writing(&server, &fixture, &client, &mut report).await;
    exporting(&server, &fixture, &client, &mut report).await;
    sourced::measure(&server, &fixture, &mut client(), &mut report).await;
    report.add(Figure::new(
        "memory of the server's process, at most, all of the above",
        server.memory().1,
        "MiB",
        40.0,
    ));
    report.write();
}

/// The pages of a claim with many sources alone, at a desk of fifty claims.
async fn with_sources(folder: &Path, report: &mut Report) {
    let (server, _) = Process::start(folder);
    let fixture = Fixture::make(folder).await;
    let article = fixture.article("One mark").await;
    let mut one = Client::new(server.address, fixture.cookie.clone(), fixture.csrf.clone());
    mark(&mut one, &article, 0);
    floor::claims(fixture.pool(), fixture.desk, 50).await;
    sourced::measure(&server, &fixture, &mut one, report).await;
}

/// Stores one mark; gives the id of its appearance.
fn mark(client: &mut Client, article: &Article, n: usize) -> String {
    let (start, end, exact) = &article.sentences[n % article.sentences.len()];
    let body = serde_json::json!({
        "version": article.version, "start": start, "end": end, "exact": exact,
        "claim_reviewed": format!("Reservoir {n} holds that much water"),
    });
    let answer =
        client.post_json(&format!("/api/v1/desks/bench/articles/{}/marks", article.id), &body.to_string());
    assert_eq!(answer.status, 201, "{}", String::from_utf8_lossy(&answer.body));
    let stored: serde_json::Value = serde_json::from_slice(&answer.body).expect("JSON");
    stored["appearance"].as_str().expect("an id").to_owned()
}

fn reading(server: &Process, client: &mut Client, article: &Article, marks: &[String], report: &mut Report) {
    let page = format!("/bench/articles/{}", article.id);
    let etag = client.get(&page, "").etag.expect("an article page has an ETag");
    let api = "/api/v1/desks/bench";
    let list = format!("{api}/articles/{}/marks", article.id);
    let cases: [(&str, usize, f64, Ask); 5] = [
        (
            "read one mark (JSON)",
            3000,
            0.15,
            Box::new(|client, n| {
                assert_eq!(client.get(&format!("{api}/marks/{}", marks[n % marks.len()]), "").status, 200);
            }),
        ),
        (
            "list the 200 marks of an article (JSON)",
            1500,
            0.6,
            Box::new(|client, _| {
                assert_eq!(client.get(&list, "").status, 200);
            }),
        ),
        (
            "article page with 200 marks",
            1000,
            1.0,
            Box::new(|client, _| {
                assert_eq!(client.get(&page, "").status, 200);
            }),
        ),
        (
            "the same, compressed (gzip)",
            500,
            f64::NAN,
            Box::new(|client, _| {
                assert_eq!(client.get(&page, "Accept-Encoding: gzip\r\n").status, 200);
            }),
        ),
        (
            "the same, unchanged (ETag)",
            3000,
            0.1,
            Box::new(|client, _| {
                assert_eq!(client.get(&page, &format!("If-None-Match: {etag}\r\n")).status, 304);
            }),
        ),
    ];
    for (name, count, reach, ask) in cases {
        let runs = cpu_runs(server, count, |n| ask(client, n));
        report.add(Figure::split(name, &runs, reach));
    }
    let size = client.get(&page, "Accept-Encoding: gzip\r\n").body.len();
    report.note(&format!("The article page with 200 marks is {:.1} KiB on the wire.", size as f64 / 1024.0));
}

async fn writing(
    server: &Process,
    fixture: &Fixture,
    client: &(impl Fn() -> Client + Sync),
    report: &mut Report,
) {
    let article = fixture.article("Written to by one").await;
    let mut one = client();
    let runs = cpu_runs(server, 500, |n| drop(mark(&mut one, &article, n)));
    report.add(Figure::split("store one mark with its claim", &runs, 0.6));
    let floor = floor::pgbench(fixture, server, 500);
    report.add(Figure::split(
        "floor: the same rows by pgbench, without server, session and checks of it",
        &floor,
        f64::NAN,
    ));

    let article = fixture.article("Written to by eight").await;
    let (mut rates, mut rows, mut floors) = (Vec::new(), Vec::new(), Vec::new());
    floor::prepare(fixture.pool()).await;
    for _ in 0..RUNS {
        rates.push(eight_at_once(|connection, stop| {
            let mut client = client();
            let mut done = 0;
            while stop.load(Ordering::Relaxed) == 0 {
                mark(&mut client, &article, connection * 31 + done);
                done += 1;
            }
            done
        }));
        rows.push(floor::same_rows(fixture, Duration::from_secs(2)).await);
        floors.push(floor::inserts(fixture.pool(), Duration::from_secs(2)).await);
    }
    let (rate, rows, floor) = (median(rates), median(rows), median(floors));
    report.add(Figure::new("store marks at 8 connections", rate, "a second", f64::NAN));
    report.add(Figure::new(
        "floor: a loop of sqlx that stores the same rows, at 8 connections",
        rows,
        "a second",
        f64::NAN,
    ));
    report.add(Figure::at_least("the first as a share of it", 100.0 * rate / rows, "%", 60.0));
    report.add(Figure::new(
        "floor: a loop of sqlx that stores one plain row, at 8 connections",
        floor,
        "a second",
        f64::NAN,
    ));
    report.add(Figure::at_least("the first as a share of it", 100.0 * rate / floor, "%", 60.0));
}

async fn exporting(
    server: &Process,
    fixture: &Fixture,
    client: &(impl Fn() -> Client + Sync),
    report: &mut Report,
) {
    floor::claims(fixture.pool(), fixture.desk, 10_000).await;
    let mut one = client();
    for format in ["jsonl", "csv", "claimreview", "annotations"] {
        let before = server.memory().1;
        let runs = cpu_runs(server, 1, |_| {
            let answer = one.get(&format!("/bench/export/{format}"), "");
            assert_eq!(answer.status, 200);
        });
        report.add(Figure::split_s(&format!("export 10,000 claims ({format})"), &runs, 0.12));
        let grown = server.memory().1 - before;
        report.note(&format!("Exporting {format} raised the server's peak memory by {grown:.1} MiB."));
    }
    let floor = floor::copy(fixture, server).await;
    report.add(Figure::split_s("floor: COPY of the same claims and verdicts", &floor, f64::NAN));
}

/// CPU seconds of one action, server and PostgreSQL, run by run.
fn cpu_runs(server: &Process, count: usize, mut act: impl FnMut(usize)) -> Vec<process::Cpu> {
    for n in 0..count.min(50) {
        act(n);
    }
    (0..RUNS)
        .map(|run| {
            let before = server.cpu();
            for n in 0..count {
                act(run * count + n);
            }
            // What was woken by the last action belongs to it.
            std::thread::sleep(Duration::from_millis(700));
            let used = server.cpu().since(before);
            process::Cpu { server: used.server / count as f64, postgres: used.postgres / count as f64 }
        })
        .collect()
}

/// How many actions a second eight threads get done.
fn eight_at_once(act: impl Fn(usize, &AtomicUsize) -> usize + Sync) -> f64 {
    let stop = AtomicUsize::new(0);
    let begun = Instant::now();
    let done: usize = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..8)
            .map(|connection| {
                scope.spawn({
                    let (act, stop) = (&act, &stop);
                    move || act(connection, stop)
                })
            })
            .collect();
        std::thread::sleep(Duration::from_secs(2));
        stop.store(1, Ordering::Relaxed);
        threads.into_iter().map(|thread| thread.join().expect("a client")).sum()
    });
    done as f64 / begun.elapsed().as_secs_f64()
}

/// The one in the middle.
pub fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
