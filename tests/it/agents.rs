//! Speakers and publishers over HTTP.

use factdesk::auth::Role;
use reqwest::StatusCode;

use crate::claims::{add, saved};
use crate::harness::{Browser, Page, Server};

/// Adds a claim that these people made, and gives the address of the first one's page.
async fn speaker(server: &Server, browser: &Browser, speakers: &str) -> String {
    let fields =
        [("claim_reviewed", "Bills doubled."), ("url", "https://a.example/"), ("speakers", speakers)];
    add(browser, &fields).await;
    let id: String = sqlx::query_scalar("SELECT id::text FROM agents WHERE name = $1")
        .bind(speakers.split(['\n', ';']).next().unwrap().trim())
        .fetch_one(server.owner_pool())
        .await
        .unwrap();
    format!("/demo/agents/{id}")
}

async fn edit(browser: &Browser, path: &str, field: &str, base: &str, now: &str) -> Page {
    let base_name = format!("base_{field}");
    browser.post_form(path, &[(&base_name, base), (field, now)]).await
}

#[actix_web::test]
async fn a_speaker_is_found_again_by_name() {
    let server = Server::start().await;
    let annotator = server.sign_in(Role::Annotator).await;
    let path = speaker(&server, &annotator, "Dr. Dana Whitcombe").await;
    let fields = [
        ("claim_reviewed", "Fares doubled."),
        ("url", "https://b.example/"),
        ("speakers", "dr dana  WHITCOMBE; Mayor"),
    ];
    add(&annotator, &fields).await;

    assert_eq!(server.count("SELECT count(*) FROM agents").await, 1);
    let page = annotator.get(&path).await;
    assert_eq!(page.one("h1"), "Dr. Dana Whitcombe");
    assert_eq!(page.select(".rows .title"), ["Fares doubled.", "Bills doubled."]);
    assert!(page.select(".rows .meta")[0].contains("Mayor"));
}

#[actix_web::test]
async fn names_are_suggested_by_how_their_words_begin() {
    let server = Server::start().await;
    let annotator = server.sign_in(Role::Annotator).await;
    speaker(&server, &annotator, "Dana Whitcombe\nO’Neill, Press Office\n100% Local").await;

    for (q, found) in
        [("whit", "Dana Whitcombe"), ("oneill", "O’Neill, Press Office"), ("100%", "100% Local")]
    {
        let answer =
            annotator.get(&format!("/api/v1/desks/demo/agents?q={}", q.replace('%', "%25"))).await.json();
        assert_eq!(answer["agents"].as_array().unwrap().len(), 1, "{q}: {answer}");
        assert_eq!(answer["agents"][0]["name"], found);
    }
    assert!(annotator.get("/demo/agents?q=hitcombe").await.has(".empty"));
    assert_eq!(annotator.get("/demo/agents").await.select("tbody .title").len(), 3);
    assert_eq!(server.visitor().get("/demo/agents").await.status, StatusCode::UNAUTHORIZED);
}

#[actix_web::test]
async fn two_who_edit_different_fields_both_get_their_way() {
    let server = Server::start().await;
    let (ana, ben) = (server.sign_in(Role::Annotator).await, server.sign_in(Role::FactChecker).await);
    let path = speaker(&server, &ana, "Dana Whitcombe").await;

    saved(&edit(&ana, &path, "name", "Dana Whitcombe", "Dana B. Whitcombe").await);
    saved(&edit(&ben, &path, "description", "", "Mayor of Ellery").await);

    let page = ana.get(&path).await;
    assert_eq!((page.one("h1"), page.one(".lead")), ("Dana B. Whitcombe".into(), "Mayor of Ellery".into()));
}

#[actix_web::test]
async fn two_who_edit_the_same_field_see_both_texts_and_decide() {
    let server = Server::start().await;
    let (ana, ben) = (server.sign_in(Role::Annotator).await, server.sign_in(Role::FactChecker).await);
    let path = speaker(&server, &ana, "Dana Whitcombe").await;
    saved(&edit(&ana, &path, "description", "", "Mayor of Ellery").await);

    let page = edit(&ben, &path, "description", "", "Head of the town").await;

    assert_eq!(page.status, StatusCode::CONFLICT);
    assert!(page.one("title").starts_with("Error: Dana Whitcombe"));
    assert_eq!(page.one("[role=alert] h2"), "Annotator of demo changed this while you were writing");
    assert_eq!(page.select(".three .text"), ["Head of the town", "Mayor of Ellery"]);
    assert_eq!(page.one("textarea[name=description]"), "Head of the town");
    let base = page.one("textarea[name=base_description]");
    saved(&edit(&ben, &path, "description", &base, "Mayor and head of the town").await);
    assert_eq!(ana.get(&path).await.one(".lead"), "Mayor and head of the town");
}

#[actix_web::test]
async fn what_is_wrong_is_told_at_the_field_and_nothing_typed_is_lost() {
    let server = Server::start().await;
    let annotator = server.sign_in(Role::Annotator).await;
    let path = speaker(&server, &annotator, "Dana Whitcombe\nNora Field").await;

    let page = edit(&annotator, &path, "same_as", "", "javascript:alert(1)").await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.one("title").starts_with("Error: "));
    assert_eq!(page.attribute("[role=alert] a", "href").unwrap(), "#agent-same_as");
    assert_eq!(page.one("#agent-same_as"), "javascript:alert(1)");

    let page = edit(&annotator, &path, "name", "Dana Whitcombe", "NORA FIELD").await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(page.attribute("#agent-name", "value").unwrap(), "NORA FIELD");
}

