//! A claim's versions: each has its address, any two are compared, and an old one is made the newest.

use factdesk::auth::Role;
use factdesk::id::ClaimId;
use reqwest::StatusCode;

use crate::claims::{add_words, change, path, saved};
use crate::harness::{Browser, Page, Server};
use crate::reviews::{World, taken};

/// The addresses of a claim's versions, oldest first.
async fn versions(browser: &Browser, claim: ClaimId) -> Vec<String> {
    let page = browser.get(&path(claim, "/history")).await;
    let document = page.document();
    let links = document.select(".history a[href*='/history/']");
    links.iter().rev().map(|link| link.attr("href").unwrap().to_string()).collect()
}

/// Restores what the form of a version's page has ticked.
async fn restore(browser: &Browser, version: &Page) -> Page {
    let form = "form[action$='/restoration']";
    let action = version.attribute(form, "action").expect("there is something to restore");
    let seen = version.attribute(&format!("{form} [name=seen]"), "value").unwrap();
    let document = version.document();
    let ticked = document.select(&format!("{form} [name=parts][checked]"));
    let parts: Vec<String> = ticked.iter().map(|part| part.attr("value").unwrap().to_string()).collect();
    let mut fields = vec![("seen", seen.as_str())];
    fields.extend(parts.iter().map(|part| ("parts", part.as_str())));
    browser.post_form(&action, &fields).await
}

#[actix_web::test]
async fn every_version_has_its_address_and_shows_what_there_was() {
    let server = Server::start().await;
    let annotator = server.sign_in(Role::Annotator).await;
    let claim = add_words(&annotator, "Bills doubled.").await;
    saved(&change(&annotator, claim, "claim_reviewed", "Bills doubled.", "Bills tripled.").await);
    saved(&change(&annotator, claim, "topics", "", "water").await);

    let versions = versions(&annotator, claim).await;

    assert_eq!(versions.len(), 3);
    let first = annotator.get(&versions[0]).await;
    assert!(first.one("main .lead").ends_with("added the claim."), "{}", first.text);
    assert_eq!(first.select("main dd.kept"), ["Bills doubled.", "https://a.example/"]);
    assert_eq!(first.select("form del"), ["removed: doubled"]);
    assert_eq!(first.select("form ins"), ["added: tripled", "added: water"]);
    let second = annotator.get(&versions[1]).await;
    assert_eq!(second.select("main dd.kept"), ["Bills tripled.", "https://a.example/"]);
    let last = annotator.get(&versions[2]).await;
    assert!(last.one("section[aria-labelledby=since] p").contains("how it stands now"), "{}", last.text);
    assert_eq!(annotator.get(&path(claim, &format!("/history/{claim}"))).await.status, StatusCode::NOT_FOUND);
}

#[actix_web::test]
async fn any_two_versions_are_compared_in_either_order() {
    let server = Server::start().await;
    let annotator = server.sign_in(Role::Annotator).await;
    let claim = add_words(&annotator, "Bills doubled.").await;
    saved(&change(&annotator, claim, "claim_reviewed", "Bills doubled.", "Bills tripled.").await);
    saved(&change(&annotator, claim, "claim_reviewed", "Bills tripled.", "Bills fell.").await);
    let versions = versions(&annotator, claim).await;
    let id = |at: usize| versions[at].rsplit('/').next().unwrap();

    let history = annotator.get(&path(claim, "/history")).await;
    assert_eq!(history.attribute("[name=from][checked]", "value").as_deref(), Some(id(1)));
    assert_eq!(history.attribute("[name=to][checked]", "value").as_deref(), Some(id(2)));
    let chosen = format!("/history/compare?from={}&to={}", id(0), id(2));
    let chosen = annotator.get(&path(claim, &chosen)).await;
    let compared = annotator.follow(&chosen).await;
    assert_eq!(compared.select("main del"), ["removed: doubled"]);
    assert_eq!(compared.select("main ins"), ["added: fell"]);
    let reversed = annotator.get(&format!("{}/compare/{}", versions[2], id(0))).await;
    assert_eq!(reversed.select("main del"), ["removed: doubled"]);
    let same = annotator.get(&format!("{}/compare/{}", versions[1], id(1))).await;
    assert!(same.one("main .empty").starts_with("Nothing"), "{}", same.text);
}

