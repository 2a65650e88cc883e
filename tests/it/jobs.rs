//! The queue: a job is done by one server, once, whatever ends the server meanwhile.

use std::{
    cell::Cell,
    collections::BTreeSet,
    process::{Child, Command, Stdio},
    rc::Rc,
    time::{Duration, Instant},
};

use factdesk::{
    auth::Role,
    db::unit_of_work_quietly,
    error::{Error, Result},
    fetch::Validators,
    jobs::{self, Errand, Job, Kind, Step, store, store::Order},
};
use sqlx::{AssertSqlSafe, PgPool};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::harness::{Answer, Fixture, Server, Stranger};
use crate::incoming::ARTICLE;
use crate::reviews::event;

/// Jobs about nothing, due only when a test says so: the server's own workers leave them alone.
const FUTURE: time::Duration = time::Duration::days(1);

async fn order(pool: &PgPool, desk: &Fixture, at: OffsetDateTime) -> Uuid {
    let order = Order {
        desk: desk.id,
        kind: Kind::Feed,
        subject: Uuid::now_v7(),
        account: desk.member(Role::Annotator),
        every_s: None,
    };
    unit_of_work_quietly(pool, async move |tx| store::order(tx, order, at).await).await.unwrap();
    order.subject
}

async fn take(pool: &PgPool, desk: &Fixture, at: OffsetDateTime) -> Option<Job> {
    let desk = desk.id;
    unit_of_work_quietly(pool, async move |tx| store::take(tx, desk, at).await).await.unwrap()
}

async fn finish(pool: &PgPool, job: &Job) -> Result<()> {
    let job = job.clone();
    let now = OffsetDateTime::now_utc();
    unit_of_work_quietly(pool, async move |tx| {
        store::finish(tx, &job, None, &Validators::default(), now).await
    })
    .await
}

#[actix_web::test]
async fn many_servers_take_each_job_once() {
    let server = Server::start().await;
    let desk = server.desk("demo").await;
    let at = OffsetDateTime::now_utc() + FUTURE;
    let mut ordered = BTreeSet::new();
    for _ in 0..40 {
        ordered.insert(order(server.app_pool(), &desk, at).await);
    }

    let takers = (0..8).map(|_| async {
        let mut taken = Vec::new();
        while let Some(job) = take(server.app_pool(), &desk, at).await {
            taken.push(job.subject);
        }
        taken
    });
    let taken: Vec<Uuid> = futures_util::future::join_all(takers).await.into_iter().flatten().collect();

    assert_eq!(taken.len(), 40);
    assert_eq!(taken.into_iter().collect::<BTreeSet<_>>(), ordered);
}

#[actix_web::test]
async fn a_job_whose_server_is_silent_is_taken_after_its_lease_and_the_first_gains_nothing() {
    let server = Server::start().await;
    let (desk, pool) = (server.desk("demo").await, server.app_pool());
    let at = OffsetDateTime::now_utc() + FUTURE;
    order(pool, &desk, at).await;
    let first = take(pool, &desk, at).await.unwrap();

    assert!(take(pool, &desk, at + jobs::LEASE).await.is_none());
    let said = first.clone();
    unit_of_work_quietly(pool, async move |tx| {
        store::at(tx, &said, Step::Reading, at + jobs::LEASE / 2).await
    })
    .await
    .unwrap();
    assert!(take(pool, &desk, at + jobs::LEASE + time::Duration::SECOND).await.is_none(), "it was heard of");
    let second = take(pool, &desk, at + jobs::LEASE * 2).await.unwrap();

    assert_eq!((second.id, second.attempts), (first.id, 1));
    assert!(matches!(finish(pool, &first).await, Err(Error::Conflict(_))));
    finish(pool, &second).await.unwrap();
    assert!(matches!(finish(pool, &second).await, Err(Error::Conflict(_))));
}

/// Does nothing for ever, or fails, and counts.
#[derive(Clone, Default)]
struct Stubborn {
    begun: Rc<Cell<usize>>,
    given_up: Rc<Cell<usize>>,
    fails: bool,
    pool: Option<PgPool>,
}

