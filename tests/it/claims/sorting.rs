//! Declining, joining, reopening, giving out.

use factdesk::auth::Role;
use reqwest::StatusCode;

use super::{add_words, path, saved, stage};
use crate::harness::{Browser, Server};
use crate::reviews::World;

async fn desk() -> (Server, Browser) {
    let server = Server::start().await;
    server.desk("demo").await.install_scales(server.owner_pool()).await;
    let checker = server.sign_in(Role::FactChecker).await;
    (server, checker)
}

#[actix_web::test]
async fn a_claim_is_declined_with_a_reason_and_reopened() {
    let (server, checker) = desk().await;
    let claim = add_words(&checker, "The town is beautiful.").await;
    let annotator = server.sign_in(Role::Annotator).await;
    let fields = [("reason", "opinion"), ("note", "Nobody can check beauty.")];
    let refused = annotator.post_form(&path(claim, "/declination"), &fields).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    let without = checker.post_form(&path(claim, "/declination"), &[("reason", ""), ("note", "Kept.")]).await;
    assert_eq!(without.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(without.one("#decline-note"), "Kept.");

    saved(&checker.post_form(&path(claim, "/declination"), &fields).await);
    let page = checker.get(&path(claim, "")).await;
    assert_eq!(page.one("aside .notice p:first-child"), "Declined: It is an opinion.");
    assert!(page.text.contains("Nobody can check beauty."));
    let again = checker.post_form(&path(claim, "/declination"), &fields).await;
    assert_eq!(again.status, StatusCode::CONFLICT);

    saved(&checker.post_form(&path(claim, "/reopening"), &[]).await);
    assert_eq!(stage(&server, claim).await, "marked");
    let history = checker.get(&path(claim, "/history")).await;
    assert!(history.select(".history .meta")[0].contains("reopened the claim"));
}

#[actix_web::test]
async fn duplicates_point_at_one_claim_that_is_none() {
    let (server, checker) = desk().await;
    let [a, b, c] =
        [add_words(&checker, "A.").await, add_words(&checker, "B.").await, add_words(&checker, "C.").await];
    let join = async |one, other: &str| checker.post_form(&path(one, "/duplicate"), &[("of", other)]).await;
    // By address, as a browser shows it.
    saved(&join(a, &server.url(&path(b, "?saved=1#x"))).await);
    assert_eq!(stage(&server, a).await, "duplicate");
    // What pointed at the duplicate points at the one that stays.
    saved(&join(b, &c.to_string()).await);
    let pointing = "SELECT count(*) FROM claims WHERE duplicate_of = (SELECT id FROM claims WHERE claim_reviewed = 'C.')";
    assert_eq!(server.count(pointing).await, 2);
    assert_eq!(checker.get(&path(c, "")).await.select("aside .rows .title"), ["A.", "B."]);
    assert!(checker.get(&path(a, "")).await.one("aside .notice p").contains("C."));

    // A claim that is joined with a duplicate is joined with what that one stands for: with itself, here.
    assert_eq!(join(c, &a.to_string()).await.status, StatusCode::CONFLICT);
    assert_eq!(join(c, &c.to_string()).await.status, StatusCode::CONFLICT);
    for nothing in ["", "what", "00000000-0000-0000-0000-000000000000"] {
        assert_eq!(join(c, nothing).await.status, StatusCode::UNPROCESSABLE_ENTITY, "{nothing}");
    }

    saved(&checker.post_form(&path(a, "/reopening"), &[]).await);
    assert_eq!(stage(&server, a).await, "marked");
    let d = add_words(&checker, "D.").await;
    saved(&join(d, &b.to_string()).await);
    assert_eq!(server.count(pointing).await, 2);
}

#[actix_web::test]
async fn what_is_public_stays_and_the_other_becomes_the_duplicate() {
    let world = World::new().await;
    let checker = world.server.sign_in(Role::FactChecker).await;
    saved(&super::change(&checker, world.claim, "topics", "", "harbour").await);
    world.publish().await;
    let other = add_words(&checker, "The harbour handled 3.1 million tonnes of cargo").await;

    let page = checker.get(&path(other, "")).await;
    assert_eq!(page.select("aside .rows .title"), ["The harbour handled 3.1 million tonnes"]);
    assert!(page.has("aside .rows .badge.v-false"));
    let public = world.claim.to_string();
    saved(&checker.post_form(&path(world.claim, "/duplicate"), &[("of", &other.to_string())]).await);
    assert_eq!(stage(&world.server, other).await, "duplicate");
    assert_eq!(world.stage().await, "published");
    let declined =
        checker.post_form(&path(world.claim, "/declination"), &[("reason", "opinion"), ("note", "")]).await;
    assert_eq!(declined.status, StatusCode::CONFLICT);
    assert_eq!(
        checker.post_form(&path(other, "/duplicate"), &[("of", &public)]).await.status,
        StatusCode::CONFLICT
    );
}

#[actix_web::test]
async fn a_claim_found_to_be_another_is_not_suggested_again() {
    let (server, checker) = desk().await;
    let one = add_words(&checker, "Water bills in Pellcombe have doubled since 2021").await;
    let other = add_words(&checker, "Since 2021 water bills doubled in Pellcombe").await;
    add_words(&checker, "The bus to the hospital costs twice as much").await;
    let suggested = async |claim| checker.get(&path(claim, "")).await.select("aside .rows .title").len();
    assert_eq!((suggested(one).await, suggested(other).await), (1, 1));

    let fields = [("of", one.to_string())];
    let fields = [(fields[0].0, fields[0].1.as_str())];
    saved(&checker.post_form(&path(other, "/distinction"), &fields).await);
    saved(&checker.post_form(&path(other, "/distinction"), &fields).await);

    assert_eq!((suggested(one).await, suggested(other).await), (0, 0));
    assert_eq!(server.count("SELECT count(*) FROM claim_distinctions").await, 1);
}

#[actix_web::test]
async fn a_claim_is_given_to_members_of_the_desk_only() {
    let (server, checker) = desk().await;
    let claim = add_words(&checker, "Bills doubled.").await;
    saved(&checker.post_form(&path(claim, "/assignee"), &[("to", "me")]).await);
    assert!(checker.get(&path(claim, "")).await.text.contains("Fact-checker of demo</bdi> works on it."));
    let stranger = server.desk("other").await.member(Role::Editor).to_string();
    for nobody in [stranger.as_str(), "somebody"] {
        let refused = checker.post_form(&path(claim, "/assignee"), &[("to", nobody)]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{nobody}");
    }
    saved(&checker.post_form(&path(claim, "/assignee"), &[("to", "")]).await);
    assert_eq!(server.count("SELECT count(*) FROM claims WHERE assignee_id IS NULL").await, 1);
}

#[actix_web::test]
async fn giving_a_claim_to_somebody_is_undone_until_another_has_it() {
    let (_server, checker) = desk().await;
    let claim = add_words(&checker, "Bills doubled.").await;
    saved(&checker.post_form(&path(claim, "/assignee"), &[("to", "me")]).await);
    let history = checker.get(&path(claim, "/history")).await;
    let event = history.attribute(".history input[name=event]", "value").unwrap();

    saved(&checker.post_form(&path(claim, "/undo"), &[("event", &event)]).await);

    let page = checker.get(&path(claim, "")).await;
    assert!(!page.text.contains("With <bdi>Fact-checker of demo"), "{}", page.text);
    let again = checker.post_form(&path(claim, "/undo"), &[("event", &event)]).await;
    assert_eq!(again.status, StatusCode::CONFLICT);
}
