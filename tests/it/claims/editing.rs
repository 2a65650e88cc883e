//! Changing a claim: merged, in conflict, taken back, saved while typing.

use factdesk::auth::Role;
use factdesk::id::ClaimId;
use reqwest::StatusCode;

use super::{add_words, change, path, saved};
use crate::harness::{Browser, Page, Server};
use crate::reviews::World;

async fn world() -> (Server, Browser, ClaimId) {
    let server = Server::start().await;
    server.desk("demo").await.install_scales(server.owner_pool()).await;
    let annotator = server.sign_in(Role::Annotator).await;
    let claim = add_words(&annotator, "Bills doubled.").await;
    (server, annotator, claim)
}

/// Sends a form as a script does that stays on the page.
async fn send(browser: &Browser, path: &str, fields: &[(&str, &str)]) -> Page {
    let csrf = browser.csrf();
    let mut all = vec![("csrf", csrf.as_str())];
    all.extend_from_slice(fields);
    Page::of(browser.form(path, &all).header("x-fragment", "panel")).await
}

#[actix_web::test]
async fn fields_are_changed_one_by_one_and_their_history_is_kept() {
    let (_server, annotator, claim) = world().await;
    saved(&change(&annotator, claim, "claim_reviewed", "Bills doubled.", "Water bills doubled.").await);
    saved(&change(&annotator, claim, "topics", "", "#Water, prices,water").await);
    saved(&change(&annotator, claim, "language", "", "en").await);
    let types = [("base_claim_types", ""), ("claim_types", "numerical"), ("claim_types", "causal")];
    saved(&annotator.post_form(&path(claim, ""), &types).await);

    let page = annotator.get(&path(claim, "")).await;
    assert_eq!(page.one("h1"), "Water bills doubled.");
    assert_eq!(page.select("section .chip"), ["numerical", "cause and effect", "water", "prices"]);

    let history = annotator.get(&path(claim, "/history")).await;
    assert_eq!(history.select(".history > li").len(), 5);
    assert!(history.select(".history ins").contains(&"added: Water bills".to_owned()));
    assert!(history.select(".history .diff")[0].starts_with("What kind of claim is it:"));
}

#[actix_web::test]
async fn a_conflict_shows_both_texts_and_loses_neither() {
    let (server, annotator, claim) = world().await;
    let checker = server.sign_in(Role::FactChecker).await;
    saved(&change(&checker, claim, "claim_reviewed", "Bills doubled.", "Water bills doubled.").await);

    let mine = "Bills doubled since 2021.";
    let page = change(&annotator, claim, "claim_reviewed", "Bills doubled.", mine).await;

    assert_eq!(page.status, StatusCode::CONFLICT);
    assert_eq!(page.one("[role=alert] h2"), "Fact-checker of demo changed this while you were writing");
    assert_eq!(page.select(".three .text"), [mine, "Water bills doubled."]);
    assert_eq!(page.one("#part-words-claim_reviewed"), mine);
    let base = page.one("textarea[name=base_claim_reviewed]");
    let result = "Water bills doubled since 2021.";
    saved(&change(&annotator, claim, "claim_reviewed", &base, result).await);
    assert_eq!(annotator.get(&path(claim, "")).await.one("h1"), result);
}

#[actix_web::test]
async fn what_is_in_no_conflict_goes_along_with_the_decision() {
    let (server, annotator, claim) = world().await;
    let checker = server.sign_in(Role::FactChecker).await;
    saved(&change(&checker, claim, "topics", "", "water").await);

    let fields = [("base_topics", ""), ("topics", "prices"), ("base_language", ""), ("language", "en")];
    let page = annotator.post_form(&path(claim, ""), &fields).await;

    assert_eq!(page.status, StatusCode::CONFLICT);
    assert_eq!(page.select(".three .text"), ["prices", "water"]);
    assert_eq!(page.one("textarea[name=language]"), "en");
    assert_eq!(page.one("textarea[name=base_language]"), "");
}

#[actix_web::test]
async fn a_form_that_saves_while_one_types_is_in_no_conflict_with_itself() {
    let (server, annotator, claim) = world().await;
    for text in ["Bills doubled s", "Bills doubled since", "Bills doubled since 2021."] {
        saved(&change(&annotator, claim, "claim_reviewed", "Bills doubled.", text).await);
    }
    let checker = server.sign_in(Role::FactChecker).await;
    let page = change(&checker, claim, "claim_reviewed", "Bills doubled.", "Prices doubled.").await;
    assert_eq!(page.status, StatusCode::CONFLICT);
}

