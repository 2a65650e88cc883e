//! Copies in archives outside, tried against a site that speaks as they do.

use std::time::Duration;

use factdesk::auth::permission::CiteEvidence;
use factdesk::auth::{Role, acting};
use factdesk::db::unit_of_work;
use factdesk::evidence::outside::{Archives, Provider, State, Why, store};
use factdesk::id::SourceId;
use reqwest::StatusCode;
use serde_json::json;
use sqlx::AssertSqlSafe;
use time::OffsetDateTime;

use crate::harness::{Answer, Browser, Page, Server, Stranger};
use crate::published::{self, PUBLISHED};
use crate::references::{SOURCE, run};
use crate::reviews::{World, claim, event};

const KEY: &str = "open:sesame";

/// A desk whose server may hand sources to the archives that a stranger plays.
async fn world(stranger: &Stranger) -> World {
    let base = stranger.url("/").parse().unwrap();
    let archives = Archives::new((&base, Some(KEY)), (&base, Some("perma-key")));
    let server = Server::start_handing_on(&stranger.allowed(), archives).await;
    let desk = server.desk("demo").await;
    desk.install_scales(server.owner_pool()).await;
    let claim = claim(server.owner_pool(), &desk).await;
    World { server, desk, claim }
}

async fn source(checker: &Browser, fields: &[(&str, &str)]) -> String {
    let made = checker.post_form("/demo/sources", fields).await;
    assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.text);
    made.location().to_owned()
}

