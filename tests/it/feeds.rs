//! Feeds and sitemaps: what is new in them queues up, once.

use std::time::{Duration, Instant};

use factdesk::auth::Role;

use crate::harness::{Answer, Browser, Page, Server, Stranger};
use crate::incoming::{ARTICLE, until};

fn rss(site: &Stranger, numbers: &[u32]) -> Answer {
    let items: Vec<String> = numbers
        .iter()
        .map(|number| {
            format!(
                "<item><title>Item {number}</title><link>{}</link></item>",
                site.url(&format!("/{number}"))
            )
        })
        .collect();
    Answer::new(
        "application/rss+xml",
        format!("<rss version='2.0'><channel><title>Courier</title>{}</channel></rss>", items.concat()),
    )
}

async fn follow(browser: &Browser, address: &str) -> Page {
    browser.post_form("/demo/feeds", &[("address", address)]).await
}

/// Waits until every feed was looked at.
async fn looked(browser: &Browser) -> Page {
    until(browser, "/demo/feeds", |page| page.status == 200 && !page.has("meta[http-equiv=refresh]")).await
}

async fn look_again(server: &Server, browser: &Browser) -> Page {
    let feed: uuid::Uuid =
        sqlx::query_scalar("SELECT id FROM feeds LIMIT 1").fetch_one(server.owner_pool()).await.unwrap();
    browser.post_form(&format!("/demo/feeds/{feed}/look"), &[]).await.location();
    looked(browser).await
}

async fn waiting(server: &Server) -> Vec<String> {
    sqlx::query_scalar("SELECT label FROM intakes WHERE state = 'waiting' AND how = 'feed' ORDER BY label")
        .fetch_all(server.owner_pool())
        .await
        .unwrap()
}

#[actix_web::test]
async fn new_items_queue_up_once_and_are_fetched_when_somebody_looks() {
    let site = Stranger::start();
    site.put("/feed", rss(&site, &[1, 2]));
    site.put("/2", Answer::new("text/html", ARTICLE));
    let server = Server::start_allowing(&site.allowed()).await;
    let annotator = server.sign_in(Role::Annotator).await;

    assert_eq!(follow(&annotator, &site.url("/feed")).await.location(), "/demo/feeds");
    let list = looked(&annotator).await;
    assert_eq!(list.one("h2.title"), "Courier");
    assert!(list.text.contains("2 items seen"));
    assert_eq!(waiting(&server).await, ["Item 1", "Item 2"]);

    site.put("/feed", rss(&site, &[3, 2, 1]));
    look_again(&server, &annotator).await;
    look_again(&server, &annotator).await;
    assert_eq!(waiting(&server).await, ["Item 1", "Item 2", "Item 3"]);
    assert_eq!((site.times("/1"), site.times("/2")), (0, 0));

    let item: uuid::Uuid = sqlx::query_scalar("SELECT id FROM intakes WHERE label = 'Item 2'")
        .fetch_one(server.owner_pool())
        .await
        .unwrap();
    let path = format!("/demo/articles/incoming/{item}/progress");
    let page = annotator.get(&path).await;
    assert_eq!(page.one("button.primary"), "Fetch and look");
    annotator.post_form(&path.replace("/progress", "/fetch"), &[]).await.location();
    until(&annotator, &path, |page| page.status != 200).await;
    assert_eq!(site.times("/2"), 1);
    let events: String = sqlx::query_scalar(
        "SELECT string_agg(action, ' ' ORDER BY id) FROM events WHERE action LIKE 'feed.%'",
    )
    .fetch_one(server.owner_pool())
    .await
    .unwrap();
    assert_eq!(events, "feed.follow feed.look feed.look");
}

#[actix_web::test]
async fn what_is_here_by_another_way_does_not_queue_up() {
    let site = Stranger::start();
    site.put("/feed", rss(&site, &[1, 2]));
    let server = Server::start_allowing(&site.allowed()).await;
    let annotator = server.sign_in(Role::Annotator).await;
    let url = site.url("/1?utm_medium=rss");
    annotator.post_form("/demo/articles", &[("text", "Words."), ("url", &url)]).await.location();

    follow(&annotator, &site.url("/feed")).await.location();
    looked(&annotator).await;

    assert_eq!(waiting(&server).await, ["Item 2"]);
}

#[actix_web::test]
async fn a_page_and_a_sitemap_of_sitemaps_lead_to_what_is_new() {
    let site = Stranger::start();
    site.put(
        "/",
        Answer::new("text/html", "<!doctype html><link rel=alternate type=application/rss+xml href=/feed>"),
    );
    site.put("/feed", rss(&site, &[1]));
    let index =
        format!("<sitemapindex><sitemap><loc>{}</loc></sitemap></sitemapindex>", site.url("/part.xml.gz"));
    site.put("/sitemap.xml", Answer::new("application/xml", index));
    let part = format!("<urlset><url><loc>{}</loc></url></urlset>", site.url("/7"));
    let packed = factdesk::blobs::pack(part.as_bytes()).unwrap();
    site.put("/part.xml.gz", Answer::new("application/gzip", packed));
    let server = Server::start_allowing(&site.allowed()).await;
    let annotator = server.sign_in(Role::Annotator).await;

    follow(&annotator, &site.url("/")).await.location();
    follow(&annotator, &site.url("/sitemap.xml")).await.location();
    looked(&annotator).await;

    assert_eq!(waiting(&server).await, ["Item 1".to_owned(), site.url("/7")]);
}