#[actix_web::test]
async fn a_script_gets_parts_after_saving_and_the_form_when_it_is_refused() {
    let (server, annotator, claim) = world().await;
    let fields = [("base_claim_reviewed", "Bills doubled."), ("claim_reviewed", "Water bills doubled.")];
    let taken = send(&annotator, &path(claim, ""), &fields).await;
    saved(&taken);
    let request = annotator.request(reqwest::Method::GET, taken.location());
    let parts = Page::of(request.header("x-fragment", "panel").header("accept", "text/html")).await;
    assert!(!parts.has("html > head > title"), "{}", parts.text);
    assert_eq!(parts.one("#part-words textarea[name=base_claim_reviewed]"), "Water bills doubled.");
    assert!(parts.one("[data-status]").starts_with("Saved "));
    assert!(parts.has("[data-status] button[data-key=z]"));

    let fields = [("base_claim_reviewed", "Water bills doubled."), ("claim_reviewed", " ")];
    let refused = send(&annotator, &path(claim, ""), &fields).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(refused.select("form[data-part]").len(), 1);
    assert_eq!(refused.one("#part-words .error"), "Say what is claimed.");

    let checker = server.sign_in(Role::FactChecker).await;
    let fields = [("base_claim_reviewed", "Bills doubled."), ("claim_reviewed", "Prices doubled.")];
    let conflict = send(&checker, &path(claim, ""), &fields).await;
    assert_eq!(conflict.status, StatusCode::CONFLICT);
    assert!(conflict.has(".conflict") && !conflict.has("main"));
}

#[actix_web::test]
async fn a_change_is_taken_back_unless_somebody_built_on_it() {
    let (server, annotator, claim) = world().await;
    saved(&change(&annotator, claim, "claim_reviewed", "Bills doubled.", "Water bills doubled.").await);
    let page = annotator.get(&format!("{}?saved=1", path(claim, ""))).await;
    let event = page.attribute("[role=status] input[name=event]", "value").unwrap();

    saved(&annotator.post_form(&path(claim, "/undo"), &[("event", &event)]).await);
    assert_eq!(annotator.get(&path(claim, "")).await.one("h1"), "Bills doubled.");

    let checker = server.sign_in(Role::FactChecker).await;
    saved(&change(&checker, claim, "claim_reviewed", "Bills doubled.", "Fares doubled.").await);
    let page = annotator.post_form(&path(claim, "/undo"), &[("event", &event)]).await;
    assert_eq!(page.status, StatusCode::CONFLICT);
    assert_eq!(page.select(".three .text"), ["Bills doubled.", "Fares doubled."]);

    let other = add_words(&annotator, "Another.").await;
    let elsewhere = annotator.post_form(&path(other, "/undo"), &[("event", &event)]).await;
    assert_eq!(elsewhere.status, StatusCode::NOT_FOUND);
}

#[actix_web::test]
async fn the_words_stand_still_while_they_are_judged_and_are_for_editors_once_public() {
    let world = World::new().await;
    let server = &world.server;
    let (checker, editor) = (server.sign_in(Role::FactChecker).await, server.sign_in(Role::Editor).await);
    let words = "The harbour handled 3.1 million tonnes";
    saved(&world.draft(&checker).await);
    saved(&world.post(&checker, "review-request").await);
    let page = change(&checker, world.claim, "claim_reviewed", words, "Other words").await;
    assert_eq!(page.status, StatusCode::CONFLICT);
    saved(&change(&checker, world.claim, "topics", "", "harbour").await);

    let reviewer = server.sign_in(Role::Reviewer).await;
    saved(&world.assess(&reviewer, "approve", "").await);
    saved(&world.post(&editor, "publication").await);
    let refused = change(&checker, world.claim, "topics", "harbour", "port").await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    saved(&change(&editor, world.claim, "topics", "harbour", "port").await);
}

#[actix_web::test]
async fn who_changes_other_fields_at_the_same_moment_loses_nothing() {
    let (server, annotator, claim) = world().await;
    let checker = server.sign_in(Role::FactChecker).await;
    let (one, two, three) = futures_util::future::join3(
        change(&annotator, claim, "claim_reviewed", "Bills doubled.", "Water bills doubled."),
        change(&checker, claim, "topics", "", "water"),
        change(&checker, claim, "language", "", "en"),
    )
    .await;
    for page in [one, two, three] {
        saved(&page);
    }
    let all = "SELECT count(*) FROM claims
               WHERE claim_reviewed = 'Water bills doubled.' AND topics = '{water}' AND language = 'en'";
    assert_eq!(server.count(all).await, 1);
    assert_eq!(server.count("SELECT count(*) FROM events WHERE action = 'claim.edit'").await, 3);
}