/// The section of the source's page once it says that.
async fn until(browser: &Browser, source: &str, words: &str) -> Page {
    for _ in 0..200 {
        let page = browser.get(source).await;
        if page.one("#outside").contains(words) {
            return page;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("“{words}” does not come: {}", browser.get(source).await.one("#outside"));
}

fn says(body: &serde_json::Value) -> Answer {
    Answer::new("application/json", body.to_string())
}

#[actix_web::test]
async fn a_source_is_handed_to_the_wayback_machine_and_its_copy_is_linked() {
    let stranger = Stranger::start();
    let world = world(&stranger).await;
    stranger.put("/save", says(&json!({"url": "https://stats.example/harbour", "job_id": "spn2-7"})));
    stranger.put("/save/status/spn2-7", says(&json!({"status": "pending"})));
    let checker = world.server.sign_in(Role::FactChecker).await;
    let source = source(&checker, &[("url", "https://stats.example/harbour"), ("access", "open")]).await;

    let handed = checker.post_form(&format!("{source}/outside-copies"), &[("provider", "wayback")]).await;
    assert_eq!(handed.status, StatusCode::SEE_OTHER, "{}", handed.text);
    until(&checker, &source, "on its way").await;
    for _ in 0..100 {
        if stranger.times("/save/status/spn2-7") > 0 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let (timestamp, url) = ("20261126050607", "https://stats.example/harbour");
    stranger.put(
        "/save/status/spn2-7",
        says(&json!({"status": "success", "timestamp": timestamp, "original_url": url})),
    );
    let page = until(&checker, &source, "kept").await;
    let address = page.attribute("#outside .rows a", "href").unwrap();
    assert_eq!(address, format!("https://web.archive.org/web/{timestamp}/{url}"));

    let asked = stranger.asked();
    let heads: Vec<_> = asked.iter().filter(|head| head.starts_with("POST /save ")).collect();
    assert_eq!(heads.len(), 1, "it is handed over once");
    assert!(heads[0].to_lowercase().contains(&format!("authorization: low {KEY}")), "{}", heads[0]);
    assert!(!page.text.contains(KEY));
    let receipt = world.server.count("SELECT count(*) FROM outside_copies WHERE receipt = 'spn2-7'").await;
    assert_eq!(receipt, 1, "the receipt is kept");
}

#[actix_web::test]
async fn perma_is_asked_in_its_own_way() {
    let stranger = Stranger::start();
    let world = world(&stranger).await;
    let captures =
        |status: &str| json!({"guid": "AB12-CD34", "captures": [{"role": "primary", "status": status}]});
    stranger.put("/v1/archives/", says(&captures("pending")));
    stranger.put("/v1/archives/AB12-CD34/", says(&captures("success")));
    let checker = world.server.sign_in(Role::FactChecker).await;
    let source = source(&checker, &[("url", "https://stats.example/harbour"), ("access", "open")]).await;
    checker.post_form(&format!("{source}/outside-copies"), &[("provider", "perma")]).await;
    let page = until(&checker, &source, "kept").await;
    assert_eq!(page.attribute("#outside .rows a", "href").unwrap(), "https://perma.cc/AB12-CD34");
    assert!(
        stranger.asked().iter().any(|head| head.to_lowercase().contains("authorization: apikey perma-key"))
    );
}

#[actix_web::test]
async fn what_an_archive_does_not_keep_says_why() {
    let stranger = Stranger::start();
    let world = world(&stranger).await;
    stranger.put("/save", Answer::status(401));
    let checker = world.server.sign_in(Role::FactChecker).await;
    let source = source(&checker, &[("url", "https://stats.example/harbour"), ("access", "open")]).await;
    checker.post_form(&format!("{source}/outside-copies"), &[("provider", "wayback")]).await;
    let page = until(&checker, &source, "The archive does not take the key of this server.").await;
    assert!(page.one("#outside").contains("not kept"));
    assert!(page.has("#outside button[value=wayback]"), "it can be tried again");
}

#[actix_web::test]
async fn a_busy_archive_is_asked_again_later() {
    let stranger = Stranger::start();
    let world = world(&stranger).await;
    stranger.put("/save", Answer::status(429));
    let checker = world.server.sign_in(Role::FactChecker).await;
    let source = source(&checker, &[("url", "https://stats.example/harbour"), ("access", "open")]).await;
    checker.post_form(&format!("{source}/outside-copies"), &[("provider", "wayback")]).await;
    for _ in 0..100 {
        let waiting =
            "SELECT count(*) FROM jobs WHERE kind = 'outside' AND attempts = 1 AND state = 'waiting'";
        if world.server.count(waiting).await == 1 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let page = checker.get(&source).await;
    assert!(page.one("#outside").contains("on its way"), "{}", page.one("#outside"));
}

#[actix_web::test]
async fn what_is_confidential_or_has_no_address_is_not_handed_on() {
    let stranger = Stranger::start();
    let world = world(&stranger).await;
    let checker = world.server.sign_in(Role::FactChecker).await;
    for fields in [
        [("url", "https://secret.example/"), ("access", "confidential")],
        [("title", "Talk with the harbour master"), ("access", "open")],
    ] {
        let source = source(&checker, &fields).await;
        assert!(!checker.get(&source).await.has("#outside button[value=wayback]"));
        let handed = checker.post_form(&format!("{source}/outside-copies"), &[("provider", "wayback")]).await;
        assert_eq!(handed.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
    assert_eq!(stranger.times("/save"), 0);
}

#[actix_web::test]
async fn without_keys_nothing_is_offered_and_a_copy_can_be_named_by_hand() {
    let server = Server::start().await;
    server.desk("demo").await;
    let checker = server.sign_in(Role::FactChecker).await;
    let source = source(&checker, &[("url", "https://stats.example/harbour"), ("access", "open")]).await;
    let path = format!("{source}/outside-copies");
    assert!(!checker.get(&source).await.has("#outside button[name=provider]"), "off unless there is a key");
    let handed = checker.post_form(&path, &[("provider", "wayback")]).await;
    assert_eq!(handed.status, StatusCode::NOT_FOUND);

    let wrong = checker.post_form(&path, &[("address", "javascript:alert(1)")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(
        wrong.attribute("#outside-address", "value").unwrap(),
        "javascript:alert(1)",
        "what was typed stays"
    );
    let archived = "https://web.archive.org/web/2026/https://stats.example/harbour";
    assert_eq!(checker.post_form(&path, &[("address", archived)]).await.status, StatusCode::SEE_OTHER);
    let page = checker.get(&source).await;
    assert_eq!(page.attribute("#outside .rows a", "href").unwrap(), archived);
    assert!(page.one("#outside .title").contains("Wayback Machine"));

    let remove = page.attribute("#outside form[action$=removal]", "action").unwrap();
    assert_eq!(checker.post_form(&remove, &[]).await.status, StatusCode::SEE_OTHER);
    let page = checker.get(&source).await;
    assert!(!page.has("#outside .rows .title"));
    let restore = page.attribute("#outside form[action$=restoration]", "action").unwrap();
    assert_eq!(checker.post_form(&restore, &[]).await.status, StatusCode::SEE_OTHER);
    assert!(checker.get(&source).await.has("#outside .rows .title"));
}

/// Runs a statement; the constraint that refuses it.
async fn attempt(pool: &sqlx::PgPool, statement: &str) -> Result<(), String> {
    match sqlx::query(AssertSqlSafe(statement.to_owned())).execute(pool).await {
        Ok(_) => Ok(()),
        Err(error) => {
            let error = error.into_database_error().expect("the database refuses");
            Err(error.constraint().map_or_else(|| error.message().to_owned(), ToOwned::to_owned))
        }
    }
}

#[actix_web::test]
async fn what_always_holds_of_copies_outside_holds_for_the_servers_own_role() {
    let (server, desk) = published::server().await;
    let app = server.app_pool();
    let event = event(server.owner_pool(), &desk).await;
    let (id, editor) = (desk.id, desk.member(Role::Editor));
    let insert = |provider: &str, rest: &str| {
        format!(
            "INSERT INTO outside_copies (desk_id, id, source_id, provider, state, receipt, address, reason, created_by,
                                         created_at, event_id)
             VALUES ('{id}', gen_random_uuid(), '{SOURCE}', '{provider}', {rest}, '{editor}', now(), '{event}')"
        )
    };
    let of_state = |state: State| match state {
        State::Pending => "'pending', 'spn2-7', NULL, NULL",
        State::Kept => "'kept', NULL, 'https://perma.cc/1', NULL",
        State::Failed => "'failed', NULL, NULL, 'no_key'",
    };
    for provider in Provider::ALL {
        for state in State::ALL {
            assert_eq!(attempt(app, &insert(provider.as_str(), of_state(*state))).await, Ok(()));
        }
    }
    for why in Why::ALL {
        let failed = format!("'failed', NULL, NULL, '{}'", why.as_str());
        assert_eq!(attempt(app, &insert("wayback", &failed)).await, Ok(()));
    }
    for (provider, rest, rule) in [
        ("elsewhere", of_state(State::Kept), "outside_copies_provider_known"),
        ("perma", "'lost', NULL, NULL, NULL", "outside_copies_state_known"),
        ("perma", "'kept', NULL, NULL, NULL", "outside_copies_kept_somewhere"),
        ("perma", "'pending', NULL, 'https://perma.cc/1', NULL", "outside_copies_kept_somewhere"),
        ("perma", "'failed', NULL, NULL, NULL", "outside_copies_failed_says_why"),
        ("perma", "'pending', NULL, NULL, 'no_key'", "outside_copies_failed_says_why"),
        ("perma", "'failed', NULL, NULL, 'No key!'", "outside_copies_reason_form"),
        ("perma", "'pending', '', NULL, NULL", "outside_copies_receipt_length"),
        ("perma", "'kept', NULL, 'javascript:alert(1)', NULL", "outside_copies_address_form"),
    ] {
        assert_eq!(attempt(app, &insert(provider, rest)).await, Err(rule.to_owned()), "{rest}");
    }
    let elsewhere =
        insert("perma", of_state(State::Kept)).replace(SOURCE, "01900000-0000-7000-8000-0000000000ff");
    assert_eq!(attempt(app, &elsewhere).await, Err("outside_copies_source".to_owned()));
    let silent = attempt(app, "UPDATE outside_copies SET removed_at = now()").await;
    assert_eq!(silent, Err("every_change_has_an_event".to_owned()));
    let gone = attempt(server.owner_pool(), "DELETE FROM outside_copies").await;
    assert_eq!(gone, Err("outside_copies_stay".to_owned()));
}

#[actix_web::test]
async fn readers_find_copies_outside_beside_what_is_cited() {
    let (server, _) = published::server().await;
    let checker = server.sign_in(Role::FactChecker).await;
    let archived = "https://web.archive.org/web/2026/https://stats.example.org/water";
    let path = format!("/demo/sources/{SOURCE}/outside-copies");
    assert_eq!(checker.post_form(&path, &[("address", archived)]).await.status, StatusCode::SEE_OTHER);
    let claim = format!("/demo/claims/{PUBLISHED}");
    for page in [server.visitor().get(&claim).await, checker.get(&format!("{claim}/evidence")).await] {
        assert_eq!(page.attribute("ol.evidence .meta a", "href").unwrap(), archived);
    }
    let references = server.visitor().get(&format!("{claim}/references.json")).await;
    assert_eq!(references.json()[0]["archive_location"], archived);
}

#[actix_web::test]
async fn what_is_kept_is_handed_on_where_the_desk_has_chosen_so() {
    let stranger = Stranger::start();
    let world = world(&stranger).await;
    stranger.put("/save", says(&json!({"job_id": "spn2-7"})));
    stranger.put("/save/status/spn2-7", says(&json!({"status": "pending"})));
    let checker = world.server.sign_in(Role::FactChecker).await;
    let open = source(&checker, &[("url", "https://stats.example/harbour"), ("access", "open")]).await;
    let secret = source(&checker, &[("url", "https://secret.example/"), ("access", "confidential")]).await;
    run(
        &world.server,
        &format!(
            "INSERT INTO source_settings (desk_id, copies_public, hand_to, reference_style, event_id)
             SELECT desk_id, false, '{{wayback}}', 'apa', id FROM events WHERE desk_id = '{}' LIMIT 1",
            world.desk.id
        ),
    )
    .await;
    let account = world.desk.member(Role::FactChecker);
    let by =
        acting(world.server.app_pool(), world.desk.id, account, OffsetDateTime::now_utc()).await.unwrap();
    let by = by.authorize::<CiteEvidence>().unwrap();
    for page in [&open, &secret, &open] {
        let id: SourceId = page.rsplit('/').next().unwrap().parse().unwrap();
        let by = by.clone();
        unit_of_work(world.server.app_pool(), async move |tx| store::hand_on_kept(tx, &by, id).await)
            .await
            .unwrap();
    }
    until(&checker, &open, "on its way").await;
    assert_eq!(
        world.server.count("SELECT count(*) FROM outside_copies").await,
        1,
        "once, and nothing confidential"
    );
}