impl Errand for Stubborn {
    async fn run(&self, _: &Job) -> Result<()> {
        self.begun.set(self.begun.get() + 1);
        if self.fails {
            return Err(Error::internal("it always does"));
        }
        std::future::pending().await
    }

    async fn give_up(&self, job: &Job) -> Result<()> {
        self.given_up.set(self.given_up.get() + 1);
        let (job, now) = (job.clone(), OffsetDateTime::now_utc());
        let given_up =
            async move |tx: &mut sqlx::PgConnection| store::fail(tx, &job, "interrupted", None, now).await;
        unit_of_work_quietly(self.pool.as_ref().unwrap(), given_up).await
    }
}

/// A database without a server of its own that would take the jobs: the server's are stopped with it.
async fn alone() -> (Server, Fixture) {
    let server = Server::start_idle().await;
    let desk = server.desk("demo").await;
    (server, desk)
}

#[actix_web::test]
async fn a_server_that_stops_gives_its_jobs_back() {
    let (server, desk) = alone().await;
    order(server.app_pool(), &desk, OffsetDateTime::now_utc()).await;
    let errand = Stubborn::default();
    let workers = jobs::start(server.app_pool().clone(), errand.clone());
    let begun = Instant::now();
    while errand.begun.get() == 0 {
        assert!(begun.elapsed() < Duration::from_secs(10));
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(server.count("SELECT count(*) FROM jobs WHERE state = 'running'").await, 1);

    let begun = Instant::now();
    workers.stop().await;

    assert!(begun.elapsed() < Duration::from_secs(8));
    assert_eq!(server.count("SELECT count(*) FROM jobs WHERE state = 'waiting' AND attempts = 0").await, 1);
}

#[actix_web::test]
async fn what_always_fails_is_given_up() {
    let (server, desk) = alone().await;
    order(server.app_pool(), &desk, OffsetDateTime::now_utc()).await;
    let errand = Stubborn { fails: true, pool: Some(server.app_pool().clone()), ..Stubborn::default() };
    let workers = jobs::start(server.app_pool().clone(), errand.clone());
    let begun = Instant::now();
    while server.count("SELECT count(*) FROM jobs WHERE state = 'dead'").await == 0 {
        assert!(begun.elapsed() < Duration::from_secs(30));
        sqlx::query("UPDATE jobs SET due_at = now() WHERE state = 'waiting'")
            .execute(server.owner_pool())
            .await
            .unwrap();
        jobs::wake();
        tokio::time::sleep(Duration::from_millis(50)).await;
    }

    assert_eq!((errand.begun.get(), errand.given_up.get()), (3, 1));
    workers.stop().await;
}

/// A server in a process of its own.
struct Process(Child);

impl Process {
    fn start(server: &Server, site: &Stranger) -> Self {
        let child = Command::new(env!("CARGO_BIN_EXE_factdesk"))
            .env_clear()
            .env("DATABASE_URL", server.database_url())
            .env("FACTDESK_LISTEN", "127.0.0.1:0")
            .env("FACTDESK_FETCH_ALLOW", site.allowed())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        Self(child)
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[actix_web::test]
async fn a_job_in_the_middle_of_which_its_server_is_killed_is_done_by_another() {
    let site = Stranger::start();
    let (server, desk) = alone().await;
    let annotator = server.sign_in(Role::Annotator).await;
    let address = factdesk::text::address::SafeUrl::parse(&site.url("/silence")).unwrap();
    // The server of this test may not fetch from there, so the form would refuse: the rows are made as it makes them.
    let intake = Uuid::now_v7();
    sqlx::query(
        "INSERT INTO intakes (desk_id, id, how, label, address, address_key, state, requested_by, created_at, changed_at, event_id)
         VALUES ($1, $2, 'url', 'A page', $3, $3, 'waiting', $4, now(), now(), $5)",
    )
    .bind(desk.id)
    .bind(intake)
    .bind(address.as_str())
    .bind(desk.member(Role::Annotator))
    .bind(event(server.owner_pool(), &desk).await)
    .execute(server.owner_pool())
    .await
    .unwrap();
    let order = Order {
        desk: desk.id,
        kind: Kind::Intake,
        subject: intake,
        account: desk.member(Role::Annotator),
        every_s: None,
    };
    let now = OffsetDateTime::now_utc();
    unit_of_work_quietly(server.app_pool(), async move |tx| store::order(tx, order, now).await)
        .await
        .unwrap();
    let first = Process::start(&server, &site);
    let begun = Instant::now();
    while site.times("/silence") == 0 {
        assert!(begun.elapsed() < Duration::from_secs(30), "it is not taken");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }

    drop(first); // SIGKILL
    assert_eq!(server.count("SELECT count(*) FROM jobs WHERE state = 'running'").await, 1);
    site.put("/silence", Answer::new("text/html", ARTICLE));
    let _second = Process::start(&server, &site);
    tokio::time::sleep(Duration::from_secs(3)).await;
    assert_eq!(site.times("/silence"), 1, "the lease holds");
    let passed = "UPDATE jobs SET lease_until = now() - interval '1 second'";
    sqlx::query(passed).execute(server.owner_pool()).await.unwrap();

    let begun = Instant::now();
    while server.count("SELECT count(*) FROM intakes WHERE state = 'ready'").await == 0 {
        assert!(begun.elapsed() < Duration::from_secs(30), "nobody takes it");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(server.count("SELECT count(*) FROM jobs WHERE state = 'done'").await, 1);
    assert_eq!(server.count("SELECT count(*) FROM snapshots").await, 1);
    let done = annotator.get(&format!("/demo/articles/incoming/{intake}/progress")).await;
    assert_eq!(done.status, 303);
}

/// Runs a statement as the server's role; gives the constraint that refuses it, or what else stands in the way.
async fn attempt(pool: &PgPool, statement: String) -> std::result::Result<u64, String> {
    match sqlx::query(AssertSqlSafe(statement)).execute(pool).await {
        Ok(done) => Ok(done.rows_affected()),
        Err(error) => {
            let error = error.into_database_error().expect("the database refuses");
            Err(error.constraint().map_or_else(|| error.message().to_owned(), ToOwned::to_owned))
        }
    }
}

async fn refused(pool: &PgPool, statement: String, rule: &str) {
    match attempt(pool, statement.clone()).await {
        Ok(rows) => panic!("{rule}: {rows} rows were written by {statement}"),
        Err(found) => assert!(found.contains(rule), "{rule}: {found}"),
    }
}

#[actix_web::test]
async fn what_holds_of_jobs_cannot_be_broken() {
    let (server, desk) = alone().await;
    let app = server.app_pool();
    let subject = order(app, &desk, OffsetDateTime::now_utc()).await;
    let member = desk.member(Role::Annotator);
    for (set, rule) in [
        ("kind = 'dance'", "jobs_kind_known"),
        ("state = 'lost'", "jobs_state_known"),
        ("state = 'running'", "jobs_running_is_leased"),
        ("lease = gen_random_uuid()", "jobs_running_is_leased"),
        ("step = 'fetching'", "jobs_step_while_running"),
        (
            "state = 'running', lease = gen_random_uuid(), lease_until = now(), step = 'dancing'",
            "jobs_step_known",
        ),
        ("state = 'dead'", "jobs_dead_says_why"),
        ("reason = 'Because.'", "jobs_reason_form"),
        ("attempts = -1", "jobs_attempts_counted"),
        ("every_s = 1", "jobs_again_in_bounds"),
        ("account_id = gen_random_uuid()", "jobs_member"),
        ("desk_id = gen_random_uuid()", "jobs_member"),
    ] {
        refused(app, format!("UPDATE jobs SET {set}"), rule).await;
    }
    let twice = format!(
        "INSERT INTO jobs (desk_id, id, kind, subject_id, account_id, due_at, created_at)
         VALUES ('{}', gen_random_uuid(), 'feed', '{subject}', '{member}', now(), now())",
        desk.id
    );
    refused(app, twice, "jobs_one_a_subject").await;
    refused(app, "DELETE FROM jobs".to_owned(), "permission denied").await;
}

#[actix_web::test]
async fn what_holds_of_feeds_and_watches_cannot_be_broken() {
    let (server, desk) = alone().await;
    let (app, owner) = (server.app_pool(), server.owner_pool());
    let (member, id) = (desk.member(Role::Annotator), Uuid::now_v7());
    let event = event(owner, &desk).await;
    let feed = |key: &str, address: &str, title: &str| {
        format!(
            "INSERT INTO feeds (desk_id, id, address, address_key, title, followed_by, followed_at, event_id)
             VALUES ('{}', gen_random_uuid(), '{address}', '{key}', {title}, '{member}', now(), '{event}')",
            desk.id
        )
    };
    let first =
        feed("k", "https://example.org/", "'Courier'").replace("gen_random_uuid()", &format!("'{id}'"));
    attempt(app, first).await.unwrap();
    refused(app, feed("k", "https://example.org/", "NULL"), "feeds_followed_once").await;
    refused(app, feed("l", "javascript:alert(1)", "NULL"), "feeds_address_form").await;
    refused(app, feed("m", "https://example.org/", "''"), "feeds_title_length").await;
    refused(app, "UPDATE feeds SET stopped_at = now()".to_owned(), "every_change_has_an_event").await;
    refused(app, "UPDATE feeds SET event_id = gen_random_uuid()".to_owned(), "feeds_event").await;
    refused(app, "DELETE FROM feeds".to_owned(), "permission denied").await;
    refused(owner, "DELETE FROM feeds".to_owned(), "feeds_stay").await;
    let stranger =
        feed("n", "https://example.org/", "NULL").replace(&member.to_string(), &Uuid::now_v7().to_string());
    refused(app, stranger, "feeds_follower").await;

    let item = |feed: Uuid, key: &str| {
        format!(
            "INSERT INTO feed_items (desk_id, feed_id, key_sha256, event_id) VALUES ('{}', '{feed}', {key}, '{event}')",
            desk.id
        )
    };
    attempt(app, item(id, "sha256('a')")).await.unwrap();
    refused(app, item(id, "sha256('a')"), "feed_items_pkey").await;
    refused(app, item(id, "'\\x00'"), "feed_items_key_length").await;
    refused(app, item(Uuid::now_v7(), "sha256('b')"), "feed_items_feed").await;
    refused(
        app,
        item(id, "sha256('b')").replace(&event.to_string(), &Uuid::now_v7().to_string()),
        "feed_items_event",
    )
    .await;
    for change in ["UPDATE feed_items SET key_sha256 = sha256('c')", "DELETE FROM feed_items"] {
        refused(app, change.to_owned(), "permission denied").await;
        refused(owner, change.to_owned(), "feed_items_are_immutable").await;
    }

    let annotator = server.sign_in(Role::Annotator).await;
    let article = annotator.post_form("/demo/articles", &[("text", "Words.")]).await.location().to_owned();
    let article = article.rsplit('/').next().unwrap().to_owned();
    let watch = |article: &str, by: &str| {
        format!(
            "INSERT INTO watches (desk_id, article_id, watched_by, watched_at, event_id)
             VALUES ('{}', '{article}', '{by}', now(), '{event}')",
            desk.id
        )
    };
    let (nothing, me) = (Uuid::now_v7().to_string(), member.to_string());
    refused(app, watch(&nothing, &me), "watches_article").await;
    refused(app, watch(&article, &nothing), "watches_watcher").await;
    refused(app, watch(&article, &me).replace(&event.to_string(), &nothing), "watches_event").await;
    attempt(app, watch(&article, &me)).await.unwrap();
    refused(app, watch(&article, &me), "watches_pkey").await;
    refused(app, "UPDATE watches SET stopped_at = now()".to_owned(), "every_change_has_an_event").await;
    refused(app, "DELETE FROM watches".to_owned(), "permission denied").await;
    refused(owner, "DELETE FROM watches".to_owned(), "watches_stay").await;
}
