//! What readers see: published claims, what became of them, and nothing else.

use factdesk::auth::Role;
use factdesk::policies::Rules;
use reqwest::{Method, StatusCode};

use crate::harness::{Page, Server};
use crate::published::{self, ALONE, DRAFT, DUPLICATE, HOSTILE, PUBLISHED, RETRACTED, SECRETS};
use crate::reviews::{World, taken};

fn page_of(claim: &str) -> String {
    format!("/demo/claims/{claim}")
}

/// Every public page of that desk.
fn pages() -> Vec<String> {
    let fixed = ["", "/method", "/corrections", "/exports", "/feed.atom", "/corrections.atom"];
    let claims = [PUBLISHED, ALONE, RETRACTED, HOSTILE].map(page_of);
    let verdicts = [1, 2].map(|number| format!("{}/verdicts/{number}", page_of(PUBLISHED)));
    fixed.map(|path| format!("/demo{path}")).into_iter().chain(claims).chain(verdicts).collect()
}

#[actix_web::test]
async fn the_front_shows_what_was_published_last_and_leads_on() {
    let (server, _) = published::server().await;
    let page = server.visitor().get("/demo").await;
    assert_eq!(page.one("h1"), "The demo desk");
    let titles = page.select(".cards .title");
    assert_eq!(titles.len(), 3);
    assert_eq!(titles[0], "Riverton water bills have doubled since 2021");
    assert_eq!(page.select(".cards .badge"), ["Mostly false", "False", "Misleading"]);
    assert!(page.has("form[role=search] input[name=q]"));
    assert_eq!(page.select(".tabs li"), ["water 2", "public money 1"]);
    assert!(page.has("link[rel=alternate][type='application/atom+xml']"));
    for link in &page.document().select("main a") {
        let address = link.attr("href").unwrap().to_string();
        assert_eq!(server.visitor().get(&address).await.status, StatusCode::OK, "{address}");
    }
}

#[actix_web::test]
async fn a_published_claim_is_told_from_the_verdict_to_the_sources() {
    let (server, _) = published::server().await;
    let page = server.visitor().get(&page_of(PUBLISHED)).await;
    assert_eq!(page.status, StatusCode::OK);
    assert_eq!(page.one("h1"), "Riverton water bills have doubled since 2021");
    assert_eq!(page.one(".verdict .word"), "Mostly false");
    assert_eq!(page.one(".verdict .line"), "They rose by 31 %.");
    let facts = page.one(".verdict .meta");
    for part in ["As of 1 October 2026", "Published 5 October 2026", "Decided by two people", "How we rate"] {
        assert!(facts.contains(part), "{facts}");
    }
    assert_eq!(page.attribute(".verdict", "class").unwrap(), "verdict v-false c-orange");
    assert_eq!(page.select("[aria-labelledby=why] p"), ["First.", "Second."]);

    assert_eq!(page.select(".appearance").len(), 4, "and where its double was made");
    assert!(page.select(".appearance")[0].contains("“Our water bills have doubled since 2021,” she said."));
    assert_eq!(page.select(".appearance mark")[0], "Our water bills have doubled since 2021");
    assert!(page.select(".appearance .meta")[0].contains("Dana Whitlock (Riverton councillor) asserts it"));
    let article = page.attribute(".appearance p a[href*=versions]", "href").unwrap();
    let reading = server.visitor().get(article.split('#').next().unwrap()).await;
    assert_eq!(reading.status, StatusCode::OK, "{article}");
    let reference = format!("#{}", article.split('#').nth(1).unwrap());
    assert!(reading.attribute(&reference, "href").unwrap().ends_with(PUBLISHED), "{article}");

    assert_eq!(page.select("ol.evidence > li").len(), 1);
    assert_eq!(page.one(".stance"), "Refutes");
    let source = page.attribute(".evidence cite a", "href").unwrap();
    assert_eq!(source, "https://stats.example.org/water#:~:text=412%20in%202021%2C%20540%20in%202026");
    assert!(page.text.contains("One more source is confidential and is not named."));

    assert!(page.one("aside.correction").contains("Bills did rise, though by less."));
    assert_eq!(page.select("ol.history > li").len(), 3, "two verdicts and the correction between them");
}

