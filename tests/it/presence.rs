//! Who is on a claim: told to others, taken over, forgotten after a minute, and in nobody's way.

use factdesk::auth::Role;
use factdesk::id::ClaimId;
use reqwest::{Method, StatusCode};

use crate::claims::{add_words, path, saved};
use crate::harness::{Browser, Page, Server};

/// Says that somebody is there, as the script does.
async fn say(browser: &Browser, claim: ClaimId, over: bool) -> (String, Option<String>) {
    let over = if over { "&over=yes" } else { "" };
    let request = browser
        .request(Method::POST, &path(claim, "/presence"))
        .header("accept", "application/json")
        .header("content-type", "application/x-www-form-urlencoded")
        .body(format!("csrf={}{over}", browser.csrf()));
    let page = Page::of(request).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text);
    let told = page.json();
    (told["state"].as_str().unwrap().to_owned(), told["name"].as_str().map(str::to_owned))
}

#[actix_web::test]
async fn others_are_told_who_is_on_a_claim() {
    let server = Server::start().await;
    server.desk("demo").await.install_scales(server.owner_pool()).await;
    let (checker, reviewer) = (server.sign_in(Role::FactChecker).await, server.sign_in(Role::Reviewer).await);
    let claim = add_words(&server.sign_in(Role::Annotator).await, "Bills doubled.").await;
    assert_eq!(say(&checker, claim, false).await, ("mine".to_owned(), None));

    let name = Some("Fact-checker of demo".to_owned());
    assert_eq!(say(&reviewer, claim, false).await, ("theirs".to_owned(), name));
    let page = reviewer.get(&path(claim, "")).await;
    assert!(page.one(".presence [role=status]").starts_with("Fact-checker of demo is on this claim since "));
    assert!(page.has(".presence form:not([hidden]) button[name=over]"));
    let queue = reviewer.get("/demo/queue?lane=unassigned").await;
    assert_eq!(queue.one("tbody th .meta"), "Fact-checker of demo is on it");
    let request = reviewer.request(Method::GET, &path(claim, "")).header("x-fragment", "panel");
    let panel = Page::of(request.header("accept", "text/html")).await;
    assert!(panel.one("#part-head a.close + .meta").ends_with("Fact-checker of demo is on it"));
    // It warns, and stops nobody.
    saved(&reviewer.post_form(&path(claim, ""), &[("base_topics", ""), ("topics", "water")]).await);

    let over = reviewer.post_form(&path(claim, "/presence"), &[("over", "yes")]).await;
    assert_eq!(over.location(), path(claim, ""));
    let name = Some("Reviewer of demo".to_owned());
    assert_eq!(say(&checker, claim, false).await, ("taken".to_owned(), name));
    let page = checker.get(&path(claim, "")).await;
    assert!(page.one(".presence [role=status]").starts_with("Reviewer of demo took over since "));
}

#[actix_web::test]
async fn who_has_left_or_was_not_heard_of_for_a_minute_is_not_there() {
    let server = Server::start().await;
    server.desk("demo").await.install_scales(server.owner_pool()).await;
    let (checker, reviewer) = (server.sign_in(Role::FactChecker).await, server.sign_in(Role::Reviewer).await);
    let claim = add_words(&checker, "Bills doubled.").await;
    say(&checker, claim, false).await;
    checker.post_form(&path(claim, "/presence/end"), &[]).await.location();
    assert_eq!(say(&reviewer, claim, false).await.0, "mine");

    let ages =
        "UPDATE presences SET since = since - interval '2 minutes', until = until - interval '61 seconds'";
    sqlx::query(ages).execute(server.owner_pool()).await.unwrap();
    assert_eq!(say(&checker, claim, false).await.0, "mine");
    assert_eq!(say(&reviewer, claim, false).await.0, "theirs");
}

#[actix_web::test]
async fn a_change_of_just_now_is_told_without_any_script() {
    let server = Server::start().await;
    server.desk("demo").await.install_scales(server.owner_pool()).await;
    let (checker, reviewer) = (server.sign_in(Role::FactChecker).await, server.sign_in(Role::Reviewer).await);
    let claim = add_words(&checker, "Bills doubled.").await;
    saved(&checker.post_form(&path(claim, ""), &[("base_topics", ""), ("topics", "water")]).await);

    let page = reviewer.get(&path(claim, "")).await;
    assert_eq!(
        page.one(".presence [role=status]"),
        "Fact-checker of demo changed the claim less than a minute ago."
    );
    let own = checker.get(&path(claim, "")).await;
    assert_eq!(own.one(".presence [role=status]"), "");
}

#[actix_web::test]
async fn the_next_one_is_a_claim_that_nobody_is_on() {
    let world = crate::reviews::World::new().await;
    let (checker, reviewer) =
        (world.server.sign_in(Role::FactChecker).await, world.server.sign_in(Role::Reviewer).await);
    let editor = world.server.sign_in(Role::Editor).await;
    saved(&world.draft(&checker).await);
    saved(&world.post(&checker, "review-request").await);
    let next = reviewer.post_form("/demo/queue/next", &[("lane", "review")]).await;
    assert_eq!(next.location(), path(world.claim, ""));

    let none = editor.post_form("/demo/queue/next", &[("lane", "review")]).await;
    assert_eq!(none.location(), "/demo/queue?lane=review&none=1");
    let elsewhere = reviewer.post_form("/demo/queue/next", &[("not", &world.claim.to_string())]).await;
    assert!(elsewhere.location().starts_with("/demo/queue?none=1"));
}

#[actix_web::test]
async fn the_database_keeps_one_person_on_a_claim() {
    let server = Server::start().await;
    let desk = server.desk("demo").await;
    let claim = add_words(&server.sign_in(Role::Annotator).await, "Bills doubled.").await;
    let insert = "INSERT INTO presences (desk_id, claim_id, account_id, since, until, taken_from)
                  VALUES ($1, $2, $3, now(), now() + $5::interval, $4)";
    let checker = desk.member(Role::FactChecker);
    let attempt = async |taken_from, lasts: &'static str| {
        sqlx::query(insert)
            .bind(desk.id)
            .bind(claim)
            .bind(checker)
            .bind(taken_from)
            .bind(lasts)
            .execute(server.app_pool())
            .await
    };
    let refused = |outcome: Result<_, sqlx::Error>| {
        outcome.map(|_| ()).unwrap_err().as_database_error().unwrap().constraint().unwrap().to_owned()
    };
    assert_eq!(refused(attempt(None, "-1 minute").await), "presences_end");
    assert_eq!(refused(attempt(Some(checker), "1 minute").await), "presences_taken_from_another");
    attempt(None, "1 minute").await.unwrap();
    assert_eq!(refused(attempt(None, "1 minute").await), "presences_pkey");
}