#[actix_web::test]
async fn a_feed_that_has_not_changed_is_not_sent_again_and_is_looked_at_less() {
    let site = Stranger::start();
    site.put("/feed", rss(&site, &[1]).with("etag", "\"1\""));
    let server = Server::start_allowing(&site.allowed()).await;
    let annotator = server.sign_in(Role::Annotator).await;
    follow(&annotator, &site.url("/feed")).await.location();
    looked(&annotator).await;
    assert_eq!(server.count("SELECT every_s::bigint FROM jobs WHERE kind = 'feed'").await, 900);
    // By itself, when it is due.
    sqlx::query("UPDATE jobs SET due_at = now()").execute(server.owner_pool()).await.unwrap();
    looked(&annotator).await;

    assert_eq!(server.count("SELECT every_s::bigint FROM jobs WHERE kind = 'feed'").await, 1_350);
    assert!(site.asked()[1].to_ascii_lowercase().contains("if-none-match: \"1\""));
}

#[actix_web::test]
async fn what_is_no_feed_says_so_and_is_tried_again_later() {
    let site = Stranger::start();
    let server = Server::start_allowing(&site.allowed()).await;
    let annotator = server.sign_in(Role::Annotator).await;
    follow(&annotator, &site.url("/page")).await.location();
    let list = looked(&annotator).await;
    assert!(
        list.one(".notice.warn").contains("There is no feed or sitemap at this address"),
        "{}",
        list.text
    );
    assert!(list.one(".notice.warn").contains("It is tried again."));
    sqlx::query("UPDATE jobs SET due_at = now(), attempts = 9").execute(server.owner_pool()).await.unwrap();
    let begun = Instant::now();
    while server.count("SELECT count(*) FROM jobs WHERE state = 'dead'").await < 1 {
        assert!(begun.elapsed() < Duration::from_secs(20));
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert!(looked(&annotator).await.one(".notice.warn").contains("It is not tried any more"));
}

#[actix_web::test]
async fn a_feed_is_followed_once_and_until_somebody_ends_it() {
    let site = Stranger::start();
    site.put("/feed", rss(&site, &[1]));
    let server = Server::start_allowing(&site.allowed()).await;
    let annotator = server.sign_in(Role::Annotator).await;
    let address = site.url("/feed");
    follow(&annotator, &address).await.location();
    let twice = follow(&annotator, &address).await;
    assert_eq!(twice.status, 422);
    assert_eq!(twice.one("#address-error"), "The desk follows this feed already.");
    assert_eq!(twice.attribute("#address", "value").as_deref(), Some(address.as_str()));
    looked(&annotator).await;
    let feed: uuid::Uuid =
        sqlx::query_scalar("SELECT id FROM feeds").fetch_one(server.owner_pool()).await.unwrap();

    annotator.post_form(&format!("/demo/feeds/{feed}/end"), &[]).await.location();

    assert!(annotator.get("/demo/feeds").await.has(".empty"));
    assert_eq!(server.count("SELECT count(*) FROM jobs WHERE state = 'done'").await, 1);
    assert_eq!(annotator.post_form(&format!("/demo/feeds/{feed}/end"), &[]).await.status, 409);
    assert_eq!(annotator.post_form(&format!("/demo/feeds/{feed}/look"), &[]).await.status, 409);
    // Followed again, it begins where it ended.
    site.put("/feed", rss(&site, &[2, 1]));
    follow(&annotator, &address).await.location();
    looked(&annotator).await;
    assert_eq!(waiting(&server).await, ["Item 1", "Item 2"]);
}

#[actix_web::test]
async fn what_may_not_be_fetched_cannot_be_followed() {
    let server = Server::start().await;
    let annotator = server.sign_in(Role::Annotator).await;
    for address in [
        "http://127.0.0.1/feed",
        "",
        "words",
        "http://me:secret@example.org/feed",
        "https://example.org:8443/feed",
    ] {
        assert_eq!(follow(&annotator, address).await.status, 422, "{address}");
    }
    assert_eq!(server.count("SELECT count(*) FROM feeds").await, 0);
}

#[actix_web::test]
async fn what_a_feed_brought_is_put_aside_without_being_fetched_and_brought_back() {
    let site = Stranger::start();
    site.put("/feed", rss(&site, &[1, 2]));
    let server = Server::start_allowing(&site.allowed()).await;
    let annotator = server.sign_in(Role::Annotator).await;
    follow(&annotator, &site.url("/feed")).await.location();
    looked(&annotator).await;

    let list = annotator.get("/demo/articles/incoming").await;
    assert_eq!(list.select("form[action$='/fetch'] button"), ["Fetch and look"; 2]);
    let aside = list.attribute("form[action$='/dismissal']", "action").unwrap();
    annotator.post_form(&aside, &[]).await.location();
    assert_eq!(waiting(&server).await.len(), 1);
    look_again(&server, &annotator).await;
    assert_eq!(waiting(&server).await.len(), 1, "it does not come back by itself");

    annotator.post_form(&aside.replace("/dismissal", "/restoration"), &[]).await.location();
    assert_eq!(waiting(&server).await.len(), 2);
    assert_eq!((site.times("/1"), site.times("/2")), (0, 0));
}