#[actix_web::test]
async fn machines_find_what_a_claims_page_is() {
    let (server, _) = published::server().await;
    let page = server.visitor().get(&page_of(PUBLISHED)).await;
    let address = server.url(&page_of(PUBLISHED));
    assert_eq!(page.attribute("link[rel=canonical]", "href").unwrap(), address);
    for (property, content) in [
        ("og:type", "article"),
        ("og:title", "Riverton water bills have doubled since 2021"),
        ("og:description", "Mostly false: They rose by 31 %."),
        ("og:url", &address),
        ("article:published_time", "2026-10-02T09:00:00Z"),
        ("article:modified_time", "2026-10-05T12:00:00Z"),
    ] {
        let selector = format!("meta[property='{property}']");
        assert_eq!(page.attribute(&selector, "content").as_deref(), Some(content), "{property}");
    }
    let links: Vec<_> =
        page.headers.get_all("link").iter().map(|link| link.to_str().unwrap().to_owned()).collect();
    for link in [
        format!("<{address}>; rel=\"cite-as\""),
        format!("<{address}.jsonld>; rel=\"describedby\"; type=\"application/ld+json\""),
        format!("<{}>; rel=\"author\"", server.url("/demo")),
        "<https://schema.org/ClaimReview>; rel=\"type\"".to_owned(),
    ] {
        assert!(links.contains(&link), "{link} is not among {links:?}");
    }
}

#[actix_web::test]
async fn readers_see_nothing_that_is_not_public() {
    let (server, _) = published::server().await;
    let visitor = server.visitor();
    for path in pages() {
        let page = visitor.get(&path).await;
        assert_eq!(page.status, StatusCode::OK, "{path}");
        for secret in SECRETS {
            assert!(!page.text.contains(secret), "{path} tells {secret}");
        }
    }
    for claim in [DRAFT, DUPLICATE] {
        assert_eq!(visitor.get(&page_of(claim)).await.status, StatusCode::NOT_FOUND);
        let verdict = visitor.get(&format!("{}/verdicts/1", page_of(claim))).await;
        assert_eq!(verdict.status, StatusCode::NOT_FOUND);
    }
    assert_eq!(
        visitor.get(&format!("{}/verdicts/3", page_of(PUBLISHED))).await.status,
        StatusCode::NOT_FOUND
    );
    server.desk("other").await;
    assert_eq!(visitor.get(&format!("/other/claims/{PUBLISHED}")).await.status, StatusCode::NOT_FOUND);
    let member = server.sign_in(Role::Editor).await;
    let as_reader = member.get(&format!("{}?as=reader", page_of(PUBLISHED))).await;
    assert_eq!(as_reader.one(".verdict .word"), "Mostly false");
}

#[actix_web::test]
async fn what_people_wrote_cannot_become_markup() {
    let (server, _) = published::server().await;
    for path in [page_of(HOSTILE), "/demo".to_owned(), "/demo/feed.atom".to_owned()] {
        let page = server.visitor().get(&path).await;
        assert!(!page.text.contains("<script>alert"), "{path}");
    }
    let page = server.visitor().get(&page_of(HOSTILE)).await;
    assert_eq!(page.one("h1"), "=1+1 </script><script>alert(1)</script> & \"so on\"");
    assert_eq!(page.document().select("script:not([src])").iter().count(), 1);
}

#[actix_web::test]
async fn a_retraction_leaves_a_page_that_says_so() {
    let (server, _) = published::server().await;
    let page = server.visitor().get(&page_of(RETRACTED)).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.one(".tombstone").contains("We mixed up two bridges."));
    assert!(!page.has(".verdict") && !page.text.contains("application/ld+json"));
    let old = server.visitor().get(&format!("{}/verdicts/1", page_of(RETRACTED))).await;
    assert!(old.one(".notice").contains("no longer counts"));
    assert_eq!(old.one(".verdict .line"), "It was open.");
}

#[actix_web::test]
async fn older_verdicts_stay_readable_and_say_that_they_are_old() {
    let (server, _) = published::server().await;
    let visitor = server.visitor();
    let old = visitor.get(&format!("{}/verdicts/1", page_of(PUBLISHED))).await;
    assert!(old.one(".notice").contains("Bills did rise, though by less."));
    assert_eq!(old.one(".verdict .word"), "False");
    let current = visitor.get(&format!("{}/verdicts/2", page_of(PUBLISHED))).await;
    assert!(current.one(".notice").contains("This is the verdict that counts."));
}

#[actix_web::test]
async fn corrections_are_listed_and_can_be_followed() {
    let (server, _) = published::server().await;
    let page = server.visitor().get("/demo/corrections").await;
    let rows = page.select(".rows > li");
    assert_eq!(rows.len(), 2);
    assert!(rows[0].contains("Retraction") && rows[0].contains("The bridge is closed"), "{rows:?}");
    assert!(rows[1].contains("False became Mostly false"), "{rows:?}");
    let feed = server.visitor().get("/demo/corrections.atom").await;
    assert_eq!(feed.header("content-type"), "application/atom+xml; charset=utf-8");
    assert_eq!(feed.text.matches("<entry>").count(), 2);
    let feed = server.visitor().get("/demo/feed.atom").await;
    assert_eq!(feed.text.matches("<entry>").count(), 4);
    assert!(feed.text.contains("<title>Retracted: The bridge is closed</title>"));
    assert!(feed.text.contains("<updated>2026-10-06T12:00:00Z</updated>"), "of the last correction");
}

