//! Sources and evidence over HTTP.

use factdesk::auth::Role;
use factdesk::evidence::store;
use reqwest::{Method, StatusCode};
use serde_json::json;

use crate::harness::{Browser, Page, Server};
use crate::reviews::{World, claim, taken};

async fn bare() -> World {
    let server = Server::start().await;
    let desk = server.desk("demo").await;
    desk.install_scales(server.owner_pool()).await;
    let claim = claim(server.owner_pool(), &desk).await;
    World { server, desk, claim }
}

async fn cite(world: &World, browser: &Browser, fields: &[(&str, &str)]) -> Page {
    browser.post_form(&world.path("evidence"), fields).await
}

/// The address of the page of the claim's first evidence.
async fn first(world: &World, browser: &Browser) -> String {
    let page = browser.get(&world.path("evidence")).await;
    page.attribute("ol.evidence .meta a", "href").expect("something is cited")
}

async fn sources(browser: &Browser) -> Vec<String> {
    browser.get("/demo/sources").await.select("tbody th")
}

#[actix_web::test]
async fn pasted_addresses_become_sources_without_their_tracking() {
    let world = bare().await;
    let checker = world.server.sign_in(Role::FactChecker).await;
    let pasted = "https://stats.example/harbour?utm_source=mail&year=2023\r\nhttps://other.example/";
    taken(&cite(&world, &checker, &[("url", pasted)]).await);
    assert_eq!(
        sources(&checker).await,
        ["https://other.example/", "https://stats.example/harbour?year=2023"]
    );
    let page = checker.get(&world.path("evidence")).await;
    assert_eq!(page.select("ol.evidence .stance"), ["Context", "Context"]);

    let source = page.attribute("ol.evidence cite a", "href").unwrap();
    let page = checker.get(&source).await;
    assert_eq!(page.select("dd code"), ["utm_source"]);
    assert_eq!(page.select(".rows .title"), ["The harbour handled 3.1 million tonnes"]);
}

#[actix_web::test]
async fn the_same_address_is_found_again_and_cited_once() {
    let world = bare().await;
    let checker = world.server.sign_in(Role::FactChecker).await;
    taken(&cite(&world, &checker, &[("url", "https://stats.example/harbour")]).await);
    taken(&cite(&world, &checker, &[("url", "http://stats.example/harbour?fbclid=1#top")]).await);
    assert_eq!(sources(&checker).await.len(), 1);
    assert_eq!(checker.get(&world.path("evidence")).await.select("ol.evidence > li").len(), 1);
    let passage = [("url", "stats.example/harbour"), ("exact", "2,913,400 t"), ("stance", "refutes")];
    taken(&cite(&world, &checker, &passage).await);
    assert_eq!(sources(&checker).await.len(), 1);
    assert_eq!(checker.get(&world.path("evidence")).await.select("ol.evidence > li").len(), 2);
}

#[actix_web::test]
async fn a_source_without_address_is_as_good() {
    let world = bare().await;
    let checker = world.server.sign_in(Role::FactChecker).await;
    let interview =
        [("title", "Interview with the harbour master"), ("exact", "No ship came."), ("stance", "supports")];
    taken(&cite(&world, &checker, &interview).await);
    let page = checker.get(&world.path("evidence")).await;
    assert_eq!(page.one("ol.evidence cite"), "Interview with the harbour master");
    assert_eq!(page.one("ol.evidence blockquote"), "No ship came.");
}

