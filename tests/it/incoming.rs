//! Articles by their addresses: from the form over the job to what came.

use std::time::{Duration, Instant};

use factdesk::auth::Role;

use crate::harness::{Answer, Browser, Page, Server, Stranger};

pub const ARTICLE: &str = "<!doctype html><html lang=en><head><title>The harbour grows</title>\
    <link rel=canonical href=/news/harbour></head><body><article><h1>The harbour grows</h1>\
    <p>The harbour handled 3.1 million tonnes last year, the mayor said on Monday in the council.</p>\
    <p>Nobody in the council asked how that was counted, and the meeting went on to the next point.</p>\
    </article></body></html>";

/// Opens a page again until it shows what is waited for, as its refreshing does.
pub async fn until(browser: &Browser, path: &str, done: impl Fn(&Page) -> bool) -> Page {
    let begun = Instant::now();
    loop {
        let page = browser.get(path).await;
        if done(&page) {
            return page;
        }
        assert!(begun.elapsed() < Duration::from_secs(30), "it does not come: {}", page.text);
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

async fn give(browser: &Browser, addresses: &str) -> Page {
    browser.post_form("/demo/articles/incoming", &[("addresses", addresses)]).await
}

async fn text(server: &Server, query: &'static str) -> String {
    sqlx::query_scalar(query).fetch_one(server.owner_pool()).await.unwrap()
}

/// The page that says that it is not fetched, and why.
async fn refusal(browser: &Browser, address: &str) -> Page {
    let sent = give(browser, address).await;
    until(browser, sent.location(), |page| page.has("[role=alert]")).await
}

#[actix_web::test]
async fn an_address_becomes_bytes_to_look_at() {
    let site = Stranger::start();
    site.put("/news/harbour", Answer::new("text/html; charset=utf-8", ARTICLE));
    let server = Server::start_allowing(&site.allowed()).await;
    let annotator = server.sign_in(Role::Annotator).await;

    let sent = give(&annotator, &site.url("/news/harbour?utm_source=mail")).await;
    let progress = sent.location().to_owned();
    assert!(progress.ends_with("/progress"), "{progress}");
    let done = until(&annotator, &progress, |page| page.status != 200).await;

    assert_eq!(done.location(), progress.strip_suffix("/progress").unwrap());
    assert_eq!(site.times("/news/harbour"), 1);
    assert_eq!(text(&server, "SELECT label FROM intakes WHERE state = 'ready'").await, "The harbour grows");
    assert_eq!(server.count("SELECT count(*) FROM snapshots WHERE how = 'url' AND status = 200").await, 1);
    assert_eq!(server.count("SELECT count(*) FROM jobs WHERE state = 'done'").await, 1);
    let events =
        text(&server, "SELECT string_agg(action, ' ' ORDER BY id) FROM events WHERE action LIKE 'intake.%'");
    assert_eq!(events.await, "intake.add intake.fetch");
}

#[actix_web::test]
async fn while_it_is_fetched_the_page_says_so_and_shows_itself_again() {
    let site = Stranger::start();
    let server = Server::start_allowing(&site.allowed()).await;
    let annotator = server.sign_in(Role::Annotator).await;

    let sent = give(&annotator, &site.url("/silence")).await;
    let page = until(&annotator, sent.location(), |page| page.text.contains("Fetching the page")).await;

    assert!(page.has("meta[http-equiv=refresh]"));
    assert_eq!(page.one("[role=status] h2"), "Fetching the page …");
}

#[actix_web::test]
async fn a_failure_says_one_plain_reason_and_offers_other_ways() {
    let site = Stranger::start();
    let server = Server::start_allowing(&site.allowed()).await;
    let annotator = server.sign_in(Role::Annotator).await;

    let denied = refusal(&annotator, &site.url("/status/403")).await;

    assert!(denied.one("[role=alert]").contains("The site does not let us in"), "{}", denied.text);
    assert!(!denied.text.contains("secret"));
    assert!(!denied.has("meta[http-equiv=refresh]"));
    for way in ["by-hand", "from-browser"] {
        assert!(denied.has(&format!("a[href='/demo/articles/new#{way}']")), "{way}");
    }
    assert_eq!(text(&server, "SELECT reason FROM intakes WHERE state = 'refused'").await, "denied");
    let inside = refusal(&annotator, &site.url("/to/302/http://169.254.169.254/")).await;
    assert!(inside.one("[role=alert]").contains("is not on the public web"));
    let words = refusal(&annotator, &site.url("/type/image/png")).await;
    assert!(words.one("[role=alert]").contains("There is no web page, PDF or plain text"));
}

#[actix_web::test]
async fn what_failed_is_tried_again_by_a_button() {
    let site = Stranger::start();
    site.put("/news", Answer::status(404));
    let server = Server::start_allowing(&site.allowed()).await;
    let annotator = server.sign_in(Role::Annotator).await;
    let sent = give(&annotator, &site.url("/news")).await;
    let progress = sent.location().to_owned();
    until(&annotator, &progress, |page| page.has("[role=alert]")).await;

    site.put("/news", Answer::new("text/html", ARTICLE));
    let again = annotator.post_form(&progress.replace("/progress", "/fetch"), &[]).await;
    assert_eq!(again.location(), progress);

    until(&annotator, &progress, |page| page.status != 200).await;
    assert_eq!(site.times("/news"), 2);
}

#[actix_web::test]
async fn what_may_pass_is_tried_again_by_itself() {
    let site = Stranger::start();
    let server = Server::start_allowing(&site.allowed()).await;
    let annotator = server.sign_in(Role::Annotator).await;
    let sent = give(&annotator, &site.url("/status/503")).await;

    let page = until(&annotator, sent.location(), |page| page.text.contains("It is tried again")).await;
    assert!(page.text.contains("The site answers with a fault"));
    for _ in 0..2 {
        let due = "UPDATE jobs SET due_at = now() WHERE state = 'waiting'";
        until(&annotator, sent.location(), |page| !page.text.contains(" is being fetched")).await;
        sqlx::query(due).execute(server.owner_pool()).await.unwrap();
        let begun = Instant::now();
        while server
            .count("SELECT count(*) FROM jobs WHERE state IN ('waiting', 'running') AND due_at <= now()")
            .await
            > 0
        {
            assert!(begun.elapsed() < Duration::from_secs(20));
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    until(&annotator, sent.location(), |page| page.has("[role=alert]")).await;
    assert_eq!(site.times("/status/503"), 3);
    assert_eq!(server.count("SELECT count(*) FROM jobs WHERE state = 'dead' AND attempts = 3").await, 1);
}

#[actix_web::test]
async fn what_is_here_already_is_said_before_anything_is_fetched() {
    let site = Stranger::start();
    site.put("/b", Answer::new("text/html", ARTICLE));
    let server = Server::start_allowing(&site.allowed()).await;
    let annotator = server.sign_in(Role::Annotator).await;
    let address = site.url("/a");
    let saved = annotator
        .post_form(
            "/demo/articles",
            &[("text", "Words that are here."), ("title", "Here"), ("url", &address)],
        )
        .await;

    let both = format!("{address}?fbclid=1\n{}", site.url("/b"));
    let refused = give(&annotator, &both).await;

    assert_eq!(refused.status, 409);
    assert!(refused.has(&format!("a[href='{}']", saved.location())));
    assert_eq!(refused.one("#addresses"), site.url("/b"));
    assert_eq!(site.asked(), [""; 0]);
    give(&annotator, &site.url("/b")).await.location();
    let twice = give(&annotator, &site.url("/b")).await;
    assert_eq!(twice.status, 409);
    assert!(twice.text.contains("which is on its way"));
}

#[actix_web::test]
async fn several_addresses_come_in_at_once() {
    let site = Stranger::start();
    for number in 0..6 {
        site.put(
            &format!("/{number}"),
            Answer::new("text/html", ARTICLE.replace("3.1", &format!("{number}.1"))),
        );
    }
    let server = Server::start_allowing(&site.allowed()).await;
    let annotator = server.sign_in(Role::Annotator).await;
    let all: Vec<String> = (0..6).map(|number| site.url(&format!("/{number}"))).collect();

    let sent = give(&annotator, &all.join("\r\n")).await;

    assert_eq!(sent.location(), "/demo/articles/incoming");
    let begun = Instant::now();
    while server.count("SELECT count(*) FROM intakes WHERE state = 'ready'").await < 6 {
        assert!(begun.elapsed() < Duration::from_secs(30));
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[actix_web::test]
async fn what_cannot_be_tried_comes_back_with_its_line() {
    let server = Server::start().await;
    let annotator = server.sign_in(Role::Annotator).await;
    let typed = "https://example.org/a\nhttp://127.0.0.1/\nhttp://me:secret@example.org/";

    let refused = give(&annotator, typed).await;

    assert_eq!(refused.status, 422);
    assert_eq!(refused.select(".errors li").len(), 2);
    assert!(refused.one("#addresses").contains("http://127.0.0.1/"));
    assert_eq!(give(&annotator, " ").await.status, 422);
    assert_eq!(server.count("SELECT count(*) FROM intakes").await, 0);
}

#[actix_web::test]
async fn a_person_has_thirty_an_hour() {
    let site = Stranger::start();
    let server = Server::start_allowing(&site.allowed()).await;
    let annotator = server.sign_in(Role::Annotator).await;
    let lines = |from: u32, to: u32| {
        (from..to).map(|number| site.url(&format!("/status/404?{number}"))).collect::<Vec<_>>().join("\n")
    };
    give(&annotator, &lines(0, 20)).await.location();
    let refused = give(&annotator, &lines(20, 35)).await;
    assert_eq!(refused.status, 429);
    assert!(refused.one("#addresses").contains("?34"));
    give(&annotator, &lines(20, 30)).await.location();
    assert_eq!(give(&annotator, &lines(30, 31)).await.status, 429);
    // Others have their own.
    give(&server.sign_in(Role::Editor).await, &lines(30, 31)).await.location();
}

#[actix_web::test]
async fn sent_twice_it_is_fetched_once() {
    let site = Stranger::start();
    site.put("/news", Answer::new("text/html", ARTICLE));
    let server = Server::start_allowing(&site.allowed()).await;
    let annotator = server.sign_in(Role::Annotator).await;
    let key = uuid::Uuid::now_v7();
    let address = site.url("/news");
    let first = annotator.post_again("/demo/articles/incoming", &[("addresses", &address)], key).await;
    first.location();
    annotator.post_again("/demo/articles/incoming", &[("addresses", &address)], key).await;

    until(&annotator, first.location(), |page| page.status != 200).await;
    assert_eq!((server.count("SELECT count(*) FROM intakes").await, site.times("/news")), (1, 1));
}

#[actix_web::test]
async fn a_job_does_what_its_person_may_do_when_it_runs() {
    let site = Stranger::start();
    site.put("/news", Answer::status(404));
    let server = Server::start_allowing(&site.allowed()).await;
    let annotator = server.sign_in(Role::Annotator).await;
    let sent = give(&annotator, &site.url("/news")).await;
    until(&annotator, sent.location(), |page| page.has("[role=alert]")).await;
    sqlx::query("UPDATE memberships SET roles = '{auditor}' WHERE account_id = $1")
        .bind(server.desk("demo").await.member(Role::Annotator))
        .execute(server.owner_pool())
        .await
        .unwrap();
    sqlx::query("UPDATE jobs SET state = 'waiting', attempts = 0, due_at = now()")
        .execute(server.owner_pool())
        .await
        .unwrap();

    let begun = Instant::now();
    while server.count("SELECT count(*) FROM jobs WHERE state = 'dead' AND reason = 'lost_right'").await < 1 {
        assert!(begun.elapsed() < Duration::from_secs(20));
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(site.times("/news"), 1);
    let page = server.sign_in(Role::Editor).await.get(sent.location()).await;
    assert!(page.text.contains("Whoever asked for this may not do it any more."));
}

#[actix_web::test]
async fn what_a_page_calls_its_own_address_is_found_here_too() {
    let site = Stranger::start();
    site.put("/shared/1", Answer::new("text/html", ARTICLE));
    let server = Server::start_allowing(&site.allowed()).await;
    let annotator = server.sign_in(Role::Annotator).await;
    let url = site.url("/news/harbour");
    let saved =
        annotator.post_form("/demo/articles", &[("text", "An older text of it."), ("url", &url)]).await;

    let sent = give(&annotator, &site.url("/shared/1")).await;
    let ready = until(&annotator, sent.location(), |page| page.status != 200).await;
    let check = annotator.follow(&ready).await;

    assert_eq!(check.status, 200);
    assert!(check.has(&format!("a[href^='{}']", saved.location())), "{}", check.text);
}
