//! `factdesk demo`: what it shows, and what is left of it.

use std::{
    collections::BTreeSet,
    fs,
    io::{BufRead as _, BufReader},
    net::TcpListener,
    path::PathBuf,
    process::{Child, Command, Stdio},
};

use factdesk::{
    audit::{
        seal,
        verify::{desks, verify},
    },
    demo,
};
use sqlx::PgPool;
use time::OffsetDateTime;

use crate::cluster::program::{Folder, eventually, factdesk, is_running, send};
use crate::harness::Server;

async fn filled() -> Server {
    let server = Server::start().await;
    demo::fill(server.app_pool(), OffsetDateTime::now_utc()).await.unwrap();
    server
}

async fn texts(pool: &PgPool, sql: &'static str) -> BTreeSet<String> {
    sqlx::query_scalar::<_, String>(sql).fetch_all(pool).await.unwrap().into_iter().collect()
}

#[actix_web::test]
async fn a_claim_is_in_every_stage_and_each_change_has_been_recorded() {
    let server = filled().await;
    let pool = server.owner_pool();

    let stages = texts(pool, "SELECT DISTINCT stage FROM claims").await;
    let all = factdesk::claims::Stage::ALL.iter().map(|stage| stage.as_str().to_owned()).collect();
    assert_eq!(stages, all);
    let shapes =
        texts(pool, "SELECT DISTINCT rating_shape FROM anchors WHERE rating_shape IS NOT NULL").await;
    assert_eq!(shapes.len(), 6, "{shapes:?}");
    let kinds = texts(pool, "SELECT kind FROM corrections").await;
    assert_eq!(kinds, BTreeSet::from(["retraction".to_owned(), "update".to_owned()]));
    let out_of_order: i64 = sqlx::query_scalar(
        "SELECT count(*) FROM (SELECT at < lag(at) OVER (PARTITION BY desk_id ORDER BY epoch, xid, id) AS back FROM events) e WHERE back",
    )
    .fetch_one(pool)
    .await
    .unwrap();
    assert_eq!(out_of_order, 0);

    seal::pass(server.app_pool()).await.unwrap();
    for (desk, _) in desks(server.app_pool()).await.unwrap() {
        let report = verify(server.app_pool(), desk, &[]).await.unwrap();
        assert!(report.is_intact() && report.sealed + report.unsealed > 100, "{report:?}");
    }
}

#[actix_web::test]
async fn marks_overlap_and_one_stands_in_another() {
    let server = filled().await;

    let pairs: (i64, i64) = sqlx::query_as(
        "SELECT count(*) FILTER (WHERE a.start_at < b.start_at AND b.start_at < a.end_at AND a.end_at < b.end_at),
                count(*) FILTER (WHERE a.start_at <= b.start_at AND b.end_at <= a.end_at)
         FROM anchors a JOIN anchors b ON b.version_id = a.version_id AND b.appearance_id <> a.appearance_id",
    )
    .fetch_one(server.owner_pool())
    .await
    .unwrap();
    assert!(pairs.0 >= 2 && pairs.1 >= 1, "{pairs:?}");
}

#[actix_web::test]
async fn a_text_changed_after_its_verdicts_and_files_came_in() {
    let server = filled().await;
    let pool = server.owner_pool();

    let decisions: Vec<(String, String, bool, i64)> = sqlx::query_as(
        "SELECT outcome, decision, verdict IS NOT NULL, count(*) FROM reanchorings GROUP BY 1, 2, 3 ORDER BY 1, 2, 3",
    )
    .fetch_all(pool)
    .await
    .unwrap();
    let waits = |published| {
        let rows = decisions.iter().filter(|row| row.1 == "pending" && row.2 == published);
        rows.map(|row| row.3).sum::<i64>()
    };
    assert!(waits(true) >= 2 && waits(false) >= 1, "{decisions:?}");
    assert!(decisions.iter().any(|row| row.0 == "lost"), "{decisions:?}");
    assert!(decisions.iter().any(|row| row.1 == "carried"), "{decisions:?}");
    let incoming: Vec<(String, Option<String>)> =
        sqlx::query_as("SELECT state, reason FROM intakes ORDER BY state").fetch_all(pool).await.unwrap();
    assert_eq!(
        incoming,
        [("ready".to_owned(), None), ("refused".to_owned(), Some("pdf_pictures".to_owned()))]
    );
}

#[actix_web::test]
async fn every_account_signs_in_with_the_password() {
    let server = filled().await;

    for name in factdesk::web::demo_mode::ACCOUNTS {
        let browser = server.visitor();
        let page = browser.post_bare("/sign-in", &[("handle", name), ("password", demo::PASSWORD)]).await;
        assert!(page.status.is_redirection(), "{name}: {}", page.text);
        assert_eq!(browser.get("/demo/people").await.status, 200, "{name}");
    }
}

/// A demo that has told where it is.
struct Running {
    child: Child,
    folder: PathBuf,
    postgres: u32,
}

impl Running {
    fn start() -> Self {
        let data = Folder::new();
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let mut child = factdesk(&data.data())
            .args(["demo", "--listen", &format!("127.0.0.1:{port}")])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let first = BufReader::new(child.stdout.take().unwrap()).lines().next().unwrap().unwrap();
        assert!(first.contains(&format!("http://127.0.0.1:{port}/demo")), "{first}");
        assert!(!data.data().exists(), "a demo needs no data folder");
        let (folder, postgres) = throwaway_of(child.id()).expect("the demo has a cluster of its own");
        Self { child, folder, postgres }
    }

    fn end(mut self, signal: &str) {
        send(signal, self.child.id());
        self.child.wait().unwrap();
        eventually("nothing is left", || !self.folder.exists() && !is_running(self.postgres));
    }
}

/// The folder of the cluster that a process has started, and PostgreSQL's process.
fn throwaway_of(program: u32) -> Option<(PathBuf, u32)> {
    [PathBuf::from("/dev/shm"), std::env::temp_dir()]
        .iter()
        .filter_map(|parent| fs::read_dir(parent).ok())
        .flatten()
        .filter_map(|entry| {
            let folder = entry.ok()?.path();
            let text = fs::read_to_string(folder.join("postgres/data/postmaster.pid")).ok()?;
            Some((folder, text.lines().next()?.parse().ok()?))
        })
        .find(|(_, postgres)| parent_of(*postgres) == Some(program))
}

fn parent_of(process: u32) -> Option<u32> {
    let output = Command::new("ps").args(["-o", "ppid=", "-p", &process.to_string()]).output().ok()?;
    String::from_utf8_lossy(&output.stdout).trim().parse().ok()
}

#[test]
fn nothing_is_left_of_a_demo_that_stops() {
    Running::start().end("TERM");
}

#[test]
fn nothing_is_left_of_a_demo_that_is_killed() {
    Running::start().end("KILL");
}
