//! Sources: what is found out about them, doubles, warnings, the list, the desk's decisions.

use factdesk::auth::permission::CiteEvidence;
use factdesk::auth::{Authorized, Role, acting};
use factdesk::db::unit_of_work;
use factdesk::evidence::Access;
use factdesk::evidence::sources::{Page as Copy, store};
use factdesk::id::SourceId;
use factdesk::text::address::SafeUrl;
use factdesk::text::import::from_html;
use reqwest::{Method, StatusCode};
use serde_json::json;
use sqlx::types::time::OffsetDateTime;

use crate::harness::{Browser, Server};
use crate::reviews::{World, claim, taken};

const NEWS: &str = r#"<html lang="en"><head><title>Ships of the year | The Post</title>
    <link rel="canonical" href="https://post.example/ships">
    <script type="application/ld+json">{"@type":"NewsArticle","headline":"Ships of the year",
        "author":[{"name":"Nora Field"}],"publisher":{"name":"The Post"},"datePublished":"2026-01-31"}</script>
    </head><body><article><p>Nine ships came to the harbour last year, which is one more than before.</p></article></body></html>"#;

async fn world() -> World {
    let server = Server::start().await;
    let desk = server.desk("demo").await;
    desk.install_scales(server.owner_pool()).await;
    let claim = claim(server.owner_pool(), &desk).await;
    World { server, desk, claim }
}

async fn cites(world: &World) -> Authorized<CiteEvidence> {
    let account = world.desk.member(Role::FactChecker);
    let now = OffsetDateTime::now_utc();
    acting(world.server.app_pool(), world.desk.id, account, now).await.unwrap().authorize().unwrap()
}

/// Adds a source by its form; gives the path of its page.
async fn add(browser: &Browser, fields: &[(&str, &str)]) -> String {
    let made = browser.post_form("/demo/sources", fields).await;
    assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.text);
    made.location().to_owned()
}

fn id(path: &str) -> SourceId {
    path.rsplit('/').next().unwrap().parse().unwrap()
}

/// Takes in what a copy of a source says, as it was found at an address.
async fn came(world: &World, source: &str, html: &str, ended: &str) {
    let by = cites(world).await;
    let address = SafeUrl::parse(ended).unwrap();
    let found = from_html(html, Some(&address)).unwrap().found;
    let source = id(source);
    unit_of_work(world.server.app_pool(), async move |tx| {
        let copy = Copy { found: &found, final_address: Some(&address), media_type: "text/html" };
        store::describe(tx, &by, source, copy).await
    })
    .await
    .unwrap();
}

/// The value that a page of a source shows beside a label.
fn shown(page: &crate::harness::Page, label: &str) -> String {
    let labels = page.select("dl.pairs dt");
    let at = labels.iter().position(|text| text == label).unwrap_or_else(|| panic!("{label} in {labels:?}"));
    page.select("dl.pairs dd")[at].clone()
}

#[actix_web::test]
async fn a_copy_fills_what_nobody_gave_and_each_field_says_where_it_was_found() {
    let world = world().await;
    let checker = world.server.sign_in(Role::FactChecker).await;
    let source = add(&checker, &[("url", "https://post.example/ships?page=1"), ("title", "My title")]).await;
    came(&world, &source, NEWS, "https://post.example/ships?page=1").await;

    let page = checker.get(&source).await;
    assert_eq!(page.one("h1"), "My title");
    assert_eq!(shown(&page, "Authors"), "Nora Field from the page’s JSON-LD");
    assert_eq!(shown(&page, "Publisher"), "The Post from the page’s JSON-LD");
    assert_eq!(shown(&page, "Date"), "31 January 2026 from the page’s JSON-LD");
    assert_eq!(shown(&page, "Language"), "en from the page itself");
    assert_eq!(shown(&page, "Class"), "News report from the page’s JSON-LD");
    assert_eq!(shown(&page, "Medium"), "web page from what the server said");
    assert_eq!(shown(&page, "Its own address"), "https://post.example/ships from the page itself");
    assert_eq!(shown(&page, "Title"), "My title");
    // What a person gave stays, and what the page says is offered.
    assert!(page.text.contains("“Ships of the year”"));
    taken(&checker.post_form(&format!("{source}/finding"), &[("field", "title")]).await);
    let page = checker.get(&source).await;
    assert_eq!(shown(&page, "Title"), "Ships of the year from the page’s JSON-LD");
    assert!(!page.has("#otherwise"));

    // An edit makes the value the person's, and the next copy leaves it alone.
    let edit = [("base_authors", "Nora Field"), ("authors", "Nora Field\r\nBen Low")];
    taken(&checker.post_form(&source, &edit).await);
    came(&world, &source, NEWS, "https://post.example/ships?page=1").await;
    let page = checker.get(&source).await;
    assert_eq!(shown(&page, "Authors"), "Nora Field; Ben Low");
    // And what the machine filled in can be taken back as well.
    let later = NEWS.replace("2026-01-31", "2026-02-01");
    came(&world, &source, &later, "https://post.example/ships?page=1").await;
    let page = checker.get(&source).await;
    assert_eq!(shown(&page, "Date"), "1 February 2026 from the page’s JSON-LD");
    let event = page.attribute("ol.history [name=event]", "value").unwrap();
    taken(&checker.post_form(&format!("{source}/undo"), &[("event", &event)]).await);
    assert_eq!(shown(&checker.get(&source).await, "Date"), "31 January 2026");
}

