//! The queue, and a member's page of a claim.

use factdesk::auth::Role;
use reqwest::{Method, StatusCode};

use crate::claims::{add_words, path, saved};
use crate::harness::{Browser, Page};
use crate::reviews::World;

async fn lanes(browser: &Browser) -> Vec<String> {
    browser
        .get("/demo/queue")
        .await
        .select(".tabs a")
        .into_iter()
        .filter(|lane| !lane.ends_with(" 0"))
        .collect()
}

#[actix_web::test]
async fn what_waits_for_whom_follows_the_work() {
    let world = World::new().await;
    let server = &world.server;
    let [annotator, checker, reviewer, editor] = [
        server.sign_in(Role::Annotator).await,
        server.sign_in(Role::FactChecker).await,
        server.sign_in(Role::Reviewer).await,
        server.sign_in(Role::Editor).await,
    ];
    assert_eq!(lanes(&checker).await, [""; 0]);
    let marked = add_words(&annotator, "Bills doubled.").await;
    assert_eq!(lanes(&checker).await, ["With nobody 1"]);
    assert_eq!(lanes(&annotator).await, [""; 0]);
    saved(&checker.post_form(&path(marked, "/assignee"), &[("to", "me")]).await);
    assert_eq!(lanes(&checker).await, ["With you 1"]);

    saved(&world.draft(&checker).await);
    assert_eq!(lanes(&checker).await, ["Your drafts 1", "With you 1"]);
    saved(&world.post(&checker, "review-request").await);
    assert_eq!(lanes(&checker).await, ["With you 1"]);
    assert_eq!(lanes(&reviewer).await, ["To review 1"]);
    let page = reviewer.get("/demo/queue").await;
    assert_eq!(page.one("tbody .title"), "The harbour handled 3.1 million tonnes");
    assert_eq!(page.one("td[data-label='Drafted by']"), "Fact-checker of demo");

    saved(&world.assess(&reviewer, "return", "Which table?").await);
    assert_eq!(lanes(&checker).await, ["Returned to you 1", "With you 1"]);
    assert_eq!(lanes(&reviewer).await, [""; 0]);
    saved(&world.post(&checker, "review-request").await);
    saved(&world.assess(&reviewer, "approve", "").await);
    assert_eq!(lanes(&editor).await, ["To publish 1"]);
    saved(&world.post(&editor, "publication").await);
    assert_eq!(lanes(&editor).await, [""; 0]);
    let correction = [("kind", "minor"), ("public_note", "A number was wrong.")];
    saved(&editor.post_form(&world.path("corrections"), &correction).await);
    assert!(lanes(&reviewer).await.contains(&"Corrections under way 1".to_owned()));
}

#[actix_web::test]
async fn who_is_recused_is_not_asked_to_review() {
    let world = World::new().await;
    let checker = world.server.sign_in(Role::FactChecker).await;
    let reviewer = world.server.sign_in(Role::Reviewer).await;
    saved(&world.draft(&checker).await);
    saved(&world.post(&checker, "review-request").await);
    saved(&reviewer.post_form(&world.path("recusal"), &[("reason", "My cousin works there.")]).await);
    assert_eq!(lanes(&reviewer).await, [""; 0]);
}

#[actix_web::test]
async fn the_next_claim_is_given_out_once() {
    let world = World::new().await;
    let annotator = world.server.sign_in(Role::Annotator).await;
    let (first, second) = (add_words(&annotator, "First.").await, add_words(&annotator, "Second.").await);
    let (checker, reviewer) =
        (world.server.sign_in(Role::FactChecker).await, world.server.sign_in(Role::Reviewer).await);
    let key = uuid::Uuid::now_v7();

    let taken = checker.post_again("/demo/queue/next", &[], key).await;
    assert_eq!(taken.location(), path(first, ""));
    let again = checker.post_again("/demo/queue/next", &[], key).await;
    assert_eq!(again.location(), path(first, ""));
    let next = reviewer.post_form("/demo/queue/next", &[]).await;
    assert_eq!(next.location(), path(second, ""));
    let none = reviewer.post_form("/demo/queue/next", &[]).await;
    assert!(reviewer.follow(&none).await.one("[role=status].notice").contains("No claim waits"));
    assert_eq!(annotator.post_form("/demo/queue/next", &[]).await.status, StatusCode::FORBIDDEN);
}