#[actix_web::test]
async fn what_is_no_source_comes_back_as_it_was_typed() {
    let world = bare().await;
    let checker = world.server.sign_in(Role::FactChecker).await;
    let refused = cite(&world, &checker, &[("url", "javascript:alert(1)"), ("note", "Kept.")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.one("title").starts_with("Error:"));
    assert_eq!(refused.one("#evidence-url"), "javascript:alert(1)");
    assert_eq!(refused.one("#evidence-note"), "Kept.");
    assert!(sources(&checker).await.is_empty());
    assert_eq!(cite(&world, &checker, &[]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[actix_web::test]
async fn a_source_is_described_by_hand_and_a_change_can_be_taken_back() {
    let world = bare().await;
    let checker = world.server.sign_in(Role::FactChecker).await;
    let made = checker
        .post_form(
            "/demo/sources",
            &[
                ("url", "https://stats.example/harbour"),
                ("title", "Yearly tables"),
                ("publisher", "Port Authority"),
                ("authors", "A. One\r\nB. Two"),
                ("published", "2024-01"),
                ("class", "primary_data"),
                ("medium", "web_table"),
                ("access", "open"),
                ("description", ""),
            ],
        )
        .await;
    let address = made.location().to_owned();
    let page = checker.follow(&made).await;
    assert!(page.text.contains("Port Authority"));
    assert_eq!(page.select("aside [name=published]").len(), 1);

    taken(
        &checker.post_form(&address, &[("base_title", "Yearly tables"), ("title", "Tables of 2023")]).await,
    );
    let page = checker.get(&address).await;
    assert_eq!(page.one("h1"), "Tables of 2023");
    let event = page.attribute("ol.history [name=event]", "value").unwrap();
    taken(&checker.post_form(&format!("{address}/undo"), &[("event", &event)]).await);
    assert_eq!(checker.get(&address).await.one("h1"), "Yearly tables");

    let editor = world.server.sign_in(Role::Editor).await;
    let stale = editor.post_form(&address, &[("base_title", "Tables of 2023"), ("title", "Mine")]).await;
    assert_eq!(stale.status, StatusCode::CONFLICT);
    assert_eq!(stale.select(".three .text"), ["Mine", "Yearly tables"]);
    let wrong = checker.post_form(&address, &[("base_published", "2024-01"), ("published", "lately")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);

    let other = checker.post_form("/demo/sources", &[("title", "Another")]).await.location().to_owned();
    let double = [("base_url", ""), ("url", "https://stats.example/harbour?utm_id=1")];
    let double = checker.post_form(&other, &double).await;
    assert_eq!(double.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(double.text.contains("another source with this address"));
}

#[actix_web::test]
async fn sources_are_found_by_their_words_and_listed_page_by_page() {
    let world = bare().await;
    let checker = world.server.sign_in(Role::FactChecker).await;
    for part in 0..3 {
        let lines: Vec<String> = (0..20).map(|n| format!("https://s{part}.example/{n}")).collect();
        taken(&cite(&world, &checker, &[("url", &lines.join("\n"))]).await);
    }
    let page = checker.get("/demo/sources").await;
    assert_eq!(page.select("tbody tr").len(), 50);
    let next = page.attribute("[rel=next]", "href").unwrap();
    assert_eq!(checker.get(&format!("/demo/sources{next}")).await.select("tbody tr").len(), 10);
    let found = checker.get("/demo/sources?q=S2.EXAMPLE%2F7").await;
    assert_eq!(found.select("tbody th"), ["https://s2.example/7"]);
    assert!(checker.get("/demo/sources?q=%25").await.has(".empty"));
}

#[actix_web::test]
async fn evidence_is_edited_removed_and_restored() {
    let world = bare().await;
    let checker = world.server.sign_in(Role::FactChecker).await;
    taken(&cite(&world, &checker, &[("url", "https://stats.example/harbour")]).await);
    let address = first(&world, &checker).await;
    let change =
        [("base_stance", "context"), ("stance", "refutes"), ("base_locator", ""), ("locator", "page 12")];
    taken(&checker.post_form(&address, &change).await);
    let page = checker.get(&address).await;
    assert_eq!(page.one("ol.evidence .stance"), "Refutes");
    let event = page.attribute("ol.history [name=event]", "value").unwrap();
    taken(&checker.post_form(&format!("{address}/undo"), &[("event", &event)]).await);
    assert_eq!(checker.get(&address).await.one("ol.evidence .stance"), "Context");

    taken(&checker.post_form(&format!("{address}/removal"), &[]).await);
    let page = checker.get(&world.path("evidence")).await;
    assert!(!page.has("ol.evidence") && page.has("details form"));
    let again = checker.post_form(&format!("{address}/removal"), &[]).await;
    assert_eq!(again.status, StatusCode::CONFLICT);
    taken(&checker.post_form(&format!("{address}/restoration"), &[]).await);
    assert!(checker.get(&world.path("evidence")).await.has("ol.evidence"));
}

#[actix_web::test]
async fn what_is_cited_stands_still_in_review_and_once_it_is_public() {
    let world = World::new().await;
    let checker = world.server.sign_in(Role::FactChecker).await;
    let editor = world.server.sign_in(Role::Editor).await;
    let address = first(&world, &checker).await;
    taken(&world.draft(&checker).await);
    taken(&world.post(&checker, "review-request").await);
    assert_eq!(checker.post_form(&format!("{address}/removal"), &[]).await.status, StatusCode::CONFLICT);
    taken(&world.post(&checker, "review-withdrawal").await);
    taken(&world.post(&checker, "review-request").await);
    let reviewer = world.server.sign_in(Role::Reviewer).await;
    taken(&world.assess(&reviewer, "approve", "").await);
    taken(&world.post(&editor, "publication").await);

    let edit = [("base_stance", "refutes"), ("stance", "supports")];
    assert_eq!(checker.post_form(&address, &edit).await.status, StatusCode::CONFLICT);
    taken(&editor.post_form(&world.path("corrections"), &[("kind", "minor")]).await);
    taken(&checker.post_form(&address, &edit).await);
    let last = checker.post_form(&format!("{address}/removal"), &[]).await;
    assert_eq!(last.status, StatusCode::CONFLICT);
    assert!(last.text.contains("last evidence of a published verdict"));
    taken(&cite(&world, &checker, &[("url", "https://new.example/")]).await);
    taken(&checker.post_form(&format!("{address}/removal"), &[]).await);
}

#[actix_web::test]
async fn of_a_confidential_source_readers_learn_that_there_is_one() {
    let world = bare().await;
    let checker = world.server.sign_in(Role::FactChecker).await;
    let secret = checker
        .post_form(
            "/demo/sources",
            &[("title", "A clerk"), ("class", "eyewitness"), ("access", "confidential")],
        )
        .await;
    let id = secret.location().rsplit('/').next().unwrap().to_owned();
    let fields = [
        ("source", id.as_str()),
        ("exact", "The books were changed."),
        ("note", "Met twice."),
        ("stance", "refutes"),
    ];
    taken(&cite(&world, &checker, &fields).await);
    taken(&cite(&world, &checker, &[("url", "https://open.example/")]).await);

    let conn = &mut *world.server.app_pool().acquire().await.unwrap();
    let shown = store::public(conn, world.desk.id, &[world.claim]).await.unwrap();
    assert_eq!(shown.len(), 2);
    assert!(shown[0].source.is_none() && shown[0].exact.is_none() && shown[0].note.is_empty());
    assert_eq!(shown[0].class.map(factdesk::evidence::SourceClass::as_str), Some("eyewitness"));
    assert_eq!(shown[1].source.as_ref().unwrap().name(), "https://open.example/");
    assert!(checker.get(&world.path("evidence")).await.text.contains("The books were changed."));
}

#[actix_web::test]
async fn annotators_admins_and_strangers_add_no_evidence() {
    let world = bare().await;
    for role in [Role::Annotator, Role::Admin, Role::Auditor] {
        let browser = world.server.sign_in(role).await;
        assert_eq!(
            cite(&world, &browser, &[("url", "https://a.example/")]).await.status,
            StatusCode::FORBIDDEN
        );
        let page = browser.get(&world.path("evidence")).await;
        assert_eq!(page.status, StatusCode::OK);
        assert!(!page.has("main form"));
    }
    let stranger = world.server.sign_in_at("other", Role::Editor).await;
    assert_eq!(cite(&world, &stranger, &[("url", "https://a.example/")]).await.status, StatusCode::NOT_FOUND);
    let theirs = stranger.post_form("/other/sources", &[("title", "Theirs")]).await;
    let id = theirs.location().rsplit('/').next().unwrap().to_owned();
    let checker = world.server.sign_in(Role::FactChecker).await;
    assert_eq!(cite(&world, &checker, &[("source", &id)]).await.status, StatusCode::NOT_FOUND);
    assert_eq!(checker.get(&format!("/demo/sources/{id}")).await.status, StatusCode::NOT_FOUND);
}

#[actix_web::test]
async fn programs_cite_too() {
    let world = bare().await;
    let checker = world.server.sign_in(Role::FactChecker).await;
    let path = format!("/api/v1/desks/demo/claims/{}/evidence", world.claim);
    let body = json!({"url": "https://stats.example/?utm_source=x", "stance": "refutes", "exact": "2.9"});
    let added = checker.json(Method::POST, &path, &body).await;
    assert_eq!(added.status, StatusCode::CREATED, "{}", added.text);
    assert_eq!(added.json()["cut"], json!(["utm_source"]));
    let listed = checker.get(&path).await.json();
    assert_eq!(listed["evidence"][0]["source"]["url"], "https://stats.example/");
    assert_eq!(listed["evidence"][0]["stance"], "refutes");
    let sources = checker.get("/api/v1/desks/demo/sources").await.json();
    assert_eq!(sources["sources"][0]["claims"], 1);
    let wrong = checker.json(Method::POST, &path, &json!({"stance": "refutes"})).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[actix_web::test]
async fn two_who_cite_the_same_new_address_at_once_make_one_source() {
    let world = bare().await;
    let checker = world.server.sign_in(Role::FactChecker).await;
    let editor = world.server.sign_in(Role::Editor).await;
    let fields = [("url", "https://stats.example/harbour")];
    let (one, other) = tokio::join!(cite(&world, &checker, &fields), cite(&world, &editor, &fields));
    taken(&one);
    taken(&other);
    assert_eq!(sources(&checker).await.len(), 1);
}
