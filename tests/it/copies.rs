//! Copies of sources: kept when cited, with a plain state and reason when that fails, and looked after.

use std::time::{Duration, Instant};

use factdesk::auth::Role;
use reqwest::multipart::{Form, Part};
use reqwest::{Method, StatusCode};

use crate::files::pdf;
use crate::harness::{Answer, Browser, Page, Server, Stranger};
use crate::incoming::until;
use crate::reviews::{World, claim, taken};

const REPORT: &str = "<!doctype html><html lang=en><title>Harbour statistics</title><nav><a href=/>Home</a></nav>\
    <article><h1>Harbour statistics</h1><p>The harbour handled 2,913,400 tonnes in 2023, of which a third was grain.</p>\
    <p>In the year before it had been 2,870,000 tonnes, as the office counted again.</p></article>";

/// A desk with a claim, whose server may fetch from that site.
async fn world(site: &Stranger) -> World {
    let server = Server::start_allowing(&site.allowed()).await;
    let desk = server.desk("demo").await;
    desk.install_scales(server.owner_pool()).await;
    let claim = claim(server.owner_pool(), &desk).await;
    World { server, desk, claim }
}

/// Cites an address; the address of the source's page.
async fn cite(world: &World, browser: &Browser, url: &str) -> String {
    taken(&browser.post_form(&world.path("evidence"), &[("url", url)]).await);
    let row: uuid::Uuid = sqlx::query_scalar("SELECT id FROM sources ORDER BY id DESC LIMIT 1")
        .fetch_one(world.server.owner_pool())
        .await
        .unwrap();
    format!("/demo/sources/{row}")
}

/// The page of a source once nothing is waited for.
async fn settled(browser: &Browser, source: &str) -> Page {
    until(browser, source, |page| page.status == 200 && !page.has("#part-copies [data-waits]")).await
}

async fn text(server: &Server, query: &'static str) -> String {
    sqlx::query_scalar(query).fetch_one(server.owner_pool()).await.unwrap()
}

/// Lets the queue take what would be due later.
async fn hurry(server: &Server, kind: &str) {
    sqlx::query("UPDATE jobs SET due_at = now() WHERE kind = $1 AND state = 'waiting'")
        .bind(kind)
        .execute(server.owner_pool())
        .await
        .unwrap();
    factdesk::jobs::wake();
}