#[actix_web::test]
async fn what_a_copy_says_of_a_confidential_source_is_not_taken() {
    let world = world().await;
    let checker = world.server.sign_in(Role::FactChecker).await;
    let source = add(&checker, &[("title", "A clerk"), ("access", "confidential")]).await;
    came(&world, &source, NEWS, "https://post.example/ships").await;
    assert!(!checker.get(&source).await.text.contains("Nora Field"));
}

#[actix_web::test]
async fn numbers_of_documents_are_recognised_and_found_again() {
    let world = world().await;
    let checker = world.server.sign_in(Role::FactChecker).await;
    let cite = |text: &'static str| {
        let (checker, path) = (&checker, world.path("evidence"));
        async move { checker.post_form(&path, &[("url", text)]).await }
    };
    taken(&cite("doi:10.1000/ABC.7\r\nISBN 0-306-40615-2\r\nhttps://a.example/1 https://b.example/2").await);
    let list = checker.get("/demo/sources").await;
    let titles = list.select("tbody th");
    assert_eq!(
        titles,
        ["https://b.example/2", "https://a.example/1", "ISBN 9780306406157", "https://doi.org/10.1000/abc.7"]
    );
    // In another spelling they are the same.
    taken(&cite("https://dx.doi.org/10.1000/abc.7\r\n978-0-306-40615-7").await);
    assert_eq!(checker.get("/demo/sources").await.select("tbody th").len(), 4);
    let found = checker.get("/demo/sources?q=10.1000%2Fabc").await;
    let page = checker.get(&found.attribute("tbody th a", "href").unwrap()).await;
    assert_eq!(shown(&page, "DOI"), "10.1000/abc.7");
    let wrong = cite("978-0-306-40615-8").await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[actix_web::test]
async fn two_addresses_that_lead_to_one_page_are_one_source() {
    let world = world().await;
    let checker = world.server.sign_in(Role::FactChecker).await;
    let first = add(&checker, &[("url", "https://post.example/ships")]).await;
    let short = add(&checker, &[("url", "https://short.example/x")]).await;
    let text = [("url", "https://short.example/x"), ("exact", "Nine ships came"), ("stance", "supports")];
    taken(&checker.post_form(&world.path("evidence"), &text).await);
    came(&world, &first, NEWS, "https://post.example/ships").await;
    came(&world, &short, NEWS, "https://post.example/ships").await;

    // The claim cites the one that stands for both, and so does everything else.
    let cited = checker.get(&world.path("evidence")).await;
    assert_eq!(cited.attribute("ol.evidence cite a", "href").unwrap(), first);
    assert_eq!(checker.get("/demo/sources").await.select("tbody tr").len(), 1);
    let page = checker.get(&first).await;
    assert_eq!(page.select(".rows .title"), ["The harbour handled 3.1 million tonnes"]);
    assert_eq!(shown(&page, "Also at"), "https://short.example/x");
    // Pasting either finds it.
    taken(&checker.post_form(&world.path("evidence"), &[("url", "https://short.example/x")]).await);
    let cited = checker.get(&world.path("evidence")).await;
    assert!(cited.select("ol.evidence cite").iter().all(|title| title == "Ships of the year"));
    // The page of the double says so.
    let double = checker.get(&short).await;
    assert!(double.text.contains("This is the same document as"));
    assert!(!double.has("aside form"));

    // It can be taken back, and then it stays so.
    taken(&checker.post_form(&format!("{short}/separation"), &[]).await);
    came(&world, &short, NEWS, "https://post.example/ships").await;
    assert_eq!(checker.get("/demo/sources").await.select("tbody tr").len(), 2);
    let cited = checker.get(&world.path("evidence")).await;
    assert_eq!(cited.attribute("ol.evidence li:first-child cite a", "href").unwrap(), short);
    let by = cites(&world).await;
    let again =
        unit_of_work(world.server.app_pool(), async move |tx| store::part(tx, &by, id(&short)).await).await;
    assert!(again.is_err(), "it is parted already");
}

