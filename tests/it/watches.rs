//! Fetching an article again: by hand, and on a schedule.

use std::time::{Duration, Instant};

use factdesk::auth::Role;

use crate::harness::{Answer, Browser, Page, Server, Stranger};
use crate::incoming::{ARTICLE, until};

/// An article whose text is what the page says now.
async fn saved(browser: &Browser, address: &str) -> String {
    let fields = [("text", ARTICLE), ("format", "html"), ("url", address)];
    browser.post_form("/demo/articles", &fields).await.location().to_owned()
}

async fn settled(browser: &Browser, article: &str) -> Page {
    let path = format!("{article}/fetches");
    until(browser, &path, |page| page.status == 200 && !page.has("meta[http-equiv=refresh]")).await
}

async fn fetch_again(browser: &Browser, article: &str) -> Page {
    let path = format!("{article}/fetches");
    assert_eq!(browser.post_form(&path, &[]).await.location(), path);
    settled(browser, article).await
}

async fn versions(server: &Server) -> i64 {
    server.count("SELECT count(*) FROM article_versions").await
}

async fn wait_for(server: &Server, query: &'static str, count: i64) {
    let begun = Instant::now();
    while server.count(query).await != count {
        assert!(begun.elapsed() < Duration::from_secs(30), "{query}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[actix_web::test]
async fn an_unchanged_text_adds_nothing_and_a_changed_one_is_the_next_version() {
    let site = Stranger::start();
    site.put("/news", Answer::new("text/html", ARTICLE));
    let server = Server::start_allowing(&site.allowed()).await;
    let annotator = server.sign_in(Role::Annotator).await;
    let article = saved(&annotator, &site.url("/news")).await;

    let same = fetch_again(&annotator, &article).await;
    assert!(same.has(".notice.good"), "{}", same.text);
    assert_eq!(versions(&server).await, 1);

    site.put("/news", Answer::new("text/html", ARTICLE.replace("3.1 million", "2.9 million")));
    fetch_again(&annotator, &article).await;
    assert_eq!(versions(&server).await, 2);
    let body: String = sqlx::query_scalar("SELECT body FROM article_versions WHERE number = 2")
        .fetch_one(server.owner_pool())
        .await
        .unwrap();
    assert!(body.contains("2.9 million tonnes"));
    assert_eq!(
        server
            .count("SELECT count(*) FROM article_versions WHERE number = 2 AND snapshot_id IS NOT NULL")
            .await,
        1
    );
    fetch_again(&annotator, &article).await;
    assert_eq!(versions(&server).await, 2);
}

#[actix_web::test]
async fn what_a_reviewer_left_out_stays_out() {
    let site = Stranger::start();
    let page = ARTICLE.replace(
        "</article>",
        "<p>The editors of this paper take part in a lottery this month.</p></article>",
    );
    site.put("/news", Answer::new("text/html", page.clone()));
    let server = Server::start_allowing(&site.allowed()).await;
    let annotator = server.sign_in(Role::Annotator).await;
    // As it was taken: without the lottery, and with the heading.
    let article = saved(&annotator, &site.url("/news")).await;
    fetch_again(&annotator, &article).await;
    assert_eq!(versions(&server).await, 2);
    // The second version again without what was fetched; its snapshot is the page with the lottery.
    sqlx::query(
        "INSERT INTO article_versions (desk_id, id, article_id, number, body, body_length, body_sha256, blocks, format,
                                       snapshot_id, created_by, created_at, event_id)
         SELECT a.desk_id, gen_random_uuid(), a.article_id, 3, a.body, a.body_length, a.body_sha256, a.blocks, a.format,
                b.snapshot_id, a.created_by, now(), a.event_id
         FROM article_versions a, article_versions b WHERE a.number = 1 AND b.number = 2",
    )
    .execute(server.owner_pool())
    .await
    .unwrap();

    fetch_again(&annotator, &article).await;
    assert_eq!(versions(&server).await, 3);

    site.put("/news", Answer::new("text/html", page.replace("3.1 million", "2.9 million")));
    fetch_again(&annotator, &article).await;
    let body: String = sqlx::query_scalar("SELECT body FROM article_versions WHERE number = 4")
        .fetch_one(server.owner_pool())
        .await
        .unwrap();
    assert!(body.contains("2.9 million") && !body.contains("lottery"), "{body}");
}

#[actix_web::test]
async fn a_wall_in_front_of_an_article_is_not_taken_for_it() {
    let site = Stranger::start();
    let wall = "<!doctype html><title>Sign in</title><p>Please sign in to go on reading this page, or buy a subscription today.</p>";
    site.put("/news", Answer::new("text/html", wall));
    let server = Server::start_allowing(&site.allowed()).await;
    let annotator = server.sign_in(Role::Annotator).await;
    let article = saved(&annotator, &site.url("/news")).await;

    let page = fetch_again(&annotator, &article).await;

    assert!(page.one(".notice.warn").contains("has little in common with the article"), "{}", page.text);
    assert!(page.has(&format!("a[href='{article}/versions/new']")));
    assert_eq!(versions(&server).await, 1);
}

#[actix_web::test]
async fn a_failure_is_shown_at_the_article() {
    let site = Stranger::start();
    let server = Server::start_allowing(&site.allowed()).await;
    let annotator = server.sign_in(Role::Annotator).await;
    let article = saved(&annotator, &site.url("/status/410")).await;

    let page = fetch_again(&annotator, &article).await;

    assert!(page.one(".notice.warn").contains("The site says that there is no such page."));
}

#[actix_web::test]
async fn a_watched_article_is_looked_at_less_and_less_until_it_changes() {
    let site = Stranger::start();
    site.put("/news", Answer::new("text/html", ARTICLE).with("etag", "\"1\""));
    let server = Server::start_allowing(&site.allowed()).await;
    let annotator = server.sign_in(Role::Annotator).await;
    let article = saved(&annotator, &site.url("/news")).await;
    let again = "UPDATE jobs SET due_at = now() WHERE kind = 'watch'";

    annotator.post_form(&format!("{article}/watch"), &[]).await.location();
    wait_for(&server, "SELECT coalesce(sum(every_s), 0) FROM jobs WHERE kind = 'watch' AND state = 'waiting' AND checked_at IS NOT NULL", 5_400).await;
    sqlx::query(again).execute(server.owner_pool()).await.unwrap();
    wait_for(&server, "SELECT every_s::bigint FROM jobs WHERE kind = 'watch'", 8_100).await;
    assert!(site.asked()[1].to_ascii_lowercase().contains("if-none-match: \"1\""));
    assert_eq!(versions(&server).await, 1);

    site.put("/news", Answer::new("text/html", ARTICLE.replace("3.1", "2.9")).with("etag", "\"2\""));
    sqlx::query(again).execute(server.owner_pool()).await.unwrap();
    wait_for(&server, "SELECT every_s::bigint FROM jobs WHERE kind = 'watch'", 3_600).await;
    assert_eq!(versions(&server).await, 2);
    let who = "SELECT count(*) FROM events e JOIN watches w ON w.watched_by = e.actor_id WHERE e.action = 'article.revise'";
    assert_eq!(server.count(who).await, 1);

    let page = settled(&annotator, &article).await;
    assert!(page.text.contains("Watched for"), "{}", page.text);
    annotator.post_form(&format!("{article}/watch/end"), &[]).await.location();
    assert_eq!(server.count("SELECT count(*) FROM jobs WHERE kind = 'watch' AND state = 'done'").await, 1);
    assert_eq!(annotator.post_form(&format!("{article}/watch/end"), &[]).await.status, 409);
    // And watched again.
    annotator.post_form(&format!("{article}/watch"), &[]).await.location();
    wait_for(
        &server,
        "SELECT count(*) FROM jobs WHERE kind = 'watch' AND state = 'waiting' AND every_s > 3600",
        1,
    )
    .await;
}

#[actix_web::test]
async fn a_watch_that_fails_says_so_at_the_article_and_goes_on() {
    let site = Stranger::start();
    let server = Server::start_allowing(&site.allowed()).await;
    let annotator = server.sign_in(Role::Annotator).await;
    let article = saved(&annotator, &site.url("/status/404")).await;
    annotator.post_form(&format!("{article}/watch"), &[]).await.location();
    wait_for(&server, "SELECT attempts::bigint FROM jobs WHERE kind = 'watch'", 1).await;

    let page = settled(&annotator, &article).await;

    assert!(
        page.one(".notice.warn").contains("The last look failed: The site says that there is no such page.")
    );
    assert!(page.text.contains("Next look"));
}

#[actix_web::test]
async fn an_article_without_an_address_that_can_be_fetched_is_not() {
    let server = Server::start().await;
    let annotator = server.sign_in(Role::Annotator).await;
    let nowhere = annotator.post_form("/demo/articles", &[("text", "Words.")]).await.location().to_owned();
    let inside = saved(&annotator, "http://10.0.0.1/news").await;
    for (article, status) in [(nowhere, 409), (inside, 422)] {
        for what in ["fetches", "watch"] {
            assert_eq!(annotator.post_form(&format!("{article}/{what}"), &[]).await.status, status, "{what}");
        }
    }
    assert_eq!(server.count("SELECT count(*) FROM jobs").await, 0);
}