#[actix_web::test]
async fn how_we_rate_explains_the_scale_the_way_and_the_roles() {
    let (server, desk) = published::server().await;
    let page = server.visitor().get("/demo/method").await;
    assert_eq!(page.one("h1"), "How we rate");
    assert!(page.select("[aria-labelledby=scale] .badge").contains(&"Unsubstantiated".to_owned()));
    assert!(page.text.contains("A second person, who has not written a word"));
    assert!(page.select("table thead th").contains(&"Auditor".to_owned()));
    desk.adopt(server.owner_pool(), &Rules::alone()).await;
    for path in ["/demo", "/demo/method", "/demo/exports", "/demo/feed.atom"] {
        let page = server.visitor().get(path).await;
        assert!(page.text.contains("may decide and publish alone"), "{path}");
    }
    let alone = server.visitor().get(&page_of(ALONE)).await;
    assert!(alone.one(".verdict .meta").contains("Decided by one person alone"));
    assert!(alone.text.contains("Nothing could be cited: We asked everybody."));
}

#[actix_web::test]
async fn caches_keep_public_pages_for_readers_only() {
    let (server, desk) = published::server().await;
    let visitor = server.visitor();
    let member = server.sign_in(Role::Editor).await;
    for path in pages() {
        let page = visitor.get(&path).await;
        if path == "/demo/exports" {
            continue;
        }
        assert_eq!(page.header("cache-control"), "public, max-age=60, stale-while-revalidate=600", "{path}");
        let etag = page.header("etag").to_owned();
        let ask = |etag: &str| {
            visitor
                .request(Method::GET, &path)
                .header("accept", "text/html")
                .header("if-none-match", etag.to_owned())
        };
        let again = Page::of(ask(&etag)).await;
        assert_eq!((again.status, again.text.as_str()), (StatusCode::NOT_MODIFIED, ""), "{path}");
        let is_feed = path.rsplit('.').next() == Some("atom");
        if !is_feed {
            assert!(page.header("vary").contains("Cookie"), "{path}");
            let own = Page::of(
                member
                    .request(Method::GET, &path)
                    .header("accept", "text/html")
                    .header("if-none-match", &etag),
            )
            .await;
            assert_eq!((own.status, own.header("cache-control")), (StatusCode::OK, "no-store"), "{path}");
        }
        published::change(&server, &desk).await;
        assert_eq!(Page::of(ask(&etag)).await.status, StatusCode::OK, "{path}");
    }
}

#[actix_web::test]
async fn a_claim_goes_public_is_corrected_and_retracted() {
    let world = World::new().await;
    let (server, path) = (&world.server, format!("/demo/claims/{}", world.claim));
    let visitor = server.visitor();
    assert_eq!(visitor.get(&path).await.status, StatusCode::NOT_FOUND);
    world.publish().await;
    assert_eq!(visitor.get(&path).await.one(".verdict .word"), "False");

    let editor = server.sign_in(Role::Editor).await;
    let reviewer = server.sign_in(Role::Reviewer).await;
    let words = [("kind", "update"), ("public_note", "New tables came out.")];
    taken(&editor.post_form(&world.path("corrections"), &words).await);
    taken(&world.change(&editor, "rating", "false", "mostly_false").await);
    taken(&world.post(&editor, "review-request").await);
    taken(&world.assess(&reviewer, "approve", "").await);
    assert_eq!(visitor.get(&path).await.one(".verdict .word"), "False", "until the correction is published");
    taken(&world.post(&editor, "publication").await);
    let page = visitor.get(&path).await;
    assert_eq!(page.one(".verdict .word"), "Mostly false");
    assert!(page.one("aside.correction").contains("New tables came out."));

    taken(
        &editor.post_form(&world.path("retraction"), &[("public_note", "Two harbours were mixed up.")]).await,
    );
    taken(&world.assess(&reviewer, "approve", "").await);
    taken(&world.post(&editor, "publication").await);
    let page = visitor.get(&path).await;
    assert!(page.one(".tombstone").contains("Two harbours were mixed up."));
    assert_eq!(rows(server).await, 0);
}

/// How many reviews the feed has.
async fn rows(server: &Server) -> usize {
    let feed = Page::of(server.visitor().request(Method::GET, "/demo/export/claimreview")).await.json();
    feed["dataFeedElement"].as_array().unwrap().len()
}