async fn wait_for(server: &Server, query: &'static str) {
    let begun = Instant::now();
    while server.count(query).await == 0 {
        assert!(begun.elapsed() < Duration::from_secs(30), "{query}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[actix_web::test]
async fn what_is_cited_is_archived_with_bytes_headers_address_time_hash_and_text() {
    let site = Stranger::start();
    site.put(
        "/report",
        Answer::new("text/html; charset=utf-8", REPORT).with("x-said", "so").with("set-cookie", "a=b"),
    );
    site.put("/old", Answer::status(301).with("location", "/report"));
    let world = world(&site).await;
    let checker = world.server.sign_in(Role::FactChecker).await;

    let source = cite(&world, &checker, &site.url("/old")).await;
    let page = settled(&checker, &source).await;

    assert_eq!(page.select("#part-copies .copies > li").len(), 1, "{}", page.text);
    assert!(page.one("#part-copies .url").ends_with("/report"));
    let (state, link): (String, String) = sqlx::query_as("SELECT state, link FROM source_archives")
        .fetch_one(world.server.owner_pool())
        .await
        .unwrap();
    assert_eq!((&*state, &*link), ("kept", "alive"));
    let body = text(&world.server, "SELECT body FROM source_copies").await;
    assert!(body.contains("The harbour handled 2,913,400 tonnes") && body.contains("Home"), "{body}");
    let headers = text(&world.server, "SELECT headers::text FROM snapshots").await;
    assert!(headers.contains("x-said") && !headers.contains("set-cookie"), "{headers}");
    // The same tests run with storage outside of the database: tests/it/blobs.rs.
    let outside = world.server.count("SELECT count(*) FROM blobs WHERE packed IS NULL").await;
    assert_eq!(outside == 1, factdesk::blobs::Storage::installed().is_some());
    let file = page.attribute("#part-copies a[download]", "href").unwrap();
    let file = checker.get(&file).await;
    assert_eq!((file.status, file.text.as_str()), (StatusCode::OK, REPORT));
    assert!(file.header("content-disposition").starts_with("attachment"));
    assert!(file.header("content-security-policy").contains("sandbox"));

    // The claim's page says so beside the evidence.
    let claim = checker.get(&world.path("evidence")).await;
    assert!(claim.has("ol.evidence .archive-line a.archived"));
}

#[actix_web::test]
async fn each_bad_case_has_its_own_state_and_plain_reason_and_nothing_of_what_is_behind() {
    let site = Stranger::start();
    site.put("/robots.txt", Answer::new("text/plain", "User-agent: *\nDisallow: /private\n"));
    site.put("/private", Answer::new("text/html", REPORT));
    let wall = "<!doctype html><h1>Members</h1><form><input type=password></form><p>Please sign in.";
    site.put("/wall", Answer::new("text/html", wall));
    site.put("/members", Answer::status(302).with("location", "/login?next=members"));
    site.put("/login?next=members", Answer::new("text/html", wall));
    site.put("/noarchive", Answer::new("text/html", REPORT).with("x-robots-tag", "noarchive"));
    let meta = REPORT.replace("<title>", "<meta name=robots content=noarchive><title>");
    site.put("/meta", Answer::new("text/html", meta));
    site.put("/film", Answer::new("video/mp4", b"\0\0\0\x20ftypisom".to_vec()));
    let world = world(&site).await;
    let checker = world.server.sign_in(Role::FactChecker).await;
    for (path, state, reason) in [
        ("/giant", "failed", "too_large"),
        ("/endless", "failed", "endless"),
        ("/loop", "failed", "circles"),
        ("/hops/9", "failed", "circles"),
        ("/wall", "refused", "sign_in"),
        ("/members", "refused", "sign_in"),
        ("/status/401", "refused", "sign_in"),
        ("/status/403", "refused", "denied"),
        ("/private", "refused", "robots"),
        ("/noarchive", "refused", "no_archive"),
        ("/meta", "refused", "no_archive"),
        ("/to/302/http://169.254.169.254/", "refused", "not_allowed"),
        ("/status/404", "gone", "missing"),
        ("/status/410", "gone", "missing"),
        ("/film", "failed", "unsuitable"),
        ("/empty", "failed", "unsuitable"),
    ] {
        let begun = Instant::now();
        let source = cite(&world, &checker, &site.url(path)).await;
        let page = settled(&checker, &source).await;
        let found: (String, Option<String>) = sqlx::query_as(
            "SELECT a.state, a.reason FROM source_archives a JOIN sources s ON s.desk_id = a.desk_id AND s.id = a.source_id
             ORDER BY s.id DESC LIMIT 1",
        )
        .fetch_one(world.server.owner_pool())
        .await
        .unwrap();
        assert_eq!((&*found.0, found.1.as_deref()), (state, Some(reason)), "{path}");
        assert!(page.has("#part-copies .notice.warn"), "{path}");
        assert!(!page.text.contains("nobody's business"), "{path}");
        assert!(begun.elapsed() < Duration::from_secs(15), "{path} took {:?}", begun.elapsed());
    }
    assert_eq!(world.server.count("SELECT count(*) FROM source_copies").await, 0);
    assert_eq!(world.server.count("SELECT count(*) FROM events WHERE action = 'source.miss'").await, 16);
}

#[actix_web::test]
async fn a_site_with_a_certificate_of_its_own_is_not_archived_and_says_why() {
    let site = Stranger::start_with_own_certificate();
    let world = world(&site).await;
    let checker = world.server.sign_in(Role::FactChecker).await;

    let source = cite(&world, &checker, &format!("https://{}/report", site.address)).await;
    let page = settled(&checker, &source).await;

    assert!(page.one("#part-copies .notice.warn").contains("no valid certificate"), "{}", page.text);
}

#[actix_web::test]
async fn what_may_pass_is_tried_again_and_says_so_meanwhile() {
    let site = Stranger::start();
    site.put("/report", Answer::status(503));
    let world = world(&site).await;
    let checker = world.server.sign_in(Role::FactChecker).await;
    let source = cite(&world, &checker, &site.url("/report")).await;

    let waiting = until(&checker, &source, |page| page.text.contains("Next try")).await;
    assert!(waiting.one("#part-copies [role=status]").contains("answers with a fault"));
    site.put("/report", Answer::new("text/html", REPORT));
    hurry(&world.server, "archive").await;
    let page = settled(&checker, &source).await;

    assert!(page.has("#part-copies .copies > li"));
    assert_eq!(site.times("/report"), 2);
}

#[actix_web::test]
async fn after_the_last_try_it_failed_and_can_be_archived_again() {
    let site = Stranger::start();
    site.put("/report", Answer::status(500));
    let world = world(&site).await;
    let checker = world.server.sign_in(Role::FactChecker).await;
    let source = cite(&world, &checker, &site.url("/report")).await;
    until(&checker, &source, |page| page.text.contains("Next try")).await;
    sqlx::query("UPDATE jobs SET attempts = 9 WHERE kind = 'archive'")
        .execute(world.server.owner_pool())
        .await
        .unwrap();
    hurry(&world.server, "archive").await;
    let page = settled(&checker, &source).await;
    assert!(page.one("#part-copies .notice.warn").contains("could not be archived"), "{}", page.text);

    site.put("/report", Answer::new("text/html", REPORT));
    taken(&checker.post_form(&format!("{source}/archive"), &[]).await);
    let page = settled(&checker, &source).await;
    assert!(page.has("#part-copies .copies > li"));
    // The same bytes are no second copy.
    taken(&checker.post_form(&format!("{source}/archive"), &[]).await);
    settled(&checker, &source).await;
    assert_eq!(world.server.count("SELECT count(*) FROM source_copies").await, 1);
    site.put("/report", Answer::new("text/html", REPORT.replace("grain", "ore")));
    taken(&checker.post_form(&format!("{source}/archive"), &[]).await);
    wait_for(&world.server, "SELECT count(*) FROM source_copies WHERE number = 2").await;
}

#[actix_web::test]
async fn a_pdf_without_text_is_kept_with_the_reason_and_one_with_text_has_its_pages() {
    let site = Stranger::start();
    site.put("/scan.pdf", Answer::new("application/pdf", pdf(&[])));
    site.put("/report.pdf", Answer::new("application/octet-stream", pdf(&["The harbour is deep."])));
    let world = world(&site).await;
    let checker = world.server.sign_in(Role::FactChecker).await;

    let scan = cite(&world, &checker, &site.url("/scan.pdf")).await;
    let page = settled(&checker, &scan).await;
    assert!(
        page.one("#part-copies .copies .meta").contains("It holds pictures and no text."),
        "{}",
        page.text
    );

    let report = cite(&world, &checker, &site.url("/report.pdf")).await;
    settled(&checker, &report).await;
    let read = "SELECT media_type || ' ' || (blocks->'blocks'->0->>'page') || ' ' || body FROM source_copies WHERE body IS NOT NULL";
    assert_eq!(text(&world.server, read).await, "application/pdf 1 The harbour is deep.");
}

#[actix_web::test]
async fn a_link_that_dies_is_marked_where_it_is_used_and_the_copy_stays() {
    let site = Stranger::start();
    site.put("/report", Answer::new("text/html", REPORT).with("etag", "\"1\""));
    let world = world(&site).await;
    let checker = world.server.sign_in(Role::FactChecker).await;
    let source = cite(&world, &checker, &site.url("/report")).await;
    settled(&checker, &source).await;
    assert_eq!(
        world
            .server
            .count("SELECT count(*) FROM jobs WHERE kind = 'link' AND due_at > now() + interval '6 days'")
            .await,
        1
    );

    // As it was: nothing is said, and the next look is later.
    hurry(&world.server, "link").await;
    wait_for(&world.server, "SELECT count(*) FROM jobs WHERE kind = 'link' AND every_s > 800000").await;
    assert_eq!(world.server.count("SELECT count(*) FROM events WHERE action = 'source.look'").await, 0);

    site.put("/report", Answer::status(404));
    hurry(&world.server, "link").await;
    wait_for(&world.server, "SELECT count(*) FROM source_archives WHERE link = 'dead' AND state = 'kept'")
        .await;
    let page = checker.get(&source).await;
    assert!(page.one("#part-copies .notice.warn").contains("The link is dead"), "{}", page.text);
    assert!(page.has("#part-copies .copies > li"));
    let claim = checker.get(&world.path("evidence")).await;
    assert_eq!(claim.one("ol.evidence .link-state"), "dead link");

    site.put("/report", Answer::new("text/html", REPORT));
    hurry(&world.server, "link").await;
    wait_for(&world.server, "SELECT count(*) FROM source_archives WHERE link = 'alive'").await;
}

#[actix_web::test]
async fn a_page_that_changed_is_marked_and_kept_as_it_is_now_while_new_menus_are_no_change() {
    let site = Stranger::start();
    site.put("/report", Answer::new("text/html", REPORT));
    let world = world(&site).await;
    let checker = world.server.sign_in(Role::FactChecker).await;
    let source = cite(&world, &checker, &site.url("/report")).await;
    settled(&checker, &source).await;

    site.put("/report", Answer::new("text/html", REPORT.replace("Home", "Start")));
    hurry(&world.server, "link").await;
    wait_for(&world.server, "SELECT count(*) FROM jobs WHERE kind = 'link' AND every_s > 800000").await;
    assert_eq!(text(&world.server, "SELECT link FROM source_archives").await, "alive");

    site.put("/report", Answer::new("text/html", REPORT.replace("a third", "a half")));
    hurry(&world.server, "link").await;
    wait_for(&world.server, "SELECT count(*) FROM source_archives WHERE link = 'changed'").await;
    assert_eq!(world.server.count("SELECT count(*) FROM source_copies").await, 2);
    let claim = checker.get(&world.path("evidence")).await;
    assert_eq!(claim.one("ol.evidence .link-state"), "changed since it was archived");

    // Somebody looks, and says so.
    taken(&checker.post_form(&format!("{source}/archive"), &[]).await);
    wait_for(&world.server, "SELECT count(*) FROM source_archives WHERE link = 'alive'").await;
}

#[actix_web::test]
async fn silence_is_death_only_the_third_time_and_a_front_page_at_once() {
    let site = Stranger::start();
    site.put("/report", Answer::new("text/html", REPORT));
    site.put("/other", Answer::new("text/html", REPORT.replace("grain", "ore")));
    let world = world(&site).await;
    let checker = world.server.sign_in(Role::FactChecker).await;
    let source = cite(&world, &checker, &site.url("/report")).await;
    settled(&checker, &source).await;

    site.put("/report", Answer::status(500));
    for tries in 1..=2 {
        hurry(&world.server, "link").await;
        let begun = Instant::now();
        while world.server.count("SELECT attempts::bigint FROM jobs WHERE kind = 'link'").await != tries {
            assert!(begun.elapsed() < Duration::from_secs(30));
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        assert_eq!(text(&world.server, "SELECT link FROM source_archives").await, "alive");
    }
    hurry(&world.server, "link").await;
    wait_for(&world.server, "SELECT count(*) FROM source_archives WHERE link_reason = 'failing'").await;

    let other = cite(&world, &checker, &site.url("/other")).await;
    settled(&checker, &other).await;
    site.put("/other", Answer::status(301).with("location", "/"));
    site.put(
        "/",
        Answer::new(
            "text/html",
            "<!doctype html><title>Front</title><p>Welcome to the front page of it all.",
        ),
    );
    hurry(&world.server, "link").await;
    wait_for(&world.server, "SELECT count(*) FROM source_archives WHERE link_reason = 'front_page'").await;
}

#[actix_web::test]
async fn a_copy_is_given_by_hand_for_what_nobody_may_fetch() {
    let site = Stranger::start();
    let world = world(&site).await;
    let checker = world.server.sign_in(Role::FactChecker).await;
    taken(&checker.post_form(&world.path("evidence"), &[("title", "A letter from the office")]).await);
    let source = text(&world.server, "SELECT '/demo/sources/' || id FROM sources").await;
    let page = checker.get(&source).await;
    assert!(page.one("#part-copies .hint").contains("nothing to fetch"), "{}", page.text);
    assert!(!page.has(&format!("form[action='{source}/archive']")));

    let give = async |name: &str, bytes: Vec<u8>| {
        let form = Form::new().text("csrf", checker.csrf());
        let form = form.part("file", Part::bytes(bytes).file_name(name.to_owned()));
        let path = format!("{source}/copies");
        Page::of(checker.request(Method::POST, &path).header("accept", "text/html").multipart(form)).await
    };
    let refused = give("nothing.txt", Vec::new()).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let refused = give("huge.txt", vec![b'a'; 20_000_001]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    // What it is called plays no part.
    taken(&give("letter.txt", pdf(&["The letter is long."])).await);

    let page = checker.get(&source).await;
    assert!(page.one("#part-copies .copies .meta").contains("given by"), "{}", page.text);
    let read =
        "SELECT c.media_type || ' ' || c.body || ' ' || a.link FROM source_copies c JOIN source_archives a
                ON a.desk_id = c.desk_id AND a.copy_id = c.id";
    assert_eq!(text(&world.server, read).await, "application/pdf The letter is long. unknown");
}

#[actix_web::test]
async fn links_are_looked_after_whoever_cited_them() {
    let site = Stranger::start();
    site.put("/report", Answer::new("text/html", REPORT));
    let world = world(&site).await;
    let checker = world.server.sign_in(Role::FactChecker).await;
    let source = cite(&world, &checker, &site.url("/report")).await;
    settled(&checker, &source).await;
    sqlx::query("UPDATE memberships SET roles = '{auditor}' WHERE account_id = $1")
        .bind(world.desk.member(Role::FactChecker))
        .execute(world.server.owner_pool())
        .await
        .unwrap();

    site.put("/report", Answer::status(410));
    hurry(&world.server, "link").await;
    wait_for(&world.server, "SELECT count(*) FROM source_archives WHERE link = 'dead'").await;
    let who = "SELECT actor_kind FROM events WHERE action = 'source.look'";
    assert_eq!(text(&world.server, who).await, "system");
}

#[actix_web::test]
async fn readers_get_the_copy_when_the_desk_gives_it_and_see_that_the_link_is_dead_in_any_case() {
    let site = Stranger::start();
    site.put("/report", Answer::new("text/html", REPORT));
    let world = world(&site).await;
    let checker = world.server.sign_in(Role::FactChecker).await;
    let source = cite(&world, &checker, &site.url("/report")).await;
    let page = settled(&checker, &source).await;
    let file = page.attribute("#part-copies a[download]", "href").unwrap();
    let visitor = world.server.visitor();
    let before = visitor.get(&file).await;
    assert_ne!(before.status, StatusCode::OK);
    world.publish().await;
    assert_eq!(visitor.get(&file).await.status, before.status);
    let claim = format!("/demo/claims/{}", world.claim);
    let page = visitor.get(&claim).await;
    assert_eq!(page.one("ol.evidence .archive-line span"), "archived by the desk", "{}", page.text);

    sqlx::query(
        "INSERT INTO source_settings (desk_id, copies_public, hand_to, reference_style, event_id)
         VALUES ($1, true, '{}', 'apa', $2)",
    )
    .bind(world.desk.id)
    .bind(crate::reviews::event(world.server.owner_pool(), &world.desk).await)
    .execute(world.server.owner_pool())
    .await
    .unwrap();
    site.put("/report", Answer::status(404));
    hurry(&world.server, "link").await;
    wait_for(&world.server, "SELECT count(*) FROM source_archives WHERE link = 'dead'").await;

    let page = visitor.get(&claim).await;
    assert_eq!(page.one("ol.evidence .link-state"), "the link is dead");
    assert!(
        page.attribute("ol.evidence .archive-line a", "href")
            .unwrap()
            .starts_with(&format!("{source}/copies/"))
    );
    let given = visitor.get(&file).await;
    assert_eq!((given.status, given.text.as_str()), (StatusCode::OK, REPORT));
    assert_eq!(given.header("x-robots-tag"), "noindex, noarchive");
    // A confidential one gives nothing away, whatever was kept.
    sqlx::query("UPDATE sources SET access = 'confidential', event_id = $1")
        .bind(crate::reviews::event(world.server.owner_pool(), &world.desk).await)
        .execute(world.server.owner_pool())
        .await
        .unwrap();
    assert_eq!(visitor.get(&file).await.status, before.status);
    assert!(!visitor.get(&claim).await.has("ol.evidence .archive-line"));
}