#[actix_web::test]
async fn a_long_queue_has_pages_and_each_claim_stands_on_one() {
    let world = World::new().await;
    let checker = world.server.sign_in(Role::FactChecker).await;
    for number in 0..55 {
        add_words(&checker, &format!("Claim {number}")).await;
    }
    let first = checker.get("/demo/queue?lane=unassigned").await;
    let next = first.attribute("a[rel=next]", "href").unwrap();
    let second = checker.get(&format!("/demo/queue{next}")).await;
    let mut all = first.select("tbody .title");
    all.extend(second.select("tbody .title"));
    assert_eq!(all, (0..55).map(|number| format!("Claim {number}")).collect::<Vec<_>>());
}

#[actix_web::test]
async fn the_panel_is_a_row_of_parts() {
    let world = World::new().await;
    let checker = world.server.sign_in(Role::FactChecker).await;
    let claim = add_words(&checker, "Bills doubled.").await;
    let request = checker.request(Method::GET, &path(claim, "")).header("x-fragment", "panel");
    let panel = Page::of(request.header("accept", "text/html")).await;

    assert!(!panel.text.contains("<!doctype"));
    assert_eq!(panel.one("#part-head h2"), "Bills doubled.");
    for part in ["#part-head", "#part-words", "#part-draft", "#part-review"] {
        assert!(panel.has(&format!("{part}[data-part]")), "{part}");
    }
    assert!(panel.has("#part-draft input[name=rating][data-key='1']"));
}

#[actix_web::test]
async fn the_page_says_what_was_saved_and_takes_it_back() {
    let world = World::new().await;
    let checker = world.server.sign_in(Role::FactChecker).await;
    saved(&world.draft(&checker).await);
    saved(&world.change(&checker, "rationale", "We read the tables.\n\nThey say so.", "We read them.").await);
    let page = checker.get(&format!("{}?saved=1", path(world.claim, ""))).await;
    assert!(page.one("[role=status].notice").starts_with("Saved "));
    let event = page.attribute("[role=status] input[name=event]", "value").unwrap();

    saved(&checker.post_form(&path(world.claim, "/undo"), &[("event", &event)]).await);

    let page = checker.get(&path(world.claim, "")).await;
    assert_eq!(page.one("#draft-rationale"), "We read the tables. They say so.");
    let other = world.server.sign_in(Role::Reviewer).await;
    assert!(!other.get(&format!("{}?saved=1", path(world.claim, ""))).await.has("[role=status].notice"));
}

#[actix_web::test]
async fn drafts_are_not_told_to_those_who_may_not_read_them() {
    let world = World::new().await;
    let checker = world.server.sign_in(Role::FactChecker).await;
    saved(&world.draft(&checker).await);
    let annotator = world.server.sign_in(Role::Annotator).await;

    for address in [path(world.claim, ""), path(world.claim, "/history")] {
        let page = annotator.get(&address).await;
        assert_eq!(page.status, StatusCode::OK);
        assert!(!page.text.contains("2.9 million"), "{address}");
        assert!(page.text.contains("drafted the verdict"), "{address}");
    }
    assert!(checker.get(&path(world.claim, "/history")).await.text.contains("2.9"));
    assert_eq!(
        world.server.visitor().get(&path(world.claim, "/history")).await.status,
        StatusCode::UNAUTHORIZED
    );
}

#[actix_web::test]
async fn evidence_is_taken_back_like_everything_else() {
    let world = World::new().await;
    let checker = world.server.sign_in(Role::FactChecker).await;
    let claim = add_words(&checker, "Bills doubled.").await;
    let fields = [("url", "https://tables.example/"), ("stance", "refutes")];
    saved(&checker.post_form(&path(claim, "/evidence"), &fields).await);
    let last = async || {
        let page = checker.get(&path(claim, "")).await;
        (page.select(".evidence > li").len(), page.attribute(".history input[name=event]", "value"))
    };
    let (count, event) = last().await;
    assert_eq!(count, 1);
    saved(&checker.post_form(&path(claim, "/undo"), &[("event", &event.unwrap())]).await);
    let (count, event) = last().await;
    assert_eq!(count, 0);
    saved(&checker.post_form(&path(claim, "/undo"), &[("event", &event.unwrap())]).await);
    assert_eq!(last().await.0, 1);
}