#[actix_web::test]
async fn the_same_doi_is_the_same_source() {
    let world = world().await;
    let checker = world.server.sign_in(Role::FactChecker).await;
    let journal = r#"<title>Tides</title><meta name="citation_doi" content="10.1000/Tides">
        <meta name="citation_journal_title" content="Seas"><p>The tides are higher than they were before.</p>"#;
    let one = add(&checker, &[("url", "https://journal.example/7")]).await;
    let other = add(&checker, &[("url", "https://mirror.example/tides")]).await;
    came(&world, &one, journal, "https://journal.example/7").await;
    came(&world, &other, journal, "https://mirror.example/tides").await;
    assert_eq!(checker.get("/demo/sources").await.select("tbody tr").len(), 1);
    let page = checker.get(&one).await;
    assert_eq!(shown(&page, "DOI"), "10.1000/tides from the page’s meta tags");
    assert_eq!(shown(&page, "Class"), "Peer-reviewed work from the page’s meta tags");
    assert_eq!(page.select("section[aria-labelledby=merged] li").len(), 1);
}

#[actix_web::test]
async fn a_page_that_only_names_another_as_its_own_address_is_suggested() {
    let world = world().await;
    let checker = world.server.sign_in(Role::FactChecker).await;
    let one = add(&checker, &[("url", "https://post.example/ships")]).await;
    let other = add(&checker, &[("url", "https://post.example/amp/ships")]).await;
    came(&world, &other, NEWS, "https://post.example/amp/ships").await;

    let list = checker.get("/demo/sources?only=doubles").await;
    assert_eq!(list.select("tbody tr").len(), 2);
    assert!(list.select(".tabs a").contains(&"perhaps double 2".to_owned()));
    let page = checker.get(&one).await;
    assert!(page.text.contains("may be the same document"));
    taken(&checker.post_form(&format!("{one}/distinction"), &[("other", &id(&other).to_string())]).await);
    assert!(!checker.get(&other).await.text.contains("may be the same document"));
    // What was decided is not asked again.
    came(&world, &other, &NEWS.replace("Nora Field", "Ben Low"), "https://post.example/amp/ships").await;
    assert!(!checker.get(&one).await.text.contains("may be the same document"));

    // By hand they are merged all the same, by the address of the other's page or of the document.
    let nowhere = checker.post_form(&format!("{other}/merger"), &[("into", "https://no.example/")]).await;
    assert_eq!(nowhere.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(nowhere.attribute("#merge-into", "value").unwrap(), "https://no.example/");
    let itself = checker.post_form(&format!("{other}/merger"), &[("into", &other)]).await;
    assert_eq!(itself.status, StatusCode::UNPROCESSABLE_ENTITY);
    taken(
        &checker
            .post_form(&format!("{other}/merger"), &[("into", "http://post.example/ships?utm_source=x")])
            .await,
    );
    assert_eq!(checker.get("/demo/sources").await.select("tbody tr").len(), 1);
    // A third one takes both with it, and parting gives the second one back to the first.
    let third = add(&checker, &[("title", "The printed paper")]).await;
    taken(&checker.post_form(&format!("{one}/merger"), &[("into", &third)]).await);
    assert_eq!(checker.get(&third).await.select("section[aria-labelledby=merged] li").len(), 2);
    let early = checker.post_form(&format!("{other}/separation"), &[]).await;
    assert_eq!(early.status, StatusCode::CONFLICT);
    taken(&checker.post_form(&format!("{one}/separation"), &[]).await);
    assert_eq!(checker.get(&one).await.select("section[aria-labelledby=merged] li").len(), 1);
}

#[actix_web::test]
async fn pages_that_are_gone_and_lead_to_one_another_place_are_not_one_source() {
    let world = world().await;
    let checker = world.server.sign_in(Role::FactChecker).await;
    let sorry = "<title>Sorry</title><p>The page that you look for is not here any more, sadly.</p>";
    for (address, ended) in
        [("https://old.example/1", "https://old.example/"), ("https://old.example/2", "https://old.example/")]
    {
        let source = add(&checker, &[("url", address)]).await;
        came(&world, &source, sorry, ended).await;
    }
    for address in ["https://old.example/3", "https://old.example/4"] {
        let source = add(&checker, &[("url", address)]).await;
        came(&world, &source, sorry, "https://old.example/sorry").await;
    }
    assert_eq!(checker.get("/demo/sources").await.select("tbody tr").len(), 4);
}

#[actix_web::test]
async fn sources_of_a_warned_domain_carry_the_warning() {
    let world = world().await;
    let checker = world.server.sign_in(Role::FactChecker).await;
    let domains = "/demo/sources/domains";
    let wrong = checker.post_form(domains, &[("domain", "nonsense"), ("reason", "Kept.")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(wrong.attribute("#reason", "value").unwrap(), "Kept.");
    let warning = [("domain", "https://www.rumours.example/about"), ("reason", "It makes its numbers up.")];
    taken(&checker.post_form(domains, &warning).await);
    taken(&checker.post_form(&world.path("evidence"), &[("url", "https://news.rumours.example/7")]).await);
    taken(&checker.post_form(&world.path("evidence"), &[("url", "https://notrumours.example/7")]).await);

    let cited = checker.get(&world.path("evidence")).await;
    let warnings = cited.select("ol.evidence .notice");
    assert_eq!(warnings, ["The desk warns about this site: It makes its numbers up."]);
    let list = checker.get("/demo/sources?only=warned").await;
    assert_eq!(list.select("tbody th"), ["https://news.rumours.example/7"]);
    let source = list.attribute("tbody th a", "href").unwrap();
    assert!(checker.get(&source).await.text.contains("It makes its numbers up."));

    // The list says once what it holds, and a change is made on what one saw.
    let again = checker.post_form(domains, &[("domain", "rumours.example"), ("reason", "Other.")]).await;
    assert_eq!(again.status, StatusCode::CONFLICT);
    let change = [("domain", "rumours.example"), ("reason", "It invents."), ("row_version", "1")];
    taken(&checker.post_form(domains, &change).await);
    assert_eq!(checker.post_form(domains, &change).await.status, StatusCode::CONFLICT);
    let removal = format!("{domains}/rumours.example/removal");
    assert_eq!(checker.post_form(&removal, &[("row_version", "1")]).await.status, StatusCode::CONFLICT);
    taken(&checker.post_form(&removal, &[("row_version", "2")]).await);
    assert!(!checker.get(&world.path("evidence")).await.has("ol.evidence .notice"));
    taken(&checker.post_form(domains, &warning).await);
    let auditor = world.server.sign_in(Role::Auditor).await;
    let page = auditor.get(domains).await;
    assert_eq!(page.select(".rows .title"), ["rumours.example"]);
    assert!(!page.has("main form"));
}

#[actix_web::test]
async fn sources_are_filtered_by_class_and_words() {
    let world = world().await;
    let checker = world.server.sign_in(Role::FactChecker).await;
    add(&checker, &[("title", "Tables"), ("class", "primary_data")]).await;
    add(&checker, &[("title", "Talk"), ("class", "expert"), ("access", "confidential")]).await;
    let list = checker.get("/demo/sources?class=expert").await;
    assert_eq!(list.select("tbody th"), ["Talk"]);
    assert_eq!(list.select(".tabs a"), ["All", "without a copy 2", "confidential 1"]);
    let link = list.attribute(".tabs li:last-child a", "href").unwrap();
    assert_eq!(link, "?only=confidential&class=expert");
    assert_eq!(checker.get(&format!("/demo/sources{link}")).await.select("tbody th"), ["Talk"]);
    assert!(checker.get("/demo/sources?only=dead").await.has(".empty"));
}

#[actix_web::test]
async fn what_a_desk_decides_about_its_sources_is_kept() {
    let world = world().await;
    let admin = world.server.sign_in(Role::Admin).await;
    let path = "/demo/settings/sources";
    let page = admin.get(path).await;
    assert_eq!(page.attribute("[name=copies_public][checked]", "value").unwrap(), "no");
    assert_eq!(page.attribute("[name=reference_style][checked]", "value").unwrap(), "apa");
    let chosen = [
        ("row_version", "0"),
        ("copies_public", "yes"),
        ("hand_to", "wayback"),
        ("reference_style", "chicago"),
        ("own_style", ""),
    ];
    taken(&admin.post_form(path, &chosen).await);
    let page = admin.get(path).await;
    assert_eq!(page.attribute("[name=copies_public][checked]", "value").unwrap(), "yes");
    assert_eq!(page.attribute("[name=hand_to][checked]", "value").unwrap(), "wayback");
    let stale =
        [("row_version", "0"), ("copies_public", "no"), ("reference_style", "apa"), ("own_style", "")];
    let stale = admin.post_form(path, &stale).await;
    assert_eq!(stale.status, StatusCode::CONFLICT);
    assert!(stale.text.contains("copies for everybody"));
    let mut later = chosen;
    later[0].1 = "1";
    later[3].1 = "own";
    assert_eq!(admin.post_form(path, &later).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    later[3].1 = "apa";
    taken(&admin.post_form(path, &later).await);
    assert!(admin.get("/demo/settings").await.has("a[href='/demo/settings/sources']"));
}

#[actix_web::test]
async fn a_source_is_read_as_json_with_what_was_found() {
    let world = world().await;
    let checker = world.server.sign_in(Role::FactChecker).await;
    let source = add(&checker, &[("url", "https://post.example/ships")]).await;
    came(&world, &source, NEWS, "https://post.example/ships").await;
    let api = format!("/api/v1/desks/demo/sources/{}", id(&source));
    let document = checker.get(&api).await.json();
    assert_eq!(document["title"], "Ships of the year");
    assert_eq!(document["origins"]["title"], "json_ld");
    assert_eq!(document["found"]["authors"], json!({"value": "Nora Field", "origin": "json_ld"}));
    assert_eq!(document["merged_into"], serde_json::Value::Null);

    // A change is made on a version, and makes the value the person's.
    let edit = json!({"row_version": document["row_version"], "title": "Ships", "doi": "10.1000/Ships"});
    let edited = checker.json(Method::PATCH, &api, &edit).await;
    assert_eq!(edited.status, StatusCode::OK, "{}", edited.text);
    let document = edited.json();
    assert_eq!((&document["title"], &document["doi"]), (&json!("Ships"), &json!("10.1000/ships")));
    assert_eq!(document["origins"].get("title"), None);
    let stale = checker.json(Method::PATCH, &api, &edit).await;
    assert_eq!(stale.status, StatusCode::CONFLICT);
    let wrong = json!({"row_version": document["row_version"], "isbn": "978-0-306-40615-8"});
    assert_eq!(checker.json(Method::PATCH, &api, &wrong).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let made = checker
        .json(Method::POST, "/api/v1/desks/demo/sources", &json!({"title": "A letter", "access": "offline"}))
        .await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.text);
    assert_eq!(made.json()["access"], "offline");
}

#[actix_web::test]
async fn of_a_double_that_was_confidential_readers_learn_nothing() {
    let world = world().await;
    let checker = world.server.sign_in(Role::FactChecker).await;
    let secret = add(&checker, &[("title", "A clerk"), ("access", "confidential")]).await;
    let fields = [("source", &*id(&secret).to_string()), ("exact", "The books were changed.")];
    taken(&checker.post_form(&world.path("evidence"), &fields).await);
    let open = add(&checker, &[("title", "The report")]).await;
    taken(&checker.post_form(&format!("{secret}/merger"), &[("into", &open)]).await);
    let conn = &mut *world.server.app_pool().acquire().await.unwrap();
    let shown = factdesk::evidence::store::public(conn, world.desk.id, &[world.claim]).await.unwrap();
    assert!(shown[0].source.is_none() && shown[0].exact.is_none());
    assert_eq!(shown[0].access, Access::Confidential);
}

#[actix_web::test]
async fn the_database_knows_the_same_words_as_the_program() {
    use factdesk::evidence::settings::{Archive, ReferenceStyle};
    use factdesk::evidence::sources::store::{Decision, Why};

    let server = Server::start().await;
    let words = [
        ("source_doubles_why_known", Why::CHOICES),
        ("source_doubles_decision_known", Decision::CHOICES),
        ("source_settings_hand_to_known", Archive::CHOICES),
        ("source_settings_style_known", ReferenceStyle::CHOICES),
    ];
    for (name, choices) in words {
        let check: String =
            sqlx::query_scalar("SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = $1")
                .bind(name)
                .fetch_one(server.owner_pool())
                .await
                .unwrap();
        let mut known: Vec<&str> = check.split('\'').skip(1).step_by(2).collect();
        let mut ours: Vec<&str> = choices.iter().map(|(code, _)| *code).collect();
        known.sort_unstable();
        ours.sort_unstable();
        assert_eq!(known, ours, "{name}");
    }
}