#[actix_web::test]
async fn a_change_is_taken_back_by_another_change() {
    let server = Server::start().await;
    let annotator = server.sign_in(Role::Annotator).await;
    let path = speaker(&server, &annotator, "Dana Whitcombe").await;
    saved(&edit(&annotator, &path, "name", "Dana Whitcombe", "Dana White").await);
    let page = annotator.get(&path).await;
    assert_eq!(page.one(".history del"), "removed: Whitcombe");
    let event = page.attribute("input[name=event]", "value").unwrap();

    saved(&annotator.post_form(&format!("{path}/undo"), &[("event", &event)]).await);

    assert_eq!(annotator.get(&path).await.one("h1"), "Dana Whitcombe");
    assert_eq!(server.count("SELECT count(*) FROM events WHERE action = 'agent.edit'").await, 2);
}

#[actix_web::test]
async fn doubles_are_merged_and_parted_again() {
    let server = Server::start().await;
    let checker = server.sign_in(Role::FactChecker).await;
    let double = speaker(&server, &checker, "D. Whitcombe; Mayor\nDana Whitcombe").await;
    let fields =
        [("claim_reviewed", "Fares doubled."), ("url", "https://b.example/"), ("speakers", "D Whitcombe")];
    add(&checker, &fields).await;
    let article = [("text", "Words."), ("publisher", "D. Whitcombe")];
    assert!(checker.post_form("/demo/articles", &article).await.status.is_redirection());

    let merged = checker.post_form(&format!("{double}/merger"), &[("into", "dana whitcombe")]).await;

    let stays = merged.location().to_owned();
    let page = checker.follow(&merged).await;
    assert_eq!((page.one("h1"), page.select(".rows .title").len()), ("Dana Whitcombe".into(), 2));
    let published = "SELECT count(*) FROM articles a JOIN agents g ON g.id = a.publisher_id WHERE g.name = 'Dana Whitcombe'";
    assert_eq!(server.count(published).await, 1);
    assert!(checker.get(&double).await.one(".notice").contains("stands for it"));
    // Whoever names the double now means the one that stays.
    add(&checker, &fields).await;
    assert_eq!(checker.get(&stays).await.select(".rows .title").len(), 3);

    saved(&checker.post_form(&format!("{double}/separation"), &[]).await);

    assert_eq!(checker.get(&double).await.select(".rows .title").len(), 2);
    assert_eq!(checker.get(&stays).await.select(".rows .title").len(), 2);
    assert_eq!(server.count(published).await, 0);
    let offices = "SELECT count(*) FROM appearance_speakers WHERE office = 'Mayor'";
    assert_eq!(server.count(offices).await, 1);
}

#[actix_web::test]
async fn only_who_may_sort_merges_and_only_with_somebody_else() {
    let server = Server::start().await;
    let (annotator, checker) =
        (server.sign_in(Role::Annotator).await, server.sign_in(Role::FactChecker).await);
    let path = speaker(&server, &annotator, "Dana Whitcombe\nNora Field").await;
    let merger = format!("{path}/merger");

    let refused = annotator.post_form(&merger, &[("into", "Nora Field")]).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    for name in ["Dana Whitcombe", "Nobody", "…"] {
        let page = checker.post_form(&merger, &[("into", name)]).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{name}");
        assert!(page.has("#into-error"), "{name}");
    }
    let not_merged = checker.post_form(&format!("{path}/separation"), &[]).await;
    assert_eq!(not_merged.status, StatusCode::CONFLICT);
}

#[actix_web::test]
async fn readers_see_who_said_what_is_public_and_nobody_else() {
    let world = crate::reviews::World::new().await;
    let editor = world.server.sign_in(Role::Editor).await;
    let path = speaker(&world.server, &editor, "Dana Whitcombe").await;
    assert_eq!(world.server.visitor().get(&path).await.status, StatusCode::NOT_FOUND);

    let public = format!("/demo/claims/{}", world.claim);
    let fields = [("url", "https://c.example/"), ("speakers", "Dana Whitcombe")];
    saved(&editor.post_form(&format!("{public}/appearances"), &fields).await);
    world.publish().await;

    let page = world.server.visitor().get(&path).await;
    assert_eq!(page.select(".rows .title"), ["The harbour handled 3.1 million tonnes"]);
    assert!(page.has(".badge.v-false") && !page.has("form[action*=agents]"));
}

#[actix_web::test]
async fn who_is_named_by_several_people_at_once_is_one() {
    let server = Server::start().await;
    let annotator = server.sign_in(Role::Annotator).await;
    let fields =
        [("claim_reviewed", "Bills doubled."), ("url", "https://a.example/"), ("speakers", "Dana Whitcombe")];
    let all = (0..8).map(|_| annotator.post_form("/demo/claims", &fields));
    for page in futures_util::future::join_all(all).await {
        saved(&page);
    }
    assert_eq!(server.count("SELECT count(*) FROM agents").await, 1);
    assert_eq!(server.count("SELECT count(*) FROM appearance_speakers").await, 8);
}