#[actix_web::test]
async fn restoring_makes_a_new_version_of_all_that_was_written() {
    let world = World::new().await;
    let (server, claim) = (&world.server, world.claim);
    let checker = server.sign_in(Role::FactChecker).await;
    let words = checker.get(&path(claim, "")).await.one("h1");
    saved(&world.draft(&checker).await);
    let evidence = checker.get(&world.path("evidence")).await;
    let item = evidence.attribute("ol.evidence .meta a", "href").unwrap();
    let before = versions(&checker, claim).await.pop().unwrap();
    let line = checker.get(&world.path("judging")).await;
    let line = line.attribute("[name=base_one_line]", "value").unwrap();

    saved(&change(&checker, claim, "claim_reviewed", &words, "Nothing of it.").await);
    let note = [("base_note", ""), ("note", "Look at page 4.")];
    taken(&checker.post_form(&item, &note).await);
    taken(&checker.post_form(&format!("{item}/removal"), &[]).await);
    let place = [("url", "https://later.example/")];
    saved(&checker.post_form(&path(claim, "/appearances"), &place).await);
    let draft = [("base_one_line", line.as_str()), ("one_line", "Another line.")];
    taken(&checker.post_form(&world.path("draft"), &draft).await);
    let count = versions(&checker, claim).await.len();

    let version = checker.get(&before).await;
    let chips = version.select("form .chip");
    assert!(
        chips.contains(&"removed since".to_owned()) && chips.contains(&"added since".to_owned()),
        "{chips:?}"
    );
    saved(&restore(&checker, &version).await);

    let page = checker.get(&path(claim, "")).await;
    assert_eq!(page.one("h1"), words);
    assert!(!page.text.contains("Look at page 4.</"), "the note is what it was");
    assert!(versions(&checker, claim).await.len() > count, "nothing of the history is gone");
    let again = checker.get(&before).await;
    assert!(again.one("section[aria-labelledby=since]").contains("how it stands now"), "{}", again.text);
    let history = checker.get(&path(claim, "/history")).await;
    assert!(history.text.contains("restored an earlier version"));
}

#[actix_web::test]
async fn a_version_is_restored_on_what_was_seen_only() {
    let server = Server::start().await;
    let annotator = server.sign_in(Role::Annotator).await;
    let claim = add_words(&annotator, "Bills doubled.").await;
    saved(&change(&annotator, claim, "claim_reviewed", "Bills doubled.", "Bills tripled.").await);
    let version = annotator.get(&versions(&annotator, claim).await[0]).await;
    let checker = server.sign_in(Role::FactChecker).await;
    saved(&change(&checker, claim, "claim_reviewed", "Bills tripled.", "Bills fell.").await);

    assert_eq!(restore(&annotator, &version).await.status, StatusCode::CONFLICT);

    assert_eq!(annotator.get(&path(claim, "")).await.one("h1"), "Bills fell.");
    let version = annotator.get(&versions(&annotator, claim).await[0]).await;
    let action = version.attribute("form[action$='/restoration']", "action").unwrap();
    let seen = version.attribute("[name=seen]", "value").unwrap();
    let nothing = annotator.post_form(&action, &[("seen", &seen)]).await;
    assert_eq!(nothing.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[actix_web::test]
async fn what_stands_still_says_so_and_what_one_may_not_read_is_not_compared() {
    let world = World::new().await;
    let server = &world.server;
    let (checker, annotator) =
        (server.sign_in(Role::FactChecker).await, server.sign_in(Role::Annotator).await);
    let words = checker.get(&path(world.claim, "")).await.one("h1");
    saved(&change(&checker, world.claim, "claim_reviewed", &words, "The harbour was busy.").await);
    saved(&world.draft(&checker).await);
    saved(&change(&checker, world.claim, "claim_reviewed", "The harbour was busy.", "It was full.").await);
    let first = versions(&checker, world.claim).await[0].clone();
    let version = checker.get(&first).await;
    assert!(version.text.contains("A draft that was begun stays."), "{}", version.text);
    saved(&restore(&checker, &version).await);
    assert_eq!(checker.get(&path(world.claim, "")).await.one("h1"), "The harbour was busy.");
    assert!(checker.get(&first).await.text.contains("Draft of the verdict"));
    assert!(!annotator.get(&first).await.text.contains("Draft of the verdict"));

    saved(&world.post(&checker, "review-request").await);
    let version = checker.get(&first).await;
    assert!(
        version.one("form[action$='/restoration']").contains("A draft that was begun stays"),
        "{}",
        version.text
    );
    let auditor = server.sign_in(Role::Auditor).await;
    assert!(!auditor.get(&first).await.has("form[action$='/restoration'] button"));
}
